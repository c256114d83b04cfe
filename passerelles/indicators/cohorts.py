"""Curves asked of the database: how long signatories wait, by group, with what is known now or was known on a day.

No policy here: the caller says which territory may be asked, and whether exact counts may be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from passerelles.core import clock
from passerelles.core.periods import Month
from passerelles.indicators import tables
from passerelles.indicators.definitions.dimensions import DIMENSIONS
from passerelles.indicators.engine import dialects, waits
from passerelles.indicators.engine.dialects import Dialect
from passerelles.indicators.engine.waits import EVERYBODY, WAITS, Cohort
from passerelles.indicators.queries import NOW, Known
from passerelles.indicators.survival import studied
from passerelles.indicators.survival.reading import Reading, read
from passerelles.reference.territory import NATIONAL, Territory


@dataclass(frozen=True, slots=True)
class Asked:
    """A cohort as the reader asks for it."""

    wait: str
    first: Month
    last: Month
    horizon: int
    by: str = ""
    registered: bool = False
    territory: Territory = NATIONAL

    @property
    def title(self) -> str:
        """`Premier emploi : signataires de janvier 2025 à décembre 2025, Moselle (57)`."""
        months = (
            f"de {self.first.label_fr} à {self.last.label_fr}"
            if self.first != self.last
            else f"de {self.first.label_fr}"
        )
        which = " inscrits à trois mois près" if self.registered else ""
        return f"{WAITS[self.wait].name} : signataires {months}{which}, {self.territory.label_fr}"


def study(asked: Asked, known: Known = NOW, secret: bytes = b"") -> Reading:
    """Curves, table and sentences. With a `secret`, counts are perturbed and small groups masked. One query."""
    cohort = _cohort(asked, known)
    if secret:
        text = _compiled(cohort, waits.lines)
        rows = [(str(person).encode(), *row) for person, *row in tables.fetched(text, known)]
        groups = studied.guarded(rows, asked.horizon, secret)
    else:
        groups = studied.exact(tables.fetched(_compiled(cohort, waits.counts), known), asked.horizon)
    order = list(DIMENSIONS[asked.by].members) if asked.by else []
    groups = tuple(sorted(groups, key=lambda each: _rank(each.code, order)))
    return read(groups, WAITS[asked.wait], asked.horizon, _label(asked.by), asked.title)


def _cohort(asked: Asked, known: Known) -> Cohort:
    departments, directions = tables.places(asked.territory)
    return Cohort(
        wait=asked.wait,
        start=asked.first.first,
        end=asked.last.last,
        seen=clock.paris_date(known.instant) if known.instant else clock.today(),
        horizon=asked.horizon,
        by=asked.by,
        registered=asked.registered,
        departments=departments,
        directions=directions,
    )


@lru_cache(maxsize=128)
def _compiled(cohort: Cohort, what: Callable[[Cohort], object]) -> str:
    return dialects.sql_of(what(cohort), Dialect.POSTGRES)


def _rank(code: str, order: list[str]) -> int:
    """Everybody first, then the groups in the order of their list."""
    return -1 if code == EVERYBODY else order.index(code) if code in order else len(order)


def _label(by: str) -> Callable[[str], str]:
    def label(code: str) -> str:
        return "Ensemble" if code == EVERYBODY or not by else DIMENSIONS[by].label_of(code)

    return label
