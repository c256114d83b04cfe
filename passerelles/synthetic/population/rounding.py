"""From expected numbers to whole people, the margins kept to the unit. Pure.

`largest_remainder` shares out one total. `integerise` rounds a table whose one-way margins are whole numbers: by
cumulative rounding along the cells, which keeps the first axis exact, then by the fewest moves from a category in
excess to a category in want along each other axis, each move taken where the table expects it most. An answer always
exists: any pairing of the wanted categories is one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def largest_remainder(expected: npt.ArrayLike, total: int) -> Counts:
    """Whole numbers proportional to `expected` whose sum is `total`; ties go to the first."""
    shares = np.asarray(expected, dtype=np.float64).ravel()
    if total == 0 or shares.sum() <= 0:
        if total:
            raise ValueError(f"{total} people to share out and nobody expected anywhere")
        return np.zeros(np.shape(expected), dtype=np.int64)
    shares = shares * (total / shares.sum()) if np.isfinite(total / shares.sum()) else shares / shares.sum() * total
    floors = np.floor(shares + 1e-9)
    left = total - int(floors.sum())
    order = np.argsort(-(shares - floors), kind="stable")
    floors[order[:left]] += 1
    return np.asarray(floors, dtype=np.int64).reshape(np.shape(expected))


def integerise(expected: Table, start: float = 0.5) -> Counts:
    """Whole people in the cells of `expected`, with its one-way margins exact; they must be whole (within 0.01).

    `start`, in [0, 1[, is where cumulative rounding begins: drawn at random, no cell is left out for ever. Raises
    ValueError when a one-way margin is not whole.
    """
    targets = [
        _whole(expected.sum(axis=tuple(o for o in range(expected.ndim) if o != a))) for a in range(expected.ndim)
    ]
    reached = np.cumsum(expected.ravel())
    total = int(targets[0].sum())
    if total:
        reached *= total / reached[-1]
        reached[-1] = total
    steps = np.floor(reached + np.clip(start, 1e-6, 1 - 1e-6))
    counts: Counts = np.diff(steps, prepend=0.0).astype(np.int64).reshape(expected.shape)
    for axis, target in enumerate(targets):
        _repair(counts, expected, axis, target)
    return counts


def _whole(margin: Table) -> Counts:
    rounded = np.rint(margin)
    if margin.size and float(np.abs(margin - rounded).max()) > 0.01:
        raise ValueError(f"margins are not whole numbers: {margin}")
    return np.asarray(rounded, dtype=np.int64)


def _repair(counts: Counts, expected: Table, axis: int, target: Counts) -> None:
    others = tuple(o for o in range(counts.ndim) if o != axis)
    lines = np.moveaxis(counts, axis, 0)
    wanted = np.moveaxis(expected, axis, 0)
    gap = counts.sum(axis=others) - target
    while (gap > 0).any():
        excess, want = int(np.argmax(gap)), int(np.argmin(gap))
        gain = (wanted[want] - lines[want]) - (wanted[excess] - lines[excess])
        gain = np.where(lines[excess] > 0, gain, -np.inf)
        gain = np.where(wanted[want] > 0, gain, gain - 1e6)
        cell = np.unravel_index(int(np.argmax(gain)), gain.shape)
        lines[excess][cell] -= 1
        lines[want][cell] += 1
        gap[excess] -= 1
        gap[want] += 1
