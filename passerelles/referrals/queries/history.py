"""The timing of referrals: each step, when it was known, how long after the one before, and on whose word (C-036).

From the journal alone: what was retracted stays, struck. Two queries whatever the number of referrals.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.text import in_sentence
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.models import Membership
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import (
    DeclineReason,
    MissReason,
    Outcome,
    Party,
    PostponeReason,
    TakeOverReason,
    WithdrawReason,
)

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
    FactKind.REFERRAL_APPOINTMENT_CONFIRMED: "Venue confirmée",
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
REASONS = {
    word.value: word.label
    for words in (DeclineReason, WithdrawReason, TakeOverReason, MissReason, PostponeReason)
    for word in words
    if word not in (MissReason.ILL, PostponeReason.ILL)
}
"""A reason of health is not told beyond the two sides that know it (A.6)."""
_BY_CLOCK = {
    FactKind.REFERRAL_SILENT,
    FactKind.REFERRAL_ESCALATED,
    FactKind.REFERRAL_ALERTED,
    FactKind.REFERRAL_DISPUTED,
}
_OF_SENDER = {
    FactKind.REFERRAL_PROPOSED,
    FactKind.REFERRAL_SENT,
    FactKind.REFERRAL_REDIRECTED,
    FactKind.REFERRAL_TAKEN_OVER,
    FactKind.REFERRAL_HELD,
    FactKind.REFERRAL_DISPUTE_SETTLED,
}
_WITHOUT_DETAIL = {FactKind.REFERRAL_SENT, FactKind.REFERRAL_PROPOSED, FactKind.REFERRAL_REDIRECTED}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history. `after_days`: calendar days since the step before, None for the first.

    `who`: the organisation, the person or the platform that says it; `agent`: its agent, "" without account.
    """

    label: str
    on: dt.date
    known_at: dt.datetime
    who: str
    agent: str
    detail: str
    after_days: int | None
    retracted: bool

    @property
    def after(self) -> str:
        """`le même jour`, `1 jour après`, `5 jours après`; "" for the first step."""
        if self.after_days is None:
            return ""
        if self.after_days == 0:
            return "le même jour"
        return f"{self.after_days} jour{'s' if self.after_days > 1 else ''} après"


@dataclass(frozen=True, slots=True)
class _Agent:
    name: str
    organisations: dict[uuid.UUID, str]


def histories(referrals: Sequence[Referral]) -> dict[uuid.UUID, tuple[Step, ...]]:
    """The steps of each referral, oldest first. `sender` and `receiver` are best selected by the caller."""
    facts: dict[uuid.UUID, list[Fact]] = defaultdict(list)
    subjects = [referral.pk for referral in referrals]
    found = list(Fact.objects.filter(subject_id__in=subjects, kind__startswith="referral_").order_by("id"))
    for fact in found:
        facts[fact.subject_id].append(fact)
    agents = _agents({fact.actor_id for fact in found if fact.actor_id})
    return {referral.pk: _steps(referral, facts[referral.pk], agents) for referral in referrals}


def _agents(wanted: set[uuid.UUID]) -> dict[uuid.UUID, _Agent]:
    """Each agent with the organisations they speak for, past ones too."""
    rows = Membership.objects.filter(agent__in=wanted).order_by("starts_on", "id")
    found: dict[uuid.UUID, _Agent] = {}
    for pk, name, organisation, called in rows.values_list(
        "agent_id", "agent__name", "organisation_id", "organisation__name"
    ):
        found.setdefault(pk, _Agent(name, {})).organisations[organisation] = called
    return found


def _steps(referral: Referral, facts: Sequence[Fact], agents: dict[uuid.UUID, _Agent]) -> tuple[Step, ...]:
    retracted = {fact.retracts_id for fact in facts if fact.retracts_id}
    found: list[Step] = []
    before: dt.date | None = None
    for fact in facts:
        day = clock.paris_date(fact.recorded_at)
        agent = agents.get(fact.actor_id)
        found.append(
            Step(
                label=LABELS.get(FactKind(fact.kind), fact.kind),
                on=fact.occurred_on,
                known_at=fact.recorded_at,
                who=_who(fact, referral, agent),
                agent=agent.name if agent else "",
                detail=_detail(fact),
                after_days=(day - before).days if before else None,
                retracted=fact.pk in retracted,
            )
        )
        before = day
    return tuple(found)


def _who(fact: Fact, referral: Referral, agent: _Agent | None) -> str:
    """On whose word: what the fact says (`by`), else the organisation of its agent, else the side that says it."""
    if fact.kind in _BY_CLOCK or fact.data.get("reason") in {TakeOverReason.SILENCE, TakeOverReason.NO_SHOWS}:
        return Party.SYSTEM.label
    party = fact.data.get("by") or (Party.PERSON if fact.kind == FactKind.REFERRAL_APPOINTMENT_CONFIRMED else "")
    if party in {Party.PERSON, Party.ACCOMPANIER, Party.SYSTEM, Party.VALIDATOR}:
        return Party(party).label
    side = referral.sender if party == Party.SENDER or fact.kind in _OF_SENDER else referral.receiver
    if agent is not None:
        own = agent.organisations
        return (
            own.get(side.pk) or own.get(referral.receiver_id) or own.get(referral.sender_id) or next(iter(own.values()))
        )
    if fact.data.get("outcome") == Outcome.UNTOLD or fact.kind == FactKind.REFERRAL_DISPUTE_SETTLED:
        return Party.SYSTEM.label
    return side.name


def _detail(fact: Fact) -> str:
    data = fact.data
    if fact.kind == FactKind.REFERRAL_APPOINTMENT_GIVEN:
        when = dt.datetime.fromisoformat(data["fixed_for"])
        return f"pour le {when:%d/%m/%Y} à {when.hour} h{f' {when:%M}' if when.minute else ''}"
    if fact.kind == FactKind.REFERRAL_SILENT:
        return f"après {data['working_days']} jours ouvrés"
    if fact.kind == FactKind.REFERRAL_ENDED:
        return in_sentence(Outcome(data["outcome"]).label)
    if fact.kind == FactKind.REFERRAL_HELD:
        return f"jusqu’au {dt.date.fromisoformat(data['until']):%d/%m/%Y}"
    if fact.kind == FactKind.REFERRAL_DISPUTE_SETTLED:
        return "le rendez-vous a eu lieu" if data["took_place"] else "le rendez-vous n’a pas eu lieu"
    if fact.kind in _WITHOUT_DETAIL:
        return ""
    return REASONS.get(data.get("reason", ""), "").lower()
