"""Dates as offices write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from passerelles.core.dates import parse_date, parse_time

DAY = dt.date(2026, 1, 27)


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        dt.datetime(2026, 1, 27, 9, 15),
        46049,
        46049.4,
        "46049",
        "2026-01-27",
        "2026-01-27 00:00:00",
        "27/01/2026",
        " 27/01/2026 ",
        "27.01.26",
        "27-1-26",
        "27 01 2026",
        "27/01/2026 à 9h15",
        "27012026",
        27012026,
        "20260127",
        "27 janvier 2026",
        "mardi 27 janv. 2026",
        "le 27 JANVIER 2026",
        "\u200b27/01/2026\u00a0",
    ],
)
def test_the_same_day_is_read_in_every_form(written):
    assert parse_date(written, pivot_year=2030).day == DAY


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("1990", dt.date(1990, 1, 1), "year"),
        (1990, dt.date(1990, 1, 1), "year"),
        ("00/00/1990", dt.date(1990, 1, 1), "year"),
        ("1990-00-00", dt.date(1990, 1, 1), "year"),
        ("00/05/1990", dt.date(1990, 5, 1), "month"),
        ("mars 1987", dt.date(1987, 3, 1), "month"),
        ("1er mars 1987", dt.date(1987, 3, 1), "day"),
        ("mar 3 mars 1987", dt.date(1987, 3, 3), "day"),
    ],
)
def test_a_partial_date_keeps_its_precision(written, day, precision):
    parsed = parse_date(written, pivot_year=2030)
    assert (parsed.day, parsed.precision) == (day, precision)


@pytest.mark.parametrize("written", ["31/02/1990", "01/27/2026", "hier", "12345678901", "#REF!", True, 3.5e9])
def test_what_is_not_a_date_is_said_in_french(written):
    parsed = parse_date(written, pivot_year=2030)
    assert parsed.day is None
    assert parsed.problem


@pytest.mark.parametrize("written", [None, "", "   ", "\u200b"])
def test_a_blank_is_neither_a_date_nor_a_problem(written):
    assert parse_date(written, pivot_year=2030).problem == ""


def test_a_two_digit_year_is_at_or_before_the_pivot():
    assert parse_date("01/02/90", pivot_year=2026).day == dt.date(1990, 2, 1)
    assert parse_date("01/02/26", pivot_year=2026).day == dt.date(2026, 2, 1)
    assert parse_date("01/02/27", pivot_year=2026).day == dt.date(1927, 2, 1)


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("9h15", dt.time(9, 15)),
        ("9:15", dt.time(9, 15)),
        ("09H", dt.time(9)),
        ("9.15", dt.time(9, 15)),
        ("à 13h30", dt.time(13, 30)),
        (0.385416, dt.time(9, 15)),
        (dt.time(9, 15, 59), dt.time(9, 15)),
        ("13 h 30", dt.time(13, 30)),
        (9, dt.time(9)),
    ],
)
def test_times(written, time):
    parsed = parse_time(written)
    assert parsed.time == time


@example("²")
@example("9" * 5_000)
@example("1 janvier " + "9" * 5_000)
@given(st.one_of(st.text(), st.floats(), st.integers(), st.binary(), st.booleans(), st.none()))
def test_any_cell_gives_a_date_or_a_sentence(value):
    parse_date(value, pivot_year=2026)
    parse_time(value)
