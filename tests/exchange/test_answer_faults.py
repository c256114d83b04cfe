"""Answers being applied are killed (kill -9), or applied by two at once: each row is played once, with its count."""

from __future__ import annotations

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
from passerelles.exchange.models import AnswerFile
from passerelles.journal.models import Fact
from passerelles.referrals.models import Referral
from passerelles.referrals.services import sending
from passerelles.referrals.services.places import default_service
from tests.exchange.answering import lines_of, sent_back, taken_out
from tests.world import build_world

ROWS = 60
SCRIPT = """
import sys, django
django.setup()
from passerelles.exchange.models import AnswerFile
from passerelles.exchange.services import answers
received = AnswerFile.objects.select_related("organisation", "membership__organisation", "membership__agent").get(
    pk=sys.argv[1]
)
answers.apply(answers.sender_of(received), received.pk)
"""


@pytest.fixture
def received(transactional_db):
    """Sixty answers, checked, to be applied by another process."""
    world = build_world(clock.today())
    service = default_service(world.agency)
    for _ in range(ROWS):
        given = {"purpose": "employment", "basis": "public_mission", "service_id": service.pk}
        sending.refer(world.auditor, person_id=world.person().pk, **given)
    lines = [line | {"Réponse": "Acceptée"} for line in lines_of(taken_out(world.ft))]
    return sent_back(world.ft, lines, membership=world.memberships["ft"])


def start(received: AnswerFile) -> subprocess.Popen:
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
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(received.pk)], env=environment, stderr=subprocess.PIPE)


def check_whole(received: AnswerFile) -> None:
    received.refresh_from_db()
    assert (received.status, received.applied_rows, received.summary) == ("done", ROWS, {"done": ROWS})
    assert Referral.objects.filter(state="accepted").count() == ROWS
    assert Fact.objects.filter(kind="referral_accepted").count() == ROWS
    assert Fact.objects.filter(kind="import_applied").count() == 1
    assert received.lines.filter(outcome="done").count() == ROWS


def test_killed_in_the_middle_the_answers_end_whole(received):
    chance, killed = random.Random(7), 0
    for _ in range(20):
        process = start(received)
        before, deadline = received.applied_rows, time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            received.refresh_from_db()
            if received.applied_rows > before:
                time.sleep(chance.uniform(0.01, 0.2))
                break
            time.sleep(0.01)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        received.refresh_from_db()
        assert Referral.objects.filter(state="accepted").count() == received.applied_rows, "rows and count together"
        if received.status == "done":
            break
        if killed >= 3:
            start(received).communicate(timeout=120)
            break
    assert killed >= 1, "the test must have killed at least once"
    check_whole(received)


def test_two_processes_at_once_play_each_row_once(received):
    both = [start(received), start(received)]
    for process in both:
        process.communicate(timeout=120)
    check_whole(received)
