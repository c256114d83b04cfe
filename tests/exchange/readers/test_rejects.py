"""What is given back to the sender is a spreadsheet of text that can be corrected, or filled, and sent again."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from passerelles.exchange.readers.check import check_file, checked_rows
from passerelles.exchange.readers.layouts import LAYOUTS, layout
from passerelles.exchange.readers.rejects import REASON_HEADER, REMEDY_HEADER, write_rejects, write_template

ON = dt.date(2026, 3, 1)
HEADERS = ["AGDREF", "Nom", "Prénom", "DDN", "Sexe", "Date RDV", "Observations"]
BAD = ["0012345678", "=1+1", "Awa", "17/05/1990", "F", "10/03/2026", "+cmd|' /C calc'!A0"]


def rejects(headers: list[str], *rows: tuple[list[str], str, str]) -> bytes:
    out = io.BytesIO()
    write_rejects(headers, rows, out)
    return out.getvalue()


def template(kind: str) -> bytes:
    out = io.BytesIO()
    write_template(kind, out)
    return out.getvalue()


def cells_of(source: bytes) -> list[list[openpyxl.cell.Cell]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(source)).worksheets[0].iter_rows()]


def test_refused_rows_come_back_with_the_reason_and_the_remedy():
    lines = cells_of(rejects(HEADERS, (BAD, "Le nom ressemble à une formule.", "Retirez le signe.")))
    assert [cell.value for cell in lines[0]] == [*HEADERS, REASON_HEADER, REMEDY_HEADER]
    assert [cell.value for cell in lines[1]] == [*BAD, "Le nom ressemble à une formule.", "Retirez le signe."]


def test_nothing_written_is_ever_a_formula_or_a_link():
    source = rejects([*HEADERS[:-1], "=A1"], ([*BAD[:-1], "https://example.org"], "=2+2", "@x"))
    cells = [cell for line in cells_of(source) for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"} and not any(cell.hyperlink for cell in cells)
    assert all(isinstance(cell.value, str) for cell in cells if cell.value is not None)


def test_the_corrected_file_is_accepted_and_corrected_again_keeps_its_columns():
    fixed = [*BAD]
    fixed[1] = "DIALLO"
    source = rejects(HEADERS, (fixed, "Le nom ressemble à une formule.", "Retirez le signe."))
    result = check_file(source, "rejets.xlsx", "convocations", ON)
    assert (result.rows_accepted, result.rows_rejected) == (1, 0)
    assert result.accepted[0]["foreigner_number"] == "0012345678"

    again = rejects(HEADERS, (BAD, "a", "b"))
    (row,) = checked_rows(again, "rejets.xlsx", "convocations", ON)
    (problem,) = row.problems
    twice = cells_of(rejects(row.headers, (row.raw, problem.reason, problem.remedy)))
    assert [cell.value for cell in twice[0]] == [*HEADERS, REASON_HEADER, REMEDY_HEADER]
    assert [cell.value for cell in twice[1]][-2:] == [problem.reason, problem.remedy]


def test_cells_longer_than_a_spreadsheet_allows_are_cut():
    lines = cells_of(rejects(["Nom"], (["A" * 40_000], "Trop long.", "Raccourcissez.")))
    assert len(lines[1][0].value) == 32_767


def filled(kind: str) -> bytes:
    """The template whose example was replaced by somebody, the other cells kept."""
    book = openpyxl.load_workbook(io.BytesIO(template(kind)))
    sheet = book.worksheets[0]
    for cell in sheet[1]:
        if cell.value.startswith("Nom"):
            sheet.cell(2, cell.column).value = "DIALLO"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_the_template_once_filled_is_accepted_without_a_remark(kind):
    result = check_file(filled(kind), "modele.xlsx", kind, dt.date(2026, 3, 10))
    assert (result.rows_accepted, result.rows_read) == (1, 1), result.rejected
    assert result.warnings == []


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
@pytest.mark.parametrize("on", [dt.date(2026, 3, 10), dt.date(2031, 1, 1)])
def test_the_line_of_example_that_nobody_deleted_is_refused_in_words(kind, on):
    result = check_file(template(kind), "modele.xlsx", kind, on)
    assert (result.rows_accepted, result.rows_rejected) == (0, 1)
    (problem,) = result.rejected
    assert (problem.code, problem.row) == ("example", 2)
    assert "ligne d’exemple" in problem.reason
    assert "Supprimez-la" in problem.remedy
    assert result.warnings == []


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_the_template_marks_what_is_required_and_explains(kind):
    book = openpyxl.load_workbook(io.BytesIO(template(kind)))
    sheet, instructions = book.worksheets
    headers = [cell.value for cell in sheet[1]]
    assert headers == [f"{f.label} *" if f.required else f.label for f in layout(kind).columns]
    assert instructions.title == "Mode d’emploi"
    assert any("jj/mm/aaaa" in str(row[0]) for row in instructions.iter_rows(values_only=True))
    assert {cell.number_format for cell in sheet[2]} == {"@"}
