"""Where offices cut names, and what keyboards do to them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from passerelles.synthetic.lists.cuts import CUTS, Name, cut
from passerelles.synthetic.lists.slips import another_spelling, mistyped, other_marks, truncated
from passerelles.synthetic.names.stock import defects, stocks

words = st.lists(
    st.sampled_from("Mohamed Ben Al-Ahmad Abdelkader Md Xiaoming N’Diaye Traoré S.".split()), min_size=1, max_size=4
)
lots = st.floats(0, 1, exclude_max=True)


def habit(name: str, family: str, given_names: str, *, sex: str = "H", stock: str = "SY", chance: float = 0.5) -> str:
    found = cut(name, Name(tuple(family.split()), tuple(given_names.split()), sex, stock, chance))
    return f"{' '.join(found.family)} / {' '.join(found.given)}"


@example("add_patronymic", ["Mohamed"], ["Mohamed"], "F", "JP", 0.5)
@given(st.sampled_from(sorted(CUTS)), words, words, st.sampled_from("FH"), st.sampled_from(sorted(stocks())), lots)
def test_no_habit_leaves_a_name_empty(name, family, given_names, sex, stock, chance):
    found = cut(name, Name(tuple(family), tuple(given_names), sex, stock, chance))
    assert all(found.family)
    assert all(found.given)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("last_given_to_family", ("Al-Ahmad", "Mohamad Khaled"), "Khaled Al-Ahmad / Mohamad"),
        ("first_family_to_given", ("Adam Ishag", "Yahya"), "Ishag / Yahya Adam"),
        ("last_family_to_given", ("Mukendi Kabeya", "Trésor"), "Mukendi / Kabeya Trésor"),
        ("drop_last_family", ("Rojas Quispe", "Luz"), "Rojas / Luz"),
        ("full_swap", ("Nguyen", "Thi Huong"), "Thi Huong / Nguyen"),
        ("drop_title", ("Hossain", "Md Rubel"), "Hossain / Rubel"),
        ("abbreviate_title", ("Hossain", "Mohammad Rubel"), "Hossain / Md Rubel"),
        ("initial", ("Nadarajah", "Sivakumar"), "Sivakumar / N."),
        ("initial_of_second", ("Miller", "John Paul"), "Miller / John P."),
        ("drop_article", ("El Idrissi", "Salma"), "Idrissi / Salma"),
        ("glue_family", ("El Idrissi", "Salma"), "Elidrissi / Salma"),
        ("split_compound", ("Safi", "Najibullah"), "Safi / Najib Ullah"),
        ("split_syllables", ("Wang", "Xiaoming"), "Wang / Xiao Ming"),
        ("family_lost", ("Kaur", "Harjit"), "FNU / Harjit"),
    ],
)
def test_each_habit_does_what_it_says(name, before, after):
    assert habit(name, *before) == after


def test_the_feminine_is_lost_for_women_alone():
    assert habit("masculine", "Ivanova", "Olga", sex="F") == "Ivanov / Olga"
    assert habit("masculine", "Ivanova", "Oleg", sex="H") == "Ivanova / Oleg"


def test_every_habit_of_the_register_of_defects_exists():
    for culture, rates in defects()["structure"].items():
        assert set(rates) <= set(CUTS), culture
        assert 0 < sum(rates.values()) < 1


@given(st.text(min_size=1, max_size=60).filter(str.strip), lots)
def test_slips_never_empty_a_name(name, chance):
    assert mistyped(name, chance)
    assert other_marks(name, chance)
    assert 1 <= len(truncated(name, 13)) <= 13


@given(st.sampled_from(["Benali", "Coulibaly", "Sivanesan", "Traoré", "Wardak"]), lots)
def test_a_typing_slip_touches_one_letter(name, chance):
    slipped = mistyped(name, chance)
    assert slipped[0] == name[0]
    assert abs(len(slipped) - len(name)) <= 1


def test_another_spelling_changes_one_word_of_a_long_name():
    assert another_spelling("Mohamed Amine", "DZ", 0.0).endswith("Amine")
