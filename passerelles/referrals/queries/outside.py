"""What people without an account read: the partner by its link, the newcomer on their page. Codes, for translation.

The rooms above check the link, then ask here; each function reads one referral or one person and nothing else.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.referrals.models import Appointment, AppointmentStatus, Referral
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.transmission import Line, from_data
from passerelles.referrals.rules.words import CLOSED, SENSITIVE, Channel, Event, Party, Purpose, State
from passerelles.referrals.speakers import Outsider, read


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """One appointment as it is shown outside."""

    id: uuid.UUID
    attempt: int
    starts_at: dt.datetime
    minutes: int
    mode: str
    where: str
    interpreter: str
    bring: str
    status: str
    confirmed: bool
    sequence: int

    @property
    def passed(self) -> bool:
        return self.starts_at <= clock.now()


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """The least that a receiver needs to answer: who is sent, by whom, why, by when; and what it may answer."""

    referral_id: uuid.UUID
    state: State
    purpose: Purpose
    sender: str
    receiver: str
    receiver_mailbox: str
    service: str
    sent_at: dt.datetime | None
    answer_by: dt.date | None
    lines: tuple[Line, ...]
    appointment: AppointmentView | None
    may: tuple[Event, ...]

    @property
    def closed(self) -> bool:
        return self.state in CLOSED


@dataclass(frozen=True, slots=True)
class PersonStep:
    """One step of the newcomer: where, when, what to bring, who to call; what they may say of it."""

    referral_id: uuid.UUID
    purpose: Purpose
    state: State
    organisation: str
    organisation_kind: str
    service: str
    address: str
    phone: str
    sent_at: dt.datetime | None
    appointment: AppointmentView | None
    former: tuple[AppointmentView, ...]
    attended_on: dt.date | None
    may: tuple[Event, ...]

    @property
    def closed(self) -> bool:
        return self.state in CLOSED


def partner_page(by: Outsider) -> PartnerPage:
    """The page of the receiver's link. Two queries. Raises Unknown."""
    if by.party is not Party.RECEIVER:
        raise Unknown("Cette page n’existe pas.")
    referral, _ = read(by, by.referral_id)
    appointments = appointments_of(referral.appointments.order_by("attempt", "id"))
    return PartnerPage(
        referral_id=referral.pk,
        state=State(referral.state),
        purpose=Purpose(referral.purpose),
        sender=referral.sender.name,
        receiver=referral.receiver.name,
        receiver_mailbox=referral.receiver.mailbox,
        service=referral.service.name,
        sent_at=referral.sent_at,
        answer_by=referral.next_on if referral.owner_id == referral.receiver_id else None,
        lines=from_data(referral.transmitted),
        appointment=present_of(referral, appointments),
        may=open_to(referral, Party.RECEIVER, present_of(referral, appointments)),
    )


def steps_of_person(person_id: uuid.UUID) -> tuple[PersonStep, ...]:
    """The steps of a newcomer, the open ones first, the latest sent first. Two queries."""
    rows = Referral.objects.known_to_receiver().filter(person_id=person_id, sent_at__isnull=False)
    rows = rows.select_related("receiver", "service").prefetch_related("appointments").order_by("-sent_at", "id")
    steps = [_step(row) for row in rows]
    return tuple(sorted(steps, key=lambda step: step.closed))


def outsider_of(person_id: uuid.UUID, referral_id: uuid.UUID) -> Outsider:
    """The person speaking of one of their own steps; raises Unknown when it is not theirs."""
    if not Referral.objects.known_to_receiver().filter(pk=referral_id, person_id=person_id).exists():
        raise Unknown("Cette étape n’existe pas.")
    return Outsider(Party.PERSON, referral_id, Channel.PAGE)


def _step(row: Referral) -> PersonStep:
    appointments = appointments_of(sorted(row.appointments.all(), key=lambda each: each.attempt))
    present = present_of(row, appointments)
    return PersonStep(
        referral_id=row.pk,
        purpose=Purpose(row.purpose),
        state=State(row.state),
        organisation=row.receiver.name,
        organisation_kind=row.receiver.kind,
        service=row.service.name,
        address=row.service.place or row.receiver.address,
        phone=row.receiver.phone,
        sent_at=row.sent_at,
        appointment=present,
        former=tuple(each for each in appointments if present is None or each.id != present.id),
        attended_on=row.attended_on,
        may=open_to(row, Party.PERSON, present),
    )


def appointments_of(rows: Iterable[Appointment]) -> tuple[AppointmentView, ...]:
    """The appointments as they are shown."""
    return tuple(
        AppointmentView(
            id=row.pk,
            attempt=row.attempt,
            starts_at=row.starts_at,
            minutes=row.minutes,
            mode=row.mode,
            where=row.where,
            interpreter=row.interpreter,
            bring=row.bring,
            status=row.status,
            confirmed=row.confirmed_at is not None,
            sequence=row.sequence,
        )
        for row in rows
    )


def present_of(referral: Referral, appointments: tuple[AppointmentView, ...]) -> AppointmentView | None:
    """The one that counts now: to come, or the last of which something may still be said."""
    fixed = [each for each in appointments if each.status == AppointmentStatus.FIXED]
    spoken = [each for each in appointments if each.status in {AppointmentStatus.ATTENDED, AppointmentStatus.MISSED}]
    if fixed:
        return fixed[-1]
    waits_for_another = referral.state in {State.RESCHEDULED, State.ACCEPTED, *transitions.UNANSWERED}
    return spoken[-1] if spoken and not waits_for_another else None


def open_to(referral: Referral, party: Party, present: AppointmentView | None) -> tuple[Event, ...]:
    """The events of the table that make sense at this hour: before an appointment nobody says whether it was held."""
    events = transitions.events_open_to(State(referral.state), party)
    before = {Event.CONFIRM, Event.POSTPONE, Event.RESCHEDULE}
    after = {Event.ATTEND, Event.MISS}
    passed = present is not None and present.passed
    return tuple(
        event
        for event in events
        if not (event in before and passed)
        and not (event in after and present is not None and not passed)
        and not (event is Event.CONFIRM and present is not None and present.confirmed)
        and not (event is Event.MISS and present is None)
    )


def is_sensitive(purpose: str) -> bool:
    """Never named in a message or in the address of a page."""
    return Purpose(purpose) in SENSITIVE
