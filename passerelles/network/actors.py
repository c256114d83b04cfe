"""From a signed-in agent and the chosen membership to an `Actor`."""

from __future__ import annotations

import datetime as dt

from passerelles.network.enums import Role
from passerelles.network.models import Agent, Membership, directions_of
from passerelles.network.policy import Actor


def memberships(agent: Agent, on: dt.date) -> list[Membership]:
    """The memberships in force on `on`, with their organisations, in a stable order."""
    return list(agent.memberships.in_force(on).select_related("organisation").order_by("organisation__name", "role"))


def actor_of(membership: Membership, on: dt.date) -> Actor:
    """The actor that this membership makes on `on`."""
    organisation = membership.organisation
    return Actor(
        agent=membership.agent,
        organisation=organisation,
        role=Role(membership.role),
        directions=directions_of(organisation, on),
        departments=frozenset({organisation.department_code} - {""}),
        regions=frozenset({organisation.region_code} - {""}),
    )
