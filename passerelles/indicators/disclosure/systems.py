"""What is published, as an attacker sees it: every published cell is a sum of elementary counts. Pure.

Linked tables, their totals and earlier publications make one system: a cell is a row of 0 and 1 over the elementary
counts of the finest crossing. Months are crossed like any other dimension, so that a cumulative total is a sum of
months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from passerelles.core.errors import Impossible

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOTAL = "Total"


class Unprotectable(Impossible):
    """No set of cells can be hidden that protects the table; the message says which cell and why."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way of cutting the people: leaves, and the groups of leaves that are published too.

    `nodes` gives every published code with the leaves it sums, leaves first; `block` the group of each leaf within
    which counts are moved first (the region of a department).
    """

    name: str
    leaves: tuple[str, ...]
    nodes: tuple[tuple[str, tuple[int, ...]], ...]
    block: tuple[int, ...]

    @classmethod
    def flat(cls, name: str, leaves: Sequence[str], total: str = TOTAL) -> Dimension:
        """Leaves and their total (none when `total` is empty)."""
        nodes: list[tuple[str, tuple[int, ...]]] = [(leaf, (index,)) for index, leaf in enumerate(leaves)]
        if total:
            nodes.append((total, tuple(range(len(leaves)))))
        return cls(name, tuple(leaves), tuple(nodes), (0,) * len(leaves))

    @classmethod
    def nested(cls, name: str, parents: dict[str, str], total: str = TOTAL) -> Dimension:
        """Leaves, the groups named by `parents` (leaf → group), and the total."""
        leaves = tuple(parents)
        groups = tuple(dict.fromkeys(parents.values()))
        nodes: list[tuple[str, tuple[int, ...]]] = [(leaf, (index,)) for index, leaf in enumerate(leaves)]
        for group in groups:
            nodes.append((group, tuple(index for index, leaf in enumerate(leaves) if parents[leaf] == group)))
        if total:
            nodes.append((total, tuple(range(len(leaves)))))
        return cls(name, leaves, tuple(nodes), tuple(groups.index(parents[leaf]) for leaf in leaves))

    @property
    def matrix(self) -> Any:
        """Nodes × leaves, 0 and 1."""
        rows = [row for row, (_, leaves) in enumerate(self.nodes) for _ in leaves]
        columns = [leaf for _, leaves in self.nodes for leaf in leaves]
        shape = (len(self.nodes), len(self.leaves))
        return sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape)


@dataclass(frozen=True)
class System:
    """Cells (rows of `matrix`) over elementary counts, and what may be done with each cell.

    `labels`: the codes of each cell, for messages. `counts`: elementary counts, n ≥ 0. `offered`: cells that one
    wishes to publish (the others are never printed, and protected all the same). `published`: already public, cannot
    be withdrawn. `hidden`: already hidden, stays so. `keep`: never hidden to protect another. `block`: group of each
    elementary count. Only cells of `watched` are protected when small (the older ones were, by their own publication,
    but what is published now may uncover them: they are watched too). `unseen`: elementary counts that no publication
    breaks down, of which nobody knows whether they are empty.
    """

    labels: tuple[tuple[str, ...], ...]
    matrix: Any
    counts: Counts
    offered: Flags
    published: Flags
    hidden: Flags
    keep: Flags
    block: NDArray[np.int64]
    unseen: Flags | None = None

    @property
    def size(self) -> int:
        return len(self.labels)

    @cached_property
    def values(self) -> Counts:
        """The count of each cell."""
        return np.asarray(self.matrix @ self.counts, dtype=np.int64)

    @cached_property
    def least(self) -> Counts:
        """The least each elementary count can be for who knows that empty ones are empty, and the others not."""
        known = (self.counts > 0).astype(np.int64)
        return known if self.unseen is None else np.where(self.unseen, 0, known)

    @cached_property
    def loose(self) -> Flags:
        """The elementary counts that may be other than they are: those that are not known to be empty."""
        filled = self.counts > 0
        return filled if self.unseen is None else filled | self.unseen

    @cached_property
    def floors(self) -> Counts:
        """The least each cell can be for the same attacker."""
        return np.asarray(self.matrix @ self.least, dtype=np.int64)

    def sensitive(self, threshold: int) -> Flags:
        """Cells of 1 to `threshold` − 1 people that are not public yet; an empty cell is published as empty."""
        return (self.values > 0) & (self.values < threshold) & ~self.published

    def name(self, cell: int) -> str:
        """The codes of a cell as one text."""
        return " × ".join(self.labels[cell])

    def kept(self, wanted: Callable[[tuple[str, ...]], bool]) -> System:
        """The same, where cells whose codes are `wanted` are never hidden to protect another."""
        return replace(self, keep=np.array([wanted(label) for label in self.labels]))


def crossing(
    dimensions: Sequence[Dimension],
    counts: NDArray[Any],
    *,
    only: Callable[[tuple[str, ...]], bool] | None = None,
) -> System:
    """Every crossing of the published codes of `dimensions`, or those that `only` wants.

    `counts`: people by leaf, of shape (leaves of the first dimension, leaves of the second, …). Grand total kept.
    """
    shape = tuple(len(each.leaves) for each in dimensions)
    if counts.shape != shape:
        raise ValueError(f"counts {counts.shape}, dimensions {shape}")
    matrix = reduce(lambda left, right: sparse.kron(left, right, format="csr"), (each.matrix for each in dimensions))
    labels = list(product(*([code for code, _ in each.nodes] for each in dimensions)))
    if only is not None:
        chosen = np.array([only(label) for label in labels])
        matrix = matrix[np.flatnonzero(chosen)]
        labels = [label for label, wanted in zip(labels, chosen, strict=True) if wanted]
    sizes = np.diff(matrix.indptr)
    blocks = reduce(
        lambda left, right: (left[:, None] * (max(right) + 1) + np.asarray(right)[None, :]).ravel(),
        (each.block for each in dimensions),
        np.zeros(1, dtype=np.int64),
    )
    none = np.zeros(len(labels), dtype=bool)
    return System(
        labels=tuple(labels),
        matrix=sparse.csr_array(matrix),
        counts=np.asarray(counts, dtype=np.int64).ravel(),
        offered=~none,
        published=none,
        hidden=none,
        keep=sizes == sizes.max(),
        block=np.asarray(blocks, dtype=np.int64),
    )


def stacked(systems: Iterable[System]) -> System:
    """Linked tables over the same elementary counts, as one system."""
    parts = list(systems)
    first = parts[0]
    if any(not np.array_equal(part.counts, first.counts) for part in parts):
        raise ValueError("linked tables are sums of the same elementary counts")
    return System(
        labels=tuple(label for part in parts for label in part.labels),
        matrix=sparse.csr_array(sparse.vstack([part.matrix for part in parts], format="csr")),
        counts=first.counts,
        offered=np.concatenate([part.offered for part in parts]),
        published=np.concatenate([part.published for part in parts]),
        hidden=np.concatenate([part.hidden for part in parts]),
        keep=np.concatenate([part.keep for part in parts]),
        block=first.block,
    )
