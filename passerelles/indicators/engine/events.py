"""What the figures read of the journal: frozen events of one territorial direction and one calendar month. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from passerelles.core.periods import Month
from passerelles.journal.vocabulary import FactKind


class FactRow(NamedTuple):
    """One fact as read from the journal, in the order in which it became known (`id`)."""

    id: int
    kind: str
    person: UUID | None
    subject: UUID | None
    on: dt.date
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """Sex (`F`, `H`) and birth date of a person, as known then."""

    sex: str = ""
    birth_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Interview:
    """An individual interview held, as it stood when it was last known."""

    id: UUID
    person: UUID
    on: dt.date
    scope: str
    category: str
    ft: bool
    rsa: bool
    agir: bool
    covered: bool
    registered: bool
    half_day: str = ""

    @property
    def in_scope(self) -> bool:
        return self.scope == "in_scope"

    @property
    def rank(self) -> tuple[dt.date, str, str]:
        """Order in time, whatever the order in which corrections were typed."""
        return (self.on, self.half_day, str(self.id))


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration at France Travail: `by` is `cip`, `ft`, `auto`, `self` or `ofii`."""

    id: UUID
    person: UUID
    on: dt.date
    by: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a first appointment; `on` is the day of the appointment."""

    id: UUID
    person: UUID
    on: dt.date
    result: str
    accompanied: bool


@dataclass(frozen=True, slots=True)
class Convoked:
    """A person convoked to a session, or come without convocation; `status` is empty while nobody ticked."""

    id: UUID
    person: UUID
    session: UUID
    walk_in: bool
    status: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Everything known about one direction and one month. `past_*` reach outside the month."""

    direction: str
    month: Month
    profiles: Mapping[UUID, Profile] = field(default_factory=dict)
    interviews: tuple[Interview, ...] = ()
    registrations: tuple[Registration, ...] = ()
    results: tuple[Result, ...] = ()
    sessions: frozenset[UUID] = frozenset()
    collectives: Mapping[UUID, int] = field(default_factory=dict)
    convoked: tuple[Convoked, ...] = ()
    past_registrations: tuple[Registration, ...] = ()
    past_results: tuple[Result, ...] = ()
    open_appointments: frozenset[UUID] = frozenset()

    def profile(self, person: UUID) -> Profile:
        return self.profiles.get(person, Profile())

    @property
    def is_empty(self) -> bool:
        return not (self.interviews or self.registrations or self.results or self.convoked or self.sessions)


MONTH_KINDS = frozenset(
    {
        FactKind.INTERVIEW_HELD,
        FactKind.REGISTERED,
        FactKind.APPOINTMENT_RESULT,
        FactKind.SESSION_PLANNED,
        FactKind.SESSION_CANCELLED,
        FactKind.COLLECTIVE_HELD,
        FactKind.CONVOKED,
        FactKind.ATTENDANCE,
    }
)
PERSON_KINDS = frozenset(
    {
        FactKind.PERSON_RECORDED,
        FactKind.PERSON_CORRECTED,
        FactKind.CONVOCATION_MOVED,
        FactKind.REGISTERED,
        FactKind.APPOINTMENT_FIXED,
        FactKind.APPOINTMENT_RESULT,
    }
)


