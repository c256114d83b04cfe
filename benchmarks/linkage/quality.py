"""Precision, recall, F1, Wilson intervals, reliability: what is said of a set of pairs with a label each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from passerelles.linkage.engine.quality import bands, wilson

DECILES = tuple(n / 10 for n in range(11))
EDGES = (*DECILES[:-1], 0.95, 0.99, 0.995, 0.999, 1.0000001)


@dataclass(frozen=True, slots=True)
class Quality:
    """Of `found` pairs `right` are of one person, out of `wanted`."""

    found: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0

    def row(self) -> str:
        return f"{self.precision:.4f} | {self.recall:.4f} | {self.f1:.4f}"


def of(pairs: Iterable[tuple[int, int]], truth: set[tuple[int, int]]) -> Quality:
    found = set(pairs)
    return Quality(len(found), len(found & truth), len(truth))


def best(scored: Sequence[tuple[int, int, float]], truth: set[tuple[int, int]]) -> Quality:
    """The best F1 that some threshold gives; pairs (left, right, weight) in any order."""
    chosen, right = Quality(0, 0, len(truth)), 0
    ordered = sorted(scored, key=lambda pair: -pair[2])
    for n, (one, other, weight) in enumerate(ordered, 1):
        right += (one, other) in truth
        if n == len(ordered) or ordered[n][2] < weight:
            chosen = max(chosen, Quality(n, right, len(truth)), key=lambda quality: quality.f1)
    return chosen


def interval(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part / whole if whole else 1:.4f} [{low:.4f}–{high:.4f}]"


def reliability(probabilities: Sequence[float], right: Sequence[bool]) -> list[str]:
    """Rows of a table: interval of probability, pairs, mean probability, share that is true."""
    return [
        f"| {each.low:g}–{min(each.high, 1):g} | {each.pairs} | {each.told:.4f} | {interval(each.right, each.pairs)} |"
        for each in bands(zip(probabilities, right, strict=True), EDGES)
    ]
