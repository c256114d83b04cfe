"""The labelled base on which linkage is trained and measured."""

from __future__ import annotations

import polars as pl
import pytest

from passerelles.synthetic.frames import RECORDS
from passerelles.synthetic.lists import linkage_base


@pytest.fixture(scope="module")
def base() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    return linkage_base(4_000, 20_000, 0.6, seed=1)


def test_the_sizes_and_the_overlap_are_those_asked(base):
    left, right, truth = base
    assert (left.height, right.height, truth.height) == (4_000, 20_000, 2_400)


def test_the_truth_is_one_to_one_and_stands_apart(base):
    left, right, truth = base
    assert truth["left"].n_unique() == truth["right"].n_unique() == truth.height
    assert set(truth["left"]) <= set(left["record"])
    assert set(truth["right"]) <= set(right["record"])
    for frame in (left, right):
        assert {**frame.schema} == {name: dtype for name, dtype in RECORDS.items() if name != "person"}


def test_the_order_of_lines_tells_nothing(base):
    _, right, truth = base
    ranks = right.with_row_index("rank").join(truth, left_on="record", right_on="right", how="semi")["rank"]
    assert ranks.mean() == pytest.approx(right.height / 2, rel=0.05)


def test_a_shared_identifier_is_the_same_person(base):
    left, right, truth = base
    for column in ("nir", "foreigner_number"):
        held = left.filter(pl.col(column) != "").join(right.filter(pl.col(column) != ""), on=column)
        pairs = held.select(left="record", right="record_right")
        assert pairs.height > 100
        assert pairs.join(truth, on=["left", "right"], how="anti").is_empty(), column


def test_exact_equality_finds_two_in_five(base):
    left, right, truth = base
    pairs = truth.join(left, left_on="left", right_on="record").join(
        right, left_on="right", right_on="record", suffix="_right"
    )
    same = pairs.filter(
        (pl.col("family_name").str.to_uppercase() == pl.col("family_name_right"))
        & (pl.col("given_names").str.to_uppercase() == pl.col("given_names_right"))
        & (pl.col("birth_date") == pl.col("birth_date_right"))
    )
    assert same.height / pairs.height == pytest.approx(0.4, abs=0.06)


def test_telephones_tell_people_apart_and_cannot_be_dialled(base):
    _, right, _ = base
    phones = right["phone"].filter(right["phone"] != "")
    assert phones.str.len_chars().min() == 16
    assert phones.n_unique() > 0.85 * phones.len()


def test_it_refuses_an_overlap_that_does_not_fit():
    with pytest.raises(ValueError, match="effectif commun"):
        linkage_base(100, 50, 0.6, seed=1)
    with pytest.raises(ValueError, match="effectif commun"):
        linkage_base(100, 500, 1.2, seed=1)
