"""Tables that an attacker cannot tell from the true one: each proves how far a hidden cell may be from its value. Pure.

A witness moves elementary counts by whole people; every published cell keeps its value, no filled elementary count
falls under 1 (the attacker who knows that empty cells are published as empty), unless no publication breaks it down.
The linear program looks for the witness that moves the fewest published people; the cells it has to move are the ones
to hide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from passerelles.indicators.disclosure.systems import Counts, Flags, System

Floats = NDArray[np.float64]

REUSE = 0.05
"""Price of moving a cell that is already hidden, in parts of the price of hiding it."""
WHOLE = 1e-6
SECONDS = 20.0


@dataclass(frozen=True)
class Witness:
    """`elements` (positions of elementary counts) change by `change` people."""

    elements: NDArray[np.int64]
    change: Counts

    def moved(self, system: System) -> Counts:
        """By how much each cell of the system changes."""
        return np.asarray(system.matrix[:, self.elements] @ self.change, dtype=np.int64)


class Area:
    """The elementary counts that one linear program may move, and the cells that see them."""

    def __init__(self, system: System, elements: NDArray[np.int64]) -> None:
        self.elements = elements
        self.down = (system.least - system.counts)[elements].astype(float)
        within = sparse.csr_array(system.matrix[:, elements])
        within.sort_indices()
        sizes = np.diff(within.indptr)
        seen: dict[bytes, int] = {}
        group = np.full(system.size, -1, dtype=np.int64)
        first: list[int] = []
        for cell in np.flatnonzero(sizes).tolist():
            key = within.indices[within.indptr[cell] : within.indptr[cell + 1]].tobytes()
            group[cell] = seen.setdefault(key, len(seen))
            if group[cell] == len(first):
                first.append(cell)
        self.cells = np.flatnonzero(group >= 0)
        self.group = group[self.cells]
        self.position = group
        self.rows = within[np.array(first, dtype=np.int64)] if first else within[:0]

    def witness(self, cell: int, need: int, price: Floats, frozen: Flags) -> Witness | None:
        """The cheapest table in which `cell` counts `need` more people (fewer when negative); None when there is none.

        `price` of each cell, per person moved; `frozen` cells never move.
        """
        count = len(self.rows.indptr) - 1
        cost = np.bincount(self.group, weights=price[self.cells], minlength=count)
        stuck = np.bincount(self.group, weights=frozen[self.cells], minlength=count) > 0
        target = self.position[cell]
        cost[target] = 0.0
        if stuck[target]:
            return None
        rows = np.flatnonzero((cost > 0) | stuck)
        movable = np.flatnonzero(~stuck[rows])
        size, slack = len(self.elements), len(movable)
        slacks = sparse.csr_array((np.ones(slack), (movable, np.arange(slack))), shape=(len(rows), slack))
        aim = sparse.hstack([self.rows[[target]], sparse.csr_array((1, 2 * slack))])
        system = sparse.vstack([sparse.hstack([self.rows[rows], -slacks, slacks]), aim], format="csc")
        right = np.zeros(len(rows) + 1)
        right[-1] = need
        prices = cost[rows[movable]]
        objective = np.concatenate([np.zeros(size), prices, prices])
        reach = float(10 * abs(need) + 10)
        bounds = optimize.Bounds(
            np.concatenate([self.down, np.zeros(2 * slack)]),
            np.concatenate([np.full(size, reach), np.full(2 * slack, np.inf)]),
        )
        constraint = optimize.LinearConstraint(system, right, right)
        change = _whole(objective, constraint, bounds, size)
        if change is None:
            return None
        kept = np.flatnonzero(change)
        return Witness(self.elements[kept], change[kept])


def _whole(objective: Floats, constraint: Any, bounds: Any, size: int) -> Counts | None:
    """Whole people: the linear program first, its integer form when the vertex is not whole."""
    found = optimize.milp(objective, constraints=constraint, bounds=bounds)
    if found.x is None:
        return None
    change = np.asarray(found.x[:size])
    if np.abs(change - np.round(change)).max(initial=0.0) > WHOLE:
        whole = np.zeros(len(objective))
        whole[:size] = 1
        options = {"time_limit": SECONDS, "mip_rel_gap": 0.2}
        found = optimize.milp(objective, constraints=constraint, bounds=bounds, integrality=whole, options=options)
        if found.x is None:
            return None
        change = np.asarray(found.x[:size])
    return np.round(change).astype(np.int64)


def areas(system: System) -> dict[int, Area]:
    """One area for each block, made of its elementary counts that are not known to be empty."""
    loose = np.flatnonzero(system.loose)
    return {int(block): Area(system, loose[system.block[loose] == block]) for block in np.unique(system.block[loose])}


def whole(system: System) -> Area:
    """Every elementary count that is not known to be empty."""
    return Area(system, np.flatnonzero(system.loose))
