"""A computed figure: frozen rows of counts, their value, their total; what screens, exports and returns read. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from passerelles.indicators.definitions.base import Definition, Measure

TENTH = Decimal("0.1")


class Row(NamedTuple):
    """`key`: one code per dimension, in order. `num`, `den`: additive counts (`den` is 0 for a plain count)."""

    key: tuple[str, ...]
    num: int
    den: int


def value_of(measure: Measure, num: int, den: int) -> Decimal | int | None:
    """A count; a share in percent or a mean, rounded once, to a tenth (J.4); None without denominator."""
    if measure is Measure.COUNT:
        return num
    if not den:
        return None
    scale = 100 if measure in (Measure.SHARE, Measure.COVERAGE) else 1
    return (Decimal(num) * scale / Decimal(den)).quantize(TENTH, ROUND_HALF_UP)


Margin = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Dim:
    """A dimension of the table: its code, its name, the label of each code that appears, in order."""

    code: str
    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class FigureTable:
    """A figure over a period, by dimensions. Additive: any share or total is a sum of its rows.

    `position`: the fact of the journal up to which it was computed, None when the journal was read as known on a day.
    """

    definition: Definition
    start: dt.date
    end: dt.date
    dims: tuple[Dim, ...]
    rows: tuple[Row, ...]
    territory: str = "national"
    known_on: dt.date | None = None
    position: int | None = None
    margins: Mapping[Margin, Row] = field(default_factory=dict)
    """Totals that are not the sum of their cells, for readers of perturbed counts; else empty."""

    @cached_property
    def total(self) -> Row:
        """Every row added up, whatever the dimensions (never for a table by month of a stock)."""
        return self.margin((None,) * len(self.dims))

    def margin(self, key: Margin) -> Row:
        """The total of the rows whose codes are those of `key`, None standing for any."""
        if key in self.margins:
            return self.margins[key]
        kept = [
            row for row in self.rows if all(asked in (None, code) for asked, code in zip(key, row.key, strict=True))
        ]
        return Row((), sum(row.num for row in kept), sum(row.den for row in kept))

    @property
    def is_perturbed(self) -> bool:
        return bool(self.margins)

    @property
    def value(self) -> Decimal | int | None:
        return value_of(self.definition.measure, self.total.num, self.total.den)

    def value_at(self, row: Row) -> Decimal | int | None:
        return value_of(self.definition.measure, row.num, row.den)

    @cached_property
    def cells(self) -> Mapping[tuple[str, ...], Row]:
        return {row.key: row for row in self.rows}

    def over(self, *codes: str) -> FigureTable:
        """The same figure by fewer dimensions: rows added up."""
        kept = [rank for rank, dim in enumerate(self.dims) if dim.code in codes]
        rows = added(Row(tuple(row.key[rank] for rank in kept), row.num, row.den) for row in self.rows)
        return FigureTable(
            self.definition,
            self.start,
            self.end,
            tuple(self.dims[rank] for rank in kept),
            rows,
            self.territory,
            self.known_on,
            self.position,
        )

    def plus(self, other: FigureTable) -> FigureTable:
        """Two territories that count apart, added up without moving any personal data."""
        if (self.definition.code, self.start, self.end) != (other.definition.code, other.start, other.end):
            raise ValueError("only tables of the same figure and period add up")
        if [dim.code for dim in self.dims] != [dim.code for dim in other.dims]:
            raise ValueError("only tables by the same dimensions add up")
        dims = tuple(
            Dim(mine.code, mine.name, {**mine.labels, **theirs.labels})
            for mine, theirs in zip(self.dims, other.dims, strict=True)
        )
        return FigureTable(
            self.definition,
            self.start,
            self.end,
            dims,
            added((*self.rows, *other.rows)),
            f"{self.territory} + {other.territory}",
            self.known_on,
        )


def added(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows of the same key summed, in order of first appearance."""
    sums: dict[tuple[str, ...], tuple[int, int]] = {}
    for row in rows:
        num, den = sums.get(row.key, (0, 0))
        sums[row.key] = (num + row.num, den + row.den)
    return tuple(Row(key, num, den) for key, (num, den) in sums.items())
