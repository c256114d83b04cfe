"""The doors of the day: arrivals, absences, people who come without a convocation, the collective presentation."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage.queries import derived
from passerelles.linkage.services import Known, keep_reason
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.identity import identity_key
from passerelles.people.models import Person
from passerelles.people.services import hash_of, mentions, record_person, withdraw_person
from passerelles.reception.enums import AbsenceReason, Attendance, InterviewStatus, SessionStatus
from passerelles.reception.models import Convocation, Session
from passerelles.reception.rules.planning import collective_alert
from passerelles.reception.services.planning import assign_slots, locked_session
from passerelles.reception.settings_on import limits

AT_THE_DOOR = "Venue sans convocation"


def locked_convocation(actor: Actor, convocation_id: uuid.UUID) -> Convocation:
    """The convocation, locked, if the actor may change it."""
    return policy.get_or_404(
        actor,
        Convocation.objects.select_related("session", "person").select_for_update(of=("self",)),
        Resource.SESSION,
        convocation_id,
        Action.EDIT,
    )


@transaction.atomic
def record_arrival(actor: Actor, convocation_id: uuid.UUID, *, at: dt.datetime | None = None) -> Convocation:
    """The person is there; minutes late are counted from the start of the session."""
    convocation = locked_convocation(actor, convocation_id)
    if convocation.status == Attendance.PRESENT:
        return convocation
    arrived_at = at or clock.now()
    return _set_attendance(actor, convocation, Attendance.PRESENT, arrived_at=arrived_at)


@transaction.atomic
def record_absence(
    actor: Actor, convocation_id: uuid.UUID, *, reason: str, note: str = "", excused: bool = False
) -> Convocation:
    """The person did not come, and why (C-001)."""
    convocation = locked_convocation(actor, convocation_id)
    if convocation.status == Attendance.PRESENT and hasattr(convocation, "interview"):
        raise Impossible(
            f"{convocation.person} a un entretien enregistré : elle ne peut pas être notée absente.",
            remedy="Corrigez d’abord l’entretien.",
        )
    status = Attendance.EXCUSED if excused else Attendance.ABSENT
    return _set_attendance(actor, convocation, status, reason=AbsenceReason(reason), note=note)


@transaction.atomic
def undo_attendance(actor: Actor, convocation_id: uuid.UUID) -> Convocation:
    """Go back to "expected": the fact recorded by mistake is retracted."""
    convocation = locked_convocation(actor, convocation_id)
    if hasattr(convocation, "interview"):
        raise Impossible("Un entretien est enregistré : la présence ne peut plus être effacée.")
    _refuse_unless_open(convocation)
    fact = journal.standing_fact(FactKind.ATTENDANCE, convocation.pk)
    if fact is None:
        return convocation
    journal.retract(fact, actor=actor, reason="saisie annulée")
    convocation.status, convocation.arrived_at = Attendance.CONVOKED, None
    convocation.absence_reason, convocation.note = "", ""
    _save(convocation)
    return convocation


def _set_attendance(
    actor: Actor,
    convocation: Convocation,
    status: Attendance,
    *,
    arrived_at: dt.datetime | None = None,
    reason: str = "",
    note: str = "",
) -> Convocation:
    _refuse_unless_open(convocation)
    convocation.status, convocation.arrived_at = status, arrived_at
    convocation.absence_reason, convocation.note = reason, note
    _save(convocation)
    late = 0
    if arrived_at:
        late = max(0, int((arrived_at - convocation.session.during.lower).total_seconds() // 60))
    journal.correct(
        FactKind.ATTENDANCE,
        actor=actor,
        occurred_on=convocation.session.held_on,
        subject=convocation.pk,
        person=convocation.person_id,
        direction=convocation.session.direction,
        organisation=convocation.session.operator_id,
        data={
            "session": convocation.session_id,
            "status": status.value,
            "reason": reason,
            "late_minutes": late,
            "walk_in": convocation.walk_in,
        },
    )
    journal.note_access(actor, [convocation.person_id], action="write", purpose="présence à la séance")
    return convocation


def _refuse_unless_open(convocation: Convocation) -> None:
    if convocation.status == Attendance.MOVED or convocation.session.status == SessionStatus.CANCELLED:
        raise Impossible("Cette convocation a été reportée ou sa séance annulée.")
    if convocation.session.status == SessionStatus.CLOSED:
        raise Impossible("Cette séance est clôturée.", remedy="Rouvrez-la pour corriger une présence.")


def _save(convocation: Convocation) -> None:
    try:
        with transaction.atomic():
            convocation.save(update_fields=["status", "arrived_at", "absence_reason", "note"])
    except IntegrityError as error:
        raise Impossible(
            "Le créneau de cette personne a été donné à une autre, ou elle est attendue ailleurs au même moment.",
            remedy="Donnez-lui un autre créneau, puis recommencez.",
        ) from error


@transaction.atomic
def welcome_walk_in(
    actor: Actor,
    session_id: uuid.UUID,
    *,
    person: Person | None = None,
    at: dt.datetime | None = None,
    identifiers: dict[str, str] | None = None,
    despite: tuple[Known, str] | None = None,
    **values: Any,
) -> Convocation:
    """Receive somebody who was not convoked (C-021): a known person, or the one that `values` describe.

    `values` that are exactly a person of the DT, without another foreigner number, are that person: no second record.
    `despite`: who looked like them, and why a record is made all the same.
    """
    session = locked_session(actor, session_id)
    if session.status == SessionStatus.CLOSED:
        raise Impossible("Cette séance est clôturée.", remedy="Rouvrez-la pour recevoir une personne de plus.")
    if person is None:
        person = exactly_known(session.direction, identifiers or {}, values)
    if person is None:
        person = record_person(
            actor,
            direction=session.direction,
            recorded_on=session.held_on,
            identifiers=identifiers,
            source=AT_THE_DOOR,
            **values,
        )
        if despite is not None:
            keep_reason(actor, person, despite[0], reason=despite[1])
    try:
        with transaction.atomic():
            convocation = Convocation.objects.create(
                session=session, person=person, during=session.during, walk_in=True, source=AT_THE_DOOR
            )
    except IntegrityError as error:
        raise Impossible(
            f"{person} est déjà attendue ce jour-là à la même heure.", remedy="Cherchez-la dans la liste de la séance."
        ) from error
    journal.record(
        FactKind.CONVOKED,
        actor=actor,
        occurred_on=session.held_on,
        subject=convocation.pk,
        person=person.pk,
        direction=session.direction,
        organisation=session.operator_id,
        data={"session": session.pk, "walk_in": True},
    )
    record_arrival(actor, convocation.pk, at=at)
    assign_slots(actor, session.pk)
    convocation.refresh_from_db()
    return convocation


def exactly_known(direction: str, identifiers: dict[str, str], values: dict[str, Any]) -> Person | None:
    """The person of the DT with this identifier and this birth date, or this exact identity without contradiction."""
    hashes = {(kind, hash_of(kind, value)) for kind, value in identifiers.items()}
    key = identity_key(values["family_name"], values["given_names"], values.get("birth_date"))
    same = Q(identity_key=key) if values.get("birth_date") else Q()
    for kind, value in hashes:
        same |= Q(identifiers__kind=kind, identifiers__search_hash=value)
    if not same:
        return None
    found = Person.objects.filter(same, direction=direction, birth_date=values.get("birth_date")).distinct()
    for person in found.prefetch_related("identifiers").order_by("created_at", "pk"):
        theirs = {(each.kind, bytes(each.search_hash)) for each in person.identifiers.all()}
        kinds = {kind for kind, _ in theirs} & {kind for kind, _ in hashes}
        if hashes & theirs or not kinds:
            return person
    return None


def record_goes_too(convocation: Convocation) -> bool:
    """Was the record made at the door, with nothing but this convocation that refers to it?"""
    person = convocation.person
    if person.source != AT_THE_DOOR:
        return False
    return not mentions(person, besides=[convocation, *derived(person)])


@transaction.atomic
def withdraw_walk_in(actor: Actor, convocation_id: uuid.UUID, *, reason: str) -> bool:
    """Take back somebody entered at the door by mistake, before any interview (C-021).

    The convocation leaves the day and its facts are retracted, so that the figures of the month follow. True when
    the record made at the door left too, because nothing else referred to it.
    """
    convocation = locked_convocation(actor, convocation_id)
    if not convocation.walk_in:
        raise Impossible(
            f"{convocation.person} a été convoquée : elle ne peut pas être retirée de la séance.",
            remedy="Si elle n’est pas venue, notez son absence.",
        )
    if hasattr(convocation, "interview"):
        raise Impossible(f"{convocation.person} a un entretien : elle ne peut plus être retirée de la séance.")
    _refuse_unless_open(convocation)
    person = Person.objects.select_for_update().get(pk=convocation.person_id)
    alone = record_goes_too(convocation)
    for kind in (FactKind.ATTENDANCE, FactKind.CONVOKED):
        fact = journal.standing_fact(kind, convocation.pk)
        if fact is not None:
            journal.retract(fact, actor=actor, reason=reason)
    journal.note_access(actor, [person.pk], action="write", purpose="retirée de la séance")
    convocation.delete()
    if alone:
        withdraw_person(actor, person, reason=reason, besides=derived(person))
    return alone


@transaction.atomic
def hold_collective(
    actor: Actor,
    session_id: uuid.UUID,
    *,
    minutes: int,
    messages: Sequence[str],
    tools: Sequence[str] = (),
    started_at: dt.datetime | None = None,
) -> str:
    """The collective presentation was held (C-015, C-016); an alert sentence when it lasted too long, else ""."""
    session = locked_session(actor, session_id)
    if minutes < 0 or minutes > 240:
        raise Impossible("La durée s’écrit en minutes, entre 0 et 240.")
    session.collective_started_at = started_at or session.collective_started_at or session.during.lower
    session.collective_minutes = minutes
    session.collective_messages, session.tools_shown = list(messages), list(tools)
    session.save()
    journal.correct(
        FactKind.COLLECTIVE_HELD,
        actor=actor,
        occurred_on=session.held_on,
        subject=session.pk,
        direction=session.direction,
        organisation=session.operator_id,
        data={"minutes": minutes, "messages": list(messages), "tools": list(tools)},
    )
    found = limits(session.held_on, session.direction)
    return collective_alert(minutes, found) if found else ""


@transaction.atomic
def close_session(actor: Actor, session_id: uuid.UUID) -> Session:
    """End of the half-day: every person present has an interview, everybody else is absent or excused."""
    session = locked_session(actor, session_id)
    waiting = session.convocations.filter(status=Attendance.CONVOKED).count()
    if waiting:
        raise Impossible(
            f"{waiting} personne(s) sans présence ni absence.", remedy="Pointez chacune avant de clôturer la séance."
        )
    unfinished = (
        session.convocations.filter(status=Attendance.PRESENT).exclude(interview__status=InterviewStatus.DONE).count()
    )
    if unfinished:
        raise Impossible(
            f"{unfinished} entretien(s) non terminé(s).", remedy="Terminez-les, ou notez pourquoi, avant de clôturer."
        )
    session.status = SessionStatus.CLOSED
    session.save(update_fields=["status"])
    return session


@transaction.atomic
def reopen_session(actor: Actor, session_id: uuid.UUID) -> Session:
    """Open again a session closed too early."""
    session = locked_session(actor, session_id)
    session.status = SessionStatus.PLANNED
    session.save(update_fields=["status"])
    return session
