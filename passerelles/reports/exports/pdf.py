"""The return as a tagged PDF (PDF/UA-1, PDF/A-2a) typeset by typst with the two fonts of this room."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from passerelles.indicators.engine.figures import BAND_LABELS, BANDS
from passerelles.reports.exports.document import Document
from passerelles.reports.tables import UNCLASSIFIED_NOTE, Table, Total

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "fonts"
TEMPLATE = HERE / "return.typ"
STANDARDS = ["ua-1", "a-2a"]


def write(document: Document) -> bytes:
    """The bytes of the .pdf file, the same for the same document."""
    return typst.compile(
        TEMPLATE,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(_data(document), ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=int(document.known_at.timestamp()),
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


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
