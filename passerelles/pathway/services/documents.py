"""Documents that expire (D-006): noted as read on the document, the newest of a nature replaces the former."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.pathway.enums import DocumentKind
from passerelles.pathway.models import Document
from passerelles.pathway.services import follow_ups
from passerelles.pathway.services.states import noted
from passerelles.people.models import Person

LONGEST = dt.timedelta(days=366 * 12)


@transaction.atomic
def note_document(actor: Actor, person_id: uuid.UUID, *, kind: str, expires_on: dt.date) -> Document:
    """A document as the agent reads it. A residence document replaces the other residence documents; a licence, a
    licence.
    """
    person = policy.get_or_404(actor, Person.objects.select_for_update(), Resource.PERSON, person_id, Action.EDIT)
    chosen, today = DocumentKind(kind), clock.today()
    if expires_on > today + LONGEST:
        raise Impossible(f"Un document ne dure pas jusqu’au {expires_on:%d/%m/%Y}.", remedy="Vérifiez l’année.")
    standing = Document.objects.filter(person=person, replaced_on=None)
    is_licence = chosen is DocumentKind.LICENCE
    former = standing.filter(kind=chosen) if is_licence else standing.exclude(kind=DocumentKind.LICENCE)
    for each in former:
        if each.kind == chosen and each.expires_on == expires_on:
            return each
        each.replaced_on = today
        each.save()
    document = Document.objects.create(person=person, kind=chosen, expires_on=expires_on, noted_on=today)
    journal.record(
        FactKind.DOCUMENT_NOTED,
        actor=actor,
        occurred_on=today,
        person=person.pk,
        subject=document.pk,
        direction=person.direction,
        data={"document": document.kind, "expires_on": expires_on},
    )
    noted(actor, person.pk, "document relevé")
    follow_ups.refresh([person.pk])
    return document
