"""Birth dates that agree with the age at signature, and how far they are known. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from passerelles.synthetic.names.stock import Bools, Floats, country, defects

Days = npt.NDArray[np.datetime64]


def birth_dates(people: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    """Dates as OFII wrote them and their precision, `day` or `year` (estimated: 1 January or 31 December).

    Takes nationality, age (completed years) and signed_on; the age on signed_on is kept to the day.
    """
    estimated = rng.random(people.height) < january_shares(people["nationality"])
    signed, age = people["signed_on"].to_numpy().astype("datetime64[D]"), people["age"].to_numpy().astype(np.int64)
    dates = anniversaries(signed, age) - rng.integers(0, 365, people.height).astype("timedelta64[D]")
    late = rng.random(people.height) < defects()["ofii"]["estimated_31_december"]
    dates = np.where(estimated, estimates(signed, age, late), dates)
    return pl.Series("birth_date", dates).cast(pl.Date), precision(estimated)


def precision(estimated: Bools) -> pl.Series:
    return pl.Series("birth_date_precision", np.where(estimated, "year", "day").astype(object), dtype=pl.String)


def january_shares(nationalities: pl.Series) -> Floats:
    """Share of estimated births of each one's country."""
    codes = nationalities.fill_null("")
    shares = {code: float(country(code).january) for code in codes.unique()}
    return codes.replace_strict(list(shares), list(shares.values()), return_dtype=pl.Float64).to_numpy()


def anniversaries(days: Days, years: npt.NDArray[np.int64]) -> Days:
    """The same day so many years before; 29 February becomes the 28th."""
    months = days.astype("datetime64[M]")
    former: Days = months - (12 * years).astype("timedelta64[M]")
    day_of_month = days - months.astype("datetime64[D]")
    longest = (former + np.timedelta64(1, "M")).astype("datetime64[D]") - former.astype("datetime64[D]")
    found: Days = former.astype("datetime64[D]") + np.minimum(day_of_month, longest - np.timedelta64(1, "D"))
    return found


def estimates(signed: Days, age: npt.NDArray[np.int64], late: Bools) -> Days:
    """1 January, or 31 December where `late`, of the year that gives this age on the day of signature."""
    years = signed.astype("datetime64[Y]")
    born = years - age.astype("timedelta64[Y]")
    next_year: Days = (years + np.timedelta64(1, "Y")).astype("datetime64[D]")
    early: Bools = signed + np.timedelta64(1, "D") < next_year
    born_late = born - early.astype("timedelta64[Y]")
    end: Days = (born_late + np.timedelta64(1, "Y")).astype("datetime64[D]") - np.timedelta64(1, "D")
    found: Days = np.where(late, end, born.astype("datetime64[D]"))
    return found
