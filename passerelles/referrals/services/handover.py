"""The cases of an agent who leaves go to a colleague, or back to the queue of the organisation, all at once."""

from __future__ import annotations

from django.db import transaction

from passerelles.core import clock
from passerelles.journal import services as journal
from passerelles.journal.services import NewFact
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.referrals.models import Referral


@transaction.atomic
def hand_over(actor: Actor, leaving: Agent, to: Agent | None) -> int:
    """The open referrals of one's organisation that `leaving` looks after; how many. Their owner does not change.

    For whoever administers the agents of the organisation: no person is shown to them.
    """
    policy.require(actor, Resource.MEMBERSHIP, Action.EDIT)
    mine = Referral.objects.open().filter(assignee=leaving, owner=actor.organisation_id)
    cases = list(mine.select_related("receiver").select_for_update(of=("self",)).order_by("pk"))
    Referral.objects.filter(pk__in=[case.pk for case in cases]).update(assignee=to)
    journal.record_many(
        (
            NewFact(
                FactKind.REFERRAL_ASSIGNED,
                clock.today(),
                person=case.person_id,
                subject=case.pk,
                direction=case.direction,
                organisation=case.receiver_id,
                data={"to": case.receiver.kind},
            )
            for case in cases
        ),
        actor=actor,
    )
    journal.note_access(actor, [case.person_id for case in cases], action="write", purpose="passation des dossiers")
    return len(cases)
