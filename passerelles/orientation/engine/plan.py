"""The rules in force on a day in a territory, ready to be answered for any number of persons.

Every test is made once per person. A rule is then answered from the outcomes of its own tests: persons who share
them share the answer, so a population costs little more than its tests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from passerelles.core.answers import Answer, Reason, Verdict, all_of, any_of, at_least, negate, no, unknown, yes
from passerelles.core.periods import date_fr
from passerelles.orientation.engine import quick as fast
from passerelles.orientation.engine.conditions import (
    All,
    Any_,
    AtLeast,
    Condition,
    Constant,
    Not,
    Pending,
    RuleRef,
    Test,
)
from passerelles.orientation.engine.facts import FactRegistry, FactType, Values
from passerelles.orientation.engine.rules import Context, Parameter, Version, in_scope
from passerelles.orientation.engine.texts import Reference

MOST_REMEMBERED = 50_000
_WITH_FEW_VALUES = {FactType.BOOL, FactType.ENUM, FactType.LEVEL, FactType.COUNTRY, FactType.DEPARTMENT}
_CODES = {Verdict.YES: fast.YES, Verdict.NO: fast.NO, Verdict.UNKNOWN: fast.UNKNOWN}
_VERDICTS = {code: verdict for verdict, code in _CODES.items()}
_CONFIDENCES = ("faible", "moyenne", "élevée")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A test of one rule, with its three answers prepared. `index` is its place in the outcomes of a person."""

    index: int
    test: Test
    on_yes: Answer
    on_no: Answer
    on_unknown: Answer


@dataclass(frozen=True, slots=True)
class Settled:
    """A constant, or a pending parameter: the same answer for everybody. `awaits`: the facts it is pending on."""

    answer: Answer
    awaits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """`kind`: all, any, not, or at least `count`. `rule`: the code of the rule that begins here, if one does."""

    kind: str
    parts: tuple[Node, ...]
    count: int = 0
    rule: str = ""


Node = Leaf | Settled | Join


@dataclass(slots=True)
class Ready:
    """A rule in force, its condition linked to the tests of the plan. `mask` selects its outcomes."""

    version: Version
    node: Node
    parameters: Mapping[str, Parameter]
    quick: fast.Quick = fast.settled(fast.UNKNOWN)
    mask: int = 0
    answers: dict[int, Answer] = field(default_factory=dict)
    awaits: frozenset[str] = frozenset()
    shortest: dict[tuple[int, dt.date, frozenset[str]], Answer] = field(default_factory=dict)


