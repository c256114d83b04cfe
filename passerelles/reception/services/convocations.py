"""Convoke people: one by one, or by thousands from a file, with the same result and the same facts.

The file path works by sets: two queries find who is known, COPY writes who is new. Re-reading the same row changes
nothing; a corrected row corrects; a row for another date moves a convocation not yet held.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from passerelles.core.bulk import write_behind
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.people.models import Person
from passerelles.reception.models import Convocation
from passerelles.reception.rules.file_rows import FileRow, prepared
from passerelles.reception.services import batch_tables
from passerelles.reception.services.batch import Batch, Convoked
from passerelles.reception.services.planning import locked_session


@transaction.atomic
def convoke(actor: Actor, session_id: uuid.UUID, person: Person, *, source: str = "") -> Convocation:
    """Convoke one known person to a session. Refused when they are expected elsewhere at the same time."""
    session = locked_session(actor, session_id)
    try:
        with transaction.atomic():
            convocation = Convocation.objects.create(
                session=session, person=person, during=session.during, source=source
            )
    except IntegrityError as error:
        raise Impossible(f"{person} est déjà convoquée sur cette demi-journée.") from error
    journal.record(
        FactKind.CONVOKED,
        actor=actor,
        occurred_on=session.held_on,
        subject=convocation.pk,
        person=person.pk,
        direction=session.direction,
        organisation=session.operator_id,
        data={"session": session.pk, "walk_in": False},
    )
    return convocation


def convoke_rows(actor: Actor, rows: Sequence[dict[str, Any]], *, organisation: Organisation, source: str) -> Convoked:
    """Convoke the persons of these file rows in the DT `organisation`; one transaction, all or nothing.

    Row keys: family_name, given_names, birth_date, sex, session_date and `line`; optionally birth_name, nationality,
    language, phone, email, address, postcode, city, commune_code, admission_motive, foreigner_number, ofii_number,
    session_time, session_place, cir_number, cir_signed_on, sheet.
    """
    secret = settings.SECRET_KEY
    ready = [prepared(row, line=row["line"], sheet=row.get("sheet") or "", secret=secret) for row in rows]
    return convoke_prepared(actor, ready, organisation=organisation, source=source)


@transaction.atomic
def convoke_prepared(actor: Actor, rows: Sequence[FileRow], *, organisation: Organisation, source: str) -> Convoked:
    """The same for rows already prepared, for example by another process."""
    policy.require(actor, Resource.IMPORT, Action.EDIT)
    if not actor.system and organisation.direction not in actor.directions:
        raise policy.Refused("Cette direction territoriale n’est pas la vôtre.")
    batch = Batch(actor, organisation, source, rows)
    batch.find_known_people()
    batch.decide_people()
    batch.decide_sessions()
    batch.decide_convocations()
    batch.give_slots()
    with write_behind():
        batch_tables.write_people(batch)
        batch_tables.write_sessions(batch)
        batch_tables.write_convocations(batch)
        journal.note_access(actor, batch.result.people, action="write", purpose=f"import : {source}")
    journal.record_many(batch.facts, actor=actor)
    return batch.result
