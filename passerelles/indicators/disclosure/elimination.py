"""First protection: publish cells from the largest to the smallest as long as no sensitive one can be computed. Pure.

Gaussian elimination (Langsrud 2024, doi 10.1007/978-3-031-69651-0_6), exact in the integers modulo a prime: a cell
that would put a sensitive one in the span of what is published is hidden.
"""

from __future__ import annotations

import numpy as np

from passerelles.indicators.disclosure.systems import Flags, System, Unprotectable

PRIME = 2**31 - 1

Column = dict[int, int]


def eliminate(system: System, threshold: int) -> Flags:
    """Which cells are hidden: the sensitive ones and those whose publication would give one exactly.

    Raises Unprotectable when what is already public gives a sensitive cell.
    """
    sensitive = system.sensitive(threshold)
    filled = np.flatnonzero(system.counts)
    within = system.matrix[:, filled].tocsr()
    columns: dict[int, Column] = {}
    rows: list[set[int]] = [set() for _ in filled]
    for cell in np.flatnonzero(system.values):
        entries = within.indices[within.indptr[cell] : within.indptr[cell + 1]].tolist()
        columns[int(cell)] = dict.fromkeys(entries, 1)
        for row in entries:
            rows[row].add(int(cell))
    hidden = (sensitive | system.hidden | ~system.offered) & (system.values > 0)
    waiting = ~hidden
    order = np.lexsort((-system.values, ~system.keep, ~system.published))
    for cell in order[waiting[order] & (system.values[order] > 0)].tolist():
        column = columns.pop(cell)
        for row in column:
            rows[row].discard(cell)
        if not column:
            continue
        pivot = min(column, key=lambda row: len(rows[row]))
        near = (other for other in rows[pivot] if sensitive[other])
        given = next((other for other in near if _proportional(columns[other], column)), None)
        if given is None:
            _reduce(columns, rows, column, pivot)
        elif system.published[cell]:
            raise Unprotectable(
                f"La case « {system.name(given)} » se calcule exactement à partir de ce qui est déjà publié, "
                f"dont « {system.name(cell)} ».",
                remedy="Publiez un découpage moins fin, ou une autre période.",
            )
        else:
            hidden[cell] = True
    return hidden


def _proportional(left: Column, right: Column) -> bool:
    if len(left) != len(right):
        return False
    row, value = next(iter(right.items()))
    if row not in left:
        return False
    factor = left[row] * pow(value, -1, PRIME) % PRIME
    return all(left.get(row, 0) == factor * value % PRIME for row, value in right.items())


def _reduce(columns: dict[int, Column], rows: list[set[int]], column: Column, pivot: int) -> None:
    """Subtract `column` from every column that has a coefficient on the row `pivot`."""
    inverse = pow(column[pivot], -1, PRIME)
    others = [(row, value * inverse % PRIME) for row, value in column.items() if row != pivot]
    for cell in rows[pivot]:
        target = columns[cell]
        factor = target.pop(pivot)
        for row, value in others:
            old = target.get(row)
            if old is None:
                target[row] = -factor * value % PRIME
                rows[row].add(cell)
            else:
                new = (old - factor * value) % PRIME
                if new:
                    target[row] = new
                else:
                    del target[row]
                    rows[row].discard(cell)
    rows[pivot].clear()
