"""The same levels and weights as SQL, for DuckDB, PostgreSQL and Spark. Pure: text in, text out."""

from __future__ import annotations

import math

from passerelles.linkage.engine.comparisons import COMPARISONS, Comparison
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


def columns_sql(model: Model, dialect: Dialect, left: str = "l", right: str = "r") -> str:
    """What `total_sql` adds up: one column per comparison for its level, `n_family` and so on, one for the rarity of
    the value agreed on where it counts, `q_family`."""
    columns = [f"{level_sql(c, dialect, left, right)} AS n_{c.code}" for c in COMPARISONS]
    columns += [
        f"least({left}.{WEIGHTED[c.rare]}, {right}.{WEIGHTED[c.rare]}) AS q_{c.code}"
        for c in COMPARISONS
        if any(model.is_rare(level) for level in c.levels)
    ]
    return ", ".join(columns)


def total_sql(model: Model, shift: str = "") -> str:
    """The weight in bits of a pair, prior included, from the columns of `columns_sql`.

    `shift`: an SQL number of bits to add to the prior, for a list that is not as long as those of the training.
    """
    strangers = " + ".join(
        [_number(model.prior_bits), *([shift] if shift else []), *(_bits(model, c) for c in COMPARISONS)]
    )
    kin = " + ".join([_number(-math.log2(model.kin)), *(_kin_bits(model, c) for c in COMPARISONS)])
    ln2 = _number(math.log(2))
    return f"(-ln(exp(-{ln2} * ({strangers})) + exp(-{ln2} * ({kin}))) / {ln2})"


def _bits(model: Model, comparison: Comparison) -> str:
    cases = []
    for position, level in enumerate(comparison.levels):
        value = _number(model.bits(comparison, level))
        cases.append(f"WHEN {position} THEN {value}{f' + q_{comparison.code}' if model.is_rare(level) else ''}")
    return f"CASE n_{comparison.code} {' '.join(cases)} ELSE {_number(0.0)} END"


def _kin_bits(model: Model, comparison: Comparison) -> str:
    weights = model.weights[comparison.code]
    cases = [f"WHEN {n} THEN {_number(weights[level.code].kin_bits)}" for n, level in enumerate(comparison.levels)]
    return f"CASE n_{comparison.code} {' '.join(cases)} ELSE {_number(0.0)} END"


def _number(value: float) -> str:
    """A double in every dialect: a plain decimal would be an exact numeric in PostgreSQL."""
    return f"CAST({value!r} AS double precision)"
