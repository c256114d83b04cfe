"""One session on its day: counters, and one line per person with attendance, checks and interview."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from passerelles.core.periods import BirthDateInFuture, age_on
from passerelles.core.together import read_together
from passerelles.linkage.models import WAITING, Check, CheckResult, ExternalList
from passerelles.linkage.queries import answers_of_identity, members_sharing, others_of
from passerelles.linkage.services import lists_that_count
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.network.queries import name_of_agent
from passerelles.people.enums import Register
from passerelles.people.models import Person
from passerelles.reception.enums import AbsenceReason, Attendance, InterviewStatus, Outcome, SessionStatus
from passerelles.reception.models import Convocation, Desk, Session
from passerelles.reception.queries.week import language_name, language_names
from passerelles.reception.rules.planning import free_slots
from passerelles.reception.services.planning import alerts

SHORT_REGISTER = {Register.FRANCE_TRAVAIL: "FT", Register.RSA: "RSA", Register.AGIR: "AGIR"}
BADGE_KIND = {CheckResult.REGISTERED: "info", CheckResult.NOT_FOUND: "success"} | dict.fromkeys(WAITING, "warning")
SLOTS_OFFERED = 24


@dataclass(frozen=True, slots=True)
class CheckBadge:
    """The answer of one register about one person, in two words; `title` gives the source and its date."""

    register: str
    short: str
    label: str
    kind: str
    title: str
    check_id: uuid.UUID | None = None
    to_review: bool = False


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the session, as the two desks see them."""

    pk: uuid.UUID
    person_id: uuid.UUID
    name: str
    age: int | None
    language: str
    needs_interpreter: bool
    slot: dt.datetime | None
    desk_id: uuid.UUID | None
    desk: str
    status: str
    status_label: str
    walk_in: bool
    arrived_at: dt.datetime | None
    late_minutes: int
    reason: str
    note: str
    checks: tuple[CheckBadge, ...]
    interview_id: uuid.UUID | None = None
    interview_status: str = ""
    interview_desk: str = ""
    outcome: str = ""
    outcome_label: str = ""
    written_by: str = ""

    @property
    def is_waiting(self) -> bool:
        """Expected or present, interview not finished."""
        return (
            self.status in {Attendance.CONVOKED, Attendance.PRESENT} and self.interview_status != InterviewStatus.DONE
        )


@dataclass(frozen=True, slots=True)
class Counters:
    """The five figures at the top of the day (C-021: received, in scope and registered are told apart)."""

    convoked: int
    present: int
    absent: int
    interviewed: int
    registered: int


@dataclass(frozen=True, slots=True)
class Day:
    """The whole screen of one session."""

    session: Session
    desks: tuple[Desk, ...]
    lines: tuple[PersonLine, ...]
    counters: Counters
    languages: tuple[str, ...]
    can_edit: bool

    @property
    def is_open(self) -> bool:
        return self.session.status == SessionStatus.PLANNED

    @property
    def people(self) -> list[uuid.UUID]:
        return [line.person_id for line in self.lines]

    @property
    def fingerprint(self) -> str:
        """Changes when anything shown changes: two desks ask often, and are answered only then."""
        shown = repr((self.session.status, self.lines))
        return hashlib.sha256(shown.encode()).hexdigest()[:20]

    def at_desk(self, desk: Desk | None) -> tuple[PersonLine, ...]:
        """The lines of one desk, all of them without a desk."""
        if desk is None:
            return self.lines
        return tuple(line for line in self.lines if line.desk_id == desk.pk)


def session_seen(actor: Actor, pk: uuid.UUID) -> Session:
    """The session, if the actor may see it; else `Unknown`."""
    sessions = Session.objects.select_related("operator", "organisation")
    return policy.get_or_404(actor, sessions, Resource.SESSION, pk)


def day_of(actor: Actor, pk: uuid.UUID) -> Day:
    """Everything the day screen shows, in a number of queries that does not depend on the number of persons."""
    session = session_seen(actor, pk)
    lines = _lines(actor, session, Convocation.objects.filter(session=session))
    return Day(
        session=session,
        desks=tuple(session.desks.order_by("number")),
        lines=tuple(lines),
        counters=count(lines),
        languages=language_names(session.languages),
        can_edit=actor.may(Resource.SESSION, Action.EDIT),
    )


def line_of(actor: Actor, convocation: Convocation) -> PersonLine:
    """One line alone, after a click."""
    return _lines(actor, convocation.session, Convocation.objects.filter(pk=convocation.pk))[0]


def count(lines: Iterable[PersonLine]) -> Counters:
    """The counters of these lines."""
    lines = list(lines)
    return Counters(
        convoked=sum(not line.walk_in for line in lines),
        present=sum(line.status == Attendance.PRESENT for line in lines),
        absent=sum(line.status in {Attendance.ABSENT, Attendance.EXCUSED} for line in lines),
        interviewed=sum(line.interview_status == InterviewStatus.DONE for line in lines),
        registered=sum(line.outcome == Outcome.REGISTERED for line in lines),
    )


def day_alerts(day: Day) -> list[str]:
    """The alerts of the planner for this session, none once it is over."""
    return alerts(day.session) if day.is_open else []


def next_line(lines: Iterable[PersonLine], desk_id: uuid.UUID | None) -> PersonLine | None:
    """Who comes next at this desk: present first, then expected; at another desk when nobody waits here."""
    waiting = [line for line in lines if line.is_waiting and line.interview_status != InterviewStatus.OPEN]
    ranked = sorted(waiting, key=lambda line: (line.desk_id != desk_id, line.status != Attendance.PRESENT))
    return ranked[0] if ranked else None


