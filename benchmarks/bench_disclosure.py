"""Protection of a national table: 10,800 published cells (budgets: protected in 5 s, audited and repaired in 120 s).

Protocol: one fictitious table, 101 departments in 18 regions and the nation × sex × 5 ages × 4 motives, every total
published, zeros published, threshold 5, region and national totals never hidden; a fixed seed. Protected = Gaussian
elimination. Repair = one linear program for each sensitive cell that no witness protects yet; audit = every witness
checked against every published cell. Cell keys = record keys summed, the whole cube perturbed. Best of `--runs`.
Processor seconds depend less than the wall on what else the machine does.

`--year REGION`: twelve monthly publications of a synthetic region (departments and their total × sex × age band, each
month and each total since January), every one made knowing those before. After each, two attackers compute the exact
bounds of every small cell of all that is printed so far: the outsider, and the one who knows that zeros are printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from passerelles.indicators.disclosure import audit
from passerelles.indicators.disclosure.cellkeys import KEYS, perturbed
from passerelles.indicators.disclosure.elimination import eliminate
from passerelles.indicators.disclosure.protection import protect
from passerelles.indicators.disclosure.systems import Dimension, Flags, System, crossing
from passerelles.indicators.disclosure.timeline import next_publication
from tests.indicators.publications import signatories, windows_up_to

REGIONS = (8, 12, 13, 6, 10, 12, 5, 5, 5, 4, 8, 6, 2, 1, 1, 1, 1, 1)
SEXES, AGES, MOTIVES = (0.47, 0.53), (0.06, 0.2, 0.5, 0.17, 0.07), (0.25, 0.09, 0.11, 0.55)


def national(people: int, seed: int = 1) -> System:
    """The table of `people` signatories, spread unevenly over departments and cells."""
    rng = np.random.default_rng(seed)
    regions = [f"R{region:02}" for region, size in enumerate(REGIONS) for _ in range(size)]
    places = {f"D{number:03}": region for number, region in enumerate(regions)}
    weights = rng.lognormal(0, 0.75, len(places))
    shares = np.einsum("t,s,a,m->tsam", weights, np.array(SEXES), np.array(AGES), np.array(MOTIVES))
    shares = shares * rng.lognormal(0, 0.2, shares.shape)
    counts = rng.multinomial(people, (shares / shares.sum()).ravel()).reshape(shares.shape)
    dimensions = [
        Dimension.nested("territoire", places),
        Dimension.flat("sexe", "FH"),
        Dimension.flat("âge", "abcde"),
        Dimension.flat("motif", "wxyz"),
    ]
    tops = {*regions, "Total"}
    return crossing(dimensions, counts).kept(lambda codes: codes[0] in tops and set(codes[1:]) == {"Total"})


def a_year(region: str) -> None:
    """Twelve publications, each attacked with all that was printed before it."""
    dimensions, counts = signatories(region)
    earlier: dict[str, Flags] = {}
    print(
        f"region {region}: {int(counts.sum()):,} people, {counts.shape[1]} departments; load {os.getloadavg()[0]:.1f}"
    )
    print("| month | printed cells | small | hidden | protection (s) | exactly found | under 5 | attack (s) |")
    print("|---|---|---|---|---|---|---|---|")
    for month in range(12):
        begun = time.perf_counter()
        windows = windows_up_to(month)
        protection, earlier = next_publication(dimensions, list(counts[: month + 1]), windows, earlier)
        protected = time.perf_counter() - begun
        system, begun = protection.system, time.perf_counter()
        small = np.flatnonzero((system.values > 0) & (system.values < 5)).tolist()
        bounds = [
            bound
            for informed in (False, True)
            for bound in audit.bounds(system, protection.hidden, small, informed=informed)
        ]
        exact = sum(low == high for low, high in bounds)
        narrow = sum(high is not None and high < 5 for _, high in bounds)
        print(
            f"| {windows[month].name} | {system.size - int(protection.hidden.sum()):,} | {len(small):,} "
            f"| {int(protection.hidden.sum()):,} | {protected:.1f} | {exact} | {narrow} "
            f"| {time.perf_counter() - begun:.0f} |",
            flush=True,
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=130_000)
    options.add_argument("--runs", type=int, default=1)
    options.add_argument("--year", metavar="REGION", help="twelve publications of this region instead")
    asked = options.parse_args()
    if asked.year:
        a_year(asked.year)
        return
    system = national(asked.people)
    spent: dict[str, list[tuple[float, float]]] = {}

    def timed(name, what):
        start, used = time.perf_counter(), time.process_time()
        done = what()
        spent.setdefault(name, []).append((time.perf_counter() - start, time.process_time() - used))
        return done

    for _ in range(asked.runs):
        pattern = timed("protected (elimination)", lambda: eliminate(system, 5))
        protection = timed("repair", lambda pattern=pattern: protect(system, 5, hidden=pattern))
        certificate = timed("audit", lambda protection=protection: audit.certify(protection))
        keys = np.random.default_rng(2).integers(0, KEYS, system.size, dtype=np.uint64)
        timed("cell keys", lambda keys=keys: perturbed(system.values, keys))
    filled = int((system.values > 0).sum())
    print(f"cells: {system.size:,} ({filled:,} filled)   people: {asked.people:,}   load: {os.getloadavg()[0]:.1f}")
    print(f"sensitive: {certificate.sensitive:,}   hidden by elimination: {int(pattern.sum()):,}")
    hidden = int(protection.hidden.sum())
    print(f"hidden after repair: {hidden:,} ({hidden / filled:.1%} of filled cells)")
    print(f"witnesses: {certificate.witnesses}   certificate holds: {certificate.holds}\n")
    print("| step | seconds | processor seconds |\n|---|---|---|")
    best = {name: tuple(map(min, zip(*runs, strict=True))) for name, runs in spent.items()}
    for name, (wall, processor) in best.items():
        print(f"| {name} | {wall:.2f} | {processor:.2f} |")
    wall, processor = (sum(best[name][rank] for name in ("repair", "audit")) for rank in (0, 1))
    print(f"\naudit and repair together: {wall:.1f} s, {processor:.1f} s of processor")


if __name__ == "__main__":
    main()
