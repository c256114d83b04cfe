"""Periods of returns and the day each is due. Pure.

A period is written `2026-01` (month), `2026-T1` (quarter), `2026-Q1` (four months), `2026-S1` (half-year) or `2026`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from passerelles.core.errors import UserError
from passerelles.core.periods import Month


class UnknownPeriod(UserError):
    """The text is not a period of a return."""


class Frequency(StrEnum):
    """How often a return is asked for; the values are the lengths of the period, in words."""

    MONTHLY = "chaque mois"
    QUARTERLY = "tous les trois mois"
    FOUR_MONTHLY = "trois fois par an"
    HALF_YEARLY = "chaque semestre"
    YEARLY = "chaque année"
    WEEKLY = "chaque semaine"
    ON_CHANGE = "à chaque changement"
    ON_REQUEST = "sur demande"
    CONTINUOUS = "au fil de l’eau"
    UNSPECIFIED = "fréquence non précisée"


LENGTHS = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.FOUR_MONTHLY: 4,
    Frequency.HALF_YEARLY: 6,
    Frequency.YEARLY: 12,
}
_LETTERS = {"T": 3, "Q": 4, "S": 6}
_NAMES = {3: "trimestre", 4: "quadrimestre", 6: "semestre"}
_TEXT = re.compile(r"(\d{4})(?:-(\d{2})|-([TQS])([1-4]))?")


@dataclass(frozen=True, slots=True)
class ReturnPeriod:
    """`months` months from `first`."""

    first: Month
    months: int

    @classmethod
    def parse(cls, text: str) -> ReturnPeriod:
        """Raises UnknownPeriod."""
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise UnknownPeriod(
                f"« {text} » n’est pas une période.", remedy="Écrivez 2026-01, 2026-T1, 2026-S1 ou 2026."
            )
        year, month, letter, rank = match.groups()
        if month:
            return cls(Month(int(year), int(month)), 1)
        length = _LETTERS[letter] if letter else 12
        start = (int(rank or 1) - 1) * length + 1
        if start > 12:
            raise UnknownPeriod(f"« {text} » n’est pas une période : l’année n’a pas autant de {_NAMES[length]}s.")
        return cls(Month(int(year), start), length)

    @classmethod
    def holding(cls, month: Month, frequency: Frequency) -> ReturnPeriod | None:
        """The period of this frequency that holds `month`; None when the return has no calendar."""
        length = LENGTHS.get(frequency)
        if length is None:
            return None
        return cls(Month(month.year, (month.number - 1) // length * length + 1), length)

    @property
    def last(self) -> Month:
        return self.first.shift(self.months - 1)

    @property
    def starts_on(self) -> dt.date:
        return self.first.first

    @property
    def ends_on(self) -> dt.date:
        return self.last.last

    @property
    def next(self) -> ReturnPeriod:
        return ReturnPeriod(self.first.shift(self.months), self.months)

    @property
    def previous(self) -> ReturnPeriod:
        return ReturnPeriod(self.first.shift(-self.months), self.months)

    @property
    def label_fr(self) -> str:
        if self.months == 1:
            return self.first.label_fr
        if self.months == 12:
            return f"année {self.first.year}"
        rank = (self.first.number - 1) // self.months + 1
        return f"{'1er' if rank == 1 else f'{rank}e'} {_NAMES[self.months]} {self.first.year}"

    def __str__(self) -> str:
        if self.months == 1:
            return str(self.first)
        if self.months == 12:
            return str(self.first.year)
        letter = next(letter for letter, length in _LETTERS.items() if length == self.months)
        return f"{self.first.year}-{letter}{(self.first.number - 1) // self.months + 1}"


def periods(frequency: Frequency, since: dt.date, until: dt.date) -> Iterator[ReturnPeriod]:
    """The periods of this frequency that end between `since` and `until`; nothing without a calendar."""
    period = ReturnPeriod.holding(Month.of(since), frequency)
    while period is not None and period.ends_on <= until:
        if period.ends_on >= since:
            yield period
        period = period.next
