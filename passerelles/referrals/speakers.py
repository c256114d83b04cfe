"""Who speaks of a referral, in what quality and through what: an agent with a role, or somebody without an account.

A verb takes either an `Actor`, whom the policy narrows, or an `Outsider`, who reaches one referral and nothing else.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from passerelles.core.errors import Refused, Unknown
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role
from passerelles.network.policy import Actor
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import UNSENT, Channel, Party, State

OFII = frozenset({Role.OFII_AUDITOR, Role.DT_MANAGER})
_NOT_THERE = "Cette orientation n’existe pas, ou elle n’est pas dans votre périmètre."


@dataclass(frozen=True, slots=True)
class Outsider:
    """The receiver by its signed link, or the person on their page: whoever built it has checked the link.

    It opens the one referral `referral_id`, in the one quality `party` (RECEIVER or PERSON).
    """

    party: Party
    referral_id: uuid.UUID
    channel: Channel = Channel.LINK

    def __post_init__(self) -> None:
        if self.party not in {Party.RECEIVER, Party.PERSON}:
            raise ValueError("only a receiver or the person speaks without an account")


By = Actor | Outsider


@dataclass(frozen=True, slots=True)
class Speaker:
    """The quality in which `actor` speaks; for an outsider, an actor without agent nor role."""

    party: Party
    channel: Channel
    actor: Actor


def locked(by: By, referral_id: uuid.UUID, *, channel: Channel = Channel.ACCOUNT) -> tuple[Referral, Speaker]:
    """The referral, locked until the end of the transaction, and who speaks. Raises Unknown, Refused."""
    return _found(by, _whole().select_for_update(of=("self",)), referral_id, channel)


def read_visible(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """The referral for whoever may see it, party or not. Raises Unknown."""
    return policy.get_or_404(actor, _whole(), Resource.REFERRAL, referral_id)


def read(by: By, referral_id: uuid.UUID) -> tuple[Referral, Speaker]:
    """The same, to read only."""
    return _found(by, _whole(), referral_id, Channel.ACCOUNT)


def _whole() -> QuerySet[Referral]:
    return Referral.objects.select_related("person", "sender", "receiver", "service", "owner", "assignee", "suggested")


def _found(by: By, referrals: QuerySet[Referral], referral_id: uuid.UUID, channel: Channel) -> tuple[Referral, Speaker]:
    if isinstance(by, Outsider):
        found = referrals.filter(pk=referral_id).first() if by.referral_id == referral_id else None
        if found is None or found.state in UNSENT and by.party is Party.RECEIVER:
            raise Unknown(_NOT_THERE)
        organisation = found.receiver if by.party is Party.RECEIVER else None
        return found, Speaker(by.party, by.channel, Actor(agent=None, organisation=organisation, role=None))
    referral = policy.get_or_404(by, referrals, Resource.REFERRAL, referral_id)
    return referral, Speaker(party_of(by, referral), channel, by)


def party_of(actor: Actor, referral: Referral) -> Party:
    """In what quality this agent speaks of a referral they may see. Raises Refused for who only looks."""
    party = _party(actor, referral)
    writes = Resource.APPOINTMENT if party is Party.ACCOMPANIER else Resource.REFERRAL
    if not actor.system:
        policy.require(actor, writes, Action.EDIT)
    return party


def _party(actor: Actor, referral: Referral) -> Party:
    if actor.system:
        return Party.SYSTEM
    if actor.organisation_id == referral.receiver_id:
        return Party.RECEIVER
    of_the_dt = actor.role in OFII and referral.direction in actor.directions
    if of_the_dt and referral.state == State.PROPOSED:
        return Party.VALIDATOR
    if of_the_dt or actor.organisation_id == referral.sender_id:
        return Party.SENDER
    if actor.role == Role.CIP:
        return Party.ACCOMPANIER
    raise Refused("Votre organisme n’est pas partie à cette orientation.")
