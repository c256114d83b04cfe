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
from passerelles.reference.territory import Territory
from passerelles.reports import access, content, sheets, tables
from passerelles.reports.catalogue import Template
from passerelles.reports.making import make
from passerelles.reports.models import Return, ReturnStatus
from passerelles.reports.obligations import Obligation, kinds_of, obligations, territories_of
from passerelles.reports.schedule import ReturnPeriod
from passerelles.reports.sheets import Change, SheetTable
from passerelles.reports.tables import Difference

BADGES = {
    ReturnStatus.DRAFTED: "info",
    ReturnStatus.VALIDATED: "new",
    ReturnStatus.SENT: "success",
    ReturnStatus.ACKNOWLEDGED: "success",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the list. `differences` is None where the live figures are not for this reader."""

    id: uuid.UUID
    name: str
    place: str
    period: str
    version: int
    status: str
    badge: str
    known_at: dt.datetime
    newest: bool
    differences: int | None


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
    period: ReturnPeriod
    place: str
    definitions: DefinitionSet | None
    values: Mapping[str, content.Values]
    sheets: Sequence[SheetTable]
    text: str
    past: Monthly | None
    differences: Sequence[Difference] | None
    changes: Sequence[Change] | None
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
    """The versions this actor may read, the newest period first; without their content."""
    visible = policy.visible(actor, Return.objects.all(), Resource.RETURN)
    return visible.order_by("-period", "territory", "kind", "-version", "id")


def list_lines(actor: Actor, found: Sequence[Return]) -> list[Line]:
    """The lines of one page of the list: three queries, whatever its size."""
    newest: dict[tuple[str, str, str], int] = {}
    others = returns(actor).filter(
        kind__in={each.kind for each in found},
        territory__in={each.territory for each in found},
        period__in={each.period for each in found},
    )
    for kind, territory, period, version in others.values_list("kind", "territory", "period", "version"):
        newest[kind, territory, period] = max(version, newest.get((kind, territory, period), 0))
    gaps: dict[uuid.UUID, int] = {}
    if access.sees_internal(actor):
        compared = [
            each for each in found if each.type.template is Template.METZ and each.version == newest[_key(each)]
        ]
        gaps = {pk: len(cells) for pk, cells in compare_all(compared).items()}
    return [
        Line(
            id=each.pk,
            name=each.type.name,
            place=each.place.label_fr,
            period=each.span.label_fr,
            version=each.version,
            status=each.get_status_display(),
            badge=BADGES[ReturnStatus(each.status)],
            known_at=each.known_at,
            newest=each.version == newest[_key(each)],
            differences=gaps.get(each.pk),
        )
        for each in found
    ]


def _key(found: Return) -> tuple[str, str, str]:
    return found.kind, found.territory, found.period


def calendar(actor: Actor) -> list[Obligation]:
    """What this role has to make, by date: one query, and one for each parameter of a convention."""
    return obligations(kinds_of(actor), territories_of(actor), clock.today())


def to_make(actor: Actor) -> list[Obligation]:
    """What is over and not sent yet, the oldest first (F.8)."""
    today = clock.today()
    return [
        each for each in calendar(actor) if not each.gone and each.due_on is not None and each.period.ends_on < today
    ]


def figures_of(found: Return) -> Monthly | None:
    """The monthly figures as the journal knew them at the position of this version; None for other returns."""
    if found.type.template is not Template.METZ:
        return None
    return monthly(
        found.direction,
        Month.parse(found.period),
        Known(position=found.position),
        definition=found.definition,
        cost=True,
    )


def recompute(found: Return) -> bytes:
    """The content again, from the journal at the position: equal to what is stored, byte for byte."""
    return _made_again(found, Known(position=found.position), found.operator_name)


def _made_again(found: Return, known: Known, operator: str | None) -> bytes:
    text = bytes(found.content).decode() if found.type.template is Template.DOCUMENT else ""
    made = make(
        found.type,
        found.place,
        found.span,
        known,
        text=text,
        definition=found.definition,
        operator=operator,
        certificate=found.certificate,
    )
    return made.content


def compare(found: Return) -> tuple[Difference, ...]:
    """The cells that differ between what is frozen and what the journal says now."""
    return compare_all([found])[found.pk]


def compare_all(found: Iterable[Return]) -> dict[uuid.UUID, tuple[Difference, ...]]:
    """The same for many returns: two queries."""
    asked = list(found)
    now = journal.histories({(each.direction, Month.parse(each.period)) for each in asked}, NOW)
    compared = {}
    for each in asked:
        definitions = definition_set(each.definition)
        live = Monthly(now[each.direction, Month.parse(each.period)], definitions)
        compared[each.pk] = tables.differences(definitions, content.values_of(bytes(each.content)), live)
    return compared


def find_return(actor: Actor, return_id: uuid.UUID, action: Action = Action.VIEW) -> Return:
    """The version, or 404 (403 when it may be read but not exported)."""
    return policy.get_or_404(actor, returns(actor), Resource.RETURN, return_id, action)


def find_version(kind: str, territory: str, period: ReturnPeriod, version: int) -> Return:
    """One stored version by its number; raises Unknown. For the command line only."""
    found = Return.objects.filter(kind=kind, territory=territory, period=str(period), version=version).first()
    if found is None:
        name = Territory.parse(territory).label_fr
        raise Unknown(f"Il n’existe pas de version {version} de la remontée de {period.label_fr} ({name}).")
    return found


def detail(actor: Actor, return_id: uuid.UUID, *, compared: bool = False) -> Detail:
    """The page of one version; `compared`: figures of the catalogue are computed again to tell what changed."""
    found = find_return(actor, return_id)
    template, frozen = found.type.template, bytes(found.content)
    monthly_one = template is Template.METZ
    inside = access.sees_internal(actor)
    siblings = returns(actor).filter(kind=found.kind, territory=found.territory, period=found.period).defer("content")
    authors = {found.drafted_by, found.validated_by, found.sent_by, found.acknowledged_by} - {None}
    return Detail(
        found=found,
        period=found.span,
        place=found.place.label_fr,
        definitions=definition_set(found.definition) if monthly_one else None,
        values=content.values_of(frozen) if monthly_one else {},
        sheets=sheets.tables(sheets.parse(frozen)) if template is Template.FIGURES else (),
        text=frozen.decode() if template is Template.DOCUMENT else "",
        past=figures_of(found) if inside and monthly_one else None,
        differences=compare(found) if inside and monthly_one else None,
        changes=sheets.changes(frozen, _made_again(found, NOW, None))
        if compared and template is Template.FIGURES
        else None,
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
        authors=dict(Agent.objects.filter(pk__in=authors).values_list("pk", "name"))
        if inside or actor.role in found.type.drafts
        else {},
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
