"""Couples, and youths with a parent, among the signatories of one department and year. Pure.

A household is named by the number of one of its members, so that it is unique in the run. Partners share a motive,
a nationality and about an age; a youth shares the nationality of a parent 18 to 45 years older.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelles.synthetic.population import axes, published
from passerelles.synthetic.population.draws import Index, Rng, chance
from passerelles.synthetic.population.joint import Cells
from passerelles.synthetic.population.stay import Days

ALONE = -1


@dataclass(frozen=True, slots=True)
class Families:
    """`household`: the position of the member who names it, ALONE when none; `partner`: position, ALONE when none."""

    household: Index
    partner: Index


def draw(cells: Cells, nationality: Index, age: Index, rng: Rng) -> Families:
    """Couples first, then youths of 16 to 20 beside a couple or a single parent."""
    n = len(cells)
    partner = np.full(n, ALONE, dtype=np.int64)
    household = np.full(n, ALONE, dtype=np.int64)
    chosen = published.assumed("families")
    grown = (age >= 20) & (age <= 65)
    women = np.flatnonzero(grown & (cells.sex == axes.WOMAN) & chance(rng, np.array(chosen["couples"])[cells.motive]))
    men = np.flatnonzero(grown & (cells.sex == axes.MAN))
    wife, husband = _match(
        women, men, cells.motive * 1000 + nationality, age + rng.normal(0, 2, n) - 3 * (cells.sex == axes.MAN)
    )
    close = np.abs(age[wife] - age[husband]) <= 15
    wife, husband = wife[close], husband[close]
    partner[wife], partner[husband] = husband, wife
    household[wife] = household[husband] = wife
    youths = np.flatnonzero((age <= 20) & (partner == ALONE) & chance(rng, np.array(chosen["youths"])[cells.motive]))
    parents = np.flatnonzero((age >= 36) & (age <= 60))
    child, parent = _match(youths, parents, nationality, rng.random(n))
    fits = (age[parent] - age[child] >= 18) & (age[parent] - age[child] <= 45)
    child, parent = child[fits], parent[fits]
    household[parent] = np.where(household[parent] == ALONE, parent, household[parent])
    household[child] = household[parent]
    return Families(household, partner)


def sign_together(families: Families, signed_on: Days, rng: Rng) -> Days:
    """Most couples sign on the same day; never in another half-year, whose numbers are published."""
    wives = np.flatnonzero(families.household == np.arange(len(signed_on)))
    wives = wives[families.partner[wives] != ALONE]
    wives = wives[rng.random(len(wives)) < published.assumed("families")["same_day"]]
    husbands = families.partner[wives]
    months = signed_on.astype("datetime64[M]").astype(np.int64)
    same_half = months[wives] // 6 == months[husbands] // 6
    together = signed_on.copy()
    together[husbands[same_half]] = signed_on[wives[same_half]]
    return together


def _match(left: Index, right: Index, kind: Index, order: np.ndarray) -> tuple[Index, Index]:
    """Pair the two sides inside each kind, both in `order`: the first with the first, and so on while both last."""
    left = left[np.lexsort((order[left], kind[left]))]
    right = right[np.lexsort((order[right], kind[right]))]
    on_left = kind[left] * 1_000_000 + _rank(kind[left])
    on_right = kind[right] * 1_000_000 + _rank(kind[right])
    _, i, j = np.intersect1d(on_left, on_right, assume_unique=True, return_indices=True)
    return left[i], right[j]


def _rank(sorted_kinds: Index) -> Index:
    """0, 1, 2… inside each run of equal kinds."""
    n = len(sorted_kinds)
    starts = np.flatnonzero(np.diff(sorted_kinds, prepend=-1))
    return np.asarray(np.arange(n) - np.repeat(starts, np.diff(starts, append=n)), dtype=np.int64)
