"""Who signs, in numbers: the shape of a year, then whole people by department. Pure; nothing here is drawn.

The shape of a year is the joint distribution of the nation: correlations from the assumptions, details from the tables
of Haute-Garonne 2020 (the only ones there are), margins from the published figures of the year. It is then counted out
in whole people: nation, then departments, so that every sum of departments is the national number. Where a table is
published (Haute-Garonne and Occitanie 2020) it holds to the unit and the rest of the nation gets the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from passerelles.synthetic.population import axes, ipf, published, territory
from passerelles.synthetic.population.ipf import Margin, Table
from passerelles.synthetic.population.rounding import Counts, integerise, largest_remainder

INSIDE = (axes.SEX, axes.AGE, axes.SCHOOLING, axes.LANGUAGE)


@dataclass(frozen=True, slots=True)
class Margins:
    """Whole people of a territory: four tables, motive × one axis each, which agree on the motives."""

    sex: Counts
    age: Counts
    schooling: Counts
    language: Counts

    @property
    def motives(self) -> Counts:
        return np.asarray(self.sex.sum(axis=1))

    @property
    def by_axis(self) -> dict[int, Counts]:
        return dict(zip(INSIDE, (self.sex, self.age, self.schooling, self.language), strict=True))


@lru_cache(maxsize=1)
def shape_of_haute_garonne() -> ipf.Fit:
    """The joint table of Haute-Garonne 2020, fitted to its four published tables (J.1.a to J.1.d)."""
    seed = (
        np.ones(axes.SHAPE)
        * published.shares("age_by_schooling")[None, None, :, :, None]
        * published.shares("schooling_by_language")[None, None, None, :, :]
        * published.shares("age_by_language")[None, None, :, None, :]
        * published.shares("sex_by_language")[None, :, None, None, :]
    )
    return ipf.fit(seed, _published_margins(), tolerance=1e-9)


@lru_cache(maxsize=16)
def shape(year: int) -> ipf.Fit:
    """The joint distribution of the signatories of a year in the nation; its sum is 1."""
    motives = _motives()
    sexes = _motive_by_sex(year)
    age = _table("haute_garonne_2020_age").astype(np.float64)
    age *= (motives / age.sum(axis=1))[:, None]
    women = float(sexes[:, axes.WOMAN].sum())
    higher = np.array([published.published_value(f"higher_{who}_2022") for who in ("women", "men")]) / 100
    by_sex = np.array([women, 1 - women])
    graduates = np.stack([by_sex * (1 - higher), by_sex * higher], axis=1)
    return ipf.fit(
        shape_of_haute_garonne().table,
        [
            Margin((axes.MOTIVE, axes.AGE), age),
            Margin((axes.SEX, axes.SCHOOLING), graduates, {axes.SCHOOLING: axes.HIGHER_OF_SCHOOLING}),
            Margin((axes.LANGUAGE,), _thresholds(year), {axes.LANGUAGE: axes.THRESHOLD_OF_LANGUAGE}),
            Margin((axes.MOTIVE, axes.SEX), sexes),
        ],
        tolerance=1e-9,
    )


@lru_cache(maxsize=16)
def by_department(year: int) -> dict[str, Margins]:
    """The margins of every department with a direction, in whole people, for a whole year at full size."""
    counts = territory.counts(year)
    national = _count_out(shape(year).table, sum(counts.values()))
    if year != territory.YEAR_OF_TABLES:
        return _share_out(national, counts)
    return _share_out_around_tables(national, counts, year)


def _share_out_around_tables(national: Margins, counts: dict[str, int], year: int) -> dict[str, Margins]:
    """2020: Haute-Garonne to the unit, the rest of Occitanie from its line of motives and sexes, then the nation."""
    tables = {axis: margin.target.astype(np.int64) for axis, margin in _published_margins_by_axis().items()}
    hours = tables.pop(axes.LANGUAGE)
    here = Margins(tables[axes.SEX], tables[axes.AGE], tables[axes.SCHOOLING], _languages_of_hours(hours))
    region = [code for code in territory.departments_of(territory.REGION_OF_TABLES) if code != territory.WITH_TABLES]
    of_region = _table("occitanie_2020_sex") - here.sex
    around = _with_sexes(_count_out(shape(year).table, int(of_region.sum())), of_region)
    of_rest = national.sex - _table("occitanie_2020_sex")
    elsewhere = {c: n for c, n in counts.items() if c not in (territory.WITH_TABLES, *region)}
    rest = _with_sexes(_count_out(shape(year).table, int(of_rest.sum())), of_rest)
    return {
        territory.WITH_TABLES: here,
        **_share_out(around, {code: counts[code] for code in region}),
        **_share_out(rest, elsewhere),
    }


def scaled(margins: Margins, count: int) -> Margins:
    """The same proportions for fewer people, in whole people; the margins themselves when `count` is their total."""
    motives = margins.motives
    if count == int(motives.sum()):
        return margins
    fewer = largest_remainder(motives, count)
    return Margins(*(_rows_rounded(table, fewer) for table in margins.by_axis.values()))


def _count_out(table: Table, total: int) -> Margins:
    """The margins of a joint distribution for `total` people, in whole people."""
    motives = largest_remainder(ipf.marginal(table, (axes.MOTIVE,)), total)
    return Margins(*(_rows_rounded(ipf.marginal(table, (axes.MOTIVE, axis)), motives) for axis in INSIDE))


def _with_sexes(margins: Margins, sexes: Counts) -> Margins:
    """The same margins, made to agree with a published table of motives and sexes."""
    motives = sexes.sum(axis=1)
    _, *others = margins.by_axis.values()
    return Margins(sexes, *(_rows_rounded(table, motives) for table in others))


def _rows_rounded(table: Table | Counts, totals: Counts) -> Counts:
    """Each row of the table shared out in whole people, as many as its total."""
    return np.stack([largest_remainder(row, int(total)) for row, total in zip(table, totals, strict=True)])


def _share_out(total: Margins, counts: dict[str, int]) -> dict[str, Margins]:
    """Share whole people out over departments: every department and every national number is exact."""
    codes = list(counts)
    tilt = np.stack([territory.motive_tilt(code) for code in codes])
    people = np.array([counts[code] for code in codes], dtype=np.float64)
    by_motive = ipf.fit(
        tilt * total.motives * people[:, None],
        [Margin((0,), people), Margin((1,), total.motives.astype(np.float64))],
        tolerance=1e-12,
    )
    motives = integerise(by_motive.table)
    tables = {axis: np.zeros((len(codes), *table.shape), dtype=np.int64) for axis, table in total.by_axis.items()}
    for motive in range(len(axes.MOTIVES)):
        rows = motives[:, motive].astype(np.float64)
        for axis, table in total.by_axis.items():
            columns = table[motive].astype(np.float64)
            seed = np.outer(rows, columns) * np.stack([_attainment(code, axis) for code in codes])
            expected = ipf.fit(seed, [Margin((1,), columns), Margin((0,), rows)], tolerance=1e-9).table
            tables[axis][:, motive, :] = integerise(expected)
    return {code: Margins(*(tables[axis][i] for axis in INSIDE)) for i, code in enumerate(codes)}


def _attainment(department: str, axis: int) -> Table:
    """How much more often than nationally each schooling and each level of French is found in a department."""
    more = territory.attainment(department)
    if axis == axes.SCHOOLING:
        return np.array([1 / more, 1.0, more])[axes.SCHOOLING_GROUP]
    if axis == axes.LANGUAGE:
        return np.array([1 / more, 1.0, more])[axes.LANGUAGE_GROUP] ** 0.5
    return np.ones(axes.SHAPE[axis])


def _published_margins() -> list[Margin]:
    return list(_published_margins_by_axis().values())


def _published_margins_by_axis() -> dict[int, Margin]:
    prescribed = _table("haute_garonne_2020_prescribed")
    hours = np.column_stack([prescribed[:, 1], _table("haute_garonne_2020_hours")]).astype(np.float64)
    return {
        axes.AGE: Margin((axes.MOTIVE, axes.AGE), _table("haute_garonne_2020_age").astype(np.float64)),
        axes.SCHOOLING: Margin(
            (axes.MOTIVE, axes.SCHOOLING), _table("haute_garonne_2020_schooling").astype(np.float64)
        ),
        axes.LANGUAGE: Margin((axes.MOTIVE, axes.LANGUAGE), hours, {axes.LANGUAGE: axes.HOURS_OF_LANGUAGE}),
        axes.SEX: Margin((axes.MOTIVE, axes.SEX), _table("haute_garonne_2020_sex").astype(np.float64)),
    }


def _languages_of_hours(hours: Counts) -> Counts:
    """Haute-Garonne: the published hours kept to the unit, the levels inside as the joint table has them."""
    expected = ipf.marginal(shape_of_haute_garonne().table, (axes.MOTIVE, axes.LANGUAGE))
    found = np.zeros(expected.shape, dtype=np.int64)
    for group in range(len(axes.HOURS)):
        of_group = np.flatnonzero(group == axes.HOURS_OF_LANGUAGE)
        for motive in range(len(axes.MOTIVES)):
            found[motive, of_group] = largest_remainder(expected[motive, of_group], int(hours[motive, group]))
    return found


def _motives() -> Table:
    """Published for 2019-2021; no document gives those of later years."""
    return np.array([published.published_value(f"motive_2021_{motive}") for motive in axes.MOTIVES]) / 100


def _motive_by_sex(year: int) -> Table:
    """Occitanie 2020 (J.1.a) brought to the national motives and to the share of women of the year."""
    women = published.published_value(f"women_{min(max(year, 2020), 2026)}") / 100
    return ipf.fit(
        _table("occitanie_2020_sex").astype(np.float64),
        [Margin((0,), _motives()), Margin((1,), np.array([women, 1 - women]))],
        tolerance=1e-12,
    ).table


def _thresholds(year: int) -> Table:
    below = published.of_year("below_a1", year) / 100
    a1 = below * published.assumed("a1_over_below_a1")
    rest = 1 - below - a1
    return np.array([below, a1, rest])


def _table(code: str) -> Counts:
    return published.tables()[code].counts
