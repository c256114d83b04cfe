"""Iterative proportional fitting: the margins asked for, the correlations of the seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from passerelles.synthetic.population.ipf import InconsistentMargins, Margin, fit, marginal

weights = st.floats(min_value=0.05, max_value=20)
shapes = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))


@st.composite
def consistent_problems(draw):
    """A seed, and margins taken from another table so that they agree with one another."""
    shape = draw(shapes)
    seed = draw(arrays(float, shape, elements=weights))
    truth = draw(arrays(float, shape, elements=weights))
    axes = draw(st.sampled_from([[(0,), (1,), (2,)], [(0, 1), (2,)], [(0, 1), (0, 2)], [(0,), (1, 2)]]))
    return seed, [Margin(kept, marginal(truth, kept)) for kept in axes]


def odds(table: np.ndarray) -> float:
    return table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])


@settings(deadline=None, max_examples=60)
@given(consistent_problems())
def test_every_margin_is_reached_and_nobody_is_negative(problem):
    seed, margins = problem
    found = fit(seed, margins, tolerance=1e-9, max_rounds=3000)
    assert found.converged
    assert (found.table >= 0).all()
    for margin in margins:
        np.testing.assert_allclose(margin.of(found.table), margin.target, rtol=1e-5)


@settings(deadline=None, max_examples=40)
@given(consistent_problems(), st.floats(min_value=0.01, max_value=1000))
def test_the_scale_of_the_seed_does_not_matter(problem, scale):
    seed, margins = problem
    np.testing.assert_allclose(
        fit(seed * scale, margins, tolerance=1e-9, max_rounds=3000).table,
        fit(seed, margins, tolerance=1e-9, max_rounds=3000).table,
        rtol=1e-5,
    )


def test_the_classic_table_of_two_by_two():
    """Rows 30 and 70, columns 60 and 40 from an even seed: independence, 18 12 / 42 28."""
    found = fit(np.ones((2, 2)), [Margin((0,), np.array([30.0, 70])), Margin((1,), np.array([60.0, 40]))])
    np.testing.assert_allclose(found.table, [[18, 12], [42, 28]])
    assert found.rounds == 1


def test_the_correlation_of_the_seed_is_kept():
    seed = np.array([[8.0, 2], [1, 9]])
    found = fit(seed, [Margin((0,), np.array([30.0, 70])), Margin((1,), np.array([60.0, 40]))], tolerance=1e-12)
    assert odds(found.table) == pytest.approx(odds(seed))


def test_a_coarse_margin_moves_whole_groups():
    """Ten levels of schooling, a figure for « higher diploma or not »: inside a group the shares stay."""
    seed = np.array([[1.0, 3, 2, 4]])
    found = fit(seed, [Margin((1,), np.array([20.0, 80]), {1: np.array([0, 0, 1, 1])})])
    np.testing.assert_allclose(found.table, [[5, 15, 80 / 3, 160 / 3]])


def test_impossible_cells_stay_empty():
    seed = np.array([[0.0, 1], [1, 1]])
    found = fit(seed, [Margin((0,), np.array([2.0, 3])), Margin((1,), np.array([1.0, 4]))])
    assert found.table[0, 0] == 0


def test_margins_of_different_totals_are_refused():
    with pytest.raises(InconsistentMargins, match="different totals"):
        fit(np.ones((2, 2)), [Margin((0,), np.array([1.0, 1])), Margin((1,), np.array([2.0, 1]))])


def test_people_wanted_where_the_seed_has_nobody_are_refused():
    with pytest.raises(InconsistentMargins, match="seed is zero"):
        fit(np.array([[0.0, 0], [1, 1]]), [Margin((0,), np.array([1.0, 1]))])


def test_contradictory_margins_are_told_not_hidden():
    """Two tables that disagree on the axis they share: no table has both."""
    first = Margin((0, 1), np.array([[1.0, 1], [1, 1]]))
    second = Margin((0,), np.array([3.0, 1]))
    assert not fit(np.ones((2, 2)), [first, second], max_rounds=50).converged
