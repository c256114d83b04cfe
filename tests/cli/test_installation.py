"""The demonstration as whoever installs it runs it, then its backup: real processes, real PostgreSQL, a real port."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from passerelles.demo.accounts import ACCOUNTS
from tests.cli.installation import Installation, wait_until

pytestmark = pytest.mark.slow
IN_MOTION = {"django_session", "procrastinate_workers", "procrastinate_jobs", "procrastinate_events"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """The demonstration prepared once; its server is left running, as by somebody else."""
    here = Installation(tmp_path_factory.mktemp("demonstration"))
    here.server.start()
    first = here.run("demo", "--no-serve")
    assert first.returncode == 0, first.stderr
    assert all(account.password in first.stdout for account in ACCOUNTS)
    yield here
    here.server.stop("immediate")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def command_of(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def site(installation, port, tmp_path):
    """The demonstration serving, and its log."""
    with (tmp_path / "log").open("w") as log:
        process = installation.start("demo", "--port", str(port), stdout=log, stderr=log)
    wait_until(lambda: "est prête" in (tmp_path / "log").read_text() or process.poll() is not None)
    assert process.poll() is None, (tmp_path / "log").read_text()
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(40)


def test_a_second_run_keeps_everything_as_it_was(installation):
    before = installation.fingerprint()
    again = installation.run("demo", "--no-serve")
    assert again.returncode == 0, again.stderr
    assert "Création du territoire" not in again.stderr
    assert installation.fingerprint() == before


def test_it_serves_pages_and_ctrl_c_stops_the_whole_tree(installation, site, port):
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/")
    assert "Connexion" in page.read().decode()
    wait_until(lambda: installation.ask("SELECT count(*) FROM procrastinate_workers") > 0)
    family = children_of(site.pid)
    assert len(family) == 2
    site.send_signal(signal.SIGINT)
    assert site.wait(40) == 0
    assert all(gone(child) for child in family)
    assert installation.server.is_running(), "it was running before us"


def test_killed_without_notice_it_leaves_no_orphan(installation, site):
    family = children_of(site.pid)
    site.kill()
    site.wait()
    wait_until(lambda: all(gone(child) for child in family))


def test_a_worker_that_dies_is_started_again(installation, site):
    wait_until(lambda: len(children_of(site.pid)) == 2)
    worker = next(child for child in children_of(site.pid) if b"worker" in command_of(child))
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker not in children_of(site.pid) and len(children_of(site.pid)) == 2)


def test_a_busy_port_is_told_before_anything_else(installation, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        answer = installation.run("demo", "--port", str(port))
    assert answer.returncode == 1
    assert f"Le port {port} est déjà occupé" in answer.stderr


def test_doctor_finds_no_problem_and_the_journal_is_out_of_reach(installation):
    answer = installation.run("doctor", "--json")
    found = {finding["subject"]: finding for finding in json.loads(answer.stdout)}
    assert answer.returncode == 0, answer.stdout
    assert found["Journal"]["state"] == "ok"
    assert "France Travail, agence des Images" in found["Référents"]["detail"]


def test_a_backup_restored_in_an_empty_base_is_the_same_base(installation, tmp_path):
    dump = tmp_path / "passerelles.dump"
    assert installation.run("backup", str(dump)).returncode == 0
    assert dump.stat().st_mode & 0o077 == 0
    again = installation.run("backup", str(dump))
    assert again.returncode == 1 and "existe déjà" in again.stderr
    other = Installation(tmp_path / "ailleurs")
    other.var.mkdir()
    shutil.copy(installation.var / "secret-key", other.var / "secret-key")
    other.server.start()
    try:
        restored = other.run("restore", str(dump), "--yes")
        assert restored.returncode == 0, restored.stderr
        ours, theirs = installation.fingerprint(), other.fingerprint()
        assert ours.keys() == theirs.keys()
        assert {name: value for name, value in ours.items() if name not in IN_MOTION} == {
            name: value for name, value in theirs.items() if name not in IN_MOTION
        }
        assert other.run("doctor").returncode == 0, "rights renewed, identifiers readable"
        twice = other.run("restore", str(dump), "--yes")
        assert twice.returncode == 1 and "n’est pas vide" in twice.stderr
        assert other.fingerprint()["people_person"] == ours["people_person"]
    finally:
        other.server.stop("immediate")


def test_a_damaged_backup_leaves_the_base_empty(installation, tmp_path):
    dump = tmp_path / "abîmée.dump"
    installation.run("backup", str(dump))
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    other = Installation(tmp_path / "ailleurs")
    other.server.start()
    try:
        answer = other.run("restore", str(dump), "--yes")
        assert answer.returncode == 1
        assert "Traceback" not in answer.stderr
        assert other.fingerprint() == {}
        assert other.run("restore", "absente.dump", "--yes").returncode == 3
    finally:
        other.server.stop("immediate")


def test_reset_starts_afresh_but_never_on_real_accounts(tmp_path):
    here = Installation(tmp_path)
    here.server.start()
    try:
        assert here.run("migrate").returncode == 0
        here.python("from passerelles.network.models import Agent; Agent.objects.create(email='a@b.example', name='A')")
        refused = here.run("demo", "--reset", "--no-serve")
        assert refused.returncode == 4
        assert "vrais comptes" in refused.stderr
        assert here.ask("SELECT count(*) FROM network_agent") == 1
        assert here.run("demo", "--no-serve").returncode == 4
    finally:
        here.server.stop("immediate")
