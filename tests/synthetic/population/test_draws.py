"""Draws for many people at once: shares kept to within one person, weights obeyed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelles.synthetic.population.draws import pick, pick_evenly, quota, uuids

seeds = st.integers(0, 2**32)


@settings(deadline=None, max_examples=60)
@given(seeds, st.lists(st.integers(0, 3), min_size=1, max_size=200), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_every_group_gets_its_rate_to_within_one_person(seed, groups, rates):
    members = np.array(groups)
    flags = quota(np.random.default_rng(seed), members, rates)
    for group, rate in enumerate(rates):
        size = (members == group).sum()
        assert abs(flags[members == group].sum() - rate * size) < 1


def test_those_of_more_weight_are_chosen_more_often():
    rng = np.random.default_rng(1)
    weights = np.repeat([1.0, 4.0], 5000)
    flags = quota(rng, np.zeros(10_000, dtype=np.int64), [0.2], weights)
    assert flags.sum() == 2000
    assert flags[5000:].sum() > 3 * flags[:5000].sum()


def test_a_weight_of_zero_comes_last():
    weights = np.array([0.0] * 50 + [1.0] * 50)
    flags = quota(np.random.default_rng(2), np.zeros(100, dtype=np.int64), [0.5], weights)
    assert flags[50:].all()
    assert not flags[:50].any()


@settings(deadline=None, max_examples=60)
@given(seeds, st.lists(st.integers(0, 2), min_size=1, max_size=150))
def test_an_even_draw_gives_every_column_its_share(seed, rows):
    weights = np.array([[1.0, 1, 2], [0, 1, 0], [5, 3, 0]])
    people = np.array(rows)
    columns = pick_evenly(np.random.default_rng(seed), weights, people)
    for row in range(3):
        here = columns[people == row]
        for column in range(3):
            expected = len(here) * weights[row, column] / weights[row].sum()
            assert abs((here == column).sum() - expected) < 1 + 1e-9


def test_nobody_is_drawn_where_the_weight_is_zero():
    weights = np.array([[0.0, 1, 0, 2], [3, 0, 0, 0]])
    rows = np.repeat([0, 1], 2000)
    columns = pick(np.random.default_rng(3), weights, rows)
    assert set(columns[:2000]) == {1, 3}
    assert set(columns[2000:]) == {0}


def test_identifiers_never_repeat():
    assert uuids(np.random.default_rng(4), 50_000).n_unique() == 50_000
