"""Whatever file is sent, it is read with the right row numbers or refused with a sentence: never anything else."""

from __future__ import annotations

import datetime
import functools
import io
import marshal
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelles.exchange.readers import tables
from passerelles.exchange.readers.problems import FileProblem, Problem
from passerelles.exchange.readers.tables import open_table
from tests.exchange.readers import nasty

TABLE = [nasty.HEADERS, *nasty.PEOPLE]
NUMBERED = list(enumerate(TABLE, start=1))


def read(source: bytes | Path, **options: Any) -> dict[str, list[tuple[int, list[Any]]]]:
    """Visible sheets by name; blanks at the end of a row are left out, since their number depends on the format."""

    def trimmed(row: list[Any]) -> list[Any]:
        while row and row[-1] in ("", None):
            row = row[:-1]
        return row

    return {
        sheet.name: [(number, trimmed(row)) for number, row in sheet.rows]
        for sheet in open_table(source, "envoi.xlsx", **options)
        if not getattr(sheet, "hidden", False)
    }


def rows(source: bytes | Path, **options: Any) -> list[tuple[int, list[Any]]]:
    (only,) = read(source, **options).values()
    return only


def refusal(source: bytes | Path, **options: Any) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        read(source, **options)
    assert "envoi.xlsx" in caught.value.sentence and caught.value.remedy, "a refusal says which file and how to mend it"
    return caught.value


def test_a_problem_travels_as_json() -> None:
    problem = Problem("reject", "Feuille1", 3, "Nom", "", "Le nom manque.", "Écrivez-le.")
    assert problem.as_json() == {
        "severity": "reject",
        "sheet": "Feuille1",
        "row": 3,
        "column": "Nom",
        "value": "",
        "reason": "Le nom manque.",
        "remedy": "Écrivez-le.",
        "code": "",
    }


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("cp1252", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_text_is_read_in_every_encoding_with_every_delimiter(
    encoding: str, bom: bytes, delimiter: str, newline: str
) -> None:
    assert rows(nasty.csv_bytes(TABLE, encoding=encoding, bom=bom, delimiter=delimiter, newline=newline)) == NUMBERED


def test_accents_late_in_the_file_decide_of_nothing_before_them() -> None:
    data = b"Nom;Ville\n" * 20_000 + "Zoé;Orléans\n".encode("cp1252") + "Zoé;Orléans\n".encode()
    assert rows(data)[-2:] == [(20_001, ["Zoé", "Orléans"]), (20_002, ["Zoé", "Orléans"])]


def test_line_breaks_delimiters_and_quotes_inside_quotes_belong_to_the_cell() -> None:
    table = [["Nom", "Adresse"], ['Dit "Zozo"', "12; rue X\n45000 Orléans"], ["Suivant", "ici"]]
    assert rows(nasty.csv_bytes(table)) == list(enumerate(table, start=1))


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b'Nom;Ville\nA;"Orleans\nB;Blois\nC;Tours\n', 2),
        (b'Nom;Ville\nA;Blois\nB;"Orleans\nC;"Blois"\nD;Tours\n', 3),
        (b"Nom;Ville\nA;Blois\nB;" + b"x" * 200_000 + b"\n", 3),
    ],
    ids=["never closed", "closed by the quote of another row", "cell over 131 072 characters"],
)
def test_a_stray_quote_is_refused_rather_than_swallowing_the_following_people(data: bytes, row: int) -> None:
    assert f"ligne {row} " in refusal(data).sentence


def test_the_sep_line_of_excel_gives_the_delimiter_and_is_not_a_row() -> None:
    assert rows(b"sep=,\r\na;b,c\r\n1,2\r\n") == [(1, ["a;b", "c"]), (2, ["1", "2"])]


def test_title_rows_and_commas_in_addresses_do_not_mislead_about_the_delimiter() -> None:
    data = b"Liste, du, 3 mars, 2026\n\nNom;Ville\n" + b"A, dit B;12, rue X, Blois\n" * 5
    assert rows(data)[:2] == [(1, ["Liste, du, 3 mars, 2026"]), (3, ["Nom", "Ville"])]


