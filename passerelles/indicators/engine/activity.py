"""Session activity, cost and delays: figures that are not counts by sex and age (F-008, F-010). Pure.

A ratio without a denominator is None, never zero.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from passerelles.indicators.engine.events import History, Result


@dataclass(frozen=True, slots=True)
class Activity:
    """M7 (F-008): the sessions held in the month. `walk_ins` came without convocation."""

    sessions_planned: int
    sessions_held: int
    convoked: int
    present_convoked: int
    walk_ins: int
    collective_sessions: int
    collective_minutes: int

    @property
    def present(self) -> int:
        return self.present_convoked + self.walk_ins

    @property
    def attendance_rate(self) -> float | None:
        """Present among convoked, over convoked."""
        return ratio(self.present_convoked, self.convoked)

    @property
    def mean_collective_minutes(self) -> float | None:
        return ratio(self.collective_minutes, self.collective_sessions)


@dataclass(frozen=True, slots=True)
class Cost:
    """The ceiling of the agreement over the registrations made since it began (F-008)."""

    ceiling_euros: int
    since: dt.date
    registrations: int

    @property
    def per_registration(self) -> float | None:
        return ratio(self.ceiling_euros, self.registrations)


@dataclass(frozen=True, slots=True)
class Delays:
    """M8 (F-010): days from registration to the first appointment attended, persons lost, same-day registrations."""

    days: tuple[int, ...]
    answered: int
    lost: int
    received: int
    same_day: int

    @property
    def mean_days(self) -> float | None:
        return statistics.fmean(self.days) if self.days else None

    @property
    def median_days(self) -> float | None:
        return statistics.median(self.days) if self.days else None

    @property
    def lost_rate(self) -> float | None:
        return ratio(self.lost, self.answered)

    @property
    def same_day_rate(self) -> float | None:
        return ratio(self.same_day, self.received)


def ratio(part: int, whole: int) -> float | None:
    """`part / whole`, None when there is nothing to divide by."""
    return part / whole if whole else None


def activity(history: History) -> Activity:
    """A session was held when somebody was ticked present or absent, or the collective presentation was given."""
    held = {each.session for each in history.convoked if each.status in {"present", "absent"}}
    held = (held | set(history.collectives)) & history.sessions
    convoked = [each for each in history.convoked if each.session in held and not each.walk_in]
    minutes = [minutes for session, minutes in history.collectives.items() if session in history.sessions]
    return Activity(
        sessions_planned=len(history.sessions),
        sessions_held=len(held),
        convoked=len(convoked),
        present_convoked=sum(each.status == "present" for each in convoked),
        walk_ins=sum(each.walk_in and each.status == "present" and each.session in held for each in history.convoked),
        collective_sessions=len(minutes),
        collective_minutes=sum(minutes),
    )


def delays(history: History) -> Delays:
    """M8 over the first appointments dated in the month, and the persons received in the month.

    Lost: the last first appointment of the month was missed and no other one is known to be awaited or
    attended. A cancelled appointment is neither attended nor missed: it is left out. Same day: registered at
    France Travail on the day of an interview of the month.
    """
    started: dict[UUID, list[dt.date]] = defaultdict(list)
    for registration in history.past_registrations:
        started[registration.person].append(registration.on)
    first_attended: dict[UUID, Result] = {}
    last_of_month: dict[UUID, Result] = {
        result.person: result for result in history.results if result.result != "cancelled"
    }
    for result in history.past_results:
        if result.result == "attended":
            first_attended.setdefault(result.person, result)
    days = []
    for person, result in sorted(first_attended.items(), key=lambda item: (item[1].on, str(item[0]))):
        before = [day for day in started[person] if day <= result.on]
        if before and result.on in history.month.period:
            days.append((result.on - min(before)).days)
    lost = [
        person
        for person, result in last_of_month.items()
        if result.result == "missed"
        and person not in history.open_appointments
        and not (person in first_attended and first_attended[person].on >= result.on)
    ]
    registered = {(each.person, each.on) for each in history.registrations}
    received = {interview.person for interview in history.interviews}
    same_day = {each.person for each in history.interviews if (each.person, each.on) in registered}
    return Delays(
        days=tuple(days),
        answered=sum(result.result != "rescheduled" for result in last_of_month.values()),
        lost=len(lost),
        received=len(received),
        same_day=len(same_day),
    )
