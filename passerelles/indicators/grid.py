"""A figure laid out for reading: rows and columns, totals, what each cell says and where it leads. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from passerelles.indicators.definitions.base import Measure
from passerelles.indicators.engine.table import Dim, FigureTable, Margin, value_of

HIDDEN = "masqué"
Address = Callable[[Mapping[str, str]], str]
"""The address of the persons behind a cell (dimension -> code), empty when there is none."""


class Shown(NamedTuple):
    """`text`: the value; `note`: what it is made of; `address`: the persons behind it."""

    text: str
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: tuple[Shown, ...]
    total: Shown | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows by the first dimension, columns by the others together; `whole` is the line of totals."""

    head: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    whole: Line | None

    @property
    def has_totals(self) -> bool:
        return any(line.total is not None for line in self.lines)


def number_fr(value: int | Decimal) -> str:
    """`1 033`, `34,8`: thin spaces between thousands, a decimal comma."""
    whole, _, tenth = f"{value:,}".replace(",", "\u202f").partition(".")
    return f"{whole},{tenth}" if tenth else whole


def shown(measure: Measure, num: int, den: int, address: str = "") -> Shown:
    value = value_of(measure, num, den)
    if measure is Measure.COUNT:
        return Shown(number_fr(num), "", address if num else "")
    if value is None:
        return Shown("—", "aucun cas", "")
    unit = "\u202f%" if measure in (Measure.SHARE, Measure.COVERAGE) else "\u202fjours"
    return Shown(f"{number_fr(value)}{unit}", f"{number_fr(num)} / {number_fr(den)}", address)


def grid(table: FigureTable, address: Address) -> Grid:
    """The period, when there is one, makes the rows, which are then never added up."""
    measure, dims = table.definition.measure, table.dims
    if not dims:
        whole = Line("Ensemble", (shown(measure, table.total.num, table.total.den, address({})),))
        return Grid("", (table.definition.unit,), (whole,), None)
    first, others = dims[0], dims[1:]
    periods = first.code == "periode"
    keys: list[tuple[str, ...]] = list(dict.fromkeys(row.key[1:] for row in table.rows)) if others else [()]
    lines = tuple(_line(table, first, others, code, keys, address) for code in first.labels)
    totals = None if periods else _whole(table, others, keys, address)
    return Grid(first.name, tuple(_name(others, key) or table.definition.unit for key in keys), lines, totals)


def _name(dims: tuple[Dim, ...], key: tuple[str, ...]) -> str:
    return ", ".join(dim.labels[code] for dim, code in zip(dims, key, strict=True))


def _line(
    table: FigureTable, first: Dim, others: tuple[Dim, ...], code: str, keys: list[tuple[str, ...]], address: Address
) -> Line:
    cells = tuple(_cell(table, (code, *key), address) for key in keys)
    total = _cell(table, (code, *(None for _ in others)), address) if len(keys) > 1 else None
    return Line(first.labels[code], cells, total)


def _whole(table: FigureTable, others: tuple[Dim, ...], keys: list[tuple[str, ...]], address: Address) -> Line:
    cells = tuple(_cell(table, (None, *key), address) for key in keys)
    total = _cell(table, (None,) * (1 + len(others)), address) if len(keys) > 1 else None
    return Line("Ensemble", cells, total)


def _cell(table: FigureTable, key: Margin, address: Address) -> Shown:
    """A cell or a total: what it says, and the persons behind it."""
    found = table.cells.get(tuple(key)) if None not in key else None  # type: ignore[arg-type]
    row = found or table.margin(key)
    asked = {dim.code: code for dim, code in zip(table.dims, key, strict=True) if code is not None}
    return shown(table.definition.measure, row.num, row.den, address(asked))
