"""The same levels and weights as SQL, for DuckDB, PostgreSQL and Spark. Pure: text in, text out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from passerelles.linkage.engine.comparisons import COMPARISONS, Comparison
from passerelles.linkage.engine.conditions import Dialect
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.records import RARITIES


def level_sql(comparison: Comparison, dialect: Dialect, left: str = "l", right: str = "r") -> str:
    """The position of the level of a comparison (0 the strongest), −1 when a value is unknown."""
    cases = [f"WHEN NOT {comparison.known.sql(dialect, left, right)} THEN -1"]
    cases += [f"WHEN {each.sql(dialect, left, right)} THEN -1" for each in comparison.unless]
    for position, level in enumerate(comparison.levels):
        if level.when is None:
            return f"CASE {' '.join(cases)} ELSE {position} END"
        cases.append(f"WHEN {level.when.sql(dialect, left, right)} THEN {position}")
    raise ValueError(f"{comparison.code}: the last level must take the rest")


def columns_sql(model: Model, dialect: Dialect, left: str = "l", right: str = "r") -> str:
    """What `total_sql` adds up: one column per comparison for its level, `n_family` and so on, one for the rarity of
    each value whose frequency counts, `q_first`."""
    columns = [f"{level_sql(c, dialect, left, right)} AS n_{c.code}" for c in COMPARISONS]
    rare = dict.fromkeys(level.rare for c in COMPARISONS for level in c.levels if model.is_rare(level))
    columns += [f"least({left}.{RARITIES[each]}, {right}.{RARITIES[each]}) AS q_{each}" for each in rare]
    return ", ".join(columns)


def total_sql(model: Model, shift: str = "", dialect: Dialect = Dialect.POSTGRESQL) -> str:
    """The weight in bits of a pair, prior included, from the columns of `columns_sql`.

    `shift`: an SQL number of bits to add to the prior, for a list that is not as long as those of the training.
    DuckDB reads what is written for PostgreSQL.
    """
    number = _Number("double" if dialect is Dialect.SPARK else "double precision")
    strangers = [number(model.prior_bits), *([shift] if shift else [])]
    kin = [number(-math.log2(model.kin))]
    for comparison in COMPARISONS:
        weights = model.weights[comparison.code]
        found = [
            f"{number(model.bits(comparison, level))}{f' + q_{level.rare}' if model.is_rare(level) else ''}"
            for level in comparison.levels
        ]
        strangers.append(_by_level(comparison, found, number))
        kin.append(_by_level(comparison, [number(weights[level.code].kin_bits) for level in comparison.levels], number))
    ln2 = number(math.log(2))
    return f"(-ln(exp(-{ln2} * ({' + '.join(strangers)})) + exp(-{ln2} * ({' + '.join(kin)}))) / {ln2})"


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of this type: a plain decimal would be an exact numeric in PostgreSQL."""

    kind: str

    def __call__(self, value: float) -> str:
        return f"CAST({value!r} AS {self.kind})"


def _by_level(comparison: Comparison, bits: list[str], number: _Number) -> str:
    cases = " ".join(f"WHEN {position} THEN {each}" for position, each in enumerate(bits))
    return f"CASE n_{comparison.code} {cases} ELSE {number(0.0)} END"
