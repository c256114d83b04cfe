"""Alerts raised from the state; taken, postponed, treated, or resolved by themselves (C-035)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.pathway.enums import FollowUpStatus, Treatment
from passerelles.pathway.models import FollowUp
from passerelles.pathway.queries import watched
from passerelles.pathway.rules.flows import FOLLOW_UP
from passerelles.pathway.rules.follow_up import due
from passerelles.pathway.services.states import advance, locked, noted

LONGEST_POSTPONEMENT = dt.timedelta(days=92)
BATCH = 1_000


@transaction.atomic
def refresh(people: Iterable[uuid.UUID]) -> int:
    """Raise the alerts that stand today for these persons and resolve those that no longer do; how many changed.

    An alert once treated is not raised again for the same thing and the same day.
    """
    today = clock.today()
    known = watched.known(list(people), today)
    former = FollowUp.objects.select_for_update().filter(person__in=known).order_by("pk")
    opened: dict[tuple[uuid.UUID, str, uuid.UUID], FollowUp] = {}
    treated: set[tuple[uuid.UUID, str, uuid.UUID, dt.date]] = set()
    for each in former:
        if each.status == FollowUpStatus.OPEN:
            opened[each.person_id, each.kind, each.about] = each
        elif each.status == FollowUpStatus.TREATED:
            treated.add((each.person_id, each.kind, each.about, each.due_on))
    changed, wanted = 0, set()
    new = []
    for person_id, watched_person in known.items():
        for alert in due(watched_person.known, watched_person.delays, today):
            key = (person_id, alert.kind, alert.about)
            if (*key, alert.due_on) in treated:
                continue
            wanted.add(key)
            standing = opened.get(key)
            if standing is None:
                owner = watched_person.owners.get(alert.about, watched_person.office)
                if owner is not None:
                    new.append(
                        FollowUp(
                            person_id=person_id,
                            kind=alert.kind,
                            about=alert.about,
                            organisation_id=owner,
                            due_on=alert.due_on,
                            next_on=today,
                        )
                    )
            elif standing.due_on != alert.due_on:
                standing.due_on = alert.due_on
                standing.save()
                changed += 1
    for key, standing in opened.items():
        if key not in wanted:
            advance(FOLLOW_UP, standing, "resolve", "la clore")
            standing.closed_on = today
            standing.save()
            changed += 1
    FollowUp.objects.bulk_create(new, ignore_conflicts=True)
    return changed + len(new)


def refresh_all() -> int:
    """Every person about whom an alert could be raised, by batches, each in its transaction. For the night."""
    everyone = watched.candidates(clock.today())
    return sum(refresh(everyone[start : start + BATCH]) for start in range(0, len(everyone), BATCH))


@transaction.atomic
def take(actor: Actor, follow_up_id: uuid.UUID) -> FollowUp:
    """The agent looks after it; somebody else may still take it over."""
    alert = locked(actor, FollowUp, Resource.FOLLOW_UP, follow_up_id)
    advance(FOLLOW_UP, alert, "take", "la prendre")
    alert.agent = actor.agent
    alert.save()
    noted(actor, alert.person_id, "alerte prise")
    return alert


@transaction.atomic
def postpone(actor: Actor, follow_up_id: uuid.UUID, *, to: dt.date) -> FollowUp:
    """Not today: the alert comes back on that day, three months away at the most. Its due day does not move."""
    alert = locked(actor, FollowUp, Resource.FOLLOW_UP, follow_up_id)
    advance(FOLLOW_UP, alert, "postpone", "la reporter")
    today = clock.today()
    if not today < to <= today + LONGEST_POSTPONEMENT:
        raise Impossible("Choisissez un jour à venir, dans les trois mois.")
    alert.next_on, alert.agent = to, alert.agent or actor.agent
    alert.save()
    noted(actor, alert.person_id, "alerte reportée")
    return alert


@transaction.atomic
def treat(actor: Actor, follow_up_id: uuid.UUID, *, treatment: str) -> FollowUp:
    """Something was done: the alert closes, and the journal says what and by whom."""
    alert = locked(actor, FollowUp, Resource.FOLLOW_UP, follow_up_id)
    advance(FOLLOW_UP, alert, "treat", "la traiter")
    alert.treatment, alert.closed_on = Treatment(treatment), clock.today()
    alert.agent = actor.agent
    alert.save()
    journal.record(
        FactKind.FOLLOW_UP_TREATED,
        actor=actor,
        occurred_on=clock.today(),
        person=alert.person_id,
        subject=alert.pk,
        direction=alert.person.direction,
        data={"follow_up": alert.kind, "treatment": alert.treatment},
    )
    noted(actor, alert.person_id, "alerte traitée")
    return alert
