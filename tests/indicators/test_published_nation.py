"""Published figures of the whole nation, from one signatory in sixteen of the fictitious France of 2023 (show 1)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.indicators import services, tables
from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode
from passerelles.synthetic.population import people
from tests.indicators import made

YEAR = Period(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
ONE_IN = 16


@pytest.fixture(scope="module")
def signatories() -> pl.DataFrame:
    """Every signatory of 2023, with the hours that the rules prescribe (0: none)."""
    found = []
    for rank, department in enumerate(territories.departments()):
        try:
            drawn = people(department.code, 2023, np.random.default_rng([5, rank, 2023]), until=dt.date(2025, 6, 1))
        except UnknownCode:
            continue  # territories where the CIR is not signed
        found.append(drawn.select("number", "department", "direction", "sex", "signed_on", "hours"))
    return pl.concat(found).with_columns(prescribed=pl.col("hours") != 0)


def facts(sample: pl.DataFrame) -> pl.DataFrame:
    """What the journal says of them on the day of the signature."""

    def told(kind: str, rows: pl.DataFrame, rank: int, data: pl.Expr) -> pl.DataFrame:
        number = pl.col("number").cast(pl.String).str.zfill(12)
        return rows.select(
            pl.lit(kind).alias("kind"),
            (pl.lit("00000000-0000-4000-8000-") + number).alias("person_id"),
            (pl.lit(f"00000000-0000-4000-900{rank}-") + number).alias("subject_id"),
            pl.lit(None, pl.String).alias("organisation_id"),
            "direction",
            pl.lit(None, pl.String).alias("actor_id"),
            pl.col("signed_on").alias("occurred_on"),
            pl.col("signed_on").cast(pl.Datetime).dt.replace_time_zone("UTC").alias("recorded_at"),
            data.alias("data"),
        )

    profile = pl.struct("sex", "department").struct.json_encode()
    course = pl.struct("hours", target=pl.lit("A1"), path=pl.lit("A1")).struct.json_encode()
    return pl.concat(
        [
            told("person_recorded", sample, 0, profile),
            told("contract_signed", sample, 1, pl.lit('{"kind": "cir"}')),
            told("language_prescribed", sample.filter("prescribed"), 2, course),
        ]
    ).sort("recorded_at", maintain_order=True)


@pytest.mark.django_db
def test_45_8_per_cent_of_the_signatories_of_2023_are_prescribed_a_course_towards_a1(signatories):
    """F-040 (003 L648), and F-041 (003 L217): 127,876 signatories."""
    assert signatories.height == 127_876
    sample = signatories.sort("prescribed", "number").gather_every(ONE_IN)
    made.append(facts(sample))
    services.refresh()
    with clock.at(clock.paris(dt.date(2024, 1, 15), 12)):
        towards = tables.figure("formation_a1", YEAR)
        every = tables.figure("formation_linguistique", YEAR)
        spared = tables.figure("amdfl", YEAR)
    assert towards.total.den == sample.height
    assert towards.value == every.value == Decimal("45.8")
    assert spared.value == every.total.den - every.total.num
