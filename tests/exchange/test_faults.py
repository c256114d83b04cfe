"""The import is killed (kill -9) at random instants and the database cut: nothing lost, nothing doubled."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
import urllib.parse

import pytest
from django.db import connection

from passerelles.core import clock
from passerelles.exchange import services
from passerelles.exchange.models import Import
from passerelles.journal.models import Fact
from passerelles.people.models import Identifier, Person
from passerelles.reception.models import Convocation
from tests.exchange.files import people, workbook
from tests.world import SESSION_DAY, build_world

ROWS = 400
SCRIPT = """
import sys, django
django.setup()
from passerelles.exchange import services
from passerelles.exchange.models import Import
services.CHUNK, services.INLINE_BYTES = 20, int(sys.argv[2])
received = Import.objects.select_related("membership__organisation", "membership__agent").get(pk=sys.argv[1])
services.apply(services.actor_of_import(received), received.pk)
"""


@pytest.fixture
def received(transactional_db):
    """A file of 400 people, checked, ready to be imported by another process."""
    today = clock.today()
    world = build_world(SESSION_DAY)
    rows = []
    for n in range(ROWS // 10):
        rows += people(today + dt.timedelta(days=1 + n), 10, first=1 + 10 * n)
    for n, row in enumerate(rows):  # nobody looks like anybody: doubles are another test
        row[3], row[6] = dt.date(1950, 1, 1) + dt.timedelta(days=37 * n), f"06 39 98 {n // 100:02d} {n % 100:02d}"
    made = services.receive(
        world.auditor,
        kind="convocations",
        dt=world.dt_metz,
        filename="grand.xlsx",
        content=workbook(rows),
        membership=world.memberships["auditor"],
    )
    return services.check(world.auditor, made.pk)


def start(received: Import, inline_bytes: int = services.INLINE_BYTES) -> subprocess.Popen:
    settings = connection.settings_dict
    host = urllib.parse.quote(settings["HOST"] or settings["OPTIONS"].get("host", ""), safe="")
    credentials = urllib.parse.quote(settings["USER"])
    if settings["PASSWORD"]:
        credentials += ":" + urllib.parse.quote(settings["PASSWORD"])
    url = f"postgresql://{credentials}@/{settings['NAME']}?host={host}&port={settings['PORT'] or 5432}"
    environment = os.environ | {
        "PASSERELLES_DATABASE_URL": url,
        "PASSERELLES_OWNER_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "passerelles.config.settings",
    }
    command = [sys.executable, "-c", SCRIPT, str(received.pk), str(inline_bytes)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


def check_whole(received: Import) -> None:
    """The state after any number of faults is the state after none."""
    received.refresh_from_db()
    assert (received.status, received.applied_rows) == ("done", ROWS)
    assert received.summary == {"created": ROWS}
    assert Person.objects.count() == Convocation.objects.count() == Identifier.objects.count() == ROWS
    assert Fact.objects.filter(kind="convoked").count() == ROWS
    assert Fact.objects.filter(kind="person_recorded").count() == ROWS
    assert Fact.objects.filter(kind="import_applied").count() == 1


@pytest.mark.parametrize("inline_bytes", [services.INLINE_BYTES, 0], ids=["read here", "read by a child"])
def test_killed_at_random_instants_the_import_ends_whole(received, inline_bytes):
    chance = random.Random(2026)
    killed = 0
    for _ in range(40):
        process = start(received, inline_bytes)
        patience = chance.uniform(0.05, 0.6)
        before = received.applied_rows
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            received.refresh_from_db()
            if received.applied_rows > before:
                time.sleep(patience)
                break
            time.sleep(0.02)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        received.refresh_from_db()
        assert Convocation.objects.count() == received.applied_rows, "rows and their count go together"
        if received.status == "done":
            break
    assert killed >= 1, "the test must have killed at least once"
    check_whole(received)


def test_two_processes_at_once_do_not_double_anything(received):
    both = [start(received), start(received, 0)]
    for process in both:
        process.communicate(timeout=120)
    check_whole(received)


def test_a_connection_cut_in_the_middle_leaves_a_resumable_import(received):
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        before = cursor.fetchone()[0]
    process = start(received)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        received.refresh_from_db()
        if received.applied_rows or process.poll() is not None:
            break
        time.sleep(0.02)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_start > %s",
            [before],
        )
    process.communicate(timeout=120)
    if process.returncode:
        start(received).communicate(timeout=120)
    check_whole(received)
