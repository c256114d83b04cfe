"""What “Ma journée” shows, role by role. Every figure goes through the policy; a fixed number of SQL queries."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.exchange.models import Import
from passerelles.linkage.models import WAITING, Check
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.network.queries import agents_in_force, referent_vacancies
from passerelles.reception.enums import InterviewStatus, SessionStatus
from passerelles.reception.models import FirstAppointment, Interview
from passerelles.reception.queries.appointments import condition, spoken_of
from passerelles.reception.queries.week import SessionLine, week_sessions
from passerelles.reports.catalogue import METZ_MONTHLY
from passerelles.reports.models import Return, ReturnStatus
from passerelles.web.queries.waiting import Waiting, waiting

FIRST = 5
AHEAD_DAYS = 14


@dataclass(frozen=True)
class Appointments:
    """How many appointments, and the first ones."""

    count: int
    first: list[FirstAppointment]

    @property
    def people(self) -> list[uuid.UUID]:
        return [each.person_id for each in self.first]


@dataclass(frozen=True)
class Words:
    """First appointments of which the person said something that waits for an answer: to move, to settle (C-020)."""

    to_move: int
    contradicted: int


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
    words: Words | None = None
    to_review: int = 0
    returns: list[MonthReturn] = field(default_factory=list)
    to_validate: list[Return] = field(default_factory=list)
    to_acknowledge: list[Return] = field(default_factory=list)
    received: list[Return] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    vacancies: list[Organisation] = field(default_factory=list)
    agents: int = 0
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def next_session(self) -> SessionLine | None:
        """The session to open now: the first of today that is not closed."""
        return next((each for each in self.sessions if each.status == SessionStatus.PLANNED), None)

    @property
    def people(self) -> list[uuid.UUID]:
        """The persons whose names the page shows, for the access log (K-004)."""
        seen = [] if self.interview is None else [self.interview.person_id]
        for appointments in (self.unanswered, self.expected):
            seen += appointments.people if appointments else []
        return list(dict.fromkeys(seen))


def sessions_around(actor: Actor, today: dt.date) -> tuple[list[SessionLine], list[SessionLine]]:
    """(this ISO week, the next one), cancelled sessions left out, with their alerts (C-014, C-017)."""
    monday = today - dt.timedelta(days=today.weekday())
    weeks = (Period(monday + dt.timedelta(days=shift), monday + dt.timedelta(days=shift + 6)) for shift in (0, 7))
    this_week, next_week = ([s for s in week_sessions(actor, week) if not s.is_cancelled] for week in weeks)
    return this_week, next_week


def today_and_after(actor: Actor, today: dt.date) -> dict[str, list[SessionLine]]:
    """The sessions of today, and those that follow until the end of next week."""
    this_week, next_week = sessions_around(actor, today)
    return {
        "sessions": [each for each in this_week if each.held_on == today],
        "coming": [each for each in this_week if each.held_on > today] + next_week,
    }


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
    return _appointments(actor, condition("sans_reponse", clock.now()), FIRST)


def expected(actor: Actor) -> Appointments:
    """First appointments of the coming fortnight."""
    now = clock.now()
    soon = condition("a_venir", now) & Q(fixed_for__lte=now + dt.timedelta(days=AHEAD_DAYS))
    return _appointments(actor, soon, 2 * FIRST)


def words_of_people(actor: Actor) -> Words:
    """What the persons said on their page, in one query."""
    found = spoken_of(policy.visible(actor, FirstAppointment.objects, Resource.APPOINTMENT))
    now = clock.now()
    counts = {"to_move": "a_deplacer", "contradicted": "contradictions"}
    totals = {name: Count("pk", filter=condition(state, now)) for name, state in counts.items()}
    return Words(**found.order_by().aggregate(**totals))


def _appointments(actor: Actor, when: Q, most: int) -> Appointments:
    found = policy.visible(actor, FirstAppointment.objects, Resource.APPOINTMENT).filter(when)
    rows = found.select_related("person", "organisation").order_by("fixed_for", "id")
    return Appointments(count=found.count(), first=list(rows[:most]))


def checks_to_review(actor: Actor) -> int:
    """Pairs that an agent has to settle (C-018)."""
    return policy.visible(actor, Check.objects, Resource.CHECK).filter(result__in=WAITING).count()


def month_before(day: dt.date) -> str:
    """`2026-03-10` → `2026-02`: the month whose return is due."""
    return f"{day.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


def month_returns(actor: Actor, today: dt.date) -> list[MonthReturn]:
    """The return of the month that ended, DT by DT (F-001)."""
    month = month_before(today)
    newest = _newest(
        policy.visible(actor, Return.objects, Resource.RETURN).filter(kind=METZ_MONTHLY.slug, period=month)
    )
    found = {each.direction: each for each in newest}
    return [MonthReturn(direction, month, found.get(direction)) for direction in sorted(actor.directions)]


def returns_to_validate(actor: Actor) -> list[Return]:
    """Drafts whose newest version waits for a validation."""
    newest = _newest(policy.visible(actor, Return.objects, Resource.RETURN, Action.VALIDATE))
    return [each for each in newest if each.status == ReturnStatus.DRAFTED and actor.role in each.type.validates]


def returns_to_acknowledge(actor: Actor) -> list[Return]:
    """Returns that were sent to this role and whose receipt nobody has noted (F.8)."""
    newest = _newest(policy.visible(actor, Return.objects, Resource.RETURN, Action.ACKNOWLEDGE))
    return [each for each in newest if each.status == ReturnStatus.SENT and actor.role in each.type.receives]


def _newest(returns: QuerySet[Return]) -> QuerySet[Return]:
    ordered = returns.defer("content").order_by("-period", "territory", "kind", "-version")
    return ordered.distinct("period", "territory", "kind")


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
        **today_and_after(actor, today),
        interview=open_interview(actor, today),
        unanswered=unanswered(actor),
        words=words_of_people(actor),
        to_review=checks_to_review(actor),
        returns=month_returns(actor, today),
        waiting=waiting(actor, today),
    )


def auditor_day(actor: Actor) -> Day:
    today = clock.today()
    return Day(
        today=today,
        **today_and_after(actor, today),
        imports=last_imports(actor),
        to_review=checks_to_review(actor),
        waiting=waiting(actor, today),
    )


def manager_day(actor: Actor) -> Day:
    today = clock.today()
    this_week, _ = sessions_around(actor, today)
    return Day(
        today=today,
        sessions=this_week,
        to_validate=returns_to_validate(actor),
        to_acknowledge=returns_to_acknowledge(actor),
        to_review=checks_to_review(actor),
        vacancies=list(referent_vacancies(actor, today)),
        waiting=waiting(actor, today),
    )


def adviser_day(actor: Actor) -> Day:
    today = clock.today()
    return Day(
        today=today,
        expected=expected(actor),
        unanswered=unanswered(actor),
        words=words_of_people(actor),
        waiting=waiting(actor, today),
    )


def state_day(actor: Actor) -> Day:
    return Day(today=clock.today(), received=returns_received(actor))


def administrator_day(actor: Actor) -> Day:
    today = clock.today()
    return Day(today=today, agents=agents_in_force(actor, today), to_validate=returns_to_validate(actor))


def plain_day(actor: Actor) -> Day:
    today = clock.today()
    return Day(today=today, waiting=waiting(actor, today))
