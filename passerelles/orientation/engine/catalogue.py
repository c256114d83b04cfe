"""The rule book as data: every rule in plain French, with its texts, dates, parameters and test cases.

For a public page and for `passerelles rules`; nothing here depends on a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from passerelles.core.errors import UserError
from passerelles.core.periods import Period
from passerelles.orientation.engine.cases import Case
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
from passerelles.orientation.engine.evaluation import RuleBook
from passerelles.orientation.engine.rules import Context, Read, Version, resolve
from passerelles.reference import parameters
from passerelles.reference.register import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule in plain French, with the lines under it."""

    text: str
    under: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A parameter a rule reads, with every value it has had."""

    key: str
    label: str
    unit: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class VersionEntry:
    version: Version
    in_force: bool
    conditions: tuple[Line, ...]
    parameters: tuple[ParameterEntry, ...]

    @property
    def period(self) -> Period:
        return self.version.period


@dataclass(frozen=True, slots=True)
class RuleEntry:
    code: str
    group: str
    title: str
    versions: tuple[VersionEntry, ...]
    cases: tuple[Case, ...]

    @property
    def in_force(self) -> VersionEntry | None:
        return next((version for version in self.versions if version.in_force), None)


def catalogue(book: RuleBook, on: dt.date, cases: Sequence[Case] = ()) -> tuple[RuleEntry, ...]:
    """Every rule, in the order of the book, as it stands on the day."""
    by_code: dict[str, list[Version]] = {}
    for version in book.versions:
        by_code.setdefault(version.code, []).append(version)
    titles = {code: versions[-1].title for code, versions in by_code.items()}
    return tuple(
        RuleEntry(
            code=code,
            group=versions[0].group,
            title=titles[code],
            versions=tuple(
                _version(version, on, titles, book.read) for version in sorted(versions, key=lambda each: each.since)
            ),
            cases=tuple(case for case in cases if case.rule == code),
        )
        for code, versions in by_code.items()
    )


def _version(version: Version, on: dt.date, titles: dict[str, str], read_from: Read) -> VersionEntry:
    in_force = on in version.period
    day = on if in_force else version.until or version.since
    read = resolve(version, day, None, read_from)
    try:
        lines = _lines(version.write(Context(version, read)), titles)
    except UserError as error:
        lines = (Line(error.sentence),)
    return VersionEntry(version, in_force, lines, tuple(_parameter(key) for key in version.parameters))


def _parameter(key: str) -> ParameterEntry:
    found = parameters.parameter(key)
    return ParameterEntry(found.key, found.label, found.unit, found.entries)


def _lines(condition: Condition, titles: dict[str, str]) -> tuple[Line, ...]:
    if isinstance(condition, All):
        return tuple(_line(part, titles) for part in condition.parts)
    return (_line(condition, titles),)


def _line(condition: Condition, titles: dict[str, str]) -> Line:
    match condition:
        case Test(_, _, yes):
            return Line(yes)
        case Constant(_, sentence):
            return Line(sentence)
        case Pending(_, sentence):
            return Line(f"{sentence} (selon le département)")
        case RuleRef(code):
            return Line(f"la règle « {titles.get(code, code)} » dit oui ({code})")
        case Not(Test(_, _, _, no)):
            return Line(no)
        case Not(RuleRef(code)):
            return Line(f"la règle « {titles.get(code, code)} » dit non ({code})")
        case Not(part):
            return Line("sauf si", _parts((part,), titles))
        case All(parts):
            return Line("toutes ces conditions", _parts(parts, titles))
        case Any_(parts):
            return Line("l'une au moins de ces conditions", _parts(parts, titles))
        case AtLeast(count, parts):
            return Line(f"{count} au moins de ces conditions", _parts(parts, titles))


def _parts(parts: Iterable[Condition], titles: dict[str, str]) -> tuple[Line, ...]:
    return tuple(_line(part, titles) for part in parts)
