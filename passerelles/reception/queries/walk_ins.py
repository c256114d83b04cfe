"""Find, among the persons one may see, somebody who came without a convocation."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from passerelles.linkage.queries.look_up import near
from passerelles.network.policy import Actor
from passerelles.people.queries import search as find
from passerelles.reception.enums import Attendance
from passerelles.reception.models import Convocation, Session

MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A known person, and whether they already stand in the session."""

    pk: uuid.UUID
    name: str
    birth_date: dt.date | None
    city: str
    already_here: bool


def search(actor: Actor, session: Session, words: str) -> list[Found]:
    """At most ten persons of the DT found by name, birth date or foreigner number, then by names that sound alike."""
    people = find(actor, words, on=session.held_on).filter(direction=session.direction)
    found = list(people[:MOST_FOUND])
    if len(found) < MOST_FOUND:
        alike = near(actor, words, on=session.held_on, without=[person.pk for person in found])
        found += [each.person for each in alike if each.person.direction == session.direction]
        del found[MOST_FOUND:]
    here = set(
        Convocation.objects.filter(session=session, person__in=found)
        .exclude(status=Attendance.MOVED)
        .order_by()
        .values_list("person_id", flat=True)
    )
    return [Found(p.pk, str(p), p.birth_date, p.city, p.pk in here) for p in found]
