"""When silence is noticed, and what happens then: working days, by state, organisation and territory. Pure.

The ladder of every state that waits: the answer is due → reminder → manager and référent → the sender takes over, or
an alert stays, or the case lapses. Each rung has its own dated delay, so that whatever the day there is one next date
or one alert (D-035, C-035).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from passerelles.reference.calendar import add_working_days, is_working_day
from passerelles.reference.tables import UnknownCode
from passerelles.reference.territory import NATIONAL, Territory
from passerelles.referrals.rules.words import OPEN, Event, Stage, State

REMINDER, ESCALATION = "referral_reminder_days", "referral_escalation_days"
DELAYS: Mapping[State, str] = {
    State.DRAFT: "referral_draft_days",
    State.PROPOSED: "referral_validation_days",
    State.SENT: "referral_answer_days",
    State.RECEIVED: "referral_answer_days",
    State.UNDER_STUDY: "referral_study_days",
    State.ACCEPTED: "referral_appointment_days",
    State.RESCHEDULED: "referral_appointment_days",
    State.MISSED: "referral_appointment_days",
    State.APPOINTMENT_FIXED: "referral_attendance_days",
    State.ATTENDED: "referral_followup_days",
    State.STARTED: "referral_review_days",
    State.DECLINED: "referral_resume_days",
    State.TAKEN_OVER: "referral_resume_days",
}
"""Key of the parameter that gives the working days before the first reminder, by state."""
LAST_RUNG: Mapping[State, Event] = {
    **dict.fromkeys((State.ATTENDED, State.STARTED), Event.LAPSE),
    **dict.fromkeys((State.DRAFT, State.PROPOSED, State.DECLINED, State.TAKEN_OVER), Event.RAISE_ALERT),
}
"""What ends the ladder; everywhere else the sender takes over."""
ALERTS: Mapping[State, str] = {
    State.DRAFT: "Brouillon oublié",
    State.PROPOSED: "Proposition sans décision de l’OFII",
    State.DECLINED: "Personne sans autre place proposée",
    State.TAKEN_OVER: "Personne sans autre place proposée",
}
RUNGS: Mapping[Stage, Event] = {Stage.WAITING: Event.REMIND, Stage.REMINDED: Event.ESCALATE}
NEXT_STAGE: Mapping[Stage, Stage] = {Stage.WAITING: Stage.REMINDED, Stage.REMINDED: Stage.ESCALATED}


@dataclass(frozen=True, slots=True)
class Clock:
    """The delays of one kind of organisation in one territory on one date, in working days."""

    delays: Mapping[str, int]
    calendar: Territory = NATIONAL

    def due(self, state: State, since: dt.date) -> dt.date:
        """The last day on which an answer to `state`, entered on `since`, is on time.

        For a fixed appointment `since` is the day of the appointment.
        """
        return self.after(since, self.delays[DELAYS[State(state)]])

    def after_rung(self, stage: Stage, on: dt.date) -> dt.date:
        """The next date of a case that the run of `on` has just brought to `stage`."""
        return self.after(on, self.delays[REMINDER if Stage(stage) is Stage.REMINDED else ESCALATION])

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """`working_days` worked days later; where the holidays are not known, those of the whole country count."""
        try:
            return add_working_days(day, working_days, self.calendar)
        except UnknownCode:
            return add_working_days(day, working_days, NATIONAL)

    def is_worked(self, day: dt.date) -> bool:
        try:
            return is_working_day(day, self.calendar)
        except UnknownCode:
            return is_working_day(day, NATIONAL)


def rung(state: State, stage: Stage) -> Event:
    """What the clock does to a case whose date has passed in `state` at `stage`."""
    return RUNGS.get(Stage(stage)) or LAST_RUNG.get(State(state), Event.TAKE_OVER)


def parameters_needed() -> tuple[str, ...]:
    """Every delay, each once."""
    return tuple(dict.fromkeys((*DELAYS.values(), REMINDER, ESCALATION)))


if set(DELAYS) != OPEN:
    raise AssertionError("an open state without a delay")