def history(direction: str, month: Month, month_rows: Iterable[FactRow], person_rows: Iterable[FactRow]) -> History:
    """The history of (`direction`, `month`).

    `month_rows`: facts of MONTH_KINDS of that direction that occurred in the month; `person_rows`: facts of
    PERSON_KINDS of at least the persons concerned, whenever they occurred. Both in order of `id`, already
    restricted to what was known.
    """
    by_kind: dict[str, list[FactRow]] = {kind: [] for kind in MONTH_KINDS}
    for row in month_rows:
        by_kind[row.kind].append(row)
    of_person: dict[str, list[FactRow]] = {kind: [] for kind in PERSON_KINDS}
    for row in person_rows:
        of_person[row.kind].append(row)
    half_days = {
        row.subject: str(row.data.get("half_day") or "")
        for row in by_kind[FactKind.SESSION_PLANNED]
        if row.subject is not None
    }
    cancelled = {row.subject for row in by_kind[FactKind.SESSION_CANCELLED]}
    past_results = _results(of_person[FactKind.APPOINTMENT_RESULT])
    answered = {result.id for result in past_results}
    return History(
        direction=direction,
        month=month,
        profiles=_profiles(of_person[FactKind.PERSON_RECORDED], of_person[FactKind.PERSON_CORRECTED]),
        interviews=_interviews(by_kind[FactKind.INTERVIEW_HELD], half_days),
        registrations=_registrations(by_kind[FactKind.REGISTERED]),
        results=_results(by_kind[FactKind.APPOINTMENT_RESULT]),
        sessions=frozenset(half_days) - cancelled,
        collectives={
            row.subject: int(row.data.get("minutes") or 0)
            for row in by_kind[FactKind.COLLECTIVE_HELD]
            if row.subject is not None
        },
        convoked=_convoked(
            by_kind[FactKind.CONVOKED],
            by_kind[FactKind.ATTENDANCE],
            gone={row.subject for row in of_person[FactKind.CONVOCATION_MOVED]},
            cancelled=cancelled,
        ),
        past_registrations=_registrations(of_person[FactKind.REGISTERED]),
        past_results=past_results,
        open_appointments=frozenset(
            row.person
            for row in of_person[FactKind.APPOINTMENT_FIXED]
            if row.person is not None and row.subject not in answered
        ),
    )


def _profiles(recorded: list[FactRow], corrected: list[FactRow]) -> dict[UUID, Profile]:
    """The last profile known of each person."""
    return {
        row.person: Profile(row.data.get("sex") or "", _date(row.data.get("birth_date")))
        for row in sorted([*recorded, *corrected])
        if row.person is not None
    }


def _interviews(rows: list[FactRow], half_days: Mapping[UUID, str]) -> tuple[Interview, ...]:
    found = [
        Interview(
            id=row.subject,
            person=row.person,
            on=row.on,
            scope=row.data.get("scope") or "",
            category=row.data.get("category") or "other",
            ft=bool(row.data.get("ft")),
            rsa=bool(row.data.get("rsa")),
            agir=bool(row.data.get("agir")),
            covered=bool(row.data.get("covered")),
            registered=bool(row.data.get("registered")),
            half_day=half_days.get(session, "") if (session := _uuid(row.data.get("session"))) else "",
        )
        for row in rows
        if row.person is not None and row.subject is not None
    ]
    return tuple(sorted(found, key=lambda interview: interview.rank))


def _registrations(rows: list[FactRow]) -> tuple[Registration, ...]:
    found = [
        Registration(row.subject, row.person, row.on, row.data.get("by") or "")
        for row in rows
        if row.person is not None and row.subject is not None and row.data.get("register") == "ft"
    ]
    return tuple(sorted(found, key=lambda registration: (registration.on, str(registration.id))))


def _results(rows: list[FactRow]) -> tuple[Result, ...]:
    found = [
        Result(row.subject, row.person, row.on, row.data.get("result") or "", bool(row.data.get("accompanied")))
        for row in rows
        if row.person is not None and row.subject is not None
    ]
    return tuple(sorted(found, key=lambda result: (result.on, str(result.id))))


def _convoked(
    rows: list[FactRow], attendance: list[FactRow], *, gone: set[UUID | None], cancelled: set[UUID | None]
) -> tuple[Convoked, ...]:
    status = {row.subject: str(row.data.get("status") or "") for row in attendance}
    found = [
        Convoked(row.subject, row.person, session, bool(row.data.get("walk_in")), status.get(row.subject, ""))
        for row in rows
        if row.person is not None and row.subject is not None and (session := _uuid(row.data.get("session")))
    ]
    return tuple(each for each in found if each.id not in gone and each.session not in cancelled)


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(str(value)) if value else None


def _uuid(value: object) -> UUID | None:
    if isinstance(value, UUID):
        return value
    return UUID(str(value)) if value else None
