"""Appointments of assessment and end-of-CIR interviews: fixed, held, missed, moved, cancelled (C-002, C-051, D-023)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import OrganisationKind, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.pathway.enums import MeetingKind
from passerelles.pathway.models import Meeting
from passerelles.pathway.rules.flows import MEETING
from passerelles.pathway.services import follow_ups
from passerelles.pathway.services.states import advance, locked, noted, person_of
from passerelles.people.models import Contract
from passerelles.people.services import observe_situation
from passerelles.reference import levels

END_OF_CIR = "Entretien de fin de CIR"
"""Source of the situation then observed: the words of the synthetic population."""


@transaction.atomic
def fix_meeting(
    actor: Actor,
    person_id: uuid.UUID,
    *,
    kind: str,
    fixed_for: dt.datetime,
    organisation: Organisation | None = None,
    place: str = "",
    replaces: Meeting | None = None,
) -> Meeting:
    """One appointment of each nature at a time. The end-of-CIR interview is held by the DT, for a signatory."""
    person = person_of(actor, person_id, Resource.PRESCRIPTION)
    chosen = MeetingKind(kind)
    if fixed_for <= clock.now():
        raise Impossible(
            f"Un rendez-vous ne se fixe pas dans le passé ({fixed_for.astimezone(clock.PARIS):%d/%m/%Y %H:%M}).",
            remedy="Vérifiez la date.",
        )
    if chosen is MeetingKind.END_OF_CIR and not Contract.objects.filter(person=person).exists():
        raise Impossible("Aucun contrat n’est enregistré pour cette personne : il n’y a pas de bilan à tenir.")
    held_by = organisation or actor.organisation
    if held_by is None or held_by.kind not in {OrganisationKind.OFII_DT, OrganisationKind.TEST_PROVIDER}:
        raise Impossible("Le rendez-vous se tient à la DT de l’OFII ou chez le prestataire de positionnement.")
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                person=person, kind=chosen, organisation=held_by, fixed_for=fixed_for, place=place, replaces=replaces
            )
    except IntegrityError as error:
        raise Impossible(
            f"{person} a déjà un rendez-vous de cette nature.", remedy="Reportez-le au lieu d’en créer un second."
        ) from error
    journal.record(
        FactKind.MEETING_FIXED,
        actor=actor,
        occurred_on=clock.today(),
        person=person.pk,
        subject=meeting.pk,
        direction=person.direction,
        data={"meeting": meeting.kind, "fixed_for": fixed_for, "with": held_by.pk},
    )
    _after(actor, meeting)
    return meeting


@transaction.atomic
def record_meeting(actor: Actor, meeting_id: uuid.UUID, *, result: str) -> Meeting:
    """Held (assessment only), missed or excused. An end-of-CIR interview is held by `hold_end_of_cir`."""
    meeting = _passed(actor, meeting_id)
    events = {"attended": "attend", "missed": "miss", "excused": "excuse"}
    if result not in events:
        raise Impossible("Choisissez : tenu, manqué ou excusé.")
    if result == "attended" and meeting.kind == MeetingKind.END_OF_CIR:
        raise Impossible("Un entretien de bilan tenu s’enregistre avec ce qu’il a constaté.")
    advance(MEETING, meeting, events[result], "noter sa suite")
    meeting.save()
    _tell_result(actor, meeting)
    return meeting


@transaction.atomic
def hold_end_of_cir(
    actor: Actor, meeting_id: uuid.UUID, *, situation: str, level: str = "", wants_orientation: bool | None = None
) -> Meeting:
    """The interview took place: a new dated situation, the level then, the wish for a new orientation (C-051)."""
    meeting = _passed(actor, meeting_id)
    if meeting.kind != MeetingKind.END_OF_CIR:
        raise Impossible("Ce rendez-vous n’est pas un entretien de bilan.")
    if level and levels.find(level) is None:
        raise Impossible(f"« {level} » n’est pas un niveau de français.")
    advance(MEETING, meeting, "attend", "le tenir")
    meeting.level, meeting.situation, meeting.wants_orientation = level, situation, wants_orientation
    meeting.save()
    day = clock.paris_date(meeting.fixed_for)
    observe_situation(actor, meeting.person, kind=situation, observed_on=day, source=END_OF_CIR)
    journal.record(
        FactKind.END_OF_CIR_INTERVIEW,
        actor=actor,
        occurred_on=day,
        person=meeting.person_id,
        subject=meeting.pk,
        direction=meeting.person.direction,
        data={"level": level, "situation": situation},
    )
    _after(actor, meeting)
    return meeting


@transaction.atomic
def reschedule_meeting(actor: Actor, meeting_id: uuid.UUID, *, fixed_for: dt.datetime) -> Meeting:
    """Another date: the former appointment stays, marked as moved, and the new one replaces it."""
    meeting = locked(actor, Meeting, Resource.PRESCRIPTION, meeting_id)
    advance(MEETING, meeting, "reschedule", "le reporter")
    meeting.save()
    _tell_result(actor, meeting)
    return fix_meeting(
        actor,
        meeting.person_id,
        kind=meeting.kind,
        fixed_for=fixed_for,
        organisation=meeting.organisation,
        place=meeting.place,
        replaces=meeting,
    )


@transaction.atomic
def cancel_meeting(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """It will not take place. Once its hour has passed, whoever did not come missed it."""
    meeting = locked(actor, Meeting, Resource.PRESCRIPTION, meeting_id)
    if meeting.fixed_for <= clock.now():
        raise Impossible("La date est passée : notez « manqué » ou « excusé ».")
    advance(MEETING, meeting, "cancel", "l’annuler")
    meeting.save()
    _tell_result(actor, meeting)
    return meeting


def _passed(actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    meeting = locked(actor, Meeting, Resource.PRESCRIPTION, meeting_id)
    if clock.now() < meeting.fixed_for:
        raise Impossible(
            f"Le rendez-vous est le {meeting.fixed_for.astimezone(clock.PARIS):%d/%m/%Y à %H h %M} : "
            "il n’a pas encore eu lieu."
        )
    return meeting


def _tell_result(actor: Actor, meeting: Meeting) -> None:
    journal.correct(
        FactKind.MEETING_RESULT,
        actor=actor,
        occurred_on=min(clock.paris_date(meeting.fixed_for), clock.today()),
        subject=meeting.pk,
        person=meeting.person_id,
        direction=meeting.person.direction,
        data={"meeting": meeting.kind, "result": meeting.status},
    )
    _after(actor, meeting)


def _after(actor: Actor, meeting: Meeting) -> None:
    noted(actor, meeting.person_id, "rendez-vous de l’OFII")
    follow_ups.refresh([meeting.person_id])
