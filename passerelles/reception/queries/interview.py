"""The interview page: who the person is, what the lists said, what the rules recommend, who else is writing."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from passerelles.core import clock
from passerelles.core.answers import Answer, Reason
from passerelles.core.together import read_together
from passerelles.network import policy
from passerelles.network.enums import Action, OrganisationKind, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.network.queries import name_of_agent
from passerelles.orientation.models import Decision as Orientation
from passerelles.orientation.queries import decisions_of
from passerelles.orientation.queries.recommendation import agrees
from passerelles.people.enums import SituationKind
from passerelles.people.models import Assessment, Contract
from passerelles.reception.enums import Barrier, InterviewStatus, NotRegisteredReason, Outcome, ScopeResult
from passerelles.reception.models import FirstAppointment, Interview, Session
from passerelles.reception.queries.day import CheckBadge, age_of, checks_of
from passerelles.reception.queries.week import language_name
from passerelles.reception.rules import scope as rules
from passerelles.reception.settings_on import automatic_registration, convention_in_force
from passerelles.reference import countries
from passerelles.reference.tables import UnknownCode

LIMIT_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Identity:
    """What is already known of the person: shown, never asked again (C-055)."""

    person_id: uuid.UUID
    name: str
    sex: str
    age: int | None
    birth_date: dt.date | None
    nationality: str
    language: str
    needs_interpreter: bool
    contract: Contract | None
    level: Assessment | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The scope and the recommendation, with their reasons (B-050, B-051, B-052)."""

    scope: Answer
    register: Answer
    scope_label: str
    outcome_label: str

    @property
    def reasons_against(self) -> tuple[Reason, ...]:
        """Why not: the reasons of a "no"."""
        return self.register.reasons if self.register.is_no else ()


@dataclass(frozen=True, slots=True)
class InterviewPage:
    """The interview with all that stands around the form."""

    interview: Interview
    session: Session
    identity: Identity
    checks: tuple[CheckBadge, ...]
    appointment: FirstAppointment | None
    writer: str
    written_by_other: bool
    may_register: bool
    decisions: tuple[Orientation, ...]
    consents: bool

    @property
    def is_done(self) -> bool:
        return self.interview.status == InterviewStatus.DONE

    @property
    def minutes(self) -> int | None:
        """How long it took, once finished."""
        if self.interview.ended_at is None:
            return None
        return int((self.interview.ended_at - self.interview.started_at).total_seconds() // 60)


def interview_page(actor: Actor, pk: uuid.UUID) -> InterviewPage:
    """The interview, if the actor may see it; else `Unknown`. A fixed number of queries."""
    interview = policy.get_or_404(
        actor,
        Interview.objects.select_related(
            "convocation__session__operator", "person", "desk", "appointment_with"
        ).annotate(writer=name_of_agent("written_by")),
        Resource.SESSION,
        pk,
    )
    session, person = interview.convocation.session, interview.person
    other = interview.written_by is not None and interview.written_by != actor.agent_id
    appointments = person.first_appointments.select_related("organisation")
    known = read_together(
        {
            "contracts": person.contracts.order_by("-signed_on", "id")[:1],
            "levels": person.assessments.order_by("-assessed_on", "-created_at")[:1],
            "appointments": appointments.order_by("-fixed_for")[:1],
            "consents": person.consents.order_by("-given_on", "id"),
            "decisions": decisions_of(person),
        }
    )
    return InterviewPage(
        interview=interview,
        session=session,
        identity=Identity(
            person_id=person.pk,
            name=str(person),
            sex=person.get_sex_display(),
            age=age_of(person, session.held_on),
            birth_date=person.birth_date,
            nationality=nationality_name(person.nationality, person.sex),
            language=language_name(person.language),
            needs_interpreter=person.needs_interpreter,
            contract=next(iter(known["contracts"]), None),
            level=next(iter(known["levels"]), None),
        ),
        checks=checks_of([person], session.direction)[person.pk],
        appointment=next(iter(known["appointments"]), None),
        writer=(interview.writer or "Un autre poste") if other else "",
        written_by_other=other,
        may_register=actor.may(Resource.REGISTRATION, Action.EDIT) and actor.may(Resource.APPOINTMENT, Action.EDIT),
        decisions=tuple(known["decisions"]) if actor.may(Resource.ORIENTATION, Action.VIEW) else (),
        consents=agrees(known["consents"]),
    )


def decide(facts: rules.Facts, session: Session, *, registered: bool, not_registered_reason: str) -> Decision:
    """The rules applied to what is typed so far, on the day of the session."""
    result = rules.scope(facts)
    outcome = rules.outcome(facts, registered=registered, not_registered_reason=not_registered_reason)
    return Decision(
        scope=rules.in_scope(facts),
        register=rules.to_register(
            facts,
            convention=convention_in_force(session.held_on, session.direction),
            automatic=automatic_registration(session.held_on, session.direction),
        ),
        scope_label=ScopeResult(result).label if result else "",
        outcome_label=Outcome(outcome).label if outcome else "",
    )


def agencies_of(direction: str) -> QuerySet[Organisation]:
    """The France Travail agencies of the DT, where a first appointment may be fixed."""
    return Organisation.objects.filter(
        kind=OrganisationKind.FRANCE_TRAVAIL, direction=direction, closed_on=None
    ).order_by("name")


def nationality_name(iso2: str, sex: str) -> str:
    """The nationality in the feminine or the masculine; the code when the reference does not know it."""
    if not iso2:
        return ""
    try:
        country = countries.get(iso2)
    except UnknownCode:
        return iso2
    return (country.nationality_f if sex == "F" else country.nationality_m) or country.name


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two desks filled differently."""

    label: str
    stored: str
    typed: str


def differences(
    interview: Interview, typed: dict[str, Any], labels: dict[str, str], contacts: dict[str, str]
) -> list[Difference]:
    """Field by field, what is stored and what was typed, where they differ. `contacts`: known before the interview."""
    found = []
    for name, value in typed.items():
        stored = getattr(interview, name)
        if name == "declared":
            found += _declared_differences(contacts | (stored or {}), value or {}, labels)
        elif (stored or None) != (value or None) or (isinstance(value, bool) and stored is not value):
            found.append(Difference(labels.get(name, name), in_words(name, stored), in_words(name, value)))
    return found


def _declared_differences(stored: dict[str, str], typed: dict[str, str], labels: dict[str, str]) -> list[Difference]:
    return [
        Difference(labels.get(f"declared_{key}", key), stored.get(key) or "vide", typed.get(key) or "vide")
        for key in sorted((stored.keys() | typed.keys()) - {"occupation"})
        if (stored.get(key) or "") != (typed.get(key) or "")
    ]


def in_words(name: str, value: Any) -> str:
    """A stored or typed value as a person reads it."""
    if value is None and name in {"ft", "rsa", "agir"}:
        return "à vérifier"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if not value:
        return "vide"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(clock.PARIS):%d/%m/%Y à %H h %M}"
    if name == "situation":
        return SituationKind(value).label
    if name == "not_registered_reason":
        return NotRegisteredReason(value).label
    if name == "barriers":
        return ", ".join(Barrier(code).label for code in value)
    return str(value)
