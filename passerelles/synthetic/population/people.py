"""The PEOPLE frame of one chunk, all columns but the identities. Pure; the same seed gives the same frame."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from passerelles.reference import territories
from passerelles.synthetic.frames import PEOPLE
from passerelles.synthetic.population import (
    axes,
    families,
    joint,
    nationality,
    published,
    situation,
    skills,
    stay,
    territory,
)
from passerelles.synthetic.population.draws import Rng, quota, uuids


def people(
    department: str, year: int, rng: Rng, count: int | None = None, *, until: dt.date | None = None
) -> pl.DataFrame:
    """The signatories of a department in a year, as frames.PEOPLE, by date of signature.

    `count`: how many (default: the published total); `until`: last day of signature. Columns that
    `names.identities` fills are null or empty. Raises territory.NoFigures and UnknownCode.
    """
    direction = territories.direction_of_department(department).code
    total = territory.counts(year)[department] if count is None else count
    cells = joint.draw(department, year, total, rng)
    origin = nationality.draw(cells, department, year, rng)
    age = skills.exact_ages(cells, rng)
    family = families.draw(cells, origin, age, rng)
    signed_on = families.sign_together(family, stay.signatures(department, direction, year, total, until, rng), rng)
    bpi = (cells.motive == axes.ASYLUM) & quota(
        rng, (cells.motive == axes.ASYLUM).astype(np.int64), [0.0, published.assumed("bpi_among_asylum")]
    )
    stays = stay.stays(cells.motive, bpi, signed_on, rng)
    now = situation.draw(cells, bpi, age, signed_on, department, year, rng)
    french = skills.french(cells, signed_on, rng)
    minors = skills.children(cells, age, rng)
    order = np.argsort(signed_on, kind="stable")
    number = np.empty(total, dtype=np.int64)
    number[order] = territory.first_number(department, year) + np.arange(total)
    household = np.where(family.household == families.ALONE, 0, number[family.household])
    frame = pl.DataFrame(
        {
            "number": number,
            "motive": np.array(axes.MOTIVES)[cells.motive],
            "bpi": bpi,
            "sex": np.array(axes.SEXES)[cells.sex],
            "age": age,
            "nationality": np.array(nationality.codes())[origin],
            "needs_interpreter": french.needs_interpreter,
            "household": household,
            "children": minors,
            "needs_childcare": skills.childcare(cells, minors, rng),
            "disabled": quota(rng, np.zeros(total, dtype=np.int64), [published.assumed("disabled") / 100]),
            "entered_on": stays.entered_on,
            "signed_on": signed_on,
            "permit": stays.permit,
            "permit_starts_on": stays.permit_starts_on,
            "permit_ends_on": stays.permit_ends_on,
            "schooling": np.array([schooling.value for schooling in axes.SCHOOLINGS])[cells.schooling],
            "diploma": skills.diplomas(cells, rng),
            "occupation": skills.occupations(cells, now.wishes_work, rng),
            "experience_years": skills.experience(cells, age, rng),
            "written": french.written,
            "oral": french.oral,
            "level": french.level,
            "hours": french.hours,
            "situation": now.kind,
            "wishes_work": now.wishes_work,
            "rsa": now.rsa,
            "agir": now.agir,
            "ft": now.ft,
        }
    ).sort("number")
    known = frame.with_columns(
        uuids(rng, total).alias("id"),
        pl.lit(department).alias("department"),
        pl.lit(direction).alias("direction"),
        pl.col("household").replace(0, None),
        pl.col("hours").fill_nan(None),
    )
    return known.with_columns(_left_to_identities(known)).select(
        pl.col(name).cast(kind) for name, kind in PEOPLE.items()
    )


def _left_to_identities(frame: pl.DataFrame) -> list[pl.Expr]:
    """The columns not made here: text is empty, lists are empty, dates are null."""
    blanks: list[pl.Expr] = []
    for name, kind in PEOPLE.items():
        if name in frame.columns:
            continue
        if kind == pl.String:
            blanks.append(pl.lit("").alias(name))
        elif kind == pl.List(pl.String):
            blanks.append(pl.lit([], dtype=pl.List(pl.String)).alias(name))
        else:
            blanks.append(pl.lit(None, dtype=kind).alias(name))
    return blanks