def test_empty_columns_on_the_right_do_not_count() -> None:
    assert rows(b"a;b" + b";" * 300 + b"\n") == [(1, ["a", "b"])]


def xlsx_of(table: list[list[Any]]) -> bytes:
    return nasty.xlsx_rows(table)


def ods_of(table: list[list[Any]]) -> bytes:
    return nasty.ods_rows(table)


def xls_of(table: list[list[Any]]) -> bytes:
    return nasty.xls(table)


def csv_of(table: list[list[Any]]) -> bytes:
    return nasty.csv_bytes(table)


every_format = pytest.mark.parametrize("build", [xlsx_of, ods_of, xls_of, csv_of])


@every_format
def test_row_numbers_are_those_of_the_spreadsheet_with_blank_rows_and_titles(
    build: Callable[[list[list[Any]]], bytes],
) -> None:
    table: list[list[Any]] = [[], [], ["Convocations de mars"], [], *TABLE, [], ["fin", "x"]]
    expected = [(number, row) for number, row in enumerate(table, start=1) if row]
    assert rows(build(table)) == expected


@every_format
def test_a_file_of_one_cell_is_a_table(build: Callable[[list[list[Any]]], bytes]) -> None:
    assert rows(build([["Nom"]])) == [(1, ["Nom"])]


@every_format
def test_two_hundred_columns_pass_and_one_more_does_not(build: Callable[[list[list[Any]]], bytes]) -> None:
    assert rows(build([["c"] * 200])) == [(1, ["c"] * 200)]
    assert "200 colonnes" in refusal(build([["c"] * 201])).sentence


@every_format
def test_more_rows_than_allowed_are_refused(build: Callable[[list[list[Any]]], bytes]) -> None:
    assert len(rows(build(TABLE), max_rows=4)) == 4
    assert "3 lignes" in refusal(build(TABLE), max_rows=3).sentence


