"""Reads a nominative file: finds the header of each sheet, reads its rows one by one, tells what is wrong and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from passerelles.exchange.readers import header
from passerelles.exchange.readers.fields import Layout
from passerelles.exchange.readers.layouts import layout
from passerelles.exchange.readers.problems import FileProblem, Problem
from passerelles.exchange.readers.row import Row
from passerelles.exchange.readers.sheet_rows import SheetReader
from passerelles.exchange.readers.tables import open_table
from passerelles.exchange.readers.values import text_of

PROGRESS_EVERY = 1000
SAMPLE_ROWS = 5
INSTRUCTIONS_SHEET = "Mode d’emploi"
"""The sheet of the template that nobody expects to be read."""
EXAMPLE_NAME = ("EXEMPLE", "Personne Fictive")
"""Family name and given names of the fictitious line of the template."""

__all__ = ["Preview", "Row", "SheetPreview", "preview", "read_rows"]


@dataclass(slots=True)
class SheetPreview:
    """What the mapping screen shows of a sheet; `mapping` is None when no header was recognised."""

    name: str
    mapping: header.Mapping | None
    sample: list[list[str]]


@dataclass(slots=True)
class Preview:
    sheets: list[SheetPreview]


@dataclass(slots=True)
class _NotRead:
    """Sheets left aside, with what was seen of them."""

    hidden: list[str] = field(default_factory=list)
    without_header: list[tuple[str, list[str]]] = field(default_factory=list)
    incomplete: list[tuple[str, header.Mapping]] = field(default_factory=list)


def read_rows(
    source: bytes | Path,
    filename: str,
    kind: str,
    on: dt.date,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Row]:
    """The rows of every sheet that has a recognisable header, in order. Raises FileProblem.

    `on`: reference date (ages, plausible sessions). `mapping`: field → header, chosen by the person, wins.
    Remarks about a whole sheet or file travel with one of its rows, under their own row number.
    """
    asked = layout(kind)
    not_read = _NotRead()
    last: Row | None = None
    count, recognised = 0, False
    for sheet in open_table(source, filename):
        if getattr(sheet, "hidden", False):
            not_read.hidden.append(sheet.name)
            continue
        rows = iter(sheet.rows)
        head = list(islice(rows, header.SEARCHED_ROWS))
        found = _mapping_of(head, sheet.name, asked, mapping, not_read)
        if found is None:
            continue
        recognised = True
        reader = SheetReader(sheet.name, found, asked, on, epoch1904=getattr(sheet, "epoch1904", False))
        below = (row for row in head if row[0] > found.last_row)
        for row in reader.read(chain(below, rows)):
            if row.values.get("family_name") == EXAMPLE_NAME[0]:
                _refuse_example(row)
            if last is not None:
                yield last
                count += 1
                if progress is not None and count % PROGRESS_EVERY == 0:
                    progress(count)
            last = row
        if last is not None:
            last.problems.extend(reader.remarks())
    if not recognised:
        raise _no_header(filename, asked, not_read)
    if last is None:
        raise FileProblem(
            f"Le fichier « {filename} » ne contient aucune ligne à lire sous ses en-têtes.",
            remedy="Vérifiez que vous avez choisi le bon fichier.",
        )
    last.problems.extend(_sheets_not_read(not_read))
    yield last
    if progress is not None:
        progress(count + 1)


def _refuse_example(row: Row) -> None:
    """The line of the template that nobody deleted is not a person."""
    if row.values.get("given_names") != EXAMPLE_NAME[1]:
        return
    reason = "C’est la ligne d’exemple du modèle : elle ne décrit personne."
    remedy = "Supprimez-la, ou remplacez-la par une vraie personne."
    row.problems[:] = [Problem("reject", row.sheet, row.number, "", " ".join(EXAMPLE_NAME), reason, remedy, "example")]


def _mapping_of(
    head: Sequence[tuple[int, Sequence[object]]],
    sheet: str,
    asked: Layout,
    explicit: Mapping[str, str] | None,
    not_read: _NotRead,
) -> header.Mapping | None:
    """The complete mapping of a sheet, or None and the sheet is noted as left aside."""
    if not head:
        return None
    found = header.guess(head, asked, explicit)
    if found is None and sheet == INSTRUCTIONS_SHEET:
        return None
    if found is None:
        not_read.without_header.append((sheet, _first_texts(head)))
        return None
    if found.missing == ["session_date"]:
        found.session_date, found.session_time = header.session_in([sheet])
        if found.session_date:
            found.missing = []
    if found.missing:
        not_read.incomplete.append((sheet, found))
        return None
    return found


def _first_texts(head: Sequence[tuple[int, Sequence[object]]]) -> list[str]:
    texts = [text_of(cell).strip() for _, cells in head[:5] for cell in cells]
    return [text[:40] for text in texts if text][:12]


def _no_header(filename: str, asked: Layout, not_read: _NotRead) -> FileProblem:
    if not_read.incomplete:
        sheet, found = min(not_read.incomplete, key=lambda entry: len(entry[1].missing))
        missing = ", ".join(f"« {asked.field(name).label} »" for name in found.missing)
        seen = ", ".join(f"« {text[:40]} »" for text in found.headers[:40] if text)
        where = f" (feuille « {sheet} », ligne {found.header_row})" if sheet else f" (ligne {found.header_row})"
        return FileProblem(
            f"Dans le fichier « {filename} », il manque : {missing}. En-têtes vus{where} : {seen}.",
            remedy="Ajoutez ces colonnes, ou indiquez à l’étape « Correspondance » quelle colonne les contient.",
        )
    if not not_read.without_header:
        return FileProblem(
            f"Le fichier « {filename} » ne contient aucune ligne visible.",
            remedy="Vérifiez que vous avez choisi le bon fichier et que ses feuilles ne sont pas masquées.",
        )
    needed = ", ".join(f"« {entry.label} »" for entry in asked.required)
    seen = ", ".join(f"« {text} »" for _, texts in not_read.without_header for text in texts[:12]) or "rien"
    return FileProblem(
        f"Le fichier « {filename} » n’a pas de ligne d’en-têtes reconnaissable dans ses {header.SEARCHED_ROWS} "
        f"premières lignes : {needed} introuvables. Vu : {seen[:600]}.",
        remedy="Écrivez les en-têtes sur une ligne au-dessus des données, ou partez du modèle à télécharger.",
    )


def _sheets_not_read(not_read: _NotRead) -> list[Problem]:
    names = [name for name, _ in not_read.without_header] + [name for name, _ in not_read.incomplete]
    problems = []
    if names:
        problems.append(
            _about_file(
                names, "Feuilles non lues, faute d’en-têtes reconnus", "Vérifiez qu’elles ne contiennent personne."
            )
        )
    if not_read.hidden:
        problems.append(
            _about_file(not_read.hidden, "Feuilles masquées non lues", "Affichez-les si elles doivent être lues.")
        )
    return problems


def _about_file(names: list[str], what: str, remedy: str) -> Problem:
    listed = ", ".join(f"« {name} »" for name in names[:20])
    return Problem("warning", names[0], 0, "", listed[:300], f"{what} : {listed}.", remedy, "sheet_not_read")


def preview(source: bytes | Path, filename: str, kind: str, explicit: Mapping[str, str] | None = None) -> Preview:
    """The header found in each visible sheet and its first rows as text, for the mapping screen."""
    asked = layout(kind)
    sheets = []
    for sheet in open_table(source, filename):
        if getattr(sheet, "hidden", False):
            continue
        head = list(islice(iter(sheet.rows), header.SEARCHED_ROWS + SAMPLE_ROWS))
        found = header.guess(head, asked, explicit)
        below = [cells for number, cells in head if found is None or number > found.last_row]
        sheets.append(
            SheetPreview(sheet.name, found, [[text_of(cell) for cell in cells] for cells in below[:SAMPLE_ROWS]])
        )
    return Preview(sheets)
