"""What readers without access to lists of persons may read: counts perturbed by cell keys, or nothing. Pure.

Any table may be asked, so none can be protected beforehand: each count is moved a little, always in the same way for
the same people, and nothing from 1 to 4 is ever printed (`disclosure.cellkeys`). Totals are moved on their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from passerelles.core.errors import UserError
from passerelles.indicators.definitions.base import Counted, Definition, Measure
from passerelles.indicators.disclosure import cellkeys
from passerelles.indicators.engine.table import FigureTable, Margin, Row

THRESHOLD = cellkeys.DEFAULT.smallest


class TooFine(UserError):
    """The detail asked would show small numbers of persons."""


def readable(table: FigureTable, threshold: int = THRESHOLD) -> FigureTable:
    """`table` when none of its counts is from 1 to `threshold` - 1; else raises TooFine."""
    if any(count in range(1, threshold) for row in table.rows for count in (row.num, row.den)):
        raise TooFine(
            f"Ce détail compte moins de {threshold} personnes dans une case : il n’est pas affiché.",
            remedy="Choisissez moins de dimensions.",
        )
    return table


def perturbed(counts: FigureTable, keys: FigureTable) -> FigureTable:
    """`counts` as they may be printed. `keys`: the same table, in which each unit counts for its key."""
    sums = dict(_margins(counts.rows, len(counts.dims)))
    of_keys = dict(_margins(keys.rows, len(counts.dims)))
    places = list(sums)
    nums, dens = (
        _moved([sums[place][side] for place in places], [of_keys[place][side] for place in places]) for side in (0, 1)
    )
    printed = {
        place: _printed(counts.definition, sums[place], int(num), int(den))
        for place, num, den in zip(places, nums, dens, strict=True)
    }
    rows = tuple(Row(row.key, *printed[row.key]) for row in counts.rows)
    margins: Mapping[Margin, Row] = {place: Row((), *found) for place, found in printed.items()}
    return replace(counts, rows=rows, margins=margins)


def _margins(rows: Iterable[Row], depth: int) -> dict[Margin, tuple[int, int]]:
    """Every cell and every total: its two sums."""
    found: dict[Margin, tuple[int, int]] = {(None,) * depth: (0, 0)}
    for row in rows:
        for kept in itertools.product((False, True), repeat=depth):
            place = tuple(code if keep else None for code, keep in zip(row.key, kept, strict=True))
            num, den = found.get(place, (0, 0))
            found[place] = (num + row.num, den + row.den)
    return found


def _moved(counts: list[int], keys: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    folded = np.array([key % cellkeys.KEYS for key in keys], dtype=np.uint64)
    return cellkeys.perturbed(np.array(counts, dtype=np.int64), folded)


def _printed(definition: Definition, exact: tuple[int, int], num: int, den: int) -> tuple[int, int]:
    """Posts are not persons: they stay as they are. A mean is that of the people, for a perturbed number of them."""
    match definition.measure:
        case Measure.COUNT:
            return (exact[0] if definition.counted is Counted.PLACES else num), 0
        case Measure.SHARE:
            return min(num, den), den
        case Measure.COVERAGE:
            return num, exact[1]
        case _:
            return (round(exact[0] * den / exact[1]) if exact[1] else 0), den
