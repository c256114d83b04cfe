"""One definition, several engines: PostgreSQL, DuckDB on Parquet and polars give the same counts, figure by figure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.indicators import services, tables
from passerelles.indicators.definitions import CATALOGUE
from passerelles.indicators.engine import embedded
from passerelles.indicators.engine.compute import Question, Step
from tests.indicators import made
from tests.indicators.random_histories import Story

START, END, SEEN = dt.date(2024, 1, 1), dt.date(2025, 12, 31), dt.date(2026, 6, 1)


def plain(rows):
    """Comparable rows: dates without time, whole numbers, empty sums left out."""
    found = {}
    for *key, num, den in rows:
        if num or den:
            names = tuple(str(each.date() if isinstance(each, dt.datetime) else each) for each in key)
            found[names] = (int(num), int(den or 0))
    return found


@pytest.fixture(scope="module")
def story():
    return Story(11, 120)


@pytest.fixture(scope="module")
def files(story, tmp_path_factory):
    """Parquet files of the standing facts, and the lines DuckDB builds from them."""
    folder = tmp_path_factory.mktemp("faits")
    frame = story.frame()
    gone = [rank - 1 for rank in frame["retracts_id"].drop_nulls()]
    standing = frame.with_row_index("row").filter(~made.pl.col("row").is_in(gone)).drop("row", "retracts_id")
    standing.write_parquet(folder / "faits.parquet")
    return embedded.build(str(folder / "*.parquet"), folder / "lignes")


@pytest.fixture
def base(story, db):
    made.append(story.frame())
    services.rebuild()
    with clock.at(clock.paris(SEEN, 12)):
        yield


def test_every_figure_by_sex_age_and_department_is_the_same_on_three_engines(base, files):
    for code, asked in CATALOGUE.items():
        by = ("sexe", "tranche", "departement") if asked.persons else ("departement",)
        days = (START, END, SEEN)
        live = tables.figure(code, Period(START, END), by=by)
        expected = {row.key: (row.num, row.den) for row in live.rows if row.num or row.den}
        question = Question(by=by)
        assert plain(embedded.by_duckdb(code, question, days, files)) == expected, f"DuckDB, {code}"
        assert plain(embedded.by_polars(code, question, days, files)) == expected, f"polars, {code}"


def test_month_by_month_too(base, files):
    question = Question(by=("sexe",), step=Step.MONTH)
    for code, asked in CATALOGUE.items():
        if asked.persons:
            days = (START, END, SEEN)
            by_duckdb = plain(embedded.by_duckdb(code, question, days, files))
            assert by_duckdb == plain(embedded.by_polars(code, question, days, files)), code


def test_tables_of_territories_that_count_apart_add_up_to_the_whole(base):
    period = Period(START, END)
    for code in ("emploi_12_mois", "agir_delai", "signataires"):
        apart = [tables.figure(code, period, by=("sexe",), territory=f"department:{place}") for place in ("57", "54")]
        apart += [
            tables.figure(code, period, by=("sexe",), territory=f"department:{place}") for place in ("31", "75", "93")
        ]
        added = apart[0]
        for table in apart[1:]:
            added = added.plus(table)
        nowhere = tables.figure(code, period, by=("sexe",), where={"departement": "non_renseigne"})
        whole = tables.figure(code, period)
        assert added.plus(nowhere).total == whole.total
        assert added.plus(nowhere).value == whole.value


def test_values_are_rounded_once_from_exact_counts():
    from passerelles.indicators.definitions.base import Measure
    from passerelles.indicators.engine.table import value_of

    assert value_of(Measure.SHARE, 360, 1033) == Decimal("34.8"), "34.84995, never 34.9"
    assert value_of(Measure.SHARE, 683, 1676) == Decimal("40.8")
    assert value_of(Measure.SHARE, 0, 0) is None
    assert value_of(Measure.COUNT, 7, 0) == 7


def test_the_query_kept_compiled_is_that_of_the_definitions():
    from passerelles.indicators.engine import dialects

    kept = dialects.compiled_person(
        dialects._SOMEBODY, dialects.Dialect.POSTGRES, (dialects._START, dialects._END, dialects._SEEN)
    )
    assert kept == dialects.person_template(dialects.Dialect.POSTGRES), "run scripts/figures.py"
