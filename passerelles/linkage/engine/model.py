"""The weights: a versioned Fellegi–Sunter model with three classes, trained once, read by every executor. Pure.

A pair is of one person, of two strangers, or of two members of one family. For each level, `m`, `u` and `k` are its
shares in the three; it weighs log2(m / u) bits against strangers, log2(m / k) against kin. Where a value is rare,
agreeing on it weighs −log2 of its frequency instead of −log2 u. The answer must outweigh both: a household shares its
name, its country, its address and its telephone, and a father is not his son.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

from passerelles.linkage.engine.comparisons import BY_CODE, COMPARISONS, Comparison, Level
from passerelles.linkage.engine.records import WEIGHTED, Row

CURRENT = "current.json"
_NO_TABLE: tuple[dict[str | int, float], float] = ({}, 0.0)
TOGETHER = {"names": ("family", "first"), "names_keys": ("family_keys", "first_keys")}
OTHERS = "*"
"""Key of a frequency table for every value that it does not name."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Shares of one level among pairs of one person, of strangers, of kin; probabilities in ]0, 1]."""

    m: float
    u: float
    k: float

    @property
    def bits(self) -> float:
        """Against two strangers."""
        return math.log2(self.m / self.u)

    @property
    def kin_bits(self) -> float:
        """Against two members of one family."""
        return math.log2(self.m / self.k)


@dataclass(frozen=True)
class Model:
    """A trained model.

    `prior` is the probability that a pair drawn at random from both lists is of one person; `kin` how many pairs of
    relatives there are for one such pair, whatever the lists. `linked`: share of each level among the pairs linked in
    the lists of the training, what later lists are held against.
    """

    version: str
    prior: float
    weights: Mapping[str, Mapping[str, Weight]]
    kin: float = 1.0
    frequencies: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    trained_on: str = ""
    linked: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

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
        return bits_of(self.prior)

    def is_rare(self, level: Level) -> bool:
        """The level weighs by the frequency of the value agreed on."""
        tables = TOGETHER.get(level.rare, (level.rare,))
        return all(self.frequencies.get(table) for table in tables)

    def bits(self, comparison: Comparison, level: Level, rarity: float = 0.0) -> float:
        """The weight of a level against strangers; `rarity`: bits of the value agreed on, for the levels that ask."""
        weight = self.weights[comparison.code][level.code]
        return math.log2(weight.m) + rarity if self.is_rare(level) else weight.bits

    def expecting(self, prior: float) -> Model:
        """The same weights with another prior: lists are not all as long as those of the training."""
        return replace(self, prior=prior)

    def rarity(self, column: str, value: str | Collection[int]) -> float:
        """−log2 of the frequency of `value` in `column`, in bits; 0 when unknown; of several keys, the least."""
        if not value:
            return 0.0
        table, others = self._rarities.get(column, _NO_TABLE)
        if isinstance(value, str):
            return table.get(value, others)
        return min([table.get(key, others) for key in value])

    @cached_property
    def _rarities(self) -> dict[str, tuple[dict[str | int, float], float]]:
        """{column: ({value: bits}, bits of any other value)}; keys of names are numbers, as in the records."""
        found: dict[str, tuple[dict[str | int, float], float]] = {}
        for column, table in self.frequencies.items():
            keyed = column.endswith("_keys")
            bits: dict[str | int, float] = {
                int(value) if keyed else value: -math.log2(share)
                for value, share in table.items()
                if value != OTHERS and share
            }
            found[column] = bits, -math.log2(table[OTHERS]) if table.get(OTHERS) else 0.0
        return found

    def weigh(self, row: Row) -> Row:
        """The prepared record with the rarity of its values, the last columns an executor needs."""
        for column, bits in WEIGHTED.items():
            row[bits] = self.rarity(column, row[column])
        if not row["given"]:
            row["first_bits"] = self.rarity("first", row["family"])
            row["first_keys_bits"] = self.rarity("first_keys", row["family_keys"])
        row["names_bits"] = row["family_bits"] + row["first_bits"]
        row["names_keys_bits"] = row["family_keys_bits"] + row["first_keys_bits"]
        return row

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "trained_on": self.trained_on,
            "prior": self.prior,
            "kin": self.kin,
            "comparisons": {
                code: {level: {"m": w.m, "u": w.u, "k": w.k} for level, w in levels.items()}
                for code, levels in self.weights.items()
            },
            "linked": {code: dict(levels) for code, levels in self.linked.items()},
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
            kin=data["kin"],
            weights={
                code: {level: Weight(w["m"], w["u"], w["k"]) for level, w in levels.items()}
                for code, levels in data["comparisons"].items()
            },
            frequencies=data.get("frequencies", {}),
            trained_on=data.get("trained_on", ""),
            linked=data.get("linked", {}),
        )


@lru_cache(maxsize=4)
def load(name: str = CURRENT) -> Model:
    """The model shipped with the platform under `linkage/trained/`."""
    text = (resources.files("passerelles.linkage") / "trained" / name).read_text(encoding="utf-8")
    return Model.from_json(json.loads(text))


def probability(bits: float) -> float:
    """The probability that stands for a weight in bits, prior included; exact at both ends."""
    if bits >= 0:
        return 1 / (1 + 2.0**-bits) if bits < 1000 else 1.0
    return 2.0**bits / (1 + 2.0**bits) if bits > -1000 else 0.0


def bits_of(probability: float) -> float:
    """The weight in bits that stands for a probability in ]0, 1[."""
    return math.log2(probability / (1 - probability))
