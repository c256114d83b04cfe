"""Two evaluations of the same person side by side: whose answer differs, and because of which facts."""

from __future__ import annotations

from dataclasses import dataclass

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.evaluation import Evaluation
from passerelles.orientation.engine.plan import facts_of


@dataclass(frozen=True, slots=True)
class Change:
    """`before` or `after` is None on a side where the rule is not in force. `because`: the facts of the rule whose
    value differs; empty when only the day, the territory or a parameter changed.
    """

    code: str
    before: Verdict | None
    after: Verdict | None
    because: tuple[str, ...]

    @property
    def reverses(self) -> bool:
        """A yes became a no, or the reverse: somebody was told something that no longer holds."""
        return {self.before, self.after} == {Verdict.YES, Verdict.NO}


def compare(before: Evaluation, after: Evaluation) -> tuple[Change, ...]:
    """The rules whose verdict differs, in the order of the later evaluation."""
    registry = after.plan.registry
    changed = {fact for fact in {*before.told, *after.told} if before.told.get(fact) != after.told.get(fact)}
    found = []
    for code in dict.fromkeys((*after, *before)):
        one, other = before.says(code), after.says(code)
        if one is not other:
            used = {
                fact
                for side in (before, after)
                if code in side.plan.rules
                for fact in facts_of(side.plan.rules[code].node)
            }
            found.append(Change(code, one, other, registry.in_order(used & changed)))
    return tuple(found)
