"""What an agent looks after in an organisation, and who could take it."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from passerelles.network.enums import Role
from passerelles.network.models import Membership
from passerelles.pathway.enums import FollowUpStatus
from passerelles.pathway.models import FollowUp
from passerelles.referrals.models import Referral

MEETS_PERSONS = frozenset(
    {Role.OFII_AUDITOR, Role.DT_MANAGER, Role.CIP, Role.SPE_ADVISER, Role.AGIR_OPERATOR, Role.SIAE_EMPLOYER}
)


def alerts_of(membership: Membership) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(
        agent=membership.agent_id, organisation=membership.organisation_id, status=FollowUpStatus.OPEN
    )


def referrals_of(membership: Membership) -> QuerySet[Referral]:
    return Referral.objects.open().filter(assignee=membership.agent_id, owner=membership.organisation_id)


def colleagues_of(membership: Membership, on: dt.date) -> QuerySet[Membership]:
    """Those of the same organisation who meet persons, in post on that day."""
    found = Membership.objects.in_force(on).filter(organisation=membership.organisation_id, role__in=MEETS_PERSONS)
    return found.exclude(agent=membership.agent_id).select_related("agent").order_by("agent__name", "role", "pk")
