"""Conditions: tests on single facts joined by and, or, not, exception and "at least n". Written in docs/rules-logic.md.

A condition is data. It is read by `engine.plan` (which answers), `engine.questions` (which asks) and the rule book.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from passerelles.core.periods import add_months, add_years, age_on
from passerelles.orientation.engine.facts import NEVER, Value
from passerelles.orientation.engine.texts import Reference
from passerelles.reference.levels import Level

Holds = Callable[[Any, dt.date], bool]
Edges = Callable[[dt.date], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Test:
    """Does the value of one fact satisfy this, on the day? `yes` and `no` say in French what was found.

    `edges(on)` gives the dates or numbers from which the outcome changes, so that all outcomes can be enumerated.
    """

    __test__ = False

    fact: str
    holds: Holds
    yes: str
    no: str
    edges: Edges | None = None
    reference: Reference | None = None
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """Settled by the date, the territory or a parameter, whoever the person is."""

    value: bool
    sentence: str
    reference: Reference | None = None
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """Cannot be told before all these facts are known: a parameter depends on one of them."""

    facts: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class RuleRef:
    """The answer of another rule on the same day. A rule that is not in force then counts as no."""

    code: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    parts: tuple[Condition, ...]


Condition = Test | Constant | Pending | RuleRef | All | Any_ | Not | AtLeast


def all_of(*parts: Condition) -> Condition:
    return parts[0] if len(parts) == 1 else All(parts)


def any_of(*parts: Condition) -> Condition:
    return parts[0] if len(parts) == 1 else Any_(parts)


def negate(part: Condition) -> Condition:
    return Not(part)


def unless(condition: Condition, exception: Condition) -> Condition:
    """The condition, save where the exception holds. While the exception is unknown, only a no is certain."""
    return All((condition, Not(exception)))


def at_least(count: int, *parts: Condition) -> Condition:
    return AtLeast(count, parts)


def rule_says(code: str) -> Condition:
    return RuleRef(code)


def tests_of(condition: Condition) -> Iterator[Test]:
    """Every test of the condition itself, rules it refers to left aside."""
    match condition:
        case Test():
            yield condition
        case All(parts) | Any_(parts) | AtLeast(_, parts):
            for part in parts:
                yield from tests_of(part)
        case Not(part):
            yield from tests_of(part)


def true(fact: str, yes: str, no: str, **cited: Any) -> Test:
    return Test(fact, lambda value, _: value is True, yes, no, **cited)


def false(fact: str, yes: str, no: str, **cited: Any) -> Test:
    """`yes` is said when the fact is false."""
    return Test(fact, lambda value, _: value is False, yes, no, **cited)


def among(fact: str, values: Sequence[str], yes: str, no: str, **cited: Any) -> Test:
    wanted = frozenset(values)
    return Test(fact, lambda value, _: value in wanted, yes, no, **cited)


def includes(fact: str, code: str, yes: str, no: str, **cited: Any) -> Test:
    return Test(fact, lambda value, _: code in value, yes, no, **cited)


def level_from(fact: str, level: Level, yes: str, no: str, **cited: Any) -> Test:
    """The level is reached."""
    return Test(fact, lambda value, _: value.reaches(level), yes, no, **cited)


def level_below(fact: str, level: Level, yes: str, no: str, **cited: Any) -> Test:
    return Test(fact, lambda value, _: not value.reaches(level), yes, no, **cited)


def number_from(fact: str, number: int, yes: str, no: str, **cited: Any) -> Test:
    """At least `number`."""
    return Test(fact, lambda value, _: value >= number, yes, no, edges=lambda _: (number,), **cited)


def number_below(fact: str, number: int, yes: str, no: str, **cited: Any) -> Test:
    return Test(fact, lambda value, _: value < number, yes, no, edges=lambda _: (number,), **cited)


def between(fact: str, first: dt.date, last: dt.date | None, yes: str, no: str, **cited: Any) -> Test:
    """The date lies in the period, both days included; NEVER lies in none."""
    end = last or NEVER - dt.timedelta(days=1)
    after = end + dt.timedelta(days=1)
    return Test(fact, lambda value, _: first <= value <= end, yes, no, edges=lambda _: (first, after), **cited)


def past(fact: str, yes: str, no: str, **cited: Any) -> Test:
    """It has happened, on the day at the latest."""
    return Test(fact, lambda value, on: value <= on, yes, no, edges=lambda on: (on + dt.timedelta(days=1),), **cited)


def not_expired(fact: str, yes: str, no: str, **cited: Any) -> Test:
    """The last day of validity is the day or a later one; NEVER means without end."""
    return Test(fact, lambda value, on: value >= on, yes, no, edges=lambda on: (on,), **cited)


def within_years(fact: str, years: int, yes: str, no: str, **cited: Any) -> Test:
    """It happened less than `years` ago: the anniversary is already too late; so is the eve of the event."""
    return _within(fact, lambda start: add_years(start, years), lambda on: _earliest(on, 12 * years), yes, no, cited)


def within_months(fact: str, months: int, yes: str, no: str, **cited: Any) -> Test:
    return _within(fact, lambda start: add_months(start, months), lambda on: _earliest(on, months), yes, no, cited)


def within_days(fact: str, days: int, yes: str, no: str, **cited: Any) -> Test:
    """It happened, `days` days ago at the most."""
    span = dt.timedelta(days=days + 1)
    return _within(fact, lambda start: start + span, lambda on: (on - span,), yes, no, cited)


def _within(
    fact: str, end_of: Callable[[dt.date], dt.date], earliest: Edges, yes: str, no: str, cited: dict[str, Any]
) -> Test:
    def holds(start: dt.date, on: dt.date) -> bool:
        return start <= on < end_of(start)

    def edges(on: dt.date) -> Sequence[dt.date]:
        near = [day + dt.timedelta(days=shift) for day in earliest(on) for shift in range(-1, 5)]
        return (*near, on + dt.timedelta(days=1))

    return Test(fact, holds, yes, no, edges=edges, **cited)


def _earliest(on: dt.date, months: int) -> Sequence[dt.date]:
    return (add_months(on, -months),)


def age_from(fact: str, years: int, yes: str, no: str, **cited: Any) -> Test:
    """`years` completed on the day; a birth after the day has no age."""
    return _age(fact, lambda age: age >= years, years, yes, no, cited)


def age_under(fact: str, years: int, yes: str, no: str, **cited: Any) -> Test:
    return _age(fact, lambda age: age < years, years, yes, no, cited)


def _age(fact: str, wanted: Callable[[int], bool], years: int, yes: str, no: str, cited: dict[str, Any]) -> Test:
    def holds(birth: dt.date, on: dt.date) -> bool:
        return birth <= on and wanted(age_on(birth, on))

    def edges(on: dt.date) -> Sequence[dt.date]:
        day = add_years(on, -years)
        near = [day + dt.timedelta(days=shift) for shift in (-1, 0, 1, 2)]
        return (*near, add_years(on, -years - 1), on + dt.timedelta(days=1))

    return Test(fact, holds, yes, no, edges=edges, **cited)


def representatives(edges: Sequence[Any]) -> tuple[Value, ...]:
    """Values on both sides of every edge: between two of them no outcome changes."""
    if not edges:
        return ()
    if isinstance(edges[0], dt.date):
        days = {day + dt.timedelta(days=shift) for day in edges for shift in (-1, 0) if day < NEVER}
        return (min(days) - dt.timedelta(days=366 * 2), *sorted(days), NEVER)
    numbers = {number + shift for number in edges for shift in (-1, 0)}
    return tuple(sorted(number for number in numbers if number >= 0)) or (0,)
