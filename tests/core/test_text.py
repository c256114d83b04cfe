"""Text cleaned and compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.core.text import ascii_key, clean, in_sentence, safe_cell


def test_what_cannot_be_seen_is_removed():
    assert clean("\ufeffEl\u00a0 Amrani\u200b\x00 ") == "El Amrani"


def test_accents_and_punctuation_do_not_count():
    assert ascii_key("Côte d’Ivoire") == ascii_key("COTE D'IVOIRE") == "cote d ivoire"


def test_other_scripts_are_brought_to_latin():
    assert ascii_key("Олександр") == "oleksandr"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_no_cell_can_be_a_formula(text):
    assert safe_cell(text)[:1] not in {"=", "+", "-", "@"}


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("À valider par l’OFII", "à valider par l’OFII"),
        ("Accompagnement global (AGIR)", "accompagnement global (AGIR)"),
        ("RSA", "RSA"),
        ("France Travail", "France Travail"),
        ("Manqué", "manqué"),
        ("", ""),
    ],
)
def test_a_label_in_a_sentence_keeps_its_acronyms_and_names(label, said):
    assert in_sentence(label) == said
