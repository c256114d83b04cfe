"""Take the table of an organisation out, fill it in, send it back: what a partner does, by the verbs."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import xlsxwriter

from passerelles.exchange.answer_queries import answer_sheet
from passerelles.exchange.models import AnswerFile
from passerelles.exchange.readers.answer_sheet import write
from passerelles.exchange.services import answers
from passerelles.network.policy import Actor

Line = dict[str, Any]


def taken_out(actor: Actor, form: str = "xlsx") -> bytes:
    """The file as it is downloaded."""
    out = io.BytesIO()
    write(answer_sheet(actor.organisation, actor).sheet, form, out)
    return out.getvalue()


def lines_of(content: bytes) -> list[Line]:
    """The lines of a file taken out in xlsx, by header."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    headers, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headers, [cell or "" for cell in row], strict=True)) for row in rows]


def line_of(actor: Actor, referral: Any) -> Line:
    """The line of one referral in the file of an organisation, nothing answered yet."""
    lines = lines_of(taken_out(actor))
    name = next(value for item, _, value in referral.transmitted if item == "family_name")
    return next(line for line in lines if line["Nom de famille"] == name)


def as_csv(lines: list[Line], encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    text = io.StringIO()
    headers = list(dict.fromkeys(header for line in lines for header in line))
    writer = csv.DictWriter(text, headers, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


def as_xlsx(lines: list[Line]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Orientations")
        headers = list(dict.fromkeys(header for line in lines for header in line))
        sheet.write_row(0, 0, headers)
        for number, line in enumerate(lines, start=1):
            for column, header in enumerate(headers):
                sheet.write(number, column, line.get(header, ""))
    return out.getvalue()


def sent_back(sender: Any, lines: list[Line] | bytes, name: str = "retour.xlsx", **values: Any) -> AnswerFile:
    """The file received and checked (dry run)."""
    content = lines if isinstance(lines, bytes) else as_xlsx(lines)
    received = answers.receive(sender, filename=name, content=content, **values)
    return answers.check(sender, received.pk)


def applied(sender: Any, lines: list[Line] | bytes, **values: Any) -> AnswerFile:
    return answers.apply(sender, sent_back(sender, lines, **values).pk)


def told(received: AnswerFile) -> list[tuple[int, str, str, str]]:
    """(row, outcome, column, reason) of each remark."""
    found = received.lines.order_by("position", "rank")
    return list(found.values_list("row", "outcome", "column", "reason"))
