"""A PostgreSQL of our own, for demonstration and tests: created on first use, reached by a private socket.

The data folder holds `data` (PostgreSQL's), `server.log` and `lock`. Not meant for production.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import psycopg
from psycopg import sql as psycopg_sql

from passerelles.core.postgres.binaries import (
    Account,
    Binaries,
    find_binaries,
    runnable_by,
    server_account,
)
from passerelles.core.postgres.errors import PostgresError
from passerelles.core.postgres.roles import APP_ROLE, OWNER_ROLE, SUPERUSER

StopMode = Literal["fast", "immediate", "kill"]

_SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill": signal.SIGKILL}
_PORT = 5432
_LONGEST_SOCKET_DIR = 107 - len(f"/.s.PGSQL.{_PORT}.lock")
_PATIENCE = 120.0
"""Seconds: a first start takes one, a recovery after a crash can take many."""
_LONGEST_LOG = 10_000_000
_QUICK_BUT_FRAGILE = ("fsync=off", "full_page_writes=off")
"""To a power cut only: synchronous_commit stays on, so that a killed server loses nothing."""


class ServerDidNotStart(PostgresError):
    """PostgreSQL gave up, or took too long; the message ends with the last lines of its log."""


class EmbeddedServer:
    """One PostgreSQL server and its data. Every method may be called from several processes at once."""

    def __init__(self, data_dir: Path, *, durable: bool = True, binaries: Binaries | None = None) -> None:
        """`durable=False` is for tests: faster, and a power cut may lose everything."""
        self.root = Path(data_dir).absolute()
        self.data = self.root / "data"
        self.log = self.root / "server.log"
        self.durable = durable
        self._chosen_binaries = binaries
        self._process: subprocess.Popen[bytes] | None = None

    @cached_property
    def binaries(self) -> Binaries:
        """The programs of this server, `pg_dump` and `pg_restore` included."""
        return self._chosen_binaries or find_binaries()

    @property
    def socket_dir(self) -> Path:
        """The data folder itself, or a short private one when its path cannot be a socket's address."""
        path = str(self.data)
        if len(os.fsencode(path)) <= _LONGEST_SOCKET_DIR and not set(path) & {",", '"'}:
            return self.data
        key = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        ours = "/run/passerelles" if os.geteuid() == 0 else f"/tmp/passerelles-{os.geteuid()}"  # noqa: S108
        return Path(ours) / key

    def start(self) -> bool:
        """Starts the server, creating data and roles on first use. Returns False if it already ran."""
        with self._alone():
            if self.is_running():
                return False
            account = server_account(self.data)
            binaries = runnable_by(account, self.binaries)
            if not self.data.exists():
                self._create(account, binaries)
            self._check_version(binaries)
            self._clear_leftovers()
            self._open_socket_dir(account)
            self._launch(account, binaries)
            self._create_roles()
            return True

    def stop(self, mode: StopMode = "fast") -> None:
        """Stops the server if it runs, and waits for its end.

        `fast` ends sessions and saves; `immediate` and `kill` are crashes that the next start recovers
        from, with and without PostgreSQL's knowledge.
        """
        with self._alone():
            self._stop(mode)

    def restart(self, mode: StopMode = "fast") -> None:
        """Stops then starts again: a restart (`fast`) or a power cut (`immediate`, `kill`)."""
        self.stop(mode)
        self.start()

    def is_running(self) -> bool:
        """Whether the server accepts connections."""
        record = self._record()
        return len(record) > 7 and record[7].strip() == "ready" and self.pid() is not None

    def pid(self) -> int | None:
        """The process number of the running server, if any."""
        record = self._record()
        if not record or not record[0].strip().isdigit():
            return None
        pid = int(record[0])
        return pid if self._is_our_server(pid) else None

    def dsn(self, dbname: str, role: str) -> str:
        """The address of a database for a role: `postgresql://role@/dbname?host=<socket folder>&port=…`."""
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql://{quote(role, safe='')}@/{quote(dbname, safe='')}?host={host}&port={_PORT}"

    def connect(self, dbname: str = "postgres", role: str = SUPERUSER) -> psycopg.Connection[Any]:
        """An autocommit connection; close it, or use it in a `with`."""
        return psycopg.connect(self.dsn(dbname, role), autocommit=True)

    def psql(self, sql: str, dbname: str = "postgres", role: str = SUPERUSER) -> list[tuple[Any, ...]]:
        """Runs one statement, returns its rows (none for a statement that has no result)."""
        with self.connect(dbname, role) as connection:
            # Bytes: psycopg's type for a statement that is not written in the program.
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def ensure_database(self, name: str, owner: str = OWNER_ROLE) -> bool:
        """Creates the database unless it exists. Returns whether it did."""
        with self._alone(), self.connect() as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
                return False
            identifiers = [psycopg_sql.Identifier(name), psycopg_sql.Identifier(owner)]
            connection.execute(psycopg_sql.SQL("CREATE DATABASE {} OWNER {}").format(*identifiers))
            return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        try:
            lock = (self.root / "lock").open("a")
        except PermissionError as error:
            raise PostgresError(
                f"Le dossier {self.root} appartient à un autre compte : relancez la commande sous ce compte, "
                "ou choisissez un autre dossier par PASSERELLES_VAR."
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self, account: Account, binaries: Binaries) -> None:
        """initdb beside, then rename: a kill half-way leaves nothing that looks like a database."""
        unfinished = self.root / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, account.uid, account.gid)
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        command: list[str | Path] = [
            binaries.tool("initdb"),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            f"--locale={locale}",
            "--data-checksums",
        ]
        if binaries.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command += ["--no-sync"]
        done = subprocess.run(  # noqa: S603
            account.command(command, reaching=unfinished),
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=_bare_environment(),
        )
        if done.returncode:
            raise ServerDidNotStart(
                f"La création de la base dans {self.root} a échoué :\n{(done.stdout + done.stderr).strip()[-2000:]}"
            )
        (unfinished / "pg_hba.conf").write_text("local all all trust\n")
        unfinished.rename(self.data)

    def _check_version(self, binaries: Binaries) -> None:
        written_by = (self.data / "PG_VERSION").read_text().strip()
        if written_by != str(binaries.major):
            raise ServerDidNotStart(
                f"La base de {self.root} a été écrite par PostgreSQL {written_by}, or le serveur trouvé est "
                f"le {binaries.major} ({binaries.bin_dir}) : donnez l'ancien par PASSERELLES_PG_BIN pour "
                "en faire une sauvegarde (passerelles backup), puis restaurez-la dans un dossier neuf."
            )

    def _clear_leftovers(self) -> None:
        """Removes the pid files of a killed server when PostgreSQL itself would not dare to.

        It trusts kill(pid, 0), so a zombie or another program with the same number would block it for ever.
        Its own guard, that no orphan still uses the shared memory, is kept.
        """
        record = self._record()
        if not record or self.pid() is not None:
            return
        address = self.socket_dir / f".s.PGSQL.{_PORT}"
        deadline = time.monotonic() + 30
        # The children of a killed server keep its socket and its memory for a moment.
        while _answers(address) or (len(record) > 6 and _attached_processes(record[6])):
            if time.monotonic() > deadline:
                raise ServerDidNotStart(
                    f"Un autre PostgreSQL utilise {self.data} (processus orphelins d'un arrêt brutal, autre "
                    "conteneur ?) : arrêtez-le, puis recommencez."
                )
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.socket_dir.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)

    def _open_socket_dir(self, account: Account) -> None:
        """Makes the short socket folder, refusing one that somebody else prepared under our name."""
        if self.socket_dir == self.data:
            return
        parent = self.socket_dir.parent
        parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
        facts = parent.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
            raise PostgresError(f"Le dossier {parent} n'est pas à nous : supprimez-le, puis recommencez.")
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        os.chown(self.socket_dir, account.uid, account.gid)

    def _launch(self, account: Account, binaries: Binaries) -> None:
        if self.log.exists() and self.log.stat().st_size > _LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = [
            "listen_addresses=",
            f'unix_socket_directories="{self.socket_dir}"',
            "unix_socket_permissions=0700",
            f"port={_PORT}",
            "max_connections=100",
            *(() if self.durable else _QUICK_BUT_FRAGILE),
        ]
        command: list[str | Path] = [binaries.tool("postgres"), "-D", self.data]
        for setting in settings:
            command += ["-c", setting]
        with self.log.open("ab") as log:
            start_of_this_run = log.tell()
            # A session of its own: Ctrl-C in the terminal must not reach the server.
            self._process = subprocess.Popen(  # noqa: S603
                account.command(command, reaching=self.data),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_bare_environment(),
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self.is_running():
            if self._process.poll() is not None:
                raise ServerDidNotStart(
                    f"PostgreSQL n'a pas démarré ; fin de son journal {self.log} :\n"
                    f"{self._log_since(start_of_this_run)}"
                )
            if time.monotonic() > deadline:
                raise ServerDidNotStart(
                    f"PostgreSQL n'est toujours pas prêt après {_PATIENCE:.0f} s (journal : {self.log})."
                )
            time.sleep(0.01)

    def _create_roles(self) -> None:
        with self.connect() as connection:
            present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER_ROLE not in present:
                connection.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB".encode())
            if APP_ROLE not in present:
                connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN".encode())

    def _stop(self, mode: StopMode) -> None:
        pid = self.pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, _SIGNALS[mode])
        deadline = time.monotonic() + _PATIENCE
        while self._is_our_server(pid):
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL (processus {pid}) ne s'arrête pas ; journal : {self.log}.")
            time.sleep(0.01)

    def _record(self) -> list[str]:
        """The lines of postmaster.pid: pid, data, start, port, socket, address, shared memory, state."""
        try:
            return (self.data / "postmaster.pid").read_text(errors="replace").splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _is_our_server(self, pid: int) -> bool:
        """Whether the process is the server of this data folder, not a zombie nor another with its number."""
        if self._process is not None and self._process.pid == pid and self._process.poll() is not None:
            return False
        if Path("/proc/self/cmdline").exists():
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                return False
            return os.fsencode(self.data) in words
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return True

    def _log_since(self, position: int) -> str:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read()[-2000:].decode(errors="replace").strip()


def _answers(address: Path) -> bool:
    """Whether somebody listens on this socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(os.fsencode(address)) == 0


def _attached_processes(shared_memory: str) -> int:
    """How many processes still hold the segment named by postmaster.pid (« key id »); 0 where unknown."""
    numbers = shared_memory.split()
    try:
        lines = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    except OSError:
        return 0
    rows = [line.split() for line in lines]
    return sum(int(row[6]) for row in rows if len(numbers) == 2 and row[1] == numbers[1])


def _bare_environment() -> dict[str, str]:
    """Nothing of the caller's: PGDATA, PGPORT or a foreign locale would change the server."""
    return {"PATH": os.defpath, "LC_ALL": "C"}
