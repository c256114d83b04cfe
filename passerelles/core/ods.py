"""Writes an OpenDocument spreadsheet: the same bytes for the same tables. Pure.

Texts are stored as texts, never a formula; the characters that XML forbids are left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
_SPACES += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_STYLES = (
    '<office:automatic-styles><style:style style:name="bold" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_NAME = str.maketrans("", "", "[]*?:/\\'")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `header`: its first row is repeated on each page, in bold."""

    name: str
    rows: Sequence[Sequence[Cell]]
    header: bool = True


def write(tables: Sequence[Table]) -> bytes:
    """The bytes of the .ods file; names too long, forbidden or taken are mended."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, "mimetype", MIMETYPE, zipfile.ZIP_STORED)
        _add(archive, "META-INF/manifest.xml", _MANIFEST)
        _add(archive, "content.xml", "".join(_content(tables)))
    return file.getvalue()


def _content(tables: Sequence[Table]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">{_STYLES}'
    yield "<office:body><office:spreadsheet>"
    taken: set[str] = set()
    for table in tables:
        yield f"<table:table table:name={quoteattr(_name(table.name, taken))}>"
        for rank, row in enumerate(table.rows):
            bold = table.header and rank == 0
            cells = "".join(_cell(value, bold) for value in row)
            line = f"<table:table-row>{cells}</table:table-row>"
            yield f"<table:table-header-rows>{line}</table:table-header-rows>" if bold else line
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cell(value: Cell, bold: bool) -> str:
    style = ' table:style-name="bold"' if bold else ""
    if not isinstance(value, str):
        kind, text = f'office:value-type="float" office:value="{value}"', str(value)
    elif value:
        kind, text = 'office:value-type="string"', escape(_NOT_XML.sub("", value))
    else:
        return "<table:table-cell/>"
    return f"<table:table-cell {kind}{style}><text:p>{text}</text:p></table:table-cell>"


def _name(wanted: str, taken: set[str]) -> str:
    plain = wanted.translate(_NOT_IN_A_NAME)[:28].strip()
    name, rank = plain, 2
    while name in taken:
        name, rank = f"{plain} {rank}", rank + 1
    taken.add(name)
    return name


def _add(archive: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = method
    archive.writestr(entry, text.encode())
