"""How the scope of an organisation narrows this room's own tables (A.6)."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows


@narrows("network.Membership", Resource.MEMBERSHIP, Scope.OWN_ORGANISATION)
@narrows("network.Referent", Resource.MEMBERSHIP, Scope.OWN_ORGANISATION)
def of_own_organisation(actor: Actor) -> Q:
    """The agents and the référents of one's own organisation."""
    return Q(organisation_id=actor.organisation_id)


@narrows("network.Organisation", Resource.MEMBERSHIP, Scope.OWN_ORGANISATION)
def own_organisation(actor: Actor) -> Q:
    return Q(pk=actor.organisation_id)
