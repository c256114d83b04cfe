"""The page of a referral: what was sent, where it stands, each step with its timing, what the reader may do."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.errors import Refused
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.referrals.models import Appointment, Booking, Referral
from passerelles.referrals.queries.outside import appointments_of, open_to, present_of
from passerelles.referrals.rules.transmission import Line, from_data
from passerelles.referrals.rules.words import (
    Basis,
    DeclineReason,
    Event,
    MissReason,
    Outcome,
    Party,
    PostponeReason,
    State,
    TakeOverReason,
    WithdrawReason,
)
from passerelles.referrals.speakers import party_of, read_visible

LABELS = {
    FactKind.REFERRAL_PROPOSED: "Proposée à la validation de l’OFII",
    FactKind.REFERRAL_SENT: "Envoyée",
    FactKind.REFERRAL_RECEIVED: "Reçue",
    FactKind.REFERRAL_STUDIED: "Mise à l’étude",
    FactKind.REFERRAL_ACCEPTED: "Acceptée",
    FactKind.REFERRAL_DECLINED: "Déclinée",
    FactKind.REFERRAL_REDIRECTED: "Réorientée vers un autre organisme",
    FactKind.REFERRAL_SILENT: "Sans réponse à l’échéance : rappel",
    FactKind.REFERRAL_ESCALATED: "Toujours sans réponse : responsable et référent prévenus",
    FactKind.REFERRAL_TAKEN_OVER: "Reprise par l’organisme qui adresse",
    FactKind.REFERRAL_ALERTED: "Mise en alerte",
    FactKind.REFERRAL_HELD: "Échéance repoussée",
    FactKind.REFERRAL_APPOINTMENT_GIVEN: "Rendez-vous donné",
    FactKind.REFERRAL_APPOINTMENT_CONFIRMED: "Venue confirmée par la personne",
    FactKind.REFERRAL_APPOINTMENT_POSTPONED: "Date abandonnée, une autre est à donner",
    FactKind.REFERRAL_APPOINTMENT_ATTENDED: "Rendez-vous honoré",
    FactKind.REFERRAL_APPOINTMENT_MISSED: "Rendez-vous manqué",
    FactKind.REFERRAL_DISPUTED: "Contradiction entre les deux côtés",
    FactKind.REFERRAL_DISPUTE_SETTLED: "Contradiction tranchée",
    FactKind.REFERRAL_STARTED: "Accompagnement commencé",
    FactKind.REFERRAL_REVIEWED: "Point fait",
    FactKind.REFERRAL_ENDED: "Terminée",
    FactKind.REFERRAL_WITHDRAWN: "Retirée",
    FactKind.REFERRAL_ASSIGNED: "Confiée à un agent",
}
_REASONS = {
    word.value: word.label
    for words in (DeclineReason, WithdrawReason, TakeOverReason, MissReason, PostponeReason)
    for word in words
}
_BY_CLOCK = {
    FactKind.REFERRAL_SILENT,
    FactKind.REFERRAL_ESCALATED,
    FactKind.REFERRAL_ALERTED,
    FactKind.REFERRAL_DISPUTED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history. `after_days`: calendar days since the step before, None for the first."""

    label: str
    on: dt.date
    known_at: dt.datetime
    who: str
    detail: str
    after_days: int | None
    retracted: bool


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
    steps = _steps(referral)
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
        steps=steps,
        days_open=(today - clock.paris_date(referral.created_at)).days,
        late=bool(referral.alert) or referral.next_on is not None and referral.next_on < today,
        reason=_REASONS.get(referral.reason, referral.reason),
        outcome=Outcome(referral.outcome).label if referral.outcome else "",
    )


def _steps(referral: Referral) -> tuple[Step, ...]:
    facts = list(Fact.objects.filter(subject_id=referral.pk, kind__startswith="referral_").order_by("id"))
    retracted = {fact.retracts_id for fact in facts if fact.retracts_id}
    agents = Agent.objects.in_bulk({fact.actor_id for fact in facts if fact.actor_id})
    found, before = [], None
    for fact in facts:
        day = clock.paris_date(fact.recorded_at)
        found.append(
            Step(
                label=LABELS.get(FactKind(fact.kind), fact.kind),
                on=fact.occurred_on,
                known_at=fact.recorded_at,
                who=_who(fact, agents),
                detail=_detail(fact),
                after_days=(day - before).days if before else None,
                retracted=fact.pk in retracted,
            )
        )
        before = day
    return tuple(found)


def _who(fact: Fact, agents: dict[uuid.UUID, Agent]) -> str:
    if fact.actor_id in agents:
        return agents[fact.actor_id].name
    if fact.kind in _BY_CLOCK or fact.data.get("reason") in {TakeOverReason.SILENCE, TakeOverReason.NO_SHOWS}:
        return Party.SYSTEM.label
    by = fact.data.get("by")
    if by:
        return Party(by).label
    if fact.kind == FactKind.REFERRAL_APPOINTMENT_CONFIRMED:
        return Party.PERSON.label
    return "sans compte, par le lien"


def _detail(fact: Fact) -> str:
    data = fact.data
    if fact.kind == FactKind.REFERRAL_APPOINTMENT_GIVEN:
        when = dt.datetime.fromisoformat(data["fixed_for"])
        return f"pour le {when:%d/%m/%Y} à {when:%H h %M}"
    if fact.kind == FactKind.REFERRAL_SILENT:
        return f"après {data['working_days']} jours ouvrés"
    if fact.kind == FactKind.REFERRAL_ENDED:
        return Outcome(data["outcome"]).label.lower()
    if fact.kind == FactKind.REFERRAL_HELD:
        return f"jusqu’au {dt.date.fromisoformat(data['until']):%d/%m/%Y}"
    if fact.kind == FactKind.REFERRAL_DISPUTE_SETTLED:
        return "le rendez-vous a eu lieu" if data["took_place"] else "le rendez-vous n’a pas eu lieu"
    if fact.kind in {FactKind.REFERRAL_SENT, FactKind.REFERRAL_PROPOSED, FactKind.REFERRAL_REDIRECTED}:
        return ""
    return _REASONS.get(data.get("reason", ""), "").lower()


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
