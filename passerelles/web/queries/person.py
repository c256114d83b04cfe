"""The file of a person, cut to what the role may read (requirements A.6). A fixed number of SQL queries."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from passerelles.core import clock
from passerelles.journal.models import Access
from passerelles.linkage.models import PersonPair
from passerelles.linkage.queries import LinkedRecord, linked_records, waiting_pairs_of
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role, Scope
from passerelles.network.models import Agent, Organisation
from passerelles.network.policy import Actor
from passerelles.orientation.policy import items
from passerelles.orientation.queries import decisions_of
from passerelles.orientation.queries.page import Trace, traces
from passerelles.orientation.queries.recommendation import consents_to_health
from passerelles.people.models import Assessment, Consent, Contract, Identifier, OptOut, Person, Registration, Situation
from passerelles.reception.enums import Barrier
from passerelles.reception.models import FirstAppointment, Interview
from passerelles.reception.queries.day import CheckBadge, age_of, checks_of
from passerelles.reception.queries.interview import nationality_name
from passerelles.reception.queries.week import language_name
from passerelles.referrals.models import Referral
from passerelles.referrals.queries.history import Step, histories

READS_ACCESS_LOG = frozenset({Role.DT_MANAGER})
ACCESSES_SHOWN = 50
DECLARED_LABELS = {
    "phone": "Téléphone",
    "email": "Courriel",
    "address": "Adresse",
    "postcode": "Code postal",
    "city": "Commune",
}


@dataclass(frozen=True)
class Seen:
    """One line of “Qui a consulté cette fiche”."""

    at: dt.datetime
    agent: str
    organisation: str
    role: str
    action: str
    purpose: str


@dataclass(frozen=True)
class Transmitted:
    """What goes with a first appointment to the agency that receives the person (A.6, C-020)."""

    occupation: str
    barriers: tuple[str, ...]
    declared: tuple[tuple[str, str], ...]
    consent: bool


@dataclass(frozen=True)
class PersonFile:
    """A person as one role sees them. A list that the role may not read stays None and has no heading."""

    person: Person
    age: int | None
    nationality: str
    language: str
    may_edit: bool
    may_give_page: bool
    may_refer: bool
    whole: bool
    assessments: list[Assessment] | None = None
    checks: tuple[CheckBadge, ...] | None = None
    situations: list[Situation] | None = None
    interviews: list[Interview] | None = None
    registrations: list[Registration] | None = None
    appointments: list[FirstAppointment] | None = None
    opt_outs: list[OptOut] | None = None
    contracts: list[Contract] | None = None
    identifiers: list[Identifier] | None = None
    consents: list[Consent] | None = None
    transmitted: Transmitted | None = None
    accesses: list[Seen] | None = None
    linked: list[LinkedRecord] | None = None
    linked_elsewhere: int = 0
    doubts: list[PersonPair] | None = None
    referrals: list[tuple[Referral, tuple[Step, ...]]] | None = None
    decisions: tuple[Trace, ...] | None = None
    may_diagnose: bool = False

    @property
    def level(self) -> Assessment | None:
        """The latest language assessment."""
        return self.assessments[0] if self.assessments else None


def person_file(actor: Actor, pk: uuid.UUID) -> PersonFile:
    """The file of `pk`; raises `Unknown` when the person does not exist for this actor."""
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, pk)
    scope = policy.scope_of(actor, Resource.PERSON, Action.VIEW)
    sections: dict[str, Any] = {}
    if actor.may(Resource.ASSESSMENT, Action.VIEW):
        sections["assessments"] = list(person.assessments.order_by("-assessed_on", "-created_at", "id"))
    if actor.may(Resource.APPOINTMENT, Action.VIEW):
        sections["appointments"] = _appointments(actor, person)
    if actor.may(Resource.CHECK, Action.VIEW):
        sections["checks"] = checks_of([person], person.direction)[person.pk]
    if scope is Scope.TRANSMITTED:
        sections |= _transmitted(actor, person, sections.get("appointments") or [])
    else:
        sections |= _history(actor, person)
    if scope is Scope.OWN_DT:
        sections |= _administrative(person)
    if actor.may(Resource.CHECK, Action.VIEW):
        sections["linked"], sections["linked_elsewhere"] = linked_records(actor, person)
        sections["doubts"] = waiting_pairs_of(actor, person)
    if actor.may(Resource.REFERRAL, Action.VIEW):
        sections["referrals"] = _referrals(actor, person)
    if actor.may(Resource.ORIENTATION, Action.VIEW):
        seen = items(actor, Action.VIEW, consents=consents_to_health(person))
        sections["decisions"] = traces(decisions_of(person), seen)
    if actor.role in READS_ACCESS_LOG:
        sections["accesses"] = _accesses(person)
    return PersonFile(
        person=person,
        age=age_of(person, clock.today()),
        nationality=nationality_name(person.nationality, person.sex),
        language=language_name(person.language) if person.language else "",
        may_edit=actor.may(Resource.PERSON, Action.EDIT),
        may_give_page=actor.may(Resource.PERSON, Action.EDIT) or actor.may(Resource.SESSION, Action.EDIT),
        may_refer=actor.may(Resource.REFERRAL, Action.EDIT),
        may_diagnose=actor.may(Resource.DIAGNOSIS, Action.VIEW),
        whole=scope is Scope.OWN_DT,
        **sections,
    )


def _appointments(actor: Actor, person: Person) -> list[FirstAppointment]:
    found = policy.visible(actor, FirstAppointment.objects.filter(person=person), Resource.APPOINTMENT)
    return list(found.select_related("organisation", "asserted_for").order_by("-fixed_for", "id"))


def _referrals(actor: Actor, person: Person) -> list[tuple[Referral, tuple[Step, ...]]]:
    """Each referral with the timing of its steps, the newest first (C-036)."""
    found = policy.visible(actor, Referral.objects.filter(person=person), Resource.REFERRAL)
    referrals = list(found.select_related("sender", "receiver", "owner").order_by("-created_at", "id"))
    steps = histories(referrals)
    return [(referral, steps[referral.pk]) for referral in referrals]


def _history(actor: Actor, person: Person) -> dict[str, Any]:
    """Situations, interviews of the sessions one may see, registrations, and the wish to be exempt."""
    interviews = policy.visible(actor, Interview.objects.filter(person=person), Resource.SESSION)
    return {
        "situations": list(person.situations.order_by("-observed_on", "-created_at", "id")),
        "interviews": list(interviews.select_related("convocation__session__operator").order_by("-started_at", "id")),
        "registrations": list(person.registrations.order_by("-starts_on", "id")),
        "opt_outs": list(person.opt_outs.order_by("-since", "id")),
    }


def _administrative(person: Person) -> dict[str, Any]:
    """What only the DT reads: contract, identifiers, consents."""
    return {
        "contracts": list(person.contracts.order_by("-signed_on", "id")),
        "identifiers": list(person.identifiers.order_by("kind", "id")),
        "consents": list(person.consents.order_by("-given_on", "id")),
    }


def _transmitted(actor: Actor, person: Person, appointments: list[FirstAppointment]) -> dict[str, Any]:
    """The transmitted set: declared elements only with the person's agreement; no history of others."""
    sections: dict[str, Any] = {}
    if not appointments and actor.may(Resource.REGISTRATION, Action.VIEW):
        sections["registrations"] = list(person.registrations.order_by("-starts_on", "id"))
    interview = (
        Interview.objects.filter(
            person=person, convocation__session__in=[each.session_id for each in appointments if each.session_id]
        )
        .order_by("-started_at", "id")
        .first()
    )
    if interview is not None:
        declared = interview.declared if interview.consent else {}
        sections["transmitted"] = Transmitted(
            occupation=interview.occupation,
            barriers=tuple(str(Barrier(code).label) for code in interview.barriers if code in Barrier.values),
            declared=tuple((DECLARED_LABELS.get(key, key), _words(value)) for key, value in declared.items() if value),
            consent=interview.consent,
        )
    return sections


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "oui" if value is True else str(value)


def _accesses(person: Person) -> list[Seen]:
    """The last readings and writings of this file, with names (K-004)."""
    rows = list(Access.objects.filter(people__contains=[person.pk]).order_by("-id")[:ACCESSES_SHOWN])
    agents = Agent.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    organisations = Organisation.objects.in_bulk({row.organisation_id for row in rows if row.organisation_id})
    return [
        Seen(
            at=row.at,
            agent=agents[row.actor_id].name
            if row.actor_id in agents
            else ("sans compte" if row.organisation_id else "la plateforme"),
            organisation=organisations[row.organisation_id].name if row.organisation_id in organisations else "",
            role=Role(row.role).label if row.role in Role.values else "",
            action="écriture" if row.action == "write" else "export" if row.action == "export" else "lecture",
            purpose=row.purpose,
        )
        for row in rows
    ]
