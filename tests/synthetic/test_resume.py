"""A run killed at any instant and taken up gives the base of a run left in peace; another run is refused."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from passerelles.core.errors import Impossible, Refused
from passerelles.network.models import Agent, Organisation
from passerelles.people.models import Person
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.models import IndexSetAside, StoredChunk
from passerelles.synthetic.population import Size
from passerelles.synthetic.services import indexes, runs, store

HORIZON = dt.date(2026, 11, 1)
ORDER = Order(57, Size.DEMO, 2024, 2026, HORIZON)
SCRIPT = """
import django
django.setup()
from tests.synthetic.test_resume import ORDER
from passerelles.synthetic.services import store
store.to_database(ORDER)
"""
DRAWN_AGAIN = ["sealed", "password", "run_id", "created_at"]
"""A new nonce, a password that nobody has, the instant of the run: they differ between two runs of the same order."""


def base() -> dict[str, tuple[int, str]]:
    """{table: (rows, checksum)} without what is drawn again; linkage draws its own identifiers."""
    found = {}
    ours = {m._meta.db_table for m in apps.get_models() if m.__module__.startswith("passerelles.")}
    for table in sorted(ours):
        left_out = DRAWN_AGAIN + (["id", "list_id", "record_id"] if table.startswith("linkage") else [])
        left_out += ["id", "at", "finished_at"] if table.startswith(("synthetic", "journal")) else []
        with connection.cursor() as cursor:
            content = "SELECT count(*), md5(coalesce(string_agg(r, '' ORDER BY r), '')) FROM (%s) rows"
            row = f'SELECT (to_jsonb(t) - %s::text[])::text AS r FROM "{table}" t'
            cursor.execute(content % row, [left_out])
            found[table] = cursor.fetchone()
    return found


def start() -> subprocess.Popen:
    settings = connection.settings_dict
    host = urllib.parse.quote(settings["HOST"] or settings["OPTIONS"].get("host", ""), safe="")
    user = urllib.parse.quote(settings["USER"])
    if settings["PASSWORD"]:
        user += ":" + urllib.parse.quote(settings["PASSWORD"])
    url = f"postgresql://{user}@/{settings['NAME']}?host={host}&port={settings['PORT'] or 5432}"
    environment = os.environ | {
        "PASSERELLES_DATABASE_URL": url,
        "PASSERELLES_OWNER_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "passerelles.config.settings",
    }
    return subprocess.Popen([sys.executable, "-c", SCRIPT], env=environment, stderr=subprocess.PIPE)


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def wait(true, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "still waiting"
        time.sleep(0.05)


@pytest.mark.slow
def test_killed_at_random_instants_the_run_ends_as_if_left_in_peace(transactional_db):
    stored = store.to_database(ORDER)
    wanted = base()
    assert (stored.written_now, wanted["people_person"][0]) == (len(ORDER.chunks()), stored.people)
    call_command("flush", interactive=False, verbosity=0)

    chance, killed, before = random.Random(2026), 0, 0
    for _ in range(30):
        process = start()
        wait(lambda process=process, seen=before: process.poll() is not None or StoredChunk.objects.count() > seen)
        time.sleep(chance.uniform(0, 0.4))
        if process.poll() is None:
            family = children(process.pid)
            process.send_signal(signal.SIGKILL)
            killed += 1
            process.communicate()
            wait(lambda family=family: not any(alive(pid) for pid in family), 15)
        else:
            assert process.returncode == 0, process.stderr.read()
        before = StoredChunk.objects.count()
        people = sum(StoredChunk.objects.values_list("people", flat=True))
        assert Person.objects.count() == people, "rows and the mark of their chunk go together"
        if process.returncode == 0:
            break
    assert killed >= 2, "the test must have killed"
    assert base() == wanted


def test_a_run_done_twice_changes_nothing(transactional_db):
    order = Order(57, Size.DEMO, 2026, 2026, HORIZON)
    store.to_database(order)
    before = base()
    again = store.to_database(order)
    assert (again.written_now, again.people > 0, base()) == (0, True, before)


@pytest.mark.parametrize(
    "other",
    [
        Order(58, Size.DEMO, 2024, 2026, HORIZON),
        Order(57, Size.DEMO, 2023, 2026, HORIZON),
        Order(57, Size.DEPARTMENT, 2024, 2026, HORIZON, department="57"),
        Order(57, Size.DEMO, 2024, 2026, dt.date(2026, 10, 1)),
    ],
    ids=["seed", "years", "size", "horizon"],
)
def test_another_run_in_the_same_base_is_refused_in_a_sentence(db, other):
    runs.begin(ORDER)
    with pytest.raises(Refused, match="déjà une autre population fictive : graine 57"):
        runs.begin(other)
    assert runs.begin(ORDER) == runs.standing()


def test_real_accounts_are_not_mixed_with_fictions_unless_asked(db):
    Agent.objects.create(email="quelquun@service-reel.fr", name="Quelqu’un")
    with pytest.raises(Refused, match="vrais comptes"):
        runs.begin(ORDER)
    assert runs.standing() is None
    assert runs.begin(ORDER, beside_accounts=True).seed == 57


def test_nobody_can_sign_in_with_a_fictitious_account(db):
    runs.begin(ORDER)
    agents = Agent.objects.all()
    assert len(agents) > 300
    assert not any(agent.has_usable_password() for agent in agents)


def test_an_organisation_whose_name_is_taken_gets_another(db):
    Organisation.objects.create(name="dt ofii METZ", kind="ofii_dt", direction="metz")
    runs.begin(ORDER)
    names = Organisation.objects.filter(kind="ofii_dt").order_by("name").values_list("name", flat=True)
    assert list(names) == ["DT OFII Metz (population fictive)", "dt ofii METZ"]


def test_two_runs_at_once_are_refused(transactional_db):
    held = connection.copy()
    try:
        with held.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [runs.LOCK])
        with pytest.raises(Impossible, match="déjà en cours"):
            store.to_database(ORDER)
    finally:
        held.close()


def reading_only() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(indexes.READING_ONLY, [list(indexes.TABLES)])
        # PostgreSQL writes the same condition in another way the second time.
        return {name: definition.partition(" WHERE ")[0] for name, definition in cursor.fetchall()}


def test_indexes_set_aside_come_back_as_they_were_even_after_a_kill(db):
    before = reading_only()
    assert {"person_by_name", "fact_by_direction"} <= set(before)
    assert indexes.set_aside() == len(before)
    assert reading_only() == {}
    assert indexes.set_aside() == 0, "taken up after a kill: nothing more to drop"
    back = indexes.put_back()
    next(back)
    back.close()
    assert len(reading_only()) == 1
    assert len(list(indexes.put_back())) == len(before) - 1
    assert reading_only() == before
    assert not IndexSetAside.objects.exists()


def test_uniqueness_holds_while_indexes_are_set_aside(db):
    indexes.set_aside()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype IN ('u', 'x', 'p', 'f')")
        constraints = cursor.fetchone()[0]
    list(indexes.put_back())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype IN ('u', 'x', 'p', 'f')")
        assert cursor.fetchone()[0] == constraints
