"""The first appointment: fixed, then attended, missed, excused or given another date."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.core.periods import Month
from passerelles.indicators.monthly import monthly
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.reception.enums import REASONS_OF_THE_SERVICE, CancelReason
from passerelles.reception.models import FirstAppointment
from passerelles.reception.services import appointments, interviews


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


@pytest.mark.parametrize("reason", [reason for reason in CancelReason if reason != CancelReason.OTHER])
def test_a_cancelled_appointment_has_a_reason_somebody_who_says_so_and_an_instant(world, appointment, reason):
    done = appointments.cancel_appointment(world.cip, appointment.pk, reason=reason)
    done.refresh_from_db()
    assert (done.status, done.cancel_reason) == ("cancelled", reason)
    assert (done.asserted_by, done.asserted_for, done.asserted_at) == (
        world.cip.agent_id,
        world.operator,
        clock.now(),
    )
    fact = Fact.objects.standing().get(kind="appointment_result", subject_id=appointment.pk)
    assert (fact.data["result"], fact.data["reason"], fact.data["asserted_by"]) == ("cancelled", reason, "cip")


def test_another_reason_is_written_out(world, appointment):
    with pytest.raises(Impossible, match="Précisez le motif"):
        appointments.cancel_appointment(world.cip, appointment.pk, reason="other")
    done = appointments.cancel_appointment(world.cip, appointment.pk, reason="other", note="agence en travaux")
    assert done.cancel_note == "agence en travaux"


def test_the_database_refuses_a_cancellation_without_a_reason_and_a_reason_without_a_cancellation(appointment):
    for change in ({"status": "cancelled", "asserted_at": clock.now()}, {"cancel_reason": "mistake"}):
        with pytest.raises(IntegrityError, match="cancelled_with_reason"), transaction.atomic():
            FirstAppointment.objects.filter(pk=appointment.pk).update(**change)


def test_a_cancelled_appointment_counts_neither_as_attended_nor_as_missed(world, appointment):
    month = Month.of(appointment.fixed_for.date())
    appointments.cancel_appointment(world.cip, appointment.pk, reason="slot_closed")
    figures = monthly("metz", month)
    assert figures.figures["M4_accompagnements_premier_entretien_FT_realises"].total == 0
    assert (figures.delays.answered, figures.delays.lost) == (0, 0)


def test_a_person_who_missed_then_had_the_next_one_cancelled_is_still_lost(world, after):
    appointments.record_result(world.cip, after.pk, result="missed")
    second = appointments.reschedule(world.cip, after.pk, fixed_for=clock.now() + dt.timedelta(days=5))
    month = Month.of(after.fixed_for.date())
    with clock.frozen(second.fixed_for + dt.timedelta(hours=1)):
        appointments.record_result(world.cip, second.pk, result="missed")
        third = appointments.fix_appointment(
            world.cip,
            person=after.person,
            organisation=world.agency,
            fixed_for=clock.now() + dt.timedelta(days=2),
            session=after.session,
        )
        assert monthly("metz", month).delays.lost == 0
        appointments.cancel_appointment(world.cip, third.pk, reason="slot_closed")
        delays = monthly("metz", month).delays
    assert (delays.answered, delays.lost) == (1, 1)


@pytest.mark.parametrize("answer", ["attended", "missed", "excused", "rescheduled", "cancelled"])
def test_only_a_fixed_appointment_is_cancelled(world, after, answer):
    if answer == "rescheduled":
        appointments.reschedule(world.cip, after.pk, fixed_for=clock.now() + dt.timedelta(days=5))
    elif answer == "cancelled":
        appointments.cancel_appointment(world.cip, after.pk, reason="slot_closed")
    else:
        appointments.record_result(world.cip, after.pk, result=answer)
    with pytest.raises(Impossible, match="ne peut pas être annulé"):
        appointments.cancel_appointment(world.cip, after.pk, reason="slot_closed")


@pytest.mark.parametrize("reason", CancelReason)
def test_whoever_did_not_come_is_never_cancelled(world, after, reason):
    """Once the date has passed only the service may cancel: a no-show is missed or excused (D-032)."""
    if reason in REASONS_OF_THE_SERVICE:
        assert appointments.cancel_appointment(world.cip, after.pk, reason=reason).status == "cancelled"
        return
    with pytest.raises(Impossible, match="ne se note pas « annulé »"):
        appointments.cancel_appointment(world.cip, after.pk, reason=reason, note="pas venue")


def test_the_agency_is_told_of_a_cancellation_to_come_without_personal_data(world, appointment):
    appointments.cancel_appointment(world.cip, appointment.pk, reason="employed")
    message = Message.objects.get(kind="appointment_cancelled")
    assert message.recipient == world.agency.mailbox
    assert "13/03/2026 à 14 h 30" in message.body
    assert appointment.person.family_name not in message.body + message.subject
    assert "emploi" not in message.body


def test_no_message_says_cancelled_after_a_no_show(world, after):
    appointments.record_result(world.cip, after.pk, result="missed")
    with pytest.raises(Impossible):
        appointments.cancel_appointment(world.cip, after.pk, reason="slot_closed")
    assert not Message.objects.filter(kind="appointment_cancelled").exists()


def test_no_message_says_cancelled_once_the_date_has_passed(world, after):
    appointments.cancel_appointment(world.cip, after.pk, reason="slot_closed")
    assert not Message.objects.filter(kind="appointment_cancelled").exists()


def test_the_agency_that_cancels_is_not_told_by_itself(world, appointment):
    done = appointments.cancel_appointment(world.ft, appointment.pk, reason="slot_closed")
    assert done.asserted_for == world.agency
    assert not Message.objects.filter(kind="appointment_cancelled").exists()


def test_after_a_cancellation_a_new_appointment_is_fixed_in_another_agency(world, appointment):
    appointments.cancel_appointment(world.cip, appointment.pk, reason="slot_closed")
    later = appointment.fixed_for + dt.timedelta(days=2)
    new = appointments.fix_again(world.cip, appointment.pk, organisation=world.other_agency, fixed_for=later)
    assert (new.status, new.replaces, new.organisation) == ("fixed", appointment, world.other_agency)
    assert new.accompaniment_agreed
    with pytest.raises(Impossible, match="déjà été fixé"):
        appointments.fix_again(world.cip, appointment.pk, organisation=world.agency, fixed_for=later)


def test_an_adviser_fixes_a_new_appointment_only_in_their_own_agency(world, appointment):
    appointments.cancel_appointment(world.ft, appointment.pk, reason="slot_closed")
    later = appointment.fixed_for + dt.timedelta(days=2)
    with pytest.raises(Refused, match="dans votre agence"):
        appointments.fix_again(world.ft, appointment.pk, organisation=world.other_agency, fixed_for=later)
    assert appointments.fix_again(world.ft, appointment.pk, organisation=world.agency, fixed_for=later)


def test_an_appointment_that_stands_is_rescheduled_and_not_fixed_again(world, appointment):
    with pytest.raises(Impossible, match="Reportez-le"):
        appointments.fix_again(world.cip, appointment.pk, organisation=world.agency, fixed_for=appointment.fixed_for)


def test_a_cancelled_appointment_takes_no_answer_and_no_other_date(world, after):
    appointments.cancel_appointment(world.cip, after.pk, reason="mistake")
    with pytest.raises(Impossible, match="annulé"):
        appointments.record_result(world.cip, after.pk, result="attended")
    with pytest.raises(Impossible, match="Fixez un nouveau"):
        appointments.reschedule(world.cip, after.pk, fixed_for=clock.now() + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("short", "answer"),
    [
        ("cip", None),
        ("cip_two", None),
        ("ft", None),
        ("auditor", Refused),
        ("manager", Refused),
        ("ft_elsewhere", Unknown),
        ("cip_elsewhere", Unknown),
        ("auditor_elsewhere", Unknown),
        ("region", Unknown),
        ("agir", Unknown),
        ("admin", Unknown),
    ],
)
def test_those_who_follow_the_appointment_cancel_it(world, appointment, short, answer):
    actor = world.actors[short]
    if answer is None:
        assert appointments.cancel_appointment(actor, appointment.pk, reason="slot_closed").status == "cancelled"
        return
    with pytest.raises(answer):
        appointments.cancel_appointment(actor, appointment.pk, reason="slot_closed")
    appointment.refresh_from_db()
    assert appointment.status == "fixed"


def test_a_corrected_interview_fixes_another_appointment_after_a_cancellation(world):
    session = world.session()
    convocation = world.convoked(session)[0]
    values = {
        "situation": "none",
        "ft": False,
        "rsa": False,
        "agir": False,
        "consent": True,
        "registered": True,
        "appointment_with": world.agency,
        "appointment_at": clock.paris(world.day + dt.timedelta(days=3), 14, 30),
    }
    interview = interviews.start_interview(world.cip, convocation.pk)
    interview = interviews.finish_interview(world.cip, interview.pk, version=1, values=values)
    fixed = FirstAppointment.objects.get()
    appointments.cancel_appointment(world.cip, fixed.pk, reason="slot_closed")
    interview = interviews.finish_interview(world.cip, interview.pk, version=interview.version, values={})
    assert FirstAppointment.objects.count() == 1, "a correction of something else does not bring it back"
    later = values["appointment_at"] + dt.timedelta(days=1)
    interviews.finish_interview(world.cip, interview.pk, version=interview.version, values={"appointment_at": later})
    new = FirstAppointment.objects.get(status="fixed")
    assert (new.fixed_for, new.replaces) == (later, fixed)
