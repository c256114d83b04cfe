"""The referrals of a person, told before two of their records are linked (`linkage.effects`)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from passerelles.core.text import in_sentence
from passerelles.linkage.effects import tells
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.referrals.models import Referral


@tells("Orientations")
def referrals_of(actor: Actor, people: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[str]]:
    """Where each person was sent, on which day, and what became of it."""
    asked = Referral.objects.filter(person__in=people).select_related("receiver")
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for each in policy.visible(actor, asked, Resource.REFERRAL).order_by("created_at", "pk"):
        day = each.sent_at or each.created_at
        found[each.person_id].append(f"vers {each.receiver}, {day:%d/%m/%Y} : {in_sentence(each.get_state_display())}")
    return found
