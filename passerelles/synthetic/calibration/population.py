"""The figures measured on the people of the stream. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.reference import territories
from passerelles.reference.levels import Level
from passerelles.reference.schooling import Schooling
from passerelles.synthetic.calibration.measures import Counts, Measure, growth, number, ratio
from passerelles.synthetic.frames import Chunk
from passerelles.synthetic.population import agir, axes, published, territory
from passerelles.synthetic.population.situation import JOBS

_AGIR_DATES = {"2023-12": dt.date(2023, 12, 31), "2024-06": dt.date(2024, 6, 30), "2024-07": dt.date(2024, 7, 31)}
_BELOW_A1 = [level.value for level in Level if level < Level.A1]
_BELOW_A2 = [level.value for level in Level if level < Level.A2]
_HIGHER = [schooling.value for schooling in Schooling if schooling.is_higher_graduate]

_WOMAN, _MAN = pl.col("sex") == "F", pl.col("sex") == "H"
_ACTIVE = pl.col("situation").is_in(JOBS)
_SEEKER = pl.col("wishes_work") & ~_ACTIVE
_HIGHER_DIPLOMA = pl.col("schooling").is_in(_HIGHER)

_GROUPS: dict[str, pl.Expr] = {
    "women": _WOMAN,
    "men": _MAN,
    "first_half": pl.col("signed_on").dt.month() <= 6,
    "below_a1": pl.col("level").is_in(_BELOW_A1),
    "below_a2": pl.col("level").is_in(_BELOW_A2),
    "prescribed": (pl.col("hours") > 0).fill_null(False),
    "higher": _HIGHER_DIPLOMA,
    "higher_women": _HIGHER_DIPLOMA & _WOMAN,
    "higher_men": _HIGHER_DIPLOMA & _MAN,
    "active_women": _ACTIVE & _WOMAN,
    "active_men": _ACTIVE & _MAN,
    "inactive": ~_ACTIVE,
    "bpi": pl.col("bpi"),
    "inactive_bpi": ~_ACTIVE & pl.col("bpi"),
    "wishing": pl.col("wishes_work"),
    "seekers": _SEEKER,
    "seekers_unregistered": _SEEKER & ~pl.col("ft"),
    "rsa": pl.col("rsa"),
    "rsa_registered": pl.col("rsa") & pl.col("ft"),
    **{f"motive:{motive}": pl.col("motive") == motive for motive in axes.MOTIVES},
}


def people_counts(chunk: Chunk) -> Counts:
    """Counts of the people of a chunk, keys `<year>:<group>`; ages in the pyramid of 2023."""
    people = chunk.people
    if not len(people):
        return {}
    department = str(people["department"][0])
    year = people["signed_on"].dt.year()[0]
    row = people.select(pl.len().alias("people"), *(who.sum().alias(name) for name, who in _GROUPS.items())).row(
        0, named=True
    )
    counts = {f"{year}:{name}": value for name, value in row.items()}
    counts[f"{year}:department:{department}"] = len(people)
    counts[f"{year}:region:{territories.department(department).region_code}"] = len(people)
    for code, n in people["nationality"].value_counts().iter_rows():
        counts[f"{year}:nationality:{code}"] = n
    for age, sex, n in people.group_by("age", "sex").len().iter_rows():
        counts[f"{year}:age:{sex}:{age}"] = n
    return counts


def table_counts(chunk: Chunk) -> Counts:
    """The cells of the tables of J.1, keys `table:<code>:<row>:<motive>`."""
    people = chunk.people
    counts: Counter[str] = Counter()
    if not len(people) or people["signed_on"].dt.year()[0] != territory.YEAR_OF_TABLES:
        return counts
    department = str(people["department"][0])
    where = {"department:" + department, "region:" + territories.department(department).region_code}
    for code, table in published.tables().items():
        if table.territory not in where:
            continue
        counts[f"table:{code}:people"] += len(people)
        by_row = people.with_columns(_row_of(code)).group_by("row", "motive").len()
        for row, motive, n in by_row.iter_rows():
            if row is not None:
                counts[f"table:{code}:{row}:{motive}"] += n
    return counts


def agir_counts(chunk: Chunk) -> Counts:
    """Orientations to AGIR by date: those of the facts, or the expected ones when the chunk holds people alone."""
    counts: Counter[str] = Counter()
    if not chunk.people["agir"].any():
        return counts
    department = str(chunk.people["department"][0])
    people = _oriented(chunk, department)
    for name, last in _AGIR_DATES.items():
        known = people.filter(pl.col("oriented_on") <= last)
        if len(known):
            counts[f"agir:{name}"] = len(known)
            counts[f"agir_department:{name}:{department}"] = len(known)
    oriented = people.filter(pl.col("oriented_on") <= _AGIR_DATES["2023-12"])
    counts["agir_2023:men"] = oriented.select(_MAN.sum()).item()
    counts["agir_2023:under_40"] = oriented.select((pl.col("age") < 40).sum()).item()
    counts["agir_2023:years"] = oriented.select(pl.col("age").cast(pl.Int64).sum()).item()
    counts["agir_2023:afghans"] = oriented.select((pl.col("nationality") == "AF").sum()).item()
    counts["agir_2023:without"] = oriented.select((~_ACTIVE & (pl.col("situation") != "training")).sum()).item()
    return counts


def _oriented(chunk: Chunk, department: str) -> pl.DataFrame:
    """Those who are or will be in AGIR, with `oriented_on`; without facts, ten days after signature or opening."""
    expected = chunk.people.filter("agir")
    if chunk.events.is_empty():
        days = agir.oriented_on(expected["signed_on"].to_numpy(), department)
        return expected.with_columns(pl.Series("oriented_on", days))
    facts = chunk.events.filter(pl.col("kind") == FactKind.AGIR_ORIENTED.value)
    return expected.join(facts.select(number="person", oriented_on="occurred_on"), on="number")


def measures() -> list[Measure]:
    """Every figure measured on people."""
    found = [Measure(code, people_counts, value) for code, value in _people_values().items()]
    found += [Measure(code, agir_counts, value) for code, value in _agir_values().items()]
    return found


def _people_values() -> dict[str, Callable[[Counts], float | None]]:
    years = range(territory.FIRST_YEAR, territory.LAST_YEAR + 1)
    values: dict[str, Callable[[Counts], float | None]] = {}
    for year in years:
        values[f"cir_total_{year}"] = number(f"{year}:people")
        values[f"women_{year}"] = ratio(f"{year}:women", f"{year}:people")
        values[f"a1_prescribed_{year}"] = ratio(f"{year}:prescribed", f"{year}:people")
        for region in territories.regions():
            values[f"region_{year}_{region.code}"] = ratio(f"{year}:region:{region.code}", f"{year}:people")
        for motive in axes.MOTIVES:
            values[f"motive_{year}_{motive}"] = ratio(f"{year}:motive:{motive}", f"{year}:people")
        for nationality in ("MA", "AF", "TN", "DZ"):
            values[f"nationality_{year}_{nationality}"] = number(f"{year}:nationality:{nationality}")
        for nationality in ("TR", "DZ", "AF", "CI"):
            values[f"nationality_growth_{year}_{nationality}"] = growth(f"nationality:{nationality}", year)
    values |= {
        "cir_first_half_2025": number("2025:first_half"),
        "cir_growth_2023": growth("people", 2023),
        "cir_growth_2024": growth("people", 2024),
        "cir_stock_2025": _sum_of_years(range(2021, 2026)),
        "nationalities_2023": _how_many("2023:nationality:"),
        "first_four_2023": _first_four,
        "below_a1_2021": ratio("2021:below_a1", "2021:people"),
        "a2_over_a1_2026": lambda counts: (
            None if not counts.get("2026:below_a1") else 100 * (counts["2026:below_a2"] / counts["2026:below_a1"] - 1)
        ),
        "higher_women_2022": ratio("2022:higher_women", "2022:women"),
        "higher_men_2022": ratio("2022:higher_men", "2022:men"),
        "women_among_higher_2022": ratio("2022:higher_women", "2022:higher"),
        "active_women_2022": ratio("2022:active_women", "2022:women"),
        "active_men_2022": ratio("2022:active_men", "2022:men"),
        "inactive_2023": ratio("2023:inactive", "2023:people"),
        "inactive_bpi_2023": ratio("2023:inactive_bpi", "2023:bpi"),
        "inactive_2025": ratio("2025:inactive", "2025:people"),
        "wishes_work_2021": ratio("2021:wishing", "2021:people"),
        "not_registered_2023": ratio("2023:seekers_unregistered", "2023:seekers"),
        "rsa_registered_2022": ratio("2022:rsa_registered", "2022:rsa"),
        "rsa_public_2026": ratio("2026:rsa", "2026:people"),
        "occitanie_total_2020": number("2020:region:76"),
        "haute_garonne_total_2020": number("2020:department:31"),
    }
    return {code: value for code, value in values.items() if code in published.figures()}


def _agir_values() -> dict[str, Callable[[Counts], float | None]]:
    return {
        **{f"agir_{name.replace('-', '_')}": number(f"agir:{name}") for name in _AGIR_DATES},
        "agir_departments_2023_12": _how_many("agir_department:2023-12:"),
        "agir_departments_2024_06": _how_many("agir_department:2024-06:"),
        "agir_men_2023": ratio("agir_2023:men", "agir:2023-12"),
        "agir_under_40_2023": ratio("agir_2023:under_40", "agir:2023-12"),
        "agir_mean_age_2023": ratio("agir_2023:years", "agir:2023-12", scale=1.0),
        "agir_afghans_2023": ratio("agir_2023:afghans", "agir:2023-12"),
        "agir_without_job_2023": ratio("agir_2023:without", "agir:2023-12"),
    }


def _how_many(prefix: str) -> Callable[[Counts], float | None]:
    return lambda counts: sum(1 for key, n in counts.items() if key.startswith(prefix) and n > 0) or None


def _first_four(counts: Counts) -> float | None:
    found = sorted((n for key, n in counts.items() if key.startswith("2023:nationality:")), reverse=True)
    return 100 * sum(found[:4]) / counts["2023:people"] if found else None


def _sum_of_years(years: range) -> Callable[[Counts], float | None]:
    def value(counts: Counts) -> float | None:
        found = [counts.get(f"{year}:people") for year in years]
        return sum(n for n in found if n) if all(found) else None

    return value


def _row_of(code: str) -> pl.Expr:
    """The row of a table of J.1 in which a person is counted; null when in none."""
    match code.split("_")[-1]:
        case "sex":
            return pl.col("sex").alias("row")
        case "schooling":
            return pl.col("schooling").alias("row")
        case "prescribed":
            return pl.when(pl.col("hours") > 0).then(pl.lit("prescribed")).otherwise(pl.lit("dispensed")).alias("row")
        case "hours":
            return pl.when(pl.col("hours") > 0).then(pl.col("hours").cast(pl.String)).alias("row")
        case "age":
            *younger, oldest = zip(published.tables()[code].rows, axes.AGE_BANDS, strict=True)
            row = pl.lit(oldest[0])
            for label, (_, last) in reversed(younger):
                row = pl.when(pl.col("age") <= last).then(pl.lit(label)).otherwise(row)
            return row.alias("row")
    raise ValueError(f"no way to read the rows of {code}")
