"""Linkage against its peers: quality on labelled lists, time and memory of a batch, calibration, one look-up.

Protocol: FEBRL 3 and 4 without their identifier, and the fictitious base of 130,000 × 650,000 (60 % of the left is in
the right). Every engine gets the same columns; peers share one blocking. On lists of persons each engine's pairs go
through the same one-to-one assignment. No label is used to train. F1 is given at probability 0.5 and at the best
threshold of each engine (rules have none). Sections: quality, batch, online, spark, all; peers need
requirements/bench.txt (`make bench-linkage`), and are left out, with a line, when they are not there. Section large,
on demand, takes the right list by parts of a million lines and goes on where it stopped.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl

from benchmarks.linkage import ours, peers, quality
from benchmarks.linkage.data import Labelled, febrl3, febrl4, synthetic
from passerelles.linkage.batch.link import one_to_one
from passerelles.linkage.engine.decision import CHECK, STUDY
from passerelles.linkage.engine.model import load

ENGINES = {
    "Splink, its own comparisons": peers.splink,
    "recordlinkage, ECM": peers.recordlinkage,
    "rules": peers.rules,
    "exact join": peers.exact,
}
SECTIONS = ("quality", "batch", "online", "spark", "large")
ALL = SECTIONS[:-1]


def assigned(scored: peers.Scored) -> peers.Scored:
    frame = pl.DataFrame(scored, schema={"left": pl.UInt32, "right": pl.UInt32, "bits": pl.Float64}, orient="row")
    ordered = frame.sort("bits", "left", "right", descending=[True, False, False])
    return list(one_to_one(ordered).iter_rows())


def quality_row(name: str, base: Labelled, scored: peers.Scored, half: float, seconds: float) -> None:
    """`half`: the weight that stands for probability 0.5."""
    at_half = quality.of(((left, right) for left, right, weight in scored if weight >= half), base.truth)
    print(f"| {base.name} | {name} | {at_half.row()} | {quality.best(scored, base.truth).f1:.4f} | {seconds:.0f} |")


def compared(base: Labelled) -> None:
    start = time.perf_counter()
    if base.name.startswith("FEBRL"):
        scored = ours.on_febrl(base)
        taken = time.perf_counter() - start
        quality_row("Passerelles", base, scored, 0.0, taken)
        if base.right is None:
            pairs = ours.gathered(scored, 0.0)
            quality_row("Passerelles, gathered by person", base, [(*pair, 1.0) for pair in pairs], 0.5, taken)
    else:
        pairs = ours.on_lists(base, load(), ours.Clock())
        quality_row(
            "Passerelles",
            base,
            list(pairs.select("left", "right", "bits").iter_rows()),
            0.0,
            time.perf_counter() - start,
        )
    for name, engine in ENGINES.items():
        start = time.perf_counter()
        scored = engine(base)
        scored = scored if base.right is None else assigned(scored)
        quality_row(name, base, scored, 0.5, time.perf_counter() - start)
        sys.stdout.flush()


def measure_quality(base: Labelled) -> None:
    if not importlib.util.find_spec("splink") or not importlib.util.find_spec("recordlinkage"):
        print("Splink and recordlinkage are not installed: comparison left out (make bench-linkage installs them).")
        return
    print("| lists | engine | precision | recall | F1 at 0.5 | best F1 | seconds |\n|---|---|---|---|---|---|---|")
    for each in (febrl3(), febrl4(), base):
        compared(each)


def measure_batch(base: Labelled) -> None:
    assert base.right is not None
    clock, plain = ours.Clock(), ours.Clock()

    def join(engine: ours.Engine) -> None:
        with plain.phase("plain"):
            ours.plain_join(engine)

    pairs = ours.on_lists(base, load(), clock, join)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| phase | seconds | processor seconds |\n|---|---|---|")
    for name, (wall, used) in [*clock.phases.items(), ("**all**", clock.total)]:
        print(f"| {name} | {wall:.1f} | {used:.1f} |")
    join_seconds = [
        sum(each) for each in zip(clock.phases["loading"], clock.phases["candidates"], plain.total, strict=True)
    ]
    print(
        f"\nplain equality join of the same candidates (loading, candidates, equality): {join_seconds[0]:.1f} s, "
        f"{join_seconds[1]:.1f} s of processors; ratio {clock.total[0] / join_seconds[0]:.2f}, "
        f"{clock.total[1] / join_seconds[1]:.2f} in processor seconds"
    )
    print(f"peak memory: {peak:,.0f} MiB   load: {os.getloadavg()[0]:.1f}")
    describe(base, pairs)


def describe(base: Labelled, pairs: pl.DataFrame) -> None:
    """Calibration, cost of each threshold, precision and recall by group."""
    rows = list(pairs.select("left", "right").iter_rows())
    told = pairs["probability"].to_list()
    right = [pair in base.truth for pair in rows]
    print("\n| probability | pairs | mean | one person |\n|---|---|---|---|")
    print("\n".join(quality.reliability(told, right)))
    print(f"\n| linked from | precision | recall | false links among {base.left.height:,} | to review |")
    print("|---|---|---|---|---|")
    for threshold in (0.5, 0.9, STUDY.thresholds.linked, 0.99, CHECK.thresholds.linked, 0.999):
        found = [good for p, good in zip(told, right, strict=True) if p >= threshold]
        review = sum(STUDY.thresholds.review <= p < threshold for p in told)
        print(
            f"| {threshold} | {quality.interval(sum(found), len(found))} "
            f"| {quality.interval(sum(found), len(base.truth))} | {len(found) - sum(found)} "
            f"| {review / base.left.height:.1%} |"
        )
    sure = {pair: good for pair, p, good in zip(rows, told, right, strict=True) if p >= STUDY.thresholds.linked}
    print(f"\nLinked at {STUDY.thresholds.linked}, by group of the left record:")
    print("\n| group | persons in both | precision | recall |\n|---|---|---|---|")
    common = {country for country, _ in Counter(base.left["country"].to_list()).most_common(12)}
    groups = {
        "sex": base.left["sex"].to_list(),
        "country": [each if each in common else "others" for each in base.left["country"].to_list()],
        "born 1 January or 31 December": [
            "" if born is None else "yes" if (born.month, born.day) in {(1, 1), (12, 31)} else "no"
            for born in base.left["birth_date"].to_list()
        ],
        "foreigner number": ["known" if number else "" for number in base.left["foreigner_number"].to_list()],
    }
    for name, values in groups.items():
        for value in sorted(set(values)):
            wanted = sum(values[left] == value for left, _ in base.truth)
            mine = [good for (left, _), good in sure.items() if values[left] == value]
            print(
                f"| {name}: {value or 'unknown'} | {wanted} | {quality.interval(sum(mine), len(mine))} "
                f"| {quality.interval(sum(mine), wanted)} |"
            )


def measure_online(base: Labelled) -> None:
    from benchmarks.linkage import online

    online.measure(base, load())


def measure_large(base: Labelled) -> None:
    from benchmarks.linkage import large

    large.measure(base, load())


def measure_spark(_: Labelled) -> None:
    if not importlib.util.find_spec("pyspark") or not shutil.which("java"):
        print("Spark or Java is not there: parity on Spark left out (make bench-linkage installs pyspark).")
        return
    from tests.linkage.engine import executors

    pairs, model = executors.pairs_of(500), load()
    start = time.perf_counter()
    python = executors.in_python(pairs, model)
    for name, bits in (("DuckDB", executors.in_duckdb(pairs, model)), ("Spark", executors.in_spark(pairs, model))):
        furthest = max(abs(one - other) for one, other in zip(python, bits, strict=True))
        print(f"{name} and Python on {len(pairs):,} pairs: {furthest:.1e} bit apart at most")
        assert furthest < 0.01
    print(f"{time.perf_counter() - start:.0f} s, Spark started and stopped")


MEASURES = dict(
    zip(SECTIONS, (measure_quality, measure_batch, measure_online, measure_spark, measure_large), strict=True)
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sections", nargs="*", choices=[*SECTIONS, "all"], default="all")
    options.add_argument("--left", type=int, default=130_000)
    options.add_argument("--right", type=int, default=650_000)
    asked = options.parse_args()
    wanted = ALL if "all" in asked.sections else asked.sections
    base = synthetic(asked.left, asked.right)
    for section in wanted:
        print(f"\n## {section}: {base.name}\n", flush=True)
        MEASURES[section](base)


if __name__ == "__main__":
    main()
