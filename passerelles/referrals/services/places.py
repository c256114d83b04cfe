"""Capacity: a service publishes dated slots or places of a week; a referrer books one. A place is never given twice.

E-025, K-008. The database refuses the second booking; SKIP LOCKED lets many agents take the last places at once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import AlreadyTaken, Impossible, Refused
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.referrals.models import Appointment, Booking, Place, Service
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.words import CLOSED, Event, Mode, Party, State
from passerelles.referrals.services.appointments import give
from passerelles.referrals.speakers import locked

DEFAULT_NAME = "Accueil des primo-arrivants"
MOST_AT_ONCE = 400


@transaction.atomic
def default_service(organisation: Organisation) -> Service:
    """The queue of an organisation that has not described its services."""
    service, _ = Service.objects.get_or_create(organisation=organisation, name=DEFAULT_NAME)
    service.organisation = organisation
    return service


@transaction.atomic
def open_service(
    actor: Actor, *, name: str, purposes: Sequence[str] = (), place: str = "", organisation: Organisation | None = None
) -> Service:
    """A service of one's organisation; the platform itself may open one for any organisation."""
    holder = organisation if actor.system and organisation else actor.organisation
    policy.require(actor, Resource.REFERRAL, Action.EDIT)
    service, _ = Service.objects.get_or_create(
        organisation=holder, name=name, defaults={"purposes": list(purposes), "place": place}
    )
    return service


@transaction.atomic
def publish_slots(
    actor: Actor,
    service_id: uuid.UUID,
    *,
    starts: Sequence[dt.datetime],
    places: int = 1,
    minutes: int = 45,
    mode: str = Mode.PLACE.value,
) -> int:
    """`places` places at each of `starts`; how many were added. Publishing the same again adds nothing."""
    service = _own_service(actor, service_id)
    if not starts or places < 1 or len(starts) * places > MOST_AT_ONCE:
        raise Impossible(f"Publiez entre 1 et {MOST_AT_ONCE} places à la fois.")
    if min(starts) <= clock.now():
        raise Impossible("Un créneau à publier doit être à venir.")
    added = []
    for start in starts:
        known = Place.objects.filter(service=service, starts_at=start, withdrawn_at=None).count()
        added += [
            Place(
                service=service,
                week_of=_monday(clock.paris_date(start)),
                starts_at=start,
                minutes=minutes,
                mode=Mode(mode).value,
            )
            for _ in range(places - known)
        ]
    Place.objects.bulk_create(added)
    _told_now(service)
    return len(added)


@transaction.atomic
def publish_week(actor: Actor, service_id: uuid.UUID, *, week_of: dt.date, places: int) -> int:
    """`places` places in the week of `week_of`, without hours; the number of free places that result.

    Fewer than before: the free ones are withdrawn first; places already given stay given.
    """
    service = _own_service(actor, service_id)
    if not 0 <= places <= MOST_AT_ONCE:
        raise Impossible(f"Indiquez un nombre de places entre 0 et {MOST_AT_ONCE}.")
    monday = _monday(week_of)
    if monday + dt.timedelta(days=6) < clock.today():
        raise Impossible("Cette semaine est passée.")
    rows = Place.objects.select_for_update().filter(service=service, week_of=monday, starts_at=None, withdrawn_at=None)
    held = set(Booking.objects.filter(place__in=rows.order_by(), released_at=None).values_list("place_id", flat=True))
    free = [row.pk for row in rows.order_by("id") if row.pk not in held]
    wanted = max(places - len(held), 0)
    if len(free) > wanted:
        Place.objects.filter(pk__in=free[wanted:]).update(withdrawn_at=clock.now())
    else:
        Place.objects.bulk_create(Place(service=service, week_of=monday, minutes=45) for _ in range(wanted - len(free)))
    service.weekly_places = places
    _told_now(service)
    return wanted


@transaction.atomic
def book_slot(actor: Actor, referral_id: uuid.UUID, *, starts_at: dt.datetime, interpreter: str = "") -> Appointment:
    """Take a place of the slot and fix the appointment. Raises AlreadyTaken when the last place has just gone."""
    referral, speaker = locked(actor, referral_id)
    event = Event.RESCHEDULE if referral.state == State.APPOINTMENT_FIXED else Event.FIX
    transitions.require(State(referral.state), event, speaker.party)
    free = _free(referral.service).filter(starts_at=starts_at)
    place = free.select_for_update(skip_locked=True, of=("self",)).first()
    if place is None:
        raise AlreadyTaken(
            f"La dernière place du {_words(starts_at)} vient d’être prise.",
            remedy="Choisissez un autre créneau ; le reste de votre saisie est conservé.",
        )
    _hold(place, referral)
    where = referral.service.place or (referral.receiver.address if place.mode == Mode.PLACE else "")
    details = {
        "minutes": place.minutes,
        "mode": place.mode,
        "where": where,
        "interpreter": interpreter,
        "bring": "",
    }
    return give(referral, speaker, starts_at, details)


@transaction.atomic
def ask_place(actor: Actor, referral_id: uuid.UUID, *, week_of: dt.date) -> Booking:
    """Hold one place of a week: the receiver then gives the hour. Raises AlreadyTaken when none is left."""
    referral, speaker = locked(actor, referral_id)
    if referral.state in CLOSED or speaker.party is not Party.SENDER:
        raise Refused("Seul l’organisme qui adresse la personne réserve une place.")
    monday = _monday(week_of)
    free = _free(referral.service).filter(week_of=monday, starts_at=None)
    place = free.select_for_update(skip_locked=True, of=("self",)).first()
    if place is None:
        raise AlreadyTaken(
            f"Il ne reste plus de place dans la semaine du {monday:%d/%m/%Y}.",
            remedy="Choisissez une autre semaine, ou envoyez sans réserver.",
        )
    return _hold(place, referral)


def _free(service: Service):
    taken = Booking.objects.filter(released_at=None).order_by().values("place_id")
    places = Place.objects.filter(service=service, withdrawn_at=None).exclude(pk__in=taken)
    return places.order_by("week_of", "starts_at", "id")


def _hold(place: Place, referral) -> Booking:
    referral.bookings.filter(released_at=None).update(released_at=clock.now())
    try:
        with transaction.atomic():
            return Booking.objects.create(place=place, referral=referral)
    except IntegrityError as error:
        raise AlreadyTaken(
            "Cette place vient d’être prise.", remedy="Choisissez-en une autre ; le reste de votre saisie est conservé."
        ) from error


def _own_service(actor: Actor, service_id: uuid.UUID) -> Service:
    policy.require(actor, Resource.REFERRAL, Action.EDIT)
    service = Service.objects.select_for_update().filter(pk=service_id).first()
    if service is None or service.organisation_id != actor.organisation_id and not actor.system:
        raise policy.Unknown("Ce service n’existe pas, ou il n’est pas dans votre organisme.")
    return service


def _told_now(service: Service) -> None:
    service.capacity_told_at = clock.now()
    service.save(update_fields=["capacity_told_at", "weekly_places"])


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _words(starts_at: dt.datetime) -> str:
    when = starts_at.astimezone(clock.PARIS)
    return f"{when:%d/%m/%Y} à {when:%H h %M}"
