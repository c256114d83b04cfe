"""What a role may see of the figures: which DTs, which details, which persons. Asks `network.policy` only."""

from __future__ import annotations

from passerelles.core.errors import Refused
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.policy import Actor
from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode


def countable_directions(actor: Actor) -> tuple[str, ...]:
    """The DTs whose live figures this actor may count, by name.

    A scope narrower than a DT (a partner's own organisation) counts none here.
    """
    scope = policy.scope_of(actor, Resource.INDICATOR, Action.COUNT)
    codes: set[str] = set()
    if scope is Scope.OWN_DT:
        codes = set(actor.directions)
    elif scope is Scope.DEPARTMENT:
        codes = {_direction_of(department) for department in actor.departments} - {""}
    elif scope is Scope.REGION:
        codes = {each.code for region in actor.regions for each in territories.directions_of_region(region)}
    elif scope is Scope.NATION:
        codes = {each.code for each in territories.directions()}
    return tuple(sorted(codes, key=lambda code: territories.direction(code).name))


def require_direction(actor: Actor, direction: str) -> None:
    """Refuse a DT outside the actor's reach."""
    if direction not in countable_directions(actor):
        raise Refused("Les chiffres de cette direction territoriale ne sont pas dans votre périmètre.")


def sees_internal(actor: Actor) -> bool:
    """Internal lines and exact live cells stay in the DT and its operator; the State reads the official figures."""
    return actor.system or policy.scope_of(actor, Resource.INDICATOR, Action.COUNT) is Scope.OWN_DT


def sees_people(actor: Actor) -> bool:
    """May open the list of persons behind a figure."""
    return sees_internal(actor) and actor.may(Resource.PERSON, Action.VIEW)


def _direction_of(department: str) -> str:
    try:
        return territories.direction_of_department(department).code
    except UnknownCode:
        return ""
