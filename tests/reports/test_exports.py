"""CSV, workbook and PDF carry the same figures as the screen."""

from __future__ import annotations

import io

import openpyxl
import pytest
from pypdf import PdfReader

from passerelles.reports import exports, queries
from passerelles.reports.exports import document
from passerelles.reports.exports.document import decimal, percent
from tests.browsing import sign_in


def expected(found):
    """{indicator: [[F by band…], [H by band…]]} of the stored file."""
    values = queries.content.values_of(bytes(found.content))
    bands = ("<25", "26-45", "46-64", "non_classe")
    return {code: [[cells[sex, band] for band in bands] for sex in "FH"] for code, cells in values.items()}


@pytest.fixture
def written(drafted):
    return document.of_return(drafted, queries.figures_of(drafted))


def test_the_csv_is_the_stored_bytes(drafted, written):
    assert exports.write(written, "csv") == bytes(drafted.content)


def test_the_workbook_holds_the_figures_and_no_formula(drafted, written):
    book = openpyxl.load_workbook(io.BytesIO(exports.write(written, "xlsx")))
    assert book.sheetnames == ["Remontée", "Données", "Lignes internes", "Définitions"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    data = [list(row) for row in book["Données"].iter_rows(values_only=True)]
    assert data[0] == list(queries.content.COLUMNS)
    assert data[1:] == [list(line) for line in queries.content.parse(bytes(drafted.content))]
    rows = [list(row) for row in book["Remontée"].iter_rows(values_only=True)]
    crosstab = [row[1:5] for row in rows if row[0] in {"Femmes", "Hommes"}]
    assert crosstab == [line for lines in expected(drafted).values() for line in lines]
    wholes = [row[5] for row in rows if row[0] == "Ensemble"]
    assert wholes == [8, 3, 1, 0]
    internal = {row[0]: row[1] for row in book["Lignes internes"].iter_rows(values_only=True) if row[0]}
    assert internal["Personnes reçues en entretien individuel"] == 21
    assert internal["CDI"] == 8


def test_the_workbook_of_the_state_has_no_internal_line(sent):
    book = openpyxl.load_workbook(io.BytesIO(exports.write(document.of_return(sent, None), "xlsx")))
    assert book.sheetnames == ["Remontée", "Données", "Définitions"]


def test_the_pdf_is_tagged_in_french_and_holds_the_figures(drafted, written):
    made = exports.write(written, "pdf")
    assert made == exports.write(written, "pdf")
    reader = PdfReader(io.BytesIO(made))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/StructTreeRoot"]
    assert catalogue["/Lang"].startswith("fr")
    assert reader.metadata.title == "Remontée mensuelle de l’expérimentation, janvier 2026, OFII Metz"
    xmp = catalogue["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid" in xmp
    assert "pdfaid" in xmp
    fonts = {font["/BaseFont"] for page in reader.pages for font in map(_resolve, page["/Resources"]["/Font"].values())}
    assert all("NotoSans" in font for font in fonts)
    text = " ".join(page.extract_text() for page in reader.pages)
    words = text.split()
    for lines in expected(drafted).values():
        for label, line in zip(("Femmes", "Hommes"), lines, strict=True):
            row = [label, *map(str, line), str(sum(line))]
            assert any(words[i : i + len(row)] == row for i in range(len(words)))
    for sentence in ("Non classé", "version 1, brouillon", "proposée, à valider", "Les Ponts de Moselle"):
        assert sentence in " ".join(words)


def _resolve(font):
    return font.get_object()


def test_the_screen_shows_the_same_figures(client, january, drafted):
    page = sign_in(client, january, "cip").get(f"/remontees/{drafted.pk}/")
    shown = [[[cell.count for cell in row.cells] for row in table.rows] for table in page.context["tables"]]
    assert shown == list(expected(drafted).values())
    content = page.content.decode()
    assert "Personnes accompagnées" in content
    assert "Non classé" in content


def test_what_cannot_be_computed_says_so():
    assert decimal(None) == percent(None) == "non calculable"
    assert (decimal(12.25), percent(4 / 21)) == ("12,2", "19,0 %")
