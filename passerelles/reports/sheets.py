"""The frozen bytes of a return made of figures: one line per published cell, the same for the same figures. Pure.

`decoupage` names the dimensions, `modalites` the codes of the cell, both joined by ` × `; « masqué » stands for a
count that is not published.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from passerelles.core.text import safe_cell

COLUMNS = (
    "periode", "territoire", "indicateur", "nom", "decoupage", "modalites", "numerateur", "denominateur", "valeur",
    "formule",
)  # fmt: skip
CROSS = " × "
HIDDEN = "masqué"
TOTAL = "Ensemble"


class SheetLine(NamedTuple):
    """One cell; numbers are texts as printed: `12`, `34,8`, `masqué`, or nothing."""

    period: str
    territory: str
    code: str
    name: str
    dimensions: str
    members: str
    numerator: str
    denominator: str
    value: str
    formula: str


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The lines of one figure by the same dimensions, ready to be shown."""

    code: str
    name: str
    formula: str
    dimensions: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], SheetLine], ...]
    share: bool

    @property
    def caption(self) -> str:
        return (
            f"{self.name}, par {' et '.join(name[:1].lower() + name[1:] for name in self.dimensions)}"
            if self.dimensions
            else self.name
        )

    @property
    def total(self) -> SheetLine | None:
        """The cell of everybody."""
        return next((line for members, line in self.rows if all(member == TOTAL for member in members)), None)


def canonical(lines: Iterable[SheetLine]) -> bytes:
    """The bytes that are stored, sent and compared."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([safe_cell(value) for value in line])
    return text.getvalue().encode("utf-8-sig")


def parse(content: bytes) -> list[SheetLine]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    next(rows)
    return [SheetLine(*row) for row in rows]


def tables(lines: Iterable[SheetLine]) -> list[SheetTable]:
    """The lines grouped by figure and dimensions, in their order."""
    groups: dict[tuple[str, str], list[SheetLine]] = {}
    for line in lines:
        groups.setdefault((line.code, line.dimensions), []).append(line)
    return [
        SheetTable(
            code=code,
            name=found[0].name,
            formula=found[0].formula,
            dimensions=tuple(dimensions.split(CROSS)) if dimensions else (),
            rows=tuple((tuple(line.members.split(CROSS)) if dimensions else (), line) for line in found),
            share=any(line.denominator for line in found),
        )
        for (code, dimensions), found in groups.items()
    ]


class Change(NamedTuple):
    """A cell whose frozen value is no longer the one that the journal gives."""

    name: str
    members: str
    frozen: str
    live: str


def changes(frozen: bytes, live: bytes) -> list[Change]:
    before = {(line.code, line.dimensions, line.members): line for line in parse(frozen)}
    now = {(line.code, line.dimensions, line.members): line for line in parse(live)}
    found = []
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if old != new:
            shown = old or new
            assert shown is not None
            found.append(Change(shown.name, shown.members or TOTAL, _printed(old), _printed(new)))
    return found


def _printed(line: SheetLine | None) -> str:
    if line is None:
        return "absente"
    return line.value if not line.denominator else f"{line.value} ({line.numerator} sur {line.denominator})"
