"""m and u of every level by Splink: u on random pairs, m by expectation–maximisation on several blockings.

Three things Splink does not know are added: the shares among kin (`kin`), the u of identifiers, and the u of what
goes with a name (`among_namesakes`).
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from passerelles.core.errors import UserError
from passerelles.linkage.batch.prepare import prepare_frame
from passerelles.linkage.engine.comparisons import COMPARISONS, Comparison
from passerelles.linkage.engine.conditions import Dialect
from passerelles.linkage.engine.model import OTHERS, Model, Weight
from passerelles.linkage.engine.records import WEIGHTED
from passerelles.linkage.training.kin import KIN, ODDS

RANDOM_PAIRS = 5_000_000
SEED = 57
LEAST = 1e-9
"""No level is impossible: what was never seen weighs at most this."""
UNSEEN_M, UNSEEN_U = 1e-4, 1e-6
MOST_NAMES = 3_000
"""Values kept in a frequency table; the others share the mean frequency of those left out."""
LEAST_SHARE = 2.0**-14
"""No value is rarer: a family name never seen is that of a whole family, a spelling never seen is often a slip."""
IDENTIFIERS = {"agdref": (0.97, 1e-7), "nir": (0.6, 1e-8), "ft": (0.95, 1e-7)}
"""m and u of an equal identifier. u is always fixed by hand, two persons share one only by a clerk's mistake (study,
section 4); m only when the lists of the training do not both hold the number. A NIR changes once in a life."""
SOMEBODY_ELSES = 0.005
"""m of a different identifier at least: the number of a spouse is typed now and then."""
DETERMINISTIC = (
    "l.agdref = r.agdref AND l.agdref <> ''",
    "l.nir = r.nir AND l.nir <> ''",
    "l.family = r.family AND l.given = r.given AND l.born = r.born AND l.family <> '' AND l.born <> ''",
    "l.email = r.email AND l.born = r.born AND l.email <> '' AND l.born <> ''",
)
BLOCKINGS = (
    "l.agdref = r.agdref AND l.agdref <> ''",
    "l.nir = r.nir AND l.nir <> ''",
    "l.family = r.family AND l.first = r.first AND l.born = r.born AND l.family <> '' AND l.born <> ''",
)
"""Pairs of one number teach how names, dates and places differ for one person; pairs of one identity teach the numbers.
Blocking on names alone would teach relatives: telephones shared, dates different."""
RECALL = 0.85


class SplinkMissing(UserError):
    """Training was asked for without its optional dependency."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and what Splink said while training, for the report."""

    model: Model
    rounds: int
    unseen: tuple[str, ...]


def train(
    left: pl.DataFrame,
    right: pl.DataFrame | None,
    *,
    version: str,
    trained_on: str,
    deterministic: Sequence[str] = DETERMINISTIC,
    blockings: Sequence[str] = BLOCKINGS,
    recall: float = RECALL,
    pairs: int = RANDOM_PAIRS,
    kin: float = ODDS,
) -> Trained:
    """Weights learnt from two lists of records without labels (one list compared with itself when `right` is None).

    `kin`: pairs of relatives for one pair of the same person in such lists.
    """
    splink = _splink()
    frequencies = frequencies_of([left] if right is None else [left, right])
    bare = uniform_model(frequencies)
    frames = [prepare_frame(frame, bare) for frame in ([left] if right is None else [left, right])]
    namesakes = among_namesakes(frames)
    frames = [frame.rename({"row": "unique_id"}) for frame in frames]
    api = splink.DuckDBAPI()
    tables = [
        api.register(frame.to_arrow(), dataset_display_name=name) for frame, name in zip(frames, "ab", strict=False)
    ]
    linker = splink.Linker(
        tables,
        {
            "link_type": "dedupe_only" if right is None else "link_only",
            "comparisons": [_setting(comparison) for comparison in COMPARISONS],
            "blocking_rules_to_generate_predictions": list(blockings),
            "retain_intermediate_calculation_columns": False,
        },
        log_level=logging.ERROR,
    )
    linker.training.estimate_probability_two_random_records_match(list(deterministic), recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=SEED)
    for rule in blockings:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=pairs)
    trained = _extract(linker.misc.save_model_to_json(), frequencies, version, trained_on, len(blockings))
    return replace(trained, model=replace(with_u(trained.model, namesakes), kin=kin))


def frequencies_of(frames: Iterable[pl.DataFrame]) -> dict[str, dict[str, float]]:
    """How frequent each name, key of a name, place and address is, in all the lists together."""
    prepared = [prepare_frame(frame, uniform_model({})) for frame in frames]
    tables: dict[str, dict[str, float]] = {}
    for column in WEIGHTED:
        values = pl.concat([frame.select(column) for frame in prepared])
        if values.schema[column] == pl.List:
            known = values.filter(pl.col(column).list.len() > 0)
            values = known.explode(column).cast(pl.String)
        else:
            values = known = values.filter(pl.col(column) != "")
        counts = values.group_by(column).len().sort("len", column, descending=[True, False])
        total = known.height
        kept = counts.head(MOST_NAMES)
        rest = counts.slice(MOST_NAMES)["len"].to_list() or [1]
        others = max(sum(rest) / len(rest) / max(total, 1), LEAST_SHARE)
        table = {name: count / total for name, count in kept.iter_rows() if count / total > others}
        tables[column] = table | {OTHERS: others}
    return tables


