"""The reception day, verb by verb."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Impossible
from passerelles.journal.models import Fact
from passerelles.people.models import Registration
from passerelles.reception.models import FirstAppointment
from passerelles.reception.services import appointments, attendance, interviews

NO_JOB = {"situation": "none", "ft": False, "rsa": False, "agir": False}


def test_a_person_without_work_is_registered_and_given_a_first_appointment(world):
    session = world.session()
    convocation = world.convoked(session)[0]
    attendance.record_arrival(world.cip, convocation.pk)
    interview = interviews.start_interview(world.cip, convocation.pk)
    fixed_for = clock.paris(world.day + dt.timedelta(days=7), 10)
    done = interviews.finish_interview(
        world.cip,
        interview.pk,
        version=interview.version,
        values=NO_JOB
        | {
            "registered": True,
            "consent": True,
            "declared": {"phone": "+33612345678"},
            "appointment_with": world.agency,
            "appointment_at": fixed_for,
            "accompaniment": True,
        },
    )
    assert (done.outcome, done.scope, done.category) == ("registered", "in_scope", "unregistered")
    assert Registration.objects.get(person=done.person).place == "pfa"
    appointment = FirstAppointment.objects.get(person=done.person)
    with clock.frozen(fixed_for + dt.timedelta(hours=2)):
        appointments.record_result(world.cip, appointment.pk, result="attended", accompanied=True)
    kinds = list(Fact.objects.standing().filter(person_id=done.person_id).values_list("kind", flat=True))
    assert {"interview_held", "registered", "appointment_fixed", "appointment_result", "attendance"} <= set(kinds)


def test_the_second_of_two_desks_is_told_who_wrote_first(world):
    convocation = world.convoked(world.session())[0]
    interview = interviews.start_interview(world.cip, convocation.pk)
    interviews.save_interview(world.cip, interview.pk, version=interview.version, values={"situation": "cdi"})
    with pytest.raises(EditedElsewhere) as refusal:
        interviews.save_interview(world.cip_two, interview.pk, version=interview.version, values={"situation": "cdd"})
    assert refusal.value.who == "Agent cip"


def test_nobody_is_registered_outside_the_convention(world):
    with clock.frozen(clock.paris(dt.date(2026, 12, 1), 9)):
        convocation = world.convoked(world.session(day=dt.date(2026, 12, 1)))[0]
        interview = interviews.start_interview(world.cip, convocation.pk)
        with pytest.raises(Impossible, match="hors de la période de la convention"):
            interviews.finish_interview(
                world.cip, interview.pk, version=1, values=NO_JOB | {"registered": True, "consent": True}
            )
    assert not Registration.objects.exists()
