"""Public holidays and working days, by territory, and ISO weeks.

Holidays: labour code, art. L.3133-1 (everywhere), L.3134-13 (Alsace-Moselle), L.3422-2 (overseas). The
Pacific and austral collectivities, which set their own, are refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from passerelles.core.periods import Period
from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode
from passerelles.reference.territory import NATIONAL, Kind, Territory

ALSACE_MOSELLE = frozenset({"57", "67", "68"})

_FIXED = {
    (1, 1): "Jour de l'an",
    (5, 1): "Fête du Travail",
    (5, 8): "Victoire de 1945",
    (7, 14): "Fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice de 1918",
    (12, 25): "Noël",
}
_AFTER_EASTER = {1: "Lundi de Pâques", 39: "Ascension", 50: "Lundi de Pentecôte"}
_ABOLITION_OF_SLAVERY = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 28),
}
_OWN_LABOUR_LAW = frozenset({"984", "986", "987", "988", "989"})
_ONE_DAY = dt.timedelta(days=1)


def easter(year: int) -> dt.date:
    """Easter Sunday in the Gregorian calendar (anonymous Gregorian computation)."""
    century, year_of_century = divmod(year, 100)
    golden = year % 19
    correction = (8 * century + 13) // 25
    moon = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (year_of_century // 4) - moon - year_of_century % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


def public_holidays(year: int, territory: Territory | str = NATIONAL) -> Mapping[dt.date, str]:
    """Date → French name.

    A direction keeps the holidays of the department of its seat (Metz: Alsace-Moselle), a region those that
    all its departments share. Good Friday is counted in every commune of Alsace-Moselle. Raises UnknownCode
    where the holidays are not known.
    """
    return _holidays(year, Territory.parse(territory) if isinstance(territory, str) else territory)


def is_public_holiday(day: dt.date, territory: Territory | str = NATIONAL) -> bool:
    return day in public_holidays(day.year, territory)


def is_working_day(day: dt.date, territory: Territory | str = NATIONAL) -> bool:
    """Monday to Friday, public holidays excepted (« jour ouvré »)."""
    return day.weekday() < 5 and not is_public_holiday(day, territory)


def add_working_days(day: dt.date, n: int, territory: Territory | str = NATIONAL) -> dt.date:
    """The `n`-th working day after `day`, which does not count itself; before it when `n` is negative.

    With 0: `day` when it is worked, else the next working day.
    """
    if n == 0:
        while not is_working_day(day, territory):
            day += _ONE_DAY
        return day
    step = _ONE_DAY if n > 0 else -_ONE_DAY
    remaining = abs(n)
    while remaining:
        day += step
        remaining -= is_working_day(day, territory)
    return day


def working_days_between(start: dt.date, end: dt.date, territory: Territory | str = NATIONAL) -> int:
    """Working days after `start` up to `end` included; 0 when `end` is not later."""
    return sum(
        is_working_day(start + dt.timedelta(days=offset), territory) for offset in range(1, (end - start).days + 1)
    )


def iso_week(day: dt.date) -> str:
    """`2026-W05`; the year is the one ISO 8601 gives to the week, not always that of the day."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def week_of(day: dt.date) -> Period:
    """Monday to Sunday."""
    monday = day - dt.timedelta(days=day.weekday())
    return Period(monday, monday + dt.timedelta(days=6))


def parse_iso_week(text: str) -> Period:
    """Monday to Sunday of `2026-W05`; raises UnknownCode."""
    try:
        year, week = text.split("-W")
        return week_of(dt.date.fromisocalendar(int(year), int(week), 1))
    except ValueError:
        raise UnknownCode("Semaine", text, "Écrivez l'année puis le numéro de semaine : 2026-W05.") from None


def week_label_fr(day: dt.date) -> str:
    """`semaine 5 (du 26 janvier 2026 au 1er février 2026)`."""
    week = week_of(day)
    return f"semaine {day.isocalendar().week} ({week.label_fr})"


@lru_cache(maxsize=4096)
def _holidays(year: int, territory: Territory) -> Mapping[dt.date, str]:
    match territory.kind:
        case Kind.DEPARTMENT:
            return _holidays_of_department(year, territory.code)
        case Kind.DIRECTION:
            return _holidays_of_department(year, territories.direction(territory.code).seat_department)
        case Kind.REGION:
            each = [
                _holidays_of_department(year, department.code)
                for department in territories.departments_of_region(territory.code)
            ]
            return {day: name for day, name in each[0].items() if all(day in holidays for holidays in each)}
    return _common_holidays(year)


def _common_holidays(year: int) -> dict[dt.date, str]:
    sunday = easter(year)
    fixed = {dt.date(year, month, day): name for (month, day), name in _FIXED.items()}
    moving = {sunday + dt.timedelta(days=shift): name for shift, name in _AFTER_EASTER.items()}
    return dict(sorted({**fixed, **moving}.items()))


def _holidays_of_department(year: int, code: str) -> dict[dt.date, str]:
    if code in _OWN_LABOUR_LAW:
        raise UnknownCode(
            "Jours fériés du territoire",
            code,
            "Ce territoire fixe ses propres jours fériés : ils ne sont pas saisis.",
        )
    holidays = _common_holidays(year)
    if code in ALSACE_MOSELLE:
        holidays[easter(year) - dt.timedelta(days=2)] = "Vendredi saint"
        holidays[dt.date(year, 12, 26)] = "Saint-Étienne"
    if code in _ABOLITION_OF_SLAVERY:
        holidays[dt.date(year, *_ABOLITION_OF_SLAVERY[code])] = "Abolition de l'esclavage"
    return dict(sorted(holidays.items()))
