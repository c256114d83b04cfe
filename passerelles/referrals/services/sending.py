"""From the draft to the sent referral, and what the sender may still do: redirect, take back, withdraw, wait.

A-050, B-035, B-044, B-045, C-007, C-008, C-054, D-035.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused
from passerelles.core.periods import date_fr
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, OrganisationKind, Resource
from passerelles.network.policy import Actor
from passerelles.people.models import OptOut, Person
from passerelles.referrals import notices
from passerelles.referrals.models import AppointmentStatus, Referral, Service
from passerelles.referrals.queries.transmission import lines_of
from passerelles.referrals.rules import transmission
from passerelles.referrals.rules.words import (
    Basis,
    Channel,
    Event,
    Party,
    Purpose,
    State,
    TakeOverReason,
    WithdrawReason,
)
from passerelles.referrals.services.moves import move, start_clock, tell
from passerelles.referrals.speakers import By, Speaker, locked

EMPLOYMENT_SERVICE = frozenset(
    {
        OrganisationKind.FRANCE_TRAVAIL,
        OrganisationKind.MISSION_LOCALE,
        OrganisationKind.CAP_EMPLOI,
        OrganisationKind.APEC,
    }
)


@transaction.atomic
def draft(
    actor: Actor,
    *,
    person_id: uuid.UUID,
    service_id: uuid.UUID,
    purpose: str,
    basis: str = "",
    consent_on: dt.date | None = None,
    message: str = "",
    health_agreed: bool = False,
    declared: Mapping[str, Any] | None = None,
    decision_id: uuid.UUID | None = None,
    procedure_explained: bool = False,
    online_access_helped: bool = False,
    advice_given: bool = False,
    replaces: Referral | None = None,
) -> Referral:
    """A referral not yet sent; what it will transmit is already fixed. Raises Unknown, Refused, Impossible.

    `declared`: the items of the interview or the diagnosis (`queries.transmission.DECLARED`); `decision_id`: the
    decision of orientation behind it.
    """
    policy.require(actor, Resource.REFERRAL, Action.EDIT)
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    service = Service.objects.select_related("organisation").filter(pk=service_id).first()
    if service is None or service.closed_on or service.organisation.closed_on:
        raise Impossible("Ce service ne reçoit plus personne.", remedy="Choisissez-en un autre.")
    receiver = service.organisation
    if receiver.pk == actor.organisation_id:
        raise Impossible("Une orientation va vers un autre organisme que le vôtre.")
    if not transmission.may_receive(receiver.kind):
        raise Impossible(f"{receiver} ne reçoit pas d’orientations.")
    lines = lines_of(person, receiver, purpose, message=message, health_agreed=health_agreed, declared=declared)
    referral = Referral(
        person=person,
        sender=actor.organisation,
        receiver=receiver,
        service=service,
        sent_by=actor.agent,
        direction=person.direction,
        purpose=Purpose(purpose).value,
        basis=Basis(basis).value if basis else "",
        consent_on=consent_on,
        message=message,
        health_agreed=health_agreed,
        transmitted=transmission.as_data(lines),
        decision_id=decision_id,
        procedure_explained=procedure_explained,
        online_access_helped=online_access_helped,
        advice_given=advice_given,
        replaces=replaces,
        entered_on=clock.today(),
    )
    start_clock(referral)
    try:
        with transaction.atomic():
            referral.save()
    except IntegrityError as error:
        if "referral_consent_dated" in str(error):
            raise Impossible("Indiquez la date à laquelle la personne a donné son accord.") from error
        if "referral_open_once" not in str(error):
            raise
        raise Impossible(
            f"{person} est déjà orientée ou orienté vers ce service pour ce besoin, et l’orientation est en cours.",
            remedy="Ouvrez-la au lieu d’en créer une seconde.",
        ) from error
    return referral


@transaction.atomic
def refer(actor: Actor, **values: Any) -> Referral:
    """Draft and send at once (columns of `draft`): sent, or proposed when the OFII must validate it."""
    made = draft(actor, **values)
    return send(actor, made.pk)


@transaction.atomic
def send(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """Send the draft; towards AGIR, an organisation other than the OFII proposes it and the OFII validates (B-045)."""
    referral, speaker = locked(actor, referral_id)
    if not referral.basis:
        raise Impossible(
            "Dites sur quel fondement les données sont transmises.",
            remedy="Choisissez la mission de service public ou l’accord de la personne.",
        )
    transmission.require_basis(referral.receiver.kind, referral.purpose, referral.basis)
    _refuse_opted_out(referral)
    if _needs_validation(referral):
        move(referral, speaker, Event.PROPOSE)
        tell(referral, speaker, FactKind.REFERRAL_PROPOSED, reason=referral.purpose)
        tell(referral, speaker, FactKind.AGIR_PROPOSED, by=referral.sender.kind)
        notices.referral_proposed(referral)
        return referral
    return _send(referral, speaker, Event.SEND)


@transaction.atomic
def validate(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """The OFII validates a proposal of AGIR: it is sent to the operator (B-045, E-008)."""
    referral, speaker = locked(actor, referral_id)
    _refuse_opted_out(referral)
    return _send(referral, speaker, Event.VALIDATE)


@transaction.atomic
def reject(actor: Actor, referral_id: uuid.UUID, *, note: str) -> Referral:
    """The OFII refuses the proposal, and says why."""
    referral, speaker = locked(actor, referral_id)
    if not note:
        raise Impossible("Dites pourquoi la proposition est refusée.")
    referral.reason, referral.reason_note = WithdrawReason.NOT_VALIDATED.value, note
    move(referral, speaker, Event.REJECT)
    tell(referral, speaker, FactKind.REFERRAL_WITHDRAWN, by=speaker.party.value, reason=referral.reason)
    notices.told_to_sender(referral, "rejected", "l’orientation proposée vers AGIR n’est pas validée par l’OFII.")
    return referral


@transaction.atomic
def redirect(actor: Actor, referral_id: uuid.UUID, *, service_id: uuid.UUID, **values: Any) -> Referral:
    """Send the person elsewhere: the new referral, sent; the former one is closed and says where it went.

    `values`: the columns of `draft` that change (`basis`, `consent_on`, `message`, `purpose`…). C-007.
    """
    referral, speaker = locked(actor, referral_id)
    former = State(referral.state)
    if service_id == referral.service_id:
        raise Impossible("Choisissez un autre service que celui de cette orientation.")
    release_place(referral)
    drop_appointment(referral)
    move(referral, speaker, Event.REDIRECT)
    given = {
        "person_id": referral.person_id,
        "purpose": referral.purpose,
        "basis": referral.basis,
        "consent_on": referral.consent_on,
        "message": referral.message,
        "health_agreed": referral.health_agreed,
        "decision_id": referral.decision_id,
        "declared": _declared_of(referral),
    }
    onward = refer(actor, service_id=service_id, replaces=referral, **(given | values))
    tell(
        referral,
        speaker,
        FactKind.REFERRAL_REDIRECTED,
        reason=referral.reason or former.value,
        onward=str(onward.pk),
    )
    return onward


@transaction.atomic
def take_back(actor: Actor, referral_id: uuid.UUID, *, note: str) -> Referral:
    """The sender takes the case back without waiting for the clocks; the person is to be offered another place."""
    if not note:
        raise Impossible("Dites pourquoi vous reprenez cette orientation.")
    referral, speaker = locked(actor, referral_id)
    return take_over(referral, speaker, TakeOverReason.DECIDED, note=note)


def take_over(referral: Referral, speaker: Speaker, reason: TakeOverReason, *, note: str = "") -> Referral:
    """The case goes back to its sender. Inside a transaction, on a locked referral."""
    former = referral.state
    release_place(referral)
    drop_appointment(referral)
    referral.reason, referral.reason_note = reason.value, note
    move(referral, speaker, Event.TAKE_OVER)
    tell(referral, speaker, FactKind.REFERRAL_TAKEN_OVER, reason=reason.value, state=former)
    notices.person_given_back(referral)
    return referral


@transaction.atomic
def hold(actor: Actor, referral_id: uuid.UUID, *, until: dt.date) -> Referral:
    """The sender, who holds the case, gives itself until a date."""
    referral, speaker = locked(actor, referral_id)
    if until <= clock.today():
        raise Impossible(f"L’échéance doit être après aujourd’hui ({date_fr(clock.today())}).")
    if until > clock.today() + dt.timedelta(days=60):
        raise Impossible("L’échéance ne peut pas être repoussée de plus de 60 jours.")
    move(referral, speaker, Event.HOLD, next_on=until)
    tell(referral, speaker, FactKind.REFERRAL_HELD, until=until.isoformat())
    return referral


@transaction.atomic
def withdraw(
    by: By, referral_id: uuid.UUID, *, reason: str, note: str = "", channel: Channel = Channel.ACCOUNT
) -> Referral:
    """The referral has no object any more, or the person does not want it (C-054). Nothing follows for the CIR."""
    referral, speaker = locked(by, referral_id, channel=channel)
    why = WithdrawReason(reason)
    if why is WithdrawReason.OTHER and not note:
        raise Impossible("Précisez le motif.")
    if speaker.party is Party.PERSON and why not in {WithdrawReason.REFUSED, WithdrawReason.NO_LONGER_NEEDED}:
        raise Refused("Ce motif ne peut pas être donné ici.")
    known = referral.sent_at is not None
    release_place(referral)
    drop_appointment(referral)
    referral.reason, referral.reason_note = why.value, note
    move(referral, speaker, Event.WITHDRAW)
    tell(referral, speaker, FactKind.REFERRAL_WITHDRAWN, by=speaker.party.value, reason=why.value)
    if known:
        notices.told_to_receiver(referral, "withdrawn", "Une orientation qui vous avait été adressée est retirée.")
    if speaker.party is Party.PERSON:
        notices.told_to_sender(referral, "withdrawn", "la personne ne souhaite pas donner suite.")
    return referral


def release_place(referral: Referral) -> None:
    """The place held by the referral is free again."""
    referral.bookings.filter(released_at=None).update(released_at=clock.now())


def drop_appointment(referral: Referral) -> None:
    """The appointment to come has no object any more; one whose hour has passed keeps waiting for its answer."""
    for appointment in referral.appointments.filter(status=AppointmentStatus.FIXED).order_by("attempt", "id"):
        appointment.status = AppointmentStatus.DROPPED
        appointment.save(update_fields=["status"])
        notices.appointment_cancelled(referral, appointment)
    referral.appointment_at = None


def _send(referral: Referral, speaker: Speaker, event: Event) -> Referral:
    referral.sent_at = clock.now()
    move(referral, speaker, event)
    tell(
        referral,
        speaker,
        FactKind.REFERRAL_SENT,
        reason=referral.purpose,
        basis=referral.basis,
        shared=[line[0] for line in referral.transmitted],
        decision=str(referral.decision_id) if referral.decision_id else None,
        **{"from": referral.sender.kind},
    )
    if referral.purpose == Purpose.AGIR:
        days = (clock.today() - clock.paris_date(referral.created_at)).days
        tell(referral, speaker, FactKind.AGIR_ORIENTED, days=days)
    notices.referral_sent(referral)
    notices.person_sent(referral)
    return referral


def _needs_validation(referral: Referral) -> bool:
    return referral.purpose == Purpose.AGIR and referral.sender.kind != OrganisationKind.OFII_DT


def _refuse_opted_out(referral: Referral) -> None:
    """B-035: whoever asks to be exempt from the employment service is not sent to it; they may change their mind."""
    if referral.receiver.kind not in EMPLOYMENT_SERVICE:
        return
    if OptOut.objects.filter(person=referral.person_id, reversed_on=None).exists():
        raise Impossible(
            "La personne a demandé à être dispensée de l’accompagnement vers l’emploi.",
            remedy="Si elle a changé d’avis, levez d’abord la dispense sur sa fiche.",
        )


def _declared_of(referral: Referral) -> dict[str, Any]:
    """The declared items already transmitted go on; the barriers do not: they are asked again for another receiver."""
    return {item: value for item, _, value in referral.transmitted if item != "barriers"}
