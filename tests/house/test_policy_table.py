"""The access table of A.6, walked whole: every role × resource × action, on rows inside and outside the scope.

The expectations are written here by hand from the requirement, not read from the policy.
"""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown
from passerelles.exchange.models import AnswerFile, Import
from passerelles.indicators.models import Declaration
from passerelles.linkage.models import Check
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role
from passerelles.orientation import services as orientation
from passerelles.orientation.models import Decision, Statement
from passerelles.pathway.models import Document, Exam, FollowUp, Recognition, Training
from passerelles.pathway.services import documents, exams, recognitions, trainings
from passerelles.people.models import Person
from passerelles.people.services import sign_contract
from passerelles.reception.models import Convocation, FirstAppointment, Interview, Session
from passerelles.reception.services import attendance, interviews
from passerelles.reception.services.appointments import fix_appointment
from passerelles.reception.services.convocations import convoke
from passerelles.reception.services.planning import plan_session
from passerelles.referrals.models import Referral
from passerelles.referrals.services.places import default_service
from passerelles.referrals.services.sending import refer
from passerelles.reports.models import Return
from tests.world import ACTORS

# Rows: "metz" held by the operator and sent to the agency; "metz_own" held by the DT itself, sent nowhere;
# "strasbourg" in the other DT. What each actor may see of the persons, sessions, appointments and checks:
PERSONS = {
    "auditor": {"metz", "metz_own"},
    "manager": {"metz", "metz_own"},
    "auditor_elsewhere": {"strasbourg"},
    "cip": {"metz"},
    "cip_two": {"metz"},
    "cip_elsewhere": {"strasbourg"},
    "ft": {"metz"},
    "ft_elsewhere": {"strasbourg"},
    "agir": set(),
}
SESSIONS = {
    "auditor": {"metz", "metz_own"},
    "manager": {"metz", "metz_own"},
    "auditor_elsewhere": {"strasbourg"},
    "cip": {"metz"},
    "cip_two": {"metz"},
    "cip_elsewhere": {"strasbourg"},
}
APPOINTMENTS = {
    "auditor": {"metz"},
    "manager": {"metz"},
    "cip": {"metz"},
    "cip_two": {"metz"},
    "ft": {"metz"},
}
CHECKS = {
    "auditor": {"metz", "metz_own"},
    "manager": {"metz", "metz_own"},
    "auditor_elsewhere": {"strasbourg"},
    "cip": {"metz"},
    "cip_two": {"metz"},
    "cip_elsewhere": {"strasbourg"},
}
REFERRALS = {
    "auditor": {"metz"},
    "manager": {"metz"},
    "auditor_elsewhere": {"strasbourg"},
    "cip": {"metz"},
    "cip_two": {"metz"},
    "cip_elsewhere": {"strasbourg"},
    "ft": {"metz"},
    "ft_elsewhere": {"strasbourg"},
}
# Trainings and recognitions follow the persons (CIP: recognitions as any follow-up, no prescription); documents stay
# in the DT; alerts are the queue of one's organisation, and the DT sees all of its own.
TRAININGS = {
    "auditor": {"metz", "metz_own"},
    "manager": {"metz", "metz_own"},
    "auditor_elsewhere": {"strasbourg"},
    "ft": {"metz"},
    "ft_elsewhere": {"strasbourg"},
}
RECOGNITIONS = {
    **TRAININGS,
    "cip": {"metz"},
    "cip_two": {"metz"},
    "cip_elsewhere": {"strasbourg"},
}
ALERTS = {
    "auditor": {"metz", "metz_own"},
    "manager": {"metz", "metz_own"},
    "auditor_elsewhere": {"strasbourg"},
}
LEARNERS = {"trainer": {"metz"}}
IMPORTS = {
    "auditor": {"metz"},
    "manager": {"metz"},
    "cip": {"metz"},
    "cip_two": {"metz"},
    "auditor_elsewhere": {"strasbourg"},
    "cip_elsewhere": {"strasbourg"},
}
# The files of answers belong to the organisation that answers: its colleagues, and nobody else.
ANSWER_FILES = {
    "auditor": {"metz_own"},
    "manager": {"metz_own"},
    "ft": {"metz"},
    "ft_elsewhere": {"strasbourg"},
}
RETURNS = {
    "auditor": {"metz_draft", "metz_sent"},
    "manager": {"metz_draft", "metz_sent"},
    "cip": {"metz_draft", "metz_sent"},
    "cip_two": {"metz_draft", "metz_sent"},
    "admin": {"metz_draft", "metz_sent"},
    "region": {"metz_sent"},
    "nation": {"metz_sent"},
}
BENCHMARKS = {
    "auditor": {"metz", "moselle"},
    "manager": {"metz", "moselle"},
    "cip": {"metz", "moselle"},
    "cip_two": {"metz", "moselle"},
    "auditor_elsewhere": {"strasbourg"},
    "cip_elsewhere": {"strasbourg"},
    "department": {"metz", "moselle"},
    "region": {"metz", "moselle", "strasbourg"},
    "nation": {"metz", "moselle", "strasbourg"},
}
WRITERS = {
    Resource.PERSON: {"auditor", "auditor_elsewhere", "manager"},
    Resource.SESSION: {"auditor", "auditor_elsewhere", "manager", "cip", "cip_two", "cip_elsewhere"},
    Resource.APPOINTMENT: {"cip", "cip_two", "cip_elsewhere", "ft", "ft_elsewhere"},
    Resource.REGISTRATION: {"cip", "cip_two", "cip_elsewhere", "ft", "ft_elsewhere"},
    Resource.REFERRAL: {"auditor", "auditor_elsewhere", "manager", "ft", "ft_elsewhere", "agir", "employer"},
    Resource.CHECK: {"auditor", "auditor_elsewhere", "manager", "cip", "cip_two", "cip_elsewhere"},
    Resource.CROSS_CHECK: {"auditor", "auditor_elsewhere", "manager"},
    Resource.IMPORT: {"auditor", "auditor_elsewhere", "manager", "cip", "cip_two", "cip_elsewhere"},
    Resource.ANSWERS: {"auditor", "auditor_elsewhere", "manager", "ft", "ft_elsewhere", "agir", "employer"},
    Resource.RETURN: {"cip", "cip_two", "cip_elsewhere", "agir", "manager", "department", "region", "nation"},
    Resource.MEMBERSHIP: {"admin"},
    Resource.PARAMETER: {"region", "nation"},
    Resource.PRESCRIPTION: {"auditor", "auditor_elsewhere", "manager"},
    Resource.FOLLOW_UP: {
        "auditor",
        "auditor_elsewhere",
        "manager",
        "cip",
        "cip_two",
        "cip_elsewhere",
        "ft",
        "ft_elsewhere",
        "agir",
    },
    Resource.LEARNER: {"trainer"},
    Resource.HEALTH: set(),
    Resource.HEALTH_BARRIER: {"ft", "ft_elsewhere", "agir"},
    Resource.HEALTH_APPOINTMENT: {"auditor", "auditor_elsewhere"},
    Resource.DIAGNOSIS: {
        "auditor",
        "auditor_elsewhere",
        "manager",
        "cip",
        "cip_two",
        "cip_elsewhere",
        "ft",
        "ft_elsewhere",
        "agir",
    },
    Resource.ORIENTATION: {"auditor", "auditor_elsewhere", "manager", "cip", "cip_two", "cip_elsewhere"},
    Resource.INDICATOR: set(),
    Resource.IMPACT: {"manager", "department", "region", "nation"},
}
VALIDATORS = {"manager", "admin", "department", "region", "nation"}
ACKNOWLEDGERS = {"manager", "department", "region", "nation"}
EXPORTERS = {
    Resource.PERSON: {"auditor", "auditor_elsewhere", "manager"},
    Resource.SESSION: {"auditor", "auditor_elsewhere", "manager", "cip", "cip_two", "cip_elsewhere"},
    Resource.RETURN: {"manager", "cip", "cip_two", "cip_elsewhere", "agir", "admin", "department", "region", "nation"},
}


