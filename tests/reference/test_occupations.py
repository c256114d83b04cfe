"""Occupations found in spite of the spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.reference.occupations import Occupations, shipped


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("plonbier", "F1603"),
        ("PLOMBIER", "F1603"),
        ("soudeure", "H2913"),
        ("maçon", "F1703"),
        ("macon", "F1703"),
        ("electricien batiment", "F1602"),
        ("aide soignante", "J1501"),
        ("aid soignant", "J1501"),
        ("employé de ménage", "K1304"),
        ("boulan", "D1102"),
        ("prépareteur commande", "N1103"),
        ("f1703", "F1703"),
        ("couturière", "H2402"),
    ],
)
def test_the_occupation_meant_is_found_first(typed, code):
    assert shipped().search(typed)[0].code == code


@pytest.mark.parametrize("typed", ["", "   ", "de la", "xyzxyz", "!!!", "\u200b"])
def test_what_resembles_nothing_finds_nothing(typed):
    assert shipped().search(typed) == ()


def test_a_code_appears_once_whatever_the_number_of_its_names():
    several = Occupations(
        [("D1102", "Boulanger / Boulangère"), ("D1102", "Boulanger-pâtissier"), ("D1104", "Pâtissier")]
    )
    assert [each.code for each in several.search("boulanger")] == ["D1102"]
    assert several.label("D1102") == "Boulanger / Boulangère"
    assert several.label("Z9999") == "Z9999"


def test_every_label_shipped_finds_itself():
    for each in shipped().all:
        assert each.code in {found.code for found in shipped().search(each.label, limit=5)}, each


@given(st.text(max_size=60))
def test_any_text_is_answered_by_a_list(text):
    assert len(shipped().search(text, limit=3)) <= 3
