"""People without an identity, as the population gives them, in the number and of the country a test wants."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from passerelles.synthetic.lists.base import crowd
from passerelles.synthetic.names import identities


def anonymous(size: int, *, seed: int = 7, **columns: object) -> pl.DataFrame:
    """`size` people of every country; `columns` replace what was drawn (`nationality="ER"`)."""
    return crowd(size, np.random.default_rng(seed)).with_columns(
        **{name: value if isinstance(value, pl.Expr | pl.Series) else pl.lit(value) for name, value in columns.items()}
    )


def named(size: int, *, seed: int = 7, **columns: object) -> pl.DataFrame:
    return identities(anonymous(size, seed=seed, **columns), np.random.default_rng(seed))


def household(*members: tuple[str, int], nationality: str = "MA", seed: int = 7) -> pl.DataFrame:
    """One family, each member as (sex, age); names drawn as OFII would write them."""
    sexes, ages = zip(*members, strict=True)
    people = pl.DataFrame(
        {
            "number": pl.Series(range(1, len(members) + 1), dtype=pl.UInt32),
            "nationality": [nationality] * len(members),
            "sex": sexes,
            "age": pl.Series(ages, dtype=pl.UInt8),
            "signed_on": [dt.date(2024, 5, 14)] * len(members),
            "department": ["57"] * len(members),
            "household": pl.Series([1] * len(members), dtype=pl.UInt32),
        }
    )
    return identities(people, np.random.default_rng(seed))


def age_on(day: dt.date, birth_date: dt.date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
