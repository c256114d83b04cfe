"""Appointments of a referral: given, moved, confirmed, held or not, and who says so (C-020, C-036).

Four facts apart: accepted, appointment given, attended (by whom asserted), outcome. Whoever did not come missed the
appointment: no message ever calls it cancelled.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.core.periods import date_fr
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.messages import services as outbox
from passerelles.network.policy import SYSTEM
from passerelles.referrals import notices, settings_on
from passerelles.referrals.models import Appointment, AppointmentStatus, Dispute, Referral, Statement
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.words import (
    Channel,
    Event,
    MissReason,
    Mode,
    Party,
    PostponeReason,
    State,
    TakeOverReason,
)
from passerelles.referrals.services.moves import move, tell
from passerelles.referrals.services.sending import release_place, take_over
from passerelles.referrals.speakers import By, Speaker, locked

LATEST = dt.timedelta(days=366)


@transaction.atomic
def fix(
    by: By,
    referral_id: uuid.UUID,
    *,
    starts_at: dt.datetime,
    minutes: int = 45,
    mode: str = Mode.PLACE.value,
    where: str = "",
    interpreter: str = "",
    bring: str = "",
    channel: Channel = Channel.ACCOUNT,
) -> Appointment:
    """Give an appointment, or another date to the one fixed. Accepts the referral when it was not yet accepted.

    The same appointment twice changes nothing. Raises Unknown, Refused, Impossible.
    """
    referral, speaker = locked(by, referral_id, channel=channel)
    details = {
        "minutes": minutes,
        "mode": Mode(mode).value,
        "where": where or (referral.service.place or referral.receiver.address if mode == Mode.PLACE else ""),
        "interpreter": interpreter,
        "bring": bring,
    }
    return give(referral, speaker, starts_at, details)


def give(referral: Referral, speaker: Speaker, starts_at: dt.datetime, details: dict) -> Appointment:
    """`fix` on a locked referral, inside a transaction."""
    current = current_appointment(referral)
    if (
        current is not None
        and current.starts_at == starts_at
        and all(getattr(current, name) == value for name, value in details.items())
    ):
        return current
    if not clock.now() < starts_at <= clock.now() + LATEST:
        raise Impossible(
            f"Le rendez-vous {notices.appointment_words(starts_at)} n’est pas à venir, ou il est dans plus d’un an.",
            remedy="Vérifiez la date.",
        )
    event = Event.RESCHEDULE if referral.state == State.APPOINTMENT_FIXED else Event.FIX
    transitions.require(State(referral.state), event, speaker.party)
    accepts = referral.accepted_at is None
    referral.accepted_at = referral.accepted_at or clock.now()
    referral.appointment_given_at = referral.appointment_given_at or clock.now()
    sequence = 0
    if current is not None:
        current.status, sequence = AppointmentStatus.MOVED, current.sequence + 1
        current.save(update_fields=["status"])
    referral.attempts += 1
    referral.appointment_at = starts_at
    appointment = Appointment.objects.create(
        referral=referral,
        attempt=referral.attempts,
        starts_at=starts_at,
        given_by=speaker.party.value,
        sequence=sequence,
        **details,
    )
    move(referral, speaker, event)
    if accepts:
        tell(referral, speaker, FactKind.REFERRAL_ACCEPTED)
    tell(
        referral,
        speaker,
        FactKind.REFERRAL_APPOINTMENT_GIVEN,
        fixed_for=starts_at.astimezone(clock.PARIS).replace(tzinfo=None).isoformat(timespec="minutes"),
        attempt=appointment.attempt,
    )
    notices.appointment_given(referral, appointment, current)
    return appointment


@transaction.atomic
def confirm(by: By, referral_id: uuid.UUID, *, channel: Channel = Channel.ACCOUNT) -> Appointment:
    """The person says that they will come. Twice is once."""
    referral, speaker = locked(by, referral_id, channel=channel)
    appointment = _required(referral)
    if appointment.confirmed_at is not None:
        return appointment
    if appointment.starts_at <= clock.now():
        raise Impossible("Ce rendez-vous est passé.", remedy="Dites plutôt s’il a eu lieu.")
    move(referral, speaker, Event.CONFIRM)
    appointment.confirmed_at = clock.now()
    appointment.save(update_fields=["confirmed_at"])
    tell(referral, speaker, FactKind.REFERRAL_APPOINTMENT_CONFIRMED, attempt=appointment.attempt)
    return appointment


@transaction.atomic
def postpone(by: By, referral_id: uuid.UUID, *, reason: str, channel: Channel = Channel.ACCOUNT) -> Referral:
    """The person, or the service, cannot keep the date: another one is to be given. Before the hour only."""
    referral, speaker = locked(by, referral_id, channel=channel)
    why = PostponeReason(reason)
    if referral.state == State.RESCHEDULED:
        return referral
    appointment = _required(referral)
    if appointment.starts_at <= clock.now():
        raise Impossible(
            "L’heure de ce rendez-vous est passée : il ne peut plus être reporté.",
            remedy="Dites s’il a eu lieu ou non, puis donnez un autre rendez-vous.",
        )
    appointment.status, appointment.reason = AppointmentStatus.POSTPONED, why.value
    appointment.save(update_fields=["status", "reason"])
    release_place(referral)
    outbox.drop_appointment(appointment.pk)
    referral.appointment_at = None
    move(referral, speaker, Event.POSTPONE)
    tell(
        referral,
        speaker,
        FactKind.REFERRAL_APPOINTMENT_POSTPONED,
        attempt=appointment.attempt,
        by=speaker.party.value,
        reason=why.value,
    )
    if speaker.party is Party.PERSON:
        notices.told_to_receiver(referral, "postponed", "La personne ne peut pas venir à la date prévue.")
    return referral


@transaction.atomic
def declare_attended(
    by: By, referral_id: uuid.UUID, *, on: dt.date | None = None, channel: Channel = Channel.ACCOUNT
) -> Referral:
    """The appointment took place: said by the receiver, the person or whoever accompanied them.

    `on`: the day, when no appointment was known (the receiver alone may say so). Twice is once.
    """
    referral, speaker = locked(by, referral_id, channel=channel)
    edge = transitions.require(State(referral.state), Event.ATTEND, speaker.party)
    appointment = _witnessed(referral)
    if appointment is None:
        appointment = _unannounced(referral, speaker, on)
    elif appointment.starts_at > clock.now():
        raise Impossible(f"Le rendez-vous est {notices.appointment_words(appointment.starts_at)} : il n’a pas eu lieu.")
    if not _said(appointment, speaker, took_place=True):
        return referral
    day = clock.paris_date(appointment.starts_at)
    if edge.target is State.ATTENDED and edge.source is not State.ATTENDED:
        _hold_true(referral, appointment, day, speaker.party)
    elif speaker.party is Party.RECEIVER and referral.attended_on:
        referral.attended_by = speaker.party.value
    move(referral, speaker, Event.ATTEND)
    tell(
        referral,
        speaker,
        FactKind.REFERRAL_APPOINTMENT_ATTENDED,
        day,
        retracts=_own_fact(referral, speaker, FactKind.REFERRAL_APPOINTMENT_MISSED, appointment),
        attempt=appointment.attempt,
        by=speaker.party.value,
    )
    _no_more_question(appointment, speaker)
    _compare(referral, appointment, speaker)
    return referral


@transaction.atomic
def declare_missed(by: By, referral_id: uuid.UUID, *, reason: str, channel: Channel = Channel.ACCOUNT) -> Referral:
    """The appointment did not take place, with the reason known. Repeated, the case goes back to its sender."""
    referral, speaker = locked(by, referral_id, channel=channel)
    why = MissReason(reason)
    edge = transitions.require(State(referral.state), Event.MISS, speaker.party)
    appointment = _witnessed(referral)
    if appointment is None:
        raise Impossible("Aucun rendez-vous n’est connu pour cette orientation.")
    if appointment.starts_at > clock.now():
        raise Impossible(f"Le rendez-vous est {notices.appointment_words(appointment.starts_at)} : il n’a pas eu lieu.")
    if not _said(appointment, speaker, took_place=False, reason=why):
        return referral
    if edge.target is State.MISSED and edge.source is not State.MISSED:
        appointment.status, appointment.reason = AppointmentStatus.MISSED, why.value
        appointment.save(update_fields=["status", "reason"])
        release_place(referral)
        referral.missed += why is not MissReason.NOT_HELD
        referral.appointment_at = referral.attended_on = referral.attended_told_at = None
        referral.attended_by = ""
    move(referral, speaker, Event.MISS)
    tell(
        referral,
        speaker,
        FactKind.REFERRAL_APPOINTMENT_MISSED,
        clock.paris_date(appointment.starts_at),
        retracts=_own_fact(referral, speaker, FactKind.REFERRAL_APPOINTMENT_ATTENDED, appointment),
        attempt=appointment.attempt,
        by=speaker.party.value,
        reason=why.value,
    )
    _no_more_question(appointment, speaker)
    if speaker.party is Party.RECEIVER:
        notices.appointment_missed(referral, appointment)
    _compare(referral, appointment, speaker)
    _give_back_after_no_shows(referral)
    return referral


@transaction.atomic
def settle(by: By, dispute_id: uuid.UUID, *, took_place: bool, note: str = "") -> Dispute:
    """The organisation that sent the person says what is held true when the two sides contradict each other."""
    found = Dispute.objects.select_related("appointment").filter(pk=dispute_id).first()
    referral, speaker = locked(by, found.appointment.referral_id if found else dispute_id)
    dispute = Dispute.objects.select_for_update().select_related("appointment").get(pk=dispute_id)
    if dispute.settled_at is not None:
        raise Impossible(f"Cette contradiction a été tranchée le {date_fr(clock.paris_date(dispute.settled_at))}.")
    appointment = dispute.appointment
    event = Event.SETTLE_ATTENDED if took_place else Event.SETTLE_MISSED
    latest = not referral.appointments.filter(attempt__gt=appointment.attempt).exists()
    if latest and transitions.edge(State(referral.state), event, speaker.party):
        _settle_state(referral, speaker, appointment, event)
    elif speaker.party is not Party.SENDER:
        transitions.require(State(referral.state), event, speaker.party)
    dispute.settled_at, dispute.settled_by = clock.now(), speaker.actor.agent
    dispute.took_place, dispute.note = took_place, note
    dispute.save()
    tell(
        referral,
        speaker,
        FactKind.REFERRAL_DISPUTE_SETTLED,
        attempt=appointment.attempt,
        took_place=took_place,
    )
    return dispute


def _settle_state(referral: Referral, speaker: Speaker, appointment: Appointment, event: Event) -> None:
    if event is Event.SETTLE_ATTENDED and referral.state == State.MISSED:
        _hold_true(referral, appointment, clock.paris_date(appointment.starts_at), speaker.party)
    elif event is Event.SETTLE_MISSED and referral.state == State.ATTENDED:
        appointment.status, appointment.reason = AppointmentStatus.MISSED, MissReason.OTHER.value
        appointment.save(update_fields=["status", "reason"])
        referral.missed += 1
        referral.attended_on = referral.attended_told_at = None
        referral.attended_by = ""
    move(referral, speaker, event)


def _no_more_question(appointment: Appointment, speaker: Speaker) -> None:
    """Who has said whether they met is not asked again."""
    if speaker.party is Party.PERSON:
        outbox.drop_appointment(appointment.pk, question_only=True)


def current_appointment(referral: Referral) -> Appointment | None:
    """The appointment fixed, not yet answered."""
    return referral.appointments.filter(status=AppointmentStatus.FIXED).first()


def _required(referral: Referral) -> Appointment:
    found = current_appointment(referral)
    if found is None:
        raise Impossible("Aucun rendez-vous n’est fixé pour cette orientation.")
    return found


def _witnessed(referral: Referral) -> Appointment | None:
    """The appointment of which somebody now says whether it took place: the latest that was not moved before."""
    spoken = (AppointmentStatus.FIXED, AppointmentStatus.ATTENDED, AppointmentStatus.MISSED)
    if referral.state in {State.RESCHEDULED, *transitions.UNANSWERED, State.ACCEPTED, *transitions.GIVEN_BACK}:
        return None
    return referral.appointments.filter(status__in=spoken).order_by("-attempt").first()


def _unannounced(referral: Referral, speaker: Speaker, on: dt.date | None) -> Appointment:
    """The receiver met the person without an appointment known here: on the day it gives, today by default."""
    day = on or clock.today()
    sent = clock.paris_date(referral.sent_at) if referral.sent_at else day
    if not sent <= day <= clock.today():
        raise Impossible(
            f"La rencontre doit être entre l’envoi de l’orientation ({date_fr(sent)}) et aujourd’hui.",
            remedy="Vérifiez la date.",
        )
    referral.accepted_at = referral.accepted_at or clock.now()
    referral.attempts += 1
    return Appointment.objects.create(
        referral=referral, attempt=referral.attempts, starts_at=clock.paris(day), given_by=speaker.party.value
    )


def _hold_true(referral: Referral, appointment: Appointment, day: dt.date, party: Party) -> None:
    """The referral counts as attended."""
    appointment.status, appointment.reason = AppointmentStatus.ATTENDED, ""
    appointment.save(update_fields=["status", "reason"])
    referral.attended_on, referral.attended_by = day, party.value
    referral.attended_told_at = clock.now()
    referral.missed = 0


def _said(appointment: Appointment, speaker: Speaker, *, took_place: bool, reason: str = "") -> bool:
    """Keep the statement; False when this side had already said the same."""
    said = list(appointment.said.order_by("rank"))
    former = next((each for each in reversed(said) if each.party == speaker.party.value), None)
    if former is not None and former.took_place == took_place and former.reason == reason:
        return False
    Statement.objects.create(
        appointment=appointment,
        rank=len(said) + 1,
        party=speaker.party.value,
        channel=speaker.channel.value,
        organisation=speaker.actor.organisation,
        took_place=took_place,
        reason=reason,
    )
    return True


def _own_fact(referral: Referral, speaker: Speaker, kind: FactKind, appointment: Appointment) -> Fact | None:
    """The contrary fact that this side had stated of the same appointment: its new word retracts it."""
    facts = Fact.objects.standing().filter(kind=kind, subject_id=referral.pk)
    return facts.filter(data__attempt=appointment.attempt, data__by=speaker.party.value).order_by("-id").first()


def _compare(referral: Referral, appointment: Appointment, speaker: Speaker) -> None:
    """Open a dispute when the receiver and the other side no longer say the same; close it when they agree again."""
    latest: dict[str, bool] = {each.party: each.took_place for each in appointment.said.order_by("rank")}
    receiver = latest.get(Party.RECEIVER)
    other = latest.get(Party.PERSON, latest.get(Party.ACCOMPANIER))
    if receiver is None or other is None:
        return
    dispute = Dispute.objects.filter(appointment=appointment).first()
    if receiver != other and dispute is None:
        Dispute.objects.create(appointment=appointment, receiver_says=receiver, person_says=other)
        tell(referral, speaker, FactKind.REFERRAL_DISPUTED, attempt=appointment.attempt)
    elif receiver == other and dispute is not None and dispute.settled_at is None:
        dispute.receiver_says, dispute.person_says = receiver, other
        dispute.settled_at, dispute.took_place, dispute.note = (
            clock.now(),
            receiver,
            "Les deux côtés disent la même chose.",
        )
        dispute.save()
        tell(
            referral,
            speaker,
            FactKind.REFERRAL_DISPUTE_SETTLED,
            attempt=appointment.attempt,
            took_place=receiver,
        )


def _give_back_after_no_shows(referral: Referral) -> None:
    """Missed too often in a row: the sender, who knows the person, takes the case back (C-013)."""
    if referral.state != State.MISSED:
        return
    territory = settings_on.territory_of(referral.receiver.department_code, referral.direction)
    if referral.missed < settings_on.missed_limit(clock.today(), territory):
        return
    from_the_platform = Speaker(Party.SYSTEM, Channel.CLOCK, SYSTEM)
    take_over(referral, from_the_platform, TakeOverReason.NO_SHOWS)
    notices.told_to_sender(
        referral, "no_shows", "la personne n’est pas venue à plusieurs rendez-vous de suite : reprenez contact."
    )
