"""A whole installation in a folder of its own: commands run as real processes on its embedded PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from passerelles.core.postgres import EmbeddedServer

FROM_THE_TESTS = ("PASSERELLES_DATABASE_URL", "PASSERELLES_OWNER_DATABASE_URL", "PASSERELLES_TESTING")
DATABASE = "passerelles"
COMMAND = [sys.executable, "-m", "passerelles.cli.main"]


@dataclass
class Installation:
    """`var` is the folder of its data."""

    var: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def server(self) -> EmbeddedServer:
        return EmbeddedServer(self.var / "postgres")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in FROM_THE_TESTS}
        return kept | {"PASSERELLES_VAR": str(self.var), "PYTHONUNBUFFERED": "1"} | self.settings

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command until its end."""
        return subprocess.run(
            [*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=180, check=False
        )

    def python(self, program: str) -> str:
        """A few lines of Python inside the platform; what they print."""
        whole = f"from passerelles.cli import site\nwith site.running():\n    {program}"
        done = subprocess.run(
            [sys.executable, "-c", whole], env=self.environment, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    def start(self, *arguments: str, **streams: object) -> subprocess.Popen[str]:
        """One command left running."""
        return subprocess.Popen([*COMMAND, *arguments], env=self.environment, text=True, **streams)

    def ask(self, sql: str) -> object:
        """The first value of the first row."""
        return self.server.psql(sql, DATABASE)[0][0]

    def fingerprint(self) -> dict[str, tuple[int, str]]:
        """{table: (rows, checksum of their contents)} for the whole base."""
        tables = self.server.psql(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1",
            DATABASE,
        )
        content = "SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM \"{}\" t"
        return {name: self.server.psql(content.format(name), DATABASE)[0] for (name,) in tables}


def wait_until(true: Callable[[], object], patience: float = 60) -> None:
    """Until another process has done something; fails after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "still waiting"
        time.sleep(0.1)
