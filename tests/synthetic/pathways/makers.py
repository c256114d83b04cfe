"""A small believable PEOPLE frame, independent of the population generator, with the awkward cases in it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import polars as pl

from passerelles.reference import territories
from passerelles.synthetic.frames import PEOPLE, SCHEMAS, Chunk
from passerelles.synthetic.network import organisations
from passerelles.synthetic.pathways import pathways

HORIZON = dt.date(2026, 11, 20)
LEVELS = ["infra A1.1", "A1.1", "A1", "A2", "B1"]
NEW_MARKET = dt.date(2025, 7, 1)


def people_of(department: str, year: int, n: int, seed: int = 1) -> pl.DataFrame:
    """`n` persons signing in `year`: some entered the very day, some on a day that is not worked."""
    rng = np.random.default_rng([seed, year, n])
    signed = np.datetime64(f"{year}-01-01") + rng.integers(0, 365, size=n).astype("timedelta64[D]")
    waited = np.where(rng.random(n) < 0.1, 0, rng.integers(1, 900, size=n)).astype("timedelta64[D]")
    level = rng.integers(0, 5, size=n)
    new = signed >= np.datetime64(NEW_MARKET)
    hours = np.where(level < 2, np.array([100, 200, 400, 600])[rng.integers(4, size=n)], 0).astype(float)
    hours[new & (level < 3)] = np.nan
    situation = rng.choice(["none", "none", "none", "cdi", "cdd", "other_job", "training", "student"], size=n)
    bpi = rng.random(n) < 0.25
    jobless = situation == "none"
    columns = {
        "number": np.arange(1, n + 1) + 1000 * seed,
        "id": [f"00000000-0000-4000-8000-{i:012x}" for i in range(n)],
        "department": [department] * n,
        "direction": [territories.direction_of_department(department).code] * n,
        "sex": rng.choice(["F", "H"], size=n).tolist(),
        "age": rng.integers(17, 72, size=n),
        "bpi": bpi,
        "entered_on": signed - waited,
        "signed_on": signed,
        "permit_starts_on": signed - np.timedelta64(5, "D"),
        "permit_ends_on": signed + rng.integers(300, 1500, size=n).astype("timedelta64[D]"),
        "written": [LEVELS[min(i + (i + k) % 2, 4)] for k, i in enumerate(level)],
        "oral": [LEVELS[min(i + 1 - (i + k) % 2, 4)] for k, i in enumerate(level)],
        "level": [LEVELS[i] for i in level],
        "hours": pl.Series(hours).fill_nan(None),
        "situation": situation.tolist(),
        "wishes_work": rng.random(n) < 0.7,
        "rsa": jobless & (rng.random(n) < 0.1),
        "agir": bpi & (rng.random(n) < 0.5) & (signed >= np.datetime64("2024-01-01")),
        "ft": jobless & (rng.random(n) < 0.4),
        "disabled": rng.random(n) < 0.03,
        "needs_childcare": rng.random(n) < 0.15,
        "diploma": rng.choice(["", "Licence – Droit"], size=n).tolist(),
        "schooling": rng.choice(["primaire_sans_diplome", "superieur_bac_3"], size=n).tolist(),
        "occupation": rng.choice(["", "F1703", "G1602"], size=n).tolist(),
    }
    frame = pl.DataFrame(columns)
    return frame.select(
        pl.col(name).cast(kind) if name in columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in PEOPLE.items()
    )


@lru_cache(maxsize=8)
def bodies_of(*departments: str) -> pl.DataFrame:
    return organisations(departments, np.random.default_rng(7))


def told(people: pl.DataFrame, seed: int = 3, horizon: dt.date = HORIZON) -> Chunk:
    """The whole chunk of these persons."""
    departments = people["department"].unique(maintain_order=True).to_list()
    frames = pathways(people, bodies_of(*departments), np.random.default_rng(seed), horizon)
    return Chunk(people=people, records=pl.DataFrame(schema=SCHEMAS["records"]), **frames)


@lru_cache(maxsize=16)
def chunk_of(department: str, year: int, n: int = 1500, seed: int = 3, horizon: dt.date = HORIZON) -> Chunk:
    return told(people_of(department, year, n), seed, horizon)


def in_paris(column: str) -> pl.Expr:
    """The day in Paris of an instant."""
    return pl.col(column).dt.convert_time_zone("Europe/Paris").dt.date()


def of_kind(chunk: Chunk, kind: str) -> pl.DataFrame:
    return chunk.events.filter(pl.col("kind") == kind)


def value(key: str) -> pl.Expr:
    return pl.col("data").str.json_path_match(f"$.{key}")
