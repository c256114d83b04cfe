"""A table with its margins, read from CSV: its dimensions, totals and nesting are found; printed protected. Pure.

One line per cell: columns of codes, then the count in the last column (`valeur`, `effectif`, `nombre` or any name). A
total bears one of the words of `TOTALS` in its column. A column whose codes each stand under one code of another
(department and region) is nested in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from passerelles.core.errors import UserError
from passerelles.core.text import safe_cell
from passerelles.indicators.disclosure.protection import Protection
from passerelles.indicators.disclosure.systems import Counts, System

TOTALS = {"total", "ensemble", "tous", "toutes", "total général"}
HIDDEN = "masqué"


class UnreadableTable(UserError):
    """The file is not a table with margins."""


@dataclass(frozen=True)
class MarginTable:
    """The cells of the file in their order, and the system that they make."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    system: System
    nesting: tuple[tuple[str, str], ...]

    @property
    def dimensions(self) -> dict[str, dict[str, object]]:
        """By column: its codes and the word of its total (None when the file has none)."""
        found: dict[str, dict[str, object]] = {}
        for index, name in enumerate(self.columns[:-1]):
            codes = dict.fromkeys(row[index] for row in self.rows)
            found[name] = {
                "codes": [code for code in codes if not is_total(code)],
                "total": next((code for code in codes if is_total(code)), None),
            }
        return found


def is_total(code: str) -> bool:
    return " ".join(code.lower().split()) in TOTALS


def read(text: str) -> MarginTable:
    """Read a table; raises UnreadableTable with the line and how to mend it."""
    sample = text.lstrip("\ufeff")
    lines = list(csv.reader(io.StringIO(sample), delimiter=_delimiter(sample)))
    if len(lines) < 2 or len(lines[0]) < 2:
        raise UnreadableTable(
            "Le fichier n’est pas un tableau : il faut une ligne d’en-têtes, puis une ligne par case.",
            remedy="Colonnes : une par dimension, puis l’effectif en dernier, séparées par des points-virgules.",
        )
    header = tuple(name.strip() for name in lines[0])
    rows: list[tuple[str, ...]] = []
    values: list[int] = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(header):
            raise UnreadableTable(f"Ligne {number} : {len(line)} colonnes au lieu de {len(header)}.")
        rows.append(tuple(cell.strip() for cell in line[:-1]))
        values.append(_count(line[-1], number))
    twice = {row for row in rows if rows.count(row) > 1} if len(rows) != len(set(rows)) else set()
    if twice:
        raise UnreadableTable(f"La case « {' × '.join(min(twice))} » figure deux fois.")
    system, nesting = _system(header[:-1], rows, values)
    return MarginTable(header, tuple(rows), system, nesting)


def write(table: MarginTable, protection: Protection) -> str:
    """The protected table: the same lines in the same order, hidden counts replaced by one word."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in table.columns])
    for row, hidden, value in zip(table.rows, protection.hidden, table.system.values, strict=True):
        writer.writerow([*(safe_cell(code) for code in row), HIDDEN if hidden else int(value)])
    return text.getvalue()


def _delimiter(text: str) -> str:
    first = text.splitlines()[0] if text else ""
    return max(";,\t", key=first.count)


def _count(text: str, number: int) -> int:
    plain = text.replace("\u202f", "").replace("\xa0", "").replace(" ", "").strip()
    if not plain.isascii() or not plain.isdigit():
        raise UnreadableTable(
            f"Ligne {number} : « {text.strip()} » n’est pas un effectif.",
            remedy="Une case contient un nombre entier de personnes, 0 compris.",
        )
    return int(plain)


def _system(
    names: Sequence[str], rows: list[tuple[str, ...]], values: list[int]
) -> tuple[System, tuple[tuple[str, str], ...]]:
    leaves = [index for index, row in enumerate(rows) if not any(is_total(code) for code in row)]
    if not leaves:
        raise UnreadableTable("Le tableau n’a que des totaux.", remedy="Joignez les cases détaillées.")
    detail = [rows[index] for index in leaves]
    nesting = tuple(_nesting(names, detail))
    counts = np.array([values[index] for index in leaves], dtype=np.int64)
    bearing = {
        (index, code): np.array([leaf[index] == code for leaf in detail])
        for index in range(len(names))
        for code in {leaf[index] for leaf in detail}
    }
    nowhere = np.zeros(len(detail), dtype=bool)
    elements: list[int] = []
    cells: list[int] = []
    for cell, row in enumerate(rows):
        kept = [(index, code) for index, code in enumerate(row) if not is_total(code)]
        chosen = ~nowhere
        for key in kept:
            chosen = chosen & bearing.get(key, nowhere)
        below = np.flatnonzero(chosen).tolist()
        total = int(counts[below].sum())
        if total != values[cell]:
            raise UnreadableTable(
                f"La case « {' × '.join(row)} » vaut {values[cell]}, mais ses détails font {total}.",
                remedy="Corrigez le total, ou joignez les cases détaillées qui manquent (0 compris).",
            )
        elements += below
        cells += [cell] * len(below)
    matrix = sparse.csr_array((np.ones(len(cells), dtype=np.int64), (cells, elements)), shape=(len(rows), len(detail)))
    sizes = np.diff(matrix.indptr)
    none = np.zeros(len(rows), dtype=bool)
    return (
        System(
            labels=tuple(rows),
            matrix=matrix,
            counts=counts,
            offered=~none,
            published=none,
            hidden=none,
            keep=sizes == (len(detail) if (sizes == len(detail)).any() and len(detail) > 1 else -1),
            block=_blocks(names, detail, nesting),
        ),
        nesting,
    )


def _nesting(names: Sequence[str], detail: list[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Pairs (column, column it stands under), the closest only."""
    found = []
    for child in range(len(names)):
        above = []
        for parent in range(len(names)):
            pairs = {(row[child], row[parent]) for row in detail}
            children = len({code for code, _ in pairs})
            parents = len({code for _, code in pairs})
            if parent != child and len(pairs) == children and 1 < parents < children:
                above.append((parents, parent))
        if above:
            found.append((names[child], names[max(above)[1]]))
    return found


def _blocks(names: Sequence[str], detail: list[tuple[str, ...]], nesting: Sequence[tuple[str, str]]) -> Counts:
    parents = {parent for _, parent in nesting} - {child for child, _ in nesting}
    if not parents:
        return np.zeros(len(detail), dtype=np.int64)
    column = min(names.index(parent) for parent in parents)
    codes = list(dict.fromkeys(row[column] for row in detail))
    return np.array([codes.index(row[column]) for row in detail], dtype=np.int64)
