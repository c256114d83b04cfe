"""Which returns are asked of which territories, for which periods, and where each stands (F.8, G.4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from passerelles.core.periods import Month
from passerelles.network.enums import Role
from passerelles.network.policy import Actor
from passerelles.reference import parameters, territories
from passerelles.reference.territory import NATIONAL, Kind, Territory
from passerelles.reports.catalogue import CATALOGUE, ReturnType, Template
from passerelles.reports.models import GONE, Return, ReturnStatus
from passerelles.reports.schedule import LENGTHS, ReturnPeriod

CONVENTION = "metz_convention"
SHOWN_BACK = 400
"""Days: what was due before is history, not a task."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A return due: `due_on` None when the date has to be confirmed (L-055); `found`: its newest version."""

    kind: ReturnType
    territory: Territory
    period: ReturnPeriod
    due_on: dt.date | None
    found: uuid.UUID | None
    status: str
    sent_at: dt.datetime | None

    @property
    def gone(self) -> bool:
        return self.status in GONE

    def days_left(self, today: dt.date) -> int | None:
        return None if self.due_on is None else (self.due_on - today).days

    def late(self, today: dt.date) -> bool:
        """Due and not sent."""
        return not self.gone and self.due_on is not None and self.due_on < today

    @property
    def state_fr(self) -> str:
        return ReturnStatus(self.status).label if self.status else "À établir"


def territories_of(actor: Actor) -> list[Territory]:
    """The territories for which this role makes returns."""
    if actor.role in (Role.CIP, Role.ORGANISATION_ADMIN, Role.OFII_AUDITOR):
        return [Territory(Kind.DIRECTION, code) for code in sorted(actor.directions)]
    if actor.role is Role.DT_MANAGER:
        departments = [each.code for slug in actor.directions for each in territories.departments_of_direction(slug)]
        return [
            *(Territory(Kind.DIRECTION, code) for code in sorted(actor.directions)),
            *(Territory(Kind.DEPARTMENT, code) for code in sorted(departments)),
        ]
    if actor.role is Role.DEPARTMENT_STATE:
        return [Territory(Kind.DEPARTMENT, code) for code in sorted(actor.departments)]
    if actor.role is Role.REGION_STATE:
        return [Territory(Kind.REGION, code) for code in sorted(actor.regions)]
    return [NATIONAL] if actor.role is Role.NATIONAL_STATE else []


def kinds_of(actor: Actor) -> list[ReturnType]:
    """The lines of the catalogue that this role drafts or validates."""
    return [each for each in CATALOGUE if actor.role in each.sends]


def obligations(kinds: Iterable[ReturnType], places: Iterable[Territory], today: dt.date) -> list[Obligation]:
    """What is due over the last months and next, the period under way included. One query."""
    wanted = [
        (kind, place, period)
        for kind in kinds
        for place in places
        if kind.concerns(place)
        for period in _periods(kind, place, today)
    ]
    newest: dict[tuple[str, str, str], tuple[uuid.UUID, str, dt.datetime | None]] = {}
    rows = Return.objects.filter(
        kind__in={kind.slug for kind, _, _ in wanted}, territory__in={str(place) for _, place, _ in wanted}
    ).order_by("version")
    for kind, territory, period, pk, status, sent_at in rows.values_list(
        "kind", "territory", "period", "pk", "status", "sent_at"
    ):
        newest[kind, territory, period] = (pk, status, sent_at)
    found = []
    for kind, place, period in wanted:
        pk, status, sent_at = newest.get((kind.slug, str(place), str(period)), (None, "", None))
        found.append(Obligation(kind, place, period, kind.due_on(period), pk, status, sent_at))
    return sorted(found, key=lambda each: (each.due_on or dt.date.max, each.kind.code, str(each.territory)))


def _periods(kind: ReturnType, place: Territory, today: dt.date) -> list[ReturnPeriod]:
    """Periods over and not too old, and the one under way."""
    if kind.frequency not in LENGTHS:
        return []
    since, until = kind.since, kind.until
    if kind.template is Template.METZ:
        entry = parameters.state(CONVENTION, today, str(place)).entry
        if entry is None:
            return []
        since, until = entry.valid_from, entry.valid_to
    found = []
    period = ReturnPeriod.holding(Month.of(max(since, today - dt.timedelta(days=SHOWN_BACK))), kind.frequency)
    while period is not None and period.starts_on <= today and (until is None or period.starts_on <= until):
        found.append(period)
        period = period.next
    return found
