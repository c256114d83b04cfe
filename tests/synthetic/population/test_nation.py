"""The nation, whole: every published figure on people within its tolerance, every department and total exact."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from passerelles.synthetic.calibration import Verdict, collect, people_alone, population_measures, results
from passerelles.synthetic.population import axes, margins, people, plan, published, territory


@pytest.fixture(scope="module")
def counts() -> dict[str, float]:
    """2022 to 2024, 352,399 people, chunk by chunk."""
    chunks = (
        people_alone(people(department, year, np.random.default_rng([11, i]), count))
        for i, (department, year, count) in enumerate(plan("national", [2022, 2023, 2024]))
    )
    return collect(chunks, population_measures())


def test_every_figure_of_these_years_is_within_its_tolerance(counts):
    found = results(counts, population_measures())
    outside = {
        result.figure.code: (result.figure.value, result.measured)
        for result in found
        if result.verdict is Verdict.OUTSIDE
    }
    assert outside == {}
    assert Counter(result.verdict for result in found)[Verdict.WITHIN] > 45


def test_departments_and_totals_are_exact(counts):
    """J-001: 127,876 in 2023; J-004: the shares of the regions, which sum to 99.9."""
    assert counts["2023:people"] == 127_876
    for department, expected in territory.counts(2023).items():
        assert counts[f"2023:department:{department}"] == expected
    assert sum(published.published_value(code) for code in published.figures() if code.startswith("region_2023_")) == (
        pytest.approx(99.9)
    )


def test_147_nationalities_and_a_third_in_the_first_four(counts):
    """J-002."""
    found = {key.split(":")[2]: n for key, n in counts.items() if key.startswith("2023:nationality:")}
    assert len(found) == 147
    assert sorted(found, key=lambda code: -found[code])[:4] == ["AF", "MA", "TN", "DZ"]


def test_departments_add_up_to_the_nation_in_every_margin():
    """Sums of departments are the national numbers, by motive and each other axis, to the unit."""
    shape = margins.shape(2023).table
    by_department = margins.by_department(2023)
    for axis in (axes.SEX, axes.AGE, axes.SCHOOLING, axes.LANGUAGE):
        total = sum(found.by_axis[axis] for found in by_department.values())
        others = tuple(other for other in range(shape.ndim) if other not in (axes.MOTIVE, axis))
        assert np.abs(total - shape.sum(axis=others) * 127_876).max() <= 1.0


def test_the_fits_converge():
    assert margins.shape_of_haute_garonne().converged
    assert all(margins.shape(year).converged for year in range(territory.FIRST_YEAR, territory.LAST_YEAR + 1))


def test_overseas_the_neighbours_come_first():
    frame = people("976", 2023, np.random.default_rng(4))
    assert frame["nationality"].mode().to_list() == ["KM"]
    assert 0.7 < (frame["nationality"] == "KM").mean() < 0.9


def test_departments_differ_by_schooling_while_the_nation_does_not_move():
    by_department = margins.by_department(2023)
    higher = {
        code: (found.schooling.sum(axis=0) * axes.HIGHER_OF_SCHOOLING).sum() / found.schooling.sum()
        for code, found in by_department.items()
    }
    assert higher["75"] > higher["31"] > higher["93"] > higher["976"]
