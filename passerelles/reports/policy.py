"""How scopes narrow the returns. The State reads what was validated or sent, never a draft."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows


@narrows("reports.Return", Resource.RETURN, Scope.OWN_DT)
def returns_of_own_dt(actor: Actor) -> Q:
    return Q(direction__in=actor.directions)


@narrows("reports.Return", Resource.RETURN, Scope.REGION)
def returns_of_region(actor: Actor) -> Q:
    return Q(direction__in=actor.directions, status__in=["validated", "sent"])


@narrows("reports.Return", Resource.RETURN, Scope.NATION)
def returns_sent(actor: Actor) -> Q:
    return Q(status="sent")
