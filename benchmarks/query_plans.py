"""What the most used pages cost on the national synthetic base, and the plans of their heaviest queries.

Protocol: a base written by `passerelles synth --size national` (given by PASSERELLES_DATABASE_URL, or made here on the
embedded server with --build), analysed; each page asked twice as an auditor or manager of the DT that follows the most
persons; the second time counts. Writes docs/operations/query-plans.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from passerelles.core.postgres import OWNER_ROLE, embedded_server  # noqa: E402

PAGE = ROOT / "docs" / "operations" / "query-plans.md"
UNTIL = "2026-11-20"
MOST_PLANS = 10
HEAD = """# Pages and query plans on the national base

Written by `benchmarks/query_plans.py` on {people:,} fictitious persons and {facts:,} facts, as an agent of the DT that
follows the most persons ({direction}: {here:,}). Budget: at most 15 queries whatever the size of the page, 150 ms.
Seconds are those of one request on a machine that may be shared: plans matter more than times.

| page | queries | database (ms) | heaviest query (ms) | whole page (ms) |
|---|---|---|---|---|
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", action="store_true", help="make the national base on the embedded server first")
    asked = options.parse_args()
    if not asked.build:
        examine()
        return
    server = embedded_server()
    started = server.start()
    try:
        server.psql("DROP DATABASE IF EXISTS plans WITH (FORCE)")
        server.ensure_database("plans")
        url = server.dsn("plans", OWNER_ROLE)
        os.environ |= {"PASSERELLES_DATABASE_URL": url, "PASSERELLES_OWNER_DATABASE_URL": url}
        command = [sys.executable, "-m", "passerelles.cli.main"]
        subprocess.run([*command, "migrate"], check=True)
        subprocess.run(
            [*command, *f"synth --size national --years 2021-2026 --until {UNTIL} --seed 1".split()], check=True
        )
        examine()
    finally:
        server.psql("DROP DATABASE IF EXISTS plans WITH (FORCE)")
        if started:
            server.stop()


def examine() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelles.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.db.models import Count

    from passerelles.core import clock
    from passerelles.journal.models import Fact
    from passerelles.people.models import Person

    settings.ALLOWED_HOSTS = ["testserver"]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    busiest = Person.objects.order_by().values("direction").annotate(n=Count("pk")).order_by("-n").first()
    direction, here = busiest["direction"], busiest["n"]
    lines, slow = [], []
    with clock.frozen(clock.paris(dt.date.fromisoformat(UNTIL), 9)):
        for name, client, address in visits(direction):
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
    head = HEAD.format(people=Person.objects.count(), facts=Fact.objects.count(), direction=direction, here=here)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(head + "\n".join(lines) + "\n" + plans(slow), encoding="utf-8")


def visits(direction: str) -> list[tuple[str, Any, str]]:
    """(name, client, address) of the most used pages, for an auditor and a manager of the DT."""
    from passerelles.people.models import Person
    from passerelles.reception.models import Session

    auditor, manager = signed_in(direction, "ofii_auditor"), signed_in(direction, "dt_manager")
    person = Person.objects.filter(direction=direction).order_by("-created_at", "pk").first()
    session = Session.objects.filter(direction=direction, held_on__lte=UNTIL).order_by("-held_on", "pk").first()
    return [
        ("My day (auditor)", auditor, "/"),
        ("My day (manager)", manager, "/"),
        ("Sessions of the week", auditor, "/accueil/seances"),
        ("A session", auditor, f"/accueil/seances/{session.pk}"),
        ("First appointments", auditor, "/accueil/rendez-vous"),
        ("All appointments", auditor, "/accueil/rendez-vous?etat=tous"),
        ("Persons", auditor, "/personnes/"),
        ("Persons by name", auditor, f"/personnes/?q={person.family_name}"),
        ("Persons by full name", auditor, f"/personnes/?q={person.family_name} {person.given_names}"),
        ("A person", auditor, f"/personnes/{person.pk}/"),
        ("Pairs to settle", auditor, "/rapprochement/"),
        ("Files received", auditor, "/fichiers/"),
        ("Returns", manager, "/remontees/"),
        ("Figures of the month", manager, "/remontees/mois/?mois=2026-10"),
    ]


def signed_in(direction: str, role: str) -> Any:
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from passerelles.network.middleware import SESSION_MEMBERSHIP
    from passerelles.network.models import Membership

    membership = Membership.objects.filter(
        organisation__direction=direction, organisation__kind="ofii_dt", ends_on=None
    ).order_by("pk")
    found = membership.filter(role=role).first() or membership.first()
    if found.role != role:
        Membership.objects.filter(pk=found.pk).update(role=role)
    device, _ = TOTPDevice.objects.get_or_create(user=found.agent, name="plans", defaults={"confirmed": True})
    client = Client()
    client.force_login(found.agent, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session[SESSION_MEMBERSHIP] = str(found.pk)
    session.save()
    return client


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


def plans(slow: list[tuple[float, str, str]]) -> str:
    from django.db import connection

    text, seen = ["\n## Plans of the ten heaviest queries\n"], set()
    for seconds, name, sql in sorted(slow, reverse=True):
        shape = re.sub(r"'[^']*'|\d+", "?", sql)
        if shape in seen or len(seen) == MOST_PLANS:
            continue
        seen.add(shape)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql.replace("%", "%%"), [])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        text.append(f"### {name}: {seconds * 1000:.0f} ms\n\n```sql\n{shortened(sql)}\n```\n\n```text\n{plan}\n```\n")
    return "\n".join(text)


def shortened(sql: str) -> str:
    """The query with its long list of columns cut."""
    return re.sub(r"SELECT .{300,}? FROM ", "SELECT … FROM ", sql, count=1)[:1500]


if __name__ == "__main__":
    main()
