"""Two agents at the same moment on the same person: exactly one of them wins. Real transactions, real threads."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.pathway.models import FollowUp, Meeting, Recognition, Training
from passerelles.pathway.services import documents, follow_ups, meetings, recognitions, trainings
from tests.reception.test_double_booking import at_once, failures

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = dt.date(2026, 3, 10)


def lost(results) -> list[type]:
    return [type(error) for error in failures(results)]


def test_a_training_is_prescribed_once(world, signatory):
    person = signatory()
    results = at_once(
        *(lambda actor=actor: trainings.prescribe_civic(actor, person.pk, prescribed_on=TODAY)
          for actor in (world.auditor, world.manager))
    )  # fmt: skip
    assert lost(results) == [Impossible]
    assert Training.objects.count() == 1
    assert Fact.objects.filter(kind=FactKind.CIVIC_PRESCRIBED).count() == 1


def test_a_meeting_is_fixed_once_and_moved_once(world, signatory):
    person = signatory()
    when = clock.paris(dt.date(2026, 3, 20), 9)
    fix = at_once(
        *(lambda actor=actor: meetings.fix_meeting(actor, person.pk, kind="assessment", fixed_for=when)
          for actor in (world.auditor, world.manager))
    )  # fmt: skip
    assert lost(fix) == [Impossible]
    meeting = Meeting.objects.get()
    later = clock.paris(dt.date(2026, 3, 24), 9)
    move = at_once(
        *(lambda actor=actor: meetings.reschedule_meeting(actor, meeting.pk, fixed_for=later)
          for actor in (world.auditor, world.manager))
    )  # fmt: skip
    assert lost(move) == [Impossible]
    assert Meeting.objects.filter(status="fixed").count() == 1


def test_a_request_waits_once(world, signatory):
    person = signatory()
    asked = {"procedure": "vae", "requested_on": TODAY, "regulated": False}
    results = at_once(
        *(lambda actor=actor: recognitions.request_recognition(actor, person.pk, **asked)
          for actor in (world.auditor, world.manager))
    )  # fmt: skip
    assert lost(results) == [Impossible]
    assert Recognition.objects.count() == 1


def test_an_alert_is_treated_once_and_raised_once_by_two_workers(world, signatory):
    person = signatory()
    documents.note_document(world.auditor, person.pk, kind="api", expires_on=dt.date(2026, 9, 1))
    with clock.frozen(clock.paris(dt.date(2026, 7, 20), 4)):
        assert failures(at_once(*[lambda: follow_ups.refresh([person.pk])] * 4)) == []
        alert = FollowUp.objects.get(kind="document")
        results = at_once(
            *(lambda actor=actor: follow_ups.treat(actor, alert.pk, treatment="renewed")
              for actor in (world.auditor, world.manager))
        )  # fmt: skip
    assert lost(results) == [Impossible]
    assert Fact.objects.filter(kind=FactKind.FOLLOW_UP_TREATED).count() == 1
