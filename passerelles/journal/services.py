"""The verbs that append to the journal. Called by the rooms above, inside their transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from passerelles.core import clock
from passerelles.core.bulk import Column, copy_columns, copy_rows
from passerelles.journal import hearing
from passerelles.journal.models import Access, Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.policy import Actor

_JSON = DjangoJSONEncoder(ensure_ascii=False)


@dataclass(slots=True)
class NewFact:
    """A fact about to be appended in bulk."""

    kind: FactKind
    occurred_on: dt.date
    person: uuid.UUID | None = None
    subject: uuid.UUID | None = None
    direction: str = ""
    organisation: uuid.UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


def record(
    kind: FactKind,
    *,
    actor: Actor,
    occurred_on: dt.date,
    person: uuid.UUID | None = None,
    subject: uuid.UUID | None = None,
    direction: str = "",
    organisation: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
    retracts: Fact | None = None,
) -> Fact:
    """Append one fact. Must run inside the transaction that changes the state; `hearing` is told in it."""
    _needs_transaction()
    fact = Fact.objects.create(
        kind=kind,
        person_id=person,
        subject_id=subject,
        direction=direction,
        organisation_id=organisation or actor.organisation_id,
        actor_id=actor.agent_id,
        occurred_on=occurred_on,
        data=data or {},
        retracts=retracts,
    )
    hearing.tell(fact)
    return fact


def record_many(facts: Iterable[NewFact], *, actor: Actor) -> int:
    """Append many facts by COPY; same result as `record` one by one."""
    _needs_transaction()
    instant = clock.now()
    columns = "kind person_id subject_id direction organisation_id actor_id occurred_on recorded_at data".split()
    rows = (
        (
            fact.kind.value,
            fact.person,
            fact.subject,
            fact.direction,
            fact.organisation or actor.organisation_id,
            actor.agent_id,
            fact.occurred_on,
            instant,
            _JSON.encode(fact.data) if fact.data else "{}",
        )
        for fact in facts
    )
    return copy_rows(Fact, columns, rows)


def record_columns(
    kind: FactKind,
    count: int,
    *,
    actor: Actor,
    occurred_on: Column,
    person: Column = None,
    subject: Column = None,
    direction: Column = "",
    organisation: Column = None,
    data: Column = "{}",
) -> int:
    """Append `count` facts of one kind given as columns of text (`core.bulk`); same result as `record` one by one."""
    _needs_transaction()
    own = str(actor.organisation_id) if actor.organisation_id else None
    holders = organisation or own if isinstance(organisation, str | None) else [each or own for each in organisation]
    return copy_columns(
        Fact,
        count,
        {
            "kind": kind.value,
            "person_id": person,
            "subject_id": subject,
            "direction": direction,
            "organisation_id": holders,
            "actor_id": str(actor.agent_id) if actor.agent_id else None,
            "occurred_on": occurred_on,
            "recorded_at": clock.now().isoformat(),
            "data": data,
        },
    )


def data_texts(columns: Mapping[str, Sequence[Hashable]]) -> list[str]:
    """The `data` of many facts as JSON, from one column per key; each distinct value is encoded once."""
    encode = lru_cache(maxsize=None, typed=True)(_JSON.encode)
    shape = "{" + ", ".join(f"{_JSON.encode(name)}: %s" for name in columns) + "}"
    return [shape % values for values in zip(*(map(encode, column) for column in columns.values()), strict=True)]


def retract(fact: Fact, *, actor: Actor, reason: str) -> Fact:
    """Say that `fact` did not happen: a new fact, dated today, that retracts it."""
    return record(
        FactKind.RETRACTION,
        actor=actor,
        occurred_on=clock.today(),
        person=fact.person_id,
        subject=fact.subject_id,
        direction=fact.direction,
        organisation=fact.organisation_id,
        data={"reason": reason},
        retracts=fact,
    )


def standing_fact(kind: FactKind, subject: uuid.UUID) -> Fact | None:
    """The fact of this kind about `subject` that stands now, if any (the newest)."""
    return Fact.objects.standing().filter(kind=kind, subject_id=subject).order_by("-id").first()


def correct(
    kind: FactKind,
    *,
    actor: Actor,
    occurred_on: dt.date,
    subject: uuid.UUID,
    **details: Any,
) -> Fact:
    """Append the fact, retracting the one of the same kind that stood about the same subject."""
    return record(
        kind,
        actor=actor,
        occurred_on=occurred_on,
        subject=subject,
        retracts=standing_fact(kind, subject),
        **details,
    )


def note_access(actor: Actor, people: Iterable[uuid.UUID], *, action: str, purpose: str) -> None:
    """Write in the access log that `actor` read or wrote `people` (K-004). No row for an empty list."""
    seen = list(people)
    if not seen:
        return
    copy_columns(
        Access,
        1,
        {
            "at": clock.now().isoformat(),
            "actor_id": str(actor.agent_id) if actor.agent_id else None,
            "organisation_id": str(actor.organisation_id) if actor.organisation_id else None,
            "role": actor.role or "",
            "action": action,
            "purpose": purpose[:200],
            "people": "{" + ",".join(map(str, seen)) + "}",
        },
    )


def position() -> int:
    """The number of the last fact, once every writer under way has finished.

    Waits for the transactions that are appending, so that no fact can later appear below the number returned.
    """
    _needs_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_position()")
        return cursor.fetchone()[0]


def _needs_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a fact is appended in the transaction that changes the state, never alone")
