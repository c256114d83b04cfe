"""One chunk of people: the columns of the stream, dates in order, attributes that hold together."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelles.reference import calendar, countries
from passerelles.reference.levels import Level
from passerelles.reference.schooling import Schooling
from passerelles.reference.tables import UnknownCode
from passerelles.synthetic.frames import PEOPLE
from passerelles.synthetic.population import NoFigures, agir_start, first_number, people, plan, territory

BELOW_A1 = [level.value for level in Level if level < Level.A1]
BELOW_A2 = [level.value for level in Level if level < Level.A2]
JOBS = ["cdi", "cdd", "other_job"]


def made(department: str, year: int, count: int | None = None, seed: int = 7, **more) -> pl.DataFrame:
    return people(department, year, np.random.default_rng(seed), count, **more)


@pytest.fixture(scope="module")
def moselle_2023() -> pl.DataFrame:
    return made("57", 2023)


@pytest.fixture(scope="module")
def moselle_2025() -> pl.DataFrame:
    return made("57", 2025)


def test_the_frame_is_the_one_of_the_stream(moselle_2023):
    assert dict(moselle_2023.schema) == PEOPLE
    assert moselle_2023["id"].n_unique() == len(moselle_2023)
    assert set(moselle_2023["direction"]) == {"metz"}


def test_the_same_seed_gives_the_same_people(moselle_2023):
    assert made("57", 2023).equals(moselle_2023)
    assert not made("57", 2023, seed=8).equals(moselle_2023)


def test_identifiers_are_uuids_of_version_4(moselle_2023):
    pattern = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    assert moselle_2023["id"].str.contains(pattern).all()


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(["31", "48", "57", "93", "2A", "973", "976"]),
    st.integers(2019, 2026),
    st.integers(1, 60),
    st.integers(0, 2**32),
)
def test_any_small_chunk_holds_together(department, year, count, seed):
    """Entered before the permit, permit before the signature, and it does not end before it starts."""
    frame = made(department, year, count, seed)
    assert len(frame) == count
    dates = frame.select(
        (pl.col("entered_on") <= pl.col("permit_starts_on"))
        & (pl.col("permit_starts_on") <= pl.col("signed_on"))
        & (pl.col("signed_on") < pl.col("permit_ends_on"))
    )
    assert dates.to_series().all()
    assert frame["age"].is_between(16, 85).all()
    assert (frame["signed_on"].dt.year() == year).all()
    assert frame.filter(pl.col("agir") & ~pl.col("bpi")).is_empty()
    assert frame.filter(pl.col("bpi") & (pl.col("motive") != "ASILE")).is_empty()
    assert frame.filter(pl.col("needs_childcare") & (pl.col("children") == 0)).is_empty()


def test_signatures_fall_on_days_when_the_direction_receives():
    """Good Friday is a holiday at Metz, also for those who come from Meurthe-et-Moselle."""
    days = set(made("54", 2023)["signed_on"])
    assert dt.date(2023, 4, 7) not in days
    assert all(calendar.is_working_day(day, "dt:metz") for day in days)


def test_exactly_25_and_65_and_more_are_there(moselle_2023):
    """B-013: the two ages that the bands of Metz leave out must not disappear."""
    ages = moselle_2023["age"]
    assert (ages == 25).sum() > 0
    assert (ages >= 65).sum() > 0


def test_hours_are_prescribed_below_a1_and_only_there(moselle_2023):
    """B-019, until 30 June 2025."""
    below = moselle_2023["level"].is_in(BELOW_A1)
    assert moselle_2023.filter(below)["hours"].is_in([100, 200, 400, 600]).all()
    assert (moselle_2023.filter(~below)["hours"] == 0).all()


def test_from_july_2025_nobody_says_how_many_hours(moselle_2025):
    """B-025, L-043: below A2 a training is due and its hours are unknown, never a default."""
    after = moselle_2025.filter(pl.col("signed_on") >= dt.date(2025, 7, 1))
    below_a2 = after["level"].is_in(BELOW_A2)
    assert after.filter(below_a2)["hours"].is_null().all()
    assert (after.filter(~below_a2)["hours"] == 0).all()
    before = moselle_2025.filter(pl.col("signed_on") < dt.date(2025, 7, 1))
    assert before["hours"].is_not_null().all()


def test_the_overall_level_is_the_lower_of_the_two_skills(moselle_2023):
    for written, oral, level in moselle_2023.select("written", "oral", "level").iter_rows():
        assert Level(level) == min(Level(written), Level(oral), key=lambda skill: skill.rank)


def test_codes_belong_to_the_lists_of_the_platform(moselle_2023):
    assert set(moselle_2023["schooling"]) <= {schooling.value for schooling in Schooling}
    assert all(countries.get(code).is_third_country for code in set(moselle_2023["nationality"]))
    assert set(moselle_2023["situation"]) <= {"cdi", "cdd", "other_job", "training", "student", "none", "other"}


def test_nobody_of_16_to_18_has_begun_higher_studies():
    frame = made("75", 2023)
    young = frame.filter(pl.col("age") <= 18)
    assert len(young) > 50
    assert not young["schooling"].str.starts_with("superieur").any()


def test_a_diploma_goes_with_the_schooling_that_gives_one(moselle_2023):
    without = moselle_2023.filter(pl.col("schooling").is_in(["non_scolarise", "primaire_sans_diplome"]))
    assert (without["diploma"] == "").all()
    assert (moselle_2023.filter(pl.col("schooling") == "superieur_bac_3")["diploma"] != "").all()


def test_experience_never_begins_in_childhood(moselle_2023):
    assert (moselle_2023["experience_years"].cast(pl.Int64) <= moselle_2023["age"].cast(pl.Int64) - 16).all()


def test_who_works_wishes_to_work(moselle_2023):
    assert moselle_2023.filter(pl.col("situation").is_in(JOBS))["wishes_work"].all()


def test_households_have_several_members_of_one_nationality(moselle_2023):
    homes = (
        moselle_2023.filter(pl.col("household").is_not_null())
        .group_by("household")
        .agg(pl.len(), pl.col("nationality").n_unique().alias("nationalities"))
    )
    assert len(homes) > 20
    assert (homes["len"] >= 2).all()
    assert (homes["nationalities"] == 1).all()


def test_numbers_never_meet_between_chunks():
    """Chunks can be made alone, in any order, at any size: numbers and households stay unique in the run."""
    frames = [made(department, year, count) for department, year, count in plan("demo", range(2021, 2027))]
    numbers = pl.concat(frames)["number"]
    assert numbers.n_unique() == len(numbers)
    assert first_number("02", 2021) == first_number("01", 2021) + territory.counts(2021)["01"]


def test_agir_never_precedes_its_opening():
    """B-046: at the opening, BPI of the year before are oriented too, no older ones; Corsica has no AGIR."""
    start = agir_start("57")
    assert start is not None
    older = made("57", start.year - 2)
    assert not older["agir"].any()
    assert made("57", 2023)["agir"].any()
    assert agir_start("2A") is None
    assert not made("2A", 2024)["agir"].any()


def test_the_year_stops_at_the_last_day_asked_for():
    until = dt.date(2026, 5, 12)
    ((_, _, count),) = plan("department", [2026], department="57", until=until)
    frame = made("57", 2026, count, until=until)
    assert frame["signed_on"].max() <= until
    assert 0.25 < count / territory.counts(2026)["57"] < 0.45


def test_a_demonstration_has_a_few_hundred_people_of_the_dt_metz():
    chunks = plan("demo", range(2021, 2027))
    assert {department for department, _, _ in chunks} == {"54", "55", "57", "88"}
    assert 200 < sum(count for _, _, count in chunks) < 500


def test_a_plan_is_refused_without_figures_or_territory():
    with pytest.raises(NoFigures, match="2018"):
        plan("national", [2018])
    with pytest.raises(NoFigures, match="department"):
        plan("department", [2023])
    with pytest.raises(UnknownCode):
        plan("department", [2023], department="987")
