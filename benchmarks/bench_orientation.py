"""Orientation: every rule in force for one person, then for a population (budgets: 2 ms; 130,000 in 60 s on 2 cores).

Protocol: fictitious persons drawn at random, each fact known 7 times out of 10, spread over the departments and over
the days of a year; no database; processor time, because the machine is shared. *Cold* is the first evaluation of the
process, plan included. The population is evaluated by one process, then by two (the longer of the two counts), the
drawing of the persons left aside. `--peer` runs another engine, in its own environment, on a file of persons whose
facts are all known, and says whether its answers to `SHARED` are ours; our engine does the same with these rules alone.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.evaluation import RuleBook, Session
from passerelles.orientation.engine.facts import NEVER, FactSpec, FactType, Value
from passerelles.orientation.rules import BOOK, FACTS
from passerelles.reference import territories
from passerelles.reference.levels import Level

ON = dt.date(2026, 1, 15)
KNOWN = 0.7
SHARED = ("mission_locale.public", "langue.presentiel_2025", "spe.orientation")
"""Rules that both engines can express: dated parameters and ages, regime by date, levels, an exception."""
COLUMNS = {
    "birth": "naissance",
    "signed": "cir.date_signature",
    "cir": "cir.contrat",
    "written": "langue.ecrit",
    "oral": "langue.oral",
    "reads": "langue.lecteur_scripteur",
    "situation": "emploi.situation",
    "seeking": "emploi.recherche",
    "exempt": "spe.dispense",
}
DEPARTMENTS = [department.code for department in territories.departments()]
COUNTRIES = ["AF", "SY", "UA", "MA", "DZ", "CI", "GN", "BD", "LK", "CD"]


def drawn(spec: FactSpec, luck: random.Random) -> Value:
    match spec.type:
        case FactType.BOOL:
            return luck.random() < 0.5
        case FactType.ENUM:
            return luck.choice(list(spec.values))
        case FactType.LEVEL:
            return luck.choice(list(Level)[:6])
        case FactType.COUNTRY:
            return luck.choice(COUNTRIES)
        case FactType.DEPARTMENT:
            return luck.choice(DEPARTMENTS)
        case FactType.INT:
            return luck.randrange(min(spec.highest, 120))
        case FactType.CODES:
            return frozenset(code for code in spec.values if luck.random() < 0.2)
    if spec.code == "naissance":
        return dt.date(1960, 1, 1) + dt.timedelta(days=luck.randrange(17_000))
    if spec.may_be_never and luck.random() < 0.2:
        return NEVER
    return ON - dt.timedelta(days=luck.randrange(-400, 2_000))


def population(count: int, seed: int) -> list[tuple[dict[str, Value], dt.date]]:
    luck = random.Random(seed)
    return [
        (
            {code: drawn(spec, luck) for code, spec in FACTS.items() if luck.random() < KNOWN},
            ON - dt.timedelta(days=luck.randrange(365)),
        )
        for _ in range(count)
    ]


def evaluated(count: int, seed: int) -> tuple[float, Counter[str]]:
    """Seconds to answer every rule for that many persons, drawing them left aside; and the verdicts."""
    found: Counter[str] = Counter()
    seconds = 0.0
    session = Session(BOOK, {})
    for start in range(0, count, 5_000):
        people = population(min(5_000, count - start), seed + start)
        began = time.process_time()
        for facts, on in people:
            found.update(session.evaluate(facts, on).verdicts().values())
        seconds += time.process_time() - began
    return seconds, found


def row(what: str, figure: str) -> None:
    print(f"| {what} | {figure} |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=130_000)
    arguments.add_argument("--peer", help="command that reads nothing and prints its own rows of the table")
    chosen = arguments.parse_args()
    people = population(2_000, 57)

    row("step", "time")
    row("---", "---")
    began = time.process_time()
    first = BOOK.evaluate(people[0][0], ON)
    first.verdicts()
    row(f"cold: plan of {len(first)} rules, first person", f"{(time.process_time() - began) * 1e3:.0f} ms")
    session = Session(BOOK, {})
    row("one person, every verdict", spread(lambda facts: session.evaluate(facts, ON).verdicts(), people))
    row("one person, reasons and questions", spread(lambda facts: dict(session.evaluate(facts, ON)), people[:500]))
    seconds, found = evaluated(chosen.people, 1)
    row(f"{chosen.people:,} persons, one process", f"{seconds:.1f} s")
    share = chosen.people // 2
    with ProcessPoolExecutor(2) as pool:
        parts = list(pool.map(evaluated, [share, chosen.people - share], [1, 2]))
    row(f"{chosen.people:,} persons, two processes", f"{max(part[0] for part in parts):.1f} s")
    total = sum(found.values())
    shares = ", ".join(f"{verdict} {count / total:.0%}" for verdict, count in sorted(found.items()))
    print(f"\n{len(FACTS)} facts, {os.cpu_count()} cores; verdicts: {shares}.")
    if chosen.peer:
        beside(chosen.peer, chosen.people)


def beside(command: str, count: int) -> None:
    """Ours, then the peer's, on the same persons and the same day."""
    luck = random.Random(3)
    people = [{fact: drawn(FACTS[fact], luck) for fact in COLUMNS.values()} for _ in range(count)]
    versions = [version for version in BOOK.versions if version.code in SHARED]
    session = Session(RuleBook(versions, FACTS), {})
    began = time.process_time()
    answers = [[session.evaluate(facts, ON).verdict(code) for code in SHARED] for facts in people]
    seconds = time.process_time() - began
    print()
    row("three rules, all facts known", "time")
    row("---", "---")
    row(f"ours, {count:,} persons one by one", f"{seconds:.1f} s")
    once = spread(lambda facts: session.evaluate(facts, ON).verdicts(), [(facts, ON) for facts in people[:2_000]])
    row("ours, one person", once)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([*COLUMNS, *SHARED])
        for facts, said in zip(people, answers, strict=True):
            writer.writerow([*map(told, facts.values()), *(int(each is Verdict.YES) for each in said)])
        stream.flush()
        subprocess.run(f"{command} {stream.name} {ON}", shell=True, check=True)


def told(value: Value) -> str:
    """As the peer reads it: levels by rank, booleans as 0 and 1."""
    match value:
        case bool():
            return str(int(value))
        case Level():
            return str(value.rank)
        case "cir":
            return "1"
        case "cai" | "aucun":
            return "0"
    return str(value)


def spread(work, people: list[tuple[dict[str, Value], dt.date]]) -> str:
    """Median and 95th percentile in milliseconds."""
    times = []
    for facts, _ in people:
        began = time.process_time()
        work(facts)
        times.append((time.process_time() - began) * 1e3)
    times.sort()
    return f"median {statistics.median(times):.2f} ms, p95 {times[int(len(times) * 0.95)]:.2f} ms"


if __name__ == "__main__":
    main()
