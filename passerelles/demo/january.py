"""27 January 2026, the day of reference (C-021): 24 convoked in two sessions, 21 received, 4 registered.

8 CDI, 4 CDD, 1 in training, 1 RSA, 3 already at France Travail, 4 registered on the spot. Persons are fictitious;
their sexes and ages are chosen to meet every line of the return, a person of exactly 25 and one of 66 included.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from passerelles.demo.days import Visit
from passerelles.demo.people import Born, Crowd
from passerelles.demo.people import rows as rows_of

DAY = dt.date(2026, 1, 27)
RETURN_DRAFTED = dt.date(2026, 1, 30)
RETURN_SENT = dt.date(2026, 2, 2)


def _born(age: int, *, birthday: tuple[int, int] = (1, 9)) -> dt.date:
    """The birth date of somebody of that age on the day."""
    return dt.date(DAY.year - age, *birthday)


REGISTERED = Visit("register", appointment_after=2, result="attended", accompanied=True)
MORNING = (
    ("H", _born(34), Visit("cdi")),
    ("F", _born(29), Visit("cdi")),
    ("H", _born(41), Visit("cdi")),
    ("H", _born(25, birthday=(1, 27)), Visit("cdi")),
    ("F", _born(23), Visit("cdd")),
    ("H", _born(37), Visit("cdd")),
    ("F", _born(31), Visit("training")),
    ("F", _born(45), Visit("rsa")),
    ("H", _born(52), Visit("ft")),
    ("F", _born(28), REGISTERED),
    ("H", _born(22), Visit("register", appointment_after=3, result="attended", accompanied=True)),
    ("H", _born(39), Visit(None, absence="no_news")),
)
AFTERNOON = (
    ("H", _born(48), Visit("cdi")),
    ("F", _born(36), Visit("cdi")),
    ("H", _born(27), Visit("cdi")),
    ("H", _born(66), Visit("cdi")),
    ("F", _born(26), Visit("cdd")),
    ("H", _born(24), Visit("cdd")),
    ("F", _born(33), Visit("ft")),
    ("H", _born(21), Visit("ft")),
    ("F", _born(47), Visit("register", appointment_after=6, result="missed", result_by_agency=True)),
    ("H", _born(64, birthday=(1, 28)), Visit("register", appointment_after=8)),
    ("F", _born(30), Visit(None, absence="childcare")),
    ("H", _born(43), Visit(None, absence="letter")),
)
HALF_DAYS = {"am": MORNING, "pm": AFTERNOON}


def rows(half_day: str) -> list[dict[str, Any]]:
    """The file rows of one of the two sessions, the same at each run."""
    return rows_of(Crowd(DAY, half_day).chosen([Born(sex, born) for sex, born, _ in HALF_DAYS[half_day]]))


def visits(half_day: str) -> list[Visit]:
    return [visit for _, _, visit in HALF_DAYS[half_day]]
