"""Answers for one person on one day: every rule in force, with reasons, the fewest questions, and the trace."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from passerelles.core.answers import Answer, Reason, Verdict, unknown
from passerelles.orientation.engine.facts import FactRegistry, Facts, Value, Values
from passerelles.orientation.engine.plan import Join, Leaf, Node, Plan, Settled
from passerelles.orientation.engine.questions import fewest
from passerelles.orientation.engine.rules import DEPARTMENT_FACT, Parameter, Read, Version, resolve
from passerelles.reference import parameters
from passerelles.reference.parameters import State
from passerelles.reference.register import Entry
from passerelles.reference.territory import AnyTerritory, Kind, Territory, chain_of

MOST_PLANS = 512


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the trace: what was asked at this point and what it answered, with the parts below it."""

    kind: str
    answer: Answer
    rule: str = ""
    fact: str = ""
    value: Value | None = None
    parts: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation(Mapping[str, Answer]):
    """{rule: answer} for every rule in force on the day. Answers and reasons are made when they are read."""

    on: dt.date
    territory: Territory | None
    told: Values
    facts: Facts | None
    plan: Plan
    outcomes: int
    not_in_force: tuple[Version, ...] = field(repr=False, default=())

    def __getitem__(self, code: str) -> Answer:
        """With the fewest missing facts; raises KeyError for a rule that is not in force."""
        answer = self.plan.answer(code, self.outcomes)
        return self._shortened(code, answer) if answer.is_unknown else answer

    def __iter__(self) -> Iterator[str]:
        return iter(self.plan.rules)

    def __len__(self) -> int:
        return len(self.plan.rules)

    def verdict(self, code: str) -> Verdict:
        """Quicker than the answer: no question is worked out."""
        return self.plan.verdict(code, self.outcomes)

    def verdicts(self) -> dict[str, Verdict]:
        return self.plan.verdicts(self.outcomes)

    def says(self, code: str) -> Verdict | None:
        """The verdict, None when the rule is not in force."""
        return self.verdict(code) if code in self.plan.rules else None

    def version(self, code: str) -> Version:
        return self.plan.rules[code].version

    def conclusion(self, code: str) -> str:
        """The answer in one French sentence."""
        version, verdict = self.version(code), self.verdict(code)
        if verdict is Verdict.UNKNOWN:
            return f"À déterminer : {version.title[0].lower()}{version.title[1:]}."
        return version.yes if verdict is Verdict.YES else version.no

    def parameters(self, code: str) -> Mapping[str, Parameter]:
        """The parameters the rule read on that day."""
        return self.plan.rules[code].parameters

    def used(self, reason: Reason) -> dict[str, Value]:
        """The facts of a reason that are known, with their values."""
        return {code: self.told[code] for code in reason.facts if code in self.told}

    def questions(self, codes: Iterable[str] | None = None) -> dict[str, tuple[str, ...]]:
        """{fact to ask: rules it would help to decide}, the most useful fact first."""
        wanted: dict[str, list[str]] = {}
        for code in self if codes is None else codes:
            for fact in self[code].missing:
                wanted.setdefault(fact, []).append(code)
        order = {fact: rank for rank, fact in enumerate(self.plan.registry)}
        ranked = sorted(wanted, key=lambda fact: (-len(wanted[fact]), order[fact]))
        return {fact: tuple(wanted[fact]) for fact in ranked}

    def trace(self, code: str) -> Step:
        """How the rule came to its answer, test by test."""
        return self._step(self.plan.rules[code].node)

    def _shortened(self, code: str, answer: Answer) -> Answer:
        ready = self.plan.rules[code]
        known = frozenset(fact for fact in ready.awaits if fact in self.told)
        key = (self.outcomes & ready.mask, self.on, known)
        short = ready.shortest.get(key)
        if short is None:
            missing = fewest(self.plan, ready.node, key[0], answer.missing, self.on, known)
            reasons = [reason for reason in answer.reasons if not set(reason.facts).isdisjoint(missing)]
            short = ready.shortest[key] = unknown(missing, *reasons)
        return short

    def _step(self, node: Node) -> Step:
        answer = self.plan.resolve(node, self.outcomes)
        match node:
            case Leaf(_, test):
                return Step("test", answer, fact=test.fact, value=self.told.get(test.fact))
            case Settled():
                return Step("settled", answer)
            case Join(kind, parts, count, rule):
                name = f"{kind} {count}" if count else kind
                return Step(name, answer, rule=rule, parts=tuple(self._step(part) for part in parts))


