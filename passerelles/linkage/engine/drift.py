"""Do the linked pairs of today still look like those of the training? Levels of each field, then and now. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from passerelles.linkage.engine.comparisons import BY_CODE
from passerelles.linkage.engine.score import Score

LEAST_PAIRS = 200
"""Linked pairs that know the field, below which nothing is said of it."""
FAR = 0.1
"""Share of the pairs that changed level from which a field is said to have drifted."""


@dataclass(frozen=True, slots=True)
class FieldDrift:
    """One field: among `pairs` that know it on both sides, the share of each level found and expected."""

    comparison: str
    pairs: int
    found: dict[str, float]
    expected: dict[str, float]

    @property
    def distance(self) -> float:
        """The share of pairs that would have to change level for the two distributions to be one."""
        return sum(abs(self.found[level] - self.expected[level]) for level in self.found) / 2

    @property
    def drifted(self) -> bool:
        return self.pairs >= LEAST_PAIRS and self.distance >= FAR


def levels_of(scores: Iterable[Score]) -> dict[str, dict[str, int]]:
    """{comparison: {level: how many pairs}}; every level of a field that some pair knows."""
    counts: dict[str, dict[str, int]] = {}
    for score in scores:
        for said in score.contributions:
            if said.comparison in BY_CODE:
                empty = {level.code: 0 for level in BY_CODE[said.comparison].levels}
                counts.setdefault(said.comparison, empty)[said.level] += 1
    return counts
