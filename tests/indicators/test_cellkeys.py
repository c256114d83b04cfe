"""Cell keys: the same people counted twice are perturbed alike; nothing small is printed; no bias (F, K)."""

from __future__ import annotations

import numpy as np
import pytest

from passerelles.indicators.disclosure.cellkeys import DEFAULT, Design, perturbation_table, perturbed, record_keys

CHANGES = np.arange(-DEFAULT.reach, DEFAULT.reach + 1)


def test_the_table_has_mean_zero_and_the_variance_asked_wherever_it_is_possible() -> None:
    table = perturbation_table()
    assert table.shape == (11, 11)
    assert np.allclose(table.sum(axis=1), 1) and (table >= -1e-12).all()
    assert np.allclose(table @ CHANGES, 0, atol=1e-9)
    variances = table @ CHANGES**2
    assert variances[0] == 0
    assert np.allclose(variances[5:], 3)
    assert variances[1:5] == pytest.approx([4, 6, 6, 4]), "the least possible without printing 1 to 4"


def test_nothing_is_printed_between_one_and_four() -> None:
    table = perturbation_table()
    for count, row in enumerate(table):
        printed = count + CHANGES[row > 1e-12]
        assert ((printed == 0) | (printed >= 5)).all()


def test_greatest_entropy_is_a_discrete_bell_where_nothing_is_forbidden() -> None:
    """p ∝ exp(b·d²): the ratio of neighbours follows d² (large counts)."""
    logs = np.log(perturbation_table()[-1])
    slopes = (logs[6:] - logs[5]) / CHANGES[6:] ** 2
    assert np.allclose(slopes, slopes[0])


def test_counts_of_a_large_cube_are_perturbed_without_bias() -> None:
    rng = np.random.default_rng(1)
    cell = rng.integers(0, 4_000, 130_000)
    keys = record_keys((int(n).to_bytes(4, "big") for n in range(130_000)), b"secret")
    counts = np.bincount(cell, minlength=4_000)
    sums = np.zeros(4_000, dtype=np.uint64)
    np.add.at(sums, cell, keys)
    change = perturbed(counts, sums) - counts
    assert abs(change.mean()) < 4 * change.std() / np.sqrt(4_000)
    assert 1.6 < change.std() < 1.9
    assert np.abs(change).max() <= DEFAULT.reach


def test_the_same_people_give_the_same_number_in_any_table() -> None:
    persons = [f"p{n}".encode() for n in range(40)]
    keys = record_keys(persons, b"secret")
    again = record_keys(reversed(persons), b"secret")
    count = np.array([40])
    assert perturbed(count, np.array([keys.sum()])) == perturbed(count, np.array([again.sum()]))
    assert (record_keys(persons, b"other") != keys).any()


def test_an_empty_cell_is_printed_empty() -> None:
    assert perturbed(np.array([0]), np.array([0], dtype=np.uint64)) == 0


def test_a_larger_threshold_makes_another_table() -> None:
    design = Design(reach=10, variance=9.0, smallest=11)
    table = perturbation_table(design)
    assert table.shape == (22, 21)
    assert ((np.arange(22)[:, None] + np.arange(-10, 11))[table > 1e-12] != 3).all()
