"""Frames as the text of PostgreSQL's COPY. Pure: the worker that generates also prepares what will be written."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from passerelles.synthetic.frames import Chunk
from passerelles.synthetic.tables.cast import Cast
from passerelles.synthetic.tables.facts import facts
from passerelles.synthetic.tables.state import Tables, state_tables
from passerelles.synthetic.tables.story import seed_of, story

NULL = "\\N"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One table ready to be copied: `text` is CSV without a header, where null is `\\N` without quotes."""

    table: str
    columns: tuple[str, ...]
    rows: int
    text: bytes


def prepared(tables: Tables) -> list[Prepared]:
    """Every table that has rows, in its order."""
    return [Prepared(name, tuple(t.columns), t.height, as_csv(t)) for name, t in tables.items() if t.height]


def as_csv(frame: pl.DataFrame) -> bytes:
    """Texts are quoted so that an empty one, or one that spells `\\N`, is never taken for null."""
    text = frame.write_csv(include_header=False, quote_style="non_numeric", null_value=NULL)
    return text.encode()


def prepare(chunk: Chunk, cast: Cast, secret: str) -> list[Prepared]:
    """The whole chunk: state tables, then the journal."""
    told = story(chunk, cast)
    seed = seed_of(chunk)
    return prepared(state_tables(told, seed, secret) | {"journal_fact": facts(told)})
