"""What the newcomer reads: the next steps first, what is done, how they can be reached. A fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.messages.services import has_stopped
from passerelles.pathway.queries.expiries import ends_of
from passerelles.people.models import Person
from passerelles.reception.enums import ANSWERS, BEFORE, SPOKEN, AppointmentStatus, Word
from passerelles.reception.models import FirstAppointment, Interview
from passerelles.referrals.models import Statement
from passerelles.referrals.queries.outside import PersonStep, is_sensitive, steps_of_person
from passerelles.referrals.rules.words import Event, Party, State

SEARCHING = frozenset({State.DECLINED, State.TAKEN_OVER})


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next with one organisation. `id`: the referral, or the first appointment, that may be answered.

    `note`: `waiting`, `searching`, `another_date` or "" (texts of the page).
    """

    id: uuid.UUID
    organisation: str
    when: dt.datetime | None
    where: str
    phone: str
    bring: str
    mode: str
    interpreter: bool
    note: str
    confirmed: bool
    may_confirm: bool
    may_postpone: bool
    may_withdraw: bool
    asks: bool
    said: bool | None
    minutes: int = 45
    sequence: int = 0
    event: str = ""
    """Name of the appointment in a calendar: the same when it has another date, so that it moves there too."""
    sensitive: bool = False
    """The body tells a need of health or a violence lived: it is not named where others may read."""

    @property
    def order(self) -> tuple[int, str]:
        """What waits for a word of the person, then what is to come by date, then what waits for others."""
        return (0 if self.asks else 1 if self.when else 2, self.when.isoformat() if self.when else "")


@dataclass(frozen=True, slots=True)
class Done:
    """One step behind: the day, a text of the page, and with whom."""

    on: dt.date
    text: str
    with_whom: str = ""


@dataclass(frozen=True, slots=True)
class PersonPage:
    person: Person
    steps: tuple[Step, ...]
    done: tuple[Done, ...]
    stopped: bool
    permit_until: dt.date | None = None


