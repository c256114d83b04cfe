"""Returns as files: the frozen bytes, a workbook (xlsx, ods), a tagged PDF, the schema of the table."""

from __future__ import annotations

from passerelles.indicators.monthly import Monthly
from passerelles.reports.catalogue import Template
from passerelles.reports.exports import document, grids, ods, pdf, schema, workbook
from passerelles.reports.exports.document import Document
from passerelles.reports.models import Return

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pdf": "application/pdf",
}
LABELS = {
    "csv": "CSV",
    "json": "Schéma du CSV",
    "xlsx": "Classeur XLSX",
    "ods": "Classeur ODS",
    "pdf": "PDF",
    "txt": "Texte",
}
OF_TABLES = ("csv", "json", "xlsx", "ods", "pdf")
OF_DOCUMENTS = ("txt", "pdf")


def formats_of(found: Return) -> dict[str, str]:
    """The formats of a return and their names on the screen."""
    formats = OF_DOCUMENTS if found.type.template is Template.DOCUMENT else OF_TABLES
    return {suffix: LABELS[suffix] for suffix in formats}


def write(written: Document, suffix: str) -> bytes:
    """The monthly return, stored or live, as csv, xlsx or pdf."""
    if suffix == "csv":
        return written.content
    return workbook.write(written) if suffix == "xlsx" else pdf.write(written)


def of_return(found: Return, suffix: str, past: Monthly | None = None) -> bytes:
    """A stored version. `past`: the figures behind the monthly return, for those who read its internal lines."""
    if suffix in ("csv", "txt"):
        return bytes(found.content)
    if suffix == "json":
        return schema.of_return(found)
    if found.type.template is Template.METZ:
        if suffix != "ods":
            return write(document.of_return(found, past), suffix)
        return ods.write(grids.of_monthly(document.of_return(found, past)))
    book = grids.of_return(found)
    if suffix == "pdf":
        return pdf.write_book(book, found.known_at)
    return ods.write(book) if suffix == "ods" else workbook.write_book(book, found.known_at)
