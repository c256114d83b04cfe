"""Figures on a synthetic nation: compiled definitions beside queries written by hand, same engine, same lines.

Protocol: the lines (one per person, one per episode) are built by DuckDB from the Parquet facts of `passerelles synth`,
then copied into a new PostgreSQL base. Each figure is asked for 60 months, by department × sex × age band; compiled and
hand-written queries alternate, three times each, medians; their counts must be equal. `all` asks every figure of the
catalogue. `spark` runs the panel by Spark in local mode (`.venv-bench`) and compares the counts with those of DuckDB.

    python benchmarks/bench_figures.py build FOLDER      # FOLDER: output of `passerelles synth --to files`
    python benchmarks/bench_figures.py duckdb FOLDER
    python benchmarks/bench_figures.py postgres FOLDER
    .venv-bench/bin/python benchmarks/bench_figures.py spark FOLDER
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from passerelles.indicators.definitions import CATALOGUE
from passerelles.indicators.engine import embedded
from passerelles.indicators.engine.compute import Question, Step
from passerelles.indicators.engine.dialects import Dialect, compiled
from passerelles.indicators.engine.relations import EPISODE, PERSON

DAYS = (dt.date(2021, 11, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 20))
BY = ("departement", "sexe", "tranche")
RUNS = 3
QUESTION = Question(by=BY, step=Step.MONTH)
Run = Callable[[str], list[tuple[Any, ...]]]

CELL = """date_trunc('month', {on}) AS month, coalesce(nullif({line}.department, ''), 'non_renseigne') AS department,
  CASE WHEN p.sex IN ('F', 'H') THEN p.sex ELSE 'non_renseigne' END AS sex,
  CASE WHEN p.birth_date IS NULL THEN 'age_inconnu'
       WHEN {age} < 0 THEN 'non_classe' WHEN {age} <= 24 THEN 'moins_25' WHEN {age} BETWEEN 26 AND 45 THEN '26_45'
       WHEN {age} BETWEEN 46 AND 64 THEN '46_64' ELSE 'non_classe' END AS band"""
AGE = (
    "extract(year from {on}) - extract(year from p.birth_date) - CASE WHEN "
    "extract(month from {on}) * 100 + CASE WHEN extract(month from {on}) = 2 AND extract(day from {on}) = 28 AND "
    "(extract(year from {on}) % 4 <> 0 OR (extract(year from {on}) % 100 = 0 AND extract(year from {on}) % 400 <> 0)) "
    "THEN 29 ELSE extract(day from {on}) END >= "
    "extract(month from p.birth_date) * 100 + extract(day from p.birth_date) THEN 0 ELSE 1 END"
)
FIRST, LAST, SEEN = (f"DATE '{day}'" for day in DAYS)


def of_person(num: str, den: str, where: str = "true", on: str = "p.signed_on") -> str:
    cell = CELL.format(on=on, line="p", age=f"({AGE.format(on=on)})")
    return (
        f"SELECT month, department, sex, band, sum(num), sum(den) FROM (SELECT {cell}, {num} AS num, {den} AS den "
        f"FROM indicators_person p WHERE {on} BETWEEN {FIRST} AND {LAST} AND {where}) t GROUP BY 1, 2, 3, 4"
    )


def of_episode(
    episode: str, num: str, den: str, on: str, where: str = "true", source: str = "indicators_episode"
) -> str:
    cell = CELL.format(on=on, line="e", age=f"({AGE.format(on=on)})")
    return (
        f"SELECT month, department, sex, band, sum(num), sum(den) FROM (SELECT {cell}, {num} AS num, {den} AS den "
        f"FROM {source} e LEFT JOIN indicators_person p ON p.person_id = e.person_id "
        f"WHERE e.episode = '{episode}' AND e.opened_on IS NOT NULL AND {on} BETWEEN {FIRST} AND {LAST} AND {where}) t "
        f"GROUP BY 1, 2, 3, 4"
    )


ONCE_A_MONTH = (
    "(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY person_id, date_trunc('month', {on}) "
    "ORDER BY {on}, subject_id) AS r FROM indicators_episode WHERE episode = '{episode}' AND opened_on IS NOT NULL "
    f"AND {{on}} BETWEEN {FIRST} AND {LAST}) q WHERE r = 1)"
)
YEAR = "(p.signed_on + INTERVAL '12 month')"
BY_HAND: dict[str, str] = {
    "signataires": of_person("1", "0"),
    "formation_linguistique": of_person("CASE WHEN p.prescribed_on IS NOT NULL THEN 1 ELSE 0 END", "1"),
    "emploi_12_mois": of_person(
        f"CASE WHEN p.job_on <= {YEAR} THEN 1 ELSE 0 END",
        "1",
        "p.registered_on BETWEEN p.signed_on - INTERVAL '3 month' AND p.signed_on + INTERVAL '3 month' "
        f"AND {YEAR} <= {SEEN}",
    ),
    "orientations": of_episode("referral", "1", "0", "e.opened_on"),
    "taux_acceptation": of_episode("referral", "CASE WHEN e.answer = 'accepted' THEN 1 ELSE 0 END", "1", "e.opened_on"),
    "delai_premier_rdv": of_episode("referral", "(e.started_on - e.opened_on)", "1", "e.started_on"),
    "personnes_suivies": of_episode(
        "referral", "1", "0", "e.started_on", source=ONCE_A_MONTH.format(on="started_on", episode="referral")
    ),
    "inscriptions_ft": of_episode("registration", "1", "0", "e.opened_on", "e.what = 'ft'"),
    "recrutements": of_episode("job", "1", "0", "e.opened_on"),
    "personnes_recrutees": of_episode(
        "job", "1", "0", "e.opened_on", source=ONCE_A_MONTH.format(on="opened_on", episode="job")
    ),
    "abandons_linguistiques": of_episode(
        "language", "CASE WHEN e.outcome = 'dropped' THEN 1 ELSE 0 END", "1", "e.ended_on", "e.outcome IS NOT NULL"
    ),
    "formation_civique": of_episode(
        "civic", f"CASE WHEN e.amount >= 4 AND e.ended_on <= {SEEN} THEN 1 ELSE 0 END", "1", "e.opened_on"
    ),
}


def plain(rows: list[tuple[Any, ...]]) -> dict[tuple[str, ...], tuple[int, int]]:
    """Comparable rows: dates without time, numbers whole, empty sums left out."""
    found = {}
    for month, *key, num, den in rows:
        if num or den:
            found[str(month)[:10], *map(str, key)] = (int(num), int(den or 0))
    return found


def timed(run: Run, query: str) -> tuple[float, list[tuple[Any, ...]]]:
    begun = time.perf_counter()
    rows = run(query)
    return time.perf_counter() - begun, rows


def panel(run: Run, dialect: Dialect) -> None:
    """Each figure of the panel: medians of both queries, alternated."""
    print("| figure | by hand (s) | compiled (s) | ratio | rows |\n|---|---|---|---|---|")
    sums = [0.0, 0.0]
    for code, by_hand in BY_HAND.items():
        ours = compiled(code, QUESTION, dialect, DAYS)
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(RUNS):
            results = []
            for rank, query in enumerate((by_hand, ours)):
                seconds, rows = timed(run, query)
                times[rank].append(seconds)
                results.append(plain(rows))
            assert results[0] == results[1], f"{code}: the counts differ"
        hand, compiled_ = (statistics.median(each) for each in times)
        sums[0], sums[1] = sums[0] + hand, sums[1] + compiled_
        print(f"| {code} | {hand:.2f} | {compiled_:.2f} | {compiled_ / hand:.2f} | {len(results[0]):,} |", flush=True)
    print(f"| **sum** | **{sums[0]:.2f}** | **{sums[1]:.2f}** | **{sums[1] / sums[0]:.2f}** | |")


def everything(run: Run, dialect: Dialect) -> None:
    """Every figure of the catalogue, 60 months at once, then the last month alone."""
    for name, days in (("60 months", DAYS), ("the last month", (DAYS[1].replace(day=1), *DAYS[1:]))):
        seconds = 0.0
        for code, asked in CATALOGUE.items():
            question = QUESTION if asked.persons else Question(by=("departement",), step=Step.MONTH)
            seconds += timed(run, compiled(code, question, dialect, days))[0]
        print(f"every figure of the catalogue ({len(CATALOGUE)}), {name}: {seconds:.1f} s", flush=True)


@contextmanager
def duckdb_base(lines: embedded.Lines) -> Iterator[Run]:
    import duckdb

    with duckdb.connect() as base:
        base.execute("SET threads = 2")
        for which in ("person", "episode"):
            base.execute(f"CREATE VIEW indicators_{which} AS SELECT * FROM read_parquet('{lines.path(which)}')")
        yield lambda query: base.execute(query).fetchall()


@contextmanager
def postgres_base(lines: embedded.Lines) -> Iterator[Run]:
    """A new base on the embedded server, with the tables and indexes of the migrations."""
    import duckdb
    import psycopg

    from passerelles.core.postgres import OWNER_ROLE, embedded_server

    server = embedded_server()
    started = server.start()
    types = {"string": "text", "date": "date", "int64": "integer", "boolean": "boolean"}
    try:
        server.psql("DROP DATABASE IF EXISTS bench_figures WITH (FORCE)")
        server.ensure_database("bench_figures")
        with psycopg.connect(server.dsn("bench_figures", OWNER_ROLE), autocommit=True) as base:
            for which, columns in (("person", PERSON), ("episode", EPISODE)):
                made = ", ".join(
                    f"{name} {'uuid' if name.endswith('_id') else types[kind]}" for name, kind in columns.items()
                )
                base.execute(f"CREATE TABLE indicators_{which} ({made})")
                text = lines.folder / f"{which}.csv"
                lines_of = f"SELECT {', '.join(columns)} FROM read_parquet('{lines.path(which)}')"
                duckdb.sql(f"COPY ({lines_of}) TO '{text}' (HEADER false)")
                target = f"COPY indicators_{which} FROM STDIN (FORMAT csv)"
                with base.cursor() as cursor, cursor.copy(target) as copy, text.open("rb") as source:
                    while block := source.read(1 << 20):
                        copy.write(block)
                text.unlink()
            base.execute("ALTER TABLE indicators_person ADD PRIMARY KEY (person_id)")
            base.execute("CREATE INDEX ON indicators_person (signed_on, department)")
            base.execute("CREATE INDEX ON indicators_episode (episode, department)")
            base.execute("CREATE INDEX ON indicators_episode (person_id)")
            base.execute("VACUUM ANALYZE")
            yield lambda query: base.execute(query).fetchall()
    finally:
        server.psql("DROP DATABASE IF EXISTS bench_figures WITH (FORCE)")
        if started:
            server.stop()


def spark(lines: embedded.Lines) -> None:
    """The panel by Spark in local mode: seconds, and counts equal to those of DuckDB."""
    from pyspark.sql import SparkSession

    begun = time.perf_counter()
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "3g")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for which in ("person", "episode"):
        session.read.parquet(str(lines.path(which))).createOrReplaceTempView(f"indicators_{which}")
    print(
        f"session: {time.perf_counter() - begun:.1f} s\n| figure | Spark (s) | DuckDB (s) | rows |\n|---|---|---|---|"
    )
    with duckdb_base(lines) as run:
        for code in BY_HAND:
            expected_in, expected = timed(run, compiled(code, QUESTION, Dialect.DUCKDB, DAYS))
            query = compiled(code, QUESTION, Dialect.SPARK, DAYS)
            seconds, rows = timed(lambda text: [tuple(row) for row in session.sql(text).collect()], query)
            assert plain(rows) == plain(expected), f"{code}: the counts differ"
            print(f"| {code} | {seconds:.1f} | {expected_in:.2f} | {len(rows):,} |", flush=True)
    session.stop()


def main() -> None:
    if len(sys.argv) < 3:
        print(__doc__)
        return
    section, folder = sys.argv[1], Path(sys.argv[2])
    lines = embedded.Lines(folder / "lines")
    if section == "build":
        begun = time.perf_counter()
        embedded.build(f"{folder}/facts/**/*.parquet", lines.folder)
        print(f"lines built by DuckDB: {time.perf_counter() - begun:.1f} s")
    elif section == "spark":
        spark(lines)
    else:
        dialect = Dialect(section)
        with (duckdb_base if section == "duckdb" else postgres_base)(lines) as run:
            panel(run, dialect)
            everything(run, dialect)


if __name__ == "__main__":
    main()
