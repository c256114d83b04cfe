"""The monthly return as files: CSV (the stored bytes), workbook, tagged PDF."""

from __future__ import annotations

from collections.abc import Callable

from passerelles.reports.exports import pdf, workbook
from passerelles.reports.exports.document import Document

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
WRITERS: dict[str, Callable[[Document], bytes]] = {
    "csv": lambda document: document.content,
    "xlsx": workbook.write,
    "pdf": pdf.write,
}


def write(document: Document, suffix: str) -> bytes:
    """The bytes of `document` as csv, xlsx or pdf."""
    return WRITERS[suffix](document)
