"""From answers to an ordered list of proposals: why, why not, and what remains to be asked. Suggests, never decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


def standing_of(proposal: Proposal, says: Callable[[str], Verdict | None]) -> Standing | None:
    """Where the proposal stands by the verdicts alone; None when it is not to be made."""
    needs = [says(code) for code in proposal.needs]
    if Verdict.NO in needs or None in needs:
        return None
    when = [says(code) for code in proposal.when]
    if Verdict.YES in when and Verdict.UNKNOWN not in needs:
        weighed = any(says(code) is Verdict.YES for code in proposal.against)
        return Standing.TO_WEIGH if weighed else Standing.RECOMMENDED
    may_hold = Verdict.YES in when or Verdict.UNKNOWN in when
    return Standing.TO_CLARIFY if may_hold else None


def _line(evaluation: Evaluation, proposal: Proposal) -> Recommendation | None:
    standing = standing_of(proposal, evaluation.says)
    if standing is None:
        return None
    yes = [code for code in (*proposal.when, *proposal.needs) if evaluation.says(code) is Verdict.YES]
    against = _reasons(evaluation, (code for code in proposal.against if evaluation.says(code) is Verdict.YES))
    if standing is not Standing.TO_CLARIFY:
        return Recommendation(proposal, standing, _reasons(evaluation, yes), against)
    open_ = [code for code in (*proposal.when, *proposal.needs) if evaluation.says(code) is Verdict.UNKNOWN]
    asked = evaluation.plan.registry.in_order(fact for code in open_ for fact in evaluation[code].missing)
    when = [code for code in yes if code in proposal.when]
    return Recommendation(proposal, standing, _reasons(evaluation, when), against, asked)


def _reasons(evaluation: Evaluation, codes: Iterable[str]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for code in codes for reason in evaluation[code].reasons))
