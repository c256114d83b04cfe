"""Conditions on a pair of prepared records, written once and run by four executors. Pure.

A condition compiles to a Python predicate and to SQL for DuckDB, PostgreSQL and Spark. Only portable operations are
allowed (equality, array overlap, Levenshtein, prefix), so that the executors cannot disagree. An empty text is an
unknown value: no condition holds on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from rapidfuzz.distance import Levenshtein

Row = Mapping[str, Any]
Predicate = Callable[[Row, Row], bool]


class Dialect(StrEnum):
    DUCKDB = "duckdb"
    POSTGRESQL = "postgresql"
    SPARK = "spark"


class Condition(Protocol):
    """Something true or false of a pair."""

    def predicate(self) -> Predicate:
        """The condition as a Python function of both rows."""
        ...

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        """The condition as an SQL expression on the aliases `left` and `right`."""
        ...


@dataclass(frozen=True, slots=True)
class Same:
    """`left.a = right.b`, both known."""

    a: str
    b: str = ""

    def predicate(self) -> Predicate:
        a, b = self.a, self.b or self.a
        return lambda left, right: left[a] != "" and left[a] == right[b]

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return f"({left}.{self.a} <> '' AND {left}.{self.a} = {right}.{self.b or self.a})"


@dataclass(frozen=True, slots=True)
class Overlap:
    """The arrays `left.a` and `right.b` share an element."""

    a: str
    b: str = ""

    def predicate(self) -> Predicate:
        a, b = self.a, self.b or self.a
        return lambda left, right: not left[a].isdisjoint(right[b])

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        a, b = f"{left}.{self.a}", f"{right}.{self.b or self.a}"
        match dialect:
            case Dialect.DUCKDB:
                return f"list_has_any({a}, {b})"
            case Dialect.POSTGRESQL:
                return f"({a} && {b})"
            case Dialect.SPARK:
                return f"arrays_overlap({a}, {b})"


@dataclass(frozen=True, slots=True)
class Near:
    """At most `most` letters apart, both of at least `length` letters."""

    column: str
    most: int
    length: int = 4

    def predicate(self) -> Predicate:
        column, most, length = self.column, self.most, self.length

        def near(left: Row, right: Row) -> bool:
            a, b = left[column], right[column]
            if len(a) < length or len(b) < length:
                return False
            return bool(Levenshtein.distance(a, b, score_cutoff=most) <= most)

        return near

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        a, b = f"{left}.{self.column}", f"{right}.{self.column}"
        long_enough = f"length({a}) >= {self.length} AND length({b}) >= {self.length}"
        close = f"abs(length({a}) - length({b})) <= {self.most}"
        if dialect is Dialect.POSTGRESQL:
            return f"({long_enough} AND {close} AND levenshtein_less_equal({a}, {b}, {self.most}) <= {self.most})"
        return f"({long_enough} AND {close} AND levenshtein({a}, {b}) <= {self.most})"


@dataclass(frozen=True, slots=True)
class Prefix:
    """One begins with the other, the shorter of at least `length` letters (truncated names)."""

    column: str
    length: int = 4

    def predicate(self) -> Predicate:
        column, length = self.column, self.length

        def begins(left: Row, right: Row) -> bool:
            a, b = sorted((left[column], right[column]), key=len)
            return len(a) >= length and b.startswith(a)

        return begins

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        a, b = f"{left}.{self.column}", f"{right}.{self.column}"
        return (
            f"(least(length({a}), length({b})) >= {self.length} AND "
            f"left({a}, least(length({a}), length({b}))::int) = left({b}, least(length({a}), length({b}))::int))"
            if dialect is not Dialect.SPARK
            else f"(least(length({a}), length({b})) >= {self.length} AND "
            f"left({a}, least(length({a}), length({b}))) = left({b}, least(length({a}), length({b}))))"
        )


@dataclass(frozen=True, slots=True)
class Initial:
    """`left.a` is an initial, one or two letters, of `right.b`."""

    a: str
    b: str

    def predicate(self) -> Predicate:
        a, b = self.a, self.b
        return lambda left, right: 0 < len(left[a]) <= 2 and len(right[b]) > 2 and right[b].startswith(left[a])

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        a, b = f"{left}.{self.a}", f"{right}.{self.b}"
        begins = f"left({b}, length({a}){'' if dialect is Dialect.SPARK else '::int'}) = {a}"
        return f"(length({a}) BETWEEN 1 AND 2 AND length({b}) > 2 AND {begins})"


@dataclass(frozen=True, slots=True)
class Flag:
    """The boolean `column` is true on one side at least."""

    column: str

    def predicate(self) -> Predicate:
        column = self.column
        return lambda left, right: bool(left[column] or right[column])

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return f"({left}.{self.column} OR {right}.{self.column})"


@dataclass(frozen=True, slots=True)
class Known:
    """Every one of `columns` is known on both sides."""

    columns: tuple[str, ...]

    def predicate(self) -> Predicate:
        columns = self.columns
        return lambda left, right: all(left[c] != "" and right[c] != "" for c in columns)

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return "(" + " AND ".join(f"{left}.{c} <> '' AND {right}.{c} <> ''" for c in self.columns) + ")"


@dataclass(frozen=True, slots=True)
class Missing:
    """`left.column` is unknown and `right.column` is not."""

    column: str

    def predicate(self) -> Predicate:
        column = self.column
        return lambda left, right: left[column] == "" and right[column] != ""

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return f"({left}.{self.column} = '' AND {right}.{self.column} <> '')"


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds."""

    conditions: tuple[Condition, ...]

    def predicate(self) -> Predicate:
        predicates = tuple(c.predicate() for c in self.conditions)
        return lambda left, right: all(p(left, right) for p in predicates)

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return "(" + " AND ".join(c.sql(dialect, left, right) for c in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class Any_:
    """One condition at least holds."""

    conditions: tuple[Condition, ...]

    def predicate(self) -> Predicate:
        predicates = tuple(c.predicate() for c in self.conditions)
        return lambda left, right: any(p(left, right) for p in predicates)

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return "(" + " OR ".join(c.sql(dialect, left, right) for c in self.conditions) + ")"


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition

    def predicate(self) -> Predicate:
        inner = self.condition.predicate()
        return lambda left, right: not inner(left, right)

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return f"(NOT {self.condition.sql(dialect, left, right)})"


@dataclass(frozen=True, slots=True)
class EitherWay:
    """The condition holds in one order or the other: what keeps every comparison symmetrical."""

    condition: Condition

    def predicate(self) -> Predicate:
        inner = self.condition.predicate()
        return lambda left, right: inner(left, right) or inner(right, left)

    def sql(self, dialect: Dialect, left: str = "l", right: str = "r") -> str:
        return f"({self.condition.sql(dialect, left, right)} OR {self.condition.sql(dialect, right, left)})"


def every(*conditions: Condition) -> All:
    return All(conditions)


def one_of(*conditions: Condition) -> Any_:
    return Any_(conditions)
