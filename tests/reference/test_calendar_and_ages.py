"""Holidays by territory, working days, weeks, and the two ways of cutting ages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.reference import age_bands, calendar
from passerelles.reference.tables import UnknownCode

DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2035, 12, 31))
TERRITORIES = st.sampled_from(["national", "dt:metz", "department:974", "region:11"])


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)]
)
def test_easter_falls_where_the_almanac_says(year, month, day):
    assert calendar.easter(year) == dt.date(year, month, day)


def test_france_has_eleven_public_holidays_and_moselle_thirteen():
    assert len(calendar.public_holidays(2026)) == 11
    assert len(calendar.public_holidays(2026, "department:57")) == 13
    assert calendar.public_holidays(2026, "dt:metz")[dt.date(2026, 4, 3)] == "Vendredi saint"
    assert calendar.is_working_day(dt.date(2026, 4, 3), "department:54")


def test_a_region_keeps_only_the_holidays_all_its_departments_share():
    assert len(calendar.public_holidays(2026, "region:44")) == 11
    assert dt.date(2026, 5, 22) in calendar.public_holidays(2026, "region:02")


@pytest.mark.parametrize(
    ("code", "month", "day"),
    [("971", 5, 27), ("972", 5, 22), ("973", 6, 10), ("974", 12, 20), ("976", 4, 27)],
)
def test_overseas_departments_commemorate_the_abolition_of_slavery(code, month, day):
    assert calendar.is_public_holiday(dt.date(2026, month, day), f"department:{code}")


def test_a_collectivity_with_its_own_labour_law_is_refused():
    with pytest.raises(UnknownCode, match="ses propres jours fériés"):
        calendar.is_working_day(dt.date(2026, 1, 5), "department:987")


def test_five_working_days_after_christmas_eve_depend_on_the_place():
    eve = dt.date(2025, 12, 24)
    assert calendar.add_working_days(eve, 5) == dt.date(2026, 1, 2)
    assert calendar.add_working_days(eve, 5, "dt:metz") == dt.date(2026, 1, 5)


def test_no_working_day_after_a_sunday_is_the_monday():
    assert calendar.add_working_days(dt.date(2026, 2, 1), 0) == dt.date(2026, 2, 2)


@given(DAYS, st.integers(1, 60), TERRITORIES)
def test_the_nth_working_day_is_worked_and_counts_n(day, n, territory):
    reached = calendar.add_working_days(day, n, territory)
    assert calendar.is_working_day(reached, territory)
    assert calendar.working_days_between(day, reached, territory) == n
    assert calendar.add_working_days(reached, -n, territory) <= day


def test_the_27_january_2026_is_in_week_5():
    day = dt.date(2026, 1, 27)
    assert calendar.iso_week(day) == "2026-W05"
    assert calendar.week_label_fr(day) == "semaine 5 (du 26 janvier 2026 au 1er février 2026)"
    assert calendar.parse_iso_week("2026-W05") == calendar.week_of(day)


def test_a_week_belongs_to_the_year_of_its_thursday():
    assert calendar.iso_week(dt.date(2027, 1, 1)) == "2026-W53"


@pytest.mark.parametrize("text", ["2026-W54", "2026W05", "semaine 5"])
def test_what_is_not_a_week_is_refused(text):
    with pytest.raises(UnknownCode, match="Semaine"):
        calendar.parse_iso_week(text)


@pytest.mark.parametrize(
    ("age", "metz", "haute_garonne"),
    [
        (15, "moins_25", "non_classe"),
        (16, "moins_25", "16_18"),
        (19, "moins_25", "19_25"),
        (24, "moins_25", "19_25"),
        (25, "non_classe", "19_25"),
        (26, "26_45", "26_45"),
        (45, "26_45", "26_45"),
        (46, "46_64", "46_65"),
        (64, "46_64", "46_65"),
        (65, "non_classe", "46_65"),
        (66, "non_classe", "plus_65"),
    ],
)
def test_the_same_person_has_a_band_in_each_scheme(age, metz, haute_garonne):
    assert age_bands.band_of_age("metz", age).code == metz
    assert age_bands.band_of_age("haute_garonne", age).code == haute_garonne


@given(st.sampled_from(age_bands.Scheme), st.integers(0, 120))
def test_nobody_disappears_and_nobody_is_counted_twice(scheme, age):
    assert age_bands.band_of_age(scheme, age) in age_bands.bands(scheme)
    assert sum(band.holds(age) for band in age_bands.bands(scheme)) <= 1


def test_the_band_is_that_of_the_day_of_the_event():
    born = dt.date(2001, 1, 27)
    assert age_bands.band("metz", born, dt.date(2026, 1, 26)).code == "moins_25"
    assert age_bands.band("metz", born, dt.date(2026, 1, 27)).code == "non_classe"


def test_without_a_birth_date_the_age_is_said_to_be_unknown():
    assert age_bands.band("metz", None, dt.date(2026, 1, 27)).code == age_bands.UNKNOWN_AGE
