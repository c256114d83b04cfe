"""How each scope narrows the people tables. The rooms above add the scopes that depend on their own tables."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows


@narrows("people.Person", Resource.PERSON, Scope.OWN_DT)
def persons_of_own_dt(actor: Actor) -> Q:
    """The persons followed by the DTs of the actor."""
    return Q(direction__in=actor.directions)
