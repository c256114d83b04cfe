"""Nationality given motive, sex, schooling, French, year and department. Pure.

A table of 147 nationalities is fitted to the joint distribution of the year and to the number of each nationality:
published for the first four in 2024, from published growths in 2023, invented weights for the others
(`nationalities.csv`). Overseas, the neighbours first.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

import numpy as np

from passerelles.reference import territories
from passerelles.synthetic.population import axes, ipf, margins, published, territory
from passerelles.synthetic.population.draws import Index, Rng, pick_evenly
from passerelles.synthetic.population.ipf import Margin, Table
from passerelles.synthetic.population.joint import Cells

_GROUPS = (len(axes.MOTIVES), len(axes.SEXES), 3, 3)


def draw(cells: Cells, department: str, year: int, rng: Rng) -> Index:
    """The index in `codes()` of each person's nationality."""
    rows = np.ravel_multi_index(
        (cells.motive, cells.sex, axes.SCHOOLING_GROUP[cells.schooling], axes.LANGUAGE_GROUP[cells.language]), _GROUPS
    )
    weights = _mainland(year).reshape(-1, len(codes()))
    local = _overseas().get(department)
    if local is not None:
        weights = weights / weights.sum(axis=1, keepdims=True) * (1 - local.sum()) + local
    return pick_evenly(rng, weights, np.asarray(rows, dtype=np.int64))


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """ISO codes of the nationalities found among signatories, the most frequent of 2024 first."""
    return tuple(row["code"] for row in _rows())


@lru_cache(maxsize=16)
def _mainland(year: int) -> Table:
    """Weights by motive, sex, schooling group, French group and nationality, in people of a whole year."""
    total = sum(territory.counts(year).values())
    overseas = {code: n for code, n in territory.counts(year).items() if territories.department(code).zone == "drom"}
    groups = total * _grouped(margins.shape(year).table)
    signed = _column("signed_2023" if year <= 2023 else "signed_2024")
    signed = signed * (total / signed.sum())
    elsewhere = np.zeros_like(signed)
    for code, people in overseas.items():
        local = _overseas()[code]
        elsewhere += people * (local + (1 - local.sum()) * signed / signed.sum())
    mainland = np.maximum(signed - elsewhere, signed * 0.02)
    groups *= mainland.sum() / groups.sum()
    return ipf.fit(
        _affinities(), [Margin((0, 1, 2, 3), groups), Margin((4,), mainland)], tolerance=1e-9, max_rounds=1000
    ).table


def _grouped(shape: Table) -> Table:
    by_cell = ipf.marginal(shape, (axes.MOTIVE, axes.SEX, axes.SCHOOLING, axes.LANGUAGE))
    of_schooling = np.eye(3)[axes.SCHOOLING_GROUP]
    of_language = np.eye(3)[axes.LANGUAGE_GROUP]
    return np.asarray(np.einsum("mxsl,sg,lh->mxgh", by_cell, of_schooling, of_language))


def _affinities() -> Table:
    """How nationalities lean: towards a motive, women, schooling and French. Shape: groups, then nationality."""
    motive = np.stack([_column(name) for name in ("asylum", "other", "economic", "family")])
    sex = np.stack([_column("women"), np.ones(len(codes()))])
    schooling = _column("schooling")
    school = np.stack([1 / schooling, np.ones_like(schooling), schooling])
    french = _column("french")
    speak = np.stack([1 / np.sqrt(french), np.ones_like(french), french])
    return np.asarray(
        motive[:, None, None, None] * sex[:, None, None] * school[None, :, None] * speak[None, None, None, :, :]
    )


@lru_cache(maxsize=1)
def _overseas() -> dict[str, Table]:
    found: dict[str, Table] = {}
    for department, of_neighbours in published.assumed("overseas_nationalities").items():
        found[department] = np.zeros(len(codes()))
        for code, share in of_neighbours.items():
            found[department][codes().index(code)] = share
    return found


def _column(name: str) -> Table:
    return np.array([float(row[name]) for row in _rows()])


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    path = files("passerelles.synthetic").joinpath("data/nationalities.csv")
    with path.open(encoding="utf-8") as source:
        return tuple(csv.DictReader(source, delimiter=";"))
