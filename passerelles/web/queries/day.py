"""What “Ma journée” shows, role by role. Every figure goes through the policy; a fixed number of SQL queries."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from passerelles.core import clock
from passerelles.exchange.models import Import
from passerelles.linkage.models import Check, CheckResult
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.network.queries import agents_in_force, referent_vacancies
from passerelles.reception.enums import AppointmentStatus, Attendance, InterviewStatus, SessionStatus
from passerelles.reception.models import FirstAppointment, Interview, Session
from passerelles.reception.rules.planning import session_alerts
from passerelles.reception.settings_on import limits
from passerelles.reports.models import Return, ReturnStatus

FIRST = 5
AHEAD_DAYS = 14
NOT_EXPECTED = (Attendance.MOVED, Attendance.EXCUSED)


@dataclass(frozen=True)
class SessionLine:
    """A session with its counters and what deserves attention."""

    pk: uuid.UUID
    held_on: dt.date
    half_day: str
    starts_at: dt.datetime
    place: str
    operator: str
    closed: bool
    capacity: int
    expected: int
    present: int
    absent: int
    interviews_open: int
    interviews_done: int
    alerts: tuple[str, ...]

    @property
    def waiting(self) -> int:
        """Persons expected who have neither come nor been marked absent."""
        return self.expected - self.present - self.absent


@dataclass(frozen=True)
class Appointments:
    """How many appointments, and the first ones."""

    count: int
    first: list[FirstAppointment]

    @property
    def people(self) -> list[uuid.UUID]:
        return [each.person_id for each in self.first]


@dataclass(frozen=True)
class MonthReturn:
    """The newest version of the return of one DT for the month that ended; None: not drafted yet."""

    direction: str
    month: str
    found: Return | None


@dataclass(frozen=True)
class Day:
    """Everything the home page of one role needs; what does not concern it stays empty."""

    today: dt.date
    sessions: list[SessionLine] = field(default_factory=list)
    coming: list[SessionLine] = field(default_factory=list)
    interview: Interview | None = None
    unanswered: Appointments | None = None
    expected: Appointments | None = None
    to_review: int = 0
    returns: list[MonthReturn] = field(default_factory=list)
    to_validate: list[Return] = field(default_factory=list)
    received: list[Return] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    vacancies: list[Organisation] = field(default_factory=list)
    agents: int = 0

    @property
    def next_session(self) -> SessionLine | None:
        """The session to open now: the first of today that is not closed."""
        return next((each for each in self.sessions if not each.closed), None)

    @property
    def people(self) -> list[uuid.UUID]:
        """The persons whose names the page shows, for the access log (K-004)."""
        seen = [] if self.interview is None else [self.interview.person_id]
        for appointments in (self.unanswered, self.expected):
            seen += appointments.people if appointments else []
        return list(dict.fromkeys(seen))


def session_lines(actor: Actor, first: dt.date, last: dt.date) -> list[SessionLine]:
    """The sessions from `first` to `last` inclusive, cancelled ones left out, with their alerts (C-014, C-017)."""
    interview = "convocations__interview"
    sessions = (
        policy.visible(actor, Session.objects, Resource.SESSION)
        .filter(held_on__range=(first, last))
        .exclude(status=SessionStatus.CANCELLED)
        .select_related("operator")
        .annotate(
            expected=_convocations(~Q(convocations__status__in=NOT_EXPECTED)),
            present=_convocations(Q(convocations__status=Attendance.PRESENT)),
            absent=_convocations(Q(convocations__status=Attendance.ABSENT)),
            open_count=Count(interview, filter=Q(**{f"{interview}__status": InterviewStatus.OPEN}), distinct=True),
            done_count=Count(interview, filter=Q(**{f"{interview}__status": InterviewStatus.DONE}), distinct=True),
            desk_count=Count("desks", distinct=True),
        )
        .order_by("held_on", "during", "id")
    )
    return [_line(session) for session in sessions]


def _convocations(which: Q) -> Count:
    return Count("convocations", filter=which, distinct=True)


def _line(session: Session) -> SessionLine:
    there = limits(session.held_on, session.direction)
    alerts = session_alerts(session.expected, session.desk_count, there) if there else []
    return SessionLine(
        pk=session.pk,
        held_on=session.held_on,
        half_day=session.get_half_day_display(),
        starts_at=session.during.lower,
        place=session.place,
        operator=session.operator.name if session.operator else "",
        closed=session.status == SessionStatus.CLOSED,
        capacity=session.capacity,
        expected=session.expected,
        present=session.present,
        absent=session.absent,
        interviews_open=session.open_count,
        interviews_done=session.done_count,
        alerts=tuple(alerts),
    )


def open_interview(actor: Actor, today: dt.date) -> Interview | None:
    """The interview this agent began today and has not finished."""
    return (
        policy.visible(actor, Interview.objects, Resource.SESSION, Action.EDIT)
        .filter(status=InterviewStatus.OPEN, written_by=actor.agent_id, convocation__session__held_on=today)
        .select_related("person")
        .order_by("started_at", "id")
        .first()
    )


def unanswered(actor: Actor) -> Appointments:
    """First appointments whose date has passed and of which nobody said whether they took place (C-020)."""
    return _appointments(actor, Q(fixed_for__lt=clock.now()), FIRST)


def expected(actor: Actor) -> Appointments:
    """First appointments of the coming fortnight."""
    until = clock.now() + dt.timedelta(days=AHEAD_DAYS)
    return _appointments(actor, Q(fixed_for__gte=clock.now(), fixed_for__lte=until), 2 * FIRST)


def _appointments(actor: Actor, when: Q, most: int) -> Appointments:
    found = policy.visible(actor, FirstAppointment.objects, Resource.APPOINTMENT).filter(
        when, status=AppointmentStatus.FIXED
    )
    rows = found.select_related("person", "organisation").order_by("fixed_for", "id")
    return Appointments(count=found.count(), first=list(rows[:most]))


def checks_to_review(actor: Actor) -> int:
    """Pairs that an agent has to settle (C-018)."""
    return policy.visible(actor, Check.objects, Resource.CHECK).filter(result=CheckResult.TO_REVIEW).count()


def month_before(day: dt.date) -> str:
    """`2026-03-10` → `2026-02`: the month whose return is due."""
    return f"{day.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


def month_returns(actor: Actor, today: dt.date) -> list[MonthReturn]:
    """The return of the month that ended, DT by DT (F-001)."""
    month = month_before(today)
    newest = _newest(policy.visible(actor, Return.objects, Resource.RETURN).filter(month=month))
    found = {each.direction: each for each in newest}
    return [MonthReturn(direction, month, found.get(direction)) for direction in sorted(actor.directions)]


def returns_to_validate(actor: Actor) -> list[Return]:
    """Drafts whose newest version waits for a validation."""
    newest = _newest(policy.visible(actor, Return.objects, Resource.RETURN, Action.VALIDATE))
    return [each for each in newest if each.status == ReturnStatus.DRAFTED]


def _newest(returns: QuerySet[Return]) -> QuerySet[Return]:
    ordered = returns.defer("content").order_by("-month", "direction", "kind", "-version")
    return ordered.distinct("month", "direction", "kind")


def returns_received(actor: Actor) -> list[Return]:
    """The newest returns the State may read; no names (A.6)."""
    return list(_newest(policy.visible(actor, Return.objects, Resource.RETURN))[: 2 * FIRST])


def last_imports(actor: Actor) -> list[Import]:
    """The last files received."""
    rows = policy.visible(actor, Import.objects, Resource.IMPORT).defer("content")
    return list(rows.order_by("-created_at", "id")[:FIRST])


def cip_day(actor: Actor) -> Day:
    today = clock.today()
    return Day(
        today=today,
        sessions=session_lines(actor, today, today),
        coming=session_lines(actor, today + dt.timedelta(days=1), today + dt.timedelta(days=7)),
        interview=open_interview(actor, today),
        unanswered=unanswered(actor),
        to_review=checks_to_review(actor),
        returns=month_returns(actor, today),
    )


def auditor_day(actor: Actor) -> Day:
    today = clock.today()
    return Day(
        today=today,
        sessions=session_lines(actor, today, today),
        coming=session_lines(actor, today + dt.timedelta(days=1), today + dt.timedelta(days=7)),
        imports=last_imports(actor),
        to_review=checks_to_review(actor),
    )


def manager_day(actor: Actor) -> Day:
    today = clock.today()
    monday = today - dt.timedelta(days=today.weekday())
    return Day(
        today=today,
        sessions=session_lines(actor, monday, monday + dt.timedelta(days=6)),
        to_validate=returns_to_validate(actor),
        to_review=checks_to_review(actor),
        vacancies=list(referent_vacancies(actor, today)),
    )


def adviser_day(actor: Actor) -> Day:
    return Day(today=clock.today(), expected=expected(actor), unanswered=unanswered(actor))


def state_day(actor: Actor) -> Day:
    return Day(today=clock.today(), received=returns_received(actor))


def administrator_day(actor: Actor) -> Day:
    today = clock.today()
    return Day(today=today, agents=agents_in_force(actor, today), to_validate=returns_to_validate(actor))


def plain_day(actor: Actor) -> Day:
    return Day(today=clock.today())
