"""Which figures an actor may ask, where, and how finely. Asks `network.policy` only (A.6)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from passerelles.core.errors import Refused
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.policy import Actor
from passerelles.reference import territories
from passerelles.reference.territory import NATIONAL, Kind, Territory


@dataclass(frozen=True, slots=True)
class Reach:
    """The territories an actor may count, the widest first; their own organisation only, or every one (None).

    `lists`: may open the persons behind a cell; whoever may not reads counts that name nobody.
    """

    territories: tuple[Territory, ...]
    organisations: tuple[UUID, ...] | None
    lists: bool

    def require(self, territory: Territory) -> None:
        """Raise `Refused` outside the reach."""
        if territory not in self.territories:
            raise Refused("Les chiffres de ce territoire ne sont pas dans votre périmètre.")


def cell_secret() -> bytes:
    """What the perturbation of counts is drawn from: one for every page, or two pages would average it out."""
    return settings.SECRET_KEY.encode() + b"cell keys"


def reach_of(actor: Actor) -> Reach | None:
    """None when the role counts nothing."""
    scope = policy.scope_of(actor, Resource.INDICATOR, Action.COUNT)
    if scope is None:
        return None
    return Reach(
        tuple(dict.fromkeys(_places(actor, scope))),
        (actor.organisation_id,) if scope is Scope.OWN_ORGANISATION else None,
        actor.may(Resource.INDICATOR, Action.VIEW) and actor.may(Resource.PERSON, Action.VIEW),
    )


def _places(actor: Actor, scope: Scope) -> list[Territory]:
    match scope:
        case Scope.OWN_DT:
            directions = [Territory(Kind.DIRECTION, code) for code in sorted(actor.directions)]
            return directions + [
                Territory(Kind.DEPARTMENT, each.code)
                for place in directions
                for each in territories.departments_of_direction(place.code)
            ]
        case Scope.DEPARTMENT:
            return [Territory(Kind.DEPARTMENT, code) for code in sorted(actor.departments)]
        case Scope.REGION:
            return [place for code in sorted(actor.regions) for place in _of_region(code)]
        case Scope.OWN_ORGANISATION:
            return [NATIONAL]
        case _:
            every = [place for region in territories.regions() for place in _of_region(region.code)]
            return [NATIONAL, *every, *(Territory(Kind.DIRECTION, each.code) for each in territories.directions())]


def _of_region(code: str) -> list[Territory]:
    below = [Territory(Kind.DEPARTMENT, each.code) for each in territories.departments_of_region(code)]
    return [Territory(Kind.REGION, code), *below]
