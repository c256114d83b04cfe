"""A journal filled with a believable department, or with rows of a test: facts alone, as the rooms would leave them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import polars as pl
from django.db import connection

from passerelles.synthetic import chunks
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.pathways import pathways
from passerelles.synthetic.population import Size
from passerelles.synthetic.tables.cast import cast
from passerelles.synthetic.tables.facts import facts
from passerelles.synthetic.tables.story import story

COLUMNS = "kind person_id subject_id organisation_id direction actor_id occurred_on recorded_at data".split()


@lru_cache(maxsize=4)
def lived(department: str, year: int, horizon: dt.date, seed: int = 31) -> pl.DataFrame:
    """Every fact about the signatories of a department in a year, in the order in which they became known."""
    order = Order(seed, Size.DEPARTMENT, year, year, horizon, department=department)
    whole = chunks.whole_network(order.seed, order.horizon)
    (task,) = order.chunks()
    chunk = chunks.chunk(order, *task, whole, lists=())
    return facts(story(chunk, cast(chunks.network_of(whole, order.departments()))))


def append(frame: pl.DataFrame, first: int = 0) -> None:
    """Into the journal, by COPY, in the order of the rows.

    `retracts_id`, if given, counts from 1 the rows of a whole of which `frame` begins after the `first` ones.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM journal_fact")
        (last,) = cursor.fetchone()
        columns = ["id", *COLUMNS]
        numbered = frame.with_columns(pl.int_range(last + 1, last + 1 + pl.len()).alias("id"))
        if "retracts_id" in frame.columns:
            columns.append("retracts_id")
            numbered = numbered.with_columns(pl.col("retracts_id") + last - first)
        text = (
            numbered.select(columns).with_columns(pl.col("recorded_at").cast(pl.String)).write_csv(include_header=False)
        )
        with cursor.copy(f"COPY journal_fact ({', '.join(columns)}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(text)
        cursor.execute("SELECT setval(pg_get_serial_sequence('journal_fact', 'id'), %s)", [last + frame.height])


def events(department: str, year: int, horizon: dt.date, kinds: str, seed: int = 31) -> pl.DataFrame:
    """Only the facts of some kinds (those whose name starts with `kinds`), for departments too large to be named."""
    order = Order(seed, Size.DEPARTMENT, year, year, horizon, department=department)
    whole = chunks.whole_network(order.seed, order.horizon)
    (task,) = order.chunks()
    people = chunks.signatories(order, *task)
    lived_there = pathways(people, whole.organisations, np.random.default_rng(seed), horizon)["events"]
    number = pl.col("person").cast(pl.String).str.zfill(12)
    told = lived_there.filter(pl.col("kind").str.starts_with(kinds)).select(
        "kind",
        (pl.lit("00000000-0000-4000-8000-") + number).alias("person_id"),
        pl.col("subject").alias("subject_id"),
        pl.lit(None, pl.String).alias("organisation_id"),
        pl.lit(chunks.direction_of(department)).alias("direction"),
        pl.lit(None, pl.String).alias("actor_id"),
        "occurred_on",
        pl.col("known_at").alias("recorded_at"),
        "data",
    )
    known = told.unique("person_id", keep="first", maintain_order=True).with_columns(
        kind=pl.lit("person_recorded"),
        subject_id=pl.lit(None, pl.String),
        data=pl.lit(f'{{"department": "{department}"}}'),
    )
    return pl.concat([known, told])
