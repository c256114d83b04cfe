"""Plan sessions, their desks and slots. Limits of the protocol are alerts; double booking is impossible."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from psycopg.types.range import Range

from passerelles.core import clock
from passerelles.core.errors import AlreadyTaken, Impossible
from passerelles.journal import services as journal
from passerelles.journal.services import NewFact
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.reception.enums import Attendance, SessionStatus
from passerelles.reception.models import Convocation, Desk, Session
from passerelles.reception.rules.planning import free_slots, session_alerts, session_span, week_alerts
from passerelles.reception.settings_on import limits
from passerelles.reference.calendar import week_of

USUAL_START = {"am": (9, 0), "pm": (13, 30)}


@transaction.atomic
def plan_session(
    actor: Actor,
    *,
    organisation: Organisation,
    held_on: dt.date,
    half_day: str,
    operator: Organisation | None = None,
    starts_at: dt.time | None = None,
    place: str = "",
    capacity: int = 12,
    desks: int = 1,
    languages: Sequence[str] = (),
    partners: Sequence[str] = (),
) -> Session:
    """A session of the DT `organisation` (C-001, C-014). Raises `AlreadyTaken` when it exists already."""
    scope = policy.require(actor, Resource.SESSION, Action.EDIT)
    if not actor.system and organisation.direction not in actor.directions:
        raise policy.Refused("Cette direction territoriale n’est pas la vôtre.")
    if scope is Scope.OWN_SESSIONS and (operator is None or operator.pk != actor.organisation_id):
        raise policy.Refused("Vous ne pouvez planifier que les séances tenues par votre organisme.")
    start = clock.paris(held_on, *(USUAL_START[half_day] if starts_at is None else (starts_at.hour, starts_at.minute)))
    during = Range(*session_span(start), "[)")
    try:
        with transaction.atomic():
            session = Session.objects.create(
                organisation=organisation,
                operator=operator,
                direction=organisation.direction,
                held_on=held_on,
                half_day=half_day,
                during=during,
                place=place,
                capacity=capacity,
                languages=list(languages),
                partners=list(partners),
            )
    except IntegrityError as error:
        raise AlreadyTaken(
            f"Une séance existe déjà le {held_on:%d/%m/%Y} pour cette demi-journée et ce lieu.",
            remedy="Ouvrez-la, ou précisez un autre lieu.",
        ) from error
    Desk.objects.bulk_create(
        Desk(session=session, number=number, label=f"Bureau {number}") for number in range(1, max(desks, 1) + 1)
    )
    journal.record(
        FactKind.SESSION_PLANNED,
        actor=actor,
        occurred_on=held_on,
        subject=session.pk,
        direction=session.direction,
        organisation=operator.pk if operator else None,
        data={"capacity": capacity, "half_day": half_day},
    )
    return session


@transaction.atomic
def change_session(
    actor: Actor,
    session_id: uuid.UUID,
    *,
    place: str | None = None,
    capacity: int | None = None,
    languages: Sequence[str] | None = None,
    partners: Sequence[str] | None = None,
    operator: Organisation | None = None,
    desks: int | None = None,
) -> Session:
    """Change what was planned. Desks are added; an added desk takes part in the next allocation of slots."""
    session = locked_session(actor, session_id)
    for name, value in (("place", place), ("capacity", capacity), ("operator", operator)):
        if value is not None:
            setattr(session, name, value)
    if languages is not None:
        session.languages = list(languages)
    if partners is not None:
        session.partners = list(partners)
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        raise AlreadyTaken(
            "Une autre séance existe déjà dans ce lieu pour cette demi-journée.", remedy="Précisez un autre lieu."
        ) from error
    there = session.desks.count()
    Desk.objects.bulk_create(
        Desk(session=session, number=number, label=f"Bureau {number}") for number in range(there + 1, (desks or 0) + 1)
    )
    return session


@transaction.atomic
def cancel_session(actor: Actor, session_id: uuid.UUID, *, reason: str) -> Session:
    """Cancel a session where nobody was received; its convocations are freed for another date."""
    session = locked_session(actor, session_id)
    if session.convocations.filter(status__in=[Attendance.PRESENT, Attendance.ABSENT]).exists():
        raise Impossible("Des personnes ont été pointées : cette séance ne peut plus être annulée.")
    session.status = SessionStatus.CANCELLED
    session.save(update_fields=["status"])
    freed = list(session.convocations.exclude(status=Attendance.MOVED).select_for_update().order_by("pk"))
    session.convocations.filter(pk__in=[convocation.pk for convocation in freed]).update(
        status=Attendance.MOVED, desk=None, slot=None
    )
    journal.record_many(
        (
            NewFact(
                FactKind.CONVOCATION_MOVED,
                clock.today(),
                person=convocation.person_id,
                subject=convocation.pk,
                direction=session.direction,
                organisation=session.operator_id,
                data={"reason": "session_cancelled"},
            )
            for convocation in freed
        ),
        actor=actor,
    )
    journal.note_access(
        actor, [convocation.person_id for convocation in freed], action="write", purpose="séance annulée"
    )
    journal.record(
        FactKind.SESSION_CANCELLED,
        actor=actor,
        occurred_on=session.held_on,
        subject=session.pk,
        direction=session.direction,
        organisation=session.operator_id,
        data={"reason": reason},
    )
    return session


def locked_session(actor: Actor, session_id: uuid.UUID) -> Session:
    """The session, locked for this transaction, if the actor may change it and it is not cancelled."""
    session = policy.get_or_404(
        actor,
        Session.objects.select_for_update(of=("self",)),
        Resource.SESSION,
        session_id,
        Action.EDIT,
    )
    if session.status == SessionStatus.CANCELLED:
        raise Impossible("Cette séance a été annulée.")
    return session


@transaction.atomic
def assign_slots(actor: Actor, session_id: uuid.UUID) -> int:
    """Give a desk and a slot to each convocation that has none, in order of convocation; how many were given."""
    session = locked_session(actor, session_id)
    desks = list(session.desks.order_by("number"))
    convocations = list(
        session.convocations.exclude(status__in=[Attendance.MOVED, Attendance.EXCUSED]).order_by("created_at", "id")
    )
    taken = {(c.desk_id, c.slot.lower) for c in convocations if c.slot is not None}
    waiting = [c for c in convocations if c.slot is None]
    slots = free_slots(session.during.lower, [desk.pk for desk in desks], taken, session.slot_minutes)
    length = dt.timedelta(minutes=session.slot_minutes)
    for convocation, (desk_id, instant) in zip(waiting, slots, strict=False):
        convocation.desk_id, convocation.slot = desk_id, Range(instant, instant + length, "[)")
    Convocation.objects.bulk_update(waiting, ["desk", "slot"])
    return len(waiting)


@transaction.atomic
def move_to_slot(actor: Actor, convocation_id: uuid.UUID, *, desk_id: uuid.UUID, at: dt.datetime) -> Convocation:
    """Put a person at a desk and a time; `AlreadyTaken` when somebody else is there."""
    convocation = policy.get_or_404(
        actor,
        Convocation.objects.select_related("session").select_for_update(of=("self",)),
        Resource.SESSION,
        convocation_id,
        Action.EDIT,
    )
    if not convocation.session.desks.filter(pk=desk_id).exists():
        raise policy.Unknown("Ce bureau n’appartient pas à la séance.")
    length = dt.timedelta(minutes=convocation.session.slot_minutes)
    convocation.desk_id, convocation.slot = desk_id, Range(at, at + length, "[)")
    try:
        with transaction.atomic():
            convocation.save(update_fields=["desk", "slot"])
    except IntegrityError as error:
        raise AlreadyTaken(
            "Ce créneau vient d’être donné à une autre personne.",
            remedy="Choisissez un autre créneau ou un autre bureau.",
        ) from error
    return convocation


def alerts(session: Session) -> list[str]:
    """What the planner should know about this session: capacity, length, week, agreement (C-014, C-017)."""
    found = limits(session.held_on, session.direction)
    if found is None:
        return [
            "Aucun protocole n’est configuré pour cette direction à cette date : les limites ne sont pas vérifiées."
        ]
    week = week_of(session.held_on)
    that_week = Session.objects.filter(
        direction=session.direction, operator=session.operator_id, held_on__range=(week.start, week.end)
    ).exclude(status=SessionStatus.CANCELLED)
    convoked = session.convocations.exclude(status=Attendance.MOVED).filter(walk_in=False)
    counts = (
        Session.objects.filter(pk=session.pk)
        .order_by()
        .values_list(*(_count(rows) for rows in (convoked, session.desks.all(), that_week)))
    )
    people, desks, sessions = counts.get()
    return session_alerts(people, desks, found) + (week_alerts(sessions, found) if session.operator_id else [])


def _count(rows: QuerySet) -> Subquery:
    """How many rows, inside another query."""
    one = rows.order_by().annotate(one=Value(1)).values("one")
    return Subquery(one.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