@every_format
def test_a_path_reads_like_bytes_and_the_name_of_the_file_says_nothing(
    build: Callable[[list[list[Any]]], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "fichier.pdf"
    path.write_bytes(build(TABLE))
    assert rows(path) == NUMBERED


def test_columns_keep_their_place_when_the_table_starts_further_right() -> None:
    assert rows(nasty.xlsx_rows([["Nom"]], top=3, left=2)) == [(4, ["", "", "Nom"])]


def test_rows_and_cells_without_a_reference_are_counted() -> None:
    data = nasty.xlsx_raw_sheet('<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c></row>')
    assert rows(data) == [(1, [1.0, 2.0]), (5, ["", "", 3.0])]


def test_colour_down_to_the_last_row_is_not_a_million_rows() -> None:
    assert rows(nasty.xlsx_formatted_far(TABLE)) == NUMBERED


def test_hidden_sheets_and_charts_are_left_out() -> None:
    assert read(nasty.xlsx_sheets()) == {"Janvier": [(1, ["un"])], "Vide": [], "Février": [(5, ["deux"])]}


def test_a_hidden_sheet_of_an_ods_is_left_out() -> None:
    hiding = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="ta1" style:family="table">{hiding}</style:style>'
    cell = f"<table:table-row>{nasty.ods_cell('a')}</table:table-row>"
    hidden = f'<table:table table:name="Cachée" table:style-name="ta1">{cell}</table:table>'
    data = nasty.ods_raw(f'{hidden}<table:table table:name="Vue">{cell}</table:table>', styles=style)
    assert read(data) == {"Vue": [(1, ["a"])]}


def test_formulas_give_their_last_result_errors_their_text_and_merged_cells_only_the_first() -> None:
    assert rows(nasty.xlsx_formulas()) == [(1, ["texte", 2.0, "#N/A", "#REF!"]), (2, ["fusion"]), (3, ["fin"])]


def test_an_error_in_an_ods_or_an_xls_reads_as_an_empty_cell() -> None:
    """The decoder says nothing of it, and the text is not looked for: a required field then says it is missing."""
    error = '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
    row = f"<table:table-row>{error}<text:p>#N/A</text:p></table:table-cell>{nasty.ods_cell('b')}</table:table-row>"
    assert rows(nasty.ods_raw(f'<table:table table:name="T">{row}</table:table>')) == [(1, ["", "b"])]
    assert rows(nasty.xls([["#N/A", "b"]])) == [(1, ["", "b"])]


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_and_times_read_as_a_french_spreadsheet_shows_them_whatever_the_calendar(since_1904: bool) -> None:
    assert rows(nasty.xlsx_dates(since_1904=since_1904)) == [
        (1, ["02/01/2020", "09:00", "02/01/2020 09:30", "30:00", "09:00", 12345678901.0, 1.5, "VRAI"])
    ]


def test_dates_of_ods_and_xls_read_alike() -> None:
    day = datetime.date(1987, 8, 15)
    assert rows(nasty.ods_rows([[day, datetime.time(9, 30)]])) == [(1, ["15/08/1987", "09:30"])]
    assert rows(nasty.xls([[day, 1.5]])) == [(1, ["15/08/1987", 1.5])]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf\r\n \r\n", "empty", id="blank"),
        pytest.param(nasty.PDF, "type", id="pdf"),
        pytest.param(nasty.PNG, "type", id="png"),
        pytest.param(nasty.JPEG, "type", id="jpeg"),
        pytest.param(nasty.EXE, "type", id="exe"),
        pytest.param(nasty.HTML, "type", id="html named xls"),
        pytest.param(nasty.HTML.decode("utf-8-sig").encode("utf-16"), "type", id="html in utf-16"),
        pytest.param(nasty.XML_2003, "type", id="xml 2003"),
        pytest.param(nasty.RTF, "type", id="rtf"),
        pytest.param(nasty.word_document(), "type", id="doc"),
        pytest.param(nasty.word_document_xml(), "type", id="docx"),
        pytest.param(nasty.zip_of({"liste.csv": b"a;b"}), "type", id="zip of a csv"),
        pytest.param(b"Nom;Ville\nA\x00;B\n" * 20, "type", id="nul"),
        pytest.param(b"Nom;Ville\n" * 20_000 + b"A\x00;B\n", "type", id="nul late in the file"),
        pytest.param(bytes(range(1, 9)) * 50, "type", id="control characters"),
        pytest.param(nasty.password_protected(), "password", id="password"),
        pytest.param(nasty.truncated(nasty.xlsx_rows(TABLE)), "damaged", id="truncated xlsx"),
        pytest.param(nasty.truncated(nasty.ods_rows(TABLE)), "damaged", id="truncated ods"),
        pytest.param(nasty.truncated(nasty.xls(TABLE)), "damaged", id="truncated xls"),
        pytest.param(nasty.xlsx_sparse(1_048_575, 16_383), "memory", id="two cells far apart"),
        pytest.param(nasty.xlsx_sparse(1_048_575, 100), "memory", id="two cells less far apart"),
    ],
)
def test_what_is_not_a_table_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refusal(nasty.zip_bomb()).code == "too-large"


def test_a_bomb_that_lies_about_its_size_does_no_harm() -> None:
    assert rows(nasty.lying_zip_bomb()) == [(1, ["a"])]


def test_an_ods_that_repeats_a_cell_billions_of_times_is_refused() -> None:
    cell = nasty.ods_cell("a").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    refusal(nasty.ods_raw(f'<table:table table:name="T">{row}</table:table>'))


def test_a_long_text_repeated_a_hundred_thousand_times_is_refused() -> None:
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 100_001))
    refusal(nasty.xlsx_raw_sheet(cells, strings=f"<si><t>{'x' * 32_767}</t></si>"))


