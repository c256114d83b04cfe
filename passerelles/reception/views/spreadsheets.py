"""Rows as a file to download; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse

from passerelles.core.text import safe_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(name: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str) -> HttpResponse:
    """`kind`: "xlsx", else CSV with semicolons and a byte order mark, which office programs open as they are."""
    safe = ([safe_cell(cell) for cell in row] for row in rows)
    if kind == "xlsx":
        return _file(_xlsx(header, safe), XLSX, f"{name}.xlsx")
    return _file(_csv(header, safe), "text/csv; charset=utf-8", f"{name}.csv")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, bold = workbook.add_worksheet("Liste"), workbook.add_format({"bold": True})
    page.write_row(0, 0, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            page.write_string(number, column, cell)
    page.freeze_panes(1, 0)
    workbook.close()
    return content.getvalue()


def _file(content: bytes, content_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response