def uniform_model(frequencies: dict[str, dict[str, float]]) -> Model:
    """Every level weighs nothing: what is needed to prepare records before the weights are known."""
    weights = {c.code: {level.code: Weight(0.5, 0.5, 0.5) for level in c.levels} for c in COMPARISONS}
    return Model("uniform", 0.5, weights, frequencies=frequencies)


def among_namesakes(frames: Iterable[pl.DataFrame]) -> dict[tuple[str, str], float]:
    """{(comparison, level): u among pairs of one list that bear one family name}, from prepared frames.

    Names tell the country, and some countries date every birth of a year on 1 January: two strangers of one name agree
    on these far more often than two strangers.
    """
    prepared = [frame.filter(pl.col("family") != "") for frame in frames]
    nationals = [frame.filter(pl.col("country") != "") for frame in prepared]
    born = [frame.filter(pl.col("born") != "") for frame in prepared]
    found = {}
    if namesakes := _pairs(nationals, "family"):
        same = min(max(_pairs(nationals, "family", "country") / namesakes, 0.05), 0.95)
        found = {("country", "same"): same, ("country", "other"): 1 - same}
    estimated = _pairs([frame.filter("estimated") for frame in born], "family", "born")
    if estimated:
        found["born", "same_estimated"] = estimated / _pairs(born, "family")
    return found


def _pairs(frames: Iterable[pl.DataFrame], *columns: str) -> int:
    """How many pairs of a same list agree on all the columns."""
    counts = (frame.group_by(columns).len()["len"].cast(pl.Int64) for frame in frames)
    return sum(int((each * (each - 1)).sum()) // 2 for each in counts)


def _setting(comparison: Comparison) -> dict[str, Any]:
    aside = [f"NOT {comparison.known.sql(Dialect.DUCKDB)}", *(each.sql(Dialect.DUCKDB) for each in comparison.unless)]
    levels: list[dict[str, Any]] = [
        {"sql_condition": _suffixed(" OR ".join(aside)), "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        condition = _suffixed(level.when.sql(Dialect.DUCKDB)) if level.when else "ELSE"
        levels.append({"sql_condition": condition, "label_for_charts": level.code})
    return {"output_column_name": comparison.code, "comparison_levels": levels}


def _suffixed(sql: str) -> str:
    """`l.family` as Splink writes it: `"family_l"`."""
    return re.sub(r"\b([lr])\.(\w+)", r'"\2_\1"', sql)


def _extract(
    saved: dict[str, Any], frequencies: dict[str, dict[str, float]], version: str, trained_on: str, rounds: int
) -> Trained:
    unseen: list[str] = []
    weights: dict[str, dict[str, Weight]] = {}
    for comparison, setting in zip(COMPARISONS, saved["comparisons"], strict=True):
        told = {level["label_for_charts"]: level for level in setting["comparison_levels"]}
        levels = {}
        for level in comparison.levels:
            m, u = told[level.code].get("m_probability"), told[level.code].get("u_probability")
            if not m or not u:
                unseen.append(f"{comparison.code}.{level.code}")
            levels[level.code] = _weight(m, u, KIN[comparison.code][level.code])
        if comparison.code in IDENTIFIERS:
            m, u = IDENTIFIERS[comparison.code]
            never = _known(told["same"].get("m_probability")) is None
            levels["same"] = Weight(m if never else levels["same"].m, u, KIN[comparison.code]["same"])
            if never:
                levels["other"] = Weight(1 - m, 1 - u, KIN[comparison.code]["other"])
            levels["other"] = replace(levels["other"], m=max(levels["other"].m, SOMEBODY_ELSES))
        weights[comparison.code] = levels
    prior = saved["probability_two_random_records_match"]
    model = Model(version, prior, weights, kin=ODDS, frequencies=frequencies, trained_on=trained_on)
    return Trained(model, rounds, tuple(unseen))


def with_u(model: Model, told: Mapping[tuple[str, str], float]) -> Model:
    """The same model with the u of some levels replaced."""
    weights = {code: dict(levels) for code, levels in model.weights.items()}
    for (comparison, level), u in told.items():
        weights[comparison][level] = replace(weights[comparison][level], u=u)
    return replace(model, weights=weights)


def _weight(m: float | None, u: float | None, k: float) -> Weight:
    """A level never seen on either side says nothing; seen on one side only, it says little."""
    known_m, known_u = _known(m), _known(u)
    if known_m is None and known_u is None:
        return Weight(UNSEEN_M, UNSEEN_M, UNSEEN_M)
    if known_m is None:
        return Weight(UNSEEN_M, max(known_u or 0.0, LEAST), k)
    return Weight(known_m, known_u or UNSEEN_U, k)


def _known(value: float | None) -> float | None:
    if value is None or math.isnan(value) or value <= 0:
        return None
    return min(max(value, LEAST), 1.0)


def _splink() -> Any:
    try:
        import splink
        from splink.backends.duckdb import DuckDBAPI
    except ImportError as error:
        raise SplinkMissing(
            "L’entraînement du modèle a besoin de Splink, qui n’est pas installé.",
            remedy="Installez les dépendances de requirements/bench.txt, puis recommencez.",
        ) from error
    splink.DuckDBAPI = DuckDBAPI
    return splink