def test_one_absurd_sheet_refuses_the_file() -> None:
    def fill(book: Any) -> None:
        good, absurd = book.add_worksheet("Bonne"), book.add_worksheet("Absurde")
        for number in range(1_234):
            good.write(number, 0, f"personne {number}")
        absurd.write(0, 0, "a")
        absurd.write(1_048_575, 150, "z")

    sheets = open_table(nasty.xlsx(fill), "envoi.xlsx")
    with pytest.raises(FileProblem, match="mémoire"):
        for sheet in sheets:
            list(sheet.rows)


@pytest.mark.parametrize("kept", [0, 2, 4, 12])
def test_a_decoder_stopped_in_the_middle_of_a_frame_is_a_refusal(kept: int) -> None:
    body = marshal.dumps(("sheet", "Feuille1", 3), 2)
    frame = len(body).to_bytes(4, "little") + body
    with pytest.raises(FileProblem):
        list(tables._frames(io.BytesIO(frame[:kept]), "envoi.xlsx"))


def test_the_longest_cell_of_excel_is_read() -> None:
    assert rows(nasty.xlsx_rows([["x" * 32_767]])) == [(1, ["x" * 32_767])]


@pytest.mark.parametrize("build", [csv_of, xlsx_of])
def test_rows_are_streamed(build: Callable[[list[list[Any]]], bytes], tmp_path: Path) -> None:
    path = tmp_path / "grand"
    path.write_bytes(build([[f"personne {number}", "x" * 40, "y" * 40] for number in range(30_000)]))
    tracemalloc.start()
    try:
        assert sum(1 for sheet in open_table(path, "grand") for _ in sheet.rows) == 30_000
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_leaving_in_the_middle_and_going_to_the_next_sheet_are_allowed() -> None:
    def fill(book: Any) -> None:
        for name in ("A", "B"):
            sheet = book.add_worksheet(name)
            for number in range(2_000):
                sheet.write(number, 0, f"{name}{number}")

    firsts = [next(sheet.rows) for sheet in open_table(nasty.xlsx(fill), "f")]
    assert firsts == [(1, ["A0"]), (1, ["B0"])]


@functools.cache
def seeds() -> list[bytes]:
    return [
        nasty.xlsx_rows(TABLE),
        nasty.xlsx_formulas(),
        nasty.ods_rows(TABLE),
        nasty.xls(TABLE),
        nasty.password_protected(),
        nasty.csv_bytes(TABLE),
        nasty.csv_bytes(TABLE, encoding="utf-16"),
        nasty.csv_bytes(TABLE, encoding="cp1252", delimiter="\t"),
    ]


def read_or_refused(data: bytes) -> None:
    """Any exception but FileProblem fails the test."""
    try:
        for sheet in open_table(data, "f"):
            last = 0
            for number, row in sheet.rows:
                assert number > last and isinstance(row, list)
                last = number
    except FileProblem as problem:
        assert problem.sentence and problem.remedy


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3_000))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xfe\xff"]), st.binary())
def test_random_bytes_after_a_known_beginning_are_read_or_refused(start: bytes, data: bytes) -> None:
    read_or_refused(start + data)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from('ab;,\t|"\n\r é\x00\ufeff='), max_size=200), st.sampled_from(["utf-8", "utf-16"])
)
def test_random_text_is_read_or_refused(text: str, encoding: str) -> None:
    read_or_refused(text.encode(encoding))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_valid_file_cut_or_scratched_is_read_or_refused(data: st.DataObject) -> None:
    source = bytearray(seeds()[data.draw(st.integers(0, len(seeds()) - 1))])
    for _ in range(data.draw(st.integers(0, 8))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del source[data.draw(st.integers(0, len(source))) :]
    read_or_refused(bytes(source))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/\"'=&;rcvts0123456789AZX "), max_size=120))
def test_a_workbook_with_a_scribbled_sheet_is_read_or_refused(scribble: str) -> None:
    """The zip is sound, so that the scribble reaches the decoder itself."""
    read_or_refused(nasty.xlsx_raw_sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{scribble}'))
    read_or_refused(
        nasty.ods_raw(f'<table:table table:name="T"><table:table-row>{scribble}</table:table-row></table:table>')
    )
