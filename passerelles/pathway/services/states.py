"""What every verb does first: find the row under the policy, locked, and ask the table for the next state."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.core.text import in_sentence
from passerelles.journal import services as journal
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.pathway.rules.flows import Flow
from passerelles.people.models import Person


def locked(actor: Actor, model: Any, resource: Resource, pk: uuid.UUID) -> Any:
    """The row, locked until the end of the transaction; Unknown or Refused (policy)."""
    rows = model.objects.select_related("person").select_for_update(of=("self",))
    return policy.get_or_404(actor, rows, resource, pk, Action.EDIT)


def person_of(actor: Actor, pk: uuid.UUID, resource: Resource) -> Person:
    """The person about whom something new is written; `resource` is what is written."""
    policy.require(actor, resource, Action.EDIT)
    return policy.get_or_404(actor, Person.objects, Resource.PERSON, pk)


def advance(flow: Flow, row: Any, event: str, verb: str) -> None:
    """Put `row` in the state the table gives, or say in French why `verb` is not possible."""
    state = flow.after(row.status, event)
    if state is None:
        raise Impossible(
            f"« {row} » est à l’état « {in_sentence(row.get_status_display())} » : on ne peut pas {verb}.",
            remedy="Rechargez la page : un collègue l’a peut-être déjà fait.",
        )
    row.status = state


def refuse_future(day: dt.date, what: str) -> None:
    if day > clock.today():
        raise Impossible(f"{what} ne peut pas être dans le futur ({day:%d/%m/%Y}).", remedy="Vérifiez la date.")


def refuse_before(day: dt.date, earliest: dt.date, what: str, than: str) -> None:
    if day < earliest:
        raise Impossible(
            f"{what} ({day:%d/%m/%Y}) ne peut pas précéder {than} ({earliest:%d/%m/%Y}).", remedy="Vérifiez les dates."
        )


def noted(actor: Actor, person_id: uuid.UUID, purpose: str) -> None:
    journal.note_access(actor, [person_id], action="write", purpose=purpose)
