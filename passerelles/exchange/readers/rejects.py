"""Writes the spreadsheets given back to the sender: the refused rows to correct, and the empty file to fill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import xlsxwriter

from passerelles.exchange.readers.fields import Layout
from passerelles.exchange.readers.layouts import layout
from passerelles.exchange.readers.rows import EXAMPLE_NAME, INSTRUCTIONS_SHEET

REASON_HEADER = "Motif du rejet"
REMEDY_HEADER = "Comment corriger"
LONGEST_CELL = 32_767
_ADDED_HEADERS = (REASON_HEADER, REMEDY_HEADER)
_EXAMPLE = {
    "foreigner_number": "0123456789",
    "ofii_number": "57-2026-00042",
    "family_name": EXAMPLE_NAME[0],
    "birth_name": "MODELE",
    "given_names": EXAMPLE_NAME[1],
    "birth_date": "17/05/1990",
    "sex": "F",
    "nationality": "Sénégal",
    "language": "wolof",
    "interpreter_language": "wolof",
    "phone": "+33639981234",
    "email": "exemple@example.org",
    "address": "1 rue de l’Exemple",
    "postcode": "57000",
    "city": "Metz",
    "commune_code": "57463",
    "session_date": "10/03/2026",
    "session_time": "09:00",
    "session_place": "DT Metz, salle 1",
    "cir_number": "CIR-2026-00042",
    "cir_signed_on": "02/03/2026",
    "admission_motive": "Familial",
    "level": "A1",
    "ft_identifier": "12345678901",
    "nir": "290059934112304",
    "registered_on": "02/03/2026",
    "deregistered_on": "",
    "category": "1",
    "agency": "Metz Sébastopol",
    "caf_number": "1234567",
    "entitled_since": "01/02/2026",
    "department": "57",
    "oriented_on": "02/02/2026",
    "operator": "Opérateur fictif",
    "status_granted_on": "05/01/2026",
}
_INSTRUCTIONS = (
    "Une ligne par personne, sous la ligne d’en-têtes. L’ordre des colonnes est libre.",
    "Les colonnes marquées d’un astérisque (*) sont obligatoires ; les autres peuvent rester vides.",
    "Toutes les cellules sont au format texte : les zéros de tête sont gardés. Ne mettez pas de formule.",
    "Les dates s’écrivent jj/mm/aaaa. Si seule l’année de naissance est connue, écrivez l’année.",
    "La première ligne est un exemple fictif : remplacez-la ; laissée telle quelle, elle est refusée.",
    "Une ligne refusée n’empêche pas les autres d’être lues : elle revient dans un fichier avec le motif du rejet.",
)


def write_rejects(headers: list[str], rows: Iterable[tuple[list[str], str, str]], out: BinaryIO) -> None:
    """Write (raw cells, reason, remedy) under the headers received: corrected, the file can be sent again as it is.

    The two columns of an earlier file of rejects give way to the new ones. Everything is text, never a formula.
    """
    kept = [column for column, text in enumerate(headers) if text not in _ADDED_HEADERS]
    with _workbook(out) as book:
        sheet = book.add_worksheet("Lignes à corriger")
        text, bold, added = _formats(book)
        width = len(kept)
        for place, column in enumerate(kept):
            _write(sheet, 0, place, headers[column], bold)
        for place, title in enumerate(_ADDED_HEADERS):
            _write(sheet, 0, width + place, title, added)
        sheet.set_column(0, max(width - 1, 0), 18, text)
        sheet.set_column(width, width + 1, 50, text)
        sheet.freeze_panes(1, 0)
        for line, (cells, reason, remedy) in enumerate(rows, start=1):
            for place, column in enumerate(kept):
                if column < len(cells) and cells[column]:
                    _write(sheet, line, place, cells[column], text)
            _write(sheet, line, width, reason, added)
            _write(sheet, line, width + 1, remedy, added)


def write_template(kind: str, out: BinaryIO) -> None:
    """Write the empty file of a kind: headers, one fictitious line, and how to fill it."""
    asked = layout(kind)
    with _workbook(out) as book:
        text, bold, _ = _formats(book)
        sheet = book.add_worksheet(asked.label[:31])
        for column, entry in enumerate(asked.columns):
            _write(sheet, 0, column, f"{entry.label} *" if entry.required else entry.label, bold)
        for column, entry in enumerate(asked.columns):
            _write(sheet, 1, column, _EXAMPLE[entry.name], text)
        sheet.set_column(0, len(asked.columns) - 1, 22, text)
        sheet.freeze_panes(1, 0)
        _write_instructions(book.add_worksheet(INSTRUCTIONS_SHEET), asked, text, bold)


def _write_instructions(sheet: Any, asked: Layout, text: Any, bold: Any) -> None:
    _write(sheet, 0, 0, f"Mode d’emploi du fichier « {asked.label} »", bold)
    for line, sentence in enumerate(_INSTRUCTIONS, start=2):
        _write(sheet, line, 0, sentence, text)
    first = len(_INSTRUCTIONS) + 3
    for line, entry in enumerate(asked.columns, start=first):
        needed = "Obligatoire. " if entry.required else ""
        _write(sheet, line, 0, f"{entry.label} : {needed}{entry.help}".rstrip(" :"), text)
    sheet.set_column(0, 0, 110, text)


def _workbook(out: BinaryIO) -> Any:
    """Rows go to disk as they are written, so that memory does not grow with the file."""
    return xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )


def _formats(book: Any) -> tuple[Any, Any, Any]:
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    added = book.add_format({"num_format": "@", "bg_color": "#FDE8E8", "text_wrap": True})
    return text, bold, added


def _write(sheet: Any, line: int, column: int, value: str, style: Any) -> None:
    sheet.write_string(line, column, value[:LONGEST_CELL], style)
