"""The people of a list who are nobody of the base, some of them kin to somebody of it. Pure."""

from __future__ import annotations

import numpy as np
import polars as pl

from passerelles.synthetic.names.cultures import feminine, masculine
from passerelles.synthetic.names.identities import described
from passerelles.synthetic.names.numbers import STRANGER, definitive_nirs
from passerelles.synthetic.names.stock import defects

KEPT_BY_KIN = ("family_name", "address", "postcode", "commune_code", "city", "phone")
NUMBERS = 10**8


def strangers(
    people: pl.DataFrame, count: int, rng: np.random.Generator, *, long_phones: bool = False, first: int | None = None
) -> pl.DataFrame:
    """`count` people of the same countries, ages and places as `people`, whom `people` does not hold.

    Their numbers follow `first` where it is given, else are drawn at random. A share (`relatives`) bears the family
    name, address and telephone of somebody of `people`, some of these the same birth date (twins).
    """
    models = rng.integers(0, people.height, count)
    columns = ["nationality", "sex", "age", "signed_on", "department", "motive", "schooling"]
    crowd = people.select(c for c in columns if c in people.columns)[models]
    numbers = rng.integers(0, NUMBERS, count) if first is None else np.arange(first, first + count)
    crowd = crowd.with_columns(
        number=pl.Series(numbers, dtype=pl.UInt32),
        sex=pl.Series(np.where(rng.random(count) < 0.9, crowd["sex"].to_numpy(), "F"), dtype=pl.String),
        age=_ages(crowd["age"].to_numpy().astype(np.int64), rng),
        household=_households(count, rng),
        ft=pl.lit(True),
    )
    named = described(crowd, rng, prefix=STRANGER, long_phones=long_phones)
    named = named.with_columns(definitive_nir=definitive_nirs(named, STRANGER))
    return _with_relatives(named, people[models], rng)


def _ages(ages: np.ndarray[tuple[int, ...], np.dtype[np.int64]], rng: np.random.Generator) -> pl.Series:
    return pl.Series((ages + rng.integers(-6, 7, len(ages))).clip(16, 90), dtype=pl.UInt8)


def _households(count: int, rng: np.random.Generator) -> pl.Series:
    """One in four lives with another stranger."""
    numbers = rng.integers(0, max(count // 2, 1), count)
    return pl.Series(np.where(rng.random(count) < 0.25, numbers, -1)).cast(pl.Int64).replace(-1, None).cast(pl.UInt32)


def _with_relatives(named: pl.DataFrame, of: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    share, twins = defects()["relatives"], defects()["twins"]
    kin = pl.Series(rng.random(named.height) < share)
    twin = kin & pl.Series(rng.random(named.height) < twins)
    inflected = pl.Series(
        [
            (feminine if sex == "F" else masculine)(name) if country in {"RU", "UA", "BY", "KZ"} else name
            for name, sex, country in zip(of["family_name"], named["sex"], of["nationality"], strict=True)
        ],
        dtype=pl.String,
    )
    kept = {column: of[column] for column in KEPT_BY_KIN} | {"family_name": inflected}
    columns = [pl.select(pl.when(kin).then(kept[c]).otherwise(named[c]).alias(c)).to_series() for c in KEPT_BY_KIN]
    dates = [
        pl.select(pl.when(twin).then(of[c]).otherwise(named[c]).alias(c)).to_series()
        for c in ("birth_date", "birth_date_precision")
    ]
    return named.with_columns(
        *columns, *dates, birth_name=pl.select(pl.when(kin).then(pl.lit("")).otherwise(named["birth_name"])).to_series()
    )
