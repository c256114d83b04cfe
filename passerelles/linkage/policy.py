"""How scopes narrow checks and lists. The scope of sessions is declared by `reception`."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows


@narrows("linkage.Check", Resource.CHECK, Scope.OWN_DT)
def checks_of_own_dt(actor: Actor) -> Q:
    """The checks of the persons of one's own DTs."""
    return Q(person__direction__in=actor.directions)


@narrows("linkage.PersonPair", Resource.CHECK, Scope.OWN_DT)
def pairs_of_own_dt(actor: Actor) -> Q:
    """The pairs whose two records are followed by one's own DTs: nobody compares a record they may not read."""
    return Q(first__direction__in=actor.directions, second__direction__in=actor.directions)


@narrows("linkage.PersonPair", Resource.CROSS_CHECK, Scope.OWN_DT)
def pairs_with_another_dt(actor: Actor) -> Q:
    """The pairs of which one record, and one only, is followed by one's own DTs."""
    first, second = Q(first__direction__in=actor.directions), Q(second__direction__in=actor.directions)
    return (first & ~second) | (second & ~first)


@narrows("linkage.MonthlyWorth", Resource.CHECK, Scope.OWN_DT, Scope.OWN_SESSIONS)
def accounts_of_own_dt(actor: Actor) -> Q:
    """The monthly accounts of one's own DTs: counts, that say nothing of anybody."""
    return Q(direction__in=actor.directions)


@narrows("linkage.ExternalList", Resource.IMPORT, Scope.OWN_DT)
def lists_of_own_dt(actor: Actor) -> Q:
    """The lists loaded for one's own DTs."""
    return Q(direction__in=actor.directions)
