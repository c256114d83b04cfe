"""When AGIR opened in each department, and the rate of orientation that gives the published numbers. Pure.

The order of the departments is invented (`assumptions.yaml`, agir_rollout); 15,165 orientations in 50 departments at
the end of 2023 and 29,400 in 77 in June 2024 are published (J-018). When a department opens, those protected the year
before are oriented too (B-046).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from passerelles.core.periods import add_months, add_years
from passerelles.reference import territories
from passerelles.synthetic.population import axes, margins, published, territory

Days = npt.NDArray[np.datetime64]

END_OF_2023 = dt.date(2023, 12, 31)
END_OF_JUNE_2024 = dt.date(2024, 6, 30)
DELAY = dt.timedelta(days=10)
"""Mean delay from signature, or from the opening, to orientation (E-007)."""


def agir_start(department: str) -> dt.date | None:
    """The day AGIR opens in a department; None in Corsica and overseas."""
    return _starts().get(department)


@lru_cache(maxsize=1)
def _starts() -> dict[str, dt.date]:
    rollout = published.assumed("agir_rollout")
    asylum = {code: int(found.motives[axes.ASYLUM]) for code, found in margins.by_department(2023).items()}
    mainland = [
        code
        for code in sorted(asylum, key=lambda code: (-asylum[code], code))
        if territories.department(code).zone == "metro" and code not in territory.CORSICA
    ]
    starts: dict[str, dt.date] = {}
    for rank, code in enumerate(mainland):
        if rank < rollout["by_end_2023"]:
            starts[code] = add_months(rollout["first_wave"], rank // rollout["wave"])
        elif rank < rollout["deployed_2023"]:
            starts[code] = dt.date(2024, 1, 1)
        elif rank < rollout["by_june_2024"]:
            starts[code] = add_months(dt.date(2024, 1, 1), 1 + (rank - rollout["deployed_2023"]) // 7)
        else:
            starts[code] = END_OF_JUNE_2024
    return starts


def eligible_from(department: str) -> dt.date | None:
    """The first day of signature from which a BPI may be oriented: a year before the opening (B-046)."""
    start = agir_start(department)
    return None if start is None else add_years(start, -1)


def rates(department: str, year: int) -> tuple[float, float]:
    """The rate of orientation among the eligible BPI who sign in the first and in the second half of a year."""
    start = agir_start(department)
    if start is None:
        return 0.0, 0.0
    later = {half: rate / 100 for half, rate in published.assumed("agir_rate_later").items()}
    if year >= 2025:
        return later["later"], later["later"]
    until_2023, until_june = _calibrated()
    opened_late = start > END_OF_2023
    if year == 2024:
        return until_june, later["first"]
    return (until_june, until_june) if opened_late else (until_2023, until_2023)


@lru_cache(maxsize=1)
def _calibrated() -> tuple[float, float]:
    """The rates of those who sign before 2024, and in the first half of 2024 or before a later opening."""
    by_end = published.published_value("agir_2023_12")
    by_june = published.published_value("agir_2024_06")
    first = second = 0.0
    for department, start in _starts().items():
        if start <= END_OF_2023:
            first += _bpi(department, add_years(start, -1), END_OF_2023 - DELAY)
            second += _bpi(department, dt.date(2024, 1, 1), END_OF_JUNE_2024 - DELAY)
        elif start + DELAY <= END_OF_JUNE_2024:
            second += _bpi(department, add_years(start, -1), END_OF_JUNE_2024 - DELAY)
    waiting = (
        by_end
        / first
        * sum(_bpi(code, END_OF_2023 - DELAY, END_OF_2023) for code, start in _starts().items() if start <= END_OF_2023)
    )
    return by_end / first, (by_june - by_end - waiting) / second


def _bpi(department: str, after: dt.date, until: dt.date) -> float:
    """BPI of a department expected to sign from a day to another."""
    share = float(published.assumed("bpi_among_asylum"))
    return share * sum(
        float(margins.by_department(year)[department].motives[axes.ASYLUM])
        * (territory.signed_share(year, until) - territory.signed_share(year, after))
        for year in range(after.year, until.year + 1)
    )


def oriented_on(signed_on: Days, department: str) -> Days:
    """The expected day of orientation: signature or opening, whichever is later, and the mean delay (datetime64[D])."""
    start = agir_start(department)
    if start is None:
        return np.full(len(signed_on), np.datetime64("NaT"), dtype="datetime64[D]")
    known = np.maximum(signed_on, np.datetime64(start)) + np.timedelta64(DELAY.days, "D")
    return np.asarray(known, dtype="datetime64[D]")
