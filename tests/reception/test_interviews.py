"""The interview: finished with one outcome, corrected without losing what was said before."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Impossible, Refused
from passerelles.journal.models import Fact
from passerelles.linkage.models import Check
from passerelles.linkage.services import declare_check
from passerelles.people.models import Consent, OptOut, Registration
from passerelles.people.services import opt_out
from passerelles.reception.models import FirstAppointment
from passerelles.reception.services import appointments, interviews

FREE = {"situation": "none", "ft": False, "rsa": False, "agir": False}
REGISTERED = FREE | {"registered": True, "consent": True, "declared": {"phone": "+33612345678"}}


@pytest.fixture
def opened(world):
    return interviews.start_interview(world.cip, world.convoked(world.session())[0].pk)


def finish(world, interview, actor=None, **values):
    interview.refresh_from_db()
    return interviews.finish_interview(actor or world.cip, interview.pk, version=interview.version, values=values)


def standing(kind, person):
    return list(Fact.objects.standing().filter(kind=kind, person_id=person))


@pytest.mark.parametrize(
    ("values", "outcome", "scope", "category"),
    [
        ({"situation": "cdi"}, "out_of_scope", "out_employed", "cdi"),
        ({"situation": "student", "ft": True}, "out_of_scope", "out_student", "student"),
        ({"situation": "none", "rsa": True}, "already_rsa", "in_scope", "rsa"),
        ({"situation": "none", "agir": True, "ft": True}, "already_agir", "in_scope", "agir"),
        ({"situation": "none", "ft": True}, "already_ft", "in_scope", "ft"),
        (FREE | {"opted_out": True}, "opted_out", "in_scope", "unregistered"),
        (FREE | {"not_registered_reason": "refused"}, "refused", "in_scope", "unregistered"),
        (FREE | {"not_registered_reason": "technical_failure"}, "technical_failure", "in_scope", "unregistered"),
        (REGISTERED, "registered", "in_scope", "unregistered"),
        ({"situation": "none", "out_reason": "départ prévu"}, "out_of_scope", "out_other", "unregistered"),
    ],
)
def test_each_interview_has_one_outcome(world, opened, values, outcome, scope, category):
    done = finish(world, opened, **values)
    assert (done.outcome, done.scope, done.category) == (outcome, scope, category)
    assert len(standing("interview_held", done.person_id)) == 1


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, "situation"),
        ({"situation": "none", "ft": False, "rsa": False}, "AGIR"),
        (FREE, "inscrivez-la, ou dites pourquoi"),
    ],
)
def test_an_interview_is_not_finished_while_something_decisive_is_missing(world, opened, values, missing):
    with pytest.raises(Impossible, match=missing):
        finish(world, opened, **values)


def test_nobody_is_registered_without_their_consent(world, opened):
    with pytest.raises(Impossible, match="accord"):
        finish(world, opened, **FREE, registered=True)


@pytest.mark.parametrize("register", ["ft", "rsa", "agir"])
def test_nobody_known_elsewhere_is_registered(world, opened, register):
    with pytest.raises(Impossible, match="n’est pas possible"):
        finish(world, opened, **REGISTERED | {register: True})
    assert not Registration.objects.exists()
    assert not standing("interview_held", opened.person_id)


def test_what_the_lists_said_fills_the_interview(world):
    convocation = world.convoked(world.session())[0]
    declare_check(world.cip, convocation.person, register="rsa", known=True, source="attestation")
    assert interviews.start_interview(world.cip, convocation.pk).rsa is True


def test_a_correction_retracts_the_fact_and_cancels_the_registration(world, opened):
    finish(world, opened, **REGISTERED)
    first = standing("interview_held", opened.person_id)[0]
    assert Registration.objects.filter(person=opened.person_id).count() == 1
    finish(world, opened, situation="cdi", registered=False)
    facts = standing("interview_held", opened.person_id)
    assert [fact.data["outcome"] for fact in facts] == ["out_of_scope"]
    assert facts[0].retracts_id == first.pk
    assert not Registration.objects.filter(person=opened.person_id).exists()
    assert not standing("registered", opened.person_id)
    assert Fact.objects.filter(kind="registered", person_id=opened.person_id).count() == 1


def test_a_correction_that_changes_nothing_keeps_one_registration_and_one_consent(world, opened):
    finish(world, opened, **REGISTERED)
    finish(world, opened, **REGISTERED)
    assert Registration.objects.filter(person=opened.person_id).count() == 1
    assert Consent.objects.filter(person=opened.person_id).count() == 1


def test_a_finished_interview_is_not_saved_as_a_draft(world, opened):
    done = finish(world, opened, situation="cdi")
    with pytest.raises(Impossible, match="Corriger"):
        interviews.save_interview(world.cip, done.pk, version=done.version, values={"situation": "cdd"})


def test_finishing_with_an_old_version_is_refused(world, opened):
    interviews.save_interview(world.cip_two, opened.pk, version=1, values={"situation": "cdd"})
    with pytest.raises(EditedElsewhere, match="Agent cip_two"):
        interviews.finish_interview(world.cip, opened.pk, version=1, values={"situation": "cdi"})


def test_an_opt_out_leaves_the_pathway_and_is_reversed_by_a_correction(world, opened):
    finish(world, opened, **FREE | {"opted_out": True, "opt_out_reason": "garde ses enfants"})
    assert OptOut.objects.get(person=opened.person_id).reversed_on is None
    finish(world, opened, **FREE | {"opted_out": False, "not_registered_reason": "refused"})
    assert OptOut.objects.get(person=opened.person_id).reversed_on == world.day


def test_correcting_an_old_interview_does_not_undo_a_later_opt_out(world, opened):
    finish(world, opened, situation="cdi")
    with clock.frozen(clock.paris(world.day + dt.timedelta(days=20), 10)):
        opt_out(world.cip, opened.person, since=clock.today(), reason="demande écrite")
        finish(world, opened, situation="cdd")
    assert OptOut.objects.get(person=opened.person_id).reversed_on is None


def test_the_answer_of_the_interview_settles_a_doubtful_check(world, opened):
    Check.objects.create(
        person=opened.person, register="rsa", result="to_review", source="liste", as_of=world.day, reason="homonyme"
    )
    finish(world, opened, **FREE | {"not_registered_reason": "refused"})
    assert Check.objects.get(person=opened.person, register="rsa").result == "not_found"


def test_correcting_an_old_interview_does_not_contradict_a_newer_list(world, opened):
    finish(world, opened, **REGISTERED)
    Check.objects.filter(person=opened.person, register="ft").update(
        result="registered", as_of=world.day + dt.timedelta(days=20), source="Liste France Travail"
    )
    finish(world, opened, **REGISTERED | {"occupation": "cuisinier"})
    assert Check.objects.get(person=opened.person, register="ft").result == "registered"


def test_a_correction_moves_the_appointment_that_was_typed_wrong(world, opened):
    at = clock.paris(world.day + dt.timedelta(days=7), 10)
    finish(world, opened, **REGISTERED, appointment_with=world.agency, appointment_at=at)
    finish(world, opened, **REGISTERED, appointment_with=world.other_agency, appointment_at=at)
    assert FirstAppointment.objects.get(person=opened.person_id).organisation == world.other_agency


def test_a_correction_leaves_alone_an_appointment_given_another_date_since(world, opened):
    at = clock.paris(world.day + dt.timedelta(days=7), 10)
    later = at + dt.timedelta(days=7)
    planned = {"appointment_with": world.agency, "appointment_at": at}
    finish(world, opened, **REGISTERED, **planned)
    appointments.reschedule(world.ft, FirstAppointment.objects.get().pk, fixed_for=later)
    finish(world, opened, **REGISTERED, **planned, occupation="soudeur")
    assert FirstAppointment.objects.get(status="fixed").fixed_for == later


def test_an_auditor_may_correct_the_situation_without_touching_the_appointment(world, opened):
    at = clock.paris(world.day + dt.timedelta(days=7), 10)
    finish(world, opened, **REGISTERED, appointment_with=world.agency, appointment_at=at)
    done = finish(world, opened, actor=world.auditor, occupation="soudeur")
    assert (done.outcome, done.occupation) == ("registered", "soudeur")


def test_an_auditor_does_not_register(world, opened):
    with pytest.raises(Refused, match="inscription"):
        finish(world, opened, actor=world.auditor, **REGISTERED)
    assert not Registration.objects.exists()
