"""What France Travail is told of appointments: kept with the change, told by the worker, never created twice.

The interface has no idempotency key and no reading: a creation whose reply was lost is not tried again, it is set
aside for somebody to look (`passerelles france-travail`). Changes may be said again without harm.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.exchange.france_travail import client as calls
from passerelles.exchange.france_travail import rules
from passerelles.exchange.france_travail.client import (
    FranceTravail,
    Later,
    Never,
    NobodyFound,
    NotAdmitted,
    UnknownAppointment,
)
from passerelles.exchange.france_travail.rules import FINAL, Known, Status
from passerelles.exchange.models import CallState, PartnerAppointment
from passerelles.journal.hearing import hears
from passerelles.journal.models import Fact
from passerelles.journal.services import note_access
from passerelles.journal.vocabulary import FactKind as K
from passerelles.network.models import Organisation
from passerelles.network.policy import SYSTEM
from passerelles.people.enums import IdentifierKind
from passerelles.people.models import Identifier
from passerelles.reception.enums import CancelReason
from passerelles.reception.models import FirstAppointment
from passerelles.referrals.models import Appointment, AppointmentStatus

MAX_ATTEMPTS = 8
FIRST_DELAY = dt.timedelta(minutes=1)
ANOTHER_DAY = dt.timedelta(hours=24)
UNTIL_ADMITTED = dt.timedelta(minutes=15)
LOST_AFTER = dt.timedelta(minutes=5)
"""A call that a killed worker had begun: longer than any call lasts."""
_FINDING = (IdentifierKind.FRANCE_TRAVAIL, IdentifierKind.NIR)


@hears(
    K.REFERRAL_APPOINTMENT_GIVEN,
    K.REFERRAL_APPOINTMENT_POSTPONED,
    K.REFERRAL_APPOINTMENT_ATTENDED,
    K.REFERRAL_APPOINTMENT_MISSED,
    K.REFERRAL_DISPUTE_SETTLED,
    K.REFERRAL_DECLINED,
    K.REFERRAL_REDIRECTED,
    K.REFERRAL_TAKEN_OVER,
    K.REFERRAL_WITHDRAWN,
)
def note_referral(fact: Fact) -> None:
    """The latest appointment of a referral has changed."""
    if fact.subject_id is None or calls.missing():
        return
    rows = Appointment.objects.filter(referral=fact.subject_id).select_related("referral__receiver")
    latest = list(rows.order_by("-attempt", "id")[:2])
    if not latest:
        return
    now_stands, former = latest[0], latest[1] if len(latest) > 1 else None
    moved_from = former.pk if former is not None and former.status == AppointmentStatus.MOVED else None
    referral = now_stands.referral
    last_word = now_stands.said.order_by("-rank").first()
    host = referral.receiver
    known = Known(
        status=now_stands.status,
        starts_at=now_stands.starts_at,
        minutes=now_stands.minutes,
        mode=now_stands.mode,
        where=now_stands.where,
        bring=now_stands.bring,
        purpose=referral.purpose,
        given_by=rules.giver(now_stands.given_by, host.kind),
        told_by=rules.giver(last_word.party, host.kind) if last_word else "",
        **_host(host),
    )
    _keep(now_stands.pk, moved_from, referral.person_id, host, known)


@hears(K.APPOINTMENT_FIXED, K.APPOINTMENT_RESULT)
def note_first_appointment(fact: Fact) -> None:
    """The first appointment with France Travail was fixed at the platform, or somebody says what became of it."""
    if fact.subject_id is None or calls.missing():
        return
    found = FirstAppointment.objects.select_related("organisation", "asserted_for", "replaces").filter(
        pk=fact.subject_id
    )
    each = found.first()
    if each is None or each.status == "rescheduled":  # The one that replaces it follows, in the same transaction.
        return
    moved_from = each.replaces_id if each.replaces is not None and each.replaces.status == "rescheduled" else None
    known = Known(
        status=each.status,
        starts_at=each.fixed_for,
        minutes=45,
        mode="place",
        where=each.organisation.address,
        told_by=each.asserted_for.kind if each.asserted_for is not None else "",
        mistake=each.cancel_reason == CancelReason.MISTAKE,
        **_host(each.organisation),
    )
    _keep(each.pk, moved_from, each.person_id, each.organisation, known)


def _host(organisation: Organisation) -> dict[str, str]:
    return {
        "host": organisation.kind,
        "host_name": organisation.name,
        "host_mailbox": organisation.mailbox,
        "host_phone": organisation.phone,
    }


def _keep(
    about: uuid.UUID, moved_from: uuid.UUID | None, person_id: uuid.UUID, host: Organisation, known: Known
) -> None:
    """Write what is to be told, in the transaction of the change. Nothing new to tell writes nothing."""
    if not rules.concerns(known):
        return
    row = _standing(about, moved_from)
    former = Status(row.status) if row is not None else None
    status = rules.status_of(known, former, clock.now())
    if status is None or row is None and status is Status.CANCELLED:
        return
    wanted = rules.body_of(known, status)
    if row is None:
        PartnerAppointment.objects.create(
            about=about, person_id=person_id, organisation=host, status=status.value, wanted=wanted
        )
        return
    row.about = about
    if rules.same_telling(row.wanted, wanted):
        row.save(update_fields=["about"])
        return
    row.organisation, row.status, row.wanted = host, status.value, wanted
    row.erased = status is Status.CANCELLED and known.mistake
    row.version += 1
    if row.state in {CallState.TOLD, CallState.DEAD}:
        row.state, row.attempts, row.next_attempt_at = CallState.QUEUED, 0, clock.now()
    row.save()


def _standing(about: uuid.UUID, moved_from: uuid.UUID | None) -> PartnerAppointment | None:
    """The row of this appointment, or of the one it moves; what was held or missed is never moved."""
    rows = PartnerAppointment.objects.select_for_update()
    row = rows.filter(about=about).first()
    if row is None and moved_from is not None:
        row = rows.filter(about=moved_from).exclude(status__in=[status.value for status in FINAL]).first()
    return row


@dataclass(frozen=True, slots=True)
class _Claim:
    """A telling taken by this worker: what it is to say, and which version of it."""

    id: uuid.UUID
    version: int
    person_id: uuid.UUID
    remote_id: str
    status: Status
    wanted: dict[str, Any]
    erased: bool


def send_due(limit: int = 100, service: FranceTravail | None = None) -> int:
    """Tell what is due; how many were acknowledged. Without configuration, nothing. Two workers never take the same."""
    here = calls.configured() if service is None else None
    if service is None and here is None:
        return 0
    service = service or FranceTravail(here)  # type: ignore[arg-type]
    _take_back_lost()
    _wake_identified()
    told = 0
    for _ in range(limit):
        claim = _claim()
        if claim is None:
            break
        try:
            told += _tell(claim, service)
        except _ServiceDown:
            break
    return told


@transaction.atomic
def _claim() -> _Claim | None:
    """Written before the call leaves, so that a creation begun by a worker that dies is known to have begun."""
    now = clock.now()
    row = (
        PartnerAppointment.objects.select_for_update(skip_locked=True)
        .filter(state=CallState.QUEUED, next_attempt_at__lte=now)
        .order_by("next_attempt_at", "id")
        .first()
    )
    if row is None:
        return None
    row.state, row.claimed_at = CallState.SENDING, now
    row.attempts += 1
    row.save(update_fields=["state", "claimed_at", "attempts"])
    return _Claim(row.pk, row.version, row.person_id, row.remote_id, Status(row.status), row.wanted, row.erased)


Writer = Callable[[PartnerAppointment], None]
"""Writes on the locked row what came of a call."""


class _ServiceDown(Exception):
    """Nobody else can be told for now: the rest of the queue keeps its attempts."""


class _Doubtful(Exception):
    """A creation that may have been taken: somebody looks before it is made again."""


def _tell(claim: _Claim, service: FranceTravail) -> int:
    """Find the person, then say. Outside any transaction: a slow server holds no lock.

    Raises _ServiceDown, once what came of this call is written.
    """
    person = _person(claim.person_id)
    if person is None:
        return _settle(claim, _wait_for_identifier)
    note_access(SYSTEM, [claim.person_id], action="read", purpose="recherche de la personne à France Travail")
    try:
        return _settle(claim, _said(claim, service, service.find(person)))
    except NobodyFound as error:
        return _settle(claim, partial(_again, said=f"personne non trouvée : {error}", wait=ANOTHER_DAY))
    except NotAdmitted as error:
        _settle(claim, partial(_put_back, said=str(error)))
        raise _ServiceDown from error
    except _Doubtful as error:
        _settle(claim, partial(_give_up, state=CallState.DOUBTFUL, said=str(error)))
        raise _ServiceDown from error
    except Later as error:
        settled = _settle(claim, partial(_later, error=error))
        if error.down:
            raise _ServiceDown from error
        return settled
    except Never as error:
        return _settle(claim, partial(_give_up, state=CallState.DEAD, said=str(error)))


def _said(claim: _Claim, service: FranceTravail, usager: str) -> Writer:
    """What to write of a call that was answered. Raises what `_tell` treats."""
    creates, remote_id = not claim.remote_id, claim.remote_id
    try:
        if creates and claim.status is Status.CANCELLED:
            pass  # Called off before it was ever told: there is nothing to undo.
        elif creates:
            remote_id = service.create(usager, _as_new(claim))
        elif claim.erased:
            service.cancel(usager, remote_id)
        else:
            service.modify(usager, remote_id, claim.wanted)
    except UnknownAppointment as error:
        return partial(_forget_identifier, said=str(error))
    except Later as error:
        if creates and error.taken:  # the service went down in the middle of it
            raise _Doubtful(str(error)) from error
        raise
    return partial(_acknowledged, claim=claim, remote_id=remote_id)


def _as_new(claim: _Claim) -> dict[str, Any]:
    """For France Travail an appointment moved before it was ever told is a new one."""
    moved = claim.status is Status.MODIFIED
    return claim.wanted | {"statut": Status.TAKEN.value} if moved else claim.wanted


@transaction.atomic
def _settle(claim: _Claim, write: Writer) -> int:
    """Write what came of the call; what changed meanwhile is queued again. 1 when it was acknowledged."""
    row = PartnerAppointment.objects.select_for_update().get(pk=claim.id)
    row.claimed_at = None
    write(row)
    acknowledged = row.state == CallState.TOLD and bool(row.remote_id)
    if row.version != claim.version and row.state in {CallState.TOLD, CallState.DEAD}:
        row.state, row.attempts, row.next_attempt_at = CallState.QUEUED, 0, clock.now()
    row.save()
    return int(acknowledged)


def _acknowledged(row: PartnerAppointment, claim: _Claim, remote_id: str) -> None:
    row.state, row.remote_id, row.last_error = CallState.TOLD, remote_id, ""
    if not remote_id:  # called off before it was ever told
        return
    row.told, row.told_at = claim.wanted, clock.now()
    note_access(
        SYSTEM,
        [row.person_id],
        action="write",
        purpose=f"rendez-vous dit à France Travail ({claim.status.value}, mission de service public, reçu {remote_id})",
    )


def _again(row: PartnerAppointment, said: str, wait: dt.timedelta) -> None:
    if row.attempts >= MAX_ATTEMPTS:
        _give_up(row, CallState.DEAD, said)
        return
    row.state, row.next_attempt_at, row.last_error = CallState.QUEUED, clock.now() + wait, said[:300]


def _put_back(row: PartnerAppointment, said: str) -> None:
    """The platform is not admitted: this attempt does not count."""
    row.state, row.next_attempt_at, row.last_error = CallState.QUEUED, clock.now() + UNTIL_ADMITTED, said[:300]
    row.attempts -= 1


def _later(row: PartnerAppointment, error: Later) -> None:
    """After what the server asks for, else twice as long each time."""
    wait = dt.timedelta(seconds=error.wait) if error.wait else FIRST_DELAY * 2 ** (row.attempts - 1)
    _again(row, str(error), wait)


def _give_up(row: PartnerAppointment, state: CallState, said: str) -> None:
    row.state, row.last_error = state, said[:300]


def _wait_for_identifier(row: PartnerAppointment) -> None:
    row.state, row.attempts = CallState.WAITING, 0
    row.last_error = "ni numéro France Travail ni NIR"


def _forget_identifier(row: PartnerAppointment, said: str) -> None:
    """Its file was merged there with another: the appointment is created again, under another identifier."""
    row.remote_id, row.told = "", {}
    _again(row, said, dt.timedelta())


def _person(person_id: uuid.UUID) -> calls.Person | None:
    """How France Travail may find the person."""
    known = Identifier.objects.filter(person_id=person_id, kind__in=_FINDING).select_related("person")
    by_kind = {each.kind: each for each in known.order_by("kind", "id")}
    number = by_kind.get(IdentifierKind.FRANCE_TRAVAIL)
    if number is not None and len(number.value) == 11 and number.value.isdigit():
        return calls.Person(number=number.value)
    nir = by_kind.get(IdentifierKind.NIR)
    if nir is not None and nir.person.birth_date is not None:
        return calls.Person(nir=nir.value, birth_date=nir.person.birth_date)
    return None


@transaction.atomic
def _wake_identified() -> None:
    """The identifier has arrived: what waited for it is told."""
    known = Q(person__identifiers__kind=IdentifierKind.FRANCE_TRAVAIL) | Q(
        person__identifiers__kind=IdentifierKind.NIR, person__birth_date__isnull=False
    )
    waiting = PartnerAppointment.objects.filter(state=CallState.WAITING)
    ready = waiting.filter(known).order_by().values_list("pk", flat=True).distinct()
    for pk in list(ready):
        row = waiting.select_for_update().filter(pk=pk).first()
        if row is not None and _person(row.person_id) is not None:
            row.state, row.next_attempt_at = CallState.QUEUED, clock.now()
            row.save(update_fields=["state", "next_attempt_at"])


@transaction.atomic
def _take_back_lost() -> None:
    """Calls that a killed worker had begun: a change is said again, a creation is looked at by somebody."""
    lost = PartnerAppointment.objects.select_for_update(skip_locked=True).filter(
        state=CallState.SENDING, claimed_at__lt=clock.now() - LOST_AFTER
    )
    for row in lost.order_by("claimed_at", "id"):
        row.claimed_at = None
        if row.remote_id:
            _again(row, "envoi interrompu", dt.timedelta())
        else:
            _give_up(row, CallState.DOUBTFUL, "envoi interrompu pendant la création")
        row.save()


@transaction.atomic
def revive(row_id: uuid.UUID, *, remote_id: str = "") -> PartnerAppointment:
    """Try again what was given up. `remote_id`: the appointment was found at France Travail under this identifier.

    Without it a doubtful creation is made anew: whoever asks for it has looked. Raises Unknown.
    """
    rows = PartnerAppointment.objects.select_for_update().filter(state__in=[CallState.DEAD, CallState.DOUBTFUL])
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise Unknown(f"Aucun rendez-vous abandonné ou douteux ne porte l’identifiant {row_id}.")
    row.state, row.attempts, row.next_attempt_at = CallState.QUEUED, 0, clock.now()
    row.remote_id = remote_id or row.remote_id
    row.save()
    return row
