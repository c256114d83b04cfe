"""Which value a parameter has on a date and in a territory, and where it comes from. There is no default.

The most specific territory wins; at equal territory a dated override by an agent of the State wins over the
file, and the later of two overrides wins over the earlier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from passerelles.core.errors import UserError
from passerelles.core.periods import Period, date_fr
from passerelles.reference import register
from passerelles.reference.register import Entry, Parameter, Value
from passerelles.reference.territory import NATIONAL, AnyTerritory, Territory, chain_of


class UnknownParameter(UserError):
    """No parameter bears this key."""


class NotConfigured(UserError):
    """No source gives a value on this date in this territory: somebody must decide."""


class NoLongerInForce(NotConfigured):
    """The parameter had a value, which ended before the date."""


class BeforeFirstDate(UserError):
    """The date precedes the first day on which any source gives, or awaits, a value."""


class Overrides(Protocol):
    """Where the dated decisions of State agents are kept; registered at start-up (`use_overrides`)."""

    def __call__(self, known_at: dt.datetime | None) -> Mapping[tuple[str, Territory], Sequence[Entry]]:
        """Canonical key and exact territory → decisions, as known at that instant (None: now).

        Asked once by each function of this module, however many parameters it answers for.
        """
        ...


class Status(StrEnum):
    CONFIGURED = "configured"
    NOT_CONFIGURED = "not_configured"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    ENDED = "ended"

    @property
    def label_fr(self) -> str:
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    Status.CONFIGURED: "configuré",
    Status.NOT_CONFIGURED: "non configuré",
    Status.NOT_YET_IN_FORCE: "pas encore en vigueur",
    Status.ENDED: "échu",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value with everything needed to show where it comes from."""

    key: str
    label: str
    unit: str
    value: Value
    territory: Territory
    valid_from: dt.date
    valid_to: dt.date | None
    reference: str
    confidence: str
    note: str
    is_override: bool

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_to)

    def as_int(self) -> int:
        """Raises TypeError, a mistake of the caller, when the value is of another type; so do its sisters."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise TypeError(f"{self.key} is not an integer")
        return self.value

    def as_text(self) -> str:
        if not isinstance(self.value, str):
            raise TypeError(f"{self.key} is not a text")
        return self.value

    def as_bool(self) -> bool:
        if not isinstance(self.value, bool):
            raise TypeError(f"{self.key} is not a boolean")
        return self.value

    def as_date(self) -> dt.date:
        if not isinstance(self.value, dt.date):
            raise TypeError(f"{self.key} is not a date")
        return self.value


@dataclass(frozen=True, slots=True)
class State:
    """A parameter on a date in a territory, as a screen lists it. `setting` is there only when CONFIGURED.

    `entry` is the one that decided: in force, awaited, next to begin or last to end; None when no source
    concerns this territory.
    """

    parameter: Parameter
    status: Status
    setting: Setting | None
    entry: Entry | None


Decided = Mapping[tuple[str, Territory], Sequence[Entry]]

_overrides: Overrides | None = None


def use_overrides(source: Overrides | None) -> Overrides | None:
    """Register the source of the dated decisions of State agents; None goes back to the file alone.

    The former source is returned, for whoever replaces it for a while.
    """
    global _overrides
    former, _overrides = _overrides, source
    return former


def keys() -> tuple[str, ...]:
    return tuple(register.parameters())


def parameter(key: str) -> Parameter:
    """By key or alias; raises UnknownParameter."""
    try:
        return _by_name()[key]
    except KeyError:
        raise UnknownParameter(
            f"Le paramètre « {key} » n'existe pas.", remedy="Choisissez-le dans la liste des paramètres."
        ) from None


def value(key: str, on: dt.date, territory: AnyTerritory = NATIONAL, *, known_at: dt.datetime | None = None) -> Setting:
    """The setting in force; raises UnknownParameter, NotConfigured, NoLongerInForce, BeforeFirstDate.

    `territory` is one territory, whose wider territories follow (`dt:metz` → `region:44` → `national`), or an
    explicit sequence, most specific first, taken as it stands. `known_at` leaves out the decisions and withdrawals
    recorded after that instant, so that a past computation is done again with what was then known (K-013).
    """
    chain = chain_of(territory)
    found = _state(parameter(key), on, chain, _decided(known_at))
    if found.setting is None:
        raise _refusal(found, on, chain)
    return found.setting


def state(key: str, on: dt.date, territory: AnyTerritory = NATIONAL, *, known_at: dt.datetime | None = None) -> State:
    """Same resolution as `value`, told instead of raised; raises only UnknownParameter."""
    return _state(parameter(key), on, chain_of(territory), _decided(known_at))


def state_had(decisions: Decided, key: str, on: dt.date, territory: AnyTerritory = NATIONAL) -> State:
    """Same as `state`, had exactly these decisions been taken, and no other: for simulations."""
    return _state(parameter(key), on, chain_of(territory), decisions)


def settings_on(
    on: dt.date, territory: AnyTerritory = NATIONAL, *, known_at: dt.datetime | None = None
) -> tuple[State, ...]:
    """Every parameter of the register, in its order."""
    chain, decided = chain_of(territory), _decided(known_at)
    return tuple(_state(each, on, chain, decided) for each in register.parameters().values())


def _decided(known_at: dt.datetime | None) -> Decided:
    return _overrides(known_at) if _overrides else {}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Parameter]:
    return {name: each for each in register.parameters().values() for name in (each.key, *each.aliases)}


def _state(asked: Parameter, on: dt.date, chain: tuple[Territory, ...], decided: Decided) -> State:
    known: list[Entry] = []
    for territory in chain:
        decisions = asked.check(decided.get((asked.key, territory), ()))
        for entries, is_override in ((decisions, True), (asked.entries_for(territory), False)):
            in_force = [entry for entry in entries if on in entry.period]
            if in_force:
                latest = max(in_force, key=lambda entry: entry.valid_from)
                return _in_force(asked, latest, is_override=is_override)
            known.extend(entries)
    ended = [entry for entry in known if entry.valid_from <= on]
    if ended:
        return State(asked, Status.ENDED, None, max(ended, key=lambda entry: entry.valid_from))
    if known:
        return State(asked, Status.NOT_YET_IN_FORCE, None, min(known, key=lambda entry: entry.valid_from))
    return State(asked, Status.NOT_CONFIGURED, None, None)


def _in_force(asked: Parameter, entry: Entry, *, is_override: bool) -> State:
    if entry.value is None:
        return State(asked, Status.NOT_CONFIGURED, None, entry)
    setting = Setting(
        key=asked.key,
        label=asked.label,
        unit=asked.unit,
        value=entry.value,
        territory=entry.territory,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        reference=entry.reference,
        confidence=entry.confidence,
        note=entry.note,
        is_override=is_override,
    )
    return State(asked, Status.CONFIGURED, setting, entry)


def _refusal(found: State, on: dt.date, chain: tuple[Territory, ...]) -> UserError:
    asked, entry = found.parameter, found.entry
    name = f"Le paramètre « {asked.label} » ({asked.key})"
    here = f"au {date_fr(on)} ({chain[0].label_fr})"
    remedy = "Un agent de l'État peut le saisir dans les paramètres, avec sa date et sa référence."
    if entry is None:
        awaited = ", ".join(dict.fromkeys(each.territory.label_fr for each in asked.entries))
        return NotConfigured(f"{name} n'est pas configuré {here} : il n'est prévu que pour {awaited}.", remedy=remedy)
    where = f"{entry.territory.label_fr}, {entry.period.label_fr}"
    if found.status is Status.NOT_YET_IN_FORCE:
        return BeforeFirstDate(
            f"{name} n'a pas de valeur {here} : sa première date est le {date_fr(entry.valid_from)}.",
            remedy="Choisissez une date plus tardive, ou saisissez la valeur d'alors avec sa référence.",
        )
    if found.status is Status.ENDED:
        return NoLongerInForce(f"{name} n'a plus de valeur {here} : la dernière valait {where}.", remedy=remedy)
    return NotConfigured(
        f"{name} n'est pas configuré {here} : sa valeur est attendue ({where}). {entry.note}".rstrip(),
        remedy=remedy,
    )
