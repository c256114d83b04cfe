"""Every night: who must soon renew a residence document, or say their situation of the month at France Travail (K-011).

Each reminder has one name (person, date, stage): a night that did not run is made up for by the next, and nobody is
told twice. The language, the channel, the opt-out and the quiet hours are those of every message.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from passerelles.core.periods import add_years
from passerelles.messages import services as outbox
from passerelles.messages.models import Message
from passerelles.network.policy import SYSTEM
from passerelles.pathway.models import Document
from passerelles.pathway.queries.delays import delays_on
from passerelles.pathway.queries.expiries import ends_of, stated_ends
from passerelles.pathway.queries.steps import CIR_YEARS
from passerelles.pathway.rules.reminders import stage_of, update_due
from passerelles.people.enums import Register
from passerelles.people.models import Person, Registration
from passerelles.reference import parameters
from passerelles.reference.parameters import BeforeFirstDate, NotConfigured

BATCH = 500


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to queue. `key`: its name, once for ever."""

    person: uuid.UUID
    situation: str
    on: dt.date
    key: str


def run(at: dt.date) -> int:
    """Queue what is due on `at` and not yet told; how many messages. In transactions of a few hundred persons."""
    return sum(_tell(batch) for batch in _batches((*_permits(at), *_updates(at))))


def _permits(at: dt.date) -> Iterator[Reminder]:
    """The end of the residence document, told at each of the two delays of its alert; its nature never is (C-035)."""
    people = set(stated_ends(at).values_list("person_id", flat=True))
    people.update(Document.objects.filter(replaced_on=None).order_by().values_list("person_id", flat=True))
    ordered = sorted(people)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        directions = dict(Person.objects.filter(pk__in=batch).order_by().values_list("pk", "direction"))
        delays = {direction: delays_on(at, direction) for direction in set(directions.values())}
        for person, ends in ends_of(batch, at).items():
            for about, end in ends:
                known = delays[directions[person]]
                stage = stage_of(end, at, known.document, known.document_last) if about == person else ""
                if stage:
                    yield Reminder(person, "permit_expiry", end, f"permit-of-person:{person}:{end}:{stage}")


def _updates(at: dt.date) -> Iterator[Reminder]:
    """Whoever is registered at France Travail since before this month, during the years of the CIR pathway."""
    due = update_due(at, _number("rights_update_last_day", at), _number("rights_update_remind_days", at))
    years = _number(CIR_YEARS, at)
    if due is None or years is None:
        return
    registered = Registration.objects.filter(
        register=Register.FRANCE_TRAVAIL, ends_on=None, starts_on__range=(add_years(due, -years), due.replace(day=1))
    ).exclude(starts_on=due.replace(day=1))
    for person in registered.order_by("person_id").values_list("person_id", flat=True).distinct():
        yield Reminder(person, "rights_update", due, f"update-of-person:{person}:{due}")


@transaction.atomic
def _tell(reminders: list[Reminder]) -> int:
    told = set(Message.objects.filter(key__in=[each.key for each in reminders]).values_list("key", flat=True))
    left = [each for each in reminders if each.key not in told]
    people = Person.objects.in_bulk([each.person for each in left])
    queued = 0
    for each in left:
        made = outbox.tell_person(SYSTEM, people[each.person], each.situation, key=each.key, on=each.on)
        queued += made is not None
    return queued


def _batches(reminders: Iterable[Reminder]) -> Iterator[list[Reminder]]:
    found = list(reminders)
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]


def _number(key: str, on: dt.date) -> int | None:
    try:
        return parameters.value(key, on).as_int()
    except (NotConfigured, BeforeFirstDate):
        return None
