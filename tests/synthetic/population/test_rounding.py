"""Whole people: totals and margins to the unit."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from passerelles.synthetic.population import joint, margins
from passerelles.synthetic.population.ipf import Margin, fit
from passerelles.synthetic.population.rounding import integerise, largest_remainder


def one_way(table: np.ndarray, axis: int) -> np.ndarray:
    return table.sum(axis=tuple(other for other in range(table.ndim) if other != axis))


@st.composite
def expected_tables(draw):
    """A real table whose one-way margins are whole: those of whole people, spread by another distribution."""
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 5)))
    people = draw(arrays(np.int64, shape, elements=st.integers(0, 6)))
    seed = draw(arrays(float, shape, elements=st.floats(min_value=0.01, max_value=5)))
    margins = [Margin((axis,), one_way(people, axis).astype(float)) for axis in range(3)]
    return fit(seed, margins, tolerance=1e-7, max_rounds=5000).table


@settings(deadline=None, max_examples=80)
@given(expected_tables(), st.floats(min_value=0, max_value=1, exclude_max=True))
def test_every_margin_is_kept_to_the_unit(expected, start):
    counts = integerise(expected, start)
    assert (counts >= 0).all()
    for axis in range(3):
        np.testing.assert_array_equal(one_way(counts, axis), np.rint(one_way(expected, axis)))


def test_nobody_is_put_where_nobody_is_expected():
    expected = np.array([[0.0, 1.5, 0.5], [1.0, 0.5, 1.5], [0.0, 1.0, 1.0]])
    for start in np.linspace(0, 0.99, 25):
        assert integerise(expected, start)[expected == 0].sum() == 0


def test_crossings_that_have_no_margin_stay_as_expected():
    """Moselle 2023: on average over the starts, every crossing of two axes is within one person of the fit."""
    fitted = joint.fit("57", 2023, margins.by_department(2023)["57"]).table
    starts = np.linspace(0, 1, 40, endpoint=False)
    mean = np.mean([[integerise(of_motive, start) for of_motive in fitted] for start in starts], axis=0)
    for first, second in combinations(range(1, 5), 2):
        others = tuple(axis for axis in range(5) if axis not in (first, second))
        assert np.abs(mean.sum(axis=others) - fitted.sum(axis=others)).max() < 1.1


def test_margins_that_are_not_whole_are_refused():
    with pytest.raises(ValueError, match="not whole"):
        integerise(np.array([[0.5, 0.7], [0.5, 0.3]]))


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=20), st.integers(0, 10_000))
def test_the_largest_remainder_shares_out_the_whole_total(shares, total):
    if sum(shares) <= 0:
        return
    found = largest_remainder(shares, total)
    assert found.sum() == total
    exact = np.array(shares) * total / sum(shares)
    assert (np.abs(found - exact) < 1 + 1e-6).all()


def test_people_to_share_out_among_nobody_is_a_mistake():
    with pytest.raises(ValueError, match="nobody expected"):
        largest_remainder([0, 0], 3)
