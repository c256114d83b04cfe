"""What the screens and exports of the returns read, always through the policy, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.core.periods import Month
from passerelles.indicators import queries as journal
from passerelles.indicators.engine.definitions import DefinitionSet, definition_set
from passerelles.indicators.engine.figures import Unit
from passerelles.indicators.monthly import Monthly, monthly
from passerelles.indicators.queries import NOW, Known
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.people.models import Person
from passerelles.reference import parameters, territories
from passerelles.reports import access, content, tables
from passerelles.reports.models import Return, ReturnKind, ReturnStatus
from passerelles.reports.tables import Difference

CONVENTION = "metz_convention"
BADGES = {ReturnStatus.DRAFTED: "info", ReturnStatus.VALIDATED: "new", ReturnStatus.SENT: "success"}


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the list. `differences` is None where the live figures are not for this reader."""

    id: uuid.UUID
    direction: str
    month: str
    version: int
    status: str
    badge: str
    known_at: dt.datetime
    newest: bool
    differences: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """A month that is over and for which nothing was sent."""

    direction: str
    direction_name: str
    month: str
    month_label: str
    waiting: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Version:
    id: uuid.UUID
    version: int
    status: str
    badge: str
    known_at: dt.datetime
    sent_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Detail:
    """One version with everything its page shows. `past` and `live` are None for those who read counts only."""

    found: Return
    month: Month
    direction_name: str
    definitions: DefinitionSet
    values: Mapping[str, content.Values]
    past: Monthly | None
    differences: tuple[Difference, ...] | None
    versions: tuple[Version, ...]
    authors: Mapping[uuid.UUID, str]

    @property
    def badge(self) -> str:
        return BADGES[ReturnStatus(self.found.status)]

    @property
    def newest(self) -> bool:
        return all(each.version <= self.found.version for each in self.versions)


@dataclass(frozen=True, slots=True)
class Behind:
    """The persons behind a figure that the reader may see, and how many are outside their reach."""

    people: tuple[Person, ...]
    counted: int
    hidden: int


def returns(actor: Actor) -> QuerySet[Return]:
    """The versions this actor may read, the newest month first; without their content."""
    visible = policy.visible(actor, Return.objects.filter(kind=ReturnKind.METZ_MONTHLY), Resource.RETURN)
    return visible.order_by("-month", "direction", "-version", "id")


def list_lines(actor: Actor, found: Sequence[Return]) -> list[Line]:
    """The lines of one page of the list: three queries, whatever its size."""
    keys = {(each.direction, each.month) for each in found}
    newest: dict[tuple[str, str], int] = {}
    others = returns(actor).filter(direction__in={d for d, _ in keys}, month__in={m for _, m in keys})
    for direction, month, version in others.values_list("direction", "month", "version"):
        newest[direction, month] = max(version, newest.get((direction, month), 0))
    gaps: dict[uuid.UUID, int] = {}
    if access.sees_internal(actor):
        compared = [each for each in found if each.version == newest[each.direction, each.month]]
        gaps = {pk: len(cells) for pk, cells in compare_all(compared).items()}
    return [
        Line(
            id=each.pk,
            direction=territories.direction(each.direction).name,
            month=Month.parse(each.month).label_fr,
            version=each.version,
            status=each.get_status_display(),
            badge=BADGES[ReturnStatus(each.status)],
            known_at=each.known_at,
            newest=each.version == newest[each.direction, each.month],
            differences=gaps.get(each.pk),
        )
        for each in found
    ]


def months_due(actor: Actor) -> list[Due]:
    """The months over since the convention began, for which no version was sent (F.8). One query."""
    if not (access.sees_internal(actor) and actor.directions):
        return []
    last = Month.of(clock.today()).previous
    sent: set[tuple[str, str]] = set()
    waiting: dict[tuple[str, str], uuid.UUID] = {}
    for pk, direction, month, status in returns(actor).values_list("pk", "direction", "month", "status"):
        if status == ReturnStatus.SENT:
            sent.add((direction, month))
        else:
            waiting.setdefault((direction, month), pk)
    due = []
    for direction in sorted(actor.directions):
        for month in _months_of_convention(direction, last):
            key = (direction, str(month))
            if key not in sent:
                name = territories.direction(direction).name
                due.append(Due(direction, name, str(month), month.label_fr, waiting.get(key)))
    return due


