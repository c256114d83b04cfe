"""Published against measured: the verdict on each figure and each table. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from passerelles.synthetic.calibration.measures import Counts, Measure
from passerelles.synthetic.population import published, territory
from passerelles.synthetic.population.published import Figure, PublishedTable


class Verdict(StrEnum):
    """`not_covered`: the run does not hold everyone the figure counts. `not_measured`: no measure is registered."""

    WITHIN = "within"
    OUTSIDE = "outside"
    NOT_COVERED = "not covered"
    NOT_MEASURED = "not measured"
    CONTRADICTED = "contradicted"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: `measured` is None when the verdict says why."""

    figure: Figure
    measured: float | None
    verdict: Verdict

    @property
    def difference(self) -> float | None:
        return None if self.measured is None else self.measured - self.figure.value


@dataclass(frozen=True, slots=True)
class TableResult:
    """One table of J.1 and the same cells of the stream, row by row."""

    table: PublishedTable
    measured: dict[str, tuple[int, ...]]

    @property
    def misplaced(self) -> int:
        """People counted in another cell than the published one; 0 when the table holds to the unit."""
        pairs = ((row, self.measured[name]) for name, row in self.table.rows.items())
        return sum(abs(a - b) for wanted, found in pairs for a, b in zip(wanted, found, strict=True))


def results(counts: Counts, measures: Sequence[Measure]) -> list[Result]:
    """Every published figure, in the order of the file. Raises ValueError for a measure of no published figure."""
    by_code = {measure.code: measure for measure in measures}
    unknown = by_code.keys() - published.figures().keys()
    if unknown:
        raise ValueError(f"measures without a published figure: {sorted(unknown)}")
    return [_result(figure, by_code.get(figure.code), counts) for figure in published.figures().values()]


def table_results(counts: Counts) -> list[TableResult]:
    """The tables whose whole territory and year are in the run."""
    found = []
    for code, table in published.tables().items():
        everyone = sum(territory.counts(table.year)[department] for department in _inside(table.territory))
        if counts.get(f"table:{code}:people") != everyone:
            continue
        cells = {
            row: tuple(int(counts.get(f"table:{code}:{row}:{motive}", 0)) for motive in table.columns)
            for row in table.rows
        }
        found.append(TableResult(table, cells))
    return found


MOST_OF_A_YEAR = 0.8
"""A share may be read on a year that the horizon cuts short, a number of people may not."""


def covered(figure: Figure, counts: Counts) -> bool:
    """Whether the run holds every signatory the figure speaks of: whole years at full size, in all its territory."""
    if figure.year is None:
        return True
    least = MOST_OF_A_YEAR if figure.unit == "%" and "growth" not in figure.code else 1.0
    codes = _departments(figure)
    return all(
        counts.get(f"{year}:department:{code}", 0) >= math.floor(least * territory.counts(year)[code])
        for year in range(figure.since or figure.year, figure.year + 1)
        for code in codes
    )


def _result(figure: Figure, measure: Measure | None, counts: Counts) -> Result:
    if figure.role == "context":
        return Result(figure, None, Verdict.CONTEXT)
    if measure is None:
        return Result(figure, None, Verdict.NOT_MEASURED)
    if not covered(figure, counts):
        return Result(figure, None, Verdict.NOT_COVERED)
    found = measure.value(counts)
    if found is None:
        return Result(figure, None, Verdict.NOT_MEASURED)
    if figure.role == "contradicted":
        return Result(figure, found, Verdict.CONTRADICTED)
    within = abs(found - figure.value) <= figure.tolerance + 1e-9
    return Result(figure, found, Verdict.WITHIN if within else Verdict.OUTSIDE)


def _departments(figure: Figure) -> list[str]:
    """A share of a region is measured against the nation."""
    return _inside("national" if figure.code.startswith("region_") else figure.territory)


def _inside(where: str) -> list[str]:
    """The departments of `national`, `region:76`, `department:31`."""
    kind, _, code = where.partition(":")
    if kind == "national":
        return territory.departments()
    return territory.departments_of(code) if kind == "region" else [code]
