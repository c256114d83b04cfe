"""The pathway of a person on one page, cut to the role; and what the rules allow to prescribe today."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from passerelles.core import clock
from passerelles.core.together import read_together
from passerelles.network import policy
from passerelles.network.enums import Action, OrganisationKind, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.orientation.engine.facts import Value
from passerelles.orientation.rules import FACTS
from passerelles.pathway.enums import FollowUpStatus, TrainingKind
from passerelles.pathway.models import OPEN_TRAININGS, Document, Exam, FollowUp, Meeting, Recognition, Training
from passerelles.pathway.queries.delays import delays_on
from passerelles.pathway.queries.expiries import ends_of
from passerelles.pathway.queries.follow_ups import Line, lines
from passerelles.pathway.queries.known import evaluation_of
from passerelles.pathway.queries.steps import cir_end, course_of
from passerelles.pathway.rules import prescriptions
from passerelles.pathway.rules.follow_up import licence_end
from passerelles.pathway.rules.prescriptions import Civic, Suggestion
from passerelles.pathway.sentences import PATHS
from passerelles.people.models import Person


@dataclass(frozen=True)
class TrainingLine:
    row: Training
    path: str
    licence_until: dt.date | None


@dataclass(frozen=True)
class PathwayPage:
    """A list that the role may not read stays None and has no heading."""

    person: Person
    cir_until: dt.date | None
    trainings: list[TrainingLine] | None
    exams: list[Exam] | None
    meetings: list[Meeting] | None
    recognitions: list[Recognition] | None
    documents: list[Document] | None
    stay_until: dt.date | None
    alerts: list[Line] | None
    may_prescribe: bool
    may_recognise: bool
    may_note: bool
    open_kinds: frozenset[str]
    now: dt.datetime


def pathway_page(actor: Actor, person_id: uuid.UUID) -> PathwayPage:
    """Raises Unknown for a person that does not exist for this actor. A fixed number of queries."""
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    today = clock.today()
    writes = actor.may(Resource.PERSON, Action.EDIT)
    lists: dict[str, QuerySet] = {"contracts": person.contracts.order_by("-signed_on", "id")[:1]}
    if actor.may(Resource.PRESCRIPTION, Action.VIEW):
        lists["trainings"] = _of(actor, Training, Resource.PRESCRIPTION, person).select_related("provider")
        lists["exams"] = _of(actor, Exam, Resource.PRESCRIPTION, person).standing()
        lists["meetings"] = _of(actor, Meeting, Resource.PRESCRIPTION, person).select_related("organisation")
    if actor.may(Resource.REFERRAL, Action.VIEW):
        lists["recognitions"] = _of(actor, Recognition, Resource.REFERRAL, person).select_related("organisation")
    if writes:
        lists["documents"] = _of(actor, Document, Resource.PERSON, person).filter(replaced_on=None)
    if actor.may(Resource.FOLLOW_UP, Action.VIEW):
        alerts = _of(actor, FollowUp, Resource.FOLLOW_UP, person).filter(status=FollowUpStatus.OPEN)
        lists["alerts"] = alerts.select_related("person", "organisation", "agent").order_by("due_on", "pk")
    found = read_together(lists)
    trainings = None
    if "trainings" in found:
        delays = delays_on(today, person.direction)
        trainings = [TrainingLine(row, path_of(row), licence_end(course_of(row), delays)) for row in found["trainings"]]
    contract = next(iter(found["contracts"]), None)
    return PathwayPage(
        person=person,
        cir_until=cir_end(contract.signed_on, today) if contract else None,
        trainings=trainings,
        exams=found.get("exams"),
        meetings=found.get("meetings"),
        recognitions=found.get("recognitions"),
        documents=found.get("documents"),
        stay_until=dict(ends_of([person.pk], today)[person.pk]).get(person.pk) if writes else None,
        alerts=lines(found["alerts"], today) if "alerts" in found else None,
        may_prescribe=actor.may(Resource.PRESCRIPTION, Action.EDIT),
        may_recognise=actor.may(Resource.REFERRAL, Action.EDIT),
        may_note=writes,
        open_kinds=frozenset(line.row.kind for line in trainings or () if line.row.status in OPEN_TRAININGS),
        now=clock.now(),
    )


def path_of(row: Training) -> str:
    """The course in words."""
    if row.kind == TrainingKind.CIVIC:
        hours = f", {row.hours} heures" if row.hours else ""
        return f"Formation civique, {row.days} journées{hours}"
    text = PATHS.get(row.path, row.path.replace("_", " "))
    hours = f", {row.hours} heures" if row.hours and not row.path.startswith("P") else ""
    return f"{text[:1].upper()}{text[1:]}{hours}"


@dataclass(frozen=True)
class Prescribing:
    """What may be prescribed on that day; `asked`: (fact, question) still open."""

    person: Person
    on: dt.date
    language: Suggestion
    civic: Civic | None
    asked: tuple[tuple[str, str], ...]
    level: str


def prescribing(
    actor: Actor, person_id: uuid.UUID, on: dt.date, answers: Mapping[str, Value] | None = None
) -> Prescribing:
    """Raises Unknown and Refused."""
    policy.require(actor, Resource.PRESCRIPTION, Action.EDIT)
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    evaluation = evaluation_of(person, on, answers)
    found = prescriptions.language(evaluation)
    told = evaluation.told
    level = ", ".join(
        f"{name} {told[fact]}" for fact, name in (("langue.ecrit", "écrit"), ("langue.oral", "oral")) if fact in told
    )
    return Prescribing(
        person=person,
        on=on,
        language=found,
        civic=prescriptions.civic(evaluation),
        asked=tuple((fact, FACTS[fact].question) for fact in found.questions),
        level=level,
    )


def training_bodies(direction: str):
    """The bodies among which one may choose, in order of name."""
    return Organisation.objects.filter(
        kind=OrganisationKind.TRAINING_BODY, direction=direction, closed_on=None
    ).order_by("name", "pk")


def _of(actor: Actor, model: Any, resource: Resource, person: Person) -> Any:
    return policy.visible(actor, model.objects.filter(person=person), resource)
