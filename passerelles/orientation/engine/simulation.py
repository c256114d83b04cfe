"""What a change of rule or parameter does to a cohort: the same persons read in two worlds, counted by department.

Pure. Persons come from above, as facts; nothing of them is kept, only how many passed from one answer to another.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.evaluation import Evaluation, RuleBook, Session
from passerelles.orientation.engine.facts import Value, Values
from passerelles.orientation.engine.plan import Plan
from passerelles.orientation.engine.recommendation import Kind, Proposal, Standing, standing_of
from passerelles.reference import parameters, register
from passerelles.reference.parameters import State
from passerelles.reference.register import Entry
from passerelles.reference.territory import NATIONAL, AnyTerritory, Territory

HYPOTHESIS = "hypothèse de simulation"
ABSENT = ""
"""A rule that is not in force, a proposal that is not made, a person whom no body receives."""


@dataclass(frozen=True, slots=True)
class World:
    """The day, the values set against the register from that day, the rules left out.

    Without a value, the parameters are those of the register; the decisions kept in a base are not read.
    """

    on: dt.date
    values: Mapping[str, register.Value] = field(default_factory=dict)
    territory: Territory = NATIONAL
    without: frozenset[str] = frozenset()

    def book(self, base: RuleBook) -> RuleBook:
        """The rule book of this world. Raises UnknownParameter, InvalidParameter and KeyError for an unknown rule."""
        codes = {version.code for version in base.versions}
        if foreign := self.without - codes:
            raise KeyError(min(foreign))
        decided = self.decisions()

        def read(key: str, on: dt.date, territory: AnyTerritory) -> State:
            return parameters.state_had(decided, key, on, territory)

        return RuleBook([each for each in base.versions if each.code not in self.without], base.registry, read)

    def decisions(self) -> dict[tuple[str, Territory], Sequence[Entry]]:
        found: dict[tuple[str, Territory], Sequence[Entry]] = {}
        for name, value in self.values.items():
            asked = parameters.parameter(name)
            entry = Entry(self.territory, self.on, None, value, HYPOTHESIS, "faible")
            found[asked.key, self.territory] = asked.check([entry])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What one world says of the persons who share all its outcomes. `receiver`: the body that receives the
    registered person first, ABSENT when the person is not registered or is received by none.
    """

    verdicts: Mapping[str, Verdict]
    standings: Mapping[str, Standing]
    registered: bool
    receiver: str


class Reading:
    """Reads persons in one world. `consequences`: a rule that says yes makes these facts true before the rest is read
    (who is registered automatically is registered). `registers`: the rule that says a person is to be received.
    """

    def __init__(
        self,
        base: RuleBook,
        world: World,
        proposals: Sequence[Proposal],
        *,
        consequences: Mapping[str, Mapping[str, Value]],
        registers: str,
        receivers: Sequence[str],
    ) -> None:
        self.world = world
        self._session = Session(world.book(base), world.decisions())
        self._proposals = proposals
        self._consequences = consequences
        self._registers = registers
        self._receivers = receivers
        self._found: dict[tuple[int, int], tuple[Plan, Profile]] = {}

    def profile(self, values: Values) -> Profile:
        read = self._session.evaluate(values, self.world.on)
        for code, facts in self._consequences.items():
            if read.says(code) is Verdict.YES and any(values.get(fact) != value for fact, value in facts.items()):
                read = self._session.evaluate({**values, **facts}, self.world.on)
        key = (id(read.plan), read.outcomes)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = (read.plan, self._told(read))
        return found[1]

    def _told(self, read: Evaluation) -> Profile:
        verdicts = read.verdicts()
        places = {each.code: standing_of(each, verdicts.get) for each in self._proposals}
        standings = {code: standing for code, standing in places.items() if standing is not None}
        registered = verdicts.get(self._registers) is Verdict.YES
        receiver = ABSENT
        if registered:
            for wanted in (Standing.RECOMMENDED, Standing.TO_WEIGH):
                receiver = receiver or next((c for c in self._receivers if standings.get(c) is wanted), ABSENT)
        return Profile(verdicts, standings, registered, receiver)


def receivers_of(proposals: Iterable[Proposal], orientation: str) -> tuple[str, ...]:
    """The bodies to which the rule `orientation` leads, in the order of the list."""
    bodies = (each for each in proposals if each.kind is Kind.BODY)
    return tuple(each.code for each in bodies if orientation in (*each.when, *each.needs))


Passage = tuple[str, str, str, str, str]
"""(department, section, code, before, after). Sections: `rule`, `proposal`, `receiver` (code ABSENT)."""


@dataclass(slots=True)
class Tally:
    """How many persons passed from what to what. Two tallies of two halves of a cohort add up.

    `touched`: those for whom at least one answer differs. Keys are departments.
    """

    persons: Counter[str] = field(default_factory=Counter)
    touched: Counter[str] = field(default_factory=Counter)
    passages: Counter[Passage] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.persons.update(other.persons)
        self.touched.update(other.touched)
        self.passages.update(other.passages)

    def changed(self, section: str) -> dict[str, dict[tuple[str, str], int]]:
        """{code: {(before, after): persons}}, where before and after differ, over the nation."""
        found: dict[str, dict[tuple[str, str], int]] = {}
        for (_, where, code, one, other), n in self.passages.items():
            if where == section and one != other:
                pairs = found.setdefault(code, {})
                pairs[one, other] = pairs.get((one, other), 0) + n
        return found


def tally(people: Iterable[tuple[str, Values, Values]], before: Reading, after: Reading) -> Tally:
    """`people`: department, facts as read before, facts as read after."""
    pairs: Counter[tuple[str, Profile, Profile]] = Counter()
    for department, one, other in people:
        pairs[department, before.profile(one), after.profile(other)] += 1
    found = Tally()
    for (department, was, now), n in pairs.items():
        found.persons[department] += n
        found.touched[department] += n if was.verdicts != now.verdicts else 0
        for code in dict.fromkeys((*was.verdicts, *now.verdicts)):
            sides = (str(was.verdicts.get(code, ABSENT)), str(now.verdicts.get(code, ABSENT)))
            found.passages[department, "rule", code, *sides] += n
        for code in dict.fromkeys((*was.standings, *now.standings)):
            stands = (str(was.standings.get(code, ABSENT)), str(now.standings.get(code, ABSENT)))
            found.passages[department, "proposal", code, *stands] += n
        found.passages[department, "receiver", ABSENT, _received(was), _received(now)] += n
    return found


NO_BODY = "none"
"""Registered, and oriented to no body of the employment network (with a job, in training, exempted…)."""


def _received(profile: Profile) -> str:
    if not profile.registered:
        return ABSENT
    return profile.receiver or NO_BODY
