"""What the file of answers holds, and what its screens read."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from passerelles.core import clock
from passerelles.exchange.models import AnswerFile, AnswerLine, LineOutcome
from passerelles.exchange.readers import references
from passerelles.exchange.readers.answer_sheet import Sheet
from passerelles.exchange.readers.values import text_of
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.referrals.models import Referral
from passerelles.referrals.rules import transitions
from passerelles.referrals.rules.transmission import Item
from passerelles.referrals.rules.words import SENSITIVE, Party, Purpose, State

MOST_LINES = 5_000
NAMES = (Item.FAMILY_NAME, Item.GIVEN_NAMES)
TO_REACH = (Item.BIRTH_DATE, Item.PHONE, Item.EMAIL, Item.LANGUAGE, Item.INTERPRETER, Item.CITY)
"""Of what was transmitted, the little that is needed to answer: a file travels farther than a page."""
ABOUT = (
    "Besoin",
    "Adressée par",
    "Service",
    "Reçue le",
    "Réponse attendue avant le",
    "État",
    "Rendez-vous connu",
)
NOT_TOLD = "Voir sur la plateforme"
_HELD = [state.value for state in State if transitions.owner_side(state) is Party.RECEIVER]
COUNTS = {
    LineOutcome.READY.value: ("à appliquer", "à appliquer"),
    LineOutcome.DONE.value: ("appliquée", "appliquées"),
    LineOutcome.SAME.value: ("déjà connue", "déjà connues"),
    LineOutcome.REJECT.value: ("rejetée", "rejetées"),
    LineOutcome.DUPLICATE.value: ("en double", "en double"),
    "empty": ("sans réponse", "sans réponse"),
}
"""Of one line, of several."""


@dataclass(frozen=True, slots=True)
class SheetOut:
    """The file to take out, and whom it speaks of."""

    sheet: Sheet
    people: tuple[uuid.UUID, ...]


def waiting(organisation: Organisation, actor: Actor | None) -> QuerySet[Referral]:
    """The open referrals that this organisation holds; `actor` None: the organisation itself."""
    rows = Referral.objects.known_to_receiver()
    if actor is not None:
        rows = policy.visible(actor, rows, Resource.REFERRAL, Action.EDIT)
    return rows.filter(receiver=organisation, state__in=_HELD)


def answer_sheet(organisation: Organisation, actor: Actor | None) -> SheetOut:
    """The file of the referrals that wait for this organisation, the most urgent first. One query."""
    now = clock.now()
    rows = waiting(organisation, actor).select_related("sender", "service").order_by("next_on", "created_at", "id")
    found = list(rows[:MOST_LINES])
    sets = [{item: value for item, _, value in row.transmitted} for row in found]
    reached = [item for item in TO_REACH if any(each.get(item) for each in sets)]
    lines = tuple(
        (
            references.written(row.pk, organisation.pk, now, secret=settings.SECRET_KEY),
            *(known.get(item, "") for item in (*NAMES, *reached)),
            *_about(row),
        )
        for row, known in zip(found, sets, strict=True)
    )
    headers = tuple(item.label for item in (*NAMES, *reached)) + ABOUT
    return SheetOut(Sheet(headers, lines), tuple(row.person_id for row in found))


def _about(row: Referral) -> Iterable[str]:
    """A need that tells health or violence is not written in a file that travels, nor the service that tells it."""
    purpose = Purpose(row.purpose)
    need, service = (NOT_TOLD, NOT_TOLD) if purpose in SENSITIVE else (purpose.label, row.service.name)
    return (
        need,
        row.sender.name,
        service,
        text_of(clock.paris_date(row.sent_at)) if row.sent_at else "",
        text_of(row.next_on),
        State(row.state).label,
        _instant(row.appointment_at),
    )


def _instant(at: dt.datetime | None) -> str:
    return f"{at.astimezone(clock.PARIS):%d/%m/%Y %H:%M}" if at else ""


def answer_files(actor: Actor) -> QuerySet[AnswerFile]:
    """The files that this organisation has sent back, newest first, without their content."""
    rows = policy.visible(actor, AnswerFile.objects.all(), Resource.ANSWERS)
    return rows.defer("content").select_related("agent", "link").order_by("-created_at", "pk")


def lines(received: AnswerFile) -> QuerySet[AnswerLine]:
    """What was said of each line, in the order of the file."""
    return received.lines.order_by("position", "rank", "pk")


def counts(received: AnswerFile) -> list[tuple[str, int, str]]:
    """(outcome, number, words) of what became of the lines."""
    found = ((key, received.summary.get(key, 0), words) for key, words in COUNTS.items())
    return [(key, number, words[number > 1]) for key, number, words in found if number]
