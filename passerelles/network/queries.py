"""What the administration of an organisation reads: its agents, its référents, the vacancies of a DT."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from passerelles.network import policy
from passerelles.network.enums import Action, OrganisationKind, Resource, Role, Scope
from passerelles.network.models import Agent, Membership, Organisation, Referent, in_force
from passerelles.network.policy import Actor

NEEDS_REFERENT = (
    OrganisationKind.FRANCE_TRAVAIL,
    OrganisationKind.MISSION_LOCALE,
    OrganisationKind.CAP_EMPLOI,
    OrganisationKind.APEC,
    OrganisationKind.DEPARTMENT_COUNCIL,
    OrganisationKind.OPERATOR,
    OrganisationKind.OFII_DT,
)

_OF_THE_STATE = (Role.DEPARTMENT_STATE, Role.REGION_STATE, Role.NATIONAL_STATE)
ROLES_OF: dict[str, tuple[Role, ...]] = {
    OrganisationKind.OFII_DT: (Role.OFII_AUDITOR, Role.DT_MANAGER),
    OrganisationKind.OPERATOR: (Role.CIP, Role.AGIR_OPERATOR),
    OrganisationKind.FRANCE_TRAVAIL: (Role.SPE_ADVISER,),
    OrganisationKind.MISSION_LOCALE: (Role.SPE_ADVISER,),
    OrganisationKind.CAP_EMPLOI: (Role.SPE_ADVISER,),
    OrganisationKind.APEC: (Role.SPE_ADVISER,),
    OrganisationKind.DEPARTMENT_COUNCIL: (Role.SPE_ADVISER,),
    OrganisationKind.PREFECTURE: (Role.DEPARTMENT_STATE,),
    OrganisationKind.DDETS: (Role.DEPARTMENT_STATE,),
    OrganisationKind.DREETS: (Role.REGION_STATE,),
    OrganisationKind.MINISTRY: (Role.NATIONAL_STATE,),
    OrganisationKind.TEST_PROVIDER: (Role.TEST_PROVIDER,),
    OrganisationKind.TRAINING_BODY: (Role.TRAINING_BODY,),
    OrganisationKind.SIAE: (Role.SIAE_EMPLOYER,),
    OrganisationKind.EMPLOYER: (Role.SIAE_EMPLOYER,),
}


@dataclass(frozen=True)
class OrganisationFile:
    """One's own organisation as its administrator sees it."""

    organisation: Organisation
    memberships: list[Membership]
    ended: list[Membership]
    referents: list[Referent]
    referent_vacant: bool


def name_of_agent(column: str) -> Subquery:
    """The name of the agent whose identifier a row holds in `column`, to annotate a queryset: no second query."""
    return Subquery(Agent.objects.filter(pk=OuterRef(column)).order_by().values("name")[:1])


def name_of_organisation(column: str) -> Subquery:
    """The same for an organisation."""
    return Subquery(Organisation.objects.filter(pk=OuterRef(column)).order_by().values("name")[:1])


def roles_offered(organisation: Organisation) -> tuple[Role, ...]:
    """The roles that an administrator may give: those of the nature of the organisation, and their own."""
    return (*ROLES_OF.get(organisation.kind, ()), Role.ORGANISATION_ADMIN)


def organisation_file(actor: Actor, on: dt.date) -> OrganisationFile:
    """Agents in force and ended, référents, and whether the référent is vacant (A-055, D-053)."""
    agents = policy.visible(actor, Membership.objects, Resource.MEMBERSHIP).select_related("agent", "organisation")
    rows = list(agents.order_by("agent__name", "role", "-starts_on", "id"))
    named = policy.visible(actor, Referent.objects, Resource.MEMBERSHIP).select_related("agent")
    referents = list(named.filter(in_force(on)).order_by("starts_on", "id"))
    return OrganisationFile(
        organisation=actor.organisation,
        memberships=[row for row in rows if row.ends_on is None or row.ends_on >= on],
        ended=[row for row in rows if row.ends_on is not None and row.ends_on < on],
        referents=referents,
        referent_vacant=not referents and actor.organisation.kind in NEEDS_REFERENT,
    )


def agents_in_force(actor: Actor, on: dt.date) -> int:
    """How many agents may act for the organisation today."""
    visible = policy.visible(actor, Membership.objects.in_force(on), Resource.MEMBERSHIP)
    return visible.order_by().values("agent_id").distinct().count()


def referent_vacancies(actor: Actor, on: dt.date) -> QuerySet[Organisation]:
    """The organisations of the DT that should have a référent and have none on `on` (A-055, D-053)."""
    if policy.scope_of(actor, Resource.SESSION, Action.EXPORT) is not Scope.OWN_DT:
        return Organisation.objects.none()
    named = Referent.objects.filter(in_force(on), organisation_id=OuterRef("pk"))
    return Organisation.objects.filter(
        ~Exists(named), direction__in=actor.directions, kind__in=NEEDS_REFERENT, closed_on=None
    )
