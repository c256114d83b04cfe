"""Appointments as calendar events: the invitation of one referral, the feed of an organisation. No name in them."""

from __future__ import annotations

import datetime as dt

from passerelles.core import clock
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.referrals.models import Appointment, AppointmentStatus, Referral
from passerelles.referrals.rules.icalendar import CalendarEvent, calendar
from passerelles.referrals.rules.words import Mode
from passerelles.referrals.speakers import By, read

SHOWN_DAYS = 90


def invitation(by: By, referral_id) -> str:
    """The appointment that counts now, as one calendar file; empty of events when none is fixed. Raises Unknown."""
    referral, _ = read(by, referral_id)
    fixed = referral.appointments.filter(status=AppointmentStatus.FIXED).order_by("attempt")
    return calendar("Rendez-vous", [_event(each, referral, toward_person=True) for each in fixed], method="PUBLISH")


def feed(actor: Actor) -> str:
    """The appointments that one's organisation gives, from a week ago to three months ahead. One query."""
    seen = policy.visible(actor, Referral.objects.all(), Resource.REFERRAL).filter(receiver_id=actor.organisation_id)
    now = clock.now()
    rows = Appointment.objects.filter(
        referral__in=seen.order_by().values("pk"),
        status=AppointmentStatus.FIXED,
        starts_at__range=(now - dt.timedelta(days=7), now + dt.timedelta(days=SHOWN_DAYS)),
    )
    rows = rows.select_related("referral__service", "referral__receiver").order_by("starts_at", "id")
    return calendar("Orientations reçues", [_event(each, each.referral, toward_person=False) for each in rows])


def _event(each: Appointment, referral: Referral, *, toward_person: bool) -> CalendarEvent:
    """The person reads who receives them; the organisation reads a number, and the name on the platform only."""
    summary = f"Rendez-vous : {referral.receiver.name}" if toward_person else f"Rendez-vous {str(referral.pk)[:8]}"
    details = [each.get_mode_display()]
    if each.bring and toward_person:
        details.append(f"À apporter : {each.bring}")
    if each.interpreter:
        details.append("Interprète prévu")
    return CalendarEvent(
        uid=f"{referral.pk}@passerelles",
        sequence=each.sequence + each.attempt,
        starts_at=each.starts_at,
        minutes=each.minutes,
        summary=summary,
        location=each.where if each.mode == Mode.PLACE or toward_person else "",
        description="\n".join(details),
        stamped_at=each.created_at,
    )
