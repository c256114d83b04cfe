"""Prescribe a language or civic training under the rule in force, and what became of it (C-004, C-024 to C-026)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import OrganisationKind, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.orientation.engine.facts import Value
from passerelles.orientation.services.reviews import review_of
from passerelles.pathway.enums import TrainingKind
from passerelles.pathway.models import Training
from passerelles.pathway.policy import follows_as
from passerelles.pathway.queries.known import evaluation_of
from passerelles.pathway.rules import prescriptions
from passerelles.pathway.rules.flows import TRAINING
from passerelles.pathway.services import follow_ups
from passerelles.pathway.services.states import advance, locked, noted, person_of, refuse_before, refuse_future
from passerelles.people.models import Person

BODIES = frozenset({OrganisationKind.TRAINING_BODY, OrganisationKind.ASSOCIATION})
PRESCRIBED = {TrainingKind.LANGUAGE: FactKind.LANGUAGE_PRESCRIBED, TrainingKind.CIVIC: FactKind.CIVIC_PRESCRIBED}


@transaction.atomic
def prescribe_language(
    actor: Actor,
    person_id: uuid.UUID,
    *,
    rule: str,
    prescribed_on: dt.date,
    hours: int | None = None,
    provider: Organisation | None = None,
    answers: Mapping[str, Value] | None = None,
) -> Training:
    """Prescribe the course of `rule`, which must say yes on that day with what is known and the `answers` given.

    `hours` must be one of the lengths the rule allows. Raises Impossible.
    """
    person = person_of(actor, person_id, Resource.PRESCRIPTION)
    _refuse_day(prescribed_on, provider)
    suggestion = prescriptions.language(evaluation_of(person, prescribed_on, answers))
    option = next((each for each in suggestion.options if each.rule == rule), None)
    if option is None:
        raise Impossible(
            suggestion.dispensed
            or f"La règle « {rule} » ne permet pas cette prescription le {prescribed_on:%d/%m/%Y} pour cette personne.",
            remedy="Répondez aux questions ouvertes, ou choisissez un autre parcours.",
        )
    if hours not in (option.hours or (None,)):
        allowed = ", ".join(map(str, option.hours)) or "aucune : le texte n’en donne pas"
        raise Impossible(f"Durée refusée pour ce parcours. Heures possibles : {allowed}.")
    training = _created(
        person,
        kind=TrainingKind.LANGUAGE,
        path=option.path_for(hours),
        mode=option.mode,
        hours=hours,
        target=option.target,
        compulsory=option.compulsory,
        rule=option.rule,
        reference=option.reference,
        provider=provider,
        prescribed_on=prescribed_on,
    )
    told = {"path": training.path, "mode": training.mode, "hours": hours, "target": training.target}
    _tell(actor, training, FactKind.LANGUAGE_PRESCRIBED, prescribed_on, {**told, "compulsory": option.compulsory})
    return training


@transaction.atomic
def prescribe_civic(
    actor: Actor, person_id: uuid.UUID, *, prescribed_on: dt.date, provider: Organisation | None = None
) -> Training:
    """Prescribe the civic training in force on that day: its days, and its hours where a text gives them (B-030)."""
    person = person_of(actor, person_id, Resource.PRESCRIPTION)
    _refuse_day(prescribed_on, provider)
    found = prescriptions.civic(evaluation_of(person, prescribed_on))
    if found is None:
        raise Impossible(
            "La formation civique ne s’impose pas à cette personne à cette date.", remedy="Vérifiez le contrat."
        )
    training = _created(
        person,
        kind=TrainingKind.CIVIC,
        days=found.days,
        hours=found.hours,
        rule=prescriptions.CIVIC,
        reference=found.reference,
        provider=provider,
        prescribed_on=prescribed_on,
    )
    _tell(actor, training, FactKind.CIVIC_PRESCRIBED, prescribed_on, {"days": found.days, "hours": found.hours})
    return training


@transaction.atomic
def take_over_training(
    actor: Actor,
    person_id: uuid.UUID,
    *,
    kind: str,
    prescribed_on: dt.date,
    provider: Organisation | None = None,
    hours: int | None = None,
    days: int | None = None,
    path: str = "",
    mode: str = "",
    target: str = "",
    compulsory: bool = True,
) -> Training:
    """A training prescribed elsewhere, before the platform, as it was decided: the rules are not asked.

    `days` of a civic training; `path`, `mode`, `target` and `compulsory` of a language course.
    """
    person = person_of(actor, person_id, Resource.PRESCRIPTION)
    _refuse_day(prescribed_on, provider)
    chosen = TrainingKind(kind)
    told: dict[str, Any] = {"days": days, "hours": hours}
    if chosen is TrainingKind.LANGUAGE:
        told = {"path": path, "mode": mode, "hours": hours, "target": target, "compulsory": compulsory}
    training = _created(person, kind=chosen, prescribed_on=prescribed_on, provider=provider, **told)
    _tell(actor, training, PRESCRIBED[chosen], prescribed_on, told)
    return training


@transaction.atomic
def start_training(actor: Actor, training_id: uuid.UUID, *, on: dt.date) -> Training:
    """The person has begun. A civic training begins with its first day (`attend_civic`)."""
    training = _followed(actor, training_id)
    if training.kind == TrainingKind.CIVIC:
        raise Impossible("La formation civique commence avec sa première journée : notez les journées suivies.")
    advance(TRAINING, training, "start", "la commencer")
    _refuse_dates(training, on)
    training.started_on = on
    training.save()
    _tell_start(actor, training, on)
    return training


@transaction.atomic
def attend_civic(actor: Actor, training_id: uuid.UUID, *, days: int, on: dt.date) -> Training:
    """`days` of the civic training have been attended in all, the last one `on`; complete when all are (D-021)."""
    training = _followed(actor, training_id)
    whole = training.days or 0
    if training.kind != TrainingKind.CIVIC or not 1 <= days <= whole:
        raise Impossible(f"Le nombre de journées suivies va de 1 à {whole}.")
    if days <= (training.days_attended or 0):
        raise Impossible(
            f"{training.days_attended} journée(s) sont déjà notées.", remedy="Notez le total des journées."
        )
    if training.status == TRAINING.first:
        advance(TRAINING, training, "start", "noter une journée")
        training.started_on = on
    advance(TRAINING, training, "complete" if days == whole else "attend", "noter une journée")
    _refuse_dates(training, on)
    training.days_attended = days
    training.ended_on = on if days == whole else None
    training.save()
    journal.correct(
        FactKind.CIVIC_ATTENDED,
        actor=actor,
        occurred_on=on,
        subject=training.pk,
        person=training.person_id,
        direction=training.person.direction,
        organisation=training.provider_id,
        data={"days": days, "of": whole},
    )
    _after(actor, training)
    return training


@transaction.atomic
def end_language(
    actor: Actor,
    training_id: uuid.UUID,
    *,
    on: dt.date,
    hours_attended: int | None = None,
    written: str = "",
    oral: str = "",
    attained: bool | None = None,
) -> Training:
    """Followed to the end, with the levels then shown (D-026). `attained` is what the examiner says of the target."""
    training = _language(actor, training_id)
    advance(TRAINING, training, "complete", "la terminer")
    _refuse_dates(training, on)
    training.written, training.oral = written, oral
    _end(actor, training, on, hours_attended, "completed", attained)
    return training


@transaction.atomic
def drop_language(actor: Actor, training_id: uuid.UUID, *, on: dt.date, hours_attended: int | None = None) -> Training:
    """The person gave up, or never came. The reason is not asked: it may be of health.

    A civic training is compulsory and stays open until all its days are attended.
    """
    training = _language(actor, training_id)
    advance(TRAINING, training, "drop", "l’abandonner")
    _refuse_dates(training, on)
    _end(actor, training, on, hours_attended, "dropped", None)
    return training


@transaction.atomic
def resume_language(actor: Actor, training_id: uuid.UUID, *, on: dt.date) -> Training:
    """A training given up is taken up again: its end did not happen."""
    training = _language(actor, training_id)
    advance(TRAINING, training, "resume", "la reprendre")
    refuse_future(on, "La reprise")
    begins = training.started_on is None
    training.started_on, training.ended_on, training.hours_attended = training.started_on or on, None, None
    try:
        with transaction.atomic():
            training.save()
    except IntegrityError as error:
        raise Impossible("Une autre formation de cette nature est déjà en cours.") from error
    fact = journal.standing_fact(FactKind.LANGUAGE_ENDED, training.pk)
    if fact is not None:
        journal.retract(fact, actor=actor, reason="formation reprise")
    if begins:
        _tell_start(actor, training, on)
    _after(actor, training)
    return training


@transaction.atomic
def cancel_training(actor: Actor, training_id: uuid.UUID, *, reason: str) -> Training:
    """Prescribed by mistake: the journal keeps both facts, figures no longer count it."""
    training = locked(actor, Training, Resource.PRESCRIPTION, training_id)
    advance(TRAINING, training, "cancel", "l’annuler")
    training.save()
    fact = journal.standing_fact(PRESCRIBED[TrainingKind(training.kind)], training.pk)
    if fact is not None:
        journal.retract(fact, actor=actor, reason=reason)
    _after(actor, training)
    return training


def _followed(actor: Actor, training_id: uuid.UUID) -> Training:
    """The training, for OFII or for the body to which it was prescribed."""
    return locked(actor, Training, follows_as(actor), training_id)


def _language(actor: Actor, training_id: uuid.UUID) -> Training:
    training = _followed(actor, training_id)
    if training.kind != TrainingKind.LANGUAGE:
        raise Impossible("Cette formation n’est pas une formation linguistique.")
    return training


def _tell_start(actor: Actor, training: Training, on: dt.date) -> None:
    _tell(actor, training, FactKind.LANGUAGE_STARTED, on, {"path": training.path, "mode": training.mode})


def _end(actor: Actor, training: Training, on: dt.date, hours: int | None, reason: str, attained: bool | None) -> None:
    if hours is not None and training.hours is not None and hours > training.hours:
        raise Impossible(f"{hours} heures suivies pour {training.hours} prescrites.", remedy="Vérifiez les heures.")
    training.ended_on, training.hours_attended = on, hours
    training.save()
    data: dict[str, Any] = {"path": training.path, "reason": reason, "hours_attended": hours}
    _tell(
        actor,
        training,
        FactKind.LANGUAGE_ENDED,
        on,
        {**data, "written": training.written or None, "oral": training.oral or None, "attained": attained},
    )


def _created(person: Person, **values: Any) -> Training:
    try:
        with transaction.atomic():
            return Training.objects.create(person=person, status=TRAINING.first, **values)
    except IntegrityError as error:
        raise Impossible(
            f"{person} suit déjà une formation de cette nature.",
            remedy="Terminez-la ou annulez-la avant d’en prescrire une autre.",
        ) from error


def _refuse_day(prescribed_on: dt.date, provider: Organisation | None) -> None:
    refuse_future(prescribed_on, "La prescription")
    if provider is not None and provider.kind not in BODIES:
        raise Impossible(f"{provider} n’est pas un organisme de formation.")


def _refuse_dates(training: Training, on: dt.date) -> None:
    refuse_future(on, "La date")
    refuse_before(on, training.started_on or training.prescribed_on, "La date", "le début de la formation")


def _tell(actor: Actor, training: Training, kind: FactKind, on: dt.date, data: dict[str, Any]) -> None:
    journal.record(
        kind,
        actor=actor,
        occurred_on=on,
        person=training.person_id,
        subject=training.pk,
        direction=training.person.direction,
        organisation=training.provider_id,
        data=data,
    )
    _after(actor, training)


def _after(actor: Actor, training: Training) -> None:
    noted(actor, training.person_id, "formation prescrite")
    follow_ups.refresh([training.person_id])
    if training.started_on is not None or training.ended_on is not None:
        review_of(training.person)
