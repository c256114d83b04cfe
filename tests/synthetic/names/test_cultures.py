"""How each country's names are written in a French file."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.synthetic.names.cultures import WRITERS, Root, feminine, masculine, split_syllables
from passerelles.synthetic.names.native import native_name
from passerelles.synthetic.names.stock import stocks
from tests.synthetic.names.crowds import named

lots = st.floats(0, 1, exclude_max=True)


def root(code: str, sex: str = "H", **said: object) -> Root:
    stock = stocks()[code]
    woman = "woman" if sex == "F" else "man"
    first = {kind: str(choice.values[0]) for kind, choice in stock.kinds.items()}
    told = {
        "sex": sex,
        "stock": code,
        "given": first[woman],
        "second": "",
        "father": str(stock.kinds["man"].values[1]),
        "grandfather": str(stock.kinds["man"].values[2]),
        "family": first.get("family", first["man"]),
        "other_family": str(stock.kinds.get("family", stock.kinds["man"]).values[3]),
        "husband": "",
        "chance": 0.0,
        "other": 0.99,
    }
    return Root(**(told | said))


def written(code: str, sex: str = "H", **said: object) -> tuple[str, str, str]:
    return tuple(WRITERS[stocks()[code].culture](root(code, sex, **said)))


@given(st.sampled_from(sorted(stocks())), st.sampled_from("FH"), lots, lots, st.booleans())
def test_every_culture_writes_a_family_name_and_given_names(code, sex, chance, other, married):
    stock = stocks()[code]
    husband = str(stock.kinds.get("family", stock.kinds["man"]).values[2]) if married and sex == "F" else ""
    family, birth, given_names = written(code, sex, chance=chance, other=other, husband=husband, second="")
    assert family.strip() == family != ""
    assert given_names.strip() == given_names != ""
    assert birth != family
    assert max(len(family), len(given_names)) <= 60


def test_sikhs_are_singh_or_kaur():
    assert written("INS", "H") == ("Singh", "", "Gurpreet")
    assert written("INS", "F") == ("Kaur", "", "Gurpreet")


def test_an_eritrean_has_three_names_and_no_family():
    assert written("ER", chance=0.1) == ("Tesfay Filmon", "", "Berhane")
    assert written("ER", chance=0.5) == ("Tesfay", "", "Berhane")
    assert written("ER", chance=0.9, other=0.1) == ("Filmon", "", "Berhane Tesfay")


def test_a_bengali_man_is_md_and_his_sister_begum():
    assert written("BD", "H", chance=0.1)[2] == "Md Rahim"
    assert written("BD", "F", chance=0.1, other=0.0)[0] == "Begum"
    assert written("BD", "H", chance=0.1, family="Barua")[2] == "Rahim"


def test_a_congolese_post_name_follows_the_name():
    assert written("CD", chance=0.1)[0] == "Mukendi Tshibangu"
    assert written("CD", chance=0.8) == ("Mukendi", "", "Tshibangu Jean-Claude")


def test_colombians_bear_the_father_then_the_mother_brazilians_the_reverse():
    assert written("CO")[0] == "Rodríguez Martínez"
    assert written("BR", chance=0.0)[0] == "Souza Silva"


def test_a_russian_wife_bears_her_husbands_name_in_the_feminine():
    assert written("RU", "F", husband="Smirnov", chance=0.9) == ("Smirnova", "Ivanova", "Elena")


def test_a_mauritanian_woman_is_mint_where_her_brother_is_ould():
    assert written("MR", "F", family="Ould Ahmed")[0] == "Mint Ahmed"
    assert written("MR", "H", family="Mint Ahmed")[0] == "Ould Ahmed"


@pytest.mark.parametrize("man", ["Ivanov", "Vysotskii", "Alekseev", "Nikitin", "Kovalskyi"])
def test_the_masculine_is_found_back_from_the_feminine(man):
    assert masculine(feminine(man)) == man != feminine(man)


@pytest.mark.parametrize("name", ["Shevchenko", "Beridze", "Harutyunyan", "Haddad"])
def test_other_families_have_one_form(name):
    assert feminine(name) == name


def test_chinese_given_names_split_by_syllables():
    assert split_syllables("Xiaoming", " ") == "Xiao Ming"
    assert split_syllables("Wei", " ") == "Wei"


@pytest.mark.parametrize(
    ("family", "given_names", "code", "expected"),
    [
        ("Benali", "Mohamed", "DZ", "محمد"),
        ("Ivanov", "Aleksandr", "RU", "Александр Иванов"),
        ("Shevchenko", "Olena", "UA", "Олена Шевченко"),
        ("Wang", "Xiaoming", "CN", "王小明"),
        ("Sivakumar", "Kannan", "LK", "சிவகுமர்"),
        ("Lomidze", "Nino", "GE", "ნინო ლომიძე"),
        ("Smith", "John", "GB", ""),
    ],
)
def test_a_name_has_its_form_in_the_script_of_origin(family, given_names, code, expected):
    assert expected in native_name(family, given_names, code)
    assert bool(native_name(family, given_names, code)) == bool(expected)


def test_one_afghan_in_ten_has_a_single_name():
    people = named(10_000, nationality="AF")
    conventions = people["family_name"].is_in(["XXX", "SNU", "FNU", "SANS NOM"])
    copied = people["family_name"] == people["given_names"]
    assert (conventions | copied).mean() == pytest.approx(0.10, abs=0.015)


def test_married_names_are_those_of_grown_women():
    people = named(10_000)
    with_birth_name = people.filter(pl.col("birth_name") != "")
    assert with_birth_name["sex"].unique().to_list() == ["F"]
    assert with_birth_name["age"].min() >= 18
    assert (with_birth_name["family_name"] != with_birth_name["birth_name"]).all()
