"""The same levels and weights as SQL, for DuckDB, PostgreSQL and Spark. Pure: text in, text out."""

from __future__ import annotations

import math

from passerelles.linkage.engine.comparisons import BY_CODE, COMPARISONS, TELLS_RELATIVES_APART, Comparison, Level
from passerelles.linkage.engine.conditions import Dialect
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.records import WEIGHTED


def level_sql(comparison: Comparison, dialect: Dialect, left: str = "l", right: str = "r") -> str:
    """The position of the level of a comparison (0 the strongest), −1 when a value is unknown."""
    cases = [f"WHEN NOT {comparison.known.sql(dialect, left, right)} THEN -1"]
    for position, level in enumerate(comparison.levels):
        if level.when is None:
            return f"CASE {' '.join(cases)} ELSE {position} END"
        cases.append(f"WHEN {level.when.sql(dialect, left, right)} THEN {position}")
    raise ValueError(f"{comparison.code}: the last level must take the rest")


def bits_sql(comparison: Comparison, model: Model, dialect: Dialect, left: str = "l", right: str = "r") -> str:
    """The weight in bits of one comparison; 0 when a value is unknown."""
    cases = [f"WHEN NOT {comparison.known.sql(dialect, left, right)} THEN 0.0"]
    for level in comparison.levels:
        value = _bits(comparison, level, model, left, right)
        if level.when is None:
            return f"CASE {' '.join(cases)} ELSE {value} END"
        cases.append(f"WHEN {level.when.sql(dialect, left, right)} THEN {value}")
    raise ValueError(f"{comparison.code}: the last level must take the rest")


def columns_sql(model: Model, dialect: Dialect, left: str = "l", right: str = "r") -> str:
    """One column of bits per comparison, `w_family` and so on: what `total_sql` adds up."""
    return ", ".join(f"{bits_sql(c, model, dialect, left, right)} AS w_{c.code}" for c in COMPARISONS)


def total_sql(model: Model) -> str:
    """The weight in bits of a pair, prior included, from the columns of `columns_sql`."""
    alone = " + ".join(f"w_{c.code}" for c in COMPARISONS if not c.shared_at_home)
    home = " + ".join(f"w_{c.code}" for c in COMPARISONS if c.shared_at_home)
    relatives = " OR ".join(f"w_{code} = {_number(_last(model, code))}" for code in TELLS_RELATIVES_APART)
    return (
        f"({_number(model.prior_bits)} + {alone} + "
        f"CASE WHEN {relatives} THEN least({_number(0.0)}, {home}) ELSE {home} END)"
    )


def _last(model: Model, code: str) -> float:
    return model.weights[code][BY_CODE[code].levels[-1].code].bits


def _bits(comparison: Comparison, level: Level, model: Model, left: str, right: str) -> str:
    weight = model.weights[comparison.code][level.code]
    if not level.rare:
        return _number(weight.bits)
    column = WEIGHTED[level.rare]
    rarity = f"least({left}.{column}, {right}.{column})"
    return f"CASE WHEN {rarity} = 0 THEN {_number(weight.bits)} ELSE {_number(math.log2(weight.m))} + {rarity} END"


def _number(value: float) -> str:
    """A double in every dialect: a plain decimal would be an exact numeric in PostgreSQL."""
    return f"CAST({value!r} AS double precision)"
