"""Decisions looked at again: would the recommendation be another one today, and why?

The answer is kept beside the decision and replaced at each review; the decision itself never changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role
from passerelles.network.policy import Actor
from passerelles.orientation.engine.evaluation import AsKnown, Session
from passerelles.orientation.engine.facts import Facts
from passerelles.orientation.engine.recommendation import Recommendation, Standing, recommend
from passerelles.orientation.models import Decision, Review
from passerelles.orientation.policy import items_of_role
from passerelles.orientation.queries.facts import facts_of_many, territory_of
from passerelles.orientation.queries.page import decided_from, why_it_changed
from passerelles.orientation.queries.recommendation import consenting
from passerelles.orientation.rules import BOOK
from passerelles.orientation.rules.proposals import PROPOSALS
from passerelles.people.models import Person
from passerelles.reference.territory import Territory

CHUNK = 500
UNSAID = "Un texte ou un paramètre a changé depuis la décision."
MOST_AT_ONCE = 2_000
"""Decisions that one agent may have looked at again from a page; the worker sees to all of them every night."""


@transaction.atomic
def review_again(actor: Actor) -> int:
    """Look again at the standing decisions the actor may see, the oldest review first; how many would now differ."""
    policy.require(actor, Resource.ORIENTATION, Action.EDIT)
    rows = policy.visible(actor, Decision.objects.standing(), Resource.ORIENTATION)
    return review(rows.order_by("review__reviewed_at", "id")[:MOST_AT_ONCE])


def review_of(person: Person) -> None:
    """After something was stated of the person, in the same transaction."""
    review(Decision.objects.standing().filter(person=person))


@transaction.atomic
def review(decisions: QuerySet[Decision]) -> int:
    """Compare each decision with what the rules say today; how many would now differ."""
    today = clock.today()
    session = Session(BOOK)
    found = 0
    waiting = decisions.select_related("person").iterator(chunk_size=CHUNK)
    while chunk := list(islice(waiting, CHUNK)):
        answers = list(_answers(chunk, today, session))
        found += sum(bool(answer.lost or answer.gained) for answer in answers)
        Review.objects.bulk_create(
            answers,
            update_conflicts=True,
            unique_fields=["decision"],
            update_fields=["reviewed_at", "differs", "lost", "gained", "why"],
        )
    return found


def _answers(decisions: Iterable[Decision], today: dt.date, session: Session) -> Iterator[Review]:
    chosen = list(decisions)
    people = [decision.person for decision in chosen]
    known, consents = facts_of_many(people, today), consenting(people)
    for decision in chosen:
        lost, gained, why = _difference(
            decision, known[decision.person_id], decision.person_id in consents, today, session
        )
        yield Review(
            decision=decision,
            reviewed_at=clock.now(),
            differs=bool(lost or gained),
            lost=lost,
            gained=gained,
            why=list(why),
        )


def _difference(
    decision: Decision, facts: Facts, consents: bool, today: dt.date, session: Session
) -> tuple[list[str], list[str], tuple[str, ...]]:
    """What was chosen on the rules' word and is no longer proposed; what is newly recommended and was not chosen.

    The facts are those that the role which decided may see: another role's knowledge is no reason to disturb it.
    """
    seen = items_of_role(Role(decision.role) if decision.role else None, Action.VIEW, consents)
    visible = Facts({code: each for code, each in facts.items() if code in seen})
    after = session.evaluate(visible, today, territory_of(decision.person, visible))
    now = _by_standing(recommend(after, PROPOSALS))
    then = {line["code"]: line["standing"] for line in decision.recommended}
    proposed = (Standing.RECOMMENDED.value, Standing.TO_WEIGH.value)
    lost = [code for code in decision.chosen if then.get(code) in proposed and now.get(code) not in proposed]
    gained = [
        code
        for code, standing in now.items()
        if standing == Standing.RECOMMENDED and then.get(code) not in proposed and code not in decision.chosen
    ]
    if not lost and not gained:
        return [], [], ()
    territory = Territory.parse(decision.territory) if decision.territory else None
    try:
        then_known = AsKnown(BOOK, decision.created_at)
        before = then_known.evaluate(Facts(decided_from(decision)), decision.made_on, territory)
    except UserError:
        return lost, gained, ()
    return lost, gained, why_it_changed(before, after, [*lost, *gained]) or (UNSAID,)


def _by_standing(lines: Iterable[Recommendation]) -> Mapping[str, Any]:
    return {line.proposal.code: line.standing.value for line in lines}
