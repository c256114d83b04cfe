"""One name, several spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.synthetic.names.spellings import LONGER, MOST, spellings, titled
from passerelles.synthetic.names.stock import stocks

names_of_stocks = st.sampled_from(
    [(str(name), code) for code, stock in stocks().items() for kind in stock.kinds.values() for name in kind.values]
)


@given(names_of_stocks)
def test_a_spelling_is_another_name_never_empty_and_never_much_longer(pair):
    name, stock = pair
    found = spellings(name, stock)
    assert len(found) == len(set(found)) <= MOST
    assert name not in found
    for other in found:
        assert 2 <= len(other) <= len(name) + LONGER
        assert other == other.strip()
        assert other[0].isupper() or not other[0].isascii()


@pytest.mark.parametrize(
    ("name", "stock", "other"),
    [
        ("Mohamed", "MA", "Mouhamed"),
        ("Youssef", "DZ", "Youcef"),
        ("Abdelkader", "DZ", "Abd El Kader"),
        ("Mohamed", "SO", "Maxamed"),
        ("Oleksandr", "UA", "Alexandre"),
        ("Khutsishvili", "GE", "Khutsichvili"),
        ("Harutyunyan", "AM", "Harutyunian"),
        ("Traoré", "ML", "Traore"),
        ("Chowdhury", "BD", "Choudhury"),
        ("Tesfay", "ER", "Tesfai"),
        ("Selvarajah", "LK", "Selvarasa"),
    ],
)
def test_known_spellings_are_found(name, stock, other):
    assert other in spellings(name, stock)


def test_a_spelling_stays_in_the_countries_that_use_it():
    assert "Maxamed" not in spellings("Mohamed", "MA")
    assert "Piotr" not in spellings("Pierre", "HT")


def test_letters_that_go_together_are_not_torn_apart():
    assert not [other for other in spellings("Khalid", "MA") if other.startswith("Khh")]


def test_capitals_stand_where_a_name_has_them():
    assert titled("el idrissi-tazi") == "El Idrissi-Tazi"
    assert titled("n’diaye") == "N’Diaye"
