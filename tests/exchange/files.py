"""Files as offices send them, made by the tests. All persons are fictitious."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

HEADERS = ["N° étranger", "NOM", "Prénom(s)", "Né(e) le", "Sexe", "Nationalité", "Tél.", "Date RDV", "Heure"]


def workbook(rows: list[list[object]], headers: list[str] = HEADERS, title: str = "") -> bytes:
    """An xlsx with an optional merged title above the header."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Feuil1")
    line = 0
    if title:
        sheet.merge_range(0, 0, 0, len(headers) - 1, title)
        line = 2
    sheet.write_row(line, 0, headers)
    for row in rows:
        line += 1
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(line, column, dt.datetime.combine(value, dt.time()))
            else:
                sheet.write(line, column, value)
    book.close()
    return out.getvalue()


def family(n: int) -> str:
    """A family name of its own for number `n`, in letters."""
    return "SAFI" + "".join(chr(97 + int(digit)) for digit in str(n))


def people(day: dt.date, count: int, first: int = 1) -> list[list[object]]:
    """`count` valid rows for a session on `day`."""
    return [
        [f"{n:010d}", family(n), "Laila", dt.date(1988, 3, 1 + n % 28), "F", "Afghane", "06 12 34 56 78", day, "9h00"]
        for n in range(first, first + count)
    ]


def messy(day: dt.date) -> bytes:
    """Fourteen lines as in a real office: two will be rejected."""
    tomorrow = f"{day:%d.%m.%y}"
    rows: list[list[object]] = people(day, 8)
    rows += [
        [123456789, " EL AMRANI \u200b", "Fatima-Zahra ", "17.05.90", "Féminin", "MAROC", 612345678, tomorrow, "9:00"],
        ["2234567890", "Traoré", "Moussa", 32874, "Monsieur", "Malienne", "", tomorrow, 0.375],
        ["3234567890", "ХАЛІЛОВА", "Олена", "01/01/1985", "F", "UKR", "+380 50 123 45 67", tomorrow, "09H"],
        ["4234567890", "Nguyễn", "Thị Hoa", "1979", "F", "Vietnam", "", tomorrow, "9h"],
        ["5234567890", "Ahmadi", "Rahim", "31/02/1990", "H", "Afghanistan", "", tomorrow, "9h"],
        ["6234567890", "", "Sans nom", "01/02/1990", "H", "Soudan", "", tomorrow, "9h"],
    ]
    return workbook(rows, title="Convocations plate-forme d’accueil")
