"""A batch too large for one pass: the right list by parts, each part's pairs kept in a file, so that it can be resumed.

The lists are made once (`data.synthetic`), prepared once and kept; a part that is there is not done again. What is
printed for a part done before is what it cost then.
"""

from __future__ import annotations

import json
import os
import resource
import time
from pathlib import Path

import polars as pl

from benchmarks.linkage import quality
from benchmarks.linkage.data import KEPT, Labelled
from passerelles.linkage.batch.link import Engine, one_to_one, with_probability
from passerelles.linkage.batch.prepare import prepare_frame
from passerelles.linkage.engine.decision import STUDY
from passerelles.linkage.engine.model import Model

PART = 1_000_000
"""Lines of the right list compared at a time."""
MEMORY = "6GB"
LEAST_BITS = -8.0


def measure(base: Labelled, model: Model) -> None:
    """Prints a line for each part as it ends, then the table."""
    assert base.right is not None
    folder = KEPT / f"large-{base.left.height}-{base.right.height}-{model.version}"
    folder.mkdir(parents=True, exist_ok=True)
    model = model.expecting(STUDY.prior(base.right.height))
    starts = range(0, base.right.height, PART)
    for number, start in enumerate(starts, 1):
        if not (folder / f"{start}.json").is_file():
            _part(base, model, start, folder)
        told = json.loads((folder / f"{start}.json").read_text())
        print(f"part {number} of {len(starts)}: {told}", flush=True)
    clock = time.perf_counter(), time.process_time()
    pairs = pl.concat([pl.read_parquet(folder / f"{start}.parquet") for start in starts])
    ordered = pairs.sort("bits", "left", "right", descending=[True, False, False])
    kept = one_to_one(with_probability(ordered, rivals=True))
    last = {"wall": time.perf_counter() - clock[0], "processor": time.process_time() - clock[1]}
    parts = [json.loads((folder / f"{start}.json").read_text()) for start in starts]
    total = {name: sum(each[name] for each in parts) + last[name] for name in last}
    found = list(kept.select("left", "right", "bits").iter_rows())
    half = quality.of(((left, right) for left, right, bits in found if bits >= 0), base.truth)
    print("| parts | candidates | seconds | processor seconds | peak GiB | precision | recall | F1 at 0.5 | best F1 |")
    print("|---|---|---|---|---|---|---|---|---|")
    print(
        f"| {len(parts)} | {sum(each['candidates'] for each in parts):,} | {total['wall']:.0f} "
        f"| {total['processor']:.0f} | {max(each['peak'] for each in parts):.1f} | {half.row()} "
        f"| {quality.best(found, base.truth).f1:.4f} |"
    )
    print(f"load: {max(each['load'] for each in parts):.1f} at most at the end of a part")


def _part(base: Labelled, model: Model, start: int, folder: Path) -> None:
    """The left list against lines `start`… of the right one; both files are written, or none."""
    assert base.right is not None
    clock = time.perf_counter(), time.process_time()
    left = prepare_frame(base.left, model)
    right = prepare_frame(base.right.slice(start, PART), model).with_columns(
        pl.col("row") + pl.lit(start, dtype=pl.UInt32)
    )
    engine = Engine(left, right, memory=MEMORY)
    del left, right
    try:
        engine.find_candidates()
        found = engine.score(model, at_least=LEAST_BITS)
    finally:
        engine.close()
    found.pairs.write_parquet(folder / f"{start}.parquet")
    told = {
        "candidates": found.candidates,
        "wall": round(time.perf_counter() - clock[0], 1),
        "processor": round(time.process_time() - clock[1], 1),
        "peak": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "load": round(os.getloadavg()[0], 1),
    }
    aside = folder / f"{start}.json.part"
    aside.write_text(json.dumps(told))
    aside.replace(folder / f"{start}.json")
