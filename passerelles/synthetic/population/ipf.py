"""Iterative proportional fitting of a table of any number of dimensions to known margins. Pure.

Each step multiplies the table, over the axes of one margin, by wanted / present; the odds ratios of the seed, that is
its correlations, are kept (Deming and Stephan 1940). Cells that are zero in the seed stay zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]


class InconsistentMargins(ValueError):
    """The margins do not have the same total, or ask for people where the seed has none."""


@dataclass(frozen=True, slots=True)
class Margin:
    """The wanted sums of the table over every axis but `axes` (in rising order): `target` has their shape.

    `groups` makes a margin coarser: for an axis, the group of each of its categories (0, 1, 2…); the target then has
    one entry per group.
    """

    axes: tuple[int, ...]
    target: Table
    groups: Mapping[int, Groups] = field(default_factory=dict)

    def of(self, table: Table) -> Table:
        """The present sums of `table`, in the shape of the target."""
        sums = marginal(table, self.axes)
        for position, axis in enumerate(self.axes):
            if axis in self.groups:
                member = np.eye(self.target.shape[position])[self.groups[axis]]
                sums = np.moveaxis(np.tensordot(sums, member, axes=(position, 0)), -1, position)
        return sums

    def spread(self, factor: Table, dimensions: int) -> Table:
        """`factor`, in the shape of the target, ready to multiply a table of `dimensions` axes."""
        shape = [1] * dimensions
        for position, axis in enumerate(self.axes):
            if axis in self.groups:
                factor = factor.take(self.groups[axis], axis=position)
            shape[axis] = factor.shape[position]
        return factor.reshape(shape)


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted table, the rounds it took, and the largest distance left to a wanted sum, in people."""

    table: Table
    rounds: int
    error: float
    converged: bool


def fit(seed: Table, margins: Sequence[Margin], *, tolerance: float = 1e-6, max_rounds: int = 500) -> Fit:
    """Fit `seed` to `margins`, until every sum is within `tolerance` × the total.

    Raises InconsistentMargins when totals differ or a wanted sum lies on zeros of the seed. Margins that share an
    axis must agree on it: when they cannot all hold, the last rounds oscillate and `converged` is False.
    """
    table = np.array(seed, dtype=np.float64)
    total = _common_total(table, margins)
    error = np.inf
    rounds = 0
    while rounds < max_rounds and error > tolerance * max(total, 1.0):
        rounds += 1
        for margin in margins:
            present = margin.of(table)
            factor = np.divide(margin.target, present, out=np.zeros_like(present), where=present > 0)
            table *= margin.spread(factor, table.ndim)
        error = max(float(np.abs(m.of(table) - m.target).max()) for m in margins)
    return Fit(table, rounds, error, error <= tolerance * max(total, 1.0))


def marginal(table: Table, axes: tuple[int, ...]) -> Table:
    """The sums of `table` over every axis that is not in `axes`."""
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    return np.asarray(table.sum(axis=others), dtype=np.float64)


def _common_total(table: Table, margins: Sequence[Margin]) -> float:
    if (table < 0).any():
        raise InconsistentMargins("the seed has negative cells")
    totals = [float(margin.target.sum()) for margin in margins]
    if max(totals) - min(totals) > 1e-6 * max(max(totals), 1.0):
        raise InconsistentMargins(f"the margins have different totals: {totals}")
    for margin in margins:
        if ((margin.target > 0) & (margin.of(table) <= 0)).any():
            raise InconsistentMargins(f"a sum over axes {margin.axes} is wanted where the seed is zero")
    return totals[0]
