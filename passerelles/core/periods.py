"""Calendar arithmetic on plain dates: inclusive periods, months, ages. Knows neither today nor holidays."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import total_ordering

from passerelles.core.errors import UserError

MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

_MONTH = re.compile(r"(\d{4})-(\d{2})")


class InvalidPeriod(UserError):
    """The end comes before the start, so the period has no day."""


class InvalidMonth(UserError):
    """The text is not a month written `AAAA-MM`."""


class BirthDateInFuture(UserError):
    """The birth date is later than the date on which the age is asked."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included; `end=None` means open-ended."""

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise InvalidPeriod(
                f"La période finit le {date_fr(self.end)}, avant son début le {date_fr(self.start)}.",
                remedy="Corrigez l'une des deux dates.",
            )

    def __contains__(self, day: dt.date) -> bool:
        return self.contains(day)

    def contains(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Period) -> bool:
        return self.intersect(other) is not None

    def intersect(self, other: Period) -> Period | None:
        """The days common to both periods, or None when there are none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end < start else Period(start, end)

    @property
    def days(self) -> int | None:
        """Number of days, both ends counted; None when open-ended."""
        return None if self.end is None else (self.end - self.start).days + 1

    @property
    def label_fr(self) -> str:
        if self.end is None:
            return f"à partir du {date_fr(self.start)}"
        return f"du {date_fr(self.start)} au {date_fr(self.end)}"


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month. `Month.parse("2026-01").label_fr` → `janvier 2026`."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and dt.MINYEAR <= self.year <= dt.MAXYEAR):
            raise InvalidMonth(
                f"« {self.year}-{self.number} » n'est pas un mois.",
                remedy="Écrivez l'année puis le mois, de 01 à 12 : 2026-01.",
            )

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `AAAA-MM`; raises InvalidMonth."""
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise InvalidMonth(f"« {text} » n'est pas un mois.", remedy="Écrivez l'année puis le mois : 2026-01.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        return dt.date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    @property
    def label_fr(self) -> str:
        return f"{MONTHS_FR[self.number - 1]} {self.year}"

    @property
    def next(self) -> Month:
        return self.shift(1)

    @property
    def previous(self) -> Month:
        return self.shift(-1)

    def shift(self, months: int) -> Month:
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def until(self, last: Month) -> Iterator[Month]:
        """This month and the following ones up to `last` included; nothing when `last` is earlier."""
        month = self
        while month <= last:
            yield month
            month = month.next

    def __lt__(self, other: Month) -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def date_fr(day: dt.date) -> str:
    """`1er février 2026`."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS_FR[day.month - 1]} {day.year}"


def add_years(day: dt.date, years: int) -> dt.date:
    """The anniversary `years` later (earlier when negative); 29 February falls on 28 February (B-007)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, brought back to the last day of a shorter month."""
    month = Month.of(day).shift(months)
    return month.first.replace(day=min(day.day, month.last.day))


def age_on(birth_date: dt.date, on: dt.date) -> int:
    """Completed years on `on`; born on 29 February, one grows older on 28 February of common years."""
    if birth_date > on:
        raise BirthDateInFuture(
            f"La date de naissance ({date_fr(birth_date)}) est postérieure au {date_fr(on)}.",
            remedy="Corrigez la date de naissance.",
        )
    years = on.year - birth_date.year
    return years if add_years(birth_date, years) <= on else years - 1
