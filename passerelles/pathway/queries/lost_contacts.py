"""Who is being lost: appointments missed in a row, persons whom nobody reaches, support given up (C-013, D-017)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet

from passerelles.core import clock
from passerelles.reception.enums import AppointmentStatus
from passerelles.reception.models import FirstAppointment
from passerelles.reference.territory import Territory
from passerelles.referrals.models import Referral
from passerelles.referrals.policy import not_sensitive
from passerelles.referrals.rules.words import DeclineReason, Outcome, State, TakeOverReason, WithdrawReason
from passerelles.referrals.settings_on import missed_limit

NO_SHOWS = Q(state=State.TAKEN_OVER, reason=TakeOverReason.NO_SHOWS)
LOST = (
    Q(state=State.WITHDRAWN, reason=WithdrawReason.LOST)
    | Q(state=State.DECLINED, reason=DeclineReason.UNREACHABLE)
    | Q(state=State.ENDED, outcome=Outcome.ABANDONED)
)

LOSING = (NO_SHOWS | LOST) & not_sensitive()


@dataclass(slots=True)
class Contact:
    """What shows that contact is being lost, with its day; `owners`: who sent the person, of each thing."""

    no_shows: list[tuple[uuid.UUID, dt.date]] = field(default_factory=list)
    lost: list[tuple[uuid.UUID, dt.date]] = field(default_factory=list)
    owners: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    met_on: dt.date | None = None

    def met(self, day: dt.date | None) -> None:
        if day is not None:
            self.met_on = max(self.met_on or day, day)


def contacts_of(people: Sequence[uuid.UUID], directions: dict[uuid.UUID, str], on: dt.date) -> dict[uuid.UUID, Contact]:
    """By person; nothing of a referral that tells health or violence (A.6). Three queries, and one limit per DT."""
    found: defaultdict[uuid.UUID, Contact] = defaultdict(Contact)
    for each in Referral.objects.filter(LOSING, person__in=people).order_by("entered_on", "pk"):
        contact = found[each.person_id]
        (contact.no_shows if each.state == State.TAKEN_OVER else contact.lost).append((each.pk, each.entered_on))
        contact.owners[each.pk] = each.sender_id
    met = Referral.objects.filter(person__in=people, attended_on__isnull=False).order_by()
    for person, day in met.values_list("person_id").annotate(last=Max("attended_on")):
        found[person].met(day)
    limits = {direction: _limit(direction, on) for direction in set(directions.values())}
    in_a_row: defaultdict[uuid.UUID, int] = defaultdict(int)
    held = FirstAppointment.objects.filter(person__in=people).order_by("fixed_for", "pk")
    for appointment in held:
        person, day = appointment.person_id, clock.paris_date(appointment.fixed_for)
        if appointment.status == AppointmentStatus.ATTENDED:
            in_a_row[person] = 0
            found[person].met(day)
        elif _was_missed(appointment):
            in_a_row[person] += 1
            if in_a_row[person] == limits[directions[person]]:
                found[person].no_shows.append((appointment.pk, day))
    return found


def _was_missed(appointment: FirstAppointment) -> bool:
    """Missed, or given another date after its hour had passed."""
    if appointment.status == AppointmentStatus.RESCHEDULED:
        return appointment.asserted_at is not None and appointment.asserted_at > appointment.fixed_for
    return appointment.status == AppointmentStatus.MISSED


def candidates() -> QuerySet:
    """The persons about whom such an alert could be raised."""
    return Referral.objects.filter(LOSING).order_by().values_list("person_id", flat=True).distinct()


def missed_first() -> QuerySet:
    """Those who missed a first appointment."""
    missed = FirstAppointment.objects.filter(status=AppointmentStatus.MISSED)
    return missed.order_by().values_list("person_id", flat=True).distinct()


def _limit(direction: str, on: dt.date) -> int:
    return missed_limit(on, Territory.parse(f"dt:{direction}" if direction else "national"))
