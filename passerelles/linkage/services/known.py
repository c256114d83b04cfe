"""Already known? Asked before any creation: who looks like the person described, within what one may know (C-021)."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from passerelles.journal import services as journal
from passerelles.linkage import lookup
from passerelles.linkage.engine.decision import CREATION
from passerelles.linkage.engine.model import load
from passerelles.linkage.engine.records import ARRAYS
from passerelles.linkage.engine.score import Scorer
from passerelles.linkage.models import PREPARED, CreatedAnyway, Profile
from passerelles.linkage.services import profiles
from passerelles.linkage.services.identities import judged_different
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.models import Person
from passerelles.people.services import hash_of

LEAST_BITS = math.log2(CREATION.thresholds.review / (1 - CREATION.thresholds.review))
PROBABLY = 0.5
"""Probability from which a person outside the scope is mentioned: a chance likeness tells nothing to nobody."""
LEAST_EVEN = math.log2(PROBABLY / (1 - PROBABLY))
MOST_WAITING = 200
"""Profiles refreshed on the way, so that what the desk beside has just written is found."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A person that the actor may see, and why it may be the same one."""

    person: Person
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The answers. Of persons outside the scope, only whether there is one: no name, no date, no number (K-004)."""

    people: tuple[Likeness, ...]
    elsewhere: bool
    alike: tuple[uuid.UUID, ...]
    """Everybody found, for the record of what was decided; never shown."""

    def __bool__(self) -> bool:
        return bool(self.people) or self.elsewhere


@transaction.atomic
def known(
    actor: Actor, values: Mapping[str, Any], identifiers: Mapping[str, str], *, purpose: str = "déjà connue ?"
) -> Known:
    """Who may be the person that `values` (columns of a person) and `identifiers` ({kind: value}) describe.

    Everybody found is in the access log, seen or not.
    """
    policy.require(actor, Resource.CHECK, Action.VIEW)
    profiles.refresh_all(most=MOST_WAITING)
    hashed = {kind: hash_of(kind, value).hex() for kind, value in identifiers.items()}
    row = profiles.prepared(profiles.record_of(Person(**values), hashed))
    prior = CREATION.prior(lookup.people_count())
    found = {each.pk: each for each in lookup.people_like(row, prior=prior, least_bits=LEAST_BITS)}
    mine = policy.visible(actor, Person.objects.filter(pk__in=list(found)), Resource.PERSON)
    people = sorted(mine.order_by("pk"), key=lambda person: (-found[person.pk].bits, str(person.pk)))
    reasons = _reasons(row, [person.pk for person in people], prior)
    masked = [each for pk, each in found.items() if pk not in reasons and each.probability >= PROBABLY]
    journal.note_access(actor, found, action="read", purpose=purpose)
    return Known(
        people=tuple(Likeness(person, found[person.pk].probability, reasons[person.pk]) for person in people),
        elsewhere=bool(masked),
        alike=(*(person.pk for person in people), *(each.pk for each in masked)),
    )


@dataclass(frozen=True, slots=True)
class Described:
    """A person as a file describes them: columns of a person, and keyed hashes of identifiers ({kind: hexadecimal})."""

    values: Mapping[str, Any]
    hashes: Mapping[str, str]


@transaction.atomic
def known_each(actor: Actor, described: Sequence[Described], *, purpose: str) -> dict[int, bool]:
    """Of many persons about to be recorded, those who look like somebody: {place: is that somebody in one's scope?}.

    The minimal answer, for a page that others may read: neither who nor why. A fixed number of queries.
    """
    policy.require(actor, Resource.CHECK, Action.VIEW)
    profiles.refresh_all(most=MOST_WAITING)
    prior = CREATION.prior(lookup.people_count())
    rows = [profiles.prepared(profiles.record_of(Person(**each.values), each.hashes)) for each in described]
    found = lookup.people_like_each(rows, prior=prior, least_bits=LEAST_EVEN)
    people = {each.pk for alike in found.values() for each in alike}
    mine = set(
        policy.visible(actor, Person.objects.filter(pk__any=list(people)), Resource.PERSON)
        .order_by()
        .values_list("pk", flat=True)
    )
    journal.note_access(actor, sorted(people), action="read", purpose=purpose)
    return {place: any(each.pk in mine for each in alike) for place, alike in found.items()}


@transaction.atomic
def keep_reason(actor: Actor, person: Person, answers: Known, *, reason: str) -> CreatedAnyway:
    """The person was recorded although `answers` were given: why, and by whom.

    The agent saw those of their scope and said that they are others: never asked again. Of the others they saw nothing.
    """
    judged_different(actor, person, [each.person.pk for each in answers.people], why=reason)
    return CreatedAnyway.objects.create(
        person=person, reason=reason, alike=[str(pk) for pk in answers.alike], created_by=actor.agent_id
    )


def _reasons(row: Mapping[str, Any], person_ids: list[uuid.UUID], prior: float) -> dict[uuid.UUID, tuple[str, ...]]:
    """{person: what each field says}, from the strongest to the weakest."""
    scorer = Scorer(load().expecting(prior))
    left = {**row, **{name: frozenset(row[name]) for name in ARRAYS}}
    reasons = {}
    for theirs in Profile.objects.filter(person_id__in=person_ids).order_by("person_id").values("pk", *PREPARED):
        right = theirs | {name: frozenset(theirs[name]) for name in ARRAYS}
        reasons[theirs["pk"]] = scorer.score_rows(left, right).reasons
    return reasons
