"""Rules: small functions that write a condition from dated parameters, each version with its days, scope and text.

    @rule("agir.maintien", group="B.4", ..., since=dt.date(2022, 2, 8), reference=INSTRUCTION.at("§2.2.2"))
    def agir_maintien(context: Context) -> Condition:
        return within_months("agir.date_entree", context.number("agir_max_months"), ...)

A rule never reads the day itself: tests do, when they are answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from passerelles.core.periods import Period
from passerelles.orientation.engine.conditions import Condition, Constant, Pending, Test, true
from passerelles.orientation.engine.texts import Reference, Text
from passerelles.reference import parameters
from passerelles.reference.levels import Level
from passerelles.reference.parameters import Setting, State, Status
from passerelles.reference.territory import NATIONAL, AnyTerritory, Kind, Territory, chain_of

DEPARTMENT_FACT = "departement"

Read = Callable[[str, dt.date, AnyTerritory], State]
"""Where parameters are read: `reference.parameters.state`, dated decisions of State agents included."""


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version of a rule. `scope`: territories of which one must be the person's; empty, it is national.

    `read_in`: where its parameters are read; None, in the person's own territory.
    `yes` and `no` conclude in French. `confidence` is that of our reading, never higher than the text's.
    """

    code: str
    group: str
    title: str
    since: dt.date
    until: dt.date | None
    reference: Reference
    requirements: tuple[str, ...]
    confidence: str
    scope: tuple[Territory, ...]
    read_in: Territory | None
    parameters: tuple[str, ...]
    yes: str
    no: str
    note: str
    write: Callable[[Context], Condition]

    @property
    def period(self) -> Period:
        return Period(self.since, self.until)

    @property
    def name(self) -> str:
        """`agir.eligible@2022-02-08`."""
        return f"{self.code}@{self.since.isoformat()}"

    @property
    def scope_fr(self) -> str:
        return ", ".join(territory.label_fr for territory in self.scope) or "national"


def rule(
    code: str,
    *,
    group: str,
    title: str,
    since: dt.date,
    reference: Reference,
    requirement: str,
    yes: str,
    no: str,
    until: dt.date | None = None,
    confidence: str = "élevée",
    scope: Iterable[str] = (),
    read_in: str = "",
    parameters: tuple[str, ...] = (),
    note: str = "",
) -> Callable[[Callable[[Context], Condition]], Version]:
    """Declares the function below it as a version of the rule. `requirement`: one or several, separated by spaces.

    A rule written for one territory reads its parameters there; `read_in` names another place (a lot).
    """
    territories = tuple(Territory.parse(name) for name in scope)
    where = Territory.parse(read_in) if read_in else territories[0] if len(territories) == 1 else None

    def declare(write: Callable[[Context], Condition]) -> Version:
        return Version(
            code=code,
            group=group,
            title=title,
            since=since,
            until=until,
            reference=reference,
            requirements=tuple(requirement.split()),
            confidence=confidence,
            scope=territories,
            read_in=where,
            parameters=parameters,
            yes=yes,
            no=no,
            note=note,
            write=write,
        )

    return declare


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as one rule read it. `varies`: its value depends on a territory that is not known.

    `everywhere`: it then has a value wherever the person may live.
    """

    key: str
    setting: Setting | None
    varies: bool = False
    everywhere: bool = True

    @property
    def is_set(self) -> bool:
        return self.setting is not None

    @property
    def reference(self) -> Reference | None:
        """The document that gives the value."""
        if self.setting is None:
            return None
        period = self.setting.period
        return Reference(Text(self.setting.reference, period.start, period.end, self.setting.confidence))


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may read while it writes its condition: its own parameters, already resolved."""

    version: Version
    read: Mapping[str, Parameter] = field(default_factory=dict)

    def parameter(self, key: str) -> Parameter:
        if key not in self.version.parameters:
            raise ValueError(f"{self.version.name} reads {key} without declaring it")
        return self.read[key]

    def number(self, key: str) -> int:
        """A number that must be set and the same everywhere; raises NotConfigured or BeforeFirstDate otherwise."""
        return self._setting(key).as_int()

    def text(self, key: str) -> str:
        return self._setting(key).as_text()

    def level(self, key: str) -> Level:
        return Level(self._setting(key).as_text())

    def shown(self, key: str, absent: str = "non configuré") -> str:
        """The value as a sentence shows it; it decides nothing."""
        setting = self.parameter(key).setting
        return absent if setting is None else str(setting.value)

    def holds(self, key: str, *, ask: str, yes: str, no: str) -> Condition:
        """A yes-or-no parameter. Where no source sets it, the fact `ask` is asked for instead of assuming anything."""
        found = self.parameter(key)
        if found.varies:
            return Pending((DEPARTMENT_FACT,) if found.everywhere else (DEPARTMENT_FACT, ask), yes)
        if found.setting is not None:
            value = found.setting.as_bool()
            return Constant(value, yes if value else no, reference=found.reference)
        return true(ask, yes, no)

    def _setting(self, key: str) -> Setting:
        setting = self.parameter(key).setting
        if setting is None:
            raise parameters.NotConfigured(
                f"La règle {self.version.code} a besoin du paramètre « {key} », qui n'est pas configuré à cette date."
            )
        return setting


def resolve(version: Version, on: dt.date, territory: Territory | None, read: Read) -> dict[str, Parameter]:
    """The parameters of a version on a day, in the person's territory (None: not known) or in that of its scope."""
    where = version.read_in or territory
    found = {}
    for key in version.parameters:
        state = read(key, on, where or NATIONAL)
        if where is None and _varies(state, on):
            local = (entry for entry in state.parameter.entries if on in entry.period)
            everywhere = state.setting is not None and all(entry.value is not None for entry in local)
            found[key] = Parameter(key, None, varies=True, everywhere=everywhere)
        else:
            found[key] = Parameter(key, state.setting if state.status is Status.CONFIGURED else None)
    return found


def _varies(state: State, on: dt.date) -> bool:
    """Some territory has a value of its own on that day."""
    return any(entry.territory != NATIONAL and on in entry.period for entry in state.parameter.entries)


def in_scope(version: Version) -> Condition | None:
    """Does the person live in the scope of the rule? None for a national rule."""
    if not version.scope:
        return None
    scope = frozenset(version.scope)
    where = version.scope_fr
    return Test(
        DEPARTMENT_FACT,
        lambda code, _: not scope.isdisjoint(chain_of(Territory(Kind.DEPARTMENT, code))),
        f"réside dans le ressort de la règle ({where})",
        f"réside hors du ressort de la règle ({where})",
    )
