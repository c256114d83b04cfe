"""What answers are worth: intervals of a share, and whether a probability means what it says. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z = 1.959964
"""Of a 95 % interval."""


def wilson(part: int, whole: int) -> tuple[float, float]:
    """95 % interval of a share."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, Z * Z / whole
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole)) / (1 + square)
    return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs whose probability lies in [`low`, `high`[: the mean told, and how many are of one person."""

    low: float
    high: float
    pairs: int
    told: float
    right: int

    @property
    def share(self) -> float:
        return self.right / self.pairs

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.pairs)

    @property
    def excess(self) -> float:
        """How much more is promised than the interval allows; 0 when nothing is."""
        return max(self.told - self.interval[1], 0.0)

    @property
    def shortfall(self) -> float:
        """How much less is promised than the interval allows; 0 when nothing is."""
        return max(self.interval[0] - self.told, 0.0)


def bands(judged: Iterable[tuple[float, bool]], edges: Iterable[float]) -> list[Band]:
    """The bands between successive `edges` that hold some pair; `judged`: (probability, is it one person)."""
    pairs, limits = list(judged), list(edges)
    found = []
    for low, high in zip(limits, limits[1:], strict=False):
        inside = [(p, right) for p, right in pairs if low <= p < high]
        if inside:
            told = sum(p for p, _ in inside) / len(inside)
            found.append(Band(low, high, len(inside), told, sum(right for _, right in inside)))
    return found
