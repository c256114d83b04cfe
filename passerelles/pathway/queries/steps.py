"""One's own steps and the dates of one's rights, in plain words: for the newcomer's page and for the agent's.

No policy here: the caller is the person themselves (signed link), or has already been let in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.periods import add_years
from passerelles.pathway.enums import MeetingKind, MeetingStatus, RecognitionStatus, TrainingKind, TrainingStatus
from passerelles.pathway.models import Meeting, Recognition, Training
from passerelles.pathway.queries.delays import delays_on
from passerelles.pathway.queries.expiries import ends_of
from passerelles.pathway.rules.follow_up import Course, Delays, licence_end
from passerelles.people.models import Contract, Person
from passerelles.reference import parameters
from passerelles.reference.parameters import BeforeFirstDate, NotConfigured

CIR_YEARS = "cir_pathway_years"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `code` is stable (a text exists for it in each language); `state`: done, current, to_come, stopped.

    `on`: the day it happened or will; `at`: the hour of an appointment; `where`: an organisation, with its address.
    """

    code: str
    state: str
    on: dt.date | None
    at: dt.datetime | None = None
    where: str = ""
    address: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """A date that matters. `code`: residence_document, language_licence, driving_licence, cir_end."""

    code: str
    until: dt.date
    days_left: int
    soon: bool


_TRAINING_STATES = {
    TrainingStatus.PRESCRIBED: "to_come",
    TrainingStatus.STARTED: "current",
    TrainingStatus.COMPLETED: "done",
    TrainingStatus.DROPPED: "stopped",
}
_MEETING_STATES = {
    MeetingStatus.FIXED: "to_come",
    MeetingStatus.ATTENDED: "done",
    MeetingStatus.MISSED: "stopped",
    MeetingStatus.EXCUSED: "stopped",
}
_RECOGNITION_STATES = {
    RecognitionStatus.REQUESTED: "current",
    RecognitionStatus.ANSWERED: "done",
    RecognitionStatus.ABANDONED: "stopped",
}


def steps_of(person: Person, on: dt.date) -> list[Step]:
    """My steps so far and those to come, oldest first: contract, trainings, appointments of OFII, recognitions.

    Four queries. What other rooms follow (referrals, first appointments) is added by the caller.
    """
    found = [Step("contract", "done", each.signed_on) for each in Contract.objects.filter(person=person)]
    for training in Training.objects.filter(person=person).select_related("provider"):
        state = _TRAINING_STATES.get(TrainingStatus(training.status))
        if state is not None:
            where = training.provider
            found.append(
                Step(
                    f"training_{training.kind}",
                    state,
                    training.ended_on or training.started_on or training.prescribed_on,
                    where=where.name if where else "",
                    address=where.address if where else "",
                    detail=_progress(training),
                )
            )
    for meeting in Meeting.objects.filter(person=person).select_related("organisation"):
        state = _MEETING_STATES.get(MeetingStatus(meeting.status))
        if state is not None:
            found.append(
                Step(
                    f"meeting_{MeetingKind(meeting.kind)}",
                    state,
                    clock.paris_date(meeting.fixed_for),
                    at=meeting.fixed_for,
                    where=meeting.organisation.name,
                    address=meeting.place or meeting.organisation.address,
                )
            )
    for recognition in Recognition.objects.filter(person=person):
        state = _RECOGNITION_STATES[RecognitionStatus(recognition.status)]
        found.append(
            Step(f"recognition_{recognition.procedure}", state, recognition.answered_on or recognition.requested_on)
        )
    return sorted(found, key=lambda step: (step.on or on, step.code))


def rights_of(person: Person, on: dt.date) -> list[Right]:
    """The dates of my rights, the nearest first. Four queries. The nature of the residence document is never told."""
    delays = delays_on(on, person.direction)
    dates = [
        ("residence_document" if about == person.pk else "driving_licence", end)
        for about, end in ends_of([person.pk], on)[person.pk]
    ]
    for training in Training.objects.filter(person=person, kind=TrainingKind.LANGUAGE):
        end = licence_end(course_of(training), delays)
        if end is not None and training.status in (TrainingStatus.PRESCRIBED, TrainingStatus.STARTED):
            dates.append(("language_licence", end))
    contract = Contract.objects.filter(person=person).order_by("-signed_on", "id").first()
    if contract is not None and (end_of_cir := cir_end(contract.signed_on, on)):
        dates.append(("cir_end", end_of_cir))
    return [_right(code, until, on, delays) for code, until in sorted(dates, key=lambda pair: (pair[1], pair[0]))]


def course_of(row: Training) -> Course:
    return Course(row.pk, row.kind, row.path, row.status, row.prescribed_on, row.started_on, row.ended_on, not row.rule)


def cir_end(signed_on: dt.date, on: dt.date) -> dt.date | None:
    """The last day of the pathway that the contract opens (C-005), None where its length is not configured."""
    try:
        years = parameters.value(CIR_YEARS, on).as_int()
    except (NotConfigured, BeforeFirstDate):
        return None
    return add_years(signed_on, years) - dt.timedelta(days=1)


def _right(code: str, until: dt.date, on: dt.date, delays: Delays) -> Right:
    left = (until - on).days
    return Right(code, until, left, delays.document is not None and left <= delays.document)


def _progress(training: Training) -> str:
    if training.kind == TrainingKind.CIVIC:
        return f"{training.days_attended or 0}/{training.days}"
    return f"{training.hours} h" if training.hours else ""
