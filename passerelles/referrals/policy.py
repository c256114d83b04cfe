"""How scopes narrow referrals. The room above adds the scope that depends on its sessions."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows
from passerelles.referrals.rules.words import SENSITIVE, UNSENT

_SENSITIVE = [purpose.value for purpose in SENSITIVE]
_UNSENT = [state.value for state in UNSENT]


@narrows("referrals.Referral", Resource.REFERRAL, Scope.OWN_DT)
def referrals_of_own_dt(actor: Actor) -> Q:
    """The referrals of the persons of one's DT; health and violence only when one's organisation is a party."""
    return Q(direction__in=actor.directions) & (~Q(purpose__in=_SENSITIVE) | _party(actor))


@narrows("referrals.Referral", Resource.REFERRAL, Scope.TRANSMITTED)
def referrals_of_own_organisation(actor: Actor) -> Q:
    """What one's organisation has received, once sent, and what it sends."""
    return Q(receiver_id=actor.organisation_id) & ~Q(state__in=_UNSENT) | Q(sender_id=actor.organisation_id)


def not_sensitive() -> Q:
    """For the scopes of which neither party is a part."""
    return ~Q(purpose__in=_SENSITIVE)


def _party(actor: Actor) -> Q:
    return Q(sender_id=actor.organisation_id) | Q(receiver_id=actor.organisation_id)
