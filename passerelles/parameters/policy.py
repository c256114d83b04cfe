"""Which decisions concern whom: those taken for one's territories, for the wider ones and for the places inside."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from passerelles.core.errors import Refused
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.policy import Actor, narrows, scope_of
from passerelles.parameters.rules import lies_in
from passerelles.reference import territories
from passerelles.reference.territory import Kind, Territory


@narrows("parameters.Override", Resource.PARAMETER, Scope.OWN_DT)
def of_own_directions(actor: Actor) -> Q:
    """Those of the directorates of the actor, of their departments and of what stands above."""
    departments = (d.code for slug in actor.directions for d in territories.departments_of_direction(slug))
    return _written_for(
        *(Territory(Kind.DIRECTION, slug) for slug in actor.directions),
        *(Territory(Kind.DEPARTMENT, code) for code in departments),
    )


@narrows("parameters.Override", Resource.PARAMETER, Scope.DEPARTMENT)
def of_own_departments(actor: Actor) -> Q:
    return _written_for(*(Territory(Kind.DEPARTMENT, code) for code in actor.departments))


@narrows("parameters.Override", Resource.PARAMETER, Scope.REGION)
def of_own_regions(actor: Actor) -> Q:
    """Read with the wider ones; `may_decide` says which of them may be changed."""
    return _written_for(*(place for code in actor.regions for place in places_of_region(code)))


def places_of_region(code: str) -> tuple[Territory, ...]:
    """The region, its directorates and its departments."""
    return (
        Territory(Kind.REGION, code),
        *(Territory(Kind.DIRECTION, each.code) for each in territories.directions() if each.region_code == code),
        *(Territory(Kind.DEPARTMENT, each.code) for each in territories.departments_of_region(code)),
    )


def may_decide(actor: Actor, territory: Territory) -> bool:
    """The region in its territories, the nation everywhere (A.6). The platform itself decides nothing."""
    scope = scope_of(actor, Resource.PARAMETER, Action.EDIT)
    if scope is None or actor.agent_id is None:
        return False
    return scope is Scope.NATION or (scope is Scope.REGION and lies_in(territory, actor.regions))


def require_decision(actor: Actor, territory: Territory) -> None:
    """Raise Refused unless the actor may decide for this territory."""
    if not may_decide(actor, territory):
        raise Refused(
            f"Vous ne décidez pas pour ce territoire : {territory.label_fr}.",
            remedy="Une région décide pour elle-même et ses départements, l’administration centrale partout.",
        )


def _written_for(*places: Territory) -> Q:
    wider: Iterable[Territory] = (each for place in places for each in place.chain)
    return Q(territory__in=sorted({str(each) for each in wider}))