@pytest.fixture
def rows(world):
    """One row of each table in each place, by the verbs."""
    made: dict[str, dict[str, object]] = {
        name: {} for name in ("person", "session", "convocation", "interview", "statement", "decision")
    }
    places = {
        "metz": (world.auditor, world.dt_metz, world.operator, "metz", "am"),
        "metz_own": (world.auditor, world.dt_metz, None, "metz", "pm"),
        "strasbourg": (world.auditor_elsewhere, world.dt_strasbourg, world.other_operator, "strasbourg", "am"),
    }
    for place, (auditor, office, operator, direction, half_day) in places.items():
        person = world.person(auditor, direction=direction)
        session = plan_session(auditor, organisation=office, operator=operator, held_on=world.day, half_day=half_day)
        convocation = convoke(auditor, session.pk, person)
        attendance.record_arrival(auditor, convocation.pk)
        made["person"][place], made["session"][place] = person, session
        made["convocation"][place] = convocation
        made["interview"][place] = interviews.start_interview(auditor, convocation.pk)
        Check.objects.create(
            person=person, register="ft", result="to_review", source="liste", as_of=world.day, reason="à voir"
        )
        (made["statement"][place],) = orientation.state(
            auditor, person.pk, {"projet.creation": "oui"}, source="personne", as_of=world.day
        )
        made["decision"][place] = orientation.decide(auditor, person.pk, chosen=["adie"], reason="Projet")
    made["appointment"] = {
        "metz": fix_appointment(
            world.cip,
            person=made["person"]["metz"],
            organisation=world.agency,
            session=made["session"]["metz"],
            fixed_for=clock.paris(world.day + dt.timedelta(days=5), 10),
        )
    }
    made["referral"] = {
        place: refer(
            auditor,
            person_id=made["person"][place].pk,
            service_id=default_service(agency).pk,
            purpose="employment",
            basis="public_mission",
        )
        for place, auditor, agency in (
            ("metz", world.auditor, world.agency),
            ("strasbourg", world.auditor_elsewhere, world.other_agency),
        )
    }
    made["import"] = {
        place: Import.objects.create(
            kind="convocations",
            organisation=office,
            dt=office,
            direction=office.direction,
            filename="liste.csv",
            content=b"x",
            sha256=place,
            as_of=world.day,
        )
        for place, office in (("metz", world.dt_metz), ("strasbourg", world.dt_strasbourg))
    }
    made["answers"] = {
        place: AnswerFile.objects.create(organisation=holder, filename="retour.csv", content=b"x", sha256=place)
        for place, holder in (
            ("metz", world.agency),
            ("strasbourg", world.other_agency),
            ("metz_own", world.dt_metz),
        )
    }
    made["return"] = {
        name: Return.objects.create(
            kind="metz-monthly",
            territory="dt:metz",
            period="2026-02",
            version=version,
            definition="v1",
            position=0,
            known_at=clock.now(),
            content=b"",
            sha256="",
            status=status,
            validated_at=clock.now(),
            sent_at=clock.now() if status == "sent" else None,
        )
        for version, (name, status) in enumerate((("metz_sent", "sent"), ("metz_draft", "drafted")), start=1)
    }
    made["benchmark"] = {
        name: Declaration.objects.create(
            name=name,
            territory=territory,
            help="cip",
            outcome="emploi",
            days=182,
            baseline="0.3",
            target="0.4",
            minimum=500,
            starts_on=world.day + dt.timedelta(days=1),
            ends_on=world.day + dt.timedelta(days=90),
            measured_on=world.day + dt.timedelta(days=300),
            declared_on=world.day,
        )
        for name, territory in (
            ("metz", "dt:metz"),
            ("moselle", "department:57"),
            ("strasbourg", "dt:strasbourg"),
        )
    }
    made |= {name: {} for name in ("training", "exam", "recognition", "document", "alert")}
    for place, (auditor, *_) in places.items():
        person = made["person"][place]
        sign_contract(auditor, person, signed_on=world.day)
        provider = world.training_body if place == "metz" else None
        made["training"][place] = trainings.prescribe_civic(
            auditor, person.pk, prescribed_on=world.day, provider=provider
        )
        made["exam"][place] = exams.note_exam(
            auditor, person.pk, purpose="multi_year_card", taken_on=world.day, passed=True
        )
        made["recognition"][place] = recognitions.request_recognition(
            auditor, person.pk, procedure="vae", requested_on=world.day, regulated=False
        )
        made["document"][place] = documents.note_document(auditor, person.pk, kind="api", expires_on=world.day)
        made["alert"][place] = FollowUp.objects.get(person=person)
    return made


