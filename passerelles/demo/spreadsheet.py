"""The convocation file to try: a workbook as offices really send them, 14 lines of which 2 cannot be imported."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter

from passerelles.demo.people import Crowd
from passerelles.reference import countries, languages

HEADERS = (
    "N° étranger",
    "NOM",
    "Prénom(s)",
    "Né(e) le",
    "Sexe",
    "Nationalité",
    "Langue",
    "Interprète",
    "Tél. portable",
    "CP",
    "Ville",
    "Date RDV",
    "Heure",
    "Motif",
)
MOTIVES = {"ASILE": "Asile", "FAMILIAL": "Familial", "ECONOMIQUE": "Économique", "AUTRES": "Autres"}
REJECTED = 2
LINES = 14


def write(path: Path, session_day: dt.date) -> Path:
    """Write the workbook for the afternoon of `session_day`.

    Title rows, a merged cell, dates as jj.mm.aaaa texts, a number that lost its leading zero, trailing blanks; one
    birth date that does not exist and one line without a name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True, "border": 1})
        title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        sheet = book.add_worksheet("Convocations")
        sheet.merge_range(0, 0, 0, len(HEADERS) - 1, "OFII – Direction territoriale de Metz", title)
        sheet.write(1, 0, f"Personnes convoquées le {session_day:%d/%m/%Y} après-midi (démonstration)")
        for column, header in enumerate(HEADERS):
            sheet.write(3, column, header, bold)
        for number, cells in enumerate(_lines(session_day), 4):
            for column, cell in enumerate(cells):
                sheet.write(number, column, cell)
        sheet.set_column(0, len(HEADERS) - 1, 16)
    return path


def _lines(session_day: dt.date) -> list[list[Any]]:
    rows = Crowd(session_day, "file").rows(LINES)
    lines = [_cells(row, session_day) for row in rows]
    lines[1][0] = int(f"0757{session_day.toordinal() % 10**6:06d}")
    lines[3][1], lines[3][2] = f"{lines[3][1]}   ", f" {lines[3][2]}  "
    lines[5][8] = int(lines[5][8] or "0639980155")
    lines[6][11] = f"{session_day:%d/%m/%y}"
    lines[8][3] = "31.02.1990"
    lines[11][1] = lines[11][2] = ""
    return lines


def _cells(row: dict[str, Any], session_day: dt.date) -> list[Any]:
    born: dt.date = row["birth_date"]
    return [
        row["foreigner_number"],
        row["family_name"].upper(),
        row["given_names"],
        f"{born:%d.%m.%Y}",
        "Madame" if row["sex"] == "F" else "Monsieur",
        countries.get(row["nationality"]).name,
        languages.get(row["language"]).name,
        languages.get(row["interpreter_language"]).name if row["interpreter_language"] else "",
        f"0{row['phone'][3:]}" if row["phone"] else "",
        row["postcode"],
        row["city"],
        f"{session_day:%d.%m.%Y}",
        "13h30",
        MOTIVES[row["admission_motive"]],
    ]
