"""The questions of a fifteen-minute interview: those that decide who accompanies the person, and no other.

The next question is the one that helps to settle the most proposals; it is chosen again after each answer, so that an
answer may make the others useless (C-003, B-037).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from passerelles.orientation.engine.facts import FactRegistry
from passerelles.orientation.engine.recommendation import Recommendation, Standing

GOALS = ("metz", "agir", "departement", "mission_locale", "cap_emploi", "apec", "france_travail")
"""The proposals that the interview settles; the others may wait for the diagnosis."""
WHERE_SIGNATORY = {"apec": "apec.signataire"}
"""Proposals that are a goal only where this fact is known to be true: nobody asks it of a person."""


def goals(told: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """The goals for a person of whom these (fact, value) are known."""
    known = dict(told)
    return tuple(code for code in GOALS if code not in WHERE_SIGNATORY or known.get(WHERE_SIGNATORY[code]) is True)


def open_questions(
    lines: Sequence[Recommendation], wanted: Iterable[str], registry: FactRegistry, askable: frozenset[str]
) -> tuple[str, ...]:
    """The facts still to be asked for the proposals `wanted`, the most useful first; only those one may ask."""
    helped: dict[str, int] = {}
    aims = set(wanted)
    for line in lines:
        if line.proposal.code in aims and line.standing is Standing.TO_CLARIFY and askable.issuperset(line.questions):
            for fact in line.questions:
                helped[fact] = helped.get(fact, 0) + 1
    rank = {fact: place for place, fact in enumerate(registry)}
    return tuple(sorted(helped, key=lambda fact: (-helped[fact], rank[fact])))
