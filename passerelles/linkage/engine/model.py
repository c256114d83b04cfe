"""The weights: a versioned Fellegi–Sunter model, trained once, read by every executor. Pure.

For each level, `m` is its share among pairs of one person and `u` among pairs of two persons; its weight is
log2(m / u) bits. Where a value is rare, agreeing on it weighs −log2 of its frequency instead of −log2 u.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import Any

from passerelles.linkage.engine.comparisons import BY_CODE, COMPARISONS
from passerelles.linkage.engine.records import WEIGHTED, Row

CURRENT = "current.json"
OTHERS = "*"
"""Key of a frequency table for every value that it does not name."""


@dataclass(frozen=True, slots=True)
class Weight:
    """`m` and `u` of one level; probabilities in ]0, 1]."""

    m: float
    u: float

    @property
    def bits(self) -> float:
        return math.log2(self.m / self.u)

    def rare_bits(self, rarity: float) -> float:
        """The weight when the value agreed on has this rarity (bits); the plain weight when it is unknown."""
        return math.log2(self.m) + rarity if rarity else self.bits


@dataclass(frozen=True)
class Model:
    """A trained model. `prior` is the probability that a pair drawn at random among candidates' universe matches."""

    version: str
    prior: float
    weights: Mapping[str, Mapping[str, Weight]]
    frequencies: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    trained_on: str = ""

    def __post_init__(self) -> None:
        for comparison in COMPARISONS:
            there = set(self.weights.get(comparison.code, ()))
            wanted = {level.code for level in comparison.levels}
            if there != wanted:
                raise ValueError(
                    f"model {self.version}: {comparison.code} has levels {sorted(there)}, not {sorted(wanted)}"
                )

    @property
    def prior_bits(self) -> float:
        return math.log2(self.prior / (1 - self.prior))

    def expecting(self, prior: float) -> Model:
        """The same weights with another prior: lists are not all as long as those of the training."""
        return replace(self, prior=prior)

    def rarity(self, column: str, value: str) -> float:
        """−log2 of the frequency of `value` in `column`, in bits; 0 when unknown."""
        if not value:
            return 0.0
        table = self.frequencies.get(column, {})
        frequency = table.get(value) or table.get(OTHERS)
        return -math.log2(frequency) if frequency else 0.0

    def weigh(self, row: Row) -> Row:
        """The prepared record with the rarity of its values, the last columns an executor needs."""
        for column, bits in WEIGHTED.items():
            row[bits] = self.rarity(column, row[column])
        return row

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "trained_on": self.trained_on,
            "prior": self.prior,
            "comparisons": {
                code: {level: {"m": w.m, "u": w.u} for level, w in levels.items()}
                for code, levels in self.weights.items()
            },
            "frequencies": {column: dict(table) for column, table in self.frequencies.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Model:
        """Raises `ValueError` when a level is missing or unknown: the file belongs to another version of the levels."""
        unknown = set(data["comparisons"]) - set(BY_CODE)
        if unknown:
            raise ValueError(f"model {data['version']}: unknown comparisons {sorted(unknown)}")
        return cls(
            version=data["version"],
            prior=data["prior"],
            weights={
                code: {level: Weight(w["m"], w["u"]) for level, w in levels.items()}
                for code, levels in data["comparisons"].items()
            },
            frequencies=data.get("frequencies", {}),
            trained_on=data.get("trained_on", ""),
        )


@lru_cache(maxsize=4)
def load(name: str = CURRENT) -> Model:
    """The model shipped with the platform under `linkage/models/`."""
    text = (resources.files("passerelles.linkage") / "trained" / name).read_text(encoding="utf-8")
    return Model.from_json(json.loads(text))


def probability(bits: float) -> float:
    """The probability that stands for a weight in bits, prior included; exact at both ends."""
    if bits >= 0:
        return 1 / (1 + 2.0**-bits) if bits < 1000 else 1.0
    return 2.0**bits / (1 + 2.0**bits) if bits > -1000 else 0.0
