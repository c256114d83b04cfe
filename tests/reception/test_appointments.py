"""The first appointment: fixed, then attended, missed, excused or given another date."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.reception.models import FirstAppointment
from passerelles.reception.services import appointments


@pytest.fixture
def appointment(world):
    session = world.session()
    person = world.convoked(session)[0].person
    return appointments.fix_appointment(
        world.cip,
        person=person,
        organisation=world.agency,
        fixed_for=clock.paris(world.day + dt.timedelta(days=3), 14, 30),
        session=session,
        accompaniment_agreed=True,
    )


@pytest.fixture
def after(appointment):
    with clock.frozen(appointment.fixed_for + dt.timedelta(hours=1)):
        yield appointment


def test_a_result_before_the_date_is_refused(world, appointment):
    with pytest.raises(Impossible, match="13/03/2026 à 14 h 30"):
        appointments.record_result(world.cip, appointment.pk, result="attended")


@pytest.mark.parametrize("result", ["attended", "missed", "excused"])
def test_the_result_is_asserted_by_somebody(world, after, result):
    done = appointments.record_result(world.cip, after.pk, result=result, accompanied=True)
    assert (done.status, done.asserted_for) == (result, world.operator)
    assert done.accompanied is (result == "attended")


def test_accompanied_is_told_apart_from_attended(world, after):
    done = appointments.record_result(world.cip, after.pk, result="attended", accompanied=False)
    assert (done.status, done.accompanied) == ("attended", False)


def test_the_agency_says_attended_without_saying_anything_of_the_accompaniment(world, after):
    appointments.record_result(world.cip, after.pk, result="attended", accompanied=True)
    done = appointments.record_result(world.ft, after.pk, result="attended")
    assert (done.accompanied, done.asserted_for) == (True, world.agency)


def test_both_words_stay_in_the_journal_and_the_latest_stands(world, after):
    appointments.record_result(world.cip, after.pk, result="missed")
    appointments.record_result(world.ft, after.pk, result="attended")
    facts = Fact.objects.filter(kind="appointment_result", subject_id=after.pk)
    assert facts.count() == 2
    assert [fact.data["asserted_by"] for fact in facts.standing()] == ["spe_adviser"]


def test_another_date_keeps_the_former_appointment(world, appointment):
    later = appointment.fixed_for + dt.timedelta(days=7)
    new = appointments.reschedule(world.ft, appointment.pk, fixed_for=later)
    appointment.refresh_from_db()
    assert (appointment.status, new.replaces, new.fixed_for) == ("rescheduled", appointment, later)
    with pytest.raises(Impossible, match="ne peut plus être reporté"):
        appointments.reschedule(world.cip, appointment.pk, fixed_for=later)
    with clock.frozen(later + dt.timedelta(days=1)), pytest.raises(Impossible, match="reporté"):
        appointments.record_result(world.cip, appointment.pk, result="attended")


def test_a_person_has_one_open_appointment(world, appointment):
    with pytest.raises(Impossible, match="déjà un premier rendez-vous"):
        appointments.fix_appointment(
            world.cip, person=appointment.person, organisation=world.agency, fixed_for=appointment.fixed_for
        )


def test_an_appointment_is_not_fixed_in_the_past(world, appointment):
    with pytest.raises(Impossible, match="dans le passé"):
        appointments.reschedule(world.cip, appointment.pk, fixed_for=clock.paris(world.day - dt.timedelta(days=9), 9))
    assert FirstAppointment.objects.count() == 1


def test_another_agency_does_not_know_the_appointment(world, after):
    with pytest.raises(Unknown):
        appointments.record_result(world.ft_elsewhere, after.pk, result="attended")


def test_the_auditor_reads_and_does_not_answer(world, after):
    with pytest.raises(Refused):
        appointments.record_result(world.auditor, after.pk, result="attended")


def test_the_agency_is_told_without_personal_data(world, appointment):
    message = Message.objects.get(kind="appointment_fixed")
    assert message.recipient == world.agency.mailbox
    assert appointment.person.family_name not in message.body + message.subject
