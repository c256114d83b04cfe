"""Two ways of cutting ages, each kept for its own territory and never mixed (L-017).

A person whom a scheme leaves out is shown as `non_classe`, never dropped (B-013).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from passerelles.core.periods import age_on

UNCLASSIFIED = "non_classe"
UNKNOWN_AGE = "age_inconnu"


class Scheme(StrEnum):
    METZ = "metz"
    HAUTE_GARONNE = "haute_garonne"


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Completed years from `lowest` to `highest`, both included; both None for the two residual bands."""

    code: str
    label_fr: str
    lowest: int | None = None
    highest: int | None = None

    def holds(self, age: int) -> bool:
        if self.lowest is None and self.highest is None:
            return False
        return (self.lowest is None or self.lowest <= age) and (self.highest is None or age <= self.highest)


_UNKNOWN = AgeBand(UNKNOWN_AGE, "Date de naissance inconnue")

_METZ = (
    AgeBand("moins_25", "Moins de 25 ans", None, 24),
    AgeBand("26_45", "26-45 ans", 26, 45),
    AgeBand("46_64", "46-64 ans", 46, 64),
    AgeBand(UNCLASSIFIED, "Non classé (25 ans, 65 ans et plus)"),
    _UNKNOWN,
)
_HAUTE_GARONNE = (
    AgeBand("16_18", "16-18 ans", 16, 18),
    AgeBand("19_25", "19-25 ans", 19, 25),
    AgeBand("26_45", "26-45 ans", 26, 45),
    AgeBand("46_65", "46-65 ans", 46, 65),
    AgeBand("plus_65", "Plus 65 ans", 66, None),
    AgeBand(UNCLASSIFIED, "Non classé (moins de 16 ans)"),
    _UNKNOWN,
)
_BANDS = {Scheme.METZ: _METZ, Scheme.HAUTE_GARONNE: _HAUTE_GARONNE}


def bands(scheme: Scheme | str) -> tuple[AgeBand, ...]:
    """The bands of a scheme in printing order (B-013 Metz, B-014 Haute-Garonne), residual ones last."""
    return _BANDS[Scheme(scheme)]


def band(scheme: Scheme | str, birth_date: dt.date | None, on: dt.date) -> AgeBand:
    """The band at the date of the event, `on` (B-013, B-014).

    L-017: at 25, unclassified in Metz and 19-25 in Haute-Garonne.
    Raises BirthDateInFuture.
    """
    if birth_date is None:
        return _UNKNOWN
    return band_of_age(scheme, age_on(birth_date, on))


def band_of_age(scheme: Scheme | str, age: int) -> AgeBand:
    """The band of an age in completed years; the residual band when the scheme leaves it out."""
    of_scheme = bands(scheme)
    unclassified = next(candidate for candidate in of_scheme if candidate.code == UNCLASSIFIED)
    return next((candidate for candidate in of_scheme if candidate.holds(age)), unclassified)
