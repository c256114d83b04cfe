"""Builders of the files partners really send, and of those they should not: everything made in code, as bytes."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 64
HTML = (
    b"\xef\xbb\xbf\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'>\n"
    b"<table><tr><td>Nom</td></tr></table></html>"
)
XML_2003 = b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook></Workbook>'
RTF = rb"{\rtf1\ansi Bonjour}"

HEADERS = ["Nom", "Prénom", "Date de naissance", "N° étranger"]
PEOPLE = [
    ["DUPÉRÉ", "Zoé", "01/02/1990", "9900000001"],
    ["EL AMRANI", "Jalal", "15/08/1987", "9900000002"],
    ["ŒUVRARD", "Françoise", "31/12/1979", "9900000003"],
]


def csv_bytes(
    rows: list[list[str]],
    *,
    delimiter: str = ";",
    encoding: str = "utf-8",
    newline: str = "\r\n",
    bom: bytes = b"",
) -> bytes:
    """A text table; a cell is quoted when it has to be. `encoding` "utf-8-sig" writes its own BOM."""

    def cell(text: str) -> str:
        if any(mark in text for mark in (delimiter, '"', "\n", "\r")):
            return '"' + text.replace('"', '""') + '"'
        return text

    return bom + "".join(delimiter.join(map(cell, row)) + newline for row in rows).encode(encoding)


def xlsx(fill: Callable[[Any], None], **options: object) -> bytes:
    """An Excel workbook filled by `fill(workbook)`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as workbook:
        fill(workbook)
    return out.getvalue()


def xlsx_rows(rows: list[list[Any]], *, top: int = 0, left: int = 0, name: str = "Feuille1") -> bytes:
    """One sheet holding `rows`, the first cell being `top` rows down and `left` columns right."""

    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, (datetime.date, datetime.datetime)):
                    mask = "dd/mm/yyyy hh:mm" if isinstance(value, datetime.datetime) else "dd/mm/yyyy"
                    sheet.write_datetime(top + number, left + column, value, workbook.add_format({"num_format": mask}))
                elif value is not None:
                    sheet.write(top + number, left + column, value)

    return xlsx(fill)


def xlsx_sparse(row: int, column: int) -> bytes:
    """Two cells only, A1 and one very far away (0-based): tiny on disk, enormous once spread out."""
    return xlsx(lambda book: (sheet := book.add_worksheet()).write(0, 0, "a") + sheet.write(row, column, "z"))


def xlsx_formatted_far(rows: list[list[str]]) -> bytes:
    """Values in a corner, and a format (without value) down to the last row: what "colour the column" leaves."""

    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        grey = workbook.add_format({"bg_color": "#cccccc"})
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for number in (500_000, 1_048_575):
            sheet.write_blank(number, 300, None, grey)

    return xlsx(fill)


def xlsx_formulas() -> bytes:
    """Formulas with their last computed values, among which errors, and one cell merged over three."""

    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("Calculs")
        sheet.write_formula(0, 0, '="a"', None, "texte")
        sheet.write_formula(0, 1, "=1+1", None, 2)
        sheet.write_formula(0, 2, "=NA()", None, "#N/A")
        sheet.write_formula(0, 3, "=Z9", None, "#REF!")
        sheet.write_formula(0, 4, '=""', None, "")
        sheet.merge_range(1, 0, 1, 2, "fusion")
        sheet.write(2, 0, "fin")

    return xlsx(fill)


def xlsx_dates(*, since_1904: bool = False) -> bytes:
    """A date, a time, both, a duration over a day, a duration under a day, a plain number, a boolean."""

    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()

        def mask(code: str) -> Any:
            return workbook.add_format({"num_format": code})

        moment = datetime.datetime(2020, 1, 2, 9, 30)
        sheet.write_datetime(0, 0, datetime.datetime(2020, 1, 2), mask("dd/mm/yyyy"))
        sheet.write_number(0, 1, 0.375, mask("hh:mm"))
        sheet.write_datetime(0, 2, moment, mask("dd/mm/yyyy hh:mm"))
        sheet.write_number(0, 3, 1.25, mask("[h]:mm"))
        sheet.write_number(0, 4, 0.375, mask("[h]:mm"))
        sheet.write_number(0, 5, 12345678901)
        sheet.write_number(0, 6, 1.5)
        sheet.write_boolean(0, 7, True)

    return xlsx(fill, date_1904=since_1904)


