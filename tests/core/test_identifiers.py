"""Identifiers: test vectors of the reference, and the damage that spreadsheets do."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.core import identifiers as ids

VALID_NIRS = ["190059935212315", "285029935041725", "195129932600801", "185022A00431213"]


@pytest.mark.parametrize("number", VALID_NIRS)
def test_a_valid_nir_is_kept_and_one_with_another_key_is_refused(number):
    assert ids.nir(number).value == number
    wrong = f"{number[:13]}{int(number[13:]) % 97 + 1:02d}"
    assert "clé" in ids.nir(wrong).problem


def test_a_nir_written_with_blanks_is_the_same():
    assert ids.nir("1 90 05 99 352 123 15").value == VALID_NIRS[0]


def test_a_nir_without_its_key_is_completed_with_a_warning():
    found = ids.nir(VALID_NIRS[0][:13])
    assert found.value == VALID_NIRS[0]
    assert found.warning


def test_a_nir_in_scientific_notation_has_lost_its_digits():
    assert "scientifique" in ids.nir("1,90060E+14").problem


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0123456789", "0123456789"),
        ("١٢٣٤٥٦٧٨٩٠", "1234567890"),
        (1234567890.0, "1234567890"),
        (123456789, "0123456789"),
    ],
)
def test_a_foreigner_number_that_lost_its_zero_gets_it_back(raw, value):
    assert ids.foreigner_number(raw).value == value


@pytest.mark.parametrize("raw", ["1,23457E+09", "12345", "12345678AB", "0000000000"])
def test_a_doubtful_foreigner_number_is_refused(raw):
    found = ids.foreigner_number(raw)
    assert found.value == ""
    assert found.problem


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        (612345678, "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("+93 70 123 4567", "+93701234567"),
    ],
)
def test_telephone_numbers(raw, value):
    assert ids.phone(raw).value == value


def test_postcodes_and_commune_codes_get_their_zero_back():
    assert ids.postcode(1000).value == "01000"
    assert ids.postcode("57000").value == "57000"
    assert ids.commune_code("2a004").value == "2A004"
    assert ids.commune_code("1004").warning


@pytest.mark.parametrize("raw", ["a@b", "a b@c.fr", "x@@c.fr", "x..y@c.fr", "@c.fr"])
def test_what_is_not_an_address_is_refused(raw):
    assert ids.email(raw).problem


def test_an_address_is_kept_in_lower_case():
    assert ids.email(" Zarina.K@Exemple.EXAMPLE ").value == "zarina.k@exemple.example"


def test_a_nir_of_another_sex_or_year_is_told():
    assert "sexe" in ids.nir_contradiction(VALID_NIRS[0], "F", None)
    assert "année" in ids.nir_contradiction(VALID_NIRS[0], "H", dt.date(1991, 5, 1))
    assert ids.nir_contradiction(VALID_NIRS[0], "H", dt.date(1990, 5, 17)) == ""


CHECKS = [
    ids.foreigner_number,
    ids.nir,
    ids.france_travail,
    ids.caf_number,
    ids.file_number,
    ids.email,
    ids.phone,
    ids.postcode,
    ids.commune_code,
]


@given(st.sampled_from(CHECKS), st.one_of(st.text(), st.integers(), st.floats(allow_nan=True), st.none()))
def test_any_cell_gives_a_value_or_a_sentence_never_both(check, raw):
    found = check(raw)
    assert not (found.value and found.problem)