def names(queryset, table) -> set[str]:
    places = {row.pk: place for place, row in table.items()}
    return {places[pk] for pk in queryset.values_list("pk", flat=True)}


@pytest.mark.parametrize(
    ("model", "resource", "key", "expected"),
    [
        (Person, Resource.PERSON, "person", PERSONS),
        (Session, Resource.SESSION, "session", SESSIONS),
        (Convocation, Resource.SESSION, "convocation", SESSIONS),
        (Interview, Resource.SESSION, "interview", SESSIONS),
        (FirstAppointment, Resource.APPOINTMENT, "appointment", APPOINTMENTS),
        (Referral, Resource.REFERRAL, "referral", REFERRALS),
        (Import, Resource.IMPORT, "import", IMPORTS),
        (AnswerFile, Resource.ANSWERS, "answers", ANSWER_FILES),
        (Return, Resource.RETURN, "return", RETURNS),
        (Statement, Resource.DIAGNOSIS, "statement", PERSONS),
        (Decision, Resource.ORIENTATION, "decision", PERSONS),
        (Training, Resource.PRESCRIPTION, "training", TRAININGS),
        (Training, Resource.LEARNER, "training", LEARNERS),
        (Exam, Resource.PRESCRIPTION, "exam", TRAININGS),
        (Recognition, Resource.REFERRAL, "recognition", RECOGNITIONS),
        (FollowUp, Resource.FOLLOW_UP, "alert", ALERTS),
        (Declaration, Resource.IMPACT, "benchmark", BENCHMARKS),
    ],
    ids=[
        "persons",
        "sessions",
        "convocations",
        "interviews",
        "appointments",
        "referrals",
        "imports",
        "answers",
        "returns",
        "statements",
        "decisions",
        "trainings",
        "learners",
        "exams",
        "recognitions",
        "alerts",
        "benchmarks",
    ],
)
def test_each_list_shows_each_actor_their_scope_and_nothing_else(world, rows, model, resource, key, expected):
    tester_sees_sessions = {"tester"} if resource is Resource.SESSION else set()
    for actor in set(ACTORS) - tester_sees_sessions:
        seen = names(policy.visible(world.actors[actor], model.objects.all(), resource), rows[key])
        assert seen == expected.get(actor, set()), actor


