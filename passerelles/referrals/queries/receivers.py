"""To whom a person can be sent, how many places they say they have and since when, and what to know before sending.

E-019, E-025, K-008, D-035.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from passerelles.core import clock
from passerelles.network.models import Organisation, Referent, in_force
from passerelles.referrals import settings_on
from passerelles.referrals.models import Booking, Place, Referral, Service
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.transmission import SETS


@dataclass(frozen=True, slots=True)
class Receiver:
    """One line of the choice: an organisation, or one of its services."""

    value: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a service says of its places. `age_days` None: it has never said anything."""

    free_slots: tuple[tuple[dt.datetime, int], ...]
    free_weeks: tuple[tuple[dt.date, int], ...]
    told_at: dt.datetime | None
    age_days: int | None
    stale: bool

    @property
    def free(self) -> int:
        return sum(count for _, count in (*self.free_slots, *self.free_weeks))

    @property
    def published(self) -> bool:
        return self.told_at is not None


def receivers_for(direction: str, *, besides: uuid.UUID | None) -> list[tuple[str, list[Receiver]]]:
    """(kind in words, organisations and services of the DT that receive people). Two queries."""
    organisations = Organisation.objects.filter(direction=direction, closed_on=None, kind__in=list(SETS))
    found = list(organisations.exclude(pk=besides).order_by("kind", "name", "id"))
    services: dict[uuid.UUID, list[Service]] = defaultdict(list)
    for service in Service.objects.filter(organisation__in=found, closed_on=None).order_by("name", "id"):
        services[service.organisation_id].append(service)
    groups: dict[str, list[Receiver]] = defaultdict(list)
    for organisation in found:
        kind = organisation.get_kind_display()
        own = services[organisation.pk]
        if not own:
            groups[kind].append(Receiver(f"o:{organisation.pk}", organisation.name, organisation.kind))
        groups[kind] += [
            Receiver(
                f"s:{each.pk}",
                organisation.name if len(own) == 1 else f"{organisation.name} – {each.name}",
                organisation.kind,
            )
            for each in own
        ]
    return sorted(groups.items())


def chosen(value: str) -> tuple[Organisation, Service | None] | None:
    """What a choice of `receivers_for` designates; None when it is not one."""
    prefix, _, identifier = value.partition(":")
    try:
        key = uuid.UUID(identifier)
    except ValueError:
        return None
    if prefix == "s":
        service = Service.objects.select_related("organisation").filter(pk=key, closed_on=None).first()
        return (service.organisation, service) if service else None
    organisation = Organisation.objects.filter(pk=key, closed_on=None, kind__in=list(SETS)).first()
    return (organisation, None) if organisation else None


def capacity_of(service: Service, now: dt.datetime) -> Capacity:
    """The free places to come. One query."""
    taken = Booking.objects.filter(place=OuterRef("pk"), released_at=None)
    today = clock.paris_date(now)
    monday = today - dt.timedelta(days=today.weekday())
    places = Place.objects.filter(~Exists(taken), service=service, withdrawn_at=None, week_of__gte=monday)
    places = places.filter(Q(starts_at=None) | Q(starts_at__gt=now))
    counted = places.order_by("week_of", "starts_at").values_list("week_of", "starts_at").annotate(count=Count("pk"))
    slots, weeks = [], []
    for week, start, count in counted:
        if start is None:
            weeks.append((week, count))
        else:
            slots.append((start, count))
    told = service.capacity_told_at
    age = (today - clock.paris_date(told)).days if told else None
    organisation = service.organisation
    limit = settings_on.capacity_age(
        today, settings_on.territory_of(organisation.department_code, organisation.direction)
    )
    return Capacity(tuple(slots), tuple(weeks), told, age, stale=age is not None and age > limit)


def warnings_before(organisation: Organisation, service: Service | None, now: dt.datetime) -> list[str]:
    """What the sender should know before sending: sentences, empty when nothing stands in the way. Three queries."""
    today = clock.paris_date(now)
    found = []
    if not organisation.mailbox:
        found.append("Cet organisme n’a pas de boîte fonctionnelle : il ne recevra aucun message.")
    if not Referent.objects.filter(in_force(today), organisation=organisation).exists():
        found.append("Cet organisme n’a pas de référent primo-arrivants en fonction.")
    capacity = capacity_of(service, now) if service else None
    if capacity is None or not capacity.published:
        found.append("Cet organisme n’a publié aucune place : l’attente n’est pas connue.")
    elif capacity.free == 0:
        found.append("Ce service n’a plus de place publiée.")
    elif capacity.stale:
        found.append(f"Les places de ce service ont été publiées il y a {capacity.age_days} jours.")
    waiting = Referral.objects.filter(receiver=organisation, state__in=[s.value for s in transitions.UNANSWERED])
    late = waiting.filter(Q(next_on__lt=today) | ~Q(stage="waiting")).count()
    if late:
        found.append(f"{late} orientation(s) déjà envoyées à cet organisme sont sans réponse dans les délais.")
    return found
