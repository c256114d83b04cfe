"""The lists that a reception day is checked against, from the same people. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl

from passerelles.synthetic.frames import RECORDS
from passerelles.synthetic.lists.record import write
from passerelles.synthetic.lists.strangers import strangers
from passerelles.synthetic.names.numbers import STRANGER, definitive_nirs
from passerelles.synthetic.names.stock import defects

LISTS = ("ofii", "ft", "rsa", "agir")


def records(
    people: pl.DataFrame,
    lists_dates: Mapping[str, dt.date],
    rng: np.random.Generator,
    *,
    strangers_per_person: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Frame RECORDS: for each list of `lists_dates` (ofii, ft, rsa, agir → the day it was drawn up), its lines.

    A signatory is in the OFII list, in the others when its flag (`ft`, `rsa`, `agir`) says so or, for some, since the
    signature; whoever signed after the day of the list is not in it. Lines of strangers are added in the proportion of
    `names_defects.yaml` or of `strangers_per_person`; their `person` is null. Lines are shuffled.
    Raises ValueError for an unknown list.
    """
    if unknown := set(lists_dates) - set(LISTS):
        raise ValueError(f"records: unknown lists: {', '.join(sorted(unknown))}")
    shares = strangers_per_person or {}
    people = people.with_columns(definitive_nir=definitive_nirs(people))
    lists = [
        _list(name, people, lists_dates[name], rng, shares.get(name, defects()["lists"][name]["strangers"]))
        for name in LISTS
        if name in lists_dates
    ]
    return pl.concat(lists) if lists else pl.DataFrame(schema=RECORDS)


def _list(name: str, people: pl.DataFrame, on: dt.date, rng: np.random.Generator, share: float) -> pl.DataFrame:
    signed = people.filter(pl.col("signed_on") <= on)
    members = signed.filter(_members(name, signed, rng))
    count = round(signed.height * share)
    parts = [write(name, members, on, rng).with_columns(person=members["number"])] if members.height else []
    if count:
        others = strangers(signed, count, rng)
        lines = write(name, others, on, rng, prefix=STRANGER)
        parts.append(lines.with_columns(person=pl.lit(None, dtype=RECORDS["person"])))
    if not parts:
        return pl.DataFrame(schema=RECORDS)
    lines = pl.concat(parts)
    lines = lines[rng.permutation(lines.height)]
    return numbered(name, lines, signed)


def numbered(name: str, lines: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The columns of RECORDS, each line with an identifier of its own in a run: list, department, year, rank."""
    where, year = people["department"][0], people["signed_on"][0].year
    prefix = f"{name.upper()}-{where}-{year}-"
    rank = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)
    return lines.with_columns(list=pl.lit(name), record=prefix + rank).select(
        pl.col(column).cast(dtype) for column, dtype in RECORDS.items()
    )


def _members(name: str, people: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    if name == "ofii":
        return pl.repeat(True, people.height, dtype=pl.Boolean, eager=True)
    late = pl.Series(rng.random(people.height) < defects()["lists"][name]["late"])
    eligible = people["bpi"].fill_null(False) if name == "agir" else pl.repeat(True, people.height, eager=True)
    return people[name].fill_null(False) | (late & eligible)
