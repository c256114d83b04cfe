"""Dates and times as spreadsheets and people write them. Day before month; an ambiguous order is never guessed."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass

from passerelles.core.text import ascii_key, clean

EXCEL_EPOCH = dt.date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 1, 73_050
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan",
            "fevrier fevr fev",
            "mars mar",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "aout aou",
            "septembre sept sep",
            "octobre oct",
            "novembre nov",
            "decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = frozenset("lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim".split())
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_FRENCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ,]+(?:[aà] )?\d{1,2}[:hH].*)?")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_TIME = re.compile(r"(?:[aà] )?(\d{1,2})\s*(?:[:hH.]|heures?)\s*(\d{2})?(?:\s*[:m]\s*\d{0,2}.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A day with its precision ("day", "month", "year"), or a problem in French. Blank: neither."""

    day: dt.date | None
    precision: str = "day"
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """A time of the day, or a problem in French. Blank: neither."""

    time: dt.time | None
    problem: str = ""


def parse_date(value: object, *, pivot_year: int) -> ParsedDate:
    """Read a date cell. A two-digit year lies in the hundred years that end with `pivot_year`.

    >>> parse_date("27.01.26", pivot_year=2030).day
    datetime.date(2026, 1, 27)
    """
    if value is None:
        return ParsedDate(None)
    if isinstance(value, dt.datetime):
        return ParsedDate(value.date())
    if isinstance(value, dt.date):
        return ParsedDate(value)
    if isinstance(value, bool):
        return _unreadable(value)
    if isinstance(value, int | float):
        return _from_number(float(value))
    if not isinstance(value, str):
        return _unreadable(value)
    text = clean(value).strip("'’ ")
    if not text:
        return ParsedDate(None)
    return _from_text(text, pivot_year)


def _from_number(number: float) -> ParsedDate:
    if not math.isfinite(number):
        return _unreadable(number)
    whole = int(number)
    if 1900 <= number <= 2100 and number == whole:
        return ParsedDate(dt.date(whole, 1, 1), "year")
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return ParsedDate(EXCEL_EPOCH + dt.timedelta(days=whole))
    if number == whole and (match := _COMPACT.fullmatch(f"{whole:08d}")):
        return _build(int(match[3]), int(match[2]), int(match[1]), str(whole))
    return _unreadable(number)


def _from_text(text: str, pivot_year: int) -> ParsedDate:
    if match := _ISO.fullmatch(text):
        return _build(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _FRENCH.fullmatch(text):
        return _build(_full_year(match[3], pivot_year), int(match[2]), int(match[1]), text)
    if match := re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        if len(text) == 8 and text.isdecimal():
            return _from_eight_digits(text)
        return _from_number(float(text.replace(",", ".")))
    return _from_words(text, pivot_year)


def _from_eight_digits(text: str) -> ParsedDate:
    if text.startswith(("19", "20")) and 1 <= int(text[4:6]) <= 12:
        return _build(int(text[:4]), int(text[4:6]), int(text[6:]), text)
    return _build(int(text[4:]), int(text[2:4]), int(text[:2]), text)


def _from_words(text: str, pivot_year: int) -> ParsedDate:
    words = [word for word in ascii_key(text).replace("1er", "1").split() if word not in WEEKDAYS or word == "mar"]
    while words and words[0] in {"le", "ne", "nee", "du", "mar"} and not words[0].isdecimal():
        if words[0] == "mar" and (len(words) < 3 or not words[1].isdecimal()):
            break
        words = words[1:]
    if len(words) >= 3 and words[0].isdecimal() and words[1] in MONTHS and words[2].isdecimal():
        return _build(_full_year(words[2], pivot_year), MONTHS[words[1]], int(words[0]), text)
    if len(words) == 2 and words[0] in MONTHS and words[1].isdecimal():
        return _build(_full_year(words[1], pivot_year), MONTHS[words[0]], 0, text)
    return _unreadable(text)


def _full_year(digits: str, pivot_year: int) -> int:
    year = int(digits[:9])
    if len(digits) > 2:
        return year
    year += pivot_year - pivot_year % 100
    return year if year <= pivot_year else year - 100


def _build(year: int, month: int, day: int, text: str) -> ParsedDate:
    precision = "day"
    if day == 0:
        precision, day = "month", 1
    if month == 0:
        precision, month, day = "year", 1, 1
    if month > 12 and day <= 12 and precision == "day":
        return ParsedDate(None, problem=f"date illisible : « {text} » (le jour doit précéder le mois)")
    try:
        return ParsedDate(dt.date(year, month, day), precision)
    except (ValueError, OverflowError):
        return ParsedDate(None, problem=f"cette date n’existe pas : « {text} »")


def _unreadable(value: object) -> ParsedDate:
    return ParsedDate(None, problem=f"date illisible : « {str(value)[:60]} »")


def parse_time(value: object) -> ParsedTime:
    """Read a time cell: `9h15`, `9:15`, `09H`, `9.15`, a time, or a fraction of a day."""
    if value is None or value == "":
        return ParsedTime(None)
    if isinstance(value, dt.datetime):
        return ParsedTime(value.time().replace(second=0, microsecond=0))
    if isinstance(value, dt.time):
        return ParsedTime(value.replace(second=0, microsecond=0, tzinfo=None))
    if isinstance(value, dt.timedelta):
        return _from_fraction(value.total_seconds() / 86_400)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 0 < value < 1:
            return _from_fraction(float(value))
        if value in range(1, 24):
            return ParsedTime(dt.time(int(value)))
        return _no_time(value)
    if not isinstance(value, str):
        return _no_time(value)
    text = clean(value)
    if not text:
        return ParsedTime(None)
    if match := _TIME.fullmatch(text):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour < 24 and minute < 60:
            return ParsedTime(dt.time(hour, minute))
    if text.isdecimal() and len(text) <= 2 and int(text) < 24:
        return ParsedTime(dt.time(int(text)))
    return _no_time(text)


def _from_fraction(fraction: float) -> ParsedTime:
    minutes = round(fraction * 1440)
    if not 0 <= minutes < 1440:
        return _no_time(fraction)
    return ParsedTime(dt.time(minutes // 60, minutes % 60))


def _no_time(value: object) -> ParsedTime:
    return ParsedTime(None, f"heure illisible : « {str(value)[:40]} »")
