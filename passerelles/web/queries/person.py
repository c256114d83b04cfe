"""The file of a person, cut to what the role may read (requirements A.6). A fixed number of SQL queries."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from passerelles.core import clock
from passerelles.core.together import read_together
from passerelles.journal.models import Access
from passerelles.linkage.models import PersonPair
from passerelles.linkage.queries import LinkedRecord, linked_records, waiting_pairs_of
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role, Scope
from passerelles.network.policy import Actor
from passerelles.network.queries import name_of_agent, name_of_organisation
from passerelles.orientation.policy import items
from passerelles.orientation.queries import decisions_of
from passerelles.orientation.queries.page import Trace, traces
from passerelles.orientation.queries.recommendation import agrees
from passerelles.people.enums import ConsentPurpose
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
    sections: dict[str, Any] = read_together(_lists(actor, person, scope))
    consents = sections.pop("health_consents", [])
    if "decisions" in sections:
        sections["decisions"] = traces(sections["decisions"], items(actor, Action.VIEW, consents=agrees(consents)))
    if "accesses" in sections:
        sections["accesses"] = [_access(row) for row in sections["accesses"]]
    if "referrals" in sections:
        steps = histories(sections["referrals"])
        sections["referrals"] = [(referral, steps[referral.pk]) for referral in sections["referrals"]]
    if scope is Scope.TRANSMITTED:
        sections |= _transmitted(person, sections)
    if actor.may(Resource.CHECK, Action.VIEW):
        sections["checks"] = checks_of([person], person.direction)[person.pk]
        sections["linked"], sections["linked_elsewhere"] = linked_records(actor, person)
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


def _lists(actor: Actor, person: Person, scope: Scope | None) -> dict[str, QuerySet]:
    """The lists that the role may read, by the name of their section; those of a receiver are what was transmitted."""
    found: dict[str, QuerySet] = {}
    if actor.may(Resource.ASSESSMENT, Action.VIEW):
        found["assessments"] = person.assessments.order_by("-assessed_on", "-created_at", "id")
    if actor.may(Resource.APPOINTMENT, Action.VIEW):
        appointments = policy.visible(actor, FirstAppointment.objects.filter(person=person), Resource.APPOINTMENT)
        appointments = appointments.select_related("organisation", "asserted_for")
        found["appointments"] = appointments.order_by("-fixed_for", "id")
    if actor.may(Resource.REFERRAL, Action.VIEW):
        referrals = policy.visible(actor, Referral.objects.filter(person=person), Resource.REFERRAL)
        found["referrals"] = referrals.select_related("sender", "receiver", "owner").order_by("-created_at", "id")
    if actor.may(Resource.CHECK, Action.VIEW):
        found["doubts"] = waiting_pairs_of(actor, person)
    if actor.may(Resource.ORIENTATION, Action.VIEW):
        found["decisions"] = decisions_of(person)
        found["health_consents"] = person.consents.filter(purpose=ConsentPurpose.HEALTH_BARRIER).order_by("id")
    if scope is not Scope.TRANSMITTED or actor.may(Resource.REGISTRATION, Action.VIEW):
        found["registrations"] = person.registrations.order_by("-starts_on", "id")
    if scope is Scope.TRANSMITTED:
        return found
    interviews = policy.visible(actor, Interview.objects.filter(person=person), Resource.SESSION)
    found["interviews"] = interviews.annotate(operator=F("convocation__session__operator__name")).order_by(
        "-started_at", "id"
    )
    found["situations"] = person.situations.order_by("-observed_on", "-created_at", "id")
    found["opt_outs"] = person.opt_outs.order_by("-since", "id")
    if scope is Scope.OWN_DT:
        found["contracts"] = person.contracts.order_by("-signed_on", "id")
        found["identifiers"] = person.identifiers.order_by("kind", "id")
        found["consents"] = person.consents.order_by("-given_on", "id")
    if actor.role in READS_ACCESS_LOG:
        accesses = Access.objects.filter(people__contains=[person.pk]).order_by("-id")[:ACCESSES_SHOWN]
        found["accesses"] = accesses.annotate(
            agent=name_of_agent("actor_id"), organisation=name_of_organisation("organisation_id")
        )
    return found


def _transmitted(person: Person, sections: dict[str, Any]) -> dict[str, Any]:
    """The transmitted set: declared elements only with the person's agreement; no history of others.

    Registrations are for who receives the person by a referral, not by a first appointment alone.
    """
    appointments = sections.get("appointments") or []
    found: dict[str, Any] = {"registrations": None} if appointments else {}
    interview = (
        Interview.objects.filter(
            person=person, convocation__session__in=[each.session_id for each in appointments if each.session_id]
        )
        .order_by("-started_at", "id")
        .first()
    )
    if interview is not None:
        declared = interview.declared if interview.consent else {}
        found["transmitted"] = Transmitted(
            occupation=interview.occupation,
            barriers=tuple(str(Barrier(code).label) for code in interview.barriers if code in Barrier.values),
            declared=tuple((DECLARED_LABELS.get(key, key), _words(value)) for key, value in declared.items() if value),
            consent=interview.consent,
        )
    return found


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "oui" if value is True else str(value)


def _access(row: Access) -> Seen:
    """One reading or writing of this file, with names (K-004)."""
    return Seen(
        at=row.at,
        agent=row.agent or ("sans compte" if row.organisation_id else "la plateforme"),
        organisation=row.organisation or "",
        role=Role(row.role).label if row.role in Role.values else "",
        action="écriture" if row.action == "write" else "export" if row.action == "export" else "lecture",
        purpose=row.purpose,
    )
