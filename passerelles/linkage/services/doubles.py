"""Persons recorded twice: every record prepared anew is compared with the base, and the doubtful pairs are kept.

Nothing waits for it: an import or a desk goes on, the pair goes to the queue.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence

from django.db import transaction

from passerelles.core.locks import Turn, take_turn
from passerelles.linkage import lookup
from passerelles.linkage.engine.decision import DOUBLE
from passerelles.linkage.engine.model import load
from passerelles.linkage.engine.records import ARRAYS, Row
from passerelles.linkage.engine.score import Scorer
from passerelles.linkage.models import MOST_REASON, PREPARED, IdentityMember, PersonPair, Profile
from passerelles.linkage.services import profiles

LEAST_BITS = math.log2(DOUBLE.thresholds.review / (1 - DOUBLE.thresholds.review))
CHUNK = 200
MOST_NOW = 200
"""Records compared while somebody waits; beyond, the worker does it."""


@transaction.atomic
def find_doubles(person_ids: Sequence[uuid.UUID]) -> int:
    """Compare these persons with the base; the number of pairs that nobody had asked about yet.

    A pair already judged, the same or different, is never asked again (B-051): it is there for ever.
    """
    take_turn(Turn.FIND_DOUBLES)
    profiles.refresh_all(most=MOST_NOW)  # so that what the desk beside has just written is found
    prior = DOUBLE.prior(lookup.people_count())
    new = 0
    for start in range(0, len(person_ids), CHUNK):
        part = list(person_ids[start : start + CHUNK])
        profiles.refresh(part)
        new += _keep(lookup.doubles_of(part, prior=prior, least_bits=LEAST_BITS), prior)
        Profile.objects.filter(pk__any=part).update(compared=True)
    return new


def find_doubles_now(person_ids: Sequence[uuid.UUID]) -> int:
    """The same when they are few; more wait for the worker."""
    return find_doubles(person_ids) if len(person_ids) <= MOST_NOW else 0


def find_waiting_doubles(*, most: int) -> int:
    """Compare `most` of the records that wait for it, by transactions of a few hundred; how many were compared."""
    done = 0
    while done < most:
        with transaction.atomic():
            waiting = Profile.objects.filter(compared=False).select_for_update(skip_locked=True, of=("self",))
            part = list(waiting.order_by("pk").values_list("pk", flat=True)[: min(CHUNK, most - done)])
            if not part:
                return done
            find_doubles(part)
            done += len(part)
    return done


def _keep(found: Sequence[lookup.Double], prior: float) -> int:
    asked = {(each.first, each.second): each.bits for each in found}
    there = PersonPair.objects.filter(first__any=[one for one, _ in asked]).values_list("first_id", "second_id")
    members = dict(
        IdentityMember.objects.filter(person__any=list({pk for pair in asked for pk in pair})).values_list(
            "person_id", "identity"
        )
    )
    linked = {(one, other) for one, other in asked if one in members and members[one] == members.get(other)}
    new = sorted(asked.keys() - set(there) - linked)
    rows = rows_of({pk for pair in new for pk in pair})
    scorer = Scorer(load().expecting(prior))
    PersonPair.objects.bulk_create(
        (
            PersonPair(
                first_id=one,
                second_id=other,
                bits=asked[one, other],
                reason=" ; ".join(scorer.score_rows(rows[one], rows[other]).reasons)[:MOST_REASON],
            )
            for one, other in new
        ),
        batch_size=1000,
        ignore_conflicts=True,  # the desk beside may have found the same pair at the same moment
    )
    return len(new)


def rows_of(person_ids: set[uuid.UUID]) -> dict[uuid.UUID, Row]:
    """The prepared record of each person."""
    found = Profile.objects.filter(pk__any=list(person_ids)).order_by("pk").values("pk", *PREPARED)
    return {row["pk"]: row | {name: frozenset(row[name]) for name in ARRAYS} for row in found}
