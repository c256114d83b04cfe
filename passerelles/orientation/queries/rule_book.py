"""The rule book as the public pages show it: no person, no account; the decisions of the State are read once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from passerelles.core.errors import Unknown, UserError
from passerelles.core.text import ascii_key
from passerelles.orientation.engine.cases import Case, shipped
from passerelles.orientation.engine.catalogue import RuleEntry, VersionEntry, catalogue
from passerelles.orientation.engine.plan import facts_of
from passerelles.orientation.rules import BOOK, FACTS, GROUPS
from passerelles.parameters.rules import in_french, unit_shown
from passerelles.reference import parameters
from passerelles.reference.territory import NATIONAL, Territory

cases = lru_cache(maxsize=1)(shipped)
SIMULATIONS = "simulations"


@dataclass(frozen=True)
class ParameterLine:
    """The value of a parameter on the day; `value` is « non configuré », or another state, where there is none."""

    key: str
    label: str
    value: str
    configured: bool
    territory: str
    reference: str
    confidence: str


@dataclass(frozen=True)
class CaseLine:
    case: Case
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RulePage:
    """One rule. `questions`: what it may ask on the day; none while it is not in force."""

    entry: RuleEntry
    group: str
    versions: tuple[tuple[VersionEntry, tuple[ParameterLine, ...]], ...]
    questions: tuple[str, ...]
    cases: tuple[CaseLine, ...]


def rules_found(on: dt.date, group: str, text: str) -> list[tuple[str, str, list[RuleEntry]]]:
    """(group, its title, rules) in the order of the book; every word of `text` is somewhere in the rule."""
    words = ascii_key(text).split()
    entries = catalogue(BOOK, on)
    found = [
        (code, title, [entry for entry in entries if entry.group == code and _says(entry, words)])
        for code, title in GROUPS.items()
        if group in ("", code)
    ]
    return [each for each in found if each[2]]


def rule_page(code: str, on: dt.date, territory: Territory | None) -> RulePage:
    """Raises Unknown when no rule bears this code."""
    entry = next((each for each in catalogue(BOOK, on, cases()) if each.code == code), None)
    if entry is None:
        raise Unknown(f"Aucune règle « {code} ».", remedy="Choisissez-la dans le livre des règles.")
    return RulePage(
        entry=entry,
        group=GROUPS[entry.group],
        versions=tuple((version, _parameters(version, on, territory)) for version in reversed(entry.versions)),
        questions=_questions(entry, on, territory),
        cases=tuple(_case(case) for case in entry.cases),
    )


@lru_cache(maxsize=1)
def simulations() -> Mapping[str, Mapping[str, Any]]:
    """{name: simulation}, as `passerelles rules simulate --write` gave them; days are dates."""
    folder = files("passerelles.orientation") / SIMULATIONS
    found = {}
    for each in sorted(folder.iterdir(), key=lambda path: path.name):
        if each.name.endswith(".json"):
            told = json.loads(each.read_text(encoding="utf-8"))
            for side in ("before", "after"):
                told[side]["on"] = dt.date.fromisoformat(told[side]["on"])
            found[each.name.removesuffix(".json")] = told
    return found


def simulation(name: str) -> Mapping[str, Any]:
    """Raises Unknown."""
    try:
        return simulations()[name]
    except KeyError:
        raise Unknown("Cette simulation n’existe pas.", remedy="Choisissez-la dans la liste des simulations.") from None


def _says(entry: RuleEntry, words: list[str]) -> bool:
    told = [entry.code, entry.title]
    for each in entry.versions:
        version = each.version
        told += [version.yes, version.no, version.note, version.reference.label, *version.requirements]
    text = ascii_key(" ".join(told))
    return all(word in text for word in words)


def _parameters(version: VersionEntry, on: dt.date, territory: Territory | None) -> tuple[ParameterLine, ...]:
    where = version.version.read_in or territory or NATIONAL
    return tuple(_parameter(parameters.state(each.key, on, where)) for each in version.parameters)


def _parameter(state: parameters.State) -> ParameterLine:
    setting, entry, told = state.setting, state.entry, state.parameter
    value = (
        f"{in_french(setting.value, told.choices)} {unit_shown(told)}".rstrip() if setting else state.status.label_fr
    )
    return ParameterLine(
        key=told.key,
        label=told.label,
        value=value,
        configured=setting is not None,
        territory=entry.territory.label_fr if entry else "",
        reference=entry.reference if entry else "",
        confidence=entry.confidence if entry else "",
    )


def _questions(entry: RuleEntry, on: dt.date, territory: Territory | None) -> tuple[str, ...]:
    """In the order of an interview. None where a parameter without value keeps the rules from being read."""
    if entry.in_force is None:
        return ()
    try:
        asked = facts_of(BOOK.evaluate({}, on, territory).plan.rules[entry.code].node)
    except UserError:
        return ()
    return tuple(spec.question for spec in FACTS.values() if spec.code in asked)


def _case(case: Case) -> CaseLine:
    known = FACTS.read(case.facts)
    return CaseLine(case, tuple((FACTS[code].label, FACTS[code].shown(each.value)) for code, each in known.items()))
