"""The nightly run of the clocks: every open case whose date has passed climbs one rung of its ladder.

Set-based, in transactions of a few thousand cases: killed at any instant, what is done is done whole and the next run
does the rest; run twice for the same day, it does nothing the second time. D-035, C-013.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F

from passerelles.core import clock
from passerelles.core.bulk import Column
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network.policy import SYSTEM
from passerelles.reference.calendar import working_days_between
from passerelles.reference.tables import UnknownCode
from passerelles.referrals import settings_on
from passerelles.referrals.models import Appointment, AppointmentStatus, Booking, Referral
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.clocks import ALERTS, NEXT_STAGE, Clock, rung
from passerelles.referrals.rules.words import Event, Outcome, Party, Stage, State, TakeOverReason
from passerelles.referrals.services import digests

BATCH = 10_000
FACTS = {
    Event.REMIND: FactKind.REFERRAL_SILENT,
    Event.ESCALATE: FactKind.REFERRAL_ESCALATED,
    Event.TAKE_OVER: FactKind.REFERRAL_TAKEN_OVER,
    Event.RAISE_ALERT: FactKind.REFERRAL_ALERTED,
    Event.LAPSE: FactKind.REFERRAL_ENDED,
}


class Due(NamedTuple):
    """A case whose date has passed, with what its next step depends on."""

    id: str
    person: str
    state: str
    stage: str
    entered_on: dt.date
    direction: str
    receiver: str
    receiver_kind: str
    sender: str
    sender_kind: str
    sender_department: str
    owner: str
    owner_kind: str
    owner_department: str


class Step(NamedTuple):
    """What becomes of a case; None leaves the column empty."""

    event: Event
    state: str
    stage: str
    told_stage: str
    next_on: dt.date | None
    alert: str


@dataclass
class Report:
    """What one run did."""

    at: dt.date
    steps: Counter[str] = field(default_factory=Counter)
    messages: int = 0

    @property
    def cases(self) -> int:
        return sum(self.steps.values())


def run(at: dt.date, *, batch: int = BATCH, after_batch: Callable[[], None] = lambda: None) -> Report:
    """Bring every open case whose date is before `at` one rung further, then tell the organisations, once.

    `after_batch` is called after each transaction: progress, or the death of the worker in a simulation.
    """
    report = Report(at)
    plans = _Plans(at)
    while done := _climb(at, plans, batch):
        report.steps.update(done)
        after_batch()
        if sum(done.values()) < batch:
            break
    report.messages = tell_organisations(at)
    return report


@transaction.atomic
def _climb(at: dt.date, plans: _Plans, batch: int) -> Counter[str]:
    cases = _due(at, batch)
    if not cases:
        return Counter()
    steps = [plans.step_of(case) for case in cases]
    _write(cases, steps, at)
    _release([case for case, step in zip(cases, steps, strict=True) if step.event is Event.TAKE_OVER])
    _journal(cases, steps, at, plans)
    return Counter(step.event.value for step in steps)


def _due(at: dt.date, batch: int) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.id::text, r.person_id::text, r.state, r.stage, r.entered_on, r.direction,
                   r.receiver_id::text, receiver.kind, r.sender_id::text, sender.kind, sender.department_code,
                   r.owner_id::text, owner.kind, owner.department_code
            FROM (SELECT * FROM referrals_referral WHERE next_on < %s ORDER BY next_on, id LIMIT %s FOR UPDATE) r
            JOIN network_organisation receiver ON receiver.id = r.receiver_id
            JOIN network_organisation sender ON sender.id = r.sender_id
            JOIN network_organisation owner ON owner.id = r.owner_id
            """,
            [at, batch],
        )
        return [Due(*row) for row in cursor.fetchall()]


class _Plans:
    """The step of each case, worked out once for all the cases that are alike."""

    def __init__(self, at: dt.date) -> None:
        self.at = at
        self._steps: dict[tuple[str, ...], Step] = {}
        self._clocks: dict[tuple[str, str, str], Clock] = {}
        self._waited: dict[tuple[dt.date, str, str], int] = {}

    def step_of(self, case: Due) -> Step:
        key = (
            case.state,
            case.stage,
            case.direction,
            case.owner_kind,
            case.owner_department,
            case.sender_kind,
            case.sender_department,
        )
        if key not in self._steps:
            self._steps[key] = self._step(case)
        return self._steps[key]

    def _step(self, case: Due) -> Step:
        state, stage = State(case.state), Stage(case.stage)
        event = rung(state, stage)
        edge = transitions.require(state, event, Party.SYSTEM)
        if event in {Event.REMIND, Event.ESCALATE}:
            reached = NEXT_STAGE[stage]
            date = self._clock(case.owner_kind, case.owner_department, case.direction).after_rung(reached, self.at)
            return Step(event, state.value, reached.value, stage.value, date, "")
        if event is Event.TAKE_OVER:
            sender = self._clock(case.sender_kind, case.sender_department, case.direction)
            due = sender.due(edge.target, self.at)
            return Step(event, edge.target.value, Stage.WAITING.value, Stage.ESCALATED.value, due, "")
        if event is Event.RAISE_ALERT:
            return Step(event, state.value, stage.value, Stage.REMINDED.value, None, ALERTS[state])
        return Step(event, edge.target.value, Stage.WAITING.value, Stage.WAITING.value, None, "")

    def _clock(self, kind: str, department: str, direction: str) -> Clock:
        key = (kind, department, direction)
        if key not in self._clocks:
            self._clocks[key] = settings_on.clock(self.at, kind, settings_on.territory_of(department, direction))
        return self._clocks[key]

    def waited(self, case: Due) -> int:
        """Working days since the case entered its state."""
        key = (case.entered_on, case.owner_department, case.direction)
        if key not in self._waited:
            territory = settings_on.territory_of(case.owner_department, case.direction)
            try:
                self._waited[key] = working_days_between(case.entered_on, self.at, territory)
            except UnknownCode:
                self._waited[key] = working_days_between(case.entered_on, self.at)
        return self._waited[key]


