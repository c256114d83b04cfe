"""One expression, the SQL of several engines; the same question is compiled once per process. Pure: nothing is run.

Dates are compiled as three days that no history holds, then replaced in the text by those asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Any

import ibis

from passerelles.indicators.definitions import CATALOGUE, definition
from passerelles.indicators.definitions.base import Moment
from passerelles.indicators.engine import compute, episodes, persons, sources
from passerelles.indicators.engine.compute import Question
from passerelles.indicators.engine.relations import (
    EPISODE_TABLE,
    FLAT_TABLE,
    PERSON_TABLE,
    SAME_TABLE,
    Expr,
    Tables,
    flat,
    stored,
)


class Dialect(StrEnum):
    POSTGRES = "postgres"
    DUCKDB = "duckdb"
    SPARK = "pyspark"


_COMPILERS = {
    Dialect.POSTGRES: "PostgresCompiler",
    Dialect.DUCKDB: "DuckDBCompiler",
    Dialect.SPARK: "PySparkCompiler",
}
_START, _END, _SEEN = dt.date(1001, 1, 1), dt.date(1001, 1, 2), dt.date(1001, 1, 3)
SENTINELS = Moment(ibis.date(_START), ibis.date(_END), ibis.date(_SEEN))


def moment(start: dt.date, end: dt.date, seen: dt.date) -> Moment:
    """For engines that take expressions as they are (polars)."""
    return Moment(ibis.date(start), ibis.date(end), ibis.date(seen))


@lru_cache(maxsize=1)
def _compilers() -> dict[Dialect, Any]:
    module = import_module("ibis.backends.sql.compilers")
    return {dialect: getattr(module, name)() for dialect, name in _COMPILERS.items()}


def sql_of(expression: Expr, dialect: Dialect) -> str:
    """The query of `expression`, never run here: no driver is needed."""
    compiler = _compilers()[dialect]
    text: str = compiler.to_sqlglot(expression).sql(dialect=compiler.dialect)
    return text


@lru_cache(maxsize=512)
def _template(code: str, question: Question, dialect: Dialect, what: str) -> str:
    make: Callable[..., Expr] = getattr(compute, what)
    return sql_of(make(definition(code), stored(), SENTINELS, question), dialect)


def compiled(
    code: str,
    question: Question,
    dialect: Dialect,
    days: tuple[dt.date, dt.date, dt.date],
    *,
    what: str = "counts",
) -> str:
    """The query that answers, over the two tables of lines; `what`: counts, cells or behind.

    `days`: first day, last day, day of observation."""
    return _dated(_template(code, question, dialect, what), days)


_SOMEBODY = "00000000-0000-4000-8000-000000000000"


COMPILED = "counts_in.postgres.sql"
"""The query of `compiled_person` for PostgreSQL, every figure in it, written by `scripts/figures.py`."""


@lru_cache(maxsize=1)
def _person_template(dialect: Dialect) -> str:
    if dialect is Dialect.POSTGRES:
        return files("passerelles.indicators.engine").joinpath(COMPILED).read_text(encoding="utf-8").rstrip("\n")
    return person_template(dialect)


def person_template(dialect: Dialect) -> str:
    """Every figure asked for one person, compiled now: some seconds."""
    lines = stored()
    tables = Tables(
        person=lines.person.filter(lines.person.person_id == _SOMEBODY),
        episode=lines.episode.filter(lines.episode.person_id == _SOMEBODY),
    )
    parts = [
        compute.behind(each, tables, SENTINELS, Question()).mutate(code=ibis.literal(each.code))
        for each in CATALOGUE.values()
        if each.persons and each.listed
    ]
    columns = ("code", "unit_id", "person_id", "day", "num", "den")
    return " UNION ALL ".join(f"({sql_of(part.select(*columns), dialect)})" for part in parts)


def compiled_person(person: str, dialect: Dialect, days: tuple[dt.date, dt.date, dt.date]) -> str:
    """The query that gives, for one person, the units of every figure and its code."""
    return _dated(_person_template(dialect).replace(_SOMEBODY, person), days)


def _dated(text: str, days: tuple[dt.date, dt.date, dt.date]) -> str:
    for sentinel, day in zip((_START, _END, _SEEN), days, strict=True):
        text = text.replace(
            f"({sentinel.year}, {sentinel.month}, {sentinel.day})", f"({day.year}, {day.month}, {day.day})"
        )
    return text


@lru_cache(maxsize=8)
def build_sql(which: str, dialect: Dialect) -> str:
    """The query that makes the lines: `episode` from `journal_flat`, `person` from it and `indicators_episode`."""
    if which == "episode":
        return sql_of(episodes.episodes(flat()), dialect)
    return sql_of(persons.persons(flat(), stored().episode), dialect)


def over_journal(query: str, known: str, *, touched: str = "true") -> str:
    """`query` of PostgreSQL over lines built on the spot from the journal as `known`, instead of the stored ones."""
    return sources.preceded(
        query,
        (SAME_TABLE, "MATERIALIZED", sources.identities(known, touched)),
        (FLAT_TABLE, "NOT MATERIALIZED", sources.postgres(known, touched)),
        (EPISODE_TABLE, "", build_sql("episode", Dialect.POSTGRES)),
        (PERSON_TABLE, "", build_sql("person", Dialect.POSTGRES)),
    )
