"""An agent leaves: their referrals and their alerts go to a colleague, or back to the queue, in one transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Membership
from passerelles.network.policy import Actor
from passerelles.pathway.models import FollowUp
from passerelles.pathway.queries.handover import alerts_of, colleagues_of
from passerelles.referrals.services.handover import hand_over as hand_over_referrals


@dataclass(frozen=True, slots=True)
class Handed:
    """How many of each changed hands."""

    referrals: int
    alerts: int


@transaction.atomic
def hand_over(actor: Actor, membership_id: uuid.UUID, *, to_id: uuid.UUID | None) -> Handed:
    """Everything open that the agent of this membership looks after in this organisation.

    `to_id`: the membership of a colleague of the same organisation; None puts everything back in the queue. Nothing
    leaves the organisation, and nothing is closed.
    """
    leaving = policy.get_or_404(
        actor, Membership.objects.select_related("agent"), Resource.MEMBERSHIP, membership_id, Action.EDIT
    )
    successor = None
    if to_id is not None:
        found = colleagues_of(leaving, clock.today()).filter(pk=to_id).select_related("agent").first()
        if found is None:
            raise Impossible("Choisissez un collègue en poste dans votre organisme.")
        successor = found.agent
    referrals = hand_over_referrals(actor, leaving.agent, successor)
    alerts = list(alerts_of(leaving).select_for_update().order_by("pk"))
    FollowUp.objects.filter(pk__in=[alert.pk for alert in alerts]).update(agent=successor)
    journal.note_access(actor, [alert.person_id for alert in alerts], action="write", purpose="passation des alertes")
    return Handed(referrals, len(alerts))
