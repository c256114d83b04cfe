"""The header of a sheet is found where offices put it, and each column is given one meaning."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.exchange.readers.fields import header_key
from passerelles.exchange.readers.header import Mapping, guess, session_in
from passerelles.exchange.readers.layouts import LAYOUTS, layout

CONVOCATIONS = layout("convocations")
PLAIN = ["N° étranger", "Nom", "Prénom(s)", "DDN", "Civilité", "Date RDV"]


def found(*lines: list[object], explicit: dict[str, str] | None = None) -> Mapping:
    mapping = guess([(number, line) for number, line in enumerate(lines, start=1) if line], CONVOCATIONS, explicit)
    assert mapping is not None
    return mapping


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("N° étranger", "foreigner_number"),
        ("AGDREF", "foreigner_number"),
        ("Nº AGDREF", "foreigner_number"),
        ("Num. dossier", "ofii_number"),
        ("N° OFII", "ofii_number"),
        ("Nom de famille *", "family_name"),
        ("NOM", "family_name"),
        ("Prénom(s)", "given_names"),
        ("PRENOMS", "given_names"),
        ("DDN", "birth_date"),
        ("Né(e) le", "birth_date"),
        ("Née le", "birth_date"),
        ("Date de naissance (jj/mm/aaaa)", "birth_date"),
        ("Civilité", "sex"),
        ("Sexe (F/H)", "sex"),
        ("Pays", "nationality"),
        ("Langue parlée", "language"),
        ("Tél. portable", "phone"),
        ("Mail", "email"),
        ("E-mail", "email"),
        ("CP", "postcode"),
        ("Ville", "city"),
        ("Date de convocation", "session_date"),
        ("date rdv", "session_date"),
        ("Heure", "session_time"),
        ("Lieu", "session_place"),
        ("N° CIR", "cir_number"),
        ("Signature CIR", "cir_signed_on"),
        ("Motif", "admission_motive"),
        ("Niveau", "level"),
    ],
)
def test_a_header_is_recognised_as_offices_write_it(header, name):
    assert [entry.name for entry in CONVOCATIONS.fields if entry.rank_of(header_key(header)) is not None] == [name]


@pytest.mark.parametrize("kind", LAYOUTS)
def test_no_header_has_two_meanings_in_a_layout(kind):
    meanings: dict[str, set[str]] = {}
    for entry in layout(kind).fields:
        for alias in (entry.label, *entry.aliases):
            meanings.setdefault(header_key(alias), set()).add(entry.name)
    assert {key: names for key, names in meanings.items() if len(names) > 1 or not key} == {}


@pytest.mark.parametrize(
    "header", ["Nom du conjoint", "Téléphone (conjoint)", "Lieu de naissance", "N°", "Observations"]
)
def test_what_speaks_of_something_else_is_left_out(header):
    assert found([*PLAIN, header]).unknown == [header]


def test_title_rows_and_blank_rows_may_stand_above():
    mapping = found(["Direction territoriale de Metz"], [], ["Liste des convoqués", "", "2026"], PLAIN)
    assert (mapping.header_row, mapping.missing) == (4, [])
    assert mapping.columns == {
        "foreigner_number": 0,
        "family_name": 1,
        "given_names": 2,
        "birth_date": 3,
        "sex": 4,
        "session_date": 5,
    }


def test_a_header_on_two_lines_is_read_as_one():
    mapping = found(
        ["Personne", "", "", "Naissance", "", "Convocation", ""],
        ["Nom", "Prénom", "Sexe", "Date", "Lieu", "Date", "Heure"],
        ["DIALLO", "Awa", "F", "17/05/1990", "Conakry", "10/03/2026", "9h"],
    )
    assert (mapping.header_row, mapping.last_row, mapping.missing) == (1, 2, [])
    assert (mapping.columns["birth_date"], mapping.columns["session_date"], mapping.columns["session_time"]) == (
        3,
        5,
        6,
    )
    assert "session_place" not in mapping.columns


def test_a_row_of_data_is_not_a_second_header_line():
    mapping = found(PLAIN, ["0123456789", "DIALLO", "Awa", "17/05/1990", "F", "10/03/2026"])
    assert (mapping.header_row, mapping.last_row) == (1, 1)


def test_the_header_beyond_thirty_rows_is_not_found():
    rows: list[tuple[int, list[object]]] = [(number, [f"ligne {number}"]) for number in range(1, 31)]
    assert guess([*rows, (31, [*PLAIN])], CONVOCATIONS) is None


def test_a_field_said_twice_is_reported_and_the_most_telling_header_wins():
    mapping = found([*PLAIN, "Téléphone", "Tél. portable", "Portable"])
    assert mapping.headers[mapping.columns["phone"]] == "Tél. portable"
    assert mapping.duplicates == ["Téléphone", "Portable"]


def test_the_choice_of_the_person_wins():
    mapping = found(
        [*PLAIN, "Colonne 7", "Né à"], explicit={"family_name": "Colonne 7", "birth_date": "né à", "sex": ""}
    )
    assert (mapping.columns["family_name"], mapping.columns["birth_date"]) == (6, 7)
    assert "sex" in mapping.missing
    assert {"Nom", "DDN", "Civilité"} <= {*mapping.unknown}


def test_missing_fields_are_named():
    assert found(["Nom", "Prénom"]).missing == ["birth_date", "sex", "session_date"]


def test_a_combined_name_stands_for_both():
    assert found(["NOM Prénom", "DDN", "Sexe", "Date RDV"]).missing == []
    both = found([*PLAIN, "Nom et prénom"])
    assert "full_name" not in both.columns


@pytest.mark.parametrize(
    ("headers", "family_name", "birth_name"),
    [
        (["Nom", "Nom de naissance"], "Nom", "Nom de naissance"),
        (["Nom de famille", "Nom d’usage"], "Nom d’usage", "Nom de famille"),
        (["Nom", "Nom d’usage"], "Nom d’usage", "Nom"),
        (["Nom d'usage", "Nom de naissance"], "Nom d'usage", "Nom de naissance"),
        (["Nom de naissance"], "Nom de naissance", None),
    ],
)
def test_the_name_in_use_and_the_name_of_birth_are_told_apart(headers, family_name, birth_name):
    mapping = found([*headers, "Prénom", "DDN", "Sexe", "Date RDV"])
    named = {name: mapping.headers[column] for name, column in mapping.columns.items()}
    assert (named["family_name"], named.get("birth_name")) == (family_name, birth_name)
    assert (mapping.missing, mapping.duplicates, mapping.unknown) == ([], [], [])


@pytest.mark.parametrize(
    ("title", "day", "time"),
    [
        ("Convocations du mardi 10 mars 2026 à 9h", dt.date(2026, 3, 10), dt.time(9)),
        ("Session du 10/03/2026 - 14h30", dt.date(2026, 3, 10), dt.time(14, 30)),
        ("RDV du 1er avril 2026", dt.date(2026, 4, 1), None),
        ("Semaine 12", None, None),
        ("Du 10/03/2026 au 12/03/2026", None, None),
        ("Convocations du 31/02/2026", None, None),
    ],
)
def test_the_session_is_read_in_a_title(title, day, time):
    assert session_in([title]) == (day, time)


def test_the_date_of_printing_is_not_the_date_of_the_session():
    titles = ["Édité le 02/03/2026 à 17h12", "Convocations du 10 mars 2026"]
    assert session_in(titles) == (dt.date(2026, 3, 10), None)


def test_a_session_date_in_the_title_replaces_the_column():
    mapping = found(["Convocations du mardi 10 mars 2026 à 9h"], PLAIN[:-1])
    assert (mapping.missing, mapping.session_date, mapping.session_time) == ([], dt.date(2026, 3, 10), dt.time(9))


@given(st.randoms(use_true_random=False))
def test_the_order_of_columns_is_irrelevant(luck: random.Random):
    headers = [entry.label for entry in CONVOCATIONS.columns] + ["Observations", "Né à"]
    straight = found([*headers])
    luck.shuffle(headers)
    shuffled = found([*headers])
    assert {name: straight.headers[column] for name, column in straight.columns.items()} == {
        name: shuffled.headers[column] for name, column in shuffled.columns.items()
    }


cell = st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.sampled_from(PLAIN), st.dates())


every_header = st.sampled_from([text for entry in CONVOCATIONS.fields for text in (entry.label, *entry.aliases)])


@given(st.lists(every_header, min_size=2, max_size=20))
def test_every_header_is_mapped_or_reported_once(headers):
    mapping = guess([(1, headers)], CONVOCATIONS)
    if mapping is not None:
        told = len(mapping.columns) + len(mapping.unknown) + len(mapping.duplicates)
        assert told == len(headers) and len({*mapping.columns.values()}) == len(mapping.columns)


@given(st.lists(st.lists(cell, max_size=12), max_size=35))
def test_whatever_the_cells_the_search_ends(lines):
    guess([(number, line) for number, line in enumerate(lines, start=1)], CONVOCATIONS)
