"""The one place where the state of a referral changes: the table is asked, the owner and the next date follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from passerelles.core import clock
from passerelles.journal import services as journal
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Organisation
from passerelles.referrals import settings_on
from passerelles.referrals.models import Referral
from passerelles.referrals.queries.history import LABELS
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.transitions import Edge
from passerelles.referrals.rules.words import Event, Party, Stage, State
from passerelles.referrals.speakers import Speaker


def move(referral: Referral, speaker: Speaker, event: Event, *, next_on: dt.date | None = None) -> Edge:
    """Go along the edge of the table and save; `next_on` replaces the date that the parameters give.

    Raises Impossible, with a sentence, when the table has no such edge. The caller has locked the referral, changed
    its other columns and appends the fact.
    """
    edge = transitions.require(State(referral.state), event, speaker.party)
    referral.state = edge.target.value
    if not edge.keeps_clock:
        start_clock(referral, next_on=next_on)
    if speaker.party is Party.RECEIVER and referral.answered_at is None and event is not Event.RECEIVE:
        referral.answered_at = clock.now()
    referral.save()
    return edge


def start_clock(referral: Referral, *, next_on: dt.date | None = None) -> None:
    """Owner and next date of the state just entered, from the dated parameters of today. Does not save."""
    state = State(referral.state)
    referral.entered_on = clock.today()
    referral.stage = referral.told_stage = Stage.WAITING.value
    referral.alert = ""
    referral.owner = owner_of(referral)
    if referral.owner is None:
        referral.next_on = referral.assignee = None
        return
    referral.next_on = next_on or due(referral)
    if state in transitions.GIVEN_BACK or state is State.SENT:
        referral.assignee = None


def due(referral: Referral) -> dt.date:
    """The last day on which the next word is on time. For a fixed appointment, counted from its day."""
    since = clock.today()
    if referral.state == State.APPOINTMENT_FIXED and referral.appointment_at:
        since = max(since, clock.paris_date(referral.appointment_at))
    owner = referral.owner
    assert owner is not None
    territory = settings_on.territory_of(owner.department_code, referral.direction)
    return settings_on.clock(clock.today(), owner.kind, territory).due(State(referral.state), since)


def owner_of(referral: Referral) -> Organisation | None:
    """The organisation that holds the case; a proposal is held by the DT of the person."""
    side = transitions.owner_side(State(referral.state))
    if side is None:
        return None
    if side is Party.VALIDATOR:
        found = Organisation.objects.filter(
            kind=OrganisationKind.OFII_DT, direction=referral.direction, closed_on=None
        ).order_by("created_at", "id")
        return found.first() or referral.sender
    return referral.receiver if side is Party.RECEIVER else referral.sender


def tell(
    referral: Referral,
    speaker: Speaker,
    kind: FactKind,
    occurred_on: dt.date | None = None,
    retracts: Fact | None = None,
    **data: Any,
) -> Fact:
    """Append a fact about the referral, and note that the person was written about."""
    fact = journal.record(
        kind,
        actor=speaker.actor,
        occurred_on=occurred_on or clock.today(),
        person=referral.person_id,
        subject=referral.pk,
        direction=referral.direction,
        organisation=referral.receiver_id,
        data={"to": referral.receiver.kind, **data},
        retracts=retracts,
    )
    what = LABELS.get(kind, kind.value).lower()
    journal.note_access(speaker.actor, [referral.person_id], action="write", purpose=f"orientation : {what}")
    return fact
