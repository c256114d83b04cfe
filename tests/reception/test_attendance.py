"""Arrivals, absences, people who come without a convocation, the presentation, the end of the half-day."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import AlreadyTaken, Impossible, Unknown
from passerelles.core.periods import Month
from passerelles.indicators.monthly import monthly
from passerelles.indicators.queries import Known
from passerelles.journal.models import Fact
from passerelles.linkage.models import Check
from passerelles.linkage.services import declare_check
from passerelles.people.models import Person
from passerelles.people.services import record_assessment, sign_contract
from passerelles.reception.enums import AbsenceReason
from passerelles.reception.models import Convocation
from passerelles.reception.queries.day import day_of
from passerelles.reception.services import attendance, interviews, planning
from passerelles.reception.services.convocations import convoke

KNOWN = {"family_name": "Nazari", "given_names": "Omid", "birth_date": dt.date(1990, 5, 17), "sex": "H"}


def standing(kind, subject):
    return list(Fact.objects.standing().filter(kind=kind, subject_id=subject))


def test_minutes_late_are_counted_from_the_start(world):
    convocation = world.convoked(world.session())[0]
    attendance.record_arrival(world.cip, convocation.pk, at=clock.paris(world.day, 9, 12))
    assert standing("attendance", convocation.pk)[0].data["late_minutes"] == 12


def test_somebody_early_is_not_late(world):
    convocation = world.convoked(world.session())[0]
    attendance.record_arrival(world.cip, convocation.pk, at=clock.paris(world.day, 8, 40))
    assert standing("attendance", convocation.pk)[0].data["late_minutes"] == 0


@pytest.mark.parametrize("reason", AbsenceReason.values)
def test_an_absence_has_a_reason(world, reason):
    convocation = world.convoked(world.session())[0]
    attendance.record_absence(world.cip, convocation.pk, reason=reason, note="appel reçu", excused=reason == "ill")
    convocation.refresh_from_db()
    assert (convocation.status, convocation.absence_reason) == ("excused" if reason == "ill" else "absent", reason)
    assert standing("attendance", convocation.pk)[0].data["reason"] == reason


def test_an_attendance_entered_by_mistake_is_retracted(world):
    convocation = world.convoked(world.session())[0]
    attendance.record_arrival(world.cip, convocation.pk)
    attendance.undo_attendance(world.cip, convocation.pk)
    convocation.refresh_from_db()
    assert (convocation.status, convocation.arrived_at) == ("convoked", None)
    assert not standing("attendance", convocation.pk)


def test_somebody_noted_absent_who_comes_at_last_is_present(world):
    convocation = world.convoked(world.session())[0]
    attendance.record_absence(world.cip, convocation.pk, reason="no_news")
    attendance.record_arrival(world.cip, convocation.pk)
    facts = standing("attendance", convocation.pk)
    assert [fact.data["status"] for fact in facts] == ["present"]


def test_a_person_with_an_interview_is_not_absent(world):
    convocation = world.convoked(world.session())[0]
    interviews.start_interview(world.cip, convocation.pk)
    with pytest.raises(Impossible, match="entretien"):
        attendance.record_absence(world.cip, convocation.pk, reason="no_news")
    with pytest.raises(Impossible, match="entretien"):
        attendance.undo_attendance(world.cip, convocation.pk)


def test_the_slot_of_an_absent_person_may_be_given_to_another(world):
    first, second = world.convoked(world.session(), 2)
    attendance.record_absence(world.cip, first.pk, reason="no_news")
    moved = planning.move_to_slot(world.cip, second.pk, desk_id=first.desk_id, at=first.slot.lower)
    assert moved.slot == first.slot
    with pytest.raises(Impossible, match="autre créneau"):
        attendance.record_arrival(world.cip, first.pk)


def test_a_slot_already_given_is_refused(world):
    first, second = world.convoked(world.session(), 2)
    with pytest.raises(AlreadyTaken, match="vient d’être donné"):
        planning.move_to_slot(world.cip, second.pk, desk_id=first.desk_id, at=first.slot.lower)


def test_somebody_who_was_not_convoked_is_received_and_gets_a_slot(world):
    session = world.session()
    convocation = attendance.welcome_walk_in(world.cip, session.pk, **KNOWN)
    assert (convocation.walk_in, convocation.status) == (True, "present")
    assert convocation.slot is not None
    assert standing("convoked", convocation.pk)[0].data["walk_in"] is True


def test_the_same_person_typed_again_is_the_record_that_exists(world):
    known = world.person(**KNOWN)
    convocation = attendance.welcome_walk_in(world.cip, world.session().pk, **KNOWN | {"family_name": "NAZARI"})
    assert convocation.person == known


def test_homonyms_with_different_foreigner_numbers_are_two_persons(world):
    known = world.person(**KNOWN, identifiers={"agdref": "9999999999"})
    convocation = attendance.welcome_walk_in(
        world.cip, world.session().pk, identifiers={"agdref": "8888888888"}, **KNOWN
    )
    assert convocation.person != known


def test_a_foreigner_number_finds_the_person_despite_another_spelling(world):
    known = world.person(**KNOWN, identifiers={"agdref": "9999999999"})
    convocation = attendance.welcome_walk_in(
        world.cip, world.session().pk, identifiers={"agdref": "9999999999"}, **KNOWN | {"given_names": "Umid"}
    )
    assert convocation.person == known


def test_a_person_of_another_directorate_is_another_record(world):
    world.person(actor=world.auditor_elsewhere, direction="strasbourg", **KNOWN)
    attendance.welcome_walk_in(world.cip, world.session().pk, **KNOWN)
    assert Person.objects.filter(family_name="Nazari").count() == 2


def test_the_presentation_warns_at_sixteen_minutes(world):
    session = world.session()
    assert attendance.hold_collective(world.cip, session.pk, minutes=15, messages=["update_rights"]) == ""
    alert = attendance.hold_collective(world.cip, session.pk, minutes=16, messages=["update_rights"])
    assert "16 minutes" in alert
    assert [fact.data["minutes"] for fact in standing("collective_held", session.pk)] == [16]


def test_a_session_closes_when_everybody_is_pointed_and_interviewed(world):
    session = world.session()
    first, second = world.convoked(session, 2)
    with pytest.raises(Impossible, match="sans présence ni absence"):
        attendance.close_session(world.cip, session.pk)
    attendance.record_absence(world.cip, second.pk, reason="transport")
    attendance.record_arrival(world.cip, first.pk)
    with pytest.raises(Impossible, match="non terminé"):
        attendance.close_session(world.cip, session.pk)
    interview = interviews.start_interview(world.cip, first.pk)
    interviews.finish_interview(world.cip, interview.pk, version=1, values={"situation": "cdi"})
    assert attendance.close_session(world.cip, session.pk).status == "closed"


def test_a_closed_session_takes_nothing_until_it_is_reopened(world):
    session = world.session()
    convocation = world.convoked(session)[0]
    attendance.record_absence(world.cip, convocation.pk, reason="no_news")
    attendance.close_session(world.cip, session.pk)
    for verb in (
        lambda: attendance.record_arrival(world.cip, convocation.pk),
        lambda: attendance.undo_attendance(world.cip, convocation.pk),
        lambda: attendance.welcome_walk_in(world.cip, session.pk, **KNOWN),
    ):
        with pytest.raises(Impossible, match="clôturée"):
            verb()
    attendance.reopen_session(world.cip, session.pk)
    assert attendance.record_arrival(world.cip, convocation.pk).status == "present"


def month_of(world):
    return monthly("metz", Month.of(world.day)).activity


def test_somebody_entered_at_the_door_by_mistake_leaves_the_day_and_the_figures(world):
    session = world.session()
    attendance.record_arrival(world.cip, world.convoked(session)[0].pk)
    convocation = attendance.welcome_walk_in(world.cip, session.pk, **KNOWN)
    assert month_of(world).walk_ins == 1
    attendance.withdraw_walk_in(world.cip, convocation.pk, reason="mauvaise personne")
    assert month_of(world).walk_ins == 0
    assert [line.walk_in for line in day_of(world.cip, session.pk).lines] == [False]
    assert not Fact.objects.standing().filter(subject_id=convocation.pk).exclude(kind="retraction").exists()
    retractions = Fact.objects.filter(kind="retraction", subject_id=convocation.pk)
    assert [fact.data["reason"] for fact in retractions] == ["mauvaise personne"] * 2
    assert {fact.actor_id for fact in retractions} == {world.cip.agent_id}


def test_the_figures_as_known_before_the_mistake_was_seen_do_not_change(world):
    session = world.session()
    attendance.record_arrival(world.cip, world.convoked(session)[0].pk)
    convocation = attendance.welcome_walk_in(world.cip, session.pk, **KNOWN)
    before = Known(position=Fact.objects.latest("id").pk)
    attendance.withdraw_walk_in(world.cip, convocation.pk, reason="mauvaise personne")
    assert monthly("metz", Month.of(world.day), before).activity.walk_ins == 1


def test_the_record_made_at_the_door_leaves_with_the_mistake_when_nothing_refers_to_it(world):
    convocation = attendance.welcome_walk_in(
        world.cip, world.session().pk, identifiers={"agdref": "9999999999"}, **KNOWN
    )
    assert attendance.withdraw_walk_in(world.cip, convocation.pk, reason="saisie par erreur") is True
    assert not Person.objects.filter(pk=convocation.person_id).exists()
    facts = Fact.objects.filter(person_id=convocation.person_id)
    assert {fact.kind for fact in facts.standing()} == {"retraction"}
    assert Person.pgh_event_model.objects.filter(pgh_obj_id=convocation.person_id, pgh_label="delete").exists()


@pytest.mark.parametrize("mention", ["another session", "a contract", "a level", "a check settled by an agent"])
def test_the_record_made_at_the_door_stays_when_something_refers_to_it(world, mention):
    convocation = attendance.welcome_walk_in(world.cip, world.session().pk, **KNOWN)
    person = convocation.person
    if mention == "another session":
        convoke(world.auditor, world.session(half_day="pm").pk, person)
    elif mention == "a contract":
        sign_contract(world.auditor, person, signed_on=world.day)
    elif mention == "a level":
        record_assessment(world.auditor, person, assessed_on=world.day, overall="A1")
    else:
        declare_check(world.cip, person, register="rsa", known=True, source="attestation")
    assert attendance.withdraw_walk_in(world.cip, convocation.pk, reason="saisie par erreur") is False
    assert Person.objects.filter(pk=person.pk).exists()
    assert Fact.objects.standing().filter(kind="person_recorded", person_id=person.pk).exists()


def test_a_record_that_existed_before_always_stays(world):
    person = world.person()
    convocation = attendance.welcome_walk_in(world.cip, world.session().pk, person=person)
    assert attendance.withdraw_walk_in(world.cip, convocation.pk, reason="homonyme") is False
    assert Person.objects.filter(pk=person.pk).exists()


def test_what_the_lists_answered_by_themselves_does_not_keep_a_mistake(world):
    convocation = attendance.welcome_walk_in(world.cip, world.session().pk, **KNOWN)
    Check.objects.create(
        person=convocation.person, register="ft", result="not_found", source="liste", as_of=world.day, reason="absente"
    )
    assert attendance.withdraw_walk_in(world.cip, convocation.pk, reason="saisie par erreur") is True
    assert not Check.objects.exists()


def test_the_slot_of_a_mistake_is_free_again_and_the_person_may_come(world):
    session = world.session()
    convocation = attendance.welcome_walk_in(world.cip, session.pk, **KNOWN)
    attendance.withdraw_walk_in(world.cip, convocation.pk, reason="saisie par erreur")
    again = attendance.welcome_walk_in(world.cip, session.pk, **KNOWN)
    assert (again.slot, again.status) == (convocation.slot, "present")


def test_somebody_convoked_is_noted_absent_and_never_taken_back(world):
    convocation = world.convoked(world.session())[0]
    with pytest.raises(Impossible, match="notez son absence"):
        attendance.withdraw_walk_in(world.cip, convocation.pk, reason="erreur")


def test_once_an_interview_is_open_or_the_session_closed_nobody_is_taken_back(world):
    session = world.session()
    interviewed = attendance.welcome_walk_in(world.cip, session.pk, **KNOWN)
    interview = interviews.start_interview(world.cip, interviewed.pk)
    with pytest.raises(Impossible, match="a un entretien"):
        attendance.withdraw_walk_in(world.cip, interviewed.pk, reason="erreur")
    gone = attendance.welcome_walk_in(world.cip, session.pk, **KNOWN | {"given_names": "Amina", "sex": "F"})
    attendance.record_absence(world.cip, gone.pk, reason="other")
    interviews.finish_interview(world.cip, interview.pk, version=1, values={"situation": "cdi"})
    attendance.close_session(world.cip, session.pk)
    with pytest.raises(Impossible, match="clôturée"):
        attendance.withdraw_walk_in(world.cip, gone.pk, reason="erreur")


@pytest.mark.parametrize(
    ("short", "answer"),
    [
        ("cip_two", None),
        ("auditor", None),
        ("manager", None),
        ("cip_elsewhere", Unknown),
        ("auditor_elsewhere", Unknown),
        ("ft", Unknown),
        ("tester", Unknown),
        ("region", Unknown),
        ("admin", Unknown),
    ],
)
def test_those_who_hold_the_session_take_back_a_mistake(world, short, answer):
    convocation = attendance.welcome_walk_in(world.cip, world.session().pk, **KNOWN)
    if answer is None:
        attendance.withdraw_walk_in(world.actors[short], convocation.pk, reason="saisie par erreur")
        assert not Convocation.objects.exists()
        return
    with pytest.raises(answer):
        attendance.withdraw_walk_in(world.actors[short], convocation.pk, reason="saisie par erreur")
    assert Convocation.objects.filter(pk=convocation.pk, status="present").exists()
