"""One pair: the level of each comparison, its weight in bits, the probability, and the words for an agent. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from passerelles.linkage.engine.comparisons import BY_CODE, COMPARISONS, TELLS_RELATIVES_APART, Comparison, Level
from passerelles.linkage.engine.conditions import Predicate
from passerelles.linkage.engine.model import Model, probability
from passerelles.linkage.engine.records import WEIGHTED, Record, Row, prepare


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
        for comparison, known, levels in self._compiled:
            if known(left, right):
                level = _level(levels, left, right)
                found.append(
                    Contribution(comparison.code, level.code, level.label, self._bits(comparison, level, left, right))
                )
        return _total(self.model.prior_bits, found)

    def _bits(self, comparison: Comparison, level: Level, left: Row, right: Row) -> float:
        weight = self.model.weights[comparison.code][level.code]
        if not level.rare:
            return weight.bits
        rarity = min(float(left[WEIGHTED[level.rare]]), float(right[WEIGHTED[level.rare]]))
        return weight.rare_bits(rarity)


def _total(prior: float, found: list[Contribution]) -> Score:
    apart = any(
        c.level == BY_CODE[c.comparison].levels[-1].code for c in found if c.comparison in TELLS_RELATIVES_APART
    )
    home = [c for c in found if BY_CODE[c.comparison].shared_at_home]
    total = sum(c.bits for c in home)
    if apart and total > 0:
        found = [replace(c, bits=0.0, label=f"{c.label} (comme dans une famille)") if c in home else c for c in found]
    return Score(prior + sum(c.bits for c in found), tuple(found))


def _level(levels: list[tuple[Level, Predicate | None]], left: Row, right: Row) -> Level:
    for level, holds in levels:
        if holds is None or holds(left, right):
            return level
    raise AssertionError("the last level of a comparison takes every pair")
