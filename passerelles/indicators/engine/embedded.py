"""The same figures without a server: DuckDB over Parquet files of facts, polars over Parquet files of lines. Pure.

For national consolidation and exports: the lines are built once from the facts and written as two Parquet files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import polars as pl
from ibis.backends.polars.compiler import translate

from passerelles.indicators.definitions import definition
from passerelles.indicators.engine import compute, dialects, sources
from passerelles.indicators.engine.compute import Question
from passerelles.indicators.engine.dialects import Dialect
from passerelles.indicators.engine.relations import EPISODE_TABLE, PERSON_TABLE, SAME_TABLE, Tables

Days = tuple[dt.date, dt.date, dt.date]
"""First day, last day, day of observation."""
Rows = list[tuple[Any, ...]]
_LINES = {"episode": EPISODE_TABLE, "person": PERSON_TABLE}


@dataclass(frozen=True, slots=True)
class Lines:
    """Two Parquet files: one line per person, one per episode."""

    folder: Path

    def path(self, which: str) -> Path:
        return self.folder / f"{which}.parquet"


_Rule = Callable[..., pl.Expr]
_rule_for: Callable[[Any], Callable[[_Rule], _Rule]] = translate.register


@_rule_for(ops.WindowFunction)
def _row_number(window: ops.WindowFunction, **context: Any) -> pl.Expr:
    """The only window that figures use, which ibis does not translate for polars."""
    if not isinstance(window.func, ops.RowNumber) or not all(key.ascending for key in window.order_by):
        raise ValueError("only row numbers in rising order")
    parts = [translate(each, **context) for each in window.group_by]
    order = [translate(key.arg, **context) for key in window.order_by]
    return pl.int_range(pl.len(), dtype=pl.Int64).over(parts, order_by=order)


@_rule_for(ops.DateAdd)
@_rule_for(ops.DateSub)
def _months_later(moved: ops.DateAdd | ops.DateSub, **context: Any) -> pl.Expr:
    """A day some days, months or years away, which ibis does not translate for polars; the last day of short months."""
    interval = moved.right
    sign = "-" if isinstance(moved, ops.DateSub) else ""
    unit = {"D": "d", "M": "mo", "Y": "y"}[interval.dtype.unit.value]
    day: pl.Expr = translate(moved.left, **context)
    return day.dt.offset_by(f"{sign}{interval.value}{unit}")


def build(facts: str, folder: Path) -> Lines:
    """The lines of the facts in the Parquet files `facts` (a glob), written in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = Lines(folder)
    with duckdb.connect() as base:
        base.execute(f"CREATE TABLE {SAME_TABLE} AS {sources.duckdb_identities(facts)}")
        base.execute(f"CREATE VIEW journal_flat AS {sources.duckdb(facts)}")
        for which, table in _LINES.items():
            base.execute(f"CREATE TABLE {table} AS {dialects.build_sql(which, Dialect.DUCKDB)}")
            base.execute(f"COPY {table} TO '{lines.path(which)}' (FORMAT parquet)")
    return lines


def by_duckdb(code: str, question: Question, days: Days, lines: Lines) -> Rows:
    """The additive counts of a figure, by DuckDB over the files."""
    with duckdb.connect() as base:
        for which, table in _LINES.items():
            base.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{lines.path(which)}')")
        return list(base.execute(dialects.compiled(code, question, Dialect.DUCKDB, days)).fetchall())


def by_polars(code: str, question: Question, days: Days, lines: Lines) -> Rows:
    """The additive counts of a figure, by polars over the files."""
    engine = ibis.polars.connect()
    tables = Tables(
        *(
            engine.create_table(name, pl.scan_parquet(lines.path(which)))
            for which, name in (("person", PERSON_TABLE), ("episode", EPISODE_TABLE))
        )
    )
    expression = compute.counts(definition(code), tables, dialects.moment(*days), question)
    return list(engine.compile(expression).collect().iter_rows())
