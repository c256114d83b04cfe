"""The first appointment with France Travail: fixed, then attended, missed, moved or cancelled; who said so and when."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.core.text import in_sentence
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.people.models import Person
from passerelles.reception import notices
from passerelles.reception.enums import ANSWERS, REASONS_OF_THE_SERVICE, SPOKEN, AppointmentStatus, CancelReason, Word
from passerelles.reception.models import FirstAppointment, Session
from passerelles.reception.queries.appointments import latest_word


@transaction.atomic
def fix_appointment(
    actor: Actor,
    *,
    person: Person,
    organisation: Organisation,
    fixed_for: dt.datetime,
    session: Session | None = None,
    accompaniment_agreed: bool = False,
    replaces: FirstAppointment | None = None,
) -> FirstAppointment:
    """A first appointment at an agency (C-020); one open appointment per person. Agency and person are told."""
    policy.require(actor, Resource.APPOINTMENT, Action.EDIT)
    _refuse_past(fixed_for, session)
    try:
        with transaction.atomic():
            appointment = FirstAppointment.objects.create(
                person=person,
                session=session,
                organisation=organisation,
                direction=person.direction,
                fixed_for=fixed_for,
                accompaniment_agreed=accompaniment_agreed,
                replaces=replaces,
            )
    except IntegrityError as error:
        raise Impossible(
            f"{person} a déjà un premier rendez-vous en attente.", remedy="Reportez-le au lieu d’en créer un second."
        ) from error
    _journal_fixed(actor, appointment)
    moved = replaces is not None and replaces.status == AppointmentStatus.RESCHEDULED
    if replaces is not None and moved:  # of one that was cancelled, the person still learns that it was
        notices.withdrawn(replaces)
    notices.fixed(appointment, moved=moved)
    return appointment


@transaction.atomic
def amend_appointment(
    actor: Actor,
    appointment_id: uuid.UUID,
    *,
    organisation: Organisation,
    fixed_for: dt.datetime,
    accompaniment_agreed: bool,
) -> FirstAppointment:
    """Correct an appointment that was entered wrong (nobody rescheduled it)."""
    appointment = locked_appointment(actor, appointment_id)
    if appointment.status != AppointmentStatus.FIXED:
        raise Impossible("Ce rendez-vous a déjà une suite : il ne peut plus être corrigé, seulement reporté.")
    elsewhere, moved = appointment.organisation_id != organisation.pk, appointment.fixed_for != fixed_for
    if not elsewhere and not moved and appointment.accompaniment_agreed == accompaniment_agreed:
        return appointment
    if elsewhere:
        notices.given_elsewhere(appointment)
    appointment.organisation, appointment.fixed_for = organisation, fixed_for
    appointment.accompaniment_agreed = accompaniment_agreed
    appointment.save()
    _journal_fixed(actor, appointment)
    if elsewhere or moved:
        notices.withdrawn(appointment)
        notices.fixed(appointment, moved=moved, version=f"{clock.now():%Y%m%d%H%M%S%f}")
    return appointment


@transaction.atomic
def record_result(
    actor: Actor, appointment_id: uuid.UUID, *, result: str, accompanied: bool | None = None
) -> FirstAppointment:
    """The appointment was attended, missed or excused; accompanied or not is a separate fact (C-020, D-032).

    A receiver's word and the CIP's word are both kept in the journal; the latest stands. Accompanied only counts
    when attended (F-005).
    """
    appointment = locked_appointment(actor, appointment_id)
    status = AppointmentStatus(result)
    if status not in ANSWERS:
        raise Impossible("Choisissez : honoré, manqué ou excusé.")
    if appointment.status == AppointmentStatus.RESCHEDULED:
        raise Impossible("Ce rendez-vous a été reporté : répondez sur le nouveau.")
    if appointment.status == AppointmentStatus.CANCELLED:
        raise Impossible("Ce rendez-vous a été annulé.", remedy="S’il a été redonné, fixez un nouveau rendez-vous.")
    if clock.now() < appointment.fixed_for:
        raise Impossible(
            f"Le rendez-vous est le {appointment.fixed_for.astimezone(clock.PARIS):%d/%m/%Y à %H h %M} : "
            "il n’a pas encore eu lieu.",
        )
    settled = latest_word(appointment, SPOKEN)
    if settled is not None and settled.said == Word.SETTLED and status != appointment.status:
        raise Impossible(
            f"Une contradiction a été tranchée : ce rendez-vous est {in_sentence(appointment.get_status_display())}.",
            remedy="Voyez avec l’organisme qui a tranché.",
        )
    if actor.role == Role.SPE_ADVISER:
        accompanied = appointment.accompanied if accompanied is None else accompanied
    appointment.status = status
    appointment.accompanied = bool(accompanied) if status == AppointmentStatus.ATTENDED else False
    assert_result(actor, appointment)
    if status == AppointmentStatus.MISSED:
        notices.missed(appointment)
    elif status == AppointmentStatus.EXCUSED:
        notices.withdrawn(appointment)
    else:
        notices.answered_otherwise(appointment)
    return appointment


@transaction.atomic
def reschedule(actor: Actor, appointment_id: uuid.UUID, *, fixed_for: dt.datetime) -> FirstAppointment:
    """Give another date: the former appointment stays, marked as rescheduled, and the new one replaces it."""
    appointment = locked_appointment(actor, appointment_id)
    if appointment.status == AppointmentStatus.CANCELLED:
        raise Impossible("Ce rendez-vous a été annulé.", remedy="Fixez un nouveau rendez-vous.")
    if appointment.status in {AppointmentStatus.ATTENDED, AppointmentStatus.RESCHEDULED}:
        raise Impossible("Ce rendez-vous ne peut plus être reporté.")
    appointment.status = AppointmentStatus.RESCHEDULED
    assert_result(actor, appointment)
    return fix_appointment(
        actor,
        person=appointment.person,
        organisation=appointment.organisation,
        fixed_for=fixed_for,
        session=appointment.session,
        accompaniment_agreed=appointment.accompaniment_agreed,
        replaces=appointment,
    )


@transaction.atomic
def cancel_appointment(actor: Actor, appointment_id: uuid.UUID, *, reason: str, note: str = "") -> FirstAppointment:
    """The appointment will not take place and has no other date, for a compulsory `reason` (C-020, D-032).

    Once its date has passed only the service may still give a reason: whoever did not come missed it. The person is
    told, and the agency when it is not the one that says so, only of an appointment still to come.
    """
    appointment = locked_appointment(actor, appointment_id)
    why = CancelReason(reason)
    if appointment.status != AppointmentStatus.FIXED:
        raise Impossible(
            f"Ce rendez-vous est déjà {in_sentence(appointment.get_status_display())} : il ne peut pas être annulé.",
            remedy="Corrigez plutôt sa suite." if appointment.status in ANSWERS else "",
        )
    if why == CancelReason.OTHER and not note:
        raise Impossible("Précisez le motif de l’annulation.")
    passed = appointment.fixed_for <= clock.now()
    if passed and why not in REASONS_OF_THE_SERVICE:
        raise Impossible(
            "La date de ce rendez-vous est passée : une personne qui n’est pas venue ne se note pas « annulé ».",
            remedy="Répondez honoré, manqué ou excusé.",
        )
    appointment.status = AppointmentStatus.CANCELLED
    appointment.cancel_reason, appointment.cancel_note = why, note
    assert_result(actor, appointment)
    notices.cancelled(appointment, by_agency=actor.organisation_id == appointment.organisation_id)
    return appointment


@transaction.atomic
def fix_again(
    actor: Actor, appointment_id: uuid.UUID, *, organisation: Organisation, fixed_for: dt.datetime
) -> FirstAppointment:
    """A new appointment in the place of one that was cancelled: both stay, the new one says which it replaces."""
    appointment = locked_appointment(actor, appointment_id)
    if appointment.status != AppointmentStatus.CANCELLED:
        raise Impossible("Seul un rendez-vous annulé se remplace par un nouveau.", remedy="Reportez-le.")
    if FirstAppointment.objects.filter(replaces=appointment).exists():
        raise Impossible("Un nouveau rendez-vous a déjà été fixé à la place de celui-ci.")
    if actor.role == Role.SPE_ADVISER and organisation.pk != actor.organisation_id:
        raise policy.Refused("Vous ne pouvez fixer un rendez-vous que dans votre agence.")
    return fix_appointment(
        actor,
        person=appointment.person,
        organisation=organisation,
        fixed_for=fixed_for,
        session=appointment.session,
        accompaniment_agreed=appointment.accompaniment_agreed,
        replaces=appointment,
    )


def assert_result(actor: Actor, appointment: FirstAppointment) -> None:
    """Write what became of the appointment, who says so and when, with its fact."""
    appointment.asserted_by, appointment.asserted_for = actor.agent_id, actor.organisation
    appointment.asserted_at = clock.now()
    appointment.save()
    _journal_result(actor, appointment)


def locked_appointment(actor: Actor, appointment_id: uuid.UUID) -> FirstAppointment:
    return policy.get_or_404(
        actor,
        FirstAppointment.objects.select_related("person", "organisation", "session").select_for_update(of=("self",)),
        Resource.APPOINTMENT,
        appointment_id,
        Action.EDIT,
    )


def _refuse_past(fixed_for: dt.datetime, session: Session | None) -> None:
    earliest = session.during.lower if session else clock.now() - dt.timedelta(days=1)
    if fixed_for < earliest:
        raise Impossible(
            f"Un rendez-vous ne peut pas être fixé dans le passé ({fixed_for.astimezone(clock.PARIS):%d/%m/%Y %H:%M}).",
            remedy="Vérifiez la date.",
        )


def _journal_fixed(actor: Actor, appointment: FirstAppointment) -> None:
    journal.correct(
        FactKind.APPOINTMENT_FIXED,
        actor=actor,
        occurred_on=clock.today(),
        subject=appointment.pk,
        person=appointment.person_id,
        direction=appointment.direction,
        organisation=_operator(appointment),
        data={
            "fixed_for": appointment.fixed_for,
            "with": appointment.organisation_id,
            "accompaniment": appointment.accompaniment_agreed,
        },
    )
    journal.note_access(actor, [appointment.person_id], action="write", purpose="premier rendez-vous fixé")


def _journal_result(actor: Actor, appointment: FirstAppointment) -> None:
    journal.correct(
        FactKind.APPOINTMENT_RESULT,
        actor=actor,
        occurred_on=clock.paris_date(appointment.fixed_for),
        subject=appointment.pk,
        person=appointment.person_id,
        direction=appointment.direction,
        organisation=_operator(appointment),
        data={
            "result": appointment.status,
            "accompanied": bool(appointment.accompanied),
            "asserted_by": actor.role or "",
            "with": appointment.organisation_id,
        }
        | ({"reason": appointment.cancel_reason} if appointment.cancel_reason else {}),
    )
    journal.note_access(actor, [appointment.person_id], action="write", purpose="suite du premier rendez-vous")


def _operator(appointment: FirstAppointment) -> uuid.UUID | None:
    return appointment.session.operator_id if appointment.session_id else None
