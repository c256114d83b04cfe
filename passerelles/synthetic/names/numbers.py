"""Identifiers, valid in form and given to nobody: AGDREF, NIR, France Travail, OFII, CIR. Pure.

The number of a person, unique in a run, gives theirs by a permutation: a chunk can be made alone and never repeats
those of another. AGDREF numbers begin with 99 (98 for the people of other lists), which no prefecture has.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from passerelles.reference import countries, territories
from passerelles.synthetic.names.stock import Bools, Ints

SIGNATORY, STRANGER = "99", "98"
YEARS_IN_A_ROUND = 9
MOST_DEPARTMENTS = 111
"""Orders of the NIR: 9 × 111 = 999, one for each department and year of signature."""
SPARE_MONTHS = {SIGNATORY: np.arange(20, 43), STRANGER: np.arange(50, 100)}
"""Months that civil status uses when a month is unknown or its orders are exhausted."""


def foreigner_numbers(numbers: pl.Series, prefix: str = SIGNATORY) -> pl.Series:
    """AGDREF: ten digits."""
    return _digits(_mixed(numbers, 7_368_787, 31_415_927, 8), 8, prefix)


def ft_numbers(numbers: pl.Series, prefix: str = SIGNATORY) -> pl.Series:
    """France Travail: eleven digits."""
    return _digits(_mixed(numbers, 314_606_869, 271_828_183, 9), 9, prefix)


def file_numbers(numbers: pl.Series, departments: pl.Series, signed_on: pl.Series, body: str) -> pl.Series:
    """A file number of OFII or of a CIR: `CIR-57-2024-0123457`."""
    serial = _digits(_mixed(numbers, 6_180_339 if body == "CIR" else 2_236_067, 577_215, 7), 7)
    return pl.select(
        pl.format("{}-{}-{}-{}", pl.lit(body), departments, signed_on.dt.year().cast(pl.String), serial)
    ).to_series()


def _mixed(numbers: pl.Series, factor: int, offset: int, digits: int) -> Ints:
    """A permutation of 0 … 10^digits − 1 (the factor has no divisor in common with 10)."""
    mixed: Ints = (numbers.to_numpy().astype(np.int64) % 10**digits * factor + offset) % 10**digits
    return mixed


def _digits(values: Ints, width: int, prefix: str = "") -> pl.Series:
    return prefix + pl.Series(values).cast(pl.String).str.zfill(width)


def definitive_nirs(people: pl.DataFrame, prefix: str = SIGNATORY) -> pl.Series:
    """NIR with its key, from sex, birth_date, nationality, department and signed_on; "" when it cannot be given.

    The first of a department, year of signature, sex, month and country keeps the month of birth; the next ones take a
    spare month. No two lines share a NIR, in this frame or in that of another department or year (nine years).
    """
    frame = people.select(
        sex=pl.when(pl.col("sex") == "H").then(1).otherwise(2),
        year=pl.col("birth_date").dt.year() % 100,
        month=pl.col("birth_date").dt.month().cast(pl.Int64),
        country=_insee(people["nationality"]),
        order=_orders(people["department"], people["signed_on"]),
    )
    rank = pl.int_range(pl.len()).over("sex", "year", "month", "country", "order")
    frame = frame.with_columns(keeps_month=(rank == 0) & pl.lit(prefix == SIGNATORY))
    spare = pl.int_range(pl.len()).over("sex", "year", "country", "order", "keeps_month")
    spares = SPARE_MONTHS[prefix]
    month = spare.replace_strict(list(range(len(spares))), spares.tolist(), default=None, return_dtype=pl.Int64)
    body = (
        pl.col("sex").cast(pl.Int64) * 10**12
        + pl.col("year").cast(pl.Int64) * 10**10
        + pl.when("keeps_month").then("month").otherwise(month) * 10**8
        + 99 * 10**6
        + pl.col("country") * 1000
        + pl.col("order")
    )
    return _written(frame.select(pl.when(pl.col("country") > 0).then(body).otherwise(None).alias("nir")).to_series())


def temporary_nirs(definitive: pl.Series) -> pl.Series:
    """The number given while civil status is checked: 7 or 8 (one in three: 3 or 4), another order, another key."""
    whole = definitive.replace("", None).str.slice(0, 13).cast(pl.Int64)
    first = pl.when(pl.col("n") % 3 == 0).then(2).otherwise(6)
    order = pl.col("n") % 1000
    moved = pl.col("n") + first * 10**12 + (1000 - order) - order
    return _written(pl.DataFrame({"n": whole}).select(moved).to_series())


def _written(body: pl.Series) -> pl.Series:
    """Thirteen digits and their key; "" for null."""
    return (body * 100 + 97 - body % 97).cast(pl.String).fill_null("").alias("nir")


def _insee(nationalities: pl.Series) -> pl.Series:
    """Last three digits of the INSEE code of the country; 0 when it has none."""
    there = {country.iso2: int(country.insee_code[-3:] or 0) for country in countries.all_countries()}
    return nationalities.replace_strict(list(there), list(there.values()), default=0, return_dtype=pl.Int64)


def _orders(departments: pl.Series, signed_on: pl.Series) -> pl.Series:
    lanes = {department.code: lane for lane, department in enumerate(territories.departments(), 1)}
    lane = departments.replace_strict(
        list(lanes), list(lanes.values()), default=MOST_DEPARTMENTS, return_dtype=pl.Int64
    )
    return signed_on.dt.year().cast(pl.Int64) % YEARS_IN_A_ROUND * MOST_DEPARTMENTS + lane


def known_or_blank(values: pl.Series, known: Bools) -> pl.Series:
    """The values where `known`, else an empty text."""
    return pl.select(pl.when(pl.Series(known)).then(values).otherwise(pl.lit(""))).to_series()
