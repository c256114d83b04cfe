"""The same people in the lists of OFII, France Travail, RSA and AGIR."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from passerelles.core import identifiers
from passerelles.synthetic.frames import RECORDS
from passerelles.synthetic.lists import records
from passerelles.synthetic.lists.record import write
from passerelles.synthetic.names.numbers import definitive_nirs
from tests.synthetic.names.crowds import age_on, named

ON = dt.date(2026, 1, 15)
DATES = {"ofii": ON, "ft": ON, "rsa": ON, "agir": ON}
SIZE = 6_000


def signatories(size: int = SIZE, **columns: object) -> pl.DataFrame:
    flags = {"rsa": pl.col("number") % 3 == 0, "agir": pl.col("number") % 20 == 0, "bpi": pl.col("number") % 4 == 0}
    return named(size, **columns).with_columns(**flags)


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return signatories()


@pytest.fixture(scope="module")
def lines(people) -> pl.DataFrame:
    return records(people, DATES, np.random.default_rng(3))


def test_the_frame_is_that_of_the_stream(lines):
    assert dict(lines.schema) == RECORDS
    assert lines["record"].n_unique() == lines.height
    assert set(lines["list"]) == set(DATES)


def test_a_person_has_one_line_at_most_in_each_list(lines, people):
    known = lines.filter(pl.col("person").is_not_null())
    assert known.group_by("list", "person").len()["len"].max() == 1
    assert set(known["person"]) <= set(people["number"])


def test_whoever_the_flags_say_is_in_the_list(lines, people):
    for name in ("ft", "rsa", "agir"):
        there = set(lines.filter(pl.col("list") == name)["person"].drop_nulls())
        assert set(people.filter(pl.col(name))["number"]) <= there
    assert set(lines.filter(list="ofii")["person"]) == set(people["number"])
    protected = set(people.filter("bpi")["number"]) | set(people.filter("agir")["number"])
    assert set(lines.filter(list="agir")["person"].drop_nulls()) <= protected


def test_who_signed_after_the_day_of_the_list_is_not_in_it(people):
    early = dt.date(2023, 6, 1)
    found = records(people, {"ofii": early}, np.random.default_rng(3))
    expected = people.filter(pl.col("signed_on") <= early)
    assert set(found["person"]) == set(expected["number"])
    assert (found["since"] <= early).all()


def test_strangers_are_as_many_as_asked_and_bear_no_number_of_ours(people):
    found = records(people, {"ft": ON}, np.random.default_rng(3), strangers_per_person={"ft": 1.5})
    strangers = found.filter(pl.col("person").is_null())
    assert strangers.height == round(1.5 * people.height)
    assert strangers.filter(pl.col("foreigner_number").str.starts_with("99")).is_empty()
    ours = set(definitive_nirs(people)) | set(people["nir"]) - {""}
    assert not set(strangers["nir"]) & ours - {""}


def test_some_strangers_are_kin_to_somebody_of_the_base(people):
    found = records(people, {"ft": ON}, np.random.default_rng(3), strangers_per_person={"ft": 2.0})
    strangers = found.filter(pl.col("person").is_null() & (pl.col("address") != ""))
    shared = strangers.join(people, on=["address", "postcode", "city"], how="semi")
    assert 0.02 < shared.height / strangers.height < 0.30


def test_no_line_is_empty_and_every_number_keeps_its_form(lines):
    assert lines.filter((pl.col("family_name") == "") | (pl.col("given_names") == "")).is_empty()
    for column, check in (
        ("foreigner_number", identifiers.foreigner_number),
        ("nir", identifiers.nir),
        ("ft_number", identifiers.france_travail),
        ("phone", identifiers.phone),
        ("email", identifiers.email),
    ):
        for value in lines[column].head(3_000):
            found = check(value)
            assert (found.value, found.problem) == (value, ""), column


def test_periods_are_in_order(lines):
    assert (lines["since"] <= ON).all()
    ended = lines.filter(pl.col("until").is_not_null())
    assert ended.filter(pl.col("until") < pl.col("since")).is_empty()
    assert 0.08 < ended.height / lines.height < 0.16


def test_france_travail_writes_capitals_without_accents(lines):
    names = lines.filter(list="ft")["family_name"]
    assert names.str.contains(r"^[A-Z0-9 '\-.=]+$").mean() > 0.999


def test_lists_hold_scripts_of_origin_only_where_they_say_so(lines):
    held = lines.group_by("list").agg((pl.col("native_name") != "").mean().alias("share"))
    shares = dict(held.iter_rows())
    assert shares["ft"] == shares["rsa"] == 0
    assert 0.08 < shares["ofii"] < 0.25


def written(name: str, people: pl.DataFrame, seed: int = 5) -> pl.DataFrame:
    told = people.with_columns(definitive_nir=definitive_nirs(people))
    lines = write(name, told, ON, np.random.default_rng(seed))
    return lines.with_columns(person=people["number"])


def test_a_line_without_a_defect_is_the_person_to_the_letter_and_the_case(people):
    lines = written("ft", people).join(people, left_on="person", right_on="number", suffix="_told")
    clean = lines.filter(pl.col("defects") == 0)
    plain = pl.col("family_name_told").str.contains(r"^[\x00-\x7F]*$") & pl.col("given_names_told").str.contains(
        r"^[\x00-\x7F]*$"
    )
    same = clean.filter(plain).select(
        (pl.col("family_name") == pl.col("family_name_told").str.to_uppercase())
        & (pl.col("given_names") == pl.col("given_names_told").str.to_uppercase())
        & (pl.col("birth_date") == pl.col("birth_date_told"))
        & (pl.col("sex") == pl.col("sex_told"))
    )
    assert clean.height > 0.3 * people.height
    assert same.to_series().all()


def test_most_lines_suffer_one_defect_at_most_and_none_a_heap(people):
    counts = written("ft", people)["defects"]
    assert 0.35 < (counts == 0).mean() < 0.65
    assert (counts <= 1).mean() > 0.75
    assert counts.max() <= 8
    assert written("ofii", people)["defects"].mean() < counts.mean() < written("agir", people)["defects"].mean()


def test_dates_go_wrong_as_often_as_said_and_stay_near():
    people = signatories(12_000, nationality="AF")
    lines = written("ft", people).join(people, left_on="person", right_on="number", suffix="_told")
    gap = (lines["birth_date"].dt.year() - lines["birth_date_told"].dt.year()).abs()
    assert (gap == 1).mean() == pytest.approx(0.05, abs=0.012)
    assert gap.max() <= 11
    told = lines.filter(pl.col("birth_date_precision") == "year")
    assert (told["birth_date"] != told["birth_date_told"]).mean() == pytest.approx(0.29, abs=0.04)


def test_a_wrong_date_makes_nobody_impossibly_young(lines):
    assert min(age_on(ON, born) for born in lines["birth_date"]) >= 5


def test_a_woman_known_by_her_husbands_name_is_found_under_her_own(people):
    lines = written("ft", people).join(people, left_on="person", right_on="number", suffix="_told")
    wives = lines.filter((pl.col("birth_name_told") != "") & (pl.col("defects") == 1))
    own = wives.filter(pl.col("family_name") == pl.col("birth_name_told").str.to_uppercase())
    assert own.height > 0.15 * wives.height


def test_an_unknown_list_is_refused(people):
    with pytest.raises(ValueError, match="caf"):
        records(people, {"caf": ON}, np.random.default_rng(1))


def test_nobody_gives_no_line(people):
    assert records(people.head(0), DATES, np.random.default_rng(1)).is_empty()
    assert records(people.head(1), {}, np.random.default_rng(1)).is_empty()
