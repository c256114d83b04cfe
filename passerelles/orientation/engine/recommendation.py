"""From answers to an ordered list of proposals: why, why not, and what remains to be asked. Suggests, never decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from passerelles.core.answers import Reason, Verdict
from passerelles.orientation.engine.evaluation import Evaluation


class Kind(StrEnum):
    BODY = "body"
    ACTION = "action"
    RIGHT = "right"


class Standing(StrEnum):
    """In the order of the list."""

    RECOMMENDED = "recommended"
    TO_WEIGH = "to_weigh"
    TO_CLARIFY = "to_clarify"

    @property
    def label_fr(self) -> str:
        return _STANDING_LABELS[self]


_STANDING_LABELS = {
    Standing.RECOMMENDED: "recommandé",
    Standing.TO_WEIGH: "à peser",
    Standing.TO_CLARIFY: "à préciser",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A body or an action. Proposed when one of `when` and all of `needs` say yes; `against` are rules that speak
    for another choice.
    """

    code: str
    kind: Kind
    title: str
    when: tuple[str, ...]
    needs: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One line of the list. `questions`: the facts to ask, the fewest for its rules, only when TO_CLARIFY."""

    proposal: Proposal
    standing: Standing
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    questions: tuple[str, ...] = ()


def recommend(evaluation: Evaluation, proposals: Sequence[Proposal]) -> tuple[Recommendation, ...]:
    """What to propose first (in the order of `proposals`), then what to weigh, then what to clarify, shortest first."""
    found = [line for line in (_line(evaluation, proposal) for proposal in proposals) if line is not None]
    standings = list(Standing)
    return tuple(sorted(found, key=lambda line: (standings.index(line.standing), len(line.questions))))


def _line(evaluation: Evaluation, proposal: Proposal) -> Recommendation | None:
    said = {code: evaluation.says(code) for code in (*proposal.when, *proposal.needs, *proposal.against)}
    if any(said[code] in {Verdict.NO, None} for code in proposal.needs):
        return None
    when = [code for code in proposal.when if said[code] is Verdict.YES]
    against = _reasons(evaluation, (code for code in proposal.against if said[code] is Verdict.YES))
    open_ = [code for code in (*proposal.when, *proposal.needs) if said[code] is Verdict.UNKNOWN]
    if when and all(said[code] is Verdict.YES for code in proposal.needs):
        standing = Standing.TO_WEIGH if against else Standing.RECOMMENDED
        return Recommendation(proposal, standing, _reasons(evaluation, (*when, *proposal.needs)), against)
    if not open_ or not (when or any(said[code] is Verdict.UNKNOWN for code in proposal.when)):
        return None
    asked = evaluation.plan.registry.in_order(fact for code in open_ for fact in evaluation[code].missing)
    return Recommendation(proposal, Standing.TO_CLARIFY, _reasons(evaluation, when), against, asked)


def _reasons(evaluation: Evaluation, codes: Iterable[str]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for code in codes for reason in evaluation[code].reasons))
