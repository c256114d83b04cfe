"""The person and their first appointment: what they are told, what they say of it, contradictions (C-020, C-036)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.agreement import compare
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.network.policy import SYSTEM
from passerelles.people import services as people
from passerelles.reception.models import AppointmentWord
from passerelles.reception.services import appointment_words, appointments
from tests.browsing import sign_in

DAY = dt.date(2026, 3, 13)


@pytest.fixture
def person(world):
    session = world.session()
    return world.convoked(session, language="ara", phone="+33612345678")[0].person


@pytest.fixture
def appointment(world, person):
    return appointments.fix_appointment(
        world.cip,
        person=person,
        organisation=world.agency,
        fixed_for=clock.paris(DAY, 14, 30),
        session=person.convocations.get().session,
    )


def at(day=DAY, hour=18):
    return clock.frozen(clock.paris(day, hour))


def told(person):
    """(situation, state) of what is written to the person, in order."""
    rows = Message.objects.filter(person_id=person.pk, link__purpose="person_page").order_by(
        "created_at", "next_attempt_at"
    )
    return list(rows.values_list("kind", "state"))


def says(appointment, said, **more):
    return appointment_words.person_says(appointment.person_id, appointment.pk, said, **more)


def test_the_person_is_told_recalled_and_asked_in_their_language(world, person, appointment):
    found = Message.objects.filter(person_id=person.pk, link__purpose="person_page").order_by("next_attempt_at")
    assert [(each.kind, clock.paris_date(each.next_attempt_at)) for each in found] == [
        ("appointment_fixed", world.day),
        ("appointment_reminder", dt.date(2026, 3, 12)),
        ("appointment_question", dt.date(2026, 3, 14)),
    ]
    assert {(each.language, each.channel, each.recipient) for each in found} == {("ara", "sms", "+33612345678")}
    assert world.agency.name in found[0].body and person.family_name not in found[0].body


def test_who_wants_no_messages_receives_none(world, person):
    consent = people.give_consent(SYSTEM, person, purpose="messages", given_on=world.day)
    assert consent
    people.withdraw_consent(SYSTEM, person, purpose="messages", on=world.day)
    appointments.fix_appointment(
        world.cip, person=person, organisation=world.agency, fixed_for=clock.paris(DAY, 14, 30)
    )
    assert told(person) == []


def test_moving_takes_back_what_has_not_left_and_tells_the_new_date(world, person, appointment):
    appointments.amend_appointment(
        world.cip,
        appointment.pk,
        organisation=world.agency,
        fixed_for=clock.paris(DAY, 16),
        accompaniment_agreed=False,
    )
    new = appointments.reschedule(world.ft, appointment.pk, fixed_for=clock.paris(DAY + dt.timedelta(days=7), 9))
    kinds = [kind for kind, state in told(person) if state == "queued"]
    assert sorted(kinds) == ["appointment_moved", "appointment_question", "appointment_reminder"]
    assert "20/03/2026" in Message.objects.get(person_id=person.pk, kind="appointment_moved", state="queued").body
    assert new.replaces == appointment


def test_another_agency_is_told_and_the_former_one_that_its_hour_is_free(world, person, appointment):
    """Same hour, another place: for the person it is the appointment given, not another date."""
    appointments.amend_appointment(
        world.cip,
        appointment.pk,
        organisation=world.other_agency,
        fixed_for=appointment.fixed_for,
        accompaniment_agreed=False,
    )
    waiting = Message.objects.filter(person_id=person.pk, state="queued").order_by("created_at", "id")
    to_agencies = waiting.filter(channel="email").values_list("kind", "recipient")
    assert ("appointment_cancelled", world.agency.mailbox) in to_agencies
    assert ("appointment_fixed", world.other_agency.mailbox) in to_agencies
    given = waiting.get(channel="sms", kind="appointment_fixed")
    assert world.other_agency.name in given.body
    assert not waiting.filter(kind="appointment_moved").exists()


def test_a_correction_of_the_accompaniment_alone_writes_to_nobody(world, person, appointment):
    before = told(person)
    appointments.amend_appointment(
        world.cip,
        appointment.pk,
        organisation=world.agency,
        fixed_for=appointment.fixed_for,
        accompaniment_agreed=True,
    )
    assert told(person) == before


def test_cancelled_is_said_before_the_date_and_missed_after(world, person, appointment):
    with at():
        appointments.record_result(world.ft, appointment.pk, result="missed")
        assert ("appointment_missed", "queued") in told(person)
    assert "appointment_cancelled" not in dict(told(person))
    other = appointments.reschedule(world.ft, appointment.pk, fixed_for=clock.paris(DAY + dt.timedelta(days=7), 9))
    appointments.cancel_appointment(world.ft, other.pk, reason="slot_closed")
    waiting = [kind for kind, state in told(person) if state == "queued"]
    assert waiting == ["appointment_cancelled"], "what the new date made untrue has not left"


def test_an_old_absence_is_not_news(world, person, appointment):
    with at(DAY + dt.timedelta(days=45)):
        appointments.record_result(world.ft, appointment.pk, result="missed")
        assert "appointment_missed" not in dict(told(person))


def test_the_person_confirms_then_cannot_come_and_the_agency_moves_it(client, world, person, appointment):
    for _ in range(2):
        says(appointment, "confirmed")
    says(appointment, "cannot_come", reason="childcare")
    assert [word.said for word in AppointmentWord.objects.order_by("rank")] == ["confirmed", "cannot_come"]
    assert {state for _, state in told(person)} == {"dropped"}
    mail = Message.objects.get(kind="appointment_to_move")
    assert mail.recipient == world.agency.mailbox and person.family_name not in mail.body
    with pytest.raises(Impossible, match="déjà demandée"):
        says(appointment, "confirmed")
    page = sign_in(client, world, "ft").get(reverse("reception:appointments"), {"etat": "a_deplacer"})
    assert "La personne ne peut pas venir" in page.content.decode()
    assert "garde d’enfants" in page.content.decode()
    new = appointments.reschedule(world.ft, appointment.pk, fixed_for=clock.paris(DAY + dt.timedelta(days=7), 9))
    says(new, "confirmed")


def test_before_the_hour_nobody_says_whether_it_was_held_and_after_nobody_confirms(world, person, appointment):
    with pytest.raises(Impossible, match="pas encore"):
        says(appointment, "held")
    with at():
        with pytest.raises(Impossible, match="plus à venir"):
            says(appointment, "confirmed")
        with pytest.raises(Unknown):
            appointment_words.person_says(world.person().pk, appointment.pk, "held")


def test_a_contradiction_is_listed_until_the_operator_settles_it(client, world, person, appointment):
    with at():
        says(appointment, "held")
        appointments.record_result(world.ft, appointment.pk, result="missed")
        with pytest.raises(Impossible, match="l’un des deux côtés"):
            appointment_words.settle(world.ft, appointment.pk, took_place=True)
        with pytest.raises(Refused):
            appointment_words.settle(world.auditor, appointment.pk, took_place=True)
        visitor = sign_in(client, world, "cip")
        page = visitor.get(reverse("reception:appointments"), {"etat": "contradictions"})
        assert [line.pk for line in page.context["page"]] == [appointment.pk]
        assert "La personne dit qu’il a eu lieu" in page.content.decode()
        visitor.post(reverse("reception:appointment-settle", args=[appointment.pk]), {"took_place": "oui"})
        appointment.refresh_from_db()
        assert (appointment.status, appointment.asserted_for) == ("attended", world.operator)
        page = visitor.get(reverse("reception:appointments"), {"etat": "contradictions"})
        assert list(page.context["page"]) == []
        with pytest.raises(Impossible, match="tranché"):
            says(appointment, "absent")


@pytest.mark.parametrize(("answers", "settles"), [("ft", "cip"), ("cip", "ft")])
def test_the_side_that_did_not_answer_is_offered_to_settle(client, world, appointment, answers, settles):
    address = reverse("reception:appointment-settle", args=[appointment.pk])
    with at():
        appointments.record_result(world.actors[answers], appointment.pk, result="missed")
        says(appointment, "held")
        for short, offered in ((answers, False), (settles, True)):
            visitor = sign_in(client, world, short)
            page = visitor.get(reverse("reception:appointments"), {"etat": "contradictions"}).content.decode()
            assert (address in page) == offered, short
        visitor.post(address, {"took_place": "oui"})
    appointment.refresh_from_db()
    assert appointment.status == "attended"


def test_what_is_settled_is_settled_once_and_binds_both_sides(world, person, appointment):
    with at():
        says(appointment, "held")
        appointments.record_result(world.ft, appointment.pk, result="excused")
        appointment_words.settle(world.cip, appointment.pk, took_place=True)
        with pytest.raises(Impossible, match="rien à trancher"):
            appointment_words.settle(world.cip_two, appointment.pk, took_place=False)
        with pytest.raises(Impossible, match="a été tranchée"):
            appointments.record_result(world.ft, appointment.pk, result="missed")
        assert appointments.record_result(world.ft, appointment.pk, result="attended").status == "attended"
    assert AppointmentWord.objects.filter(said="settled").count() == 1


def test_an_excuse_that_is_upheld_stays_an_excuse(world, appointment):
    with at():
        says(appointment, "held")
        appointments.record_result(world.ft, appointment.pk, result="excused")
        assert appointment_words.settle(world.cip, appointment.pk, took_place=False).status == "excused"


def test_two_sides_that_agree_are_not_settled(world, appointment):
    with at():
        says(appointment, "held")
        appointments.record_result(world.ft, appointment.pk, result="attended")
        with pytest.raises(Impossible, match="ne se contredisent pas"):
            appointment_words.settle(world.cip, appointment.pk, took_place=True)


def test_an_absence_corrected_before_it_was_told_is_not_told_and_one_found_again_is(world, person, appointment):
    with at():
        appointments.record_result(world.ft, appointment.pk, result="missed")
        appointments.record_result(world.ft, appointment.pk, result="attended")
        assert ("appointment_missed", "queued") not in told(person)
    with at(hour=19):
        appointments.record_result(world.ft, appointment.pk, result="missed")
        assert told(person).count(("appointment_missed", "queued")) == 1


def test_whoever_gets_a_new_date_still_learns_that_the_former_was_cancelled(world, person, appointment):
    appointments.cancel_appointment(world.ft, appointment.pk, reason="slot_closed")
    later = clock.paris(DAY + dt.timedelta(days=7), 9)
    appointments.fix_again(world.ft, appointment.pk, organisation=world.agency, fixed_for=later)
    waiting = [kind for kind, state in told(person) if state == "queued"]
    assert "appointment_cancelled" in waiting and "appointment_fixed" in waiting


def test_agreeing_closes_the_contradiction(world, appointment):
    from passerelles.reception.models import FirstAppointment
    from passerelles.reception.queries.appointments import CONTRADICTED, with_words

    with at():
        appointments.record_result(world.ft, appointment.pk, result="attended")
        says(appointment, "nobody")
        assert with_words(FirstAppointment.objects.all()).filter(CONTRADICTED).exists()
        says(appointment, "held")
        assert not with_words(FirstAppointment.objects.all()).filter(CONTRADICTED).exists()


def test_each_word_is_a_fact_and_journal_and_tables_agree(world, appointment):
    says(appointment, "confirmed")
    with at():
        says(appointment, "held")
        says(appointment, "held")
        facts = Fact.objects.filter(kind="appointment_word").order_by("id")
        assert [fact.data["said"] for fact in facts] == ["confirmed", "held"]
        assert [each for each in compare(SYSTEM) if each.found] == []
        AppointmentWord.objects.filter(said="held").update(said="absent")
        (wrong,) = [each for each in compare(SYSTEM) if each.found]
        assert wrong.name == "Paroles sur les premiers rendez-vous"
