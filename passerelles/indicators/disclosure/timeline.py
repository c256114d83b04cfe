"""Publications that follow each other: a month, the months before it, totals since January. Pure.

An attacker subtracts last month's total from this month's. All publications of the same figure therefore make one
system, in which what is already public stays public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from passerelles.indicators.disclosure.protection import DEFAULT_THRESHOLD, Protection, protect
from passerelles.indicators.disclosure.systems import Dimension, Flags, System, crossing


@dataclass(frozen=True, slots=True)
class Window:
    """A published period: its name and the positions of its months."""

    name: str
    months: tuple[int, ...]


def timeline(
    dimensions: Sequence[Dimension],
    months: Sequence[NDArray[np.int64]],
    windows: Sequence[Window],
    earlier: Mapping[str, Flags] | None = None,
    unprinted: frozenset[str] = frozenset(),
) -> System:
    """The system of all `windows` of the crossing of `dimensions`; `months`: people by leaf, month by month.

    `earlier`: for windows that are published already, what was hidden of them, in the order of their cells.
    `unprinted`: windows that nobody prints, protected because a difference of printed ones gives them.
    """
    known = earlier or {}
    one = crossing(dimensions, np.zeros_like(months[0]))
    rows = np.zeros((len(windows), len(months)), dtype=np.int64)
    for row, window in enumerate(windows):
        rows[row, list(window.months)] = 1
    size = one.size
    hidden = np.concatenate([known.get(window.name, np.zeros(size, dtype=bool)) for window in windows])
    old = np.repeat([window.name in known for window in windows], size)
    return System(
        labels=tuple((window.name, *label) for window in windows for label in one.labels),
        matrix=sparse.csr_array(sparse.kron(sparse.csr_array(rows), one.matrix, format="csr")),
        counts=np.concatenate([counts.ravel() for counts in months]).astype(np.int64),
        offered=np.repeat([window.name not in unprinted for window in windows], size),
        published=old & ~hidden,
        hidden=hidden,
        keep=np.tile(one.keep, len(windows)) & np.repeat([w.name not in unprinted for w in windows], size),
        block=np.tile(one.block, len(months)),
    )


def next_publication(
    dimensions: Sequence[Dimension],
    months: Sequence[NDArray[np.int64]],
    windows: Sequence[Window],
    earlier: Mapping[str, Flags],
    threshold: int = DEFAULT_THRESHOLD,
) -> tuple[Protection, dict[str, Flags]]:
    """Protect `windows` knowing what is `earlier`; also what is now hidden of each window, to give next time."""
    system = timeline(dimensions, months, windows, earlier)
    protection = protect(system, threshold)
    size = system.size // len(windows)
    return protection, {
        window.name: protection.hidden[index * size : (index + 1) * size] for index, window in enumerate(windows)
    }
