"""What the answers of a month were worth, from what agents said of them. Pure.

An automatic answer that an agent contradicts was wrong; one that nobody contradicts is held right. Precision: of the
"known", those not contradicted. Recall: of the persons known, those whom the platform found by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from passerelles.linkage.engine.quality import wilson

KNOWN, UNKNOWN = "registered", "not_found"
DOUBTS = frozenset({"to_review", "ambiguous"})


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: who (any key), which register, what was said, by an agent or by the platform, and their groups."""

    person: object
    register: str
    result: str
    decided: bool
    groups: tuple[tuple[str, str], ...] = ()
    """(what groups, the group): ("sexe", "Femme")."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, with its 95 % interval."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Worth:
    """One line: a group, and what the platform's answers about it were worth."""

    what: str
    group: str
    answers: int
    doubts: int
    precision: Share
    recall: Share


def worth(history: Iterable[Answered]) -> list[Worth]:
    """`history` in the order of time: the last automatic answer of each person and register, judged by what agents
    said after it. The whole first, then each group in alphabetical order."""
    last: dict[tuple[object, str], Answered] = {}
    said: dict[tuple[object, str], str] = {}
    for each in history:
        key = (each.person, each.register)
        if each.decided:
            said[key] = each.result
        else:
            last[key] = each
            said.pop(key, None)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for key, each in last.items():
        for group in (("", "Ensemble"), *each.groups):
            counts[group].update(_judged(each.result, said.get(key)))
    return [
        Worth(
            what,
            group,
            answers=found["answers"],
            doubts=found["doubts"],
            precision=Share(found["right"], found["right"] + found["wrong"]),
            recall=Share(found["right"], found["right"] + found["missed"]),
        )
        for (what, group), found in sorted(counts.items())
    ]


def _judged(result: str, agent: str | None) -> Mapping[str, int]:
    told = {"answers": 1}
    if result in DOUBTS:
        # Found only with the help of an agent: the platform did not find this person by itself.
        return told | {"doubts": 1} | ({"missed": 1} if agent == KNOWN else {})
    if result == KNOWN:
        return told | ({"wrong": 1} if agent == UNKNOWN else {"right": 1})
    return told | ({"missed": 1} if agent == KNOWN else {})
