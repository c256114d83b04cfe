"""Published figures of the pathways, reached on the people of the generator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest

from passerelles.reference import territories
from passerelles.synthetic.calibration.measures import collect
from passerelles.synthetic.frames import SCHEMAS, Chunk
from passerelles.synthetic.pathways import measures, pathways, rates
from passerelles.synthetic.population import people, published
from tests.synthetic.pathways.makers import HORIZON, bodies_of, of_kind, value

BURGUNDY = [department.code for department in territories.departments_of_region("27")]
ILE_DE_FRANCE = [department.code for department in territories.departments_of_region("11")]


def chunks(departments: list[str], *years: int) -> Iterator[Chunk]:
    for department in departments:
        for year in years:
            rng = np.random.default_rng([5, departments.index(department), year])
            who = people(department, year, rng, until=HORIZON)
            frames = pathways(who, bodies_of(*departments), rng, HORIZON)
            yield Chunk(people=who, records=pl.DataFrame(schema=SCHEMAS["records"]), **frames)


@pytest.fixture(scope="module")
def burgundy() -> dict[str, float | None]:
    found = measures.measures()
    counts = collect(chunks(BURGUNDY, 2023), found)
    return {measure.code: measure.value(counts) for measure in found}


@pytest.fixture(scope="module")
def approach() -> dict[str, float | None]:
    found = measures.measures()
    counts = collect(chunks(ILE_DE_FRANCE, 2023, 2024), found)
    return {measure.code: measure.value(counts) for measure in found}


def within_tolerance(code: str, value: float | None) -> bool:
    figure = published.figures()[code]
    return value is not None and abs(value - figure.value) <= figure.tolerance


@pytest.mark.parametrize("code", ["job_access_bfc_2023", "job_access_bfc_women_2023", "job_access_bfc_men_2023"])
def test_one_signatory_in_three_has_a_job_within_a_year_in_burgundy(burgundy: dict[str, float], code: str) -> None:
    """F-031: 33 %, 27 % of women, 37 % of men."""
    assert within_tolerance(code, burgundy[code]), burgundy[code]


@pytest.mark.parametrize("code", ["poe_into_job", "job_kept_6_months", "agir_delay_2023", "a1_attained_2023"])
def test_poe_retention_delay_of_agir_and_level_reached(burgundy: dict[str, float], code: str) -> None:
    """F-035, F-036, E-007, B-024."""
    assert within_tolerance(code, burgundy[code]), burgundy[code]


@pytest.mark.parametrize(
    "code",
    [
        "idf_category_a_2024",
        "idf_target_2025",
        "idf_offered_75_2025",
        "idf_offered_93_2025",
        "idf_hired_2025",
        "idf_vocational_2025",
        "idf_language_2025",
    ],
)
def test_the_approach_of_ile_de_france_is_reached_to_the_unit(approach: dict[str, float], code: str) -> None:
    """J-010: 11,000; 4,031; 324 and 373; 70, 17 and 5."""
    assert approach[code] == published.figures()[code].value


def test_who_is_said_recruited_by_the_approach_has_started_a_job_that_day() -> None:
    (chunk,) = chunks(["93"], 2024)
    outcomes = of_kind(chunk, "approach_outcome").with_columns(outcome=value("outcome"))
    jobs = of_kind(chunk, "job_started").select("person", "occurred_on")
    recruited = outcomes.filter(pl.col("outcome") == "recruited")
    assert len(recruited) == 37
    assert len(recruited.join(jobs, on=["person", "occurred_on"])) == 37
    trained = outcomes.filter(pl.col("outcome") == "vocational_training")
    starts = of_kind(chunk, "training_started").select("person", "occurred_on")
    assert len(trained.join(starts, on=["person", "occurred_on"])) == 9
    offered = of_kind(chunk, "approach_offered")
    received = of_kind(chunk, "approach_received")
    assert set(outcomes["person"]) <= set(offered["person"]) <= set(received["person"])


def test_every_measure_is_a_published_figure() -> None:
    codes = Counter(measure.code for measure in measures.measures())
    assert set(codes) <= set(published.figures())
    assert max(codes.values()) == 1


def test_every_region_has_its_factor() -> None:
    covered = {territories.department(code).region_code for d in territories.directions() for code in d.departments}
    assert set(rates.REGION_FACTOR) == covered


def test_mute_and_late_organisations_leave_silences_and_the_others_few() -> None:
    """C-036, D-035: a silence is a fact, with its date."""
    (chunk,) = chunks(["69"], 2024)
    near = bodies_of("69").select("number", "mute", "late_days")
    sent = of_kind(chunk, "referral_sent").join(near, left_on="organisation", right_on="number")
    silent = of_kind(chunk, "referral_silent")["subject"]
    answered = pl.concat(of_kind(chunk, f"referral_{answer}")["subject"] for answer in ("accepted", "declined"))
    rate = (
        sent.with_columns(silent=pl.col("subject").is_in(silent.implode()))
        .group_by("mute")
        .agg(pl.col("silent").mean())
    )
    by_mute = dict(rate.iter_rows())
    assert by_mute[True] > 0.6 > 0.35 > by_mute[False]
    told = set(silent) | set(answered)
    early = sent.filter(pl.col("occurred_on") < pl.date(2024, 12, 1))
    assert len(set(early["subject"]) - told) / len(early) < 0.01
