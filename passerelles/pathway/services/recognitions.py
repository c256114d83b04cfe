"""Requests of recognition: ENIC-NARIC, VAE, regulated professions (B-056, C-031, C-032, D-008)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.pathway.enums import Procedure, RecognitionResult
from passerelles.pathway.models import Recognition
from passerelles.pathway.rules.flows import RECOGNITION
from passerelles.pathway.services import follow_ups
from passerelles.pathway.services.states import advance, locked, noted, person_of, refuse_before, refuse_future


@transaction.atomic
def request_recognition(
    actor: Actor, person_id: uuid.UUID, *, procedure: str, requested_on: dt.date, title: str = "", regulated: bool
) -> Recognition:
    """A request was made. `regulated`: the diploma leads to a regulated profession, which ENIC-NARIC excludes."""
    person = person_of(actor, person_id, Resource.REFERRAL)
    refuse_future(requested_on, "La demande")
    chosen = Procedure(procedure)
    if regulated and chosen is Procedure.ENIC_NARIC:
        raise Impossible(
            "Une profession réglementée ne relève pas d’ENIC-NARIC : l’autorisation d’exercer se demande à l’autorité "
            "de la profession.",
            remedy="Choisissez « profession réglementée ».",
        )
    if actor.organisation is None:
        raise Impossible("La demande est suivie par un organisme : agissez au titre du vôtre.")
    try:
        with transaction.atomic():
            recognition = Recognition.objects.create(
                person=person,
                procedure=chosen,
                title=title,
                organisation=actor.organisation,
                requested_on=requested_on,
            )
    except IntegrityError as error:
        raise Impossible("Une demande de cette nature attend déjà sa réponse.") from error
    _tell(actor, recognition, FactKind.RECOGNITION_REQUESTED, requested_on)
    return recognition


@transaction.atomic
def answer_recognition(actor: Actor, recognition_id: uuid.UUID, *, result: str, answered_on: dt.date) -> Recognition:
    """The answer came; a second one corrects the first."""
    recognition = locked(actor, Recognition, Resource.REFERRAL, recognition_id)
    advance(RECOGNITION, recognition, "answer", "noter une réponse")
    refuse_future(answered_on, "La réponse")
    refuse_before(answered_on, recognition.requested_on, "La réponse", "la demande")
    recognition.result, recognition.answered_on = RecognitionResult(result), answered_on
    recognition.save()
    journal.correct(
        FactKind.RECOGNITION_ANSWERED,
        actor=actor,
        occurred_on=answered_on,
        subject=recognition.pk,
        person=recognition.person_id,
        direction=recognition.person.direction,
        data={"procedure": recognition.procedure, "result": recognition.result},
    )
    _after(actor, recognition)
    return recognition


@transaction.atomic
def abandon_recognition(actor: Actor, recognition_id: uuid.UUID) -> Recognition:
    """The person gives the request up."""
    recognition = locked(actor, Recognition, Resource.REFERRAL, recognition_id)
    advance(RECOGNITION, recognition, "abandon", "l’abandonner")
    recognition.save()
    _tell(actor, recognition, FactKind.RECOGNITION_ABANDONED, clock.today())
    return recognition


@transaction.atomic
def resume_recognition(actor: Actor, recognition_id: uuid.UUID) -> Recognition:
    """A request given up is waited for again: giving it up did not happen."""
    recognition = locked(actor, Recognition, Resource.REFERRAL, recognition_id)
    advance(RECOGNITION, recognition, "resume", "la reprendre")
    try:
        with transaction.atomic():
            recognition.save()
    except IntegrityError as error:
        raise Impossible("Une autre demande de cette nature attend sa réponse.") from error
    fact = journal.standing_fact(FactKind.RECOGNITION_ABANDONED, recognition.pk)
    if fact is not None:
        journal.retract(fact, actor=actor, reason="demande reprise")
    _after(actor, recognition)
    return recognition


def _tell(actor: Actor, recognition: Recognition, kind: FactKind, on: dt.date) -> None:
    journal.record(
        kind,
        actor=actor,
        occurred_on=on,
        person=recognition.person_id,
        subject=recognition.pk,
        direction=recognition.person.direction,
        data={"procedure": recognition.procedure},
    )
    _after(actor, recognition)


def _after(actor: Actor, recognition: Recognition) -> None:
    noted(actor, recognition.person_id, "reconnaissance d’un diplôme ou d’une expérience")
    follow_ups.refresh([recognition.person_id])
