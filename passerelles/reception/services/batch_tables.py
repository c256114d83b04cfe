"""What a batch has decided, written by whole columns: people, sessions, convocations, and the facts of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg.types.range import Range

from passerelles.core.bulk import copy_columns, new_ids
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.people.models import Contract, Identifier, Person
from passerelles.people.services import PROFILE_FIELDS, department_of
from passerelles.reception.models import Convocation, Desk, Session
from passerelles.reception.services.batch import Batch

TEXT_FIELDS = (
    "family_name birth_name given_names sex nationality motive language phone email address postcode city commune_code"
).split()


def write_people(batch: Batch) -> None:
    """New persons, their identifiers, their contracts."""
    people = batch.new_people
    rows = [person.row.values for person in people]
    ids = [person.pk for person in people]
    created_at = batch.instant.isoformat()
    born = [day.isoformat() if (day := row.get("birth_date")) else None for row in rows]
    texts = {name: [row.get(name) or "" for row in rows] for name in TEXT_FIELDS}
    copy_columns(
        Person,
        len(people),
        {
            "id": ids,
            "created_at": created_at,
            **texts,
            "birth_date": born,
            "birth_date_precision": [row.get("birth_date_precision") or "day" for row in rows],
            "needs_interpreter": ["t" if row.get("interpreter_language") else "f" for row in rows],
            "direction": batch.direction,
            "identity_key": [person.row.identity_key for person in people],
            "source": batch.source,
        },
    )
    residence = list(map(department_of, texts["commune_code"], texts["postcode"]))
    profile = texts | {"birth_date": born, "department": residence}
    journal.record_columns(
        FactKind.PERSON_RECORDED,
        len(people),
        actor=batch.actor,
        occurred_on=batch.today.isoformat(),
        person=ids,
        direction=batch.direction,
        data=journal.data_texts({name: [value or None for value in profile[name]] for name in PROFILE_FIELDS}),
    )
    _write_identifiers(batch, created_at)
    _write_contracts(batch, created_at)


def _write_identifiers(batch: Batch, created_at: str) -> None:
    held = [(person.pk, number) for person in batch.new_people for number in person.row.numbers]
    copy_columns(
        Identifier,
        len(held),
        {
            "id": new_ids(len(held)),
            "created_at": created_at,
            "person": [person for person, _ in held],
            "kind": [number.kind for _, number in held],
            "sealed": [number.sealed for _, number in held],
            "search_hash": [number.search_hash for _, number in held],
            "source": batch.source,
        },
    )


def _write_contracts(batch: Batch, created_at: str) -> None:
    signed = [person for person in batch.new_people if person.row.values.get("cir_signed_on")]
    ids = new_ids(len(signed))
    people = [person.pk for person in signed]
    signed_on = [person.row.values["cir_signed_on"].isoformat() for person in signed]
    copy_columns(
        Contract,
        len(signed),
        {
            "id": ids,
            "created_at": created_at,
            "person": people,
            "kind": "cir",
            "number": [person.row.values.get("cir_number") or "" for person in signed],
            "signed_on": signed_on,
            "direction": batch.direction,
            "lot": "",
        },
    )
    journal.record_columns(
        FactKind.CONTRACT_SIGNED,
        len(signed),
        actor=batch.actor,
        occurred_on=signed_on,
        person=people,
        subject=ids,
        direction=batch.direction,
        data='{"kind": "cir"}',
    )


def write_sessions(batch: Batch) -> None:
    """New sessions, each with one desk."""
    sessions = batch.new_sessions
    ids = [str(session.pk) for session in sessions]
    held_on = [session.held_on.isoformat() for session in sessions]
    operators = [_text(session.operator_id) for session in sessions]
    half_days = [session.half_day for session in sessions]
    capacities = [session.capacity for session in sessions]
    created_at = batch.instant.isoformat()
    copy_columns(
        Session,
        len(sessions),
        {
            "id": ids,
            "created_at": created_at,
            "organisation": str(batch.organisation.pk),
            "operator": operators,
            "direction": batch.direction,
            "held_on": held_on,
            "half_day": half_days,
            "during": [_range_text(session.during) for session in sessions],
            "place": [session.place for session in sessions],
            "capacity": [str(capacity) for capacity in capacities],
            "slot_minutes": [str(session.slot_minutes) for session in sessions],
            "status": [session.status.value for session in sessions],
            **dict.fromkeys(("languages", "partners", "collective_messages", "tools_shown"), "{}"),
        },
    )
    copy_columns(
        Desk,
        len(sessions),
        {
            "id": list(batch.new_desks.values()),
            "created_at": created_at,
            "session": ids,
            "number": "1",
            "label": "Bureau 1",
        },
    )
    journal.record_columns(
        FactKind.SESSION_PLANNED,
        len(sessions),
        actor=batch.actor,
        occurred_on=held_on,
        subject=ids,
        direction=batch.direction,
        organisation=operators,
        data=journal.data_texts({"capacity": capacities, "half_day": half_days}),
    )


def write_convocations(batch: Batch) -> None:
    """New convocations, each with its desk and slot."""
    new = batch.new_convocations
    sessions = {convocation.session.pk: convocation.session for convocation in new}
    keys = [convocation.session.pk for convocation in new]

    def by_session(texts: Iterable[str | None]) -> list[str | None]:
        told = dict(zip(sessions, texts, strict=True))
        return [told[key] for key in keys]

    ids = [convocation.pk for convocation in new]
    people = [str(convocation.person_id) for convocation in new]
    session_ids = by_session(str(key) for key in sessions)
    copy_columns(
        Convocation,
        len(new),
        {
            "id": ids,
            "created_at": batch.instant.isoformat(),
            "session": session_ids,
            "person": people,
            "during": by_session(_range_text(session.during) for session in sessions.values()),
            "desk": [_text(convocation.desk) for convocation in new],
            "slot": [_range_text(convocation.slot) if convocation.slot else None for convocation in new],
            "status": "convoked",
            "walk_in": "f",
            "source": batch.source,
            "absence_reason": "",
            "note": "",
        },
    )
    journal.record_columns(
        FactKind.CONVOKED,
        len(new),
        actor=batch.actor,
        occurred_on=by_session(session.held_on.isoformat() for session in sessions.values()),
        person=people,
        subject=ids,
        direction=batch.direction,
        organisation=by_session(_text(session.operator_id) for session in sessions.values()),
        data=journal.data_texts({"session": session_ids, "walk_in": [False] * len(new)}),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _range_text(span: Range) -> str:
    return f"[{span.lower.isoformat()},{span.upper.isoformat()})"
