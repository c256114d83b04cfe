"""How scopes narrow the returns: one's own territory whole, narrower territories once they are validated or sent."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import OrganisationKind, Resource, Role, Scope
from passerelles.network.policy import Actor, narrows
from passerelles.reference import territories
from passerelles.reports.catalogue import CATALOGUE

SENT = Q(status__in=["sent", "acknowledged"])
PROFILE = "profil-signataires"
OF_AGIR = [each.slug for each in CATALOGUE if Role.AGIR_OPERATOR in each.drafts]
TO_REGIONS = [each.slug for each in CATALOGUE if Role.REGION_STATE in each.receives]
"""What the nation sends to the prefectures of region (REP-15, REP-24)."""


@narrows("reports.Return", Resource.RETURN, Scope.OWN_DT)
def returns_of_own_dt(actor: Actor) -> Q:
    """Those of the DT, and the profile of its departments that the DT makes.

    An administrator answers for what their organisation sends (F.8): the operator of the experiment, no other.
    """
    if actor.role is Role.ORGANISATION_ADMIN:
        if actor.organisation.kind != OrganisationKind.OPERATOR:
            return Q(pk__in=[])
        own = {f"department:{code}" for code in actor.departments}
        return Q(territory__in=_dts(actor)) | Q(territory__in=own, kind__in=OF_AGIR)
    departments = {
        f"department:{each.code}" for slug in actor.directions for each in territories.departments_of_direction(slug)
    }
    return Q(territory__in=_dts(actor)) | Q(territory__in=departments, kind=PROFILE)


@narrows("reports.Return", Resource.RETURN, Scope.DEPARTMENT)
def returns_of_department(actor: Actor) -> Q:
    """Its own whole, except what others make of it (the profile of the DT, the returns of AGIR): once sent.

    An AGIR operator: its own returns only (REP-13, REP-14).
    """
    own = Q(territory__in={f"department:{code}" for code in actor.departments})
    if actor.role is Role.AGIR_OPERATOR:
        return own & Q(kind__in=OF_AGIR)
    return own & (~Q(kind__in=[PROFILE, *OF_AGIR]) | SENT)


@narrows("reports.Return", Resource.RETURN, Scope.REGION)
def returns_of_region(actor: Actor) -> Q:
    own = Q(territory__in={f"region:{code}" for code in actor.regions})
    departments = {
        f"department:{each.code}" for code in actor.regions for each in territories.departments_of_region(code)
    }
    of_dts = Q(territory__in=_dts(actor), status__in=["validated", "sent", "acknowledged"])
    received = Q(territory="national", kind__in=TO_REGIONS)
    return own | of_dts | (Q(territory__in=departments) | received) & SENT


@narrows("reports.Return", Resource.RETURN, Scope.NATION)
def returns_of_nation(actor: Actor) -> Q:
    return Q(territory="national") | SENT


def _dts(actor: Actor) -> set[str]:
    return {f"dt:{slug}" for slug in actor.directions}
