"""A figure by sex and age band, and what it is made of: the persons or the events behind each cell. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from passerelles.core.periods import BirthDateInFuture
from passerelles.indicators.engine.events import History, Profile
from passerelles.reference import age_bands

SEXES = ("F", "H")
UNKNOWN_SEX = "non_renseigne"
BANDS = ("<25", "26-45", "46-64", "non_classe")
BAND_LABELS = {"<25": "Moins de 25 ans", "26-45": "26-45 ans", "46-64": "46-64 ans", "non_classe": "Non classé"}
SEX_LABELS = {"F": "Femmes", "H": "Hommes", UNKNOWN_SEX: "Sexe non renseigné"}
BAND_OF_SCHEME = {
    "moins_25": "<25",
    "26_45": "26-45",
    "46_64": "46-64",
    age_bands.UNCLASSIFIED: "non_classe",
    age_bands.UNKNOWN_AGE: "non_classe",
}

Cell = tuple[str, str]


class Unit(NamedTuple):
    """One thing counted: a person (then `id` is the person) or an event of that person."""

    id: UUID
    person: UUID


class Counted(NamedTuple):
    """A unit and the day on which its age is taken."""

    unit: Unit
    on: dt.date


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure says, for the reader as much as for the machine.

    `given`: the formula is in the documents; otherwise it is a proposal to be validated.
    """

    code: str
    name: str
    requirement: str
    unit: str
    population: str
    formula: str
    given: bool
    count: Callable[[History], Iterable[Counted]]
    version: int = 1

    @property
    def status(self) -> str:
        return "dans le document" if self.given else "proposée, à valider"


@dataclass(frozen=True, slots=True)
class Figure:
    """The cells of one definition. A cell that counts nothing is there all the same (F-001)."""

    definition: Definition
    cells: Mapping[Cell, frozenset[Unit]]

    @property
    def sexes(self) -> tuple[str, ...]:
        """Both sexes, always; a third line only when a person has no sex recorded, so that nobody is lost."""
        return sexes_of(self.cells)

    def units(self, sex: str = "", band: str = "") -> frozenset[Unit]:
        """The units of a cell, of a line, of a column or of the whole."""
        return frozenset().union(*(units for (s, b), units in self.cells.items() if sex in ("", s) and band in ("", b)))

    def count(self, sex: str = "", band: str = "") -> int:
        return len(self.units(sex, band))

    @property
    def total(self) -> int:
        return self.count()

    @property
    def values(self) -> dict[Cell, int]:
        return {cell: len(units) for cell, units in self.cells.items()}


def sexes_of(cells: Iterable[Cell]) -> tuple[str, ...]:
    """F, H, and the line of unknown sex when there is one."""
    return SEXES + ((UNKNOWN_SEX,) if any(sex == UNKNOWN_SEX for sex, _ in cells) else ())


def cell_of(profile: Profile, on: dt.date) -> Cell:
    """Sex and age band on the day of the event (F-009, B-013); who fits nowhere is `non_classe`, never lost."""
    sex = profile.sex if profile.sex in SEXES else UNKNOWN_SEX
    try:
        band = age_bands.band(age_bands.Scheme.METZ, profile.birth_date, on).code
    except BirthDateInFuture:
        band = age_bands.UNCLASSIFIED
    return sex, BAND_OF_SCHEME[band]


def figure(definition: Definition, history: History) -> Figure:
    """Count `definition` over `history`."""
    cells: dict[Cell, set[Unit]] = {(sex, band): set() for sex in SEXES for band in BANDS}
    for counted in definition.count(history):
        cell = cell_of(history.profile(counted.unit.person), counted.on)
        if cell not in cells:
            cells |= {(cell[0], band): set() for band in BANDS}
        cells[cell].add(counted.unit)
    return Figure(definition, {cell: frozenset(units) for cell, units in cells.items()})
