"""The frozen bytes of a return made of figures: one line per published cell, the same for the same figures. Pure.

`decoupage` names the dimensions, `modalites` the codes of the cell, both joined by ` × `; « masqué » stands for a
count that is not published.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from passerelles.core.text import safe_cell

COLUMNS = (
    "periode", "territoire", "indicateur", "nom", "decoupage", "modalites", "numerateur", "denominateur", "valeur",
    "formule",
)  # fmt: skip
COMPARED = (*COLUMNS, "valeur_precedente", "evolution")
"""With the period before: its value, and the change since (in points for a share)."""
CROSS = " × "
HIDDEN = "masqué"
TOTAL = "Ensemble"
_NUMBER = re.compile(r"-?\d+(,\d+)?")


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
    before: str = ""
    change: str = ""


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
    def compared(self) -> bool:
        """Is the period before shown?"""
        return any(line.before or line.change for _, line in self.rows)

    @property
    def total(self) -> SheetLine | None:
        """The cell of everybody."""
        return next((line for members, line in self.rows if all(member == TOTAL for member in members)), None)


def canonical(lines: Iterable[SheetLine], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """The bytes that are stored, sent and compared."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for line in lines:
        writer.writerow([value if _NUMBER.fullmatch(value) else safe_cell(value) for value in line[: len(columns)]])
    return text.getvalue().encode("utf-8-sig")


def columns_of(content: bytes) -> tuple[str, ...]:
    """Those of a stored return."""
    return tuple(content.decode("utf-8-sig").splitlines()[0].split(";"))


def beside(lines: Iterable[SheetLine], before: Iterable[SheetLine]) -> list[SheetLine]:
    """Each line with the value of the same cell in the period before, and the change; what has gone is there, at zero.

    A change is not given where one of the two values is hidden.
    """
    past = {(line.code, line.dimensions, line.members): line for line in before}
    found: list[SheetLine] = []
    for (code, dimensions), group in _grouped(lines).items():
        counts = not any(line.denominator for line in group)
        told = {line.members for line in group}
        gone = [
            line._replace(period=group[0].period, numerator="", denominator="", value="0" if counts else "")
            for key, line in past.items()
            if key[:2] == (code, dimensions) and key[2] not in told
        ]
        for line in (*group, *gone):
            old = past.get((code, dimensions, line.members))
            value = old.value if old else "0" if counts else ""
            found.append(line._replace(before=value, change=_change(value, line.value)))
    return found


def _change(before: str, now: str) -> str:
    if HIDDEN in (before, now):
        return HIDDEN
    if not before or not now:
        return ""
    gap = Decimal(now.replace(",", ".")) - Decimal(before.replace(",", "."))
    return str(gap).replace(".", ",")


def parse(content: bytes) -> list[SheetLine]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    next(rows)
    return [SheetLine(*row) for row in rows]


def tables(lines: Iterable[SheetLine]) -> list[SheetTable]:
    """The lines grouped by figure and dimensions, in their order."""
    return [
        SheetTable(
            code=code,
            name=found[0].name,
            formula=found[0].formula,
            dimensions=tuple(dimensions.split(CROSS)) if dimensions else (),
            rows=tuple((tuple(line.members.split(CROSS)) if dimensions else (), line) for line in found),
            share=any(line.denominator for line in found),
        )
        for (code, dimensions), found in _grouped(lines).items()
    ]


def _grouped(lines: Iterable[SheetLine]) -> dict[tuple[str, str], list[SheetLine]]:
    groups: dict[tuple[str, str], list[SheetLine]] = {}
    for line in lines:
        groups.setdefault((line.code, line.dimensions), []).append(line)
    return groups


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
