"""Two lists linked from end to end: prepare, find candidates, score, assign, say why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from passerelles.core.text import safe_cell
from passerelles.linkage.batch.link import Engine, one_to_one, with_probability
from passerelles.linkage.batch.prepare import prepare_frame
from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.decision import STUDY, Thresholds
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.records import RARITIES
from passerelles.linkage.engine.score import Scorer

SMALL = 50_000
"""Lists up to this size are searched with the wide rules: they cost little there."""
LEAST_BITS = -8.0
"""Pairs lighter than this are never worth a line, whatever the threshold."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Scored:
    """Two lists (or one with itself) and the candidates that weigh `LEAST_BITS` or more."""

    engine: Engine
    model: Model  # with the prior of these lists
    left: pl.DataFrame  # prepared, as `right`
    right: pl.DataFrame
    pairs: pl.DataFrame  # left, right (row numbers), bits


@contextmanager
def scored(
    left: pl.DataFrame,
    right: pl.DataFrame | None,
    model: Model,
    *,
    progress: Progress | None = None,
    threads: int = 2,
    memory: str = "2GB",
) -> Iterator[Scored]:
    """Prepare both lists, find the candidates and weigh them; the engine is closed at the end."""
    tell = progress or (lambda step, done, total: None)
    tell("préparation", 0, 2)
    one = prepare_frame(left, model)
    tell("préparation", 1, 2)
    other = one if right is None else prepare_frame(right, model)
    tell("préparation", 2, 2)
    size = max(one.height, other.height)
    model = model.expecting(STUDY.prior(size))
    engine = Engine(one, None if right is None else other, threads=threads, memory=memory)
    try:
        tell("recherche des paires", 0, 1)
        engine.find_candidates(wide=size <= SMALL)
        tell("recherche des paires", 1, 1)
        found = engine.score(model, at_least=LEAST_BITS, progress=lambda done, total: tell("calcul", done, total))
        yield Scored(engine, model, one, other, found.pairs)
    finally:
        engine.close()


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
    with scored(left, right, model, progress=progress, threads=threads, memory=memory) as found:
        told = with_probability(found.pairs, rivals=assign)
        pairs = with_zones(one_to_one(told) if assign else told, thresholds)
        return pairs.with_columns(reasons=reasons_of(found.engine, pairs, found.model, found.left, found.right))


def with_zones(pairs: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Adds the zone of each probability; what is different is left out."""
    linked = pl.col("probability") >= thresholds.linked
    return pairs.filter(pl.col("probability") >= thresholds.review).with_columns(
        zone=pl.when(linked).then(pl.lit("linked")).otherwise(pl.lit("review"))
    )


def reasons_of(engine: Engine, pairs: pl.DataFrame, model: Model, left: pl.DataFrame, right: pl.DataFrame) -> pl.Series:
    """`même date de naissance : +9,1 ; …` for each pair, in the order of `pairs`, strongest first."""
    if not pairs.height:
        return pl.Series([], dtype=pl.String)
    levels = pairs.select("left", "right").join(
        engine.levels(pairs), on=["left", "right"], how="left", maintain_order="left"
    )
    bits = {name: left[name].gather(levels["left"]).to_list() for name in RARITIES.values()}
    others = {name: right[name].gather(levels["right"]).to_list() for name in RARITIES.values()}
    texts = []
    scorer = Scorer(model)
    columns = [levels[comparison.code].to_list() for comparison in COMPARISONS]
    for row in range(levels.height):
        found = []
        for comparison, positions in zip(COMPARISONS, columns, strict=True):
            if positions[row] >= 0:
                level = comparison.levels[positions[row]]
                name = RARITIES.get(level.rare)
                found.append((comparison, level, min(bits[name][row], others[name][row]) if name else 0.0))
        texts.append(" ; ".join(scorer.judge(found).reasons))
    return pl.Series(texts, dtype=pl.String)


def write_pairs(path: Path, pairs: pl.DataFrame, left: Sequence[str], right: Sequence[str]) -> None:
    """left_id, right_id, probability, zone, reasons as csv."""
    frame = pl.DataFrame(
        {
            "left_id": [safe_cell(left[row]) for row in pairs["left"].to_list()],
            "right_id": [safe_cell(right[row]) for row in pairs["right"].to_list()],
            "probability": pairs["probability"].round(6),
            "zone": pairs["zone"],
            "reasons": pairs["reasons"],
        }
    )
    _write(path, frame)


def write_groups(path: Path, groups: Sequence[Sequence[int]], ids: Sequence[str]) -> None:
    """person (1…), id as csv: one line for each record of a person met more than once."""
    lines = [(number, safe_cell(ids[row])) for number, rows in enumerate(groups, 1) for row in rows]
    _write(path, pl.DataFrame(lines, schema={"person": pl.Int64, "id": pl.String}, orient="row"))


def _write(path: Path, frame: pl.DataFrame) -> None:
    """Aside, then moved, so that no half file stays."""
    aside = path.with_name(f"{path.name}.part")
    frame.write_csv(aside)
    aside.replace(path)
