"""The persons prescribed to a training body: the minimum to call them, their level, where they are (A.6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.pathway.enums import TrainingStatus
from passerelles.pathway.models import Training
from passerelles.pathway.queries.pathway import path_of
from passerelles.people.models import Assessment
from passerelles.reception.queries.week import language_name

STATES = {
    "a_commencer": ("À commencer", (TrainingStatus.PRESCRIBED,)),
    "en_cours": ("En cours", (TrainingStatus.STARTED,)),
    "finies": ("Finies", (TrainingStatus.COMPLETED, TrainingStatus.DROPPED)),
}


@dataclass(frozen=True, slots=True)
class Learner:
    """One training of one person. `level`: the last one assessed, in writing and orally, while it lasted.

    `phone`: to call them, until the training is completed.
    """

    training: Training
    course: str
    level: str
    language: str
    phone: str


def learners(actor: Actor, state: str) -> QuerySet[Training]:
    """Those of a tab: the longest waiting first, the last ended first."""
    _, statuses = STATES[state]
    until = Coalesce(OuterRef("ended_on"), Value(dt.date.max))
    assessed = Assessment.objects.filter(person=OuterRef("person"), assessed_on__lte=until)
    last = assessed.order_by("-assessed_on", "-created_at", "id")
    found = _visible(actor).filter(status__in=statuses).select_related("person")
    return found.annotate(
        level_written=Subquery(last.values("written")[:1]), level_oral=Subquery(last.values("oral")[:1])
    ).order_by(F("ended_on").desc(nulls_last=True), "prescribed_on", "pk")


def totals(actor: Actor) -> dict[str, int]:
    """How many in each tab, in one query."""
    return _visible(actor).aggregate(
        **{state: Count("pk", filter=Q(status__in=statuses)) for state, (_, statuses) in STATES.items()}
    )


def line(training: Training) -> Learner:
    """A row of `learners` as the list shows it."""
    said = (("écrit", training.level_written), ("oral", training.level_oral))
    return Learner(
        training=training,
        course=path_of(training),
        level=", ".join(f"{name} {level}" for name, level in said if level),
        language=language_name(training.person.language),
        phone="" if training.status == TrainingStatus.COMPLETED else training.person.phone,
    )


def _visible(actor: Actor) -> QuerySet[Training]:
    return policy.visible(actor, Training.objects.order_by(), Resource.LEARNER)
