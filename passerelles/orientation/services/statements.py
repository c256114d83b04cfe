"""What somebody states of a person: a new dated value beside the former ones, never over them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Impossible, Refused
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.orientation.engine.facts import Sensitivity
from passerelles.orientation.models import Statement
from passerelles.orientation.policy import items
from passerelles.orientation.queries.recommendation import consents_to_health
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.services.reviews import review_of
from passerelles.people.models import Person

UNKNOWN = None
"""The value that withdraws: the item is unknown again."""
Read = Mapping[str, uuid.UUID | None]


@transaction.atomic
def state(
    actor: Actor,
    person_id: uuid.UUID,
    values: Mapping[str, Any],
    *,
    source: str,
    as_of: dt.date,
    read: Read | None = None,
) -> list[Statement]:
    """Record these values of the diagnosis, as known from `source` since `as_of`; what has not changed is left.

    `values`: {code: value as a form or a file writes it}. `read`: {code: identifier of the statement that was on the
    screen, None when there was none}; left out, nothing is compared. Raises BadFacts, Refused, EditedElsewhere.
    """
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    policy.require(actor, Resource.DIAGNOSIS, Action.EDIT)
    if as_of > clock.today():
        raise Impossible("La date de ce qui est constaté est dans le futur.", remedy="Corrigez la date.")
    _refuse_others(actor, person, values)
    plain = {code: None if raw is UNKNOWN else ITEMS[code].plain(ITEMS[code].read(raw)) for code, raw in values.items()}
    made = []
    heads = _heads(person, values)
    for code, value in plain.items():
        head = heads.get(code)
        if head is None and value is UNKNOWN:
            continue
        if head is not None and head.value == value and (head.as_of, head.source) == (as_of, source):
            continue
        if read is not None and read.get(code) != (head.pk if head else None):
            if head is not None and head.value == value:
                continue
            raise _edited(head)
        made.append(_add(actor, person, code, value, source=source, as_of=as_of, head=head))
    if made:
        review_of(person)
        journal.note_access(actor, [person.pk], action="write", purpose="diagnostic")
    return made


def withdraw(actor: Actor, person_id: uuid.UUID, code: str, *, source: str, as_of: dt.date) -> list[Statement]:
    """What was stated of this item does not hold: it is unknown again."""
    return state(actor, person_id, {code: UNKNOWN}, source=source, as_of=as_of)


def _refuse_others(actor: Actor, person: Person, values: Mapping[str, Any]) -> None:
    for code in values:
        ITEMS.spec(code)
    allowed = items(actor, Action.EDIT, consents=consents_to_health(person))
    refused = [code for code in values if code not in allowed]
    if refused:
        raise Refused("Votre rôle ne permet pas de saisir cet élément du diagnostic.")


def _heads(person: Person, codes: Mapping[str, Any]) -> dict[str, Statement]:
    rows = Statement.objects.filter(person=person, code__in=list(codes)).order_by("code", "-number").distinct("code")
    return {row.code: row for row in rows}


def _add(
    actor: Actor, person: Person, code: str, value: Any, *, source: str, as_of: dt.date, head: Statement | None
) -> Statement:
    try:
        with transaction.atomic():
            made = Statement.objects.create(
                person=person,
                code=code,
                value=value,
                as_of=as_of,
                source=source,
                by=actor.agent_id,
                organisation=actor.organisation,
                number=head.number + 1 if head else 1,
            )
    except IntegrityError as error:
        raise _edited(_heads(person, {code: None}).get(code)) from error
    said = {} if ITEMS[code].sensitivity is not Sensitivity.ORDINARY else {"value": value}
    journal.record(
        FactKind.FACT_STATED,
        actor=actor,
        occurred_on=as_of,
        person=person.pk,
        subject=made.pk,
        direction=person.direction,
        data={"code": code, "source": source, **said},
    )
    return made


def _edited(head: Statement | None) -> EditedElsewhere:
    who = Agent.objects.filter(pk=head.by).values_list("name", flat=True).first() if head else None
    when = head.created_at if head else clock.now()
    return EditedElsewhere(who or "Un autre poste", f"{when.astimezone(clock.PARIS):%H h %M}")
