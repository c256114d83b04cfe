"""The return as a workbook: the crosstab to read, the lines of the CSV, the internal lines, the definitions."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter

from passerelles.indicators.engine.figures import BAND_LABELS, BANDS
from passerelles.reports import content
from passerelles.reports.exports.document import Document
from passerelles.reports.exports.grids import Book
from passerelles.reports.tables import UNCLASSIFIED_NOTE, Total

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(document: Document) -> bytes:
    """The bytes of the .xlsx file. A text is never taken for a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    book.set_properties(
        {
            "title": f"{document.title}, {document.month.label_fr}",
            "created": document.known_at.astimezone(dt.UTC).replace(tzinfo=None),
        }
    )
    _Sheets(book, document).write()
    book.close()
    return file.getvalue()


def write_book(book: Book, known_at: dt.datetime) -> bytes:
    """A return of the catalogue: one sheet for what it is, one for each table."""
    file = io.BytesIO()
    written = xlsxwriter.Workbook(file, OPTIONS)
    written.set_properties(
        {"title": f"{book.title}, {book.subtitle}", "created": known_at.astimezone(dt.UTC).replace(tzinfo=None)}
    )
    head = written.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    wrap = written.add_format({"text_wrap": True, "valign": "top"})
    first = written.add_worksheet("Présentation")
    first.set_column(0, 0, 34)
    first.set_column(1, 1, 80)
    first.write_string(0, 0, f"{book.title}, {book.subtitle}", head)
    extra = [("Commentaire", book.comment)] if book.comment else []
    for line, (name, value) in enumerate([*book.facts, *extra, ("", book.note)], start=2):
        first.write_string(line, 0, name)
        first.write_string(line, 1, value, wrap)
    for rank, grid in enumerate(book.grids, start=1):
        sheet = written.add_worksheet(f"Tableau {rank}")
        sheet.set_column(0, len(grid.header) - 1, 26)
        sheet.write_string(0, 0, grid.caption, head)
        for column, name in enumerate(grid.header):
            sheet.write_string(2, column, name, head)
        for line, row in enumerate(grid.rows, start=3):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                else:
                    sheet.write_number(line, column, value)
        if grid.note:
            sheet.write_string(len(grid.rows) + 4, 0, f"Formule : {grid.note}")
        sheet.freeze_panes(3, 0)
    written.close()
    return file.getvalue()


class _Sheets:
    """The sheets of one workbook, with their four styles."""

    def __init__(self, book: Any, document: Document) -> None:
        self.book, self.document = book, document
        self.head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        self.bold = book.add_format({"bold": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self) -> None:
        self._crosstab()
        self._data()
        if self.document.internal:
            self._internal()
        self._definitions()

    def _crosstab(self) -> None:
        sheet = self._sheet("Remontée", (58, *[14] * (len(BANDS) + 1)))
        sheet.write_string(0, 0, self.document.title, self.title)
        for index, (name, value) in enumerate(self.document.facts, start=1):
            sheet.write_string(index, 0, name, self.bold)
            sheet.write_string(index, 1, value)
        line = len(self.document.facts) + 2
        for table in self.document.tables:
            labels = [table.definition.name, *(BAND_LABELS[band] for band in BANDS), "Total"]
            for column, label in enumerate(labels):
                sheet.write_string(line, column, label, self.head)
            for row in (*table.rows, table.whole):
                line += 1
                style = self.bold if row is table.whole else None
                sheet.write_string(line, 0, row.label, style)
                for column, shown in enumerate((*row.cells, row.total), start=1):
                    sheet.write_number(line, column, shown.count, style)
            line += 2
        sheet.write_string(line, 0, UNCLASSIFIED_NOTE, self.wrap)
        if self.document.comment:
            sheet.write_string(line + 1, 0, f"Commentaire : {self.document.comment}", self.wrap)

    def _data(self) -> None:
        sheet = self._sheet("Données", (10, 14, 28, 48, 8, 14, 8))
        self._header(sheet, content.COLUMNS)
        lines = content.parse(self.document.content)
        for index, line in enumerate(lines, start=1):
            for column, value in enumerate(line[:-1]):
                sheet.write_string(index, column, value)
            sheet.write_number(index, len(line) - 1, line.value)
        sheet.autofilter(0, 0, len(lines), len(content.COLUMNS) - 1)
        sheet.freeze_panes(1, 0)

    def _internal(self) -> None:
        sheet = self._sheet("Lignes internes", (70, 16, 12, 12))
        line = self._totals(sheet, 0, "Ligne interne, non transmise", self.document.internal)
        line = self._totals(sheet, line + 2, "Répartition des personnes reçues", self.document.breakdown)
        self._header(sheet, ("Activité et délais", "Valeur"), line + 2)
        for index, (name, value) in enumerate(self.document.measures, start=line + 3):
            sheet.write_string(index, 0, name)
            sheet.write_string(index, 1, value)

    def _totals(self, sheet: Any, line: int, label: str, totals: tuple[Total, ...]) -> int:
        self._header(sheet, (label, "Total", "Femmes", "Hommes"), line)
        for total in totals:
            line += 1
            sheet.write_string(line, 0, total.definition.name)
            for column, count in enumerate((total.total, total.women, total.men), start=1):
                sheet.write_number(line, column, count)
        return line

    def _definitions(self) -> None:
        sheet = self._sheet("Définitions", (46, 48, 22, 44, 60, 22, 16))
        self._header(
            sheet, ("Code", "Indicateur", "Unité", "Population", "Formule", "Statut de la formule", "Exigence")
        )
        shown = self.document.definitions.all if self.document.internal else self.document.definitions.official
        for index, each in enumerate(shown, start=1):
            values = (each.code, each.name, each.unit, each.population, each.formula, each.status, each.requirement)
            for column, value in enumerate(values):
                sheet.write_string(index, column, value, self.wrap)

    def _header(self, sheet: Any, labels: tuple[str, ...], line: int = 0) -> None:
        for column, label in enumerate(labels):
            sheet.write_string(line, column, label, self.head)

    def _sheet(self, name: str, widths: tuple[int, ...]) -> Any:
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet
