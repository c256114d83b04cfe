"""Two agents at the same moment: the database lets exactly one of them win. Real transactions, real threads."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import close_old_connections, connection

from passerelles.core import clock
from passerelles.core.errors import AlreadyTaken, EditedElsewhere, Impossible, Unknown
from passerelles.journal.agreement import compare
from passerelles.network.policy import SYSTEM
from passerelles.reception.models import Convocation, Interview
from passerelles.reception.services import appointments, attendance, interviews, planning
from passerelles.reception.services.convocations import convoke

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs):
    """Run the verbs in as many threads, all at the same time; what each returned or raised."""
    start = threading.Barrier(len(verbs))
    results = [None] * len(verbs)

    def run(place, verb):
        close_old_connections()
        try:
            start.wait(timeout=10)
            results[place] = verb()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, verb)) for place, verb in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


def test_a_person_is_convoked_once_to_two_sessions_of_the_same_half_day(world):
    here, there = world.session(place="Siège"), world.session(place="Annexe")
    person = world.person()
    results = at_once(lambda: convoke(world.auditor, here.pk, person), lambda: convoke(world.manager, there.pk, person))
    assert [type(error) for error in failures(results)] == [Impossible]
    assert Convocation.objects.filter(person=person).count() == 1


def test_a_desk_and_a_time_go_to_one_person(world):
    session = world.session()
    first, second, third = world.convoked(session, 3)
    desk, at = third.desk_id, third.slot.lower
    attendance.record_absence(world.cip, third.pk, reason="no_news")
    results = at_once(
        lambda: planning.move_to_slot(world.cip, first.pk, desk_id=desk, at=at),
        lambda: planning.move_to_slot(world.cip_two, second.pk, desk_id=desk, at=at),
    )
    assert [type(error) for error in failures(results)] == [AlreadyTaken]
    holders = Convocation.objects.filter(session=session, desk=desk, slot__startswith=at).exclude(status="absent")
    assert holders.count() == 1


def test_of_two_desks_that_write_the_same_interview_exactly_one_wins(world):
    convocation = world.convoked(world.session())[0]
    interview = interviews.start_interview(world.cip, convocation.pk)
    results = at_once(
        lambda: interviews.save_interview(world.cip, interview.pk, version=1, values={"situation": "cdi"}),
        lambda: interviews.save_interview(world.cip_two, interview.pk, version=1, values={"situation": "cdd"}),
    )
    lost = failures(results)
    assert [type(error) for error in lost] == [EditedElsewhere]
    won = next(result for result in results if not isinstance(result, Exception))
    stored = Interview.objects.get(pk=interview.pk)
    assert (stored.version, stored.situation) == (2, won.situation)
    assert lost[0].who in {"Agent cip", "Agent cip_two"}


def test_two_desks_that_open_the_same_person_get_the_same_interview(world):
    convocation = world.convoked(world.session())[0]
    results = at_once(
        lambda: interviews.start_interview(world.cip, convocation.pk),
        lambda: interviews.start_interview(world.cip_two, convocation.pk),
    )
    assert not failures(results)
    assert results[0].pk == results[1].pk
    assert Interview.objects.count() == 1


def test_two_arrivals_at_once_are_one_arrival(world):
    convocation = world.convoked(world.session())[0]
    results = at_once(
        lambda: attendance.record_arrival(world.cip, convocation.pk),
        lambda: attendance.record_arrival(world.cip_two, convocation.pk),
    )
    assert not failures(results)
    convocation.refresh_from_db()
    assert convocation.status == "present"


def test_the_same_walk_in_entered_at_two_desks_is_received_once(world):
    session = world.session()
    person = world.person()
    results = at_once(
        lambda: attendance.welcome_walk_in(world.cip, session.pk, person=person),
        lambda: attendance.welcome_walk_in(world.cip_two, session.pk, person=person),
    )
    assert [type(error) for error in failures(results)] == [Impossible]
    assert Convocation.objects.filter(session=session, person=person).count() == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_person_taken_back_at_one_desk_is_not_interviewed_at_the_other(world, turn):
    convocation = attendance.welcome_walk_in(
        world.cip, world.session().pk, family_name="Nazari", given_names="Omid", sex="H"
    )
    results = at_once(
        lambda: attendance.withdraw_walk_in(world.cip, convocation.pk, reason="saisie par erreur"),
        lambda: interviews.start_interview(world.cip_two, convocation.pk),
    )
    (lost,) = failures(results)
    assert type(lost) in {Impossible, Unknown}
    assert Convocation.objects.exists() is Interview.objects.exists() is isinstance(results[1], Interview)
    assert not any(found.found for found in compare(SYSTEM))


@pytest.mark.parametrize("turn", range(4))
def test_an_appointment_is_cancelled_or_given_another_date_but_not_both(world, turn):
    session = world.session()
    appointment = appointments.fix_appointment(
        world.cip,
        person=world.convoked(session)[0].person,
        organisation=world.agency,
        fixed_for=clock.paris(world.day + dt.timedelta(days=3), 14, 30),
        session=session,
    )
    later = appointment.fixed_for + dt.timedelta(days=1)
    results = at_once(
        lambda: appointments.cancel_appointment(world.cip, appointment.pk, reason="employed"),
        lambda: appointments.reschedule(world.ft, appointment.pk, fixed_for=later),
    )
    assert [type(error) for error in failures(results)] == [Impossible]
    assert not any(found.found for found in compare(SYSTEM))