def _lines(actor: Actor, session: Session, convocations) -> list[PersonLine]:
    found = list(
        policy.visible(actor, convocations, Resource.SESSION)
        .exclude(status=Attendance.MOVED)
        .select_related("person", "desk", "interview__desk")
        .annotate(writer=name_of_agent("interview__written_by"))
        .order_by("slot", "desk__number", "created_at", "pk")
    )
    people = [convocation.person for convocation in found]
    checks = checks_of(people, session.direction)
    return [_line(session, convocation, checks[convocation.person_id]) for convocation in found]


def _line(session: Session, convocation: Convocation, checks: tuple[CheckBadge, ...]) -> PersonLine:
    person, interview = convocation.person, getattr(convocation, "interview", None)
    arrived = convocation.arrived_at
    late = int((arrived - session.during.lower).total_seconds() // 60) if arrived else 0
    reason = AbsenceReason(convocation.absence_reason).label if convocation.absence_reason else ""
    return PersonLine(
        pk=convocation.pk,
        person_id=person.pk,
        name=str(person),
        age=age_of(person, session.held_on),
        language=language_name(person.language),
        needs_interpreter=person.needs_interpreter,
        slot=convocation.slot.lower if convocation.slot else None,
        desk_id=convocation.desk_id,
        desk=str(convocation.desk or ""),
        status=convocation.status,
        status_label=convocation.get_status_display(),
        walk_in=convocation.walk_in,
        arrived_at=arrived,
        late_minutes=max(0, late),
        reason=reason,
        note=convocation.note,
        checks=checks,
        interview_id=interview.pk if interview else None,
        interview_status=interview.status if interview else "",
        interview_desk=str(interview.desk or "") if interview else "",
        outcome=interview.outcome if interview else "",
        outcome_label=interview.get_outcome_display() if interview and interview.outcome else "",
        written_by=convocation.writer or "",
    )


def age_of(person: Person, on: dt.date) -> int | None:
    """Completed years on `on`; None when the birth date is missing or cannot be right."""
    if person.birth_date is None:
        return None
    try:
        return age_on(person.birth_date, on)
    except BirthDateInFuture:
        return None


def checks_of(people: list[Person], direction: str) -> dict[uuid.UUID, tuple[CheckBadge, ...]]:
    """The three badges of each person: standing answers, the lists of the DT, what their other records say.

    One query, two more when some of them have other records.
    """
    ids = [person.pk for person in people]
    found = read_together(
        {
            "checks": Check.objects.filter(person__in=ids).order_by("register", "pk"),
            "lists": lists_that_count({direction}),
            "members": members_sharing(ids),
        }
    )
    standing: dict[uuid.UUID, dict[str, Check]] = defaultdict(dict)
    for check in found["checks"]:
        standing[check.person_id][check.register] = check
    lists = {(each.direction, each.register): each for each in found["lists"]}
    elsewhere = answers_of_identity(ids, others_of(ids, found["members"]))
    return {
        person.pk: tuple(
            badge(
                register,
                standing[person.pk].get(register),
                lists.get((direction, register)),
                elsewhere.get(person.pk, {}).get(register, ""),
            )
            for register in Register
        )
        for person in people
    }


def badge(register: Register, check: Check | None, newest: ExternalList | None, elsewhere: str = "") -> CheckBadge:
    """What to show for one register: the answer, or whether a list is there to answer.

    `elsewhere`: where another record of the same person is known there; it holds for the person.
    """
    short = SHORT_REGISTER[register]
    if elsewhere and (check is None or check.result != CheckResult.REGISTERED):
        known = CheckResult.REGISTERED
        title = f"{register.label}, sous une autre fiche de la même personne : {elsewhere}"
        return CheckBadge(register, short, known.label, BADGE_KIND[known], title, check_id=check.pk if check else None)
    if check is None:
        if newest is None:
            title = f"{register.label} : aucune liste n’a été chargée."
            return CheckBadge(register, short, "Pas de liste", "none", title)
        title = f"{register.label} : liste au {newest.as_of:%d/%m/%Y}, pas encore rapprochée de cette personne."
        return CheckBadge(register, short, "Non vérifié", "none", title)
    result = CheckResult(check.result)
    return CheckBadge(
        register=register,
        short=short,
        label=result.label,
        kind=BADGE_KIND[result],
        title=f"{check.source}, {check.as_of:%d/%m/%Y} : {check.reason}",
        check_id=check.pk,
        to_review=result in WAITING,
    )


def slots_left(session: Session, convocation: Convocation) -> list[tuple[Desk, dt.datetime]]:
    """The next free (desk, time) pairs of the session for this person, in order of time."""
    desks = {desk.pk: desk for desk in session.desks.order_by("number")}
    taken = (
        Convocation.objects.filter(session=session, slot__isnull=False)
        .exclude(status__in=[Attendance.MOVED, Attendance.EXCUSED, Attendance.ABSENT])
        .exclude(pk=convocation.pk)
        .order_by()
        .values_list("desk_id", "slot")
    )
    busy = [(desk_id, slot.lower) for desk_id, slot in taken]
    free = free_slots(session.during.lower, list(desks), busy, session.slot_minutes)
    return [(desks[desk_id], instant) for (desk_id, instant), _ in zip(free, range(SLOTS_OFFERED), strict=False)]
