"""Who receives a return, and who sends it: found in the directory by nature and territory."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from passerelles.core import clock
from passerelles.network.enums import OrganisationKind, Role
from passerelles.network.models import Delegation, Organisation, in_force
from passerelles.reference import territories
from passerelles.reference.territory import Kind, Territory
from passerelles.reports.catalogue import Desk, ReturnType

MINISTRIES = {Desk.DGEF: "DGEF", Desk.DGEFP: "DGEFP", Desk.DIAN: "DIAN"}
"""Central administrations are known by the first word of their name in the directory."""


def recipients_of(kind: ReturnType, place: Territory) -> tuple[list[Organisation], list[str]]:
    """The organisations that receive, and what is missing, in words."""
    found: list[Organisation] = []
    missing: list[str] = []
    for desk in kind.desks:
        name, wanted = _desk(desk, place)
        candidates = list(Organisation.objects.filter(wanted, closed_on__isnull=True))
        with_mailbox = [each for each in candidates if each.mailbox]
        found += [each for each in with_mailbox if each not in found]
        if not candidates:
            missing.append(f"{name} ne figure pas dans l’annuaire")
        elif not with_mailbox:
            missing.append(f"{name} n’a pas de boîte fonctionnelle")
    return found, missing


def senders_of(kind: ReturnType, place: Territory) -> QuerySet[Organisation]:
    """The organisations that have to make this return, to remind them."""
    wanted = Q(pk__in=[])
    code = place.code
    if Role.CIP in kind.drafts:
        delegated = Delegation.objects.filter(in_force(clock.today()), direction=code)
        wanted |= Q(pk__in=delegated.values("operator_id"))
    if Role.DT_MANAGER in kind.drafts:
        direction = code if place.kind is Kind.DIRECTION else territories.direction_of_department(code).code
        wanted |= Q(kind=OrganisationKind.OFII_DT, direction=direction)
    if Role.DEPARTMENT_STATE in kind.drafts and place.kind is Kind.DEPARTMENT:
        wanted |= Q(kind=OrganisationKind.DDETS, department_code=code)
    if Role.REGION_STATE in kind.drafts and place.kind is Kind.REGION:
        wanted |= Q(kind=OrganisationKind.DREETS, region_code=code)
    return Organisation.objects.filter(wanted, closed_on__isnull=True).exclude(mailbox="").order_by("name", "id")


def _desk(desk: Desk, place: Territory) -> tuple[str, Q]:
    """Its name in a sentence, and how to find it."""
    region = _region_of(place)
    match desk:
        case Desk.DT:
            direction = territories.direction(place.code)
            return f"la {direction.label_fr}", Q(kind=OrganisationKind.OFII_DT, direction=direction.code)
        case Desk.DREETS:
            return (
                f"la DREETS de la région {territories.region(region).name}",
                Q(kind=OrganisationKind.DREETS, region_code=region),
            )
        case Desk.DDETS:
            return f"la DDETS(PP) : {place.label_fr}", Q(kind=OrganisationKind.DDETS, department_code=place.code)
        case Desk.DEPARTMENT_PREFECTURE:
            return (
                f"la préfecture : {place.label_fr}",
                Q(kind=OrganisationKind.PREFECTURE, department_code=place.code),
            )
        case Desk.REGION_PREFECTURE:
            return (
                "la préfecture de région" + (f" : {territories.region(region).name}" if region else ""),
                Q(kind=OrganisationKind.PREFECTURE, region_code=region, department_code=""),
            )
    name = MINISTRIES[desk]
    return f"la {name}", Q(kind=OrganisationKind.MINISTRY, name__iregex=rf"^{name}\y")


def _region_of(place: Territory) -> str:
    return next((each.code for each in place.chain if each.kind is Kind.REGION), "")
