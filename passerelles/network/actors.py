"""From a signed-in agent and the chosen membership to an `Actor`."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from passerelles.network.enums import Role
from passerelles.network.models import Agent, Delegation, Membership, directions_of, in_force
from passerelles.network.policy import Actor


def memberships(agent: Agent, on: dt.date) -> list[Membership]:
    """The memberships in force on `on`, with their organisations and where these are delegated, in a stable order."""
    delegated = Delegation.objects.filter(in_force(on), operator=OuterRef("organisation")).order_by("direction")
    found = agent.memberships.in_force(on).annotate(delegated=ArraySubquery(delegated.values("direction")))
    return list(found.select_related("organisation").order_by("organisation__name", "role"))


def actor_of(membership: Membership, on: dt.date) -> Actor:
    """The actor that this membership makes on `on`."""
    organisation = membership.organisation
    delegated = getattr(membership, "delegated", None)
    return Actor(
        agent=membership.agent,
        organisation=organisation,
        role=Role(membership.role),
        directions=directions_of(organisation, on, delegated),
        departments=frozenset({organisation.department_code} - {""}),
        regions=frozenset({organisation.region_code} - {""}),
    )
