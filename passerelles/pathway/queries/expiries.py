"""When documents end: noted in the pathway or stated in a diagnosis, the newest is right."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet

from passerelles.orientation.engine.facts import NEVER
from passerelles.orientation.models import Statement
from passerelles.orientation.rules.facts import FACTS
from passerelles.pathway.enums import DocumentKind
from passerelles.pathway.models import Document

END_OF_STAY = "sejour.titre_fin"


def ends_of(people: Sequence[uuid.UUID], on: dt.date) -> defaultdict[uuid.UUID, list[tuple[uuid.UUID, dt.date]]]:
    """The exchange of a licence, and one residence document: noted here or stated in a diagnosis, the newest is right.

    The residence document is watched under the person: renewing it moves its alert, wherever it is written.
    """
    found: defaultdict[uuid.UUID, list[tuple[uuid.UUID, dt.date]]] = defaultdict(list)
    newest: dict[uuid.UUID, tuple[dt.date, dt.date]] = {}
    for row in stated_ends(on).filter(person__in=people):
        end = FACTS[END_OF_STAY].read(row.value) if row.value is not None else NEVER
        if isinstance(end, dt.date):
            newest[row.person_id] = (row.as_of, end)
    for each in Document.objects.filter(person__in=people, replaced_on=None):
        if each.kind == DocumentKind.LICENCE:
            found[each.person_id].append((each.pk, each.expires_on))
        else:
            newest[each.person_id] = max(newest.get(each.person_id, (dt.date.min,)), (each.noted_on, each.expires_on))
    for person, (_, end) in newest.items():
        if end != NEVER:
            found[person].append((person, end))
    return found


def stated_ends(on: dt.date) -> QuerySet[Statement]:
    """What was said last, in a diagnosis, of the end of the residence document."""
    rows = Statement.objects.filter(code=END_OF_STAY, as_of__lte=on)
    return rows.order_by("person_id", "-as_of", "-number").distinct("person_id")
