"""Residence document and monthly update: told on their days, once, to who wants it, never with the nature (K-011)."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.messages.models import Message
from passerelles.network.policy import SYSTEM
from passerelles.pathway.rules.reminders import stage_of, update_due
from passerelles.pathway.services import documents, reminders
from passerelles.people import services as people

END = dt.date(2026, 5, 9)


def night(day: dt.date) -> int:
    with clock.frozen(clock.paris(day, 4, 47)):
        return reminders.run(day)


def told() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("created_at", "key").values_list("kind", "language"))


@pytest.fixture
def person(world):
    return world.person(language="ara", phone="+33612345678")


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        ("2026-03-09", ""),
        ("2026-03-10", "first"),
        ("2026-04-08", "first"),
        ("2026-04-09", "last"),
        ("2026-05-09", "last"),
        ("2026-05-10", ""),
    ],
)
def test_the_two_stages_before_the_end(on, stage):
    assert stage_of(END, dt.date.fromisoformat(on), 60, 30) == stage
    assert stage_of(END, dt.date.fromisoformat(on), None, None) == ""


def test_the_last_day_of_a_short_month_is_its_last():
    assert update_due(dt.date(2026, 2, 27), 31, 5) == dt.date(2026, 2, 28)
    assert update_due(dt.date(2026, 3, 16), 15, 5) is None
    assert update_due(dt.date(2026, 3, 12), None, 5) is None


def test_the_document_is_told_twice_in_two_months_and_no_more(world, person):
    documents.note_document(world.auditor, person.pk, kind="cst", expires_on=END)
    days = (dt.date(2026, 3, 10) + dt.timedelta(days=n) for n in range(75))
    counts = {day: night(day) for day in days}
    assert [day for day, count in counts.items() if count] == [dt.date(2026, 3, 10), dt.date(2026, 4, 9)]
    assert told() == [("permit_expiry", "ara")] * 2
    first = Message.objects.order_by("created_at").first()
    assert (first.channel, first.recipient) == ("sms", "+33612345678")
    assert "09/05/2026" in first.body
    assert clock.paris_date(first.next_attempt_at) == dt.date(2026, 3, 10)
    assert first.next_attempt_at.astimezone(clock.PARIS).hour == 8, "no SMS leaves at night"


def test_a_night_that_did_not_run_is_made_up_for(world, person):
    documents.note_document(world.auditor, person.pk, kind="cst", expires_on=END)
    assert [night(dt.date(2026, 3, 18)), night(dt.date(2026, 3, 18)), night(dt.date(2026, 3, 19))] == [1, 0, 0]


def test_a_renewed_document_is_no_longer_told(world, person):
    documents.note_document(world.auditor, person.pk, kind="cst", expires_on=END)
    documents.note_document(world.auditor, person.pk, kind="csp", expires_on=dt.date(2030, 5, 9))
    assert night(dt.date(2026, 4, 20)) == 0


def test_neither_the_licence_nor_who_wants_no_messages(world, person):
    documents.note_document(world.auditor, person.pk, kind="driving_licence", expires_on=END)
    quiet = world.person(phone="+33612345679")
    documents.note_document(world.auditor, quiet.pk, kind="cst", expires_on=END)
    people.give_consent(SYSTEM, quiet, purpose="messages", given_on=world.day)
    people.withdraw_consent(SYSTEM, quiet, purpose="messages", on=world.day)
    assert night(dt.date(2026, 4, 20)) == 0


def test_the_monthly_update_is_recalled_once_a_month_to_who_is_registered(world, person):
    people.register(world.cip, person, register="ft", starts_on=dt.date(2026, 2, 10), by="cip", place="session")
    new = world.person(phone="+33612345679")
    people.register(world.cip, new, register="ft", starts_on=dt.date(2026, 3, 5), by="cip", place="session")
    days = (dt.date(2026, 3, 1) + dt.timedelta(days=n) for n in range(60))
    sent = [day for day in days if night(day)]
    assert sent == [dt.date(2026, 3, 10), dt.date(2026, 4, 10)]
    kinds = Message.objects.order_by("created_at").values_list("kind", "person_id")
    assert list(kinds[:1]) == [("rights_update", person.pk)], "nothing to declare of a month not begun"
    assert Message.objects.filter(person_id=new.pk).count() == 1
    assert "15/03/2026" in Message.objects.order_by("created_at").first().body
    assert Message.objects.filter(kind="rights_update").exclude(channel="sms").count() == 0
