"""How far the journal is read, and the histories of the monthly return: three queries, whatever the month.

The figures of the catalogue are asked in `tables`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from passerelles.core import clock
from passerelles.core.periods import Month
from passerelles.indicators.engine import events
from passerelles.indicators.engine.events import FactRow, History
from passerelles.journal.models import Fact, FactQuerySet
from passerelles.journal.vocabulary import FactKind

COLUMNS = ("id", "kind", "person_id", "subject_id", "occurred_on", "data")

Wanted = tuple[str, Month]


@dataclass(frozen=True, slots=True)
class Known:
    """How far the journal is read: up to a `position`, up to an `instant`, or all of it (neither)."""

    position: int | None = None
    instant: dt.datetime | None = None

    @classmethod
    def on(cls, day: dt.date) -> Known:
        """As known at the end of `day`, in Paris."""
        return cls(instant=clock.paris(day + dt.timedelta(days=1)) - dt.timedelta(microseconds=1))

    def facts(self) -> FactQuerySet:
        if self.position is not None:
            return Fact.objects.known_up_to(self.position)
        if self.instant is not None:
            return Fact.objects.known_at(self.instant)
        return Fact.objects.standing()


NOW = Known()


def histories(wanted: Iterable[Wanted], known: Known = NOW) -> dict[Wanted, History]:
    """The history of each (direction, month). Three queries, however many are wanted."""
    asked = list(dict.fromkeys(wanted))
    if not asked:
        return {}
    of_month = known.facts().filter(
        reduce(or_, (Q(direction=d, occurred_on__range=(m.first, m.last)) for d, m in asked)),
        kind__in=events.MONTH_KINDS,
    )
    month_rows: dict[Wanted, list[FactRow]] = defaultdict(list)
    people: dict[UUID, set[Wanted]] = defaultdict(set)
    for direction, *values in of_month.order_by("id").values_list("direction", *COLUMNS):
        row = FactRow(*values)
        key = (direction, Month.of(row.on))
        month_rows[key].append(row)
        if row.person is not None:
            people[row.person].add(key)
    same = _one_person(people, known)
    person_rows: dict[Wanted, list[FactRow]] = defaultdict(list)
    of_people = known.facts().filter(person_id__in=list(people), kind__in=events.PERSON_KINDS)
    for values in of_people.order_by("id").values_list(*COLUMNS):
        row = FactRow(*values)
        for key in people[row.person]:
            person_rows[key].append(row)
    return {
        key: events.history(*key, _renamed(month_rows[key], same), _renamed(person_rows[key], same)) for key in asked
    }


def _one_person(people: Iterable[UUID], known: Known) -> dict[UUID, UUID]:
    """{record: the record that stands for the person}, for those that share an identity with another of `people`.

    A figure of distinct persons counts once a person who came under two records, as long as the link was known.
    """
    joined = known.facts().filter(person_id__in=list(people), kind=FactKind.IDENTITY_JOINED)
    groups: dict[str, list[UUID]] = defaultdict(list)
    for person, data in joined.order_by("person_id").values_list("person_id", "data"):
        groups[data["identity"]].append(person)
    return {person: group[0] for group in groups.values() for person in group[1:]}


def _renamed(rows: list[FactRow], same: dict[UUID, UUID]) -> list[FactRow]:
    return [row._replace(person=same[row.person]) if row.person in same else row for row in rows] if same else rows


def history(direction: str, month: Month, known: Known = NOW) -> History:
    """The history of one direction and one month."""
    return histories([(direction, month)], known)[(direction, month)]


def registrations_by_cip(direction: str, since: dt.date, until: dt.date, known: Known = NOW) -> int:
    """Registrations at France Travail made by the CIP from `since` to `until`, both included."""
    made = known.facts().filter(
        direction=direction,
        kind=FactKind.REGISTERED,
        occurred_on__range=(since, until),
        data__by="cip",
        data__register="ft",
    )
    return made.count()
