"""A return as an OpenDocument spreadsheet, the same bytes for the same return."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from passerelles.reports.exports.grids import Book, Cell, Grid

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("fo", "fo"))
)
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
STYLES = (
    '<office:automatic-styles><style:style style:name="bold" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
)
EPOCH = (1980, 1, 1, 0, 0, 0)
NOT_IN_A_NAME = str.maketrans("", "", "[]*?:/\\'")


def write(book: Book) -> bytes:
    """The bytes of the .ods file. Texts are stored as texts: never a formula."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, "mimetype", MIMETYPE, zipfile.ZIP_STORED)
        _add(archive, "META-INF/manifest.xml", MANIFEST)
        _add(archive, "content.xml", "".join(_content(book)))
    return file.getvalue()


def _content(book: Book) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.3">{STYLES}'
    yield "<office:body><office:spreadsheet>"
    lines: list[tuple[Cell, ...]] = [(f"{book.title}, {book.subtitle}",), *book.facts]
    if book.comment:
        lines.append(("Commentaire", book.comment))
    if book.note:
        lines.append((book.note,))
    yield from _sheet("Présentation", lines, header=False)
    names: set[str] = {"Présentation"}
    for grid in book.grids:
        yield from _grid(grid, _name(grid.caption, names))
    yield "</office:spreadsheet></office:body></office:document-content>"


def _grid(grid: Grid, name: str) -> Iterator[str]:
    yield from _sheet(name, [grid.header, *grid.rows, *([(grid.note,)] if grid.note else [])], header=True)


def _sheet(name: str, rows: list[tuple[Cell, ...]], *, header: bool) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(name)}>"
    for rank, row in enumerate(rows):
        bold = header and rank == 0
        opened = "<table:table-header-rows><table:table-row>" if bold else "<table:table-row>"
        closed = "</table:table-row></table:table-header-rows>" if bold else "</table:table-row>"
        yield opened + "".join(_cell(value, bold) for value in row) + closed
    yield "</table:table>"


def _cell(value: Cell, bold: bool) -> str:
    style = ' table:style-name="bold"' if bold else ""
    if isinstance(value, str):
        return (
            f'<table:table-cell office:value-type="string"{style}><text:p>{escape(value)}</text:p></table:table-cell>'
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"{style}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def _name(caption: str, taken: set[str]) -> str:
    plain = caption.translate(NOT_IN_A_NAME)[:28].strip()
    name, rank = plain, 2
    while name in taken:
        name, rank = f"{plain} {rank}", rank + 1
    taken.add(name)
    return name


def _add(archive: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = method
    archive.writestr(entry, text.encode())
