"""One list: people as it writes them, with its own errors, gaps and dates. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from passerelles.reference import territories
from passerelles.synthetic.lists import dates, names
from passerelles.synthetic.names.contacts import draw_phones, emails
from passerelles.synthetic.names.native import native_name
from passerelles.synthetic.names.numbers import SIGNATORY, ft_numbers, temporary_nirs
from passerelles.synthetic.names.places import draw_addresses, draw_places
from passerelles.synthetic.names.stock import Bools, Floats, Texts, defects

LEAVES_THE_DEPARTMENT = 0.2
STILL_TEMPORARY = 0.06
EMAIL_CHANGED_A_YEAR = 0.08
NEWEST = 0.1
"""Years: even a list of the same week was written after some have moved."""


def write(
    name: str, people: pl.DataFrame, on: dt.date, rng: np.random.Generator, *, prefix: str = SIGNATORY,
    long_phones: bool = False,
) -> pl.DataFrame:  # fmt: skip
    """The lines of list `name` as of `on`, one per person of `people`, in their order: every column of RECORDS but
    `list`, `record` and `person`, and `defects`, how many errors name, date, sex, country and numbers suffered.
    `people` also has `definitive_nir` (`names.numbers`), made on the whole frame that `identities` was given.
    """
    habits = defects()["lists"][name]
    rates = defects()["record"]
    factor, size = float(habits["share_of_defects"]), people.height
    stock = names.stocks_of(people)
    named, count = names.as_listed(people, stock, habits["style"], rates, factor, rng)
    born, wrong_dates = dates.as_listed(people, rates, factor, rng)
    others = people["nationality"].to_numpy()[rng.integers(0, size, size)] if size else np.empty(0, dtype=object)
    sex = people["sex"].to_numpy()
    wrong_sex = names.chosen(size, rates["sex"] * factor, rng)
    country, wrong_country = _country(people, others, rates, factor, rng)
    foreigner, wrong_number = _foreigner_number(people, habits, rates, factor, rng)
    since, until = _period(people, on, rng)
    years = _years(people, on)
    frame = pl.DataFrame(
        {
            **named,
            "native_name": _native(people, stock, habits["native"], rng),
            "birth_date": pl.Series(born).cast(pl.Date),
            "sex": pl.Series(np.where(wrong_sex, np.where(sex == "F", "H", "F"), sex), dtype=pl.String),
            "nationality": country,
            "birth_country": _text(
                np.where(names.chosen(size, rates["birth_elsewhere"], rng), others, people["nationality"].to_numpy())
            ),
            **_place(people, habits, years, rng),
            "phone": _phone(people, habits, years, rng, long_phones),
            "email": _email(people, habits, years, rng),
            "foreigner_number": foreigner,
            "nir": _nir(people, habits, rng),
            "ft_number": _ft_number(people, habits, rng, prefix),
            "since": since,
            "until": until,
        }
    )
    errors = count + wrong_dates + wrong_sex + wrong_country + wrong_number
    return frame.with_columns(defects=pl.Series(errors, dtype=pl.UInt8))


def _text(values: Texts) -> pl.Series:
    return pl.Series(values.tolist(), dtype=pl.String)


def _years(people: pl.DataFrame, on: dt.date) -> Floats:
    days = (np.datetime64(on) - people["signed_on"].to_numpy().astype("datetime64[D]")).astype(float)
    years: Floats = (days / 365.25).clip(NEWEST)
    return years


def _sometime(yearly: float, years: Floats) -> Floats:
    """Probability that what happens with this probability a year has happened."""
    share: Floats = 1 - (1 - yearly) ** years
    return share


def _kept(values: pl.Series, share: float, rng: np.random.Generator) -> pl.Series:
    return _text(np.where(names.chosen(len(values), share, rng), values.to_numpy(), ""))


def _native(people: pl.DataFrame, stock: Texts, share: float, rng: np.random.Generator) -> pl.Series:
    found = np.full(people.height, "", dtype=object)
    family, given = people["birth_name"].to_list(), people["given_names"].to_list()
    in_use = people["family_name"].to_list()
    for line in np.flatnonzero(names.chosen(people.height, share, rng)).tolist():
        found[line] = native_name(family[line] or in_use[line], given[line], stock[line])
    return _text(found)


def _country(
    people: pl.DataFrame, others: Texts, rates: dict[str, Any], factor: float, rng: np.random.Generator
) -> tuple[pl.Series, Bools]:
    missing = names.chosen(people.height, rates["nationality_missing"], rng)
    wrong = names.chosen(people.height, rates["nationality_wrong"] * factor, rng) & ~missing
    own = people["nationality"].to_numpy()
    return _text(np.where(missing, "", np.where(wrong, others, own))), wrong & (others != own)


def _place(
    people: pl.DataFrame, habits: dict[str, Any], years: Floats, rng: np.random.Generator
) -> dict[str, pl.Series]:
    """Postcode, city and address; those who moved since are still, or already, elsewhere."""
    size = people.height
    moved = names.chosen(size, _sometime(habits["moved"], years), rng)
    far = names.chosen(size, LEAVES_THE_DEPARTMENT, rng)
    codes = np.array([department.code for department in territories.departments() if department.zone == "metro"])
    there = np.where(far, codes[rng.integers(0, len(codes), size)].astype(object), people["department"].to_numpy())
    places = draw_places(_text(there).alias("department"), rng)
    streets = draw_addresses(size, rng)
    known = names.chosen(size, habits["address"], rng)
    return {
        "postcode": _text(np.where(moved, [p[1] for p in places], people["postcode"].to_numpy())),
        "city": _text(np.where(moved, [p[2] for p in places], people["city"].to_numpy())),
        "address": _text(np.where(known, np.where(moved, streets, people["address"].to_numpy()), "")),
    }


def _phone(
    people: pl.DataFrame, habits: dict[str, Any], years: Floats, rng: np.random.Generator, long: bool
) -> pl.Series:
    size = people.height
    changed = names.chosen(size, _sometime(habits["phone_changed"], years), rng)
    phones = np.where(changed, draw_phones(size, rng, long=long), people["phone"].to_numpy())
    return _kept(_text(phones), habits["phone"], rng)


def _email(people: pl.DataFrame, habits: dict[str, Any], years: Floats, rng: np.random.Generator) -> pl.Series:
    size = people.height
    changed = names.chosen(size, _sometime(EMAIL_CHANGED_A_YEAR, years), rng)
    found = people["email"].to_numpy().copy()
    found[changed] = emails(
        people["given_names"].to_numpy()[changed],
        people["family_name"].to_numpy()[changed],
        rng.integers(0, 10**9, size)[changed],
    )
    return _kept(_text(found), habits["email"], rng)


def _foreigner_number(
    people: pl.DataFrame, habits: dict[str, Any], rates: dict[str, Any], factor: float, rng: np.random.Generator
) -> tuple[pl.Series, Bools]:
    """Present in a share of the lines, sometimes with a wrong digit: the form stays that of a number."""
    size = people.height
    kept = _kept(people["foreigner_number"], habits["foreigner_number"], rng).to_list()
    wrong = names.chosen(size, rates["foreigner_number_digit"] * factor, rng)
    where, by = rng.integers(2, 10, size), rng.integers(1, 10, size)
    for line in np.flatnonzero(wrong).tolist():
        number, place = kept[line], int(where[line])
        if number:
            digit = (int(number[place]) + int(by[line])) % 10
            kept[line] = f"{number[:place]}{digit}{number[place + 1 :]}"
    return pl.Series(kept, dtype=pl.String), wrong & np.array([number != "" for number in kept], dtype=bool)


def _nir(people: pl.DataFrame, habits: dict[str, Any], rng: np.random.Generator) -> pl.Series:
    if habits.get("own_numbers"):
        return _kept(people["nir"], habits["nir"], rng)
    definitive = people["definitive_nir"]
    waiting = names.chosen(people.height, STILL_TEMPORARY, rng)
    return _kept(_text(np.where(waiting, temporary_nirs(definitive), definitive)), habits["nir"], rng)


def _ft_number(people: pl.DataFrame, habits: dict[str, Any], rng: np.random.Generator, prefix: str) -> pl.Series:
    own = people["ft_number"] if habits.get("own_numbers") else ft_numbers(people["number"], prefix)
    return _kept(own, habits["ft_number"], rng)


def _period(people: pl.DataFrame, on: dt.date, rng: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    """First day in the list, never after it, and last day, past for one line in eight, else null."""
    size = people.height
    day = np.datetime64(on)
    begun = people["signed_on"].to_numpy().astype("datetime64[D]") + rng.integers(-60, 240, size).astype(
        "timedelta64[D]"
    )
    begun = np.minimum(begun, day - rng.integers(0, 20, size).astype("timedelta64[D]"))
    ended = begun + ((day - begun).astype(np.int64) * rng.random(size)).astype(np.int64).astype("timedelta64[D]")
    over = names.chosen(size, 0.12, rng)
    until = np.where(over, ended, np.datetime64("NaT"))
    return pl.Series(begun).cast(pl.Date), pl.Series(until).cast(pl.Date)
