"""Each cell of a nominative file is read, or refused with its place and its remedy."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from passerelles.exchange.readers.problems import FileProblem
from passerelles.exchange.readers.row import Row
from passerelles.exchange.readers.rows import preview, read_rows

ON = dt.date(2026, 3, 1)
AWA = {"Nom": "DIALLO", "Prénom": "Awa", "DDN": "17/05/1990", "Sexe": "F", "Date RDV": "10/03/2026"}


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "nan_inf_to_errors": True}) as book:
        for name, lines in sheets:
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write(number, column, value)
    return out.getvalue()


def read(lines: list[list[object]], kind: str = "convocations", **options) -> list[Row]:
    return [*read_rows(workbook(("Feuil1", lines)), "envoi.xlsx", kind, ON, **options)]


def one(kind: str = "convocations", **changes: object) -> Row:
    person = {**AWA, **{name.replace("_", " "): value for name, value in changes.items()}}
    (row,) = read([[*person], [*person.values()]], kind)
    return row


def codes(row: Row) -> list[str]:
    return [problem.code for problem in row.problems]


def test_a_complete_row_is_read_with_its_types():
    row = one(
        AGDREF="7512345678",
        Nationalité="ivoirienne",
        Langue="arabe",
        Portable="06 39 98 12 34",
        Mail="Awa@Example.org",
        CP="57000",
        Heure="9h30",
        Lieu="Metz",
        Motif="Vie privée et familiale",
        Niveau="a1",
        Signature_CIR="02/03/26",
    )
    assert codes(row) == ["date_future"]
    assert row.values == {
        "foreigner_number": "7512345678",
        "family_name": "DIALLO",
        "given_names": "Awa",
        "birth_date": dt.date(1990, 5, 17),
        "birth_date_precision": "day",
        "sex": "F",
        "nationality": "CI",
        "language": "ara",
        "phone": "+33639981234",
        "email": "awa@example.org",
        "postcode": "57000",
        "session_date": dt.date(2026, 3, 10),
        "session_time": dt.time(9, 30),
        "session_place": "Metz",
        "admission_motive": "FAMILIAL",
        "level": "A1",
        "cir_signed_on": dt.date(2026, 3, 2),
    }


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Nom", "DIALL0", "name_digit"),
        ("Nom", "=HYPERLINK(1)", "formula"),
        ("Nom", "+DIALLO", "formula"),
        ("Prénom", "@SUM", "formula"),
        ("Nom", "#N/A", "error_value"),
        ("Nom", "#REF!", "error_value"),
        ("Nom", "#VALEUR!", "error_value"),
        ("Nom", "", "missing"),
        ("Prénom", "—", "missing"),
        ("Nom", "A" * 121, "too_long"),
        ("Prénom", "A" * 161, "too_long"),
        ("DDN", "", "missing"),
        ("DDN", "31/02/1990", "birth_date"),
        ("DDN", "1/1", "birth_date"),
        ("DDN", "02/03/2026", "birth_date_future"),
        ("DDN", "28/02/1915", "birth_date_old"),
        ("Sexe", "?", "missing"),
        ("Sexe", "autre", "sex"),
        ("Date RDV", "bientôt", "session_date"),
    ],
)
def test_a_required_cell_that_cannot_be_read_refuses_the_row(column, value, code):
    row = one(**{column: value})
    (problem,) = row.problems
    assert (problem.severity, problem.code, problem.column, problem.row) == ("reject", code, column, 2)
    assert problem.sheet == "Feuil1" and problem.reason.endswith(".") and problem.remedy
    assert len(problem.value) <= 300 and not row.accepted


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("Nationalité", "martienne", "nationality"),
        ("Nationalité", "Congolais", "nationality"),
        ("Langue parlée", "kurde et arabe", "language"),
        ("Interprète", "oui", "interpreter_language"),
        ("Mail", "awa chez example", "email"),
        ("CP", "570000", "postcode"),
        ("AGDREF", "7,51E+09", "foreigner_number"),
        ("Niveau", "A1+", "level"),
        ("Motif", "inconnu au bataillon", "admission_motive"),
        ("Heure", "le matin", "session_time"),
        ("Code INSEE", "99999", "commune_code"),
        ("Adresse", "=1+1", "address"),
        ("Ville", "#N/A", "city"),
        ("Nom de naissance", "B4H", "birth_name"),
    ],
)
def test_an_optional_cell_that_cannot_be_read_is_kept_as_received(column, value, field):
    row = one(**{column: value})
    assert row.accepted and field not in row.values
    assert row.values["as_received"] == {field: value}
    assert [problem.severity for problem in row.problems] == ["warning"]


@pytest.mark.parametrize(
    ("column", "value", "field", "read_as"),
    [
        ("Sexe", "Mme", "sex", "F"),
        ("Sexe", "M.", "sex", "H"),
        ("Sexe", "Monsieur", "sex", "H"),
        ("Sexe", "Féminin", "sex", "F"),
        ("DDN", 33010, "birth_date", dt.date(1990, 5, 17)),
        ("DDN", "17 mai 1990", "birth_date", dt.date(1990, 5, 17)),
        ("Heure", "9h-12h", "session_time", dt.time(9)),
        ("Heure", 0.375, "session_time", dt.time(9)),
        ("Heure", "9h00 - 12h00", "session_time", dt.time(9)),
        ("Date RDV", "10/03/2026 14:30", "session_time", dt.time(14, 30)),
        ("Téléphone", "0639981234 / 0639985678", "phone", "+33639981234"),
        ("Téléphone", 639981234, "phone", "+33639981234"),
        ("Téléphone", "pas de téléphone", "phone", None),
        ("Mail", "néant", "email", None),
        ("Interprète", "Non", "interpreter_language", None),
        ("AGDREF", 7512345678, "foreigner_number", "7512345678"),
        ("N° OFII", 42, "ofii_number", "42"),
        ("CP", 6000, "postcode", "06000"),
        ("Nom", "N’GUESSAN\u200b  ÉPÉE", "family_name", "N’GUESSAN ÉPÉE"),
    ],
)
def test_values_are_read_as_a_person_would(column, value, field, read_as):
    row = one(**{column: value})
    assert row.accepted, row.problems
    assert row.values.get(field) == read_as


def test_a_year_alone_is_kept_with_its_precision():
    row = one(DDN="1990")
    assert (row.values["birth_date"], row.values["birth_date_precision"]) == (dt.date(1990, 1, 1), "year")
    assert row.accepted and codes(row) == ["birth_date_partial"]


@pytest.mark.parametrize("name", ["XXX", "SNU", "fnu", "Sans nom", "x"])
def test_a_person_with_one_name_is_accepted_with_a_warning(name):
    row = one(Nom=name)
    assert row.accepted and row.values["family_name"] == name and codes(row) == ["single_name"]


def test_a_session_far_from_the_reference_date_is_kept_with_a_warning():
    row = one(Date_RDV="10/03/2036")
    assert row.accepted and codes(row) == ["session_date_far"]


def test_a_nir_that_contradicts_the_person_is_a_warning():
    row = one("france-travail", NIR="190059935212315")
    assert row.accepted and codes(row) == ["nir_contradiction"]
    assert row.values["nir"] == "190059935212315"


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [("DIALLO Mamadou Alpha", "DIALLO", "Mamadou Alpha"), ("Mme EL AMRANI Fatima", "EL AMRANI", "Fatima")],
)
def test_a_combined_name_is_split_when_the_family_name_is_in_capitals(text, family, given):
    (row,) = read([["NOM Prénom", "DDN", "Sexe", "Date RDV"], [text, "17/05/1990", "F", "10/03/2026"]])
    assert row.accepted and (row.values["family_name"], row.values["given_names"]) == (family, given)


@pytest.mark.parametrize("text", ["Diallo Mamadou", "DIALLO MAMADOU", "Mamadou DIALLO", "BAH née DIALLO Awa", "DIALLO"])
def test_a_combined_name_that_is_not_so_plain_is_refused(text):
    (row,) = read([["NOM Prénom", "DDN", "Sexe", "Date RDV"], [text, "17/05/1990", "F", "10/03/2026"]])
    assert codes(row) == ["full_name"] and "capitales" in row.problems[0].remedy


def test_a_blank_name_in_use_is_the_name_of_birth():
    (row,) = read([["Nom d’usage", "Nom de naissance", *[*AWA][1:]], ["", "DIALLO", *[*AWA.values()][1:]]])
    assert row.accepted and row.values["family_name"] == row.values["birth_name"] == "DIALLO"


def test_merged_cells_are_carried_down_with_one_warning():
    rows = read(
        [
            [*AWA, "Heure"],
            ["DIALLO", "Awa", "17/05/1990", "F", "10/03/2026", "9h"],
            ["BAH", "Awa", "17/05/1991", "F", "", ""],
            ["SOW", "Awa", "17/05/1992", "F", "", ""],
            ["KA", "Awa", "17/05/1993", "F", "11/03/2026", ""],
        ]
    )
    assert [row.values["session_date"].day for row in rows] == [10, 10, 10, 11]
    assert [row.values.get("session_time") for row in rows] == [dt.time(9)] * 3 + [None]
    assert [code for row in rows for code in codes(row)] == ["carried_down"]


def test_nothing_is_carried_into_other_columns():
    rows = read([[*AWA], [*AWA.values()], ["BAH", "", "", "", ""]])
    assert {problem.column for problem in rows[1].problems if problem.severity == "reject"} == {"Prénom", "DDN", "Sexe"}


def test_the_session_of_the_title_dates_the_rows():
    rows = read(
        [
            ["Convocations du mardi 10 mars 2026 à 9h"],
            [],
            [*AWA][:4],
            [*AWA.values()][:4],
            ["BAH", *[*AWA.values()][1:4]],
        ]
    )
    assert [(row.number, row.values["session_date"], row.values["session_time"]) for row in rows] == [
        (4, dt.date(2026, 3, 10), dt.time(9)),
        (5, dt.date(2026, 3, 10), dt.time(9)),
    ]
    assert [code for row in rows for code in codes(row)] == ["session_from_title"]


def test_a_title_among_the_rows_changes_the_session():
    rows = read(
        [
            ["Session du mardi 10 mars 2026 à 9h"],
            [*AWA][:4],
            [*AWA.values()][:4],
            ["Session du mercredi 11 mars 2026 à 14h"],
            ["BAH", *[*AWA.values()][1:4]],
        ]
    )
    assert [row.values["session_date"].day for row in rows] == [10, 11]


def test_blank_rows_repeated_headers_totals_and_footers_are_not_persons():
    rows = read(
        [
            [*AWA],
            [*AWA.values()],
            ["", " ", "", "", ""],
            [*AWA],
            ["BAH", *[*AWA.values()][1:]],
            ["TOTAL", 2],
            ["12 personnes"],
            ["Édité le 02/03/2026 à 17h"],
        ]
    )
    assert [row.number for row in rows] == [2, 5]
    assert all(row.accepted for row in rows)
    assert {*codes(rows[-1])} == {"repeated_header", "total"}


def test_pre_numbered_rows_are_not_persons():
    rows = read([["N°", *AWA], [1, *AWA.values()], [2], [3]])
    assert len(rows) == 1 and codes(rows[0]) == ["useless"]


def test_every_sheet_with_a_header_is_read_and_the_others_reported_once():
    table = [[*AWA], [*AWA.values()]]
    notes = [["Codes", "Signification"], ["A", "Asile"]]
    source = workbook(("Matin", table), ("Notes", notes), ("Après-midi", table))
    rows = [*read_rows(source, "envoi.xlsx", "convocations", ON)]
    assert [(row.sheet, row.number) for row in rows] == [("Matin", 2), ("Après-midi", 2)]
    (problem,) = [problem for row in rows for problem in row.problems]
    assert problem.code == "sheet_not_read" and "Notes" in problem.reason


def test_no_header_at_all_says_what_is_missing_and_what_was_seen():
    with pytest.raises(FileProblem) as caught:
        read([["Bonjour", "voici"], ["la", "liste"]])
    assert "« Date de naissance »" in caught.value.sentence and "« Bonjour »" in caught.value.sentence
    with pytest.raises(FileProblem) as caught:
        read([["Nom", "Prénom", "Sexe", "Taille"], ["DIALLO", "Awa", "F", "170"]])
    assert "il manque : « Date de naissance », « Date de convocation »" in caught.value.sentence
    assert "« Taille »" in caught.value.sentence


def test_a_header_without_any_row_is_told():
    with pytest.raises(FileProblem, match="aucune ligne"):
        read([[*AWA]])


def test_progress_is_told():
    told: list[int] = []
    read([[*AWA], *([*AWA.values()] for _ in range(2500))], progress=told.append)
    assert told == [1000, 2000, 2500]


def test_the_raw_cells_and_headers_are_kept_for_the_file_of_rejects():
    row = one(DDN=33010)
    assert (row.headers, row.raw) == ([*AWA], ["DIALLO", "Awa", "33010", "F", "10/03/2026"])


def test_the_mapping_screen_sees_headers_and_first_rows():
    table = [[*AWA], *([*AWA.values()] for _ in range(9))]
    seen = preview(workbook(("Matin", table), ("Notes", [["Codes"]])), "envoi.xlsx", "convocations")
    assert [(sheet.name, sheet.mapping is not None, len(sheet.sample)) for sheet in seen.sheets] == [
        ("Matin", True, 5),
        ("Notes", False, 1),
    ]
    assert seen.sheets[0].sample[0] == [*AWA.values()]


@pytest.mark.parametrize("kind", ["france-travail", "rsa", "agir"])
def test_the_other_files_need_no_sex_and_no_session(kind):
    (row,) = read([["Nom", "Prénom", "Né(e) le"], ["DIALLO", "Awa", "17/05/1990"]], kind)
    assert row.accepted and not row.problems
