"""Arrivals, absences, people who come without a convocation, the presentation, the end of the half-day."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import AlreadyTaken, Impossible
from passerelles.journal.models import Fact
from passerelles.people.models import Person
from passerelles.reception.enums import AbsenceReason
from passerelles.reception.services import attendance, interviews, planning

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
