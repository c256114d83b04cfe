"""How many sign where and when: regions, departments, sizes of a run, and when AGIR opened. Pure."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import numpy as np

from passerelles.reference import territories
from passerelles.synthetic.population import axes, published
from passerelles.synthetic.population.ipf import Table
from passerelles.synthetic.population.rounding import largest_remainder

FIRST_YEAR, LAST_YEAR = 2019, 2026
YEAR_OF_TABLES = 2020
WITH_TABLES = "31"
REGION_OF_TABLES = "76"
CORSICA = frozenset({"2A", "2B"})


class Size(StrEnum):
    """How much of the nation is generated: a few hundred people, one department, one region, everything."""

    DEMO = "demo"
    DEPARTMENT = "department"
    REGION = "region"
    NATIONAL = "national"


class NoFigures(ValueError):
    """No figure is known for this year, or the territory asked for does not fit the size."""


def plan(
    size: Size | str,
    years: Iterable[int],
    department: str | None = None,
    region: str | None = None,
    until: dt.date | None = None,
) -> list[tuple[str, int, int]]:
    """The chunks of a run, (department, year, people), by year then department; empty chunks are left out.

    `until`: last day of signature. Raises NoFigures and `reference.tables.UnknownCode`.
    """
    wanted = Size(size)
    codes = _departments_of_size(wanted, department, region)
    chunks: list[tuple[str, int, int]] = []
    for year in sorted(set(years)):
        full = counts(year)
        people = np.array([full[code] for code in codes])
        if wanted is Size.DEMO:
            people = largest_remainder(people, round(int(people.sum()) * published.assumed("demo")["fraction"]))
        if until is not None and year >= until.year:
            people = largest_remainder(people, round(int(people.sum()) * signed_share(year, until)))
        chunks += [(code, year, int(n)) for code, n in zip(codes, people, strict=True) if n]
    return chunks


def _departments_of_size(size: Size, department: str | None, region: str | None) -> list[str]:
    match size:
        case Size.DEMO:
            return list(territories.direction(published.assumed("demo")["direction"]).departments)
        case Size.DEPARTMENT if department:
            territories.direction_of_department(department)
            return [department]
        case Size.REGION if region:
            return departments_of(region)
        case Size.NATIONAL:
            return departments()
    raise NoFigures(f"La taille « {size} » demande un territoire : donnez le code du département ou de la région.")


@lru_cache(maxsize=1)
def departments() -> list[str]:
    """The 101 departments a direction of OFII covers."""
    return [found.code for found in territories.departments() if found.zone != "com"]


def departments_of(region: str) -> list[str]:
    return [found.code for found in territories.departments_of_region(region)]


@lru_cache(maxsize=16)
def counts(year: int) -> dict[str, int]:
    """Signatories of each department in a whole year: the published totals to the unit. Raises NoFigures."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoFigures(f"Aucun total publié pour {year} : choisissez une année de {FIRST_YEAR} à {LAST_YEAR}.")
    total = int(published.published_value(f"cir_total_{year}"))
    found: dict[str, int] = {}
    for region, people in _regions(year, total).items():
        found |= _inside(region, people)
    return {code: found[code] for code in departments()}


def first_number(department: str, year: int) -> int:
    """The number of the first person of a chunk: each chunk has its own numbers at any size of run."""
    before = sum(sum(counts(y).values()) for y in range(FIRST_YEAR, year))
    codes = departments()
    return 1 + before + sum(counts(year)[code] for code in codes[: codes.index(department)])


def motive_tilt(department: str) -> Table:
    """How much more often than nationally each motive is found there."""
    tilts = published.assumed("motive_tilt")
    region = territories.department(department).region_code
    found = tilts.get(f"department:{department}", tilts.get(region, [1.0] * len(axes.MOTIVES)))
    return np.array(found, dtype=np.float64)


def attainment(department: str) -> float:
    """How much more often than nationally the signatories of a department have been through higher education."""
    found = published.assumed("attainment")
    region = territories.department(department).region_code
    return float(found.get(f"department:{department}", found.get(region, 1.0)))


def signed_share(year: int, until: dt.date) -> float:
    """The share of a year's contracts signed by the end of a day: 0 before the year, 1 after it."""
    if until.year != year:
        return float(until.year > year)
    by_month = months(year)
    last = (dt.date(year + until.month // 12, until.month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return float(by_month[: until.month - 1].sum() + by_month[until.month - 1] * until.day / last)


def months(year: int) -> Table:
    """The share of each month in the contracts of a year."""
    weights = published.shares("month_of_signature")
    first = published.of_year("first_half_share", year)
    halves = weights.reshape(2, 6)
    return np.concatenate([halves[0] / halves[0].sum() * first, halves[1] / halves[1].sum() * (1 - first)])


def _regions(year: int, total: int) -> dict[str, int]:
    shares = {
        figure.territory.removeprefix("region:"): figure.value
        for code, figure in published.figures().items()
        if code.startswith("region_2023_")
    }
    if year == YEAR_OF_TABLES:
        known = int(published.published_value("occitanie_total_2020"))
        others = {code: share for code, share in shares.items() if code != REGION_OF_TABLES}
        people = largest_remainder(list(others.values()), total - known)
        return {REGION_OF_TABLES: known, **dict(zip(others, map(int, people), strict=True))}
    if year >= 2025:
        later = {code: published.figures().get(f"region_2025_{code}") for code in shares}
        known_share = sum(figure.value for figure in later.values() if figure)
        left = sum(share for code, share in shares.items() if not later[code])
        shares = {
            code: figure.value if (figure := later[code]) else share * (100 - known_share) / left
            for code, share in shares.items()
        }
    return dict(zip(shares, map(int, largest_remainder(list(shares.values()), total)), strict=True))


def _inside(region: str, people: int) -> dict[str, int]:
    """Inside a region: Haute-Garonne keeps its published share of Occitanie, the rest follows the towns."""
    codes = departments_of(region)
    weights = np.array([_weights()[code] for code in codes])
    if region != REGION_OF_TABLES:
        return dict(zip(codes, map(int, largest_remainder(weights, people)), strict=True))
    share = published.published_value("haute_garonne_total_2020") / published.published_value("occitanie_total_2020")
    here = round(people * share)
    others = np.where(np.array(codes) == WITH_TABLES, 0.0, weights)
    found = dict(zip(codes, map(int, largest_remainder(others, people - here)), strict=True))
    return found | {WITH_TABLES: here}


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    urban = published.assumed("department_weight")["urban"]
    path = files("passerelles.synthetic").joinpath("data/departments.csv")
    with path.open(encoding="utf-8") as source:
        return {
            row["code"]: (float(row["population"]) + urban * float(row["urban"])) * float(row["attraction"])
            for row in csv.DictReader(source, delimiter=";")
        }
