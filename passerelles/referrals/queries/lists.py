"""“Our queue” and what we have sent: tabs, what is late, who has it (D-035, A-054). A fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.models import Agent, Membership, in_force
from passerelles.network.policy import Actor
from passerelles.referrals.models import Dispute, Referral
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.words import CLOSED, State

_TO_ANSWER = list(transitions.UNANSWERED)
_TO_MEET = [State.ACCEPTED, State.RESCHEDULED, State.MISSED]
_FOLLOWED = [State.ATTENDED, State.STARTED]
RECEIVED_TABS: dict[str, tuple[str, list[State]]] = {
    "a_repondre": ("À répondre", _TO_ANSWER),
    "a_donner": ("Rendez-vous à donner", _TO_MEET),
    "rendez_vous": ("Rendez-vous fixés", [State.APPOINTMENT_FIXED]),
    "suivis": ("Rencontrées ou suivies", _FOLLOWED),
    "closes": ("Closes ou reprises", [*CLOSED, *transitions.GIVEN_BACK]),
    "toutes": ("Toutes", list(State)),
}
SENT_TABS: dict[str, tuple[str, list[State]]] = {
    "a_reprendre": ("À reprendre", [State.DRAFT, *transitions.GIVEN_BACK]),
    "a_valider": ("À valider (AGIR)", [State.PROPOSED]),
    "attente": ("Sans réponse", _TO_ANSWER),
    "rendez_vous": ("Vers le rendez-vous", [*_TO_MEET, State.APPOINTMENT_FIXED]),
    "suivis": ("Rencontrées ou suivies", _FOLLOWED),
    "closes": ("Closes", list(CLOSED)),
    "toutes": ("Toutes", list(State)),
}


SHOWN = ("person", "sender", "receiver", "service", "owner", "assignee")
"""What a line of a list is shown with."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the agent asked of a list."""

    tab: str
    late: bool = False
    holder: str = ""
    """`moi`, `personne`, the identifier of a colleague, or empty."""


def received(actor: Actor) -> QuerySet[Referral]:
    """What is addressed to one's organisation."""
    rows = policy.visible(actor, Referral.objects.known_to_receiver(), Resource.REFERRAL)
    return rows.filter(receiver_id=actor.organisation_id)


def sent(actor: Actor) -> QuerySet[Referral]:
    """What one's organisation, one's DT or one's sessions send elsewhere."""
    return policy.visible(actor, Referral.objects.all(), Resource.REFERRAL).exclude(receiver_id=actor.organisation_id)


def lines(
    rows: QuerySet[Referral], tabs: dict[str, tuple[str, list[State]]], asked: Filters, actor: Actor, on: dt.date
) -> QuerySet[Referral]:
    """The rows of the tab, the most urgent first."""
    rows = _narrowed(rows, asked, actor, on).filter(state__in=[state.value for state in tabs[asked.tab][1]])
    if asked.tab in {"closes", "toutes"}:
        return rows.order_by("-created_at", "id")
    return rows.order_by("-alert", "next_on", "created_at", "id")


def totals(
    rows: QuerySet[Referral], tabs: dict[str, tuple[str, list[State]]], asked: Filters, actor: Actor, on: dt.date
) -> list[tuple[str, str, int]]:
    """(tab, label, count) in one query."""
    counts = {
        name: Count("pk", filter=Q(state__in=[state.value for state in states])) for name, (_, states) in tabs.items()
    }
    found = _narrowed(rows, asked, actor, on).order_by().aggregate(**counts)
    return [(name, label, found[name]) for name, (label, _) in tabs.items()]


def counted(rows: QuerySet[Referral], tabs: dict[str, tuple[str, list[State]]], names: Sequence[str]) -> dict[str, int]:
    """How many in some tabs, in one query that reads no other row."""
    of_tab = {name: [state.value for state in tabs[name][1]] for name in names}
    wanted = rows.filter(state__in=[state for states in of_tab.values() for state in states])
    return wanted.order_by().aggregate(**{name: Count("pk", filter=Q(state__in=of_tab[name])) for name in names})


def late(on: dt.date) -> Q:
    """Whose date has passed, or which is in alert or already reminded."""
    return Q(next_on__lt=on) | ~Q(alert="") | Q(stage__in=["reminded", "escalated"])


def colleagues(actor: Actor, on: dt.date) -> QuerySet[Agent]:
    """To whom a case of one's organisation may be given."""
    members = Membership.objects.filter(in_force(on), organisation_id=actor.organisation_id)
    return Agent.objects.filter(pk__in=members.order_by().values("agent_id"), is_active=True).order_by("name", "id")


def disputes(actor: Actor) -> QuerySet[Dispute]:
    """The contradictions that one's organisation has to settle (receiver and person disagree), oldest first."""
    mine = policy.visible(actor, Referral.objects.all(), Resource.REFERRAL, Action.EDIT)
    mine = mine.exclude(receiver_id=actor.organisation_id)
    rows = Dispute.objects.filter(settled_at=None, appointment__referral__in=mine.order_by().values("pk"))
    related = ("appointment__referral__person", "appointment__referral__receiver", "appointment__referral__service")
    return rows.select_related(*related).order_by("created_at", "id")


def receives(actor: Actor) -> bool:
    """Does this role have a queue of its own?"""
    return policy.scope_of(actor, Resource.REFERRAL, Action.VIEW) is Scope.TRANSMITTED


def _narrowed(rows: QuerySet[Referral], asked: Filters, actor: Actor, on: dt.date) -> QuerySet[Referral]:
    if asked.late:
        rows = rows.filter(late(on))
    if asked.holder == "moi":
        return rows.filter(assignee_id=actor.agent_id)
    if asked.holder == "personne":
        return rows.filter(assignee_id=None)
    if asked.holder:
        return rows.filter(assignee_id=uuid.UUID(asked.holder))
    return rows