class Plan:
    """Compiled once; holds no person. Outcomes are two bits per test, in one integer: true, then false."""

    def __init__(
        self, versions: Sequence[Version], read: Mapping[str, Mapping[str, Parameter]], registry: FactRegistry
    ) -> None:
        self.registry = registry
        self.rules: dict[str, Ready] = {}
        self.ways: dict[tuple[tuple[int, ...], dt.date], frozenset[tuple[bool, ...]]] = {}
        self._reading: dict[tuple[int, str], tuple[Leaf, ...]] = {}
        self._leaves: list[Leaf] = []
        self._by_code = {version.code: version for version in versions}
        self._read = read
        for version in versions:
            self._link(version.code)
        width = len(self._leaves)
        for ready in self.rules.values():
            own = sum(1 << index for index in {leaf.index for leaf in leaves_of(ready.node)})
            ready.mask = own | own << width
            ready.awaits = awaited(ready.node)
        self._false_from = width
        self._quick: dict[int, fast.Quick] = {}
        for ready in self.rules.values():
            ready.quick = self.quick(ready.node)
        self._tests: dict[str, list[tuple[int, int, Callable[..., bool]]]] = {}
        for leaf in self._leaves:
            self._tests.setdefault(leaf.test.fact, []).append((*self._bits_of(leaf), leaf.test.holds))
        self._remembered: dict[str, dict[object, int]] = {
            code: {} for code in self._tests if registry[code].type in _WITH_FEW_VALUES
        }

    def outcomes(self, values: Values, on: dt.date) -> int:
        """Every test on what is known of one person."""
        found = 0
        remembered = self._remembered
        for code, tests in self._tests.items():
            value = values.get(code)
            if value is None:
                continue
            known = remembered.get(code)
            if known is not None:
                bits = known.get(value)
                if bits is None:
                    bits = known[value] = _bits(tests, value, on)
                found |= bits
            else:
                found |= _bits(tests, value, on)
        return found

    def answer(self, code: str, outcomes: int) -> Answer:
        """The answer of a rule in force; `missing` holds every fact that may still count."""
        ready = self.rules[code]
        key = outcomes & ready.mask
        answer = ready.answers.get(key)
        if answer is None:
            if len(ready.answers) >= MOST_REMEMBERED:
                ready.answers.clear()
            answer = ready.answers[key] = self.resolve(ready.node, key)
        return answer

    def verdict(self, code: str, outcomes: int) -> Verdict:
        """The verdict of `answer`, without working out why."""
        return _VERDICTS[self.rules[code].quick(outcomes)]

    def verdicts(self, outcomes: int) -> dict[str, Verdict]:
        return {code: _VERDICTS[ready.quick(outcomes)] for code, ready in self.rules.items()}

    def verdict_of(self, node: Node, outcomes: int) -> Verdict:
        return _VERDICTS[self.quick(node)(outcomes)]

    def quick(self, node: Node) -> fast.Quick:
        """The node compiled to bits; made once."""
        found = self._quick.get(id(node))
        if found is None:
            found = self._quick[id(node)] = self._compiled(node)
        return found

    def _compiled(self, node: Node) -> fast.Quick:
        match node:
            case Leaf():
                return fast.leaf(*self._bits_of(node))
            case Settled(answer):
                return fast.settled(_CODES[answer.verdict])
            case Join("not", parts):
                return fast.negate(self.quick(parts[0]))
            case Join("at_least", parts, count):
                return fast.at_least(count, [self.quick(part) for part in parts])
        true_bits, false_bits, others = 0, 0, []
        for part in node.parts:
            match part:
                case Leaf():
                    holds, fails = self._bits_of(part)
                case Join("not", (Leaf() as only,)):
                    fails, holds = self._bits_of(only)
                case _:
                    others.append(self.quick(part))
                    continue
            true_bits |= holds
            false_bits |= fails
        make = fast.all_of if node.kind == "all" else fast.any_of
        return make(true_bits, false_bits, others)

    def _bits_of(self, leaf: Leaf) -> tuple[int, int]:
        return 1 << leaf.index, 1 << (leaf.index + self._false_from)

    def resolve(self, node: Node, outcomes: int) -> Answer:
        """Kleene logic, as `core.answers` defines it once."""
        match node:
            case Leaf(index):
                if outcomes >> index & 1:
                    return node.on_yes
                return node.on_no if outcomes >> (index + self._false_from) & 1 else node.on_unknown
            case Settled(answer):
                return answer
            case Join(kind, _, count):
                return self._joined(
                    kind, [self.resolve(part, outcomes) for part in self._carrying(node, outcomes)], count
                )

    def _joined(self, kind: str, answers: Sequence[Answer], count: int) -> Answer:
        match kind:
            case "all":
                return all_of(*answers)
            case "any":
                return any_of(*answers)
            case "not":
                return negate(answers[0])
        return at_least(count, *answers)

    def _carrying(self, node: Join, outcomes: int) -> Sequence[Node]:
        """The parts that carry the verdict; the others would give neither a reason nor a question."""
        if node.kind == "not":
            return node.parts
        verdict = self.quick(node)(outcomes)
        counted = {verdict, fast.YES} if node.kind == "at_least" else {verdict}
        return [part for part in node.parts if self.quick(part)(outcomes) in counted]

    def reading(self, node: Node, fact: str) -> tuple[Leaf, ...]:
        """The tests of the node that read the fact."""
        key = (id(node), fact)
        found = self._reading.get(key)
        if found is None:
            found = self._reading[key] = tuple(leaf for leaf in leaves_of(node) if leaf.test.fact == fact)
        return found

    def state_of(self, leaf: Leaf, outcomes: int) -> Verdict:
        if outcomes >> leaf.index & 1:
            return Verdict.YES
        return Verdict.NO if outcomes >> (leaf.index + self._false_from) & 1 else Verdict.UNKNOWN

    def with_outcome(self, outcomes: int, leaf: Leaf, holds: bool) -> int:
        return outcomes | 1 << (leaf.index if holds else leaf.index + self._false_from)

    def _link(self, code: str) -> Ready:
        if code in self.rules:
            return self.rules[code]
        version = self._by_code[code]
        read = self._read[version.name]
        condition = version.write(Context(version, read))
        scope = in_scope(version)
        parts = (condition,) if scope is None else (scope, condition)
        ready = Ready(version, Join("all", tuple(self._node(part, version) for part in parts), rule=code), read)
        self.rules[code] = ready
        return ready

    def _node(self, condition: Condition, owner: Version) -> Node:
        match condition:
            case Test():
                return self._leaf(condition, owner)
            case Constant(value, sentence):
                reason = self._reason(owner, sentence, (), condition.reference, condition.requirement)
                return Settled(yes(reason) if value else no(reason))
            case Pending(facts, sentence):
                reason = self._reason(owner, f"à établir : {sentence}", facts)
                return Settled(unknown(facts, reason), facts)
            case RuleRef(code):
                if code in self._by_code:
                    return self._link(code).node
                sentence = f"la règle {code} n'est pas en vigueur à cette date"
                return Settled(no(self._reason(owner, sentence, ())))
            case All(parts):
                return Join("all", tuple(self._node(part, owner) for part in parts))
            case Any_(parts):
                return Join("any", tuple(self._node(part, owner) for part in parts))
            case Not(part):
                return Join("not", (self._node(part, owner),))
            case AtLeast(count, parts):
                return Join("at_least", tuple(self._node(part, owner) for part in parts), count)

    def _leaf(self, test: Test, owner: Version) -> Leaf:
        spec = self.registry[test.fact]

        def told(sentence: str) -> Reason:
            return self._reason(owner, sentence, (test.fact,), test.reference, test.requirement)

        leaf = Leaf(
            len(self._leaves),
            test,
            yes(told(test.yes)),
            no(told(test.no)),
            unknown([test.fact], told(f"à établir : {spec.label}")),
        )
        self._leaves.append(leaf)
        return leaf

    def _reason(
        self,
        owner: Version,
        sentence: str,
        facts: tuple[str, ...],
        reference: Reference | None = None,
        requirement: str = "",
    ) -> Reason:
        cited = reference or owner.reference
        return Reason(
            text=sentence,
            reference=cited.label,
            requirement=requirement or (owner.requirements[0] if owner.requirements else ""),
            rule=owner.code,
            version=cited.text.since.isoformat(),
            facts=facts,
            confidence=min(owner.confidence, cited.text.confidence, key=_CONFIDENCES.index),
        )


def leaves_of(node: Node) -> Iterable[Leaf]:
    match node:
        case Leaf():
            yield node
        case Join(_, parts):
            for part in parts:
                yield from leaves_of(part)


def facts_of(node: Node) -> frozenset[str]:
    """Every fact the node may use."""
    match node:
        case Leaf(_, test):
            return frozenset({test.fact})
        case Settled(_, awaits):
            return frozenset(awaits)
        case Join(_, parts):
            return frozenset().union(*(facts_of(part) for part in parts))


def awaited(node: Node) -> frozenset[str]:
    """The facts on which a parameter of the node is pending."""
    match node:
        case Settled(_, awaits):
            return frozenset(awaits)
        case Join(_, parts):
            return frozenset().union(*(awaited(part) for part in parts))
    return frozenset()


def _bits(tests: list[tuple[int, int, Callable[..., bool]]], value: object, on: dt.date) -> int:
    found = 0
    for true_bit, false_bit, holds in tests:
        found |= true_bit if holds(value, on) else false_bit
    return found


def in_force_fr(version: Version) -> str:
    """Why the rule does not answer on a day outside its period."""
    if version.until is None:
        return f"entre en vigueur le {date_fr(version.since)}"
    return f"en vigueur {version.period.label_fr}"
