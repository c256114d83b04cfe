"""The civic exam (B-027, D-027): noted from the certificate of result, withdrawn when noted by mistake."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Max

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.orientation.rules.permits import RESULT
from passerelles.orientation.services.reviews import review_of
from passerelles.pathway.enums import ExamPurpose
from passerelles.pathway.models import Exam
from passerelles.pathway.services import follow_ups
from passerelles.pathway.services.states import locked, noted, person_of, refuse_future
from passerelles.people.models import Person


@transaction.atomic
def note_exam(actor: Actor, person_id: uuid.UUID, *, purpose: str, taken_on: dt.date, passed: bool) -> Exam:
    """An exam taken and its result. The rules read it at once. Raises Impossible."""
    person = person_of(actor, person_id, Resource.PRESCRIPTION)
    refuse_future(taken_on, "L’examen")
    if taken_on < RESULT:  # a typing mistake
        raise Impossible(
            f"L’examen civique existe depuis le {RESULT:%d/%m/%Y} : {taken_on:%d/%m/%Y} est plus ancien.",
            remedy="Vérifiez la date sur l’attestation.",
        )
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # two desks count the attempts one after the other
    former = Exam.objects.standing().filter(person=person, purpose=purpose)
    if former.filter(passed=True).exists():
        raise Impossible(
            "Cet examen est déjà noté comme réussi.", remedy="Retirez d’abord le résultat noté par erreur."
        )
    try:
        with transaction.atomic():
            exam = Exam.objects.create(
                person=person,
                purpose=ExamPurpose(purpose),
                taken_on=taken_on,
                passed=passed,
                attempt=(former.aggregate(last=Max("attempt"))["last"] or 0) + 1,
            )
    except IntegrityError as error:
        raise Impossible(f"Un résultat est déjà noté pour le {taken_on:%d/%m/%Y}.") from error
    journal.record(
        FactKind.CIVIC_EXAM_TAKEN,
        actor=actor,
        occurred_on=taken_on,
        person=person.pk,
        subject=exam.pk,
        direction=person.direction,
        data={"purpose": exam.purpose, "attempt": exam.attempt, "passed": passed},
    )
    _after(actor, person)
    return exam


@transaction.atomic
def withdraw_exam(actor: Actor, exam_id: uuid.UUID, *, reason: str) -> Exam:
    """Noted by mistake: the journal keeps both facts, neither the rules nor the figures count it any more."""
    exam = locked(actor, Exam, Resource.PRESCRIPTION, exam_id)
    if exam.withdrawn_on is not None:
        raise Impossible("Ce résultat est déjà retiré.")
    exam.withdrawn_on = clock.today()
    exam.save()
    fact = journal.standing_fact(FactKind.CIVIC_EXAM_TAKEN, exam.pk)
    if fact is not None:
        journal.retract(fact, actor=actor, reason=reason)
    _after(actor, exam.person)
    return exam


def _after(actor: Actor, person: Person) -> None:
    noted(actor, person.pk, "examen civique")
    follow_ups.refresh([person.pk])
    review_of(person)
