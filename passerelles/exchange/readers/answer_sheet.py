"""Writes the file that an organisation fills in and sends back: xlsx, ods or csv, the same columns. Pure.

Every cell is text: nothing is taken for a formula, and zeros are kept. The closed lists are offered in the xlsx.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter

from passerelles.core import ods
from passerelles.core.text import safe_cell
from passerelles.exchange.readers.answer_words import FILLED, LAYOUT, LISTS
from passerelles.exchange.readers.rows import INSTRUCTIONS_SHEET

SHEET = "Orientations"
FORMATS = ("xlsx", "ods", "csv")
_INSTRUCTIONS = (
    "Une ligne par orientation. Remplissez les colonnes de droite, puis renvoyez le fichier : une ligne laissée vide "
    "ne change rien.",
    "Ne changez pas la colonne « Référence » : elle relie la ligne à l’orientation. Triez toujours le tableau entier.",
    "Accepter : « Acceptée » dans « Réponse ». Donner une date suffit aussi à accepter.",
    "Décliner : « Déclinée » et le motif, choisi dans la liste. « Autre motif » se précise.",
    "Donner un rendez-vous : la date (jj/mm/aaaa) et l’heure (14:30). Lieu vide : celui de votre service. "
    "Une autre date change le rendez-vous.",
    "Après le rendez-vous : « Venue » ou « Pas venue » dans « Présence », avec le motif de l’absence. "
    "Une absence n’est pas une annulation.",
    "Rencontre sans rendez-vous connu ici : la date de la rencontre et « Venue ».",
    "N’écrivez rien sur la santé, les violences ni les opinions. Ce fichier contient des données personnelles : "
    "supprimez-le une fois renvoyé.",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines to write. `known`: the headers of what is only to be read. A line is its reference, then these."""

    known: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    @property
    def headers(self) -> list[str]:
        return [LAYOUT.field("reference").label, *self.known, *(LAYOUT.field(name).label for name in FILLED)]

    @property
    def first_filled(self) -> int:
        """The column, from 0, where the answers begin."""
        return 1 + len(self.known)


def write(sheet: Sheet, form: str, out: BinaryIO) -> None:
    """Write the file in one of `FORMATS`."""
    {"xlsx": _xlsx, "ods": _ods, "csv": _csv}[form](sheet, out)


def _xlsx(sheet: Sheet, out: BinaryIO) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        known = book.add_format({"num_format": "@", "font_color": "#3A3A3A", "bg_color": "#F6F6F6"})
        filled = book.add_format({"num_format": "@"})
        read_header = book.add_format({"num_format": "@", "bold": True, "bottom": 1, "text_wrap": True})
        fill_header = book.add_format(
            {"num_format": "@", "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#E3E3FD"}
        )
        page = book.add_worksheet(SHEET)
        first = sheet.first_filled
        for column, title in enumerate(sheet.headers):
            page.write_string(0, column, title, fill_header if column >= first else read_header)
        for line, cells in enumerate(sheet.lines, start=1):
            for column, text in enumerate(cells):
                page.write_string(line, column, text, known)
        page.set_column(0, 0, 9, known)
        page.set_column(1, first - 1, 18, known)
        page.set_column(first, len(sheet.headers) - 1, 20, filled)
        page.freeze_panes(1, min(_pinned(sheet), first))
        if sheet.lines:
            page.autofilter(0, 0, len(sheet.lines), len(sheet.headers) - 1)
        _offer_lists(page, sheet, _write_instructions(book, sheet))


def _pinned(sheet: Sheet) -> int:
    """The columns that stay in sight: up to the names."""
    names = [place for place, title in enumerate(sheet.known) if title in {"Nom de famille", "Prénoms"}]
    return 2 + max(names, default=0)


def _write_instructions(book: Any, sheet: Sheet) -> dict[str, tuple[int, int]]:
    """The second sheet: how to fill in, then each closed list; where each list stands (first and last row)."""
    page = book.add_worksheet(INSTRUCTIONS_SHEET)
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    bold = book.add_format({"num_format": "@", "bold": True})
    page.set_column(0, 0, 110, text)
    line = 0
    for sentence in _INSTRUCTIONS:
        page.write_string(line, 0, sentence, text)
        line += 1
    places = {}
    for name, words in LISTS.items():
        page.write_string(line + 1, 0, f"Valeurs de « {LAYOUT.field(name).label} » :", bold)
        for rank, word in enumerate(words):
            page.write_string(line + 2 + rank, 0, word.label, text)
        places[name] = (line + 3, line + 2 + len(words))
        line += 2 + len(words)
    return places


def _offer_lists(page: Any, sheet: Sheet, places: dict[str, tuple[int, int]]) -> None:
    name_of_sheet = INSTRUCTIONS_SHEET.replace("'", "''")
    last = max(len(sheet.lines), 1)
    for rank, name in enumerate(FILLED):
        if name not in places:
            continue
        first_row, last_row = places[name]
        column = sheet.first_filled + rank
        page.data_validation(
            1,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": f"='{name_of_sheet}'!$A${first_row}:$A${last_row}",
                "error_type": "warning",
                "error_title": "Valeur inconnue",
                "error_message": "Choisissez une valeur de la liste.",
            },
        )


def _csv(sheet: Sheet, out: BinaryIO) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(sheet.headers)
    empty = [""] * len(FILLED)
    writer.writerows([*map(safe_cell, cells), *empty] for cells in sheet.lines)
    out.write(text.getvalue().encode("utf-8-sig"))


def _ods(sheet: Sheet, out: BinaryIO) -> None:
    lists = [
        (f"Valeurs de « {LAYOUT.field(name).label} » : {', '.join(word.label for word in words)}",)
        for name, words in LISTS.items()
    ]
    lines = ods.Table(SHEET, [sheet.headers, *sheet.lines])
    told = ods.Table(INSTRUCTIONS_SHEET, [*((sentence,) for sentence in _INSTRUCTIONS), *lists], header=False)
    out.write(ods.write([lines, told]))
