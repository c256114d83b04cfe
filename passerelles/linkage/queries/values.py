"""Every value of a record with where it comes from and since when; what it replaced is still there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passerelles.people.models import Person

REPLACED = "replaced"
TRACKED = (
    "family_name birth_name given_names birth_date sex nationality phone email address postcode city language motive"
).split()


@dataclass(frozen=True, slots=True)
class Value:
    """What a field holds, or held: the value, its source, and the instant from which it stood."""

    value: Any
    source: str
    since: dt.datetime


Timelines = Mapping[uuid.UUID, Mapping[str, tuple[Value, ...]]]


def timelines(people: Sequence[Person]) -> Timelines:
    """{person: {field: its values, the newest first}}. One query. A field never filled has no value."""
    events = Person._meta.get_field("events").related_model
    former: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for event in events.objects.filter(pgh_obj__in=[each.pk for each in people], pgh_label=REPLACED).order_by("pgh_id"):
        former[event.pgh_obj_id].append(event)
    return {person.pk: _of(person, former[person.pk]) for person in people}


def _of(person: Person, former: Sequence[Any]) -> dict[str, tuple[Value, ...]]:
    """`former`: the record as it stood before each change, in order."""
    states = [*former, person]
    starts = [person.created_at, *(event.pgh_created_at for event in former)]
    found = {}
    for name in TRACKED:
        values: list[Value] = []
        for state, start in zip(states, starts, strict=True):
            value = getattr(state, name)
            if not values or values[-1].value != value:
                values.append(Value(value, state.source, start))
        found[name] = tuple(each for each in reversed(values) if each.value not in ("", None))
    return found
