"""The people of one chunk as cells of the joint table, whole and with every margin exact. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelles.synthetic.population import axes, ipf, margins, territory
from passerelles.synthetic.population.draws import Index, Rng
from passerelles.synthetic.population.ipf import Margin
from passerelles.synthetic.population.rounding import Counts, integerise


@dataclass(frozen=True, slots=True)
class Cells:
    """One entry per person: its category along each axis (`axes`)."""

    motive: Index
    sex: Index
    age_band: Index
    schooling: Index
    language: Index

    def __len__(self) -> int:
        return len(self.motive)


def table(department: str, year: int, count: int, start: float = 0.5) -> Counts:
    """People by motive, sex, age band, schooling and French; shape `axes.SHAPE`.

    The four tables of motive by another axis hold to the unit: those of J.1 for Haute-Garonne 2020.
    """
    wanted = margins.scaled(margins.by_department(year)[department], count)
    fitted = fit(department, year, wanted).table
    return np.stack([integerise(of_motive, start) for of_motive in fitted])


def fit(department: str, year: int, wanted: margins.Margins) -> ipf.Fit:
    """The joint distribution of the year brought to the whole margins of the department."""
    with_tables = (department, year) == (territory.WITH_TABLES, territory.YEAR_OF_TABLES)
    seed = (margins.shape_of_haute_garonne() if with_tables else margins.shape(year)).table
    targets = [
        Margin((axes.MOTIVE, axis), counts.astype(np.float64)) for axis, counts in reversed(wanted.by_axis.items())
    ]
    found = ipf.fit(seed, targets, tolerance=1e-8)
    if not found.converged:
        found = ipf.fit(np.maximum(seed, seed.mean() * 1e-6), targets, tolerance=1e-8, max_rounds=5000)
    return found


def draw(department: str, year: int, count: int, rng: Rng) -> Cells:
    """The people of a chunk in random order."""
    counts = table(department, year, count, start=float(rng.random()))
    cells = np.repeat(np.argwhere(counts), counts[counts > 0], axis=0)
    return Cells(*rng.permutation(cells).T)
