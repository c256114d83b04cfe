"""A labelled base of any size on which record linkage is trained and measured. Pure.

Usual size: 130,000 people on the left, a year of signatories; 650,000 lines on the right; 60 % of the left found there.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from passerelles.reference import territories
from passerelles.synthetic.lists.record import write
from passerelles.synthetic.lists.records import numbered
from passerelles.synthetic.lists.strangers import strangers
from passerelles.synthetic.names.identities import described
from passerelles.synthetic.names.numbers import STRANGER, definitive_nirs
from passerelles.synthetic.names.stock import countries, read_table

FIRST_YEAR, YEARS = 2021, 5
ON = dt.date(2026, 1, 15)
IN_A_HOUSEHOLD = 0.3
MOTIVES = {"FAMILIAL": 0.55, "ASILE": 0.28, "ECONOMIQUE": 0.10, "AUTRES": 0.07}


def linkage_base(
    size_left: int, size_right: int, overlap: float, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(left, right, truth): two lists of RECORDS without `person`, and the pairs of `record` that are one person.

    `round(size_left × overlap)` people are in both lists, once in each: the left as OFII writes them, the right as
    France Travail does. The others of the right are strangers, some kin to people of the left. Telephones have four
    digits too many to be dialled, so that they tell people apart as real ones do. Raises ValueError when the right is
    too small for the overlap or the overlap is not a share.
    """
    both = round(size_left * overlap)
    if not 0 <= overlap <= 1 or both > size_right:
        raise ValueError("linkage_base: l’effectif commun doit tenir dans les deux listes (0 ≤ overlap ≤ 1)")
    crowd_rng, names_rng, left_rng, right_rng = np.random.default_rng(seed).spawn(4)
    people = described(crowd(size_left, crowd_rng), names_rng, long_phones=True)
    people = people.with_columns(definitive_nir=definitive_nirs(people))
    left = write("base_left", people, ON, left_rng, long_phones=True).with_columns(person=people["number"])
    common = people[np.sort(right_rng.permutation(size_left)[:both])]
    parts = [write("base_right", common, ON, right_rng, long_phones=True).with_columns(person=common["number"])]
    if size_right > both:
        others = strangers(people, size_right - both, right_rng, long_phones=True, first=size_left + 1)
        lines = write("base_right", others, ON, right_rng, prefix=STRANGER, long_phones=True)
        parts.append(lines.with_columns(person=pl.lit(None, dtype=pl.UInt32)))
    right = pl.concat(parts)
    left = numbered("ofii", left[left_rng.permutation(left.height)], people)
    right = numbered("ft", right[right_rng.permutation(right.height)], people)
    truth = (
        left.select("person", left="record")
        .join(right.select("person", right="record").drop_nulls("person"), on="person")
        .select("left", "right")
        .sort("left")
    )
    return left.drop("person"), right.drop("person"), truth


def crowd(size: int, rng: np.random.Generator) -> pl.DataFrame:
    """People without an identity yet: country by weight, department by population, sex, age, day of signature.

    Households share country, department, motive and day.
    """
    weighed = {code: country.weight for code, country in countries().items() if country.weight}
    shares = np.array(list(weighed.values()))
    codes = [department.code for department in territories.departments() if department.zone in {"metro", "drom"}]
    inhabitants = {
        row["department"]: sum(int(item.split(":")[1]) for item in row["communes"].split())
        for row in read_table("names_communes")
    }
    people = np.array([inhabitants[code] for code in codes], dtype=float)
    most = max(size // 5, 1)
    household = np.where(rng.random(size) < IN_A_HOUSEHOLD, rng.integers(0, most, size), -1)
    alike = np.where(household >= 0, household, most + np.arange(size))
    nationality = rng.choice(list(weighed), most + size, p=shares / shares.sum())[alike]
    department = rng.choice(codes, most + size, p=people / people.sum())[alike]
    motive = rng.choice(list(MOTIVES), most + size, p=list(MOTIVES.values()))[alike]
    signed = np.datetime64(f"{FIRST_YEAR}-01-01") + rng.integers(0, 365 * YEARS, most + size)[alike]
    return pl.DataFrame(
        {
            "number": pl.Series(np.arange(1, size + 1), dtype=pl.UInt32),
            "nationality": pl.Series(nationality.tolist(), dtype=pl.String),
            "sex": pl.Series(np.where(rng.random(size) < 0.47, "F", "H").tolist(), dtype=pl.String),
            "age": pl.Series((18 + rng.gamma(2.2, 7.5, size)).clip(18, 85)).cast(pl.UInt8),
            "department": pl.Series(department.tolist(), dtype=pl.String),
            "signed_on": pl.Series(signed).cast(pl.Date),
            "household": pl.Series(household, dtype=pl.Int64).replace(-1, None).cast(pl.UInt32),
            "motive": pl.Series(motive.tolist(), dtype=pl.String),
            "ft": pl.Series(rng.random(size) < 0.5, dtype=pl.Boolean),
        }
    )
