"""Haute-Garonne 2020: the six tables of the annex, to the unit (J.1.a to J.1.d), whatever the seed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from passerelles.synthetic.calibration import collect, people_alone, table_results
from passerelles.synthetic.calibration.measures import Measure
from passerelles.synthetic.calibration.population import table_counts
from passerelles.synthetic.population import people, plan

COLUMNS = ["ASILE", "AUTRES", "ECONOMIQUE", "FAMILIAL"]
TABLES = [Measure("", table_counts, lambda counts: None)]


@pytest.fixture(scope="module", params=[1, 2026])
def signatories(request) -> pl.DataFrame:
    return people("31", 2020, np.random.default_rng(request.param))


def crossed(frame: pl.DataFrame, row: str) -> dict[object, list[int]]:
    """Counts by motive of each category of `row`."""
    counts = frame.group_by(row, "motive").len().iter_rows()
    found: dict[object, dict[str, int]] = {}
    for category, motive, n in counts:
        found.setdefault(category, {})[motive] = n
    return {category: [by_motive.get(motive, 0) for motive in COLUMNS] for category, by_motive in found.items()}


def test_1676_signatories_915_women_and_761_men(signatories):
    """J-025."""
    assert len(signatories) == 1676
    assert crossed(signatories, "sex") == {"F": [183, 42, 49, 641], "H": [225, 43, 101, 392]}


def test_hours_prescribed_and_dispensed(signatories):
    """J.1.b: 683 prescribed, 993 dispensed (AMDFL)."""
    assert crossed(signatories, "hours") == {
        0: [146, 50, 124, 673],
        100: [29, 12, 6, 77],
        200: [66, 17, 14, 133],
        400: [124, 5, 5, 123],
        600: [43, 1, 1, 27],
    }


def test_schooling(signatories):
    """J.1.c."""
    assert crossed(signatories, "schooling") == {
        "primaire_sans_diplome": [77, 16, 7, 71],
        "secondaire_bac": [57, 11, 6, 185],
        "secondaire_cap_bep": [16, 6, 1, 68],
        "secondaire_brevet": [26, 10, 2, 61],
        "secondaire_sans_diplome": [78, 26, 10, 186],
        "superieur_bac_2": [10, 4, 5, 106],
        "superieur_bac_3": [19, 2, 9, 100],
        "superieur_bac_4_et_plus": [42, 6, 110, 192],
        "superieur_sans_diplome": [14, 2, 0, 35],
        "non_scolarise": [69, 2, 0, 29],
    }


def test_ages(signatories):
    """J.1.d, B-014."""
    age = pl.col("age")
    bands = signatories.with_columns(
        band=pl.when(age <= 18)
        .then(pl.lit("16-18"))
        .when(age <= 25)
        .then(pl.lit("19-25"))
        .when(age <= 45)
        .then(pl.lit("26-45"))
        .when(age <= 65)
        .then(pl.lit("46-65"))
        .otherwise(pl.lit("plus 65"))
    )
    assert crossed(bands, "band") == {
        "16-18": [19, 3, 0, 17],
        "19-25": [102, 10, 26, 159],
        "26-45": [239, 51, 114, 728],
        "46-65": [40, 19, 10, 111],
        "plus 65": [8, 2, 0, 18],
    }


def test_the_line_of_occitanie_and_the_report_agree():
    """J.1.a: the thirteen departments of Occitanie add up to its line; the report sees the same tables."""
    chunks = [
        people_alone(people(department, year, np.random.default_rng([5, int(department)]), count))
        for department, year, count in plan("region", [2020], region="76")
    ]
    tables = table_results(collect(chunks, TABLES))
    assert len(tables) == 6
    assert {table.table.code: table.misplaced for table in tables} == {table.table.code: 0 for table in tables}
    occitanie = pl.concat(chunk.people for chunk in chunks)
    assert crossed(occitanie, "sex") == {"F": [505, 127, 65, 1882], "H": [897, 204, 241, 1129]}


def test_the_report_does_not_compare_a_part_with_the_whole_region():
    """One department alone says nothing of the line of Occitanie."""
    alone = [people_alone(people("31", 2020, np.random.default_rng(3)))]
    found = {table.table.territory for table in table_results(collect(alone, TABLES))}
    assert found == {"department:31"}
