"""The fewest questions that decide: whatever is answered to them, the rule says yes or no.

Knowing more never undoes a decision, so a fact without which no set decides belongs to every set that does.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.conditions import representatives
from passerelles.orientation.engine.facts import FactType, Value
from passerelles.orientation.engine.plan import Join, Leaf, Node, Plan, Settled, facts_of
from passerelles.reference import territories
from passerelles.reference.levels import Level

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
EITHER = frozenset({YES, NO})
SAMPLE_COUNTRIES = ("AF", "AD", "CH", "DE", "DZ", "FR", "MC", "NO", "SM", "XA")


def fewest(
    plan: Plan, node: Node, outcomes: int, missing: Iterable[str], on: dt.date, known: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The smallest set of `missing` that always decides the node, in the order of the registry.

    `known`: facts that a pending parameter may need and that are known already; they are not asked again.
    """
    search = Search(plan, on, known)
    useful = plan.registry.in_order(fact for fact in missing if fact not in known)
    if search.each_counts(node, outcomes):
        return useful
    needed = [fact for fact in useful if not search.decides(node, outcomes, frozenset(useful) - {fact})]
    others = [fact for fact in useful if fact not in needed]
    for size in range(len(others) + 1):
        for added in itertools.combinations(others, size):
            asked = frozenset((*needed, *added))
            if search.decides(node, outcomes, asked):
                return plan.registry.in_order(asked)
    return useful


class Search:
    """What a node can become when some facts are asked and the others stay unknown."""

    def __init__(self, plan: Plan, on: dt.date, known: frozenset[str]) -> None:
        self._plan = plan
        self._known = known
        self._on = on
        self._open: dict[tuple[int, int], frozenset[str]] = {}

    def decides(self, node: Node, outcomes: int, asked: frozenset[str]) -> bool:
        return UNKNOWN not in self._ends(node, outcomes, asked, self._known)

    def each_counts(self, node: Node, outcomes: int) -> bool:
        """No fact is read twice by the tests that are still open, and each may go either way: all are needed."""
        open_ = list(self._open_tests(node, outcomes))
        facts = {leaf.test.fact for leaf in open_ if isinstance(leaf, Leaf)}
        return len(facts) == len(open_) and all(
            isinstance(leaf, Leaf) and len(ways(self._plan, (leaf,), self._on)) == 2 for leaf in open_
        )

    def _open_tests(self, node: Node, outcomes: int) -> Iterator[Node]:
        if self._plan.verdict_of(node, outcomes) is UNKNOWN:
            if isinstance(node, Join):
                for part in node.parts:
                    yield from self._open_tests(part, outcomes)
            else:
                yield node

    def _ends(self, node: Node, outcomes: int, asked: frozenset[str], settled: frozenset[str]) -> frozenset[Verdict]:
        """The verdicts that can be reached; facts of `settled` have been asked and are already in the outcomes."""
        match node:
            case Settled(answer, awaits):
                return EITHER if awaits and asked | settled >= set(awaits) else frozenset({answer.verdict})
            case Leaf():
                state = self._plan.state_of(node, outcomes)
                if state is UNKNOWN and node.test.fact in asked:
                    return frozenset(YES if holds else NO for (holds,) in ways(self._plan, (node,), self._on))
                return frozenset({state})
            case Join():
                state = self._plan.verdict_of(node, outcomes)
                if state is not UNKNOWN:
                    return frozenset({state})
                return self._join_ends(node, outcomes, asked, settled)

    def _join_ends(
        self, node: Join, outcomes: int, asked: frozenset[str], settled: frozenset[str]
    ) -> frozenset[Verdict]:
        """Parts that share no question are independent; a shared question is asked once, for all of them."""
        once: set[str] = set()
        shared: set[str] = set()
        for part in node.parts:
            facts = self._open_facts(part, outcomes) & asked
            shared |= once & facts
            once |= facts
        if not shared:
            return _combined(node, [self._ends(part, outcomes, asked, settled) for part in node.parts])
        fact = min(shared)
        leaves = self._plan.reading(node, fact)
        found: set[Verdict] = set()
        for together in ways(self._plan, leaves, self._on):
            told = outcomes
            for leaf, holds in zip(leaves, together, strict=True):
                told = self._plan.with_outcome(told, leaf, holds)
            found |= self._ends(node, told, asked - {fact}, settled | {fact})
            if UNKNOWN in found:
                break
        return frozenset(found)

    def _open_facts(self, node: Node, outcomes: int) -> frozenset[str]:
        """The facts of the tests that are not known yet, where they may still count."""
        key = (id(node), outcomes)
        found = self._open.get(key)
        if found is None:
            if self._plan.verdict_of(node, outcomes) is not UNKNOWN:
                found = frozenset()
            elif isinstance(node, Join):
                found = frozenset().union(*(self._open_facts(part, outcomes) for part in node.parts))
            else:
                found = facts_of(node)
            self._open[key] = found
        return found


def ways(plan: Plan, leaves: tuple[Leaf, ...], on: dt.date) -> frozenset[tuple[bool, ...]]:
    """Every way in which one value of a fact can settle together these tests of it."""
    key = (tuple(leaf.index for leaf in leaves), on)
    found = plan.ways.get(key)
    if found is None:
        values = possible_values(plan, leaves, on)
        found = frozenset(tuple(bool(leaf.test.holds(value, on)) for leaf in leaves) for value in values)
        plan.ways[key] = found
    return found


def possible_values(plan: Plan, leaves: tuple[Leaf, ...], on: dt.date) -> Iterable[Value]:
    """Values of the fact of these tests, enough of them to see every outcome."""
    spec = plan.registry[leaves[0].test.fact]
    match spec.type:
        case FactType.BOOL:
            return (True, False)
        case FactType.ENUM:
            return tuple(spec.values)
        case FactType.LEVEL:
            return tuple(Level)
        case FactType.COUNTRY:
            return SAMPLE_COUNTRIES
        case FactType.DEPARTMENT:
            return tuple(department.code for department in territories.departments())
        case FactType.CODES:
            codes = tuple(spec.values)
            return (frozenset(some) for size in range(len(codes) + 1) for some in itertools.combinations(codes, size))
    return representatives([edge for leaf in leaves if leaf.test.edges for edge in leaf.test.edges(on)])


def _combined(node: Join, ends: list[frozenset[Verdict]]) -> frozenset[Verdict]:
    if node.kind == "not":
        opposite = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}
        return frozenset(opposite[verdict] for verdict in ends[0])
    count = {"all": len(ends), "any": 1}.get(node.kind, node.count)
    tallies = {(0, 0)}
    for verdicts in ends:
        tallies = {
            (sure + (verdict is YES), open_ + (verdict is UNKNOWN)) for sure, open_ in tallies for verdict in verdicts
        }
    return frozenset(YES if sure >= count else NO if sure + open_ < count else UNKNOWN for sure, open_ in tallies)
