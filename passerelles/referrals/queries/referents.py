"""The directory of référents: who, since when, trained, immersions, and the vacancies (A-055, A-063, G-020, G-021)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from passerelles.core.errors import Refused
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Exchange, Organisation, Referent, in_force
from passerelles.network.policy import Actor
from passerelles.network.queries import NEEDS_REFERENT


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of the directory. `vacant`: it should have a référent; `since`: the last one left."""

    organisation: Organisation
    referents: tuple[Referent, ...]
    vacant: bool
    since: dt.date | None
    exchanges: tuple[Exchange, ...]

    @property
    def trained_on(self) -> dt.date | None:
        """The latest training of its référents, or training session it took part in."""
        days = [each.trained_on for each in self.referents if each.trained_on]
        days += [each.held_on for each in self.exchanges if each.kind == Exchange.Kind.TRAINING]
        return max(days, default=None)

    @property
    def immersions(self) -> int:
        """Days of immersion."""
        return sum(each.days for each in self.exchanges if each.kind == Exchange.Kind.IMMERSION)


def directory(actor: Actor, on: dt.date) -> list[Entry]:
    """The partners of the actor's territory that have, or should have, a référent. Three queries."""
    if not (actor.may(Resource.OFFER, Action.VIEW) or actor.may(Resource.MEMBERSHIP, Action.VIEW)):
        raise Refused("Votre rôle ne permet pas de consulter l’annuaire des référents.")
    organisations = Organisation.objects.filter(_near(actor), kind__in=NEEDS_REFERENT, closed_on=None)
    found = list(organisations.order_by("kind", "name", "id"))
    named: dict[uuid.UUID, list[Referent]] = defaultdict(list)
    left: dict[uuid.UUID, dt.date] = {}
    rows = Referent.objects.filter(organisation__in=found, starts_on__lte=on).select_related("agent")
    for row in rows.order_by("starts_on", "id"):
        if row.ends_on is None or row.ends_on >= on:
            named[row.organisation_id].append(row)
        else:
            left[row.organisation_id] = max(row.ends_on, left.get(row.organisation_id, row.ends_on))
    exchanges: dict[uuid.UUID, list[Exchange]] = defaultdict(list)
    for exchange in Exchange.objects.filter(organisation__in=found).select_related("host").order_by("-held_on", "id"):
        exchanges[exchange.organisation_id].append(exchange)
    return [
        Entry(
            each,
            tuple(named[each.pk]),
            vacant=not named[each.pk],
            since=left.get(each.pk) if not named[each.pk] else None,
            exchanges=tuple(exchanges[each.pk]),
        )
        for each in found
    ]


def vacant(organisation_id: uuid.UUID, on: dt.date) -> bool:
    """Has this organisation nobody in charge of newcomers on `on`?"""
    return not Referent.objects.filter(in_force(on), organisation_id=organisation_id).exists()


def hosts(actor: Actor) -> list[Organisation]:
    """Where an immersion may be held: the partners of the same territory."""
    rows = Organisation.objects.filter(_near(actor), kind__in=NEEDS_REFERENT, closed_on=None)
    return list(rows.exclude(pk=actor.organisation_id).order_by("name", "id"))


def _near(actor: Actor) -> Q:
    """The DTs of the actor; the department, then the region, of those who have no DT; everybody for the nation."""
    if actor.directions:
        return Q(direction__in=actor.directions) | Q(pk=actor.organisation_id)
    if actor.departments:
        return Q(department_code__in=actor.departments)
    return Q(region_code__in=actor.regions) if actor.regions else Q()
