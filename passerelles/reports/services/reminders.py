"""Reminders before and after the day a return is due, one message per organisation and deadline."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from passerelles.core import clock
from passerelles.core.periods import date_fr
from passerelles.messages import services as outbox
from passerelles.network.models import Organisation
from passerelles.reference import territories
from passerelles.reference.territory import NATIONAL, Kind, Territory
from passerelles.reports.catalogue import CATALOGUE
from passerelles.reports.obligations import Obligation, obligations
from passerelles.reports.services.recipients import senders_of

BEFORE = (7, 2)
AFTER = 1
"""Days before the deadline, and after it, on which the sender is told."""


def remind(today: dt.date | None = None) -> int:
    """Queue the reminders of the day; how many. Running twice the same day queues nothing more."""
    day = today or clock.today()
    due = [each for each in obligations(CATALOGUE, _places(), day) if not each.gone and _told_on(each, day)]
    queued = 0
    for each in due:
        for organisation in senders_of(each.kind, each.territory):
            queued += _queue(each, organisation, day)
    return queued


def _places() -> list[Territory]:
    """The territories where somebody of the directory may make a return."""
    return [
        NATIONAL,
        *(Territory(Kind.REGION, each.code) for each in territories.regions()),
        *(Territory(Kind.DIRECTION, each.code) for each in territories.directions()),
        *(Territory(Kind.DEPARTMENT, each.code) for each in territories.departments() if each.zone != "com"),
    ]


def _told_on(each: Obligation, day: dt.date) -> bool:
    left = each.days_left(day)
    return left is not None and (left in BEFORE or left == -AFTER)


@transaction.atomic
def _queue(each: Obligation, organisation: Organisation, day: dt.date) -> int:
    assert each.due_on is not None
    left = (each.due_on - day).days
    when = f"dans {left} jours, le {date_fr(each.due_on)}" if left > 0 else f"depuis le {date_fr(each.due_on)}"
    verb = "est attendue" if left > 0 else "est en retard"
    outbox.queue(
        key=f"return-due:{each.kind.slug}:{each.territory}:{each.period}:{left}:{organisation.pk}",
        kind="return_due",
        recipient=organisation.mailbox,
        subject=f"{each.kind.name}, {each.period.label_fr} : {'échéance proche' if left > 0 else 'en retard'}",
        body=(
            "Bonjour,\n\n"
            f"La remontée « {each.kind.name} » ({each.kind.code}) pour {each.period.label_fr}, "
            f"{each.territory.label_fr}, {verb} {when}. État : {each.state_fr.lower()}.\n\n"
            "Ouvrez « Remontées », puis « Calendrier », pour l’établir, la faire valider et l’envoyer.\n"
            "Ce message ne contient aucune donnée nominative."
        ),
    )
    return 1
