"""What the most used pages cost on the national synthetic base, and the plans of their heaviest queries.

Protocol: the base of `benchmarks/national.py` (given by PASSERELLES_DATABASE_URL, or made here on the embedded server
with --build), analysed; each page asked twice by an agent of the DT that follows the most persons, of the agency that
receives the most referrals, or of the training body that has the most learners; the second time counts. Every plan is
read for sequential scans over big tables. Writes docs/operations/query-plans.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.national import TODAY, addresses, members, national_base, signed_in  # noqa: E402

PAGE = ROOT / "docs" / "operations" / "query-plans.md"
MOST_PLANS = 10
BIG = 20_000
"""Rows: a table under this may be read whole."""
HEAD = """# Pages and query plans on the national base

Written by `benchmarks/query_plans.py` on {day:%-d %B %Y}, load {load:.1f}: {people:,} fictitious persons,
{facts:,} facts, {referrals:,} referrals. Agents of the DT that follows the most persons ({direction}:
{here:,}), of the agency that receives the most referrals ({received:,}), of the operator in Metz, of the training body
with most learners. Budget: at most 15 queries whatever the size of the page, 150 ms. Times are those of one request:
plans matter more.

| page | queries | database (ms) | heaviest query (ms) | whole page (ms) |
|---|---|---|---|---|
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", action="store_true", help="on the embedded server, the base made unless kept")
    options.add_argument("--keep", action="store_true", help="leave the base there for another bench")
    asked = options.parse_args()
    if not asked.build:
        examine()
        return
    with national_base(keep=asked.keep):
        try:
            examine()
        finally:
            from django.db import connection

            connection.close()


def examine() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelles.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from passerelles.core import clock
    from passerelles.journal.models import Fact
    from passerelles.people.models import Person
    from passerelles.referrals.models import Referral

    settings.ALLOWED_HOSTS = ["testserver"]
    load = os.getloadavg()[0]
    lines, slow = [], []
    with clock.frozen(clock.paris(TODAY, 9)):
        direction, here = most(Person, "direction")
        agency, received = most(Referral.objects.filter(receiver__kind="france_travail"), "receiver")
        for name, client, address in visits(direction, agency):
            ask(client, address)
            seconds, queries = ask(client, address)
            heaviest = max(queries, key=lambda query: float(query["time"]))
            database = sum(float(query["time"]) for query in queries)
            lines.append(
                f"| {name} | {len(queries)} | {database * 1000:.0f} | {float(heaviest['time']) * 1000:.0f} | "
                f"{seconds * 1000:.0f} |"
            )
            slow += [(float(query["time"]), name, query["sql"]) for query in queries]
            print(lines[-1], flush=True)
    head = HEAD.format(
        day=dt.date.today(),
        load=load,
        people=Person.objects.count(),
        facts=Fact.objects.count(),
        referrals=Referral.objects.count(),
        direction=direction,
        here=here,
        received=received,
    )
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(head + "\n".join(lines) + "\n" + whole_reads(slow) + plans(slow), encoding="utf-8")


def most(rows: Any, column: str) -> tuple[Any, int]:
    """The most frequent value of a column, and how many rows hold it."""
    from django.db.models import Count

    found = getattr(rows, "objects", rows).order_by().values_list(column).annotate(n=Count("pk")).order_by("-n")
    return found.first()


def visits(direction: str, agency: Any) -> Iterator[tuple[str, Any, str]]:
    """(name, client, address) of the most used pages of each role."""
    from passerelles.pathway.models import Training

    body, _ = most(Training.objects.exclude(provider=None), "provider")
    readers = {
        "auditor": members("ofii_auditor", organisation__direction=direction),
        "manager": members("dt_manager", organisation__direction=direction),
        "CIP": members("cip", organisation__delegations__direction="metz"),
        "adviser": members("spe_adviser", organisation=agency),
        "training body": members("training_body", organisation=body),
        "ministry": members("national_state"),
    }
    for reader, found in readers.items():
        client = signed_in(found[0])
        for page, made in addresses(found[0], 1).items():
            yield f"{page} ({reader})", client, made[0]


def ask(client: Any, address: str) -> tuple[float, list[dict[str, str]]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        start = time.perf_counter()
        answer = client.get(address)
        seconds = time.perf_counter() - start
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return seconds, [q for q in captured.captured_queries if q["sql"].lstrip("(").startswith("SELECT")]


def whole_reads(slow: list[tuple[float, str, str]]) -> str:
    """The queries whose plan reads a big table from end to end."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [BIG])
        big = {row[0] for row in cursor.fetchall()}
    lines, seen = [], set()
    for seconds, name, sql in slow:
        scanned = sorted(set(re.findall(r"Seq Scan on (\w+)", explained(sql, "EXPLAIN "))) & big)
        shape = (name, shape_of(sql))
        if scanned and shape not in seen:
            seen.add(shape)
            lines.append(f"- {name}, {seconds * 1000:.0f} ms, reads {', '.join(scanned)}: `{shortened(sql)[:300]}`")
    return "\n## Big tables read from end to end\n\n" + ("\n".join(lines) or "None.") + "\n"


def explained(sql: str, how: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(how + sql.replace("%", "%%"), [])
        return "\n".join(row[0] for row in cursor.fetchall())


def shape_of(sql: str) -> str:
    """The query without its values."""
    return re.sub(r"'[^']*'|\d+", "?", sql)


def plans(slow: list[tuple[float, str, str]]) -> str:
    text, seen = ["\n## Plans of the ten heaviest queries\n"], set()
    for seconds, name, sql in sorted(slow, reverse=True):
        shape = shape_of(sql)
        if shape in seen or len(seen) == MOST_PLANS:
            continue
        seen.add(shape)
        plan = explained(sql, "EXPLAIN (ANALYZE, BUFFERS) ")
        text.append(f"### {name}: {seconds * 1000:.0f} ms\n\n```sql\n{shortened(sql)}\n```\n\n```text\n{plan}\n```\n")
    return "\n".join(text)


def shortened(sql: str) -> str:
    """The query with its long list of columns cut."""
    return re.sub(r"SELECT .{300,}? FROM ", "SELECT … FROM ", sql, count=1)[:1500]


if __name__ == "__main__":
    main()
