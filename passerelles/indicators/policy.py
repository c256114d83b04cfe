"""How scopes narrow the impact benchmarks: those of the territory, and of what lies within it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows
from passerelles.reference import territories


@narrows("indicators.Declaration", Resource.IMPACT, Scope.OWN_DT)
def benchmarks_of_own_dt(actor: Actor) -> Q:
    """Those of the DT and of its departments."""
    departments = [each.code for slug in actor.directions for each in territories.departments_of_direction(slug)]
    return _of("dt", actor.directions) | _of("department", departments)


@narrows("indicators.Declaration", Resource.IMPACT, Scope.DEPARTMENT)
def benchmarks_of_department(actor: Actor) -> Q:
    """Those of the department, and of the DT that covers it."""
    directions = {territories.direction_of_department(code).code for code in actor.departments}
    return _of("department", actor.departments) | _of("dt", directions)


@narrows("indicators.Declaration", Resource.IMPACT, Scope.REGION)
def benchmarks_of_region(actor: Actor) -> Q:
    departments = [each.code for code in actor.regions for each in territories.departments_of_region(code)]
    directions = {each.code for code in actor.regions for each in territories.directions_of_region(code)}
    return _of("region", actor.regions) | _of("department", departments) | _of("dt", directions)


def _of(kind: str, codes: Iterable[str]) -> Q:
    return Q(territory__in=[f"{kind}:{code}" for code in sorted(codes)])
