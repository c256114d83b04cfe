"""What lists do to a date of birth: estimates, days and months turned, calendars, digits. Pure, by columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from passerelles.synthetic.names.births import Days, january_shares
from passerelles.synthetic.names.stock import Ints, defects


def as_listed(
    people: pl.DataFrame, rates: dict[str, Any], factor: float, rng: np.random.Generator
) -> tuple[Days, Ints]:
    """The birth date as one list writes it, and how many defects it suffered (0 or more); always a real date."""
    size = people.height
    dates = people["birth_date"].to_numpy().astype("datetime64[D]")
    estimated = people["birth_date_precision"].to_numpy() == "year"
    lots = rng.random((5, size))
    year, month, day = _parts(dates)

    known_here = estimated & (lots[0] < rates["real_date"] * factor)
    month = np.where(known_here, rng.integers(1, 13, size), month)
    day = np.where(known_here, rng.integers(1, 29, size), day)
    estimated_here = ~estimated & (lots[0] < january_shares(people["nationality"]) * rates["estimated_here"] * factor)
    month, day = np.where(estimated_here, 1, month), np.where(estimated_here, 1, day)

    turned = (lots[1] < rates["day_month"] * factor) & (day <= 12) & (day != month)
    month, day = np.where(turned, day, month), np.where(turned, month, day)

    counted_otherwise = people["nationality"].is_in(defects()["calendar_countries"]).to_numpy()
    converted = counted_otherwise & (lots[2] < rates["calendar"] * factor)
    year = year + np.where(converted, np.where(lots[3] < 0.5, 1, -1), 0)

    slipped = lots[4] < rates["date_digit"] * factor
    where, by = rng.integers(0, 3, size), np.where(rng.random(size) < 0.5, 1, -1)
    year = year + np.where(slipped & (where == 0), by * np.where(lots[3] < 0.4, 10, 1), 0)
    month = np.where(slipped & (where == 1), (month + by - 1) % 12 + 1, month)
    day = np.where(slipped & (where == 2), (day + by - 1) % 28 + 1, day)

    found = _date(year, month, day)
    return found, np.where(found != dates, 1, 0)


def _parts(dates: Days) -> tuple[Ints, Ints, Ints]:
    months = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    return year, month, day


def _date(year: Ints, month: Ints, day: Ints) -> Days:
    """The day, or the last of its month."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    last = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    wanted = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    found: Days = np.minimum(wanted, last)
    return found