def _write(cases: list[Due], steps: list[Step], at: dt.date) -> None:
    moved = [step.event in {Event.TAKE_OVER, Event.LAPSE} for step in steps]
    owners = [
        None if step.event is Event.LAPSE else case.sender if step.event is Event.TAKE_OVER else case.owner
        for case, step in zip(cases, steps, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE referrals_referral r
            SET state = d.state, stage = d.stage, told_stage = d.told_stage, next_on = d.next_on, alert = d.alert,
                owner_id = d.owner,
                entered_on = CASE WHEN d.moved THEN %(at)s ELSE r.entered_on END,
                assignee_id = CASE WHEN d.moved THEN NULL ELSE r.assignee_id END,
                appointment_at = CASE WHEN d.event = 'take_over' THEN NULL ELSE r.appointment_at END,
                reason = CASE WHEN d.event = 'take_over' THEN %(silence)s ELSE r.reason END,
                reason_note = CASE WHEN d.event = 'take_over' THEN '' ELSE r.reason_note END,
                outcome = CASE WHEN d.event = 'lapse' THEN %(untold)s ELSE r.outcome END,
                outcome_told_at = CASE WHEN d.event = 'lapse' THEN %(now)s ELSE r.outcome_told_at END
            FROM unnest(
                %(ids)s::uuid[], %(events)s::text[], %(states)s::text[], %(stages)s::text[], %(told)s::text[],
                %(dates)s::date[], %(alerts)s::text[], %(owners)s::uuid[], %(moved)s::boolean[]
            ) AS d(id, event, state, stage, told_stage, next_on, alert, owner, moved)
            WHERE r.id = d.id
            """,
            {
                "at": at,
                "now": clock.now(),
                "silence": TakeOverReason.SILENCE.value,
                "untold": Outcome.UNTOLD.value,
                "ids": [case.id for case in cases],
                "events": [step.event.value for step in steps],
                "states": [step.state for step in steps],
                "stages": [step.stage for step in steps],
                "told": [step.told_stage for step in steps],
                "dates": [step.next_on for step in steps],
                "alerts": [step.alert for step in steps],
                "owners": owners,
                "moved": moved,
            },
        )


def _release(cases: Iterable[Due]) -> None:
    """The places and appointments of the cases that go back to their sender."""
    ids = [case.id for case in cases]
    if ids:
        Booking.objects.filter(referral_id__any=ids, released_at=None).update(released_at=clock.now())
        fixed = Appointment.objects.filter(referral_id__any=ids, status=AppointmentStatus.FIXED)
        fixed.update(status=AppointmentStatus.DROPPED)


def _journal(cases: list[Due], steps: list[Step], at: dt.date, plans: _Plans) -> None:
    for event, kind in FACTS.items():
        chosen = [case for case, step in zip(cases, steps, strict=True) if step.event is event]
        if not chosen:
            continue
        columns: dict[str, list] = {"to": [case.receiver_kind for case in chosen]}
        if event is Event.REMIND:
            columns["working_days"] = [plans.waited(case) for case in chosen]
        if event is Event.TAKE_OVER:
            columns["reason"] = [TakeOverReason.SILENCE.value] * len(chosen)
        if event is Event.LAPSE:
            columns["outcome"] = [Outcome.UNTOLD.value] * len(chosen)
        else:
            columns["state"] = [case.state for case in chosen]
        directions: Column = [case.direction for case in chosen]
        journal.record_columns(
            kind,
            len(chosen),
            actor=SYSTEM,
            occurred_on=at.isoformat(),
            person=[case.person for case in chosen],
            subject=[case.id for case in chosen],
            direction=directions,
            organisation=[case.receiver for case in chosen],
            data=journal.data_texts(columns),
        )


def tell_organisations(at: dt.date) -> int:
    """One message per organisation and situation for all that has not been told yet; how many were queued."""
    queued = 0
    untold = Referral.objects.exclude(stage=F("told_stage")).order_by()
    for owner in list(untold.values_list("owner_id", flat=True).distinct()):
        with transaction.atomic():
            queued += digests.tell_owner(owner, at)
    return queued
