"""Inclusive periods, months and ages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.core.periods import (
    BirthDateInFuture,
    InvalidMonth,
    InvalidPeriod,
    Month,
    Period,
    add_months,
    add_years,
    age_on,
    date_fr,
)

DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2080, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    length = draw(st.none() | st.integers(0, 5000))
    return Period(start, None if length is None else start + dt.timedelta(days=length))


def test_both_ends_of_a_period_belong_to_it():
    convention = Period(dt.date(2025, 12, 8), dt.date(2026, 11, 30))
    assert dt.date(2025, 12, 8) in convention
    assert dt.date(2026, 11, 30) in convention
    assert dt.date(2026, 12, 1) not in convention


def test_an_open_ended_period_never_ends():
    assert dt.date(2999, 1, 1) in Period(dt.date(2026, 1, 1))


def test_a_period_cannot_end_before_it_starts():
    with pytest.raises(InvalidPeriod, match="avant son début"):
        Period(dt.date(2026, 1, 2), dt.date(2026, 1, 1))


def test_periods_sharing_one_day_overlap():
    january, from_the_31st = Month(2026, 1).period, Period(dt.date(2026, 1, 31))
    assert january.overlaps(from_the_31st)
    assert january.intersect(from_the_31st) == Period(dt.date(2026, 1, 31), dt.date(2026, 1, 31))
    assert january.intersect(Month(2026, 2).period) is None


@given(periods(), periods(), DAYS)
def test_a_day_is_in_the_intersection_exactly_when_it_is_in_both(one, other, day):
    common = one.intersect(other)
    assert (common is not None and day in common) == (day in one and day in other)
    assert common == other.intersect(one)


def test_january_2026_reads_as_in_french_and_knows_its_ends():
    month = Month.parse("2026-01")
    assert month.label_fr == "janvier 2026"
    assert (month.first, month.last) == (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert (str(month.previous), str(month.next)) == ("2025-12", "2026-02")
    assert Month.parse("2024-02").last.day == 29


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "janvier", "2026-1", ""])
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(InvalidMonth, match="n'est pas un mois"):
        Month.parse(text)


def test_months_are_ordered_and_can_be_walked():
    assert [str(month) for month in Month(2025, 12).until(Month(2026, 2))] == [
        "2025-12",
        "2026-01",
        "2026-02",
    ]


def test_five_years_after_29_february_fall_on_28_february():
    assert add_years(dt.date(2024, 2, 29), 5) == dt.date(2029, 2, 28)
    assert add_years(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)


def test_one_month_after_31_january_is_the_last_day_of_february():
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)


def test_one_grows_older_on_the_birthday_not_before():
    born = dt.date(2001, 1, 27)
    assert age_on(born, dt.date(2026, 1, 26)) == 24
    assert age_on(born, dt.date(2026, 1, 27)) == 25


@given(DAYS, st.integers(0, 100))
def test_the_age_on_the_nth_anniversary_is_n(born, years):
    anniversary = add_years(born, years)
    assert age_on(born, anniversary) == years
    if years:
        assert age_on(born, anniversary - dt.timedelta(days=1)) == years - 1


def test_nobody_is_born_after_the_date_asked():
    with pytest.raises(BirthDateInFuture, match="postérieure"):
        age_on(dt.date(2026, 1, 2), dt.date(2026, 1, 1))


def test_the_first_of_the_month_is_written_1er():
    assert date_fr(dt.date(2026, 2, 1)) == "1er février 2026"
