"""The sessions of one ISO week, with their counters and alerts: one SQL query whatever the number of sessions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from passerelles.core.periods import Period
from passerelles.network import policy
from passerelles.network.enums import OrganisationKind, Resource
from passerelles.network.models import Delegation, Organisation, in_force
from passerelles.network.policy import Actor
from passerelles.reception.enums import Attendance, HalfDay, InterviewStatus, Outcome, SessionStatus
from passerelles.reception.models import Session
from passerelles.reception.rules.planning import Limits, session_alerts, week_alerts
from passerelles.reception.settings_on import limits
from passerelles.reference import languages
from passerelles.reference.tables import UnknownCode

NO_PROTOCOL = "Aucun protocole n’est configuré pour cette direction à cette date : les limites ne sont pas vérifiées."


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session as the planner sees it. `convoked` leaves out those who came without a convocation."""

    pk: uuid.UUID
    held_on: dt.date
    half_day: str
    starts_at: dt.datetime
    place: str
    operator: str
    status: str
    status_label: str
    languages: tuple[str, ...]
    partners: tuple[str, ...]
    capacity: int
    desks: int
    convoked: int
    walk_ins: int
    present: int
    interviewed: int
    registered: int
    alerts: tuple[str, ...]

    @property
    def half_day_label(self) -> str:
        return HalfDay(self.half_day).label

    @property
    def is_cancelled(self) -> bool:
        return self.status == SessionStatus.CANCELLED

    @property
    def is_full(self) -> bool:
        return self.convoked >= self.capacity


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the week and its sessions, in order of time."""

    day: dt.date
    sessions: tuple[SessionLine, ...]


def with_counters(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """`sessions` with desk_count, convoked, walk_ins, present, interviewed and registered, in the same query."""
    expected = ~Q(convocations__status=Attendance.MOVED)

    def people(condition: Q) -> Count:
        return Count("convocations", filter=condition & expected, distinct=True)

    return sessions.annotate(
        desk_count=Count("desks", distinct=True),
        convoked=people(Q(convocations__walk_in=False)),
        walk_ins=people(Q(convocations__walk_in=True)),
        present=people(Q(convocations__status=Attendance.PRESENT)),
        interviewed=people(Q(convocations__interview__status=InterviewStatus.DONE)),
        registered=people(Q(convocations__interview__outcome=Outcome.REGISTERED)),
    )


def week_sessions(actor: Actor, week: Period) -> list[SessionLine]:
    """The sessions of the week that the actor may see, in order of time, with their alerts (C-014, C-017).

    The operator's sessions of the week are counted among those seen: whoever sees one sees them all.
    """
    visible = policy.visible(actor, Session.objects.select_related("operator"), Resource.SESSION)
    found = list(
        with_counters(visible)
        .filter(held_on__range=(week.start, week.end))
        .order_by("held_on", "during", "place", "pk")
    )
    that_week = Counter((s.direction, s.operator_id) for s in found if s.status != SessionStatus.CANCELLED)
    protocols: dict[tuple[dt.date, str], Limits | None] = {}
    lines = []
    for session in found:
        key = (session.held_on, session.direction)
        if key not in protocols:
            protocols[key] = limits(*key)
        lines.append(_line(session, that_week[(session.direction, session.operator_id)], protocols[key]))
    return lines


def _line(session: Session, that_week: int, protocol: Limits | None) -> SessionLine:
    return SessionLine(
        pk=session.pk,
        held_on=session.held_on,
        half_day=session.half_day,
        starts_at=session.during.lower,
        place=session.place,
        operator=session.operator.name if session.operator else "",
        status=session.status,
        status_label=session.get_status_display(),
        languages=language_names(session.languages),
        partners=tuple(session.partners),
        capacity=session.capacity,
        desks=session.desk_count,
        convoked=session.convoked,
        walk_ins=session.walk_ins,
        present=session.present,
        interviewed=session.interviewed,
        registered=session.registered,
        alerts=tuple(_alerts(session, that_week, protocol)),
    )


def _alerts(session: Session, that_week: int, protocol: Limits | None) -> list[str]:
    if session.status == SessionStatus.CANCELLED:
        return []
    if protocol is None:
        return [NO_PROTOCOL]
    found = session_alerts(session.convoked, session.desk_count, protocol)
    return found + (week_alerts(that_week, protocol) if session.operator_id else [])


def by_day(lines: list[SessionLine], week: Period) -> list[DayLine]:
    """Monday to Friday, and Saturday or Sunday when a session is held there."""
    days = [week.start + dt.timedelta(days=offset) for offset in range(7)]
    return [
        DayLine(day, held)
        for day in days
        if (held := tuple(line for line in lines if line.held_on == day)) or day.weekday() < 5
    ]


def language_names(codes: list[str]) -> tuple[str, ...]:
    """The names of these languages in French; a code unknown to the reference is shown as it is."""
    return tuple(language_name(code) for code in codes)


def language_name(code: str) -> str:
    """The name of one language, the code itself when it is unknown, "" when blank."""
    if not code:
        return ""
    try:
        return languages.get(code).name
    except UnknownCode:
        known = languages.find(code)
        return known.name if known else code


def own_platforms(actor: Actor) -> QuerySet[Organisation]:
    """The DTs for which the actor may plan a session."""
    return Organisation.objects.filter(
        kind=OrganisationKind.OFII_DT, direction__in=actor.directions, closed_on=None
    ).order_by("name")


def operators_of(directions: frozenset[str], on: dt.date) -> QuerySet[Organisation]:
    """The operators delegated to one of these DTs on `on` (C-022)."""
    delegated = Delegation.objects.filter(in_force(on), direction__in=directions).order_by()
    return Organisation.objects.filter(kind=OrganisationKind.OPERATOR, pk__in=delegated.values("operator_id")).order_by(
        "name"
    )
