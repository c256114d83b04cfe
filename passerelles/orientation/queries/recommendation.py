"""What the rules say of a person to one role, on a day: the ordered list, the facts behind it, the open questions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from passerelles.network.enums import Action
from passerelles.network.policy import Actor
from passerelles.orientation.engine.evaluation import Evaluation, Session
from passerelles.orientation.engine.facts import Facts, Known
from passerelles.orientation.engine.recommendation import Recommendation, Standing, recommend
from passerelles.orientation.models import Statement
from passerelles.orientation.policy import items
from passerelles.orientation.queries.facts import facts_and_statements, territory_of
from passerelles.orientation.rules import BOOK
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.rules.proposals import PROPOSALS
from passerelles.people.enums import ConsentPurpose
from passerelles.people.models import Consent, Person


@dataclass(frozen=True, slots=True)
class Outlook:
    """The recommendation as one role may read it.

    `stated`: what stands of the diagnosis, whoever may read it; `seen`: the items the role may know of, `askable`:
    those it may state.
    """

    person: Person
    on: dt.date
    facts: Facts
    evaluation: Evaluation
    lines: tuple[Recommendation, ...]
    stated: Mapping[str, Statement]
    seen: frozenset[str]
    askable: frozenset[str]

    def of(self, standing: Standing) -> tuple[Recommendation, ...]:
        return tuple(line for line in self.lines if line.standing is standing)

    def codes(self, *standings: Standing) -> frozenset[str]:
        return frozenset(line.proposal.code for line in self.lines if line.standing in standings)

    def snapshot(self) -> list[dict[str, Any]]:
        """The list as a decision keeps it."""
        return [
            {
                "code": line.proposal.code,
                "standing": line.standing.value,
                "for": [_kept(reason) for reason in line.reasons_for],
                "against": [_kept(reason) for reason in line.reasons_against],
                "questions": list(line.questions),
            }
            for line in self.lines
        ]

    def versions(self) -> dict[str, str]:
        """{rule: version} of every rule that the list rests on."""
        asked = {code for line in self.lines for code in rules_of(line)}
        return {
            code: self.evaluation.version(code).since.isoformat() for code in sorted(asked) if code in self.evaluation
        }

    def facts_kept(self) -> dict[str, dict[str, Any]]:
        return {
            code: {
                "valeur": ITEMS[code].plain(known.value),
                "source": known.source,
                "date": known.since.isoformat() if known.since else None,
            }
            for code, known in self.facts.items()
        }


def rules_of(line: Recommendation) -> tuple[str, ...]:
    """The rules whose answers place the proposal in the list."""
    return (*line.proposal.when, *line.proposal.needs, *line.proposal.against)


def outlook_of(
    actor: Actor,
    person: Person,
    on: dt.date,
    *,
    typed: Mapping[str, Known] | None = None,
    session: Session | None = None,
    consents: bool | None = None,
) -> Outlook:
    """The caller has asked the policy for the person. `typed`: what a screen knows already and has not saved yet.

    `consents`: the answer of `consents_to_health`, when it has been read.
    """
    consents = consents_to_health(person) if consents is None else consents
    seen = items(actor, Action.VIEW, consents=consents)
    facts_known, stated = facts_and_statements(person, on)
    known = {code: each for code, each in facts_known.items() if code in seen}
    facts = Facts(known | dict(typed or {}))
    evaluation = BOOK.evaluate(facts, on, territory_of(person, facts), session=session)
    return Outlook(
        person=person,
        on=on,
        facts=facts,
        evaluation=evaluation,
        lines=recommend(evaluation, PROPOSALS),
        stated=stated,
        seen=seen,
        askable=items(actor, Action.EDIT, consents=consents),
    )


def consents_to_health(person: Person) -> bool:
    """Does the person agree that the adviser who accompanies them knows of a barrier of health (A.6)?"""
    return person.pk in consenting([person])


def agrees(consents: Iterable[Consent]) -> bool:
    """The same, from the consents of the person as they have been read."""
    return any(each.purpose == ConsentPurpose.HEALTH_BARRIER and each.withdrawn_on is None for each in consents)


def consenting(people: Iterable[Person]) -> set[uuid.UUID]:
    """Those of these persons who agree. One query."""
    found = Consent.objects.filter(
        person__any=[person.pk for person in people], purpose=ConsentPurpose.HEALTH_BARRIER, withdrawn_on__isnull=True
    )
    return set(found.order_by().values_list("person_id", flat=True))


def _kept(reason: Any) -> dict[str, Any]:
    return {
        "text": reason.text,
        "reference": reason.reference,
        "rule": reason.rule,
        "version": reason.version,
        "facts": list(reason.facts),
    }