class RuleBook:
    """All the versions of all the rules, and the facts they read. Pure: nothing is kept of the persons."""

    def __init__(self, versions: Sequence[Version], registry: FactRegistry, read: Read = parameters.state) -> None:
        self.versions = tuple(versions)
        self.registry = registry
        self.read = read
        self._plan = lru_cache(maxsize=MOST_PLANS)(self._compiled)
        _refuse_overlaps(self.versions)

    def evaluate(
        self, facts: Facts | Values, on: dt.date, territory: Territory | None = None, *, session: Session | None = None
    ) -> Evaluation:
        """The answers on a day. `territory` (a department) completes the facts when they do not say where one lives.

        Raises NotConfigured or BeforeFirstDate when a rule in force reads a parameter that has no value then.
        """
        values = facts.values_by_code if isinstance(facts, Facts) else facts
        if territory is not None and territory.kind is Kind.DEPARTMENT and DEPARTMENT_FACT not in values:
            values = {**values, DEPARTMENT_FACT: territory.code}
        department = values.get(DEPARTMENT_FACT)
        where = Territory(Kind.DEPARTMENT, str(department)) if department is not None else territory
        ready = (session or Session(self)).ready(on, where)
        return Evaluation(
            on=on,
            territory=where,
            told=values,
            facts=facts if isinstance(facts, Facts) else None,
            plan=ready.plan,
            outcomes=ready.plan.outcomes(values, on),
            not_in_force=ready.not_in_force,
        )

    def in_force(self, on: dt.date) -> tuple[Version, ...]:
        return tuple(version for version in self.versions if on in version.period)

    def prepare(self, on: dt.date, territory: Territory | None, read_from: Read | None = None) -> Prepared:
        """The plan of a day in a territory; rules and parameters that are the same share it."""
        active = self.in_force(on)
        source = read_from or self.read
        read = tuple(tuple(resolve(version, on, territory, source).items()) for version in active)
        codes = {version.code for version in active}
        others = {version.code: version for version in self.versions if version.code not in codes}
        return Prepared(self._plan(active, read), tuple(others.values()))

    def _compiled(self, versions: tuple[Version, ...], read: tuple[tuple[tuple[str, Parameter], ...], ...]) -> Plan:
        by_name = {version.name: dict(found) for version, found in zip(versions, read, strict=True)}
        return Plan(versions, by_name, self.registry)


@dataclass(frozen=True, slots=True)
class Prepared:
    plan: Plan
    not_in_force: tuple[Version, ...]


class Session:
    """For many evaluations in a row: parameters are read once per day and territory, not once per person.

    With the `decisions` of State agents at hand ({} when there are none), only once between two days on which
    something changes, and once for the territories that nothing distinguishes. A decision taken meanwhile is not
    seen: open a session for one request or one batch.
    """

    def __init__(
        self, book: RuleBook, decisions: Mapping[tuple[str, Territory], Sequence[Entry]] | None = None
    ) -> None:
        self._book = book
        self._found: dict[object, Prepared] = {}
        self._states: dict[tuple[str, dt.date, AnyTerritory], State] = {}
        self._turning = None if decisions is None else Turning(book, decisions)

    def ready(self, on: dt.date, territory: Territory | None) -> Prepared:
        key = (on, territory) if self._turning is None else self._turning.key(on, territory)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._book.prepare(on, territory, self._read)
        return found

    def _read(self, key: str, on: dt.date, territory: AnyTerritory) -> State:
        asked = (key, on, territory)
        state = self._states.get(asked)
        if state is None:
            state = self._states[asked] = self._book.read(key, on, territory)
        return state

    def evaluate(self, facts: Facts | Values, on: dt.date, territory: Territory | None = None) -> Evaluation:
        return self._book.evaluate(facts, on, territory, session=self)


class AsKnown(Session):
    """Parameters as they were known at an instant: what an evaluation said then, it says again."""

    def __init__(self, book: RuleBook, known_at: dt.datetime) -> None:
        super().__init__(book)
        self._known_at = known_at

    def _read(self, key: str, on: dt.date, territory: AnyTerritory) -> State:
        return parameters.state(key, on, territory, known_at=self._known_at)


class Turning:
    """The days on which a rule or a parameter changes, and the territories that have values of their own."""

    def __init__(self, book: RuleBook, decisions: Mapping[tuple[str, Territory], Sequence[Entry]]) -> None:
        keys = {key for version in book.versions for key in version.parameters}
        entries = [entry for key in keys for entry in parameters.parameter(key).entries]
        entries += [entry for (key, _), decided in decisions.items() if key in keys for entry in decided]
        periods = [version.period for version in book.versions] + [entry.period for entry in entries]
        after = {period.end + dt.timedelta(days=1) for period in periods if period.end is not None}
        self._days = sorted({period.start for period in periods} | after)
        self._places = {entry.territory for entry in entries}
        self._chains: dict[Territory | None, tuple[Territory, ...] | None] = {None: None}

    def key(self, on: dt.date, territory: Territory | None) -> object:
        """The same for two days and two territories that nothing distinguishes."""
        if territory is not None and territory not in self._chains:
            self._chains[territory] = tuple(place for place in chain_of(territory) if place in self._places)
        return bisect_right(self._days, on), self._chains[territory]


def _refuse_overlaps(versions: Sequence[Version]) -> None:
    """Two versions of a rule never hold on the same day, and none outlives the text it rests on."""
    by_code: dict[str, list[Version]] = {}
    for version in versions:
        text = version.reference.text.period
        inside = text.start <= version.since and (
            text.end is None or (version.until is not None and version.until <= text.end)
        )
        if not inside:
            raise ValueError(f"{version.name}: its text is not in force on all its days")
        for other in by_code.setdefault(version.code, []):
            if version.period.overlaps(other.period):
                raise ValueError(f"{version.name} and {other.name} hold on the same day")
        by_code[version.code].append(version)
