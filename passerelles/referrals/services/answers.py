"""What the receiver answers, with an account, by its link, by a file or by the API: the same verbs.

An answer that says again what is already known changes nothing and is no error: files and links come twice.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.core.text import in_sentence
from passerelles.journal.vocabulary import FactKind
from passerelles.network.models import Membership, Organisation
from passerelles.network.policy import Actor
from passerelles.referrals import notices
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import Channel, DeclineReason, Event, Outcome, Purpose, State
from passerelles.referrals.services.moves import move, tell
from passerelles.referrals.services.sending import drop_appointment, release_place
from passerelles.referrals.speakers import By, locked


@transaction.atomic
def receive(by: By, referral_id: uuid.UUID, *, channel: Channel = Channel.ACCOUNT) -> Referral:
    """The receiver has taken note. The date by which an answer is due does not move."""
    referral, speaker = locked(by, referral_id, channel=channel)
    if referral.state == State.RECEIVED:
        return referral
    move(referral, speaker, Event.RECEIVE)
    tell(referral, speaker, FactKind.REFERRAL_RECEIVED)
    return referral


@transaction.atomic
def study(by: By, referral_id: uuid.UUID, *, channel: Channel = Channel.ACCOUNT) -> Referral:
    """The receiver needs time to decide."""
    referral, speaker = locked(by, referral_id, channel=channel)
    if referral.state == State.UNDER_STUDY:
        return referral
    move(referral, speaker, Event.STUDY)
    tell(referral, speaker, FactKind.REFERRAL_STUDIED)
    return referral


@transaction.atomic
def accept(by: By, referral_id: uuid.UUID, *, channel: Channel = Channel.ACCOUNT) -> Referral:
    """The receiver takes the person; an appointment is now due."""
    referral, speaker = locked(by, referral_id, channel=channel)
    if referral.state == State.ACCEPTED:
        return referral
    referral.accepted_at = referral.accepted_at or clock.now()
    move(referral, speaker, Event.ACCEPT)
    tell(referral, speaker, FactKind.REFERRAL_ACCEPTED)
    return referral


@transaction.atomic
def decline(
    by: By,
    referral_id: uuid.UUID,
    *,
    reason: str,
    note: str = "",
    suggested: Organisation | None = None,
    channel: Channel = Channel.ACCOUNT,
) -> Referral:
    """The receiver does not take the person, for a compulsory reason; the sender must offer another place (D-035)."""
    referral, speaker = locked(by, referral_id, channel=channel)
    why = DeclineReason(reason)
    if why is DeclineReason.OTHER and not note:
        raise Impossible("Précisez le motif du refus.")
    if referral.state == State.DECLINED and referral.reason == why:
        return referral
    release_place(referral)
    drop_appointment(referral)
    referral.reason, referral.reason_note, referral.suggested = why.value, note, suggested
    move(referral, speaker, Event.DECLINE)
    tell(referral, speaker, FactKind.REFERRAL_DECLINED, reason=why.value)
    notices.told_to_sender(referral, "declined", f"l’orientation est déclinée ({in_sentence(why.label)}).")
    notices.person_given_back(referral)
    return referral


@transaction.atomic
def start(by: By, referral_id: uuid.UUID, *, channel: Channel = Channel.ACCOUNT) -> Referral:
    """The receiver follows the person from now on."""
    referral, speaker = locked(by, referral_id, channel=channel)
    if referral.state == State.STARTED:
        return referral
    move(referral, speaker, Event.START)
    tell(referral, speaker, FactKind.REFERRAL_STARTED)
    if referral.purpose == Purpose.AGIR:
        tell(referral, speaker, FactKind.AGIR_ENTERED)
    return referral


@transaction.atomic
def review(by: By, referral_id: uuid.UUID, *, channel: Channel = Channel.ACCOUNT) -> Referral:
    """The receiver still follows the person (E-010)."""
    referral, speaker = locked(by, referral_id, channel=channel)
    move(referral, speaker, Event.REVIEW)
    tell(referral, speaker, FactKind.REFERRAL_REVIEWED)
    return referral


@transaction.atomic
def end(by: By, referral_id: uuid.UUID, *, outcome: str, channel: Channel = Channel.ACCOUNT) -> Referral:
    """What came of it: the case is closed (C-049, E-010)."""
    referral, speaker = locked(by, referral_id, channel=channel)
    issue = Outcome(outcome)
    if issue is Outcome.UNTOLD:
        raise Impossible("Choisissez l’issue de l’accompagnement.")
    if referral.state == State.ENDED and referral.outcome == issue:
        return referral
    started = referral.state == State.STARTED
    referral.outcome, referral.outcome_told_at = issue.value, clock.now()
    move(referral, speaker, Event.END)
    tell(referral, speaker, FactKind.REFERRAL_ENDED, outcome=issue.value)
    if started and referral.purpose == Purpose.AGIR:
        tell(referral, speaker, FactKind.AGIR_EXITED, reason=issue.value)
    return referral


@transaction.atomic
def assign(actor: Actor, referral_id: uuid.UUID, *, agent_id: uuid.UUID | None) -> Referral:
    """Give a case of one's own queue to a colleague, or back to the queue; the owner stays the organisation."""
    referral, speaker = locked(actor, referral_id)
    if referral.owner_id != actor.organisation_id:
        raise Impossible("Cette orientation est entre les mains d’un autre organisme.")
    if agent_id is not None:
        agents = Membership.objects.in_force(clock.today()).filter(organisation_id=actor.organisation_id)
        if not agents.filter(agent_id=agent_id).exists():
            raise Impossible("Cette personne n’est pas un agent de votre organisme.")
    referral.assignee_id = agent_id
    referral.save(update_fields=["assignee"])
    tell(referral, speaker, FactKind.REFERRAL_ASSIGNED)
    return referral
