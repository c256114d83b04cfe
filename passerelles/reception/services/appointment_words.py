"""What the person says of their own first appointment, on their page; and what is held true when two sides differ.

A word is added, never changed. It does not move the state: the agency and the accompanier do (C-020, C-036). When the
person contradicts them the appointment stands in the list of contradictions until the two agree or it is settled.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Unknown
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.messages import services as outbox
from passerelles.network.policy import SYSTEM, Actor
from passerelles.reception import notices
from passerelles.reception.enums import ANSWERS, BEFORE, SPOKEN, AppointmentStatus, Word
from passerelles.reception.models import AppointmentWord, FirstAppointment
from passerelles.reception.queries.appointments import is_contradicted, latest_word
from passerelles.reception.services.appointments import assert_result, locked_appointment
from passerelles.referrals.rules.words import PostponeReason


@transaction.atomic
def person_says(person_id: uuid.UUID, appointment_id: uuid.UUID, said: str, *, reason: str = "") -> AppointmentWord:
    """A word of the person of their own appointment: said twice it is said once. Raises Unknown, Impossible."""
    found = FirstAppointment.objects.select_related("person", "organisation").select_for_update(of=("self",))
    appointment = found.filter(pk=appointment_id, person_id=person_id).first()
    if appointment is None:
        raise Unknown("Cette étape n’existe pas.")
    word = Word(said)
    before, latest = latest_word(appointment, BEFORE), latest_word(appointment, SPOKEN)
    if word in BEFORE:
        _require_to_come(appointment)
        if before is not None:
            if before.said == word:
                return before
            if before.said == Word.CANNOT_COME:
                raise Impossible("Une autre date est déjà demandée.")
    else:
        _require_passed(appointment, word)
        if latest is not None and latest.said == word:
            return latest
        if latest is not None and latest.said == Word.SETTLED:
            raise Impossible("Ce qui est retenu de ce rendez-vous a déjà été tranché.")
    made = _add(SYSTEM, appointment, word, PostponeReason(reason).value if word == Word.CANNOT_COME else "")
    if word == Word.CANNOT_COME:
        notices.cannot_come(appointment)
    elif word in SPOKEN:
        outbox.drop_appointment(appointment.pk, question_only=True)
    return made


@transaction.atomic
def settle(actor: Actor, appointment_id: uuid.UUID, *, took_place: bool) -> FirstAppointment:
    """Hold true one of two sides that differ, by an organisation that is neither. Raises Unknown, Refused, Impossible.

    The operator settles what the agency answered, the agency what the operator answered.
    """
    appointment = locked_appointment(actor, appointment_id)
    if not is_contradicted(appointment.pk):
        raise Impossible("Il n’y a rien à trancher : les deux côtés ne se contredisent pas.")
    if actor.organisation_id == appointment.asserted_for_id:
        raise Impossible(
            "Votre organisme est l’un des deux côtés.",
            remedy="Corrigez votre réponse, ou laissez l’autre organisme trancher.",
        )
    if took_place != (appointment.status == AppointmentStatus.ATTENDED):
        appointment.status = AppointmentStatus.ATTENDED if took_place else AppointmentStatus.MISSED
        appointment.accompanied = bool(appointment.accompanied) and took_place
        assert_result(actor, appointment)
        notices.answered_otherwise(appointment)
    _add(actor, appointment, Word.SETTLED)
    return appointment


def _require_to_come(appointment: FirstAppointment) -> None:
    if appointment.status != AppointmentStatus.FIXED or appointment.fixed_for <= clock.now():
        raise Impossible("Ce rendez-vous n’est plus à venir.")


def _require_passed(appointment: FirstAppointment, word: Word) -> None:
    if word not in SPOKEN - {Word.SETTLED} or appointment.status not in {AppointmentStatus.FIXED, *ANSWERS}:
        raise Impossible("Ce rendez-vous n’attend pas de réponse.")
    if appointment.fixed_for > clock.now():
        raise Impossible("Ce rendez-vous n’a pas encore eu lieu.")


def _add(actor: Actor, appointment: FirstAppointment, word: Word, reason: str = "") -> AppointmentWord:
    made = AppointmentWord.objects.create(
        appointment=appointment,
        rank=appointment.words.count() + 1,
        fixed_for=appointment.fixed_for,
        said=word,
        reason=reason,
    )
    journal.record(
        FactKind.APPOINTMENT_WORD,
        actor=actor,
        occurred_on=clock.today(),
        subject=appointment.pk,
        person=appointment.person_id,
        direction=appointment.direction,
        organisation=appointment.session.operator_id if appointment.session_id else None,
        data={"said": word.value, "with": appointment.organisation_id} | ({"reason": reason} if reason else {}),
    )
    journal.note_access(actor, [appointment.person_id], action="write", purpose="parole sur le premier rendez-vous")
    return made