def xlsx_sheets() -> bytes:
    """Two visible sheets, one empty, one hidden, one very hidden, one chart."""

    def fill(workbook: Any) -> None:
        workbook.add_worksheet("Janvier").write(0, 0, "un")
        for name in ("Masquée", "Très masquée"):
            sheet = workbook.add_worksheet(name)
            sheet.write(0, 0, "secret")
            sheet.hide() if name == "Masquée" else sheet.very_hidden()
        workbook.add_worksheet("Vide")
        workbook.add_chartsheet("Graphique")
        workbook.add_worksheet("Février").write(4, 0, "deux")

    return xlsx(fill)


def xlsx_raw_sheet(sheet_data: str, *, before: str = "", strings: str | None = None) -> bytes:
    """A workbook whose first sheet is written by hand: what careless (or hostile) software produces."""
    source = zipfile.ZipFile(io.BytesIO(xlsx(lambda book: book.add_worksheet().write(0, 0, "a"))))
    out = io.BytesIO()
    head = f'<?xml version="1.0"?>{before}'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == "xl/worksheets/sheet1.xml":
                content = f'{head}<worksheet xmlns="{space}"><sheetData>{sheet_data}</sheetData></worksheet>'.encode()
            elif entry == "xl/sharedStrings.xml" and strings is not None:
                content = f'<?xml version="1.0"?><sst xmlns="{space}">{strings}</sst>'.encode()
            target.writestr(entry, content)
    return out.getvalue()


