"""Days and instants as whole numbers: days since 1970, microseconds UTC. Working days come from the reference. Pure."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from passerelles.core.clock import paris
from passerelles.reference.calendar import public_holidays
from passerelles.synthetic.frames import MOMENT
from passerelles.synthetic.pathways.draws import Flags, Ints

EPOCH = dt.date(1970, 1, 1)
FIRST_YEAR, LAST_YEAR = 2010, 2040
NEVER = 2**40
"""A day that does not come: later than every day, told apart by `happens`."""
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE


def number_of(day: dt.date) -> int:
    return (day - EPOCH).days


def date_of(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=int(number))


FIRST, LAST = number_of(dt.date(FIRST_YEAR, 1, 1)), number_of(dt.date(LAST_YEAR, 12, 31))


def happens(days: Ints) -> Flags:
    return days < NEVER


def moment(days: Ints, minutes: npt.ArrayLike) -> Ints:
    """The instant at which it is `minutes` after midnight in Paris; hours of work, far from a change of the clock."""
    found: Ints = days * DAY + np.asarray(minutes, dtype=np.int64) * MINUTE - _offsets()[days.clip(FIRST, LAST) - FIRST]
    return found


def day_of(instants: Ints) -> Ints:
    """The day in Paris of an instant in the hours of work."""
    guess = (instants // DAY).clip(FIRST, LAST)
    found: Ints = (instants + _offsets()[guess - FIRST]) // DAY
    return found


def months_after(days: Ints, months: npt.ArrayLike) -> Ints:
    """The same day of the month `months` later (or earlier), or the last of that month: as `core.periods` counts."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    of_month = (dates - month.astype("datetime64[D]")).astype(np.int64)
    target = month + np.asarray(months, dtype="timedelta64[M]")
    length = ((target + np.timedelta64(1, "M")).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(
        np.int64
    )
    result: Ints = target.astype("datetime64[D]").astype(np.int64) + np.minimum(of_month, length - 1)
    return result


@lru_cache(maxsize=1)
def _offsets() -> Ints:
    """Paris minus UTC at noon, in microseconds, day by day."""
    found = np.empty(LAST - FIRST + 1, dtype=np.int64)
    for number in range(FIRST, LAST + 1):
        offset = paris(date_of(number), 12).utcoffset()
        found[number - FIRST] = 0 if offset is None else int(offset.total_seconds()) * 1_000_000
    return found


class WorkingDays:
    """The worked days of a territory (`reference.calendar`), to find the next or the n-th in one go."""

    def __init__(self, territory: str) -> None:
        every = np.arange(FIRST, LAST + 1)
        weekday = (every + 3) % 7
        worked = weekday < 5
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            for day in public_holidays(year, territory):
                worked[number_of(day) - FIRST] = False
        self._days: Ints = every[worked]
        self._worked: Flags = worked

    def is_worked(self, days: Ints) -> Flags:
        found: Flags = self._worked[days.clip(FIRST, LAST) - FIRST]
        return found

    def on_or_after(self, days: Ints) -> Ints:
        """The day itself when it is worked, else the next one; NEVER stays so."""
        place = np.searchsorted(self._days, days, side="left").clip(0, len(self._days) - 1)
        return np.where(happens(days), self._days[place], NEVER)

    def on_or_before(self, days: Ints) -> Ints:
        place = np.searchsorted(self._days, days, side="right").clip(1) - 1
        return np.where(happens(days), self._days[place], NEVER)

    def add(self, days: Ints, n: npt.ArrayLike) -> Ints:
        """The `n`-th worked day after `days` (before, when negative), as `reference.calendar.add_working_days`."""
        steps = np.asarray(n, dtype=np.int64)
        after = np.searchsorted(self._days, days, side="right") + steps - 1
        before = np.searchsorted(self._days, days, side="left") + steps
        place = np.where(steps > 0, after, before).clip(0, len(self._days) - 1)
        return np.where(happens(days), self._days[place], NEVER)


@lru_cache(maxsize=160)
def working_days(territory: str) -> WorkingDays:
    return WorkingDays(territory)


def dates(days: Ints) -> pl.Series:
    """A column of dates; NEVER becomes null."""
    there = happens(days)
    if there.all():
        return pl.Series(days.astype(np.int32)).cast(pl.Date)
    return pl.Series(np.where(there, days, 0).astype(np.int32)).cast(pl.Date).set(pl.Series(~there), None)


def instants(moments: Ints, there: Flags | None = None) -> pl.Series:
    """A column of instants; null where `there` is false."""
    column = pl.Series(moments).cast(MOMENT)
    return column if there is None or there.all() else column.set(pl.Series(~there), None)
