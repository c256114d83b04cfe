"""A return as plain grids, whatever it is made of: what workbooks and PDF of the catalogue are written from."""

from __future__ import annotations

from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.ods import Cell
from passerelles.core.text import in_sentence
from passerelles.indicators.engine.figures import BAND_LABELS, BANDS
from passerelles.reports import charts, content, sheets
from passerelles.reports.catalogue import Template
from passerelles.reports.exports.document import Document
from passerelles.reports.models import Return
from passerelles.reports.sheets import SheetTable

HIDDEN_NOTE = (
    "« masqué » : la case compte peu de personnes, ou permettrait d’en retrouver une qui en compte peu. Une case "
    "masquée n’est jamais vide ; on ne dit pas lesquelles sont petites."
)


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: numbers as numbers, the rest as text. `chart`: its drawing (SVG), empty when there is none."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    chart: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """A return, ready to be written."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]
    comment: str = ""
    paragraphs: tuple[str, ...] = ()
    note: str = ""


def of_return(found: Return) -> Book:
    """A version of a return of the catalogue, made of figures or of text."""
    frozen = bytes(found.content)
    text = found.type.template is Template.DOCUMENT
    tables = [] if text else sheets.tables(sheets.parse(frozen))
    drawn = charts.of_sheets(tables)
    return Book(
        title=found.type.name,
        subtitle=f"{found.span.label_fr}, {found.place.label_fr}",
        facts=_facts(found),
        grids=tuple(of_sheet(table, drawn.get(table.caption, "")) for table in tables),
        comment=found.comment,
        paragraphs=tuple(part.strip() for part in frozen.decode().split("\n\n") if part.strip()) if text else (),
        note=HIDDEN_NOTE if found.certificate else "",
    )


def of_sheet(table: SheetTable, chart: str = "") -> Grid:
    """A table of a return made of figures."""
    names = table.dimensions or ("Figure",)
    columns = ("Numérateur", "Dénominateur", "Valeur") if table.share else ("Valeur",)
    if table.compared:
        columns = (*columns, "Période précédente", "Évolution")
    rows = []
    for members, line in table.rows:
        numbers = (line.numerator, line.denominator, line.value) if table.share else (line.value,)
        if table.compared:
            numbers = (*numbers, line.before, line.change)
        rows.append((*(members or (table.name,)), *map(_cell, numbers)))
    return Grid(table.caption, (*names, *columns), tuple(rows), table.formula, chart)


def of_monthly(written: Document) -> Book:
    """The official figures of the monthly return and the lines of its template."""
    header = ("Sexe", *(BAND_LABELS[band] for band in BANDS), "Total")
    crosstabs = tuple(
        Grid(
            table.definition.name,
            header,
            tuple(
                (row.label, *(shown.count for shown in row.cells), row.total.count)
                for row in (*table.rows, table.whole)
            ),
            table.definition.formula,
        )
        for table in written.tables
    )
    lines = Grid("Données", content.COLUMNS, tuple(tuple(line) for line in content.parse(written.content)))
    return Book(
        title=written.title,
        subtitle=f"{written.month.label_fr}, OFII {written.direction_name}",
        facts=written.facts,
        grids=(*crosstabs, lines),
        comment=written.comment,
    )


def _facts(found: Return) -> tuple[tuple[str, str], ...]:
    known = found.known_at.astimezone(clock.PARIS)
    return (
        ("Remontée", f"{found.type.name} ({found.type.code})"),
        ("Période", found.span.label_fr),
        ("Territoire", found.place.label_fr),
        ("État", f"version {found.version}, {in_sentence(found.get_status_display())}"),
        ("Chiffres connus au", f"{known:%d/%m/%Y à %H h %M}"),
        ("Source", found.type.source),
        ("Empreinte (SHA-256)", found.sha256),
    )


def _cell(text: str) -> Cell:
    number = charts.number_of(text)
    if number is None:
        return text
    return int(number) if number.is_integer() and "," not in text else number
