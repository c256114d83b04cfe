"""One pair: the level of each comparison, its weight in bits, the probability, and the words for an agent. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from passerelles.linkage.engine.comparisons import COMPARISONS, KIN, KIN_LABEL, Comparison, Level
from passerelles.linkage.engine.conditions import Predicate
from passerelles.linkage.engine.model import Model, probability
from passerelles.linkage.engine.records import RARITIES, Record, Row, prepare

TOLD = 0.05
"""Bits from which the doubt about a relative is worth a line."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one field says: `+9,1` for the same person, `−7,0` against."""

    comparison: str
    level: str
    label: str
    bits: float

    def sentence(self) -> str:
        """`même date de naissance : +9,1`."""
        sign = "+" if self.bits >= 0 else "−"
        return f"{self.label} : {sign}{abs(self.bits):.1f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Score:
    """The judgement of one pair. `bits` includes the prior."""

    bits: float
    contributions: tuple[Contribution, ...]

    @property
    def probability(self) -> float:
        return probability(self.bits)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The contributions from the strongest to the weakest, in French."""
        ordered = sorted(self.contributions, key=lambda c: (-abs(c.bits), c.comparison))
        return tuple(c.sentence() for c in ordered)


class Scorer:
    """Scores pairs of prepared records with one model, in Python."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._compiled = [
            (
                comparison,
                comparison.known.predicate(),
                [each.predicate() for each in comparison.unless],
                [(level, level.when.predicate() if level.when else None) for level in comparison.levels],
            )
            for comparison in COMPARISONS
        ]

    def score(self, left: Record, right: Record) -> Score:
        """Two records as they are."""
        return self.score_rows(self.model.weigh(prepare(left)), self.model.weigh(prepare(right)))

    def score_rows(self, left: Row, right: Row) -> Score:
        """Two records prepared and weighed."""
        found = []
        for comparison, known, unless, levels in self._compiled:
            if known(left, right) and not any(each(left, right) for each in unless):
                level = _level(levels, left, right)
                bits = RARITIES.get(level.rare)
                found.append((comparison, level, min(float(left[bits]), float(right[bits])) if bits else 0.0))
        return self.judge(found)

    def judge(self, found: Iterable[tuple[Comparison, Level, float]]) -> Score:
        """The score of a pair whose levels are known: (comparison, level, rarity of the value agreed on)."""
        contributions, kin = [], -math.log2(self.model.kin)
        for comparison, level, rarity in found:
            bits = self.model.bits(comparison, level, rarity)
            contributions.append(Contribution(comparison.code, level.code, level.label, bits))
            kin += self.model.weights[comparison.code][level.code].kin_bits
        strangers = self.model.prior_bits + sum(c.bits for c in contributions)
        total = against_both(strangers, kin)
        if strangers - total > TOLD:
            contributions.append(Contribution(KIN, KIN, KIN_LABEL, total - strangers))
        return Score(total, tuple(contributions))


def against_both(strangers: float, kin: float) -> float:
    """The odds, in bits, that a pair is neither of two strangers nor of two relatives."""
    return min(strangers, kin) - math.log2(1 + 2.0 ** -abs(strangers - kin))


def _level(levels: list[tuple[Level, Predicate | None]], left: Row, right: Row) -> Level:
    for level, holds in levels:
        if holds is None or holds(left, right):
            return level
    raise AssertionError("the last level of a comparison takes every pair")
