"""The only place that knows what time it is. Everything else takes an explicit date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_frozen: dt.datetime | None = None
_frozen_here: ContextVar[dt.datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return _frozen_here.get() or _frozen or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present calendar day in Paris."""
    return now().astimezone(PARIS).date()


def paris(day: dt.date, hour: int = 0, minute: int = 0) -> dt.datetime:
    """The instant at which it is `hour:minute` in Paris on `day`."""
    return dt.datetime.combine(day, dt.time(hour, minute), PARIS)


def paris_date(instant: dt.datetime) -> dt.date:
    """The calendar day of `instant` in Paris."""
    return instant.astimezone(PARIS).date()


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Live at `instant` in this context only: recording of past days, demonstration, tests."""
    token = _frozen_here.set(instant)
    try:
        yield
    finally:
        _frozen_here.reset(token)


@contextmanager
def frozen(instant: dt.datetime) -> Iterator[None]:
    """Stop the clock at `instant` for every thread of the process (tests with a live server)."""
    global _frozen
    previous, _frozen = _frozen, instant
    try:
        yield
    finally:
        _frozen = previous
