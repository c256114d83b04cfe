"""Review in bulk: a thousand pairs of records in the queue, one agent who opens it and settles pairs one after another.

Protocol: a database of its own on the embedded server, 1,000 persons of one DT recorded twice each, the pairs found by
the platform itself; then, through the Django client (no network, templates and policy included), the queue opened 100
times, and 200 pairs opened and answered. Times of the wall; queries counted. Budget: a page in 150 ms (p95), 15 queries
whatever the length of a list (a pair reads two whole records: its own count is printed).
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer

DATABASE = "bench_review"
KEPT = Path(__file__).resolve().parents[1] / "var" / "bench"
PEOPLE = 1_000
OPENED, SETTLED, WARM = 100, 200, 10
BORN = dt.date(1960, 1, 2)


def main() -> None:
    server = EmbeddedServer(KEPT / "postgres")
    started = server.start()
    try:
        server.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.ensure_database(DATABASE)
        url = server.dsn(DATABASE, OWNER_ROLE)
        os.environ |= {
            "PASSERELLES_DATABASE_URL": url,
            "PASSERELLES_OWNER_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "passerelles.config.settings",
        }
        measure()
    finally:
        from django.db import connection

        connection.close()
        server.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        if started:
            server.stop()


def measure() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from passerelles.core import clock
    from passerelles.linkage.models import PersonPair
    from tests.browsing import sign_in
    from tests.world import SESSION_DAY, build_world

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    with clock.frozen(clock.paris(SESSION_DAY, 9)):
        world = build_world(SESSION_DAY)
        start = time.perf_counter()
        found = recorded_twice()
        print(f"{found:,} pairs found among {2 * PEOPLE:,} records in {time.perf_counter() - start:.0f} s")
        visitor = sign_in(Client(), world, "auditor")
        rows = [timed("the queue", lambda _: visitor.get(reverse("linkage:pairs")), range(OPENED + WARM))]
        pairs = list(PersonPair.objects.order_by("-bits", "pk").values_list("pk", flat=True)[: SETTLED + WARM])
        page = [reverse("linkage:pair", args=[pk]) for pk in pairs]
        rows.append(timed("one pair", lambda address: visitor.get(address), page))
        rows.append(timed("an answer", lambda address: visitor.post(address, {"decision": "different"}), page))
    print("| page | p50 ms | p95 ms | queries |\n|---|---|---|---|")
    print("\n".join(rows))
    print(f"\nload: {os.getloadavg()[0]:.1f}")


def recorded_twice() -> int:
    """PEOPLE persons recorded at two desks; how many pairs the platform found."""
    from passerelles.linkage.services import find_doubles
    from passerelles.people.identity import identity_key
    from passerelles.people.models import Person

    letters = "abcdefghijklmnopqrstuvwxyz"
    people = [
        Person(
            family_name=(family := f"Rakoto{letters[n % 26]}m{letters[n // 26 % 26]}l{letters[n // 676]}"),
            given_names=given,
            birth_date=(born := BORN + dt.timedelta(days=11 * n)),
            sex="F",
            nationality="MG",
            direction="metz",
            identity_key=identity_key(family, given, born),
        )
        for n in range(PEOPLE)
        for given in ("Voahangy", "Voahangi")
    ]
    return find_doubles([person.pk for person in Person.objects.bulk_create(people)])


def timed(name: str, ask: Callable[[Any], Any], asked: Any) -> str:
    """The row of a table; the first `WARM` requests are not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spent, queries = [], 0
    for n, each in enumerate(asked):
        start = time.perf_counter()
        answer = ask(each)
        if n >= WARM:
            spent.append(1000 * (time.perf_counter() - start))
        assert answer.status_code in (200, 302), answer.status_code
    with CaptureQueriesContext(connection) as captured:
        ask(each)
    queries = len(captured)
    spent.sort()
    p95 = spent[int(0.95 * len(spent))]
    return f"| {name} | {statistics.median(spent):.1f} | {p95:.1f} | {queries} |"


if __name__ == "__main__":
    main()