def ods_raw(body: str, *, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet whose tables are given as XML."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        target.writestr("content.xml", content)
        target.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def ods_cell(value: object) -> str:
    """One cell of an OpenDocument table."""
    if value is None:
        return "<table:table-cell/>"
    kind, attribute = "string", ""
    if isinstance(value, bool):
        kind, attribute = "boolean", f' office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, (int, float)):
        kind, attribute = "float", f' office:value="{value}"'
    elif isinstance(value, datetime.date):
        kind, attribute = "date", f' office:date-value="{value.isoformat()}"'
    elif isinstance(value, datetime.time):
        kind, attribute = "time", f' office:time-value="PT{value.hour:02}H{value.minute:02}M{value.second:02}S"'
    text = escape(str(value))
    return f'<table:table-cell office:value-type="{kind}"{attribute}><text:p>{text}</text:p></table:table-cell>'


def ods_rows(rows: Sequence[Sequence[object]], *, name: str = "Feuille1", padded: bool = True) -> bytes:
    """One sheet; `padded` adds the million empty rows LibreOffice writes at the end."""
    body = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row)) or ods_cell(None)}</table:table-row>" for row in rows
    )
    if padded:
        body += (
            f'<table:table-row table:number-rows-repeated="{1_048_576 - len(rows)}">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        )
    return ods_raw(f'<table:table table:name="{name}">{body}</table:table>')


def ole2(streams: dict[str, bytes]) -> bytes:
    """An OLE2 compound file: sectors of 512 bytes, every stream long enough to avoid the mini-stream."""
    bodies = {name: body.ljust(4096, b"\x00") for name, body in streams.items()}
    bodies = {name: body + b"\x00" * (-len(body) % 512) for name, body in bodies.items()}
    directory_sectors = (len(bodies) + 1 + 3) // 4
    table = [0xFFFFFFFD] + [i + 2 for i in range(directory_sectors - 1)] + [0xFFFFFFFE]

    def record(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        raw = (name + "\x00").encode("utf-16-le") if name else b""
        return (
            raw.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    entries = [record("Root Entry", 5, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0)]
    for rank, (name, body) in enumerate(bodies.items(), start=1):
        start, count = len(table), len(body) // 512
        table += [start + i + 1 for i in range(count - 1)] + [0xFFFFFFFE]
        entries.append(record(name, 2, 0xFFFFFFFF, rank + 1 if rank < len(bodies) else 0xFFFFFFFF, start, len(body)))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<I", 0)
        + b"\xff" * (108 * 4)
    )
    if len(table) > 128:
        raise ValueError("one FAT sector only: 60 kB at most")
    fat = b"".join(struct.pack("<I", sector) for sector in table).ljust(512, b"\xff")
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\x00")
    return header + fat + directory + b"".join(bodies.values())


def password_protected() -> bytes:
    """What Excel writes when a password is asked for: an OLE2 file holding an encrypted package."""
    return ole2({"EncryptionInfo": b"\x04\x00\x04\x00", "EncryptedPackage": bytes(range(256)) * 20})


def word_document() -> bytes:
    return ole2({"WordDocument": b"\xec\xa5\xc1\x00"})


def xls(rows: Sequence[Sequence[object]], *, top: int = 0, name: str = "Feuil1", protected: bool = False) -> bytes:
    """An Excel 97 workbook (BIFF8), by hand: texts, numbers and dates."""

    def record(code: int, body: bytes) -> bytes:
        return struct.pack("<HH", code, len(body)) + body

    def unicode_text(text: str, length: str) -> bytes:
        return struct.pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")

    xf = [struct.pack("<HH", 0, code) + bytes(16) for code in (0, 14, 20)]
    cells = b""
    for number, row in enumerate(rows, start=top):
        for column, value in enumerate(row):
            if isinstance(value, str) and value.startswith("#"):
                code = {"#N/A": 42, "#REF!": 23, "#DIV/0!": 7}[value]
                cells += record(0x205, struct.pack("<HHHBB", number, column, 0, code, 1))
            elif isinstance(value, str):
                cells += record(0x204, struct.pack("<HHH", number, column, 0) + unicode_text(value, "<H"))
            elif isinstance(value, datetime.date):
                days = (value - datetime.date(1899, 12, 30)).days
                cells += record(0x203, struct.pack("<HHHd", number, column, 1, days))
            elif isinstance(value, (int, float)):
                cells += record(0x203, struct.pack("<HHHd", number, column, 0, value))
    bof = struct.pack("<HHHHII", 0x600, 5, 0xDBB, 0x7CC, 0, 6)
    sheet_bof = struct.pack("<HHHHII", 0x600, 0x10, 0xDBB, 0x7CC, 0, 6)
    width = max((len(row) for row in rows), default=0)
    dimensions = record(0x200, struct.pack("<IIHHH", top, top + len(rows), 0, width, 0))
    start = record(0x809, bof)
    if protected:
        start += record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    start += record(0x42, struct.pack("<H", 1200)) + b"".join(record(0xE0, body) for body in xf)
    bound = unicode_text(name, "<B")
    position = len(start) + 4 + 6 + len(bound) + 4
    globals_ = start + record(0x85, struct.pack("<IBB", position, 0, 0) + bound) + record(0x0A, b"")
    return ole2({"Workbook": globals_ + record(0x809, sheet_bof) + dimensions + cells + record(0x0A, b"")})


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in files.items():
            target.writestr(name, body)
    return out.getvalue()


def word_document_xml() -> bytes:
    """A .docx: a zip like an .xlsx, and not a table."""
    return zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


def zip_bomb(unpacked: int = 450_000_000) -> bytes:
    """A workbook of a few hundred kilobytes that unpacks to `unpacked` bytes of blanks."""
    out = io.BytesIO(xlsx_rows([["a"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target, target.open("xl/media/blank.xml", "w") as entry:
        for _ in range(unpacked // 1_000_000):
            entry.write(b" " * 1_000_000)
    return out.getvalue()


def lying_zip_bomb(unpacked: int = 3_000_000) -> bytes:
    """The same, whose directory claims that the entry holds ten bytes."""
    data = bytearray(zip_bomb(unpacked))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rfind(signature)
        while place >= 0:
            if struct.unpack_from("<I", data, place + offset)[0] == unpacked:
                struct.pack_into("<I", data, place + offset, 10)
            place = data.rfind(signature, 0, place)
    return bytes(data)


def truncated(data: bytes, keep: float = 0.6) -> bytes:
    """The file as an interrupted download leaves it."""
    return data[: int(len(data) * keep)]