def _months_of_convention(direction: str, last: Month) -> Iterable[Month]:
    entry = parameters.state(CONVENTION, clock.today(), f"dt:{direction}").entry
    if entry is None:
        return ()
    end = min(last, Month.of(entry.valid_to)) if entry.valid_to else last
    return Month.of(entry.valid_from).until(end)


def figures_of(found: Return) -> Monthly:
    """The figures as the journal knew them at the position of this version."""
    return monthly(
        found.direction,
        Month.parse(found.month),
        Known(position=found.position),
        definition=found.definition,
        cost=True,
    )


def recompute(found: Return) -> bytes:
    """The content again, from the journal at the position: equal to what is stored, byte for byte."""
    return content.canonical(
        content.heading(found.direction, Month.parse(found.month), found.operator_name), figures_of(found).official
    )


def compare(found: Return) -> tuple[Difference, ...]:
    """The cells that differ between what is frozen and what the journal says now."""
    return compare_all([found])[found.pk]


def compare_all(found: Iterable[Return]) -> dict[uuid.UUID, tuple[Difference, ...]]:
    """The same for many returns: two queries."""
    asked = list(found)
    now = journal.histories({(each.direction, Month.parse(each.month)) for each in asked}, NOW)
    compared = {}
    for each in asked:
        definitions = definition_set(each.definition)
        live = Monthly(now[each.direction, Month.parse(each.month)], definitions)
        compared[each.pk] = tables.differences(definitions, content.values_of(bytes(each.content)), live)
    return compared


def find_return(actor: Actor, return_id: uuid.UUID, action: Action = Action.VIEW) -> Return:
    """The version, or 404 (403 when it may be read but not exported)."""
    return policy.get_or_404(actor, returns(actor), Resource.RETURN, return_id, action)


def find_version(direction: str, month: Month, version: int) -> Return:
    """One stored version by its number; raises Unknown. For the command line only."""
    found = Return.objects.filter(
        kind=ReturnKind.METZ_MONTHLY, direction=direction, month=str(month), version=version
    ).first()
    if found is None:
        name = territories.direction(direction).name
        raise Unknown(f"Il n’existe pas de version {version} de la remontée de {month.label_fr} ({name}).")
    return found


def detail(actor: Actor, return_id: uuid.UUID) -> Detail:
    """The page of one version."""
    found = find_return(actor, return_id)
    definitions = definition_set(found.definition)
    inside = access.sees_internal(actor)
    siblings = returns(actor).filter(direction=found.direction, month=found.month).defer("content")
    authors = {found.drafted_by, found.validated_by, found.sent_by} - {None}
    return Detail(
        found=found,
        month=Month.parse(found.month),
        direction_name=territories.direction(found.direction).name,
        definitions=definitions,
        values=content.values_of(bytes(found.content)),
        past=figures_of(found) if inside else None,
        differences=compare(found) if inside else None,
        versions=tuple(
            Version(
                each.pk,
                each.version,
                each.get_status_display(),
                BADGES[ReturnStatus(each.status)],
                each.known_at,
                each.sent_at,
            )
            for each in siblings
        ),
        authors=dict(Agent.objects.filter(pk__in=authors).values_list("pk", "name")) if inside else {},
    )


def live(actor: Actor, direction: str, month: Month, known: Known = NOW) -> Monthly:
    """The figures of a month, not frozen, as known now or on a date."""
    policy.require(actor, Resource.INDICATOR, Action.COUNT)
    access.require_direction(actor, direction)
    return monthly(direction, month, known, cost=access.sees_internal(actor))


def people_behind(actor: Actor, units: Iterable[Unit]) -> Behind:
    """The persons behind a cell, by name, among those the actor may see. One query."""
    counted = {unit.person for unit in units}
    visible = policy.visible(actor, Person.objects.filter(pk__in=counted), Resource.PERSON)
    people = tuple(visible.order_by("family_name", "given_names", "pk"))
    return Behind(people, len(counted), len(counted) - len(people))
