"""How scopes narrow the returns: one's own territory whole, narrower territories once they are validated or sent."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows
from passerelles.reference import territories

SENT = Q(status__in=["sent", "acknowledged"])


@narrows("reports.Return", Resource.RETURN, Scope.OWN_DT)
def returns_of_own_dt(actor: Actor) -> Q:
    """Those of the DT, and those of its departments that the DT makes or that were sent."""
    departments = {
        f"department:{each.code}" for slug in actor.directions for each in territories.departments_of_direction(slug)
    }
    return Q(territory__in=_dts(actor)) | Q(territory__in=departments, kind="profil-signataires")


@narrows("reports.Return", Resource.RETURN, Scope.DEPARTMENT)
def returns_of_department(actor: Actor) -> Q:
    """Its own whole, except the profile that the DT makes: once sent."""
    own = Q(territory__in={f"department:{code}" for code in actor.departments})
    return own & (~Q(kind="profil-signataires") | SENT)


@narrows("reports.Return", Resource.RETURN, Scope.REGION)
def returns_of_region(actor: Actor) -> Q:
    own = Q(territory__in={f"region:{code}" for code in actor.regions})
    departments = {
        f"department:{each.code}" for code in actor.regions for each in territories.departments_of_region(code)
    }
    of_dts = Q(territory__in=_dts(actor), status__in=["validated", "sent", "acknowledged"])
    return own | of_dts | (Q(territory__in=departments) & SENT)


@narrows("reports.Return", Resource.RETURN, Scope.NATION)
def returns_of_nation(actor: Actor) -> Q:
    return Q(territory="national") | SENT


def _dts(actor: Actor) -> set[str]:
    return {f"dt:{slug}" for slug in actor.directions}
