"""The return as a tagged PDF (PDF/UA-1, PDF/A-2a) typeset by typst."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from passerelles.core.typesetting import typeset
from passerelles.indicators.engine.figures import BAND_LABELS, BANDS
from passerelles.reports.exports.document import Document
from passerelles.reports.exports.grids import Book, Cell
from passerelles.reports.tables import UNCLASSIFIED_NOTE, Table, Total

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "return.typ"
BOOK = HERE / "book.typ"


def write(document: Document) -> bytes:
    """The bytes of the .pdf file, the same for the same document."""
    return typeset(TEMPLATE, _data(document), known_at=document.known_at)


def write_book(book: Book, known_at: dt.datetime) -> bytes:
    """The same for a return of the catalogue, its charts beside their tables."""
    data = {
        "title": book.title,
        "subtitle": book.subtitle,
        "facts": book.facts,
        "comment": book.comment,
        "paragraphs": book.paragraphs,
        "note": book.note,
        "grids": [
            {
                "caption": grid.caption,
                "header": grid.header,
                "rows": [[_printed(value) for value in row] for row in grid.rows],
                "texts": sum(isinstance(value, str) for value in grid.rows[0]) if grid.rows else 1,
                "note": grid.note,
                "chart": grid.chart,
                "alt": f"Diagramme : {grid.caption}. Les mêmes nombres sont dans le tableau.",
            }
            for grid in book.grids
        ],
    }
    return typeset(BOOK, data, known_at=known_at)


def _printed(value: Cell) -> str:
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "subtitle": f"{document.month.label_fr}, OFII {document.direction_name}",
        "operator": document.operator,
        "facts": document.facts,
        "comment": document.comment,
        "bands": [BAND_LABELS[band] for band in BANDS],
        "tables": [_table(table) for table in document.tables],
        "internal": [_total(total) for total in document.internal],
        "breakdown": [_total(total) for total in document.breakdown],
        "measures": document.measures,
        "note": UNCLASSIFIED_NOTE,
        "definitions": [
            {
                "name": each.name,
                "text": f"{each.formula}. Population : {each.population}. Unité : {each.unit}. Formule {each.status}.",
            }
            for each in document.definitions.official
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.definition.name,
        "unit": table.definition.unit,
        "rows": [
            [row.label, *(str(shown.count) for shown in row.cells), str(row.total.count)]
            for row in (*table.rows, table.whole)
        ],
    }


def _total(total: Total) -> list[str]:
    return [total.definition.name, str(total.women), str(total.men), str(total.total)]
