"""Who must be looked at again, why and by when, from what is known and the dated delays (C-035). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from passerelles.core.periods import add_months

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Delays:
    """In days, or in months where the name says so; None: not configured, the alert is not raised."""

    document: int | None
    document_last: int | None
    licence_months: int | None
    training_start: int | None
    end_of_cir_months: int | None
    recognition: int | None
    no_news: int | None
    contact: int | None = None
    civic_exam: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A training as the alerts read it. `over`: completed, dropped or cancelled. `elsewhere`: taken over."""

    id: uuid.UUID
    kind: str
    path: str
    status: str
    prescribed_on: dt.date
    started_on: dt.date | None
    ended_on: dt.date | None
    elsewhere: bool = False

    @property
    def over(self) -> bool:
        return self.status in {"completed", "dropped", "cancelled"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the alerts read of one person. `news_on`: the last day on which anything was heard of them.

    `no_shows`, `lost`: what shows that contact is being lost, with its day; `met_on`: the last day somebody met them.
    `exam_to_pass`: the rule of the civic exam in force does not say that the person has passed it or needs not.
    """

    person: uuid.UUID
    documents: tuple[tuple[uuid.UUID, dt.date], ...] = ()
    courses: tuple[Course, ...] = ()
    waiting_meetings: tuple[tuple[uuid.UUID, dt.date], ...] = ()
    end_of_cir_known: bool = False
    recognitions: tuple[tuple[uuid.UUID, dt.date], ...] = ()
    news_on: dt.date | None = None
    no_shows: tuple[tuple[uuid.UUID, dt.date], ...] = ()
    lost: tuple[tuple[uuid.UUID, dt.date], ...] = ()
    met_on: dt.date | None = None
    exam_to_pass: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One alert. `since`: the day from which it is raised; `due_on`: the day by which something must be done."""

    kind: str
    about: uuid.UUID
    due_on: dt.date
    since: dt.date = field(compare=False)


def history_before(on: dt.date) -> dt.date:
    """What was prescribed elsewhere before that day is history: nobody is asked to look at it again."""
    return on - dt.timedelta(days=365)


def due(known: Known, delays: Delays, on: dt.date) -> list[Due]:
    """The alerts that stand on that day."""
    present = (each for each in known.courses if not each.elsewhere or each.prescribed_on >= history_before(on))
    known = replace(known, courses=tuple(present))
    found = [
        *_documents(known, delays),
        *_licences(known, delays),
        *_not_started(known, delays),
        *_end_of_cir(known, delays),
        *(Due("meeting", pk, day + DAY, day + DAY) for pk, day in known.waiting_meetings),
        *_recognitions(known, delays),
        *_civic_exam(known, delays),
        *_no_news(known, delays),
        *_to_reach("no_shows", known.no_shows, known, delays),
        *_to_reach("lost_contact", known.lost, known, delays),
    ]
    return sorted(each for each in found if each.since <= on)


def urgency(kind: str, due_on: dt.date, delays: Delays, on: dt.date) -> str:
    """`late` once the day has passed, `soon` within the last delay (J-30) for what expires, else `later`."""
    if due_on < on:
        return "late"
    last = delays.document_last if kind in {"document", "language_licence"} else 7
    return "soon" if last is not None and due_on - dt.timedelta(days=last) <= on else "later"


def _documents(known: Known, delays: Delays) -> Iterable[Due]:
    if delays.document is not None:
        for pk, end in known.documents:
            yield Due("document", pk, end, end - dt.timedelta(days=delays.document))


def licence_end(course: Course, delays: Delays) -> dt.date | None:
    """The last day of the licence of the digital platform: it runs from the start, or from the prescription."""
    if course.path != "digital" or delays.licence_months is None:
        return None
    return add_months(course.started_on or course.prescribed_on, delays.licence_months) - DAY


def _licences(known: Known, delays: Delays) -> Iterable[Due]:
    for course in known.courses:
        end = licence_end(course, delays)
        if end is not None and not course.over and delays.document is not None:
            yield Due("language_licence", course.id, end, end - dt.timedelta(days=delays.document))


def _not_started(known: Known, delays: Delays) -> Iterable[Due]:
    if delays.training_start is not None:
        for course in known.courses:
            if course.status == "prescribed":
                day = course.prescribed_on + dt.timedelta(days=delays.training_start)
                yield Due("not_started", course.id, day, day)


def _end_of_cir(known: Known, delays: Delays) -> Iterable[Due]:
    """Once the language trainings are over (the civic one when there is no other), until the interview is held or
    fixed (C-051).
    """
    real = [course for course in known.courses if course.status != "cancelled"]
    real = [course for course in real if course.kind == "language"] or real
    if known.end_of_cir_known or delays.end_of_cir_months is None or not real or not all(each.over for each in real):
        return
    last = max(real, key=lambda course: (course.ended_on or course.prescribed_on, str(course.id)))
    over = last.ended_on or last.prescribed_on
    yield Due("end_of_cir", last.id, add_months(over, delays.end_of_cir_months), over)


def _recognitions(known: Known, delays: Delays) -> Iterable[Due]:
    if delays.recognition is not None:
        for pk, asked in known.recognitions:
            day = asked + dt.timedelta(days=delays.recognition)
            yield Due("recognition", pk, day, day)


def _civic_exam(known: Known, delays: Delays) -> Iterable[Due]:
    """Before the residence document ends: the next card asks for the exam (B-027)."""
    if known.exam_to_pass and delays.civic_exam is not None:
        for about, end in known.documents:
            if about == known.person:
                yield Due("civic_exam", about, end, end - dt.timedelta(days=delays.civic_exam))


def _no_news(known: Known, delays: Delays) -> Iterable[Due]:
    if delays.no_news is not None and known.news_on is not None:
        day = known.news_on + dt.timedelta(days=delays.no_news)
        yield Due("no_news", known.person, day, day)


def _to_reach(kind: str, seen: Iterable[tuple[uuid.UUID, dt.date]], known: Known, delays: Delays) -> Iterable[Due]:
    """Contact is being lost: somebody reaches the person, until they are met again (C-013, D-017)."""
    if delays.contact is not None:
        for pk, day in seen:
            if known.met_on is None or known.met_on <= day:
                yield Due(kind, pk, day + dt.timedelta(days=delays.contact), day)
