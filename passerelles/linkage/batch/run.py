"""Two lists linked from end to end: prepare, find candidates, score, assign, say why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from passerelles.core.text import safe_cell
from passerelles.linkage.batch.link import Engine, one_to_one
from passerelles.linkage.batch.prepare import prepare_frame
from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.decision import STUDY, Thresholds
from passerelles.linkage.engine.model import Model, probability
from passerelles.linkage.engine.records import WEIGHTED

SMALL = 50_000
"""Lists up to this size are searched with the wide rules: they cost little there."""
LEAST_BITS = -8.0
"""Pairs lighter than this are never worth a line, whatever the threshold."""

Progress = Callable[[str, int, int], None]


def link(
    left: pl.DataFrame,
    right: pl.DataFrame,
    model: Model,
    *,
    thresholds: Thresholds = STUDY.thresholds,
    assign: bool = True,
    progress: Progress | None = None,
    threads: int = 2,
    memory: str = "2GB",
) -> pl.DataFrame:
    """left, right (row numbers), bits, probability, zone, reasons: the pairs at or above the review threshold.

    `assign`: both are lists of persons, so that a record has one partner at most.
    """
    tell = progress or (lambda step, done, total: None)
    tell("préparation", 0, 2)
    prepared_left = prepare_frame(left, model)
    tell("préparation", 1, 2)
    prepared_right = prepare_frame(right, model)
    tell("préparation", 2, 2)
    model = model.expecting(STUDY.prior(max(left.height, right.height)))
    engine = Engine(prepared_left, prepared_right, threads=threads, memory=memory)
    try:
        wide = max(left.height, right.height) <= SMALL
        tell("recherche des paires", 0, 1)
        engine.find_candidates(wide=wide)
        tell("recherche des paires", 1, 1)
        scored = engine.score(model, at_least=LEAST_BITS, progress=lambda done, total: tell("calcul", done, total))
        pairs = one_to_one(scored.pairs) if assign else scored.pairs
        pairs = with_zones(pairs, thresholds)
        return pairs.with_columns(reasons=reasons_of(engine, pairs, model, prepared_left, prepared_right))
    finally:
        engine.close()


def with_zones(pairs: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Adds probability and zone; what is different is left out."""
    probabilities = [probability(bits) for bits in pairs["bits"].to_list()]
    return (
        pairs.with_columns(probability=pl.Series(probabilities, dtype=pl.Float64))
        .filter(pl.col("probability") >= thresholds.review)
        .with_columns(
            zone=pl.when(pl.col("probability") >= thresholds.linked).then(pl.lit("linked")).otherwise(pl.lit("review"))
        )
    )


def reasons_of(engine: Engine, pairs: pl.DataFrame, model: Model, left: pl.DataFrame, right: pl.DataFrame) -> pl.Series:
    """`même date de naissance : +9,1 ; …` for each pair, in the order of `pairs`, strongest first."""
    if not pairs.height:
        return pl.Series([], dtype=pl.String)
    levels = pairs.select("left", "right").join(
        engine.levels(pairs), on=["left", "right"], how="left", maintain_order="left"
    )
    bits = {name: left[name].gather(levels["left"]).to_list() for name in WEIGHTED.values()}
    others = {name: right[name].gather(levels["right"]).to_list() for name in WEIGHTED.values()}
    texts = []
    columns = [levels[comparison.code].to_list() for comparison in COMPARISONS]
    for row in range(levels.height):
        found: list[tuple[float, str]] = []
        for comparison, positions in zip(COMPARISONS, columns, strict=True):
            if positions[row] < 0:
                continue
            level = comparison.levels[positions[row]]
            weight = model.weights[comparison.code][level.code]
            if level.rare:
                name = WEIGHTED[level.rare]
                value = weight.rare_bits(min(bits[name][row], others[name][row]))
            else:
                value = weight.bits
            found.append((value, level.label))
        found.sort(key=lambda each: -abs(each[0]))
        texts.append(
            " ; ".join(f"{label} : {value:+.1f}".replace(".", ",") for value, label in found if abs(value) > 0)
        )
    return pl.Series(texts, dtype=pl.String)


def write_pairs(path: Path, pairs: pl.DataFrame, left: Sequence[str], right: Sequence[str]) -> None:
    """left_id, right_id, probability, zone, reasons as csv: written aside, then moved, so that no half file stays."""
    frame = pl.DataFrame(
        {
            "left_id": [safe_cell(left[row]) for row in pairs["left"].to_list()],
            "right_id": [safe_cell(right[row]) for row in pairs["right"].to_list()],
            "probability": pairs["probability"].round(6),
            "zone": pairs["zone"],
            "reasons": pairs["reasons"],
        }
    )
    aside = path.with_name(f"{path.name}.part")
    frame.write_csv(aside)
    aside.replace(path)