def test_documents_are_seen_in_the_dt_only(world, rows):
    """Their nature may tell a protection: nobody else reads the table (A.6)."""
    for actor in ("auditor", "manager", "auditor_elsewhere"):
        seen = names(policy.visible(world.actors[actor], Document.objects.all(), Resource.PERSON), rows["document"])
        assert seen == PERSONS[actor], actor
    for actor in ("cip", "ft", "agir"):
        with pytest.raises(LookupError):
            policy.visible(world.actors[actor], Document.objects.all(), Resource.PERSON)


def test_checks_are_seen_in_the_same_scope(world, rows):
    by_person = {person.pk: place for place, person in rows["person"].items()}
    for actor in ACTORS:
        seen = policy.visible(world.actors[actor], Check.objects.all(), Resource.CHECK)
        assert {by_person[c.person_id] for c in seen} == CHECKS.get(actor, set()), actor


def test_a_row_outside_the_scope_does_not_exist(world, rows):
    people = Person.objects.all()
    for short in ACTORS:
        actor = world.actors[short]
        for place, person in rows["person"].items():
            if place in PERSONS.get(short, set()):
                assert policy.get_or_404(actor, people, Resource.PERSON, person.pk) == person
            else:
                with pytest.raises(Unknown):
                    policy.get_or_404(actor, people, Resource.PERSON, person.pk)


@pytest.mark.parametrize("resource", list(WRITERS), ids=str)
def test_only_these_actors_write(world, resource):
    for actor in ACTORS:
        assert world.actors[actor].may(resource, Action.EDIT) == (actor in WRITERS[resource]), actor


@pytest.mark.parametrize("resource", list(EXPORTERS), ids=str)
def test_only_these_actors_export(world, resource):
    for actor in ACTORS:
        assert world.actors[actor].may(resource, Action.EXPORT) == (actor in EXPORTERS[resource]), actor


def test_only_those_who_answer_for_a_return_validate_it_or_say_that_it_arrived(world):
    for actor in ACTORS:
        assert world.actors[actor].may(Resource.RETURN, Action.VALIDATE) == (actor in VALIDATORS), actor
        assert world.actors[actor].may(Resource.RETURN, Action.ACKNOWLEDGE) == (actor in ACKNOWLEDGERS), actor


def test_health_is_never_a_list_and_only_the_manager_counts_it(world):
    for actor in ACTORS:
        assert not world.actors[actor].may(Resource.HEALTH, Action.VIEW)
        assert world.actors[actor].may(Resource.HEALTH, Action.COUNT) == (actor == "manager"), actor


def test_the_state_counts_and_never_lists_persons(world):
    for actor in ("region", "department", "nation"):
        assert world.actors[actor].may(Resource.INDICATOR, Action.COUNT)
        for resource in (
            Resource.PERSON,
            Resource.SESSION,
            Resource.APPOINTMENT,
            Resource.CHECK,
            Resource.CROSS_CHECK,
            Resource.PRESCRIPTION,
            Resource.FOLLOW_UP,
        ):
            assert not world.actors[actor].may(resource, Action.VIEW)


def test_what_may_be_seen_but_not_written_is_refused_and_not_hidden(world, rows):
    with pytest.raises(Refused):
        policy.get_or_404(world.cip, Person.objects.all(), Resource.PERSON, rows["person"]["metz"].pk, Action.EDIT)


def test_an_actor_without_a_role_sees_nothing(world, rows):
    nobody = policy.Actor(agent=None, organisation=None, role=None)
    for model, resource in ((Person, Resource.PERSON), (Session, Resource.SESSION)):
        assert not policy.visible(nobody, model.objects.all(), resource).exists()


def test_every_role_of_the_requirement_has_an_actor_here(world):
    assert {actor.role for actor in world.actors.values()} == set(Role)
