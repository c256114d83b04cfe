"""Pairs between two DTs: each reads its own record in full, and of the other one only what the comparison says (K-004).

No role of A.6 reads the persons of two DTs: the two answer one after the other (`services.answer_pair`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from passerelles.linkage import lookup
from passerelles.linkage.engine.decision import DOUBLE
from passerelles.linkage.engine.model import load, probability
from passerelles.linkage.engine.score import Scorer
from passerelles.linkage.models import OPEN_PAIRS, PairState, PairVerb, PersonPair
from passerelles.linkage.queries.fields import chances, signed
from passerelles.linkage.queries.identities import Gesture, comparison_rows, fields_said, history_of, next_of
from passerelles.linkage.stakes import side_of
from passerelles.network import policy
from passerelles.network.enums import OrganisationKind, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.people.models import Person


@dataclass(frozen=True, slots=True)
class CrossedPair:
    """One line of the queue: one's own person, and the DT that follows the other."""

    pair: PersonPair
    mine: Person
    elsewhere: str


@dataclass(frozen=True, slots=True)
class CrossedPage:
    """`lines`: (field, value of one's own record, what the comparison says). Of the other record, nothing else."""

    pair: PersonPair
    mine: Person
    elsewhere: str
    lines: tuple[tuple[str, str, str], ...]
    other_reasons: tuple[str, ...]
    start: str
    total: str
    chances: str
    answered: str
    """Which DT answered "the same": `ours`, `theirs`, "" when neither did."""
    history: tuple[Gesture, ...]
    """Without the reasons of the other DT: they tell of its record."""
    next_id: uuid.UUID | None
    left: int

    @property
    def waiting(self) -> bool:
        return self.pair.state in OPEN_PAIRS


def crossed_pairs(actor: Actor) -> QuerySet[PersonPair]:
    """The pairs between a DT of the actor and another that wait for an answer, the likeliest first."""
    waiting = PersonPair.objects.filter(state__in=OPEN_PAIRS).select_related("first", "second")
    return policy.visible(actor, waiting, Resource.CROSS_CHECK).order_by("-bits", "pk")


def crossed_lines(actor: Actor, pairs: list[PersonPair]) -> list[CrossedPair]:
    """The pairs as the queue shows them; one query."""
    offices = _offices()
    return [CrossedPair(pair, *_sides(actor, pair, offices)) for pair in pairs]


def crossed_page(actor: Actor, pk: uuid.UUID) -> CrossedPage:
    """The pair `pk`; `Unknown` when it is not between a DT of the actor and another. A fixed number of queries."""
    pairs = PersonPair.objects.select_related("first", "second")
    pair = policy.get_or_404(actor, pairs, Resource.CROSS_CHECK, pk)
    mine, elsewhere = _sides(actor, pair, _offices())
    people = [pair.first, pair.second]
    hashes, rows = comparison_rows(people)
    weights = load().expecting(DOUBLE.prior(lookup.people_count()))
    score = Scorer(weights).score_rows(*rows)
    said = {each.comparison: each for each in score.contributions}
    shown = {code: field for code, field in fields_said(people, hashes, said) if field.contribution is not None}
    own = "person" if mine.pk == pair.first_id else "record"
    rest = sorted((each for code, each in said.items() if code not in shown), key=lambda each: -abs(each.bits))
    history = history_of(pair)
    proposed = next((each for each, _ in reversed(history) if each.verb == PairVerb.PROPOSED), None)
    waiting = crossed_pairs(actor).exclude(pk=pair.pk)
    side = side_of(actor, pair)
    ours = proposed is not None and proposed.direction == side
    return CrossedPage(
        pair=pair,
        mine=mine,
        elsewhere=elsewhere,
        lines=tuple((field.label, getattr(field, own), field.verdict_label) for field in shown.values()),
        other_reasons=tuple(each.sentence() for each in rest),
        start=signed(weights.prior_bits),
        total=signed(score.bits),
        chances=chances(probability(score.bits)),
        answered="" if pair.state != PairState.SECOND else "ours" if ours else "theirs",
        history=tuple(gesture if each.direction == side else replace(gesture, why="") for each, gesture in history),
        next_id=next_of(crossed_pairs(actor), pair),
        left=waiting.count(),
    )


def _sides(actor: Actor, pair: PersonPair, offices: dict[str, str]) -> tuple[Person, str]:
    mine, other = pair.first, pair.second
    if mine.direction not in actor.directions:
        mine, other = other, mine
    return mine, offices.get(other.direction, other.direction)


def _offices() -> dict[str, str]:
    """{direction: the name of its DT}."""
    offices = Organisation.objects.filter(kind=OrganisationKind.OFII_DT).order_by("pk")
    return dict(offices.values_list("direction", "name"))