def person_page(person_id: uuid.UUID) -> PersonPage:
    """Everything on the page of a person. Raises Unknown. Thirteen queries."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Unknown("Cette page n’existe pas.")
    referred = steps_of_person(person_id)
    said = {
        each.appointment_id: each.took_place
        for each in Statement.objects.filter(appointment__referral__person_id=person_id, party=Party.PERSON).order_by(
            "rank"
        )
    }
    first = list(
        FirstAppointment.objects.filter(person_id=person_id)
        .select_related("organisation")
        .prefetch_related("words")
        .order_by("fixed_for", "id")
    )
    steps = [step for each in referred if (step := _of_referral(each, said)) is not None]
    steps += [step for each in first if (step := _of_first(each, _before(each, first))) is not None]
    return PersonPage(
        person=person,
        steps=tuple(sorted(steps, key=lambda step: step.order)),
        done=_done(person, referred, first),
        stopped=has_stopped(person_id),
        permit_until=_end_of_stay(person_id),
    )


def _of_referral(each: PersonStep, said: dict[uuid.UUID, bool]) -> Step | None:
    appointment = each.appointment
    asks = appointment is not None and Event.ATTEND in each.may and appointment.passed
    word = said.get(appointment.id) if appointment else None
    if each.closed or (each.attended_on and (word is not None or not asks)):
        return None
    note = ""
    if each.state in SEARCHING:
        note = "searching"
    elif each.state == State.RESCHEDULED:
        note = "another_date"
    elif appointment is None or (appointment.passed and not asks):
        note = "waiting"
    return Step(
        id=each.referral_id,
        organisation=each.organisation,
        when=appointment.starts_at if appointment and note == "" else None,
        where=(appointment.where or each.address) if appointment and note == "" else each.address,
        phone=each.phone,
        bring=appointment.bring if appointment else "",
        mode=appointment.mode if appointment else "place",
        interpreter=bool(appointment and appointment.interpreter),
        note=note,
        confirmed=bool(appointment and appointment.confirmed and not appointment.passed),
        may_confirm=Event.CONFIRM in each.may,
        may_postpone=Event.POSTPONE in each.may,
        may_withdraw=Event.WITHDRAW in each.may,
        asks=asks and word is None,
        said=word,
        minutes=appointment.minutes if appointment else 45,
        sequence=appointment.sequence + appointment.attempt if appointment else 0,
        event=f"{each.referral_id}",
        sensitive=is_sensitive(each.purpose),
    )


def _before(each: FirstAppointment, first: list[FirstAppointment]) -> list[FirstAppointment]:
    """The appointments that this one replaces, the latest first."""
    known = {one.pk: one for one in first}
    found = []
    while (former := known.get(each.replaces_id)) is not None:
        found.append(former)
        each = former
    return found


def _of_first(each: FirstAppointment, former: list[FirstAppointment]) -> Step | None:
    """The first appointment with France Travail: shown until it is held or not, asked about for some weeks after."""
    said = {word.said for word in each.words.all() if word.fixed_for == each.fixed_for}
    passed = each.fixed_for <= clock.now()
    awaited = each.status == AppointmentStatus.FIXED
    answered = bool(said & SPOKEN)
    asks = passed and not answered and (awaited or each.status in ANSWERS and each.fixed_for > clock.now() - ASKED)
    if not (awaited or asks) or awaited and answered:
        return None
    moving = Word.CANNOT_COME in said and not passed
    return Step(
        id=each.pk,
        organisation=each.organisation.name,
        when=None if moving else each.fixed_for,
        where=each.organisation.address,
        phone=each.organisation.phone,
        bring="",
        mode="place",
        interpreter=False,
        note="another_date" if moving else "",
        confirmed=Word.CONFIRMED in said and not moving and not passed,
        may_confirm=not passed and not said & BEFORE,
        may_postpone=not passed and not moving,
        may_withdraw=False,
        asks=asks,
        said=None,
        sequence=len(former),
        event=f"{(former or [each])[-1].pk}",
    )


ASKED = dt.timedelta(days=30)
"""How long after the hour the person is still asked whether the first appointment took place."""
FIRST = {
    AppointmentStatus.ATTENDED: "step.attended",
    AppointmentStatus.MISSED: "step.missed",
    AppointmentStatus.EXCUSED: "step.missed",
    AppointmentStatus.RESCHEDULED: "step.moved",
}
FIRST_SAID = {Word.HELD: "step.attended", Word.ABSENT: "step.missed", Word.NOBODY: "step.missed"}
"""While the agency has not answered, the word of the person stands on their own page."""
FORMER = {"missed": "step.missed", "moved": "step.moved", "postponed": "step.moved", "attended": "step.attended"}


def _end_of_stay(person_id: uuid.UUID) -> dt.date | None:
    """When the residence document ends; its nature is never told (C-035)."""
    ends = ends_of([person_id], clock.today())[person_id]
    return next((end for about, end in ends if about == person_id), None)


def _said_of(each: FirstAppointment) -> str:
    words = (word for word in each.words.all() if word.fixed_for == each.fixed_for)
    said = [FIRST_SAID[Word(word.said)] for word in words if word.said in FIRST_SAID]
    return said[-1] if said and each.status == AppointmentStatus.FIXED else ""


def _done(person: Person, referred: tuple[PersonStep, ...], first: list[FirstAppointment]) -> tuple[Done, ...]:
    done = [Done(each.signed_on, "step.contract") for each in person.contracts.order_by("signed_on", "id")]
    done += [Done(each.assessed_on, "step.level") for each in person.assessments.order_by("assessed_on", "id")[:1]]
    held = Interview.objects.filter(person=person, status="done").order_by("started_at", "id")
    done += [Done(clock.paris_date(each.started_at), "step.interview") for each in held]
    registered = person.registrations.filter(register="ft", ends_on=None).order_by("starts_on", "id")
    done += [Done(each.starts_on, "step.registered") for each in registered]
    for each in first:
        if text := FIRST.get(AppointmentStatus(each.status)) or _said_of(each):
            done.append(Done(clock.paris_date(each.fixed_for), text, each.organisation.name))
    for step in referred:
        if step.sent_at:
            done.append(Done(clock.paris_date(step.sent_at), "step.sent", step.organisation))
        for former in step.former:
            if text := FORMER.get(former.status):
                done.append(Done(clock.paris_date(former.starts_at), text, step.organisation))
        if step.attended_on:
            done.append(Done(step.attended_on, "step.attended", step.organisation))
    return tuple(sorted(done, key=lambda each: each.on))
