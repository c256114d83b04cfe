"""The tools of the draws: shares kept to the unit, days and months counted as everywhere in the project."""

from __future__ import annotations

import datetime as dt
import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.core import clock
from passerelles.core.periods import add_months
from passerelles.reference.calendar import add_working_days, is_working_day
from passerelles.synthetic.pathways.draws import Choice, chances, days_between, exactly, shared, uuids
from passerelles.synthetic.pathways.moments import (
    NEVER,
    WorkingDays,
    date_of,
    dates,
    day_of,
    instants,
    moment,
    months_after,
    number_of,
    working_days,
)

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
PLACES = st.sampled_from(["department:57", "department:75", "department:974", "dt:metz"])


@given(seed=st.integers(0, 999), n=st.integers(0, 300), rate=st.floats(0, 1), share=st.floats(0, 1))
def test_a_share_is_kept_to_the_unit_among_those_concerned(seed: int, n: int, rate: float, share: float) -> None:
    rng = np.random.default_rng(seed)
    among = rng.random(n) < share
    drawn = shared(rng, rate, among)
    assert not (drawn & ~among).any()
    assert abs(drawn.sum() - rate * among.sum()) <= 1


@given(seed=st.integers(0, 999), n=st.integers(1, 300), mean=st.floats(0.01, 0.7))
def test_chances_have_the_wanted_mean_and_none_is_above_the_ceiling(seed: int, n: int, mean: float) -> None:
    rng = np.random.default_rng(seed)
    among = np.ones(n, dtype=bool)
    found = chances(rng.uniform(0.5, 1.5, n), mean, among)
    assert found.mean() == pytest.approx(mean, abs=0.01)
    assert found.max() <= 0.97


def test_each_one_is_drawn_as_often_as_their_chance_says() -> None:
    rng = np.random.default_rng(1)
    each = np.array([0.1, 0.4, 0.9, 0.6])
    times = sum(shared(rng, each, np.ones(4, dtype=bool)).astype(int) for _ in range(4000)) / 4000
    assert times == pytest.approx(each, abs=0.03)


@given(seed=st.integers(0, 99), count=st.integers(0, 30), n=st.integers(0, 20))
def test_exactly_so_many_or_all(seed: int, count: int, n: int) -> None:
    assert exactly(np.random.default_rng(seed), count, np.ones(n, dtype=bool)).sum() == min(count, n)


def test_identifiers_are_random_uuids_and_the_same_for_the_same_seed() -> None:
    found = uuids(np.random.default_rng(1), 5000)
    assert found.is_unique().all()
    assert all(str(uuid.UUID(text)) == text and uuid.UUID(text).version == 4 for text in found)
    assert {uuid.UUID(text).variant for text in found} == {uuid.RFC_4122}
    assert found.equals(uuids(np.random.default_rng(1), 5000))


def test_a_choice_follows_its_weights_and_never_draws_a_weight_of_zero() -> None:
    choice = Choice({"a": 3, "b": 0, "c": 1})
    drawn = choice.drawn(np.random.default_rng(1), 8000).texts.value_counts()
    counts = dict(drawn.iter_rows())
    assert set(counts) == {"a", "c"}
    assert counts["a"] / 8000 == pytest.approx(0.75, abs=0.02)


@given(low=st.integers(-50, 50), width=st.integers(0, 20), seed=st.integers(0, 99))
def test_days_between_stay_between(low: int, width: int, seed: int) -> None:
    found = days_between(np.random.default_rng(seed), low, low + width, 50)
    assert low <= found.min() <= found.max() <= low + width


@given(day=DAYS, months=st.integers(-14, 61))
def test_months_are_counted_as_in_the_rest_of_the_project(day: dt.date, months: int) -> None:
    assert date_of(months_after(np.array([number_of(day)]), months)[0]) == add_months(day, months)


@given(day=DAYS, n=st.integers(-30, 90), place=PLACES)
def test_working_days_are_those_of_the_reference(day: dt.date, n: int, place: str) -> None:
    worked = working_days(place)
    number = np.array([number_of(day)])
    if n:
        assert date_of(worked.add(number, n)[0]) == add_working_days(day, n, place)
    assert date_of(worked.on_or_after(number)[0]) == add_working_days(day, 0, place)
    assert bool(worked.is_worked(number)[0]) is is_working_day(day, place)
    before = date_of(worked.on_or_before(number)[0])
    assert before <= day
    assert is_working_day(before, place)


@given(day=DAYS, minutes=st.integers(6 * 60, 21 * 60))
def test_an_instant_is_the_hour_of_paris_and_gives_its_day_back(day: dt.date, minutes: int) -> None:
    found = moment(np.array([number_of(day)]), minutes)
    assert instants(found)[0] == clock.paris(day, *divmod(minutes, 60)).astimezone(dt.UTC)
    assert date_of(day_of(found)[0]) == day


def test_a_day_that_does_not_come_stays_so() -> None:
    never = np.array([NEVER, number_of(dt.date(2025, 1, 1))])
    worked: WorkingDays = working_days("department:57")
    assert worked.add(never, 3)[0] == NEVER
    assert worked.on_or_after(never)[0] == NEVER
    assert dates(never).to_list() == [None, dt.date(2025, 1, 1)]
