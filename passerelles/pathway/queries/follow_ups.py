"""The list “À suivre”: what one's organisation has to do, by urgency, with who took it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.pathway.enums import FollowUpKind, FollowUpStatus
from passerelles.pathway.models import FollowUp
from passerelles.pathway.queries.delays import delays_on
from passerelles.pathway.rules.follow_up import Delays, urgency

WHOSE = {"toutes": "Toutes", "a_moi": "Les miennes", "a_prendre": "À prendre", "reportees": "Reportées"}


SHOWN = ("person", "organisation", "agent")
"""What a line of the list is shown with."""


@dataclass(frozen=True, slots=True)
class Line:
    """An alert as the list shows it. `urgency`: late, soon, later."""

    alert: FollowUp
    urgency: str
    days: int


def follow_ups(actor: Actor, whose: str, kind: str, on: dt.date) -> QuerySet[FollowUp]:
    """Open alerts of the tab, the most urgent first."""
    found = _visible(actor).filter(_tab(actor, whose, on))
    if kind in FollowUpKind.values:
        found = found.filter(kind=kind)
    return found.order_by("due_on", "pk")


def totals(actor: Actor, on: dt.date) -> dict[str, int]:
    """How many alerts in each tab, in one query."""
    return _visible(actor).order_by().aggregate(**{name: Count("pk", filter=_tab(actor, name, on)) for name in WHOSE})


def lines(alerts: list[FollowUp], on: dt.date) -> list[Line]:
    delays: dict[str, Delays] = {
        direction: delays_on(on, direction) for direction in {alert.person.direction for alert in alerts}
    }
    return [
        Line(
            alert,
            urgency(alert.kind, alert.due_on, delays[alert.person.direction], on),
            (alert.due_on - on).days,
        )
        for alert in alerts
    ]


def _visible(actor: Actor) -> QuerySet[FollowUp]:
    return policy.visible(actor, FollowUp.objects.filter(status=FollowUpStatus.OPEN), Resource.FOLLOW_UP)


def _tab(actor: Actor, whose: str, on: dt.date) -> Q:
    now = Q(next_on__lte=on)
    match whose:
        case "a_moi":
            return now & Q(agent=actor.agent_id)
        case "a_prendre":
            return now & Q(agent=None)
        case "reportees":
            return ~now
    return now
