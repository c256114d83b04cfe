"""Figures on a synthetic nation: compiled definitions beside queries written by hand, same engine, same lines.

Protocol: the lines (one per person, one per episode) are built by DuckDB from the Parquet facts of `passerelles synth`,
then copied into the tables of a new platform. Each figure is asked for 60 months, by department × sex × age band;
compiled and hand-written queries alternate, three times each, medians; their counts must be equal. `all` asks every
figure of the catalogue. `spark` runs the panel by Spark in local mode (`.venv-bench`) and compares the counts with
those of DuckDB. `stored` computes the dashboards, then reads them through the client of Django.

    python benchmarks/bench_figures.py build FOLDER      # FOLDER: output of `passerelles synth --to files`
    python benchmarks/bench_figures.py duckdb FOLDER
    python benchmarks/bench_figures.py load FOLDER       # the lines into a platform kept in FOLDER/postgres
    python benchmarks/bench_figures.py postgres FOLDER
    python benchmarks/bench_figures.py all FOLDER        # every figure of the catalogue, in PostgreSQL
    python benchmarks/bench_figures.py stored FOLDER     # the dashboards: computed, then read
    .venv-bench/bin/python benchmarks/bench_figures.py spark FOLDER
"""

from __future__ import annotations

import datetime as dt
import os
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
RUNS = int(os.environ.get("RUNS", "3"))
PAGES = 33
"""Each page is read that many times; the first three are not counted."""
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
def platform(folder: Path) -> Iterator[None]:
    """The platform over a server of its own, kept in `folder` from one section to the next."""
    from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer

    server = EmbeddedServer(folder / "postgres")
    server.start()
    try:
        server.ensure_database("figures")
        url = server.dsn("figures", OWNER_ROLE)
        os.environ["PASSERELLES_DATABASE_URL"] = os.environ["PASSERELLES_OWNER_DATABASE_URL"] = url
        from passerelles.cli import database, site

        database.bring_up_to_date(site.ready().urls)
        yield
    finally:
        server.stop("fast")


def load(lines: embedded.Lines) -> None:
    """The lines into the tables of the platform, by COPY, as `indicators.services` would leave them."""
    import duckdb
    from django.db import connection

    from passerelles.indicators.models import Progress

    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for which, columns in (("person", PERSON), ("episode", EPISODE)):
            cursor.execute(f"TRUNCATE indicators_{which}")
            text = lines.folder / f"{which}.csv"
            lines_of = f"SELECT {', '.join(columns)} FROM read_parquet('{lines.path(which)}')"
            duckdb.sql(f"COPY ({lines_of}) TO '{text}' (HEADER false)")
            target = f"COPY indicators_{which} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"
            with cursor.copy(target) as copy, text.open("rb") as source:
                while block := source.read(1 << 20):
                    copy.write(block)
            text.unlink()
        cursor.execute("VACUUM ANALYZE")
    Progress.objects.update_or_create(pk=1, defaults={"position": 0})
    print(f"lines copied into the platform: {time.perf_counter() - begun:.1f} s")


def through_django(query: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def stored() -> None:
    """The nightly computation of the dashboards, and their pages read by the client of Django."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import reverse
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from passerelles.core import clock
    from passerelles.network.enums import OrganisationKind, Role
    from passerelles.network.middleware import SESSION_MEMBERSHIP
    from passerelles.network.models import Agent, Membership, Organisation
    from passerelles.reports.models import StoredFigure
    from passerelles.reports.services import dashboards

    setup_test_environment()
    with clock.at(clock.paris(DAYS[2], 4)):
        for night in ("the first night", "the next night"):
            begun, used = time.perf_counter(), time.process_time()
            changed = dashboards.refresh()
            print(
                f"dashboards computed, {night}: {time.perf_counter() - begun:.1f} s, Python "
                f"{time.process_time() - used:.1f} s; {changed} months changed, {StoredFigure.objects.count():,} rows",
                flush=True,
            )
        reader = Agent.objects.filter(email="banc@exemple.example").first() or Agent(email="banc@exemple.example")
        reader.set_unusable_password()
        reader.save()
        ministry, _ = Organisation.objects.get_or_create(name="Banc", kind=OrganisationKind.MINISTRY)
        membership, _ = Membership.objects.get_or_create(
            agent=reader, organisation=ministry, role=Role.NATIONAL_STATE, defaults={"starts_on": DAYS[0]}
        )
        device, _ = TOTPDevice.objects.get_or_create(user=reader, name="banc", defaults={"confirmed": True})
        client = Client(SERVER_NAME=next(iter(settings.ALLOWED_HOSTS), "localhost"))
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session[SESSION_MEMBERSHIP] = str(membership.pk)
        session.save()
        print("| page | median (ms) | p95 (ms) |\n|---|---|---|")
        for name, address, asked in (
            ("dashboard, nation with its map", "reports:dashboard", {"territoire": "national", "mois": "2026-10"}),
            ("dashboard, region with its map", "reports:dashboard", {"territoire": "region:11", "mois": "2026-10"}),
            ("dashboard, department", "reports:dashboard", {"territoire": "department:75", "mois": "2026-10"}),
            ("returns", "reports:returns", {}),
            ("calendar of returns", "reports:calendar", {}),
        ):
            taken = []
            for _ in range(PAGES):
                begun = time.perf_counter()
                answer = client.get(reverse(address), asked)
                taken.append(1000 * (time.perf_counter() - begun))
                assert answer.status_code == 200, answer.status_code
            taken = sorted(taken[3:])
            print(f"| {name} | {statistics.median(taken):.0f} | {taken[int(0.95 * len(taken))]:.0f} |", flush=True)


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
    elif section == "duckdb":
        with duckdb_base(lines) as run:
            panel(run, Dialect.DUCKDB)
            everything(run, Dialect.DUCKDB)
    elif section in SECTIONS:
        with platform(folder):
            SECTIONS[section](lines)
    else:
        print(__doc__)


SECTIONS: dict[str, Callable[[embedded.Lines], None]] = {
    "load": load,
    "postgres": lambda lines: panel(through_django, Dialect.POSTGRES),
    "all": lambda lines: everything(through_django, Dialect.POSTGRES),
    "stored": lambda lines: stored(),
}

if __name__ == "__main__":
    main()
