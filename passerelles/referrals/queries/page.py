"""The page of a referral: what was sent, where it stands, each step with its timing, what the reader may do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.errors import Refused
from passerelles.network.policy import Actor
from passerelles.referrals.models import Appointment, Booking, Referral
from passerelles.referrals.queries.history import REASONS, Step, histories
from passerelles.referrals.queries.outside import appointments_of, open_to, present_of
from passerelles.referrals.rules.transmission import Line, from_data
from passerelles.referrals.rules.words import Basis, Event, Outcome, Party, State
from passerelles.referrals.speakers import party_of, read_visible


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A referral as one agent sees it."""

    referral: Referral
    party: Party | None
    may: tuple[Event, ...]
    lines: tuple[Line, ...]
    basis: str
    appointments: tuple[Appointment, ...]
    current: Appointment | None
    booked: Booking | None
    steps: tuple[Step, ...]
    days_open: int
    late: bool
    reason: str
    outcome: str


def referral_page(actor: Actor, pk: uuid.UUID) -> ReferralPage:
    """Six queries whatever the history. Raises Unknown when the referral does not exist for this actor."""
    referral = read_visible(actor, pk)
    try:
        party: Party | None = party_of(actor, referral)
    except Refused:
        party = None
    appointments = tuple(referral.appointments.order_by("attempt", "id"))
    views = appointments_of(appointments)
    present = present_of(referral, views)
    today = clock.today()
    return ReferralPage(
        referral=referral,
        party=party,
        may=open_to(referral, party, present) if party else (),
        lines=from_data(referral.transmitted),
        basis=Basis(referral.basis).label if referral.basis else "",
        appointments=appointments,
        current=next((each for each in appointments if present and each.pk == present.id), None),
        booked=referral.bookings.filter(released_at=None).select_related("place").first(),
        steps=histories([referral])[referral.pk],
        days_open=(today - clock.paris_date(referral.created_at)).days,
        late=bool(referral.alert) or referral.next_on is not None and referral.next_on < today,
        reason=REASONS.get(referral.reason, ""),
        outcome=Outcome(referral.outcome).label if referral.outcome else "",
    )


def state_kind(state: str) -> str:
    """The colour of the badge of a state."""
    colours = {
        State.ATTENDED: "success",
        State.STARTED: "success",
        State.ENDED: "success",
        State.MISSED: "error",
        State.DECLINED: "warning",
        State.TAKEN_OVER: "warning",
    }
    return colours.get(State(state), "info")
