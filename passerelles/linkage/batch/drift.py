"""Do the lists of a month still look like those of the training? Levels among the linked pairs, then and now.

A list that begins to cut given names, or a register that changes how it writes dates, shows here before it shows in
wrong answers.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from passerelles.linkage.batch.link import one_to_one, with_probability
from passerelles.linkage.batch.run import Progress, scored, with_zones
from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.decision import STUDY
from passerelles.linkage.engine.drift import FieldDrift
from passerelles.linkage.engine.model import Model


def drift(
    left: pl.DataFrame, right: pl.DataFrame, model: Model, *, progress: Progress | None = None
) -> list[FieldDrift]:
    """Every field that some linked pair knows, in the order of the model; nothing when the model keeps no shares."""
    counts = linked_levels(left, right, model, progress=progress)
    fields = []
    for code, levels in counts.items():
        known = sum(levels.values())
        if known and code in model.linked:
            found = {level: count / known for level, count in levels.items()}
            fields.append(FieldDrift(code, known, found, dict(model.linked[code])))
    return fields


def linked_levels(
    left: pl.DataFrame, right: pl.DataFrame, model: Model, *, progress: Progress | None = None
) -> dict[str, dict[str, int]]:
    """How many linked pairs are at each level of each field."""
    with scored(left, right, model, progress=progress) as found:
        pairs = with_zones(one_to_one(with_probability(found.pairs, rivals=True)), STUDY.thresholds)
        pairs = pairs.filter(pl.col("zone") == "linked")
        levels = found.engine.levels(pairs)
    return {
        comparison.code: {
            level.code: int((levels[comparison.code] == n).sum()) for n, level in enumerate(comparison.levels)
        }
        for comparison in COMPARISONS
    }


def shares(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, float]]:
    """What a model keeps of its training lists, from `linked_levels`."""
    return {
        code: {level: count / sum(levels.values()) for level, count in levels.items()}
        for code, levels in counts.items()
        if sum(levels.values())
    }
