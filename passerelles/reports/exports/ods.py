"""A return as an OpenDocument spreadsheet: what it is, then a sheet for each table."""

from __future__ import annotations

from passerelles.core import ods
from passerelles.core.ods import Cell
from passerelles.reports.exports.grids import Book


def write(book: Book) -> bytes:
    """The bytes of the .ods file."""
    told: list[tuple[Cell, ...]] = [(f"{book.title}, {book.subtitle}",), *book.facts]
    if book.comment:
        told.append(("Commentaire", book.comment))
    if book.note:
        told.append((book.note,))
    tables = [ods.Table("Présentation", told, header=False)]
    for grid in book.grids:
        tables.append(ods.Table(grid.caption, [grid.header, *grid.rows, *([(grid.note,)] if grid.note else [])]))
    return ods.write(tables)
