"""Gives the tests their own PostgreSQL, before pytest-django reads the settings.

Loaded by `-p tests.plugin` (pyproject.toml). The server keeps its data in
`var/test-postgres/<major version>` so that the next run starts at once.
An address given by the environment is used as it is.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest

from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer, find_binaries

HOME = Path(__file__).resolve().parents[1] / "var" / "test-postgres"
MOST_SESSIONS = 16

_server: EmbeddedServer | None = None
_seat: IO[str] | None = None
_stop_at_end = False


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """As a wrapper, runs before pytest-django's own implementation, which imports the settings."""
    os.environ["PASSERELLES_TESTING"] = "1"
    given = os.environ.get("PASSERELLES_TEST_DATABASE_URL") or os.environ.get("PASSERELLES_DATABASE_URL")
    owner_url = given or _embedded_url()
    os.environ["PASSERELLES_DATABASE_URL"] = owner_url
    os.environ["PASSERELLES_OWNER_DATABASE_URL"] = owner_url
    try:
        return (yield)
    except BaseException:
        # Broken settings: pytest ends here, without unconfiguring.
        _leave()
        raise


def pytest_unconfigure() -> None:
    _leave()


def _leave() -> None:
    """The last session out stops the server, unless it was running before any session came."""
    global _seat, _server
    if _server is None or _seat is None:
        return
    _seat.close()
    if _stop_at_end and not _taken_seats():
        _server.stop()
    _server = _seat = None


def _embedded_url() -> str:
    global _server, _stop_at_end
    binaries = find_binaries()
    _server = EmbeddedServer(HOME / str(binaries.major), durable=False, binaries=binaries)
    others = _taken_seats()
    number = _take_seat()
    _stop_at_end = _server.start() or others > 0
    # Sessions running at the same time must not drop each other's database.
    return _server.dsn("passerelles" if number == 0 else f"passerelles_{number}", OWNER_ROLE)


def _take_seat() -> int:
    global _seat
    HOME.mkdir(parents=True, exist_ok=True)
    for number in range(MOST_SESSIONS):
        seat = (HOME / f"session-{number}.lock").open("a")
        with suppress(BlockingIOError):
            fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _seat = seat
            return number
        seat.close()
    raise pytest.UsageError(f"More than {MOST_SESSIONS} test sessions at once in {HOME}.")


def _taken_seats() -> int:
    taken = 0
    for path in HOME.glob("session-*.lock"):
        with path.open("a") as seat:
            try:
                fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                taken += 1
    return taken
