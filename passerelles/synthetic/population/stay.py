"""Dates and residence documents: entry into France ≤ start of the permit ≤ signature < end of the permit. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from passerelles.reference import calendar
from passerelles.synthetic.population import axes, published, territory
from passerelles.synthetic.population.draws import Flags, Index, Rng, chance, pick
from passerelles.synthetic.population.rounding import largest_remainder

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Stay:
    """One entry per person."""

    entered_on: Days
    permit: npt.NDArray[np.str_]
    permit_starts_on: Days
    permit_ends_on: Days


def signatures(department: str, direction: str, year: int, count: int, until: dt.date | None, rng: Rng) -> Days:
    """Working days of the direction, in random order, spread over the months as the year was.

    The number of the first half-year is exact over the nation (44,000 in 2025). `until` stops the year earlier.
    """
    days, weights = _working_days(direction, year)
    if until is not None and until.year == year:
        kept = days <= np.datetime64(until)
        return rng.permutation(_spread(days[kept], weights[kept], count, rng))
    first = round(count * first_half(year)[department] / territory.counts(year)[department])
    in_first = days < np.datetime64(f"{year}-07-01")
    return rng.permutation(
        np.concatenate(
            [
                _spread(days[in_first], weights[in_first], first, rng),
                _spread(days[~in_first], weights[~in_first], count - first, rng),
            ]
        )
    )


@lru_cache(maxsize=16)
def first_half(year: int) -> dict[str, int]:
    """Signatories of the first half-year by department; their sum is the national number."""
    counts = territory.counts(year)
    total = sum(counts.values())
    published_half = published.figures().get(f"cir_first_half_{year}")
    national = int(published_half.value) if published_half else round(total * territory.months(year)[:6].sum())
    shared = largest_remainder(list(counts.values()), national)
    return dict(zip(counts, map(int, shared), strict=True))


def stays(motive: Index, bpi: Flags, signed_on: Days, rng: Rng) -> Stay:
    """Entry and permit of each person, by motive and protection."""
    permit, months = _permits(motive, bpi, rng)
    longest = np.array(published.assumed("permit_before_signature_days")["longest"], dtype=np.float64)
    waited = np.minimum(longest[motive] * rng.beta(1.3, 2.6, len(motive)), months * 28 - 10)
    starts = signed_on - waited.astype("timedelta64[D]")
    before = published.assumed("stay_before_permit_months")
    arrival = chance(rng, np.array(before["arrivals"])[motive])
    low = np.where(arrival, 0.0, np.array(before["shortest"], dtype=np.float64)[motive])
    high = np.where(arrival, np.array(before["arrival_max"])[motive], np.array(before["longest"])[motive])
    stayed = (low + (high - low) * rng.beta(1.0, 2.0, len(motive))) * 30.4
    return Stay(
        entered_on=starts - stayed.astype("timedelta64[D]"),
        permit=permit,
        permit_starts_on=starts,
        permit_ends_on=starts + (months * 30.4375).astype("timedelta64[D]"),
    )


def _permits(motive: Index, bpi: Flags, rng: Rng) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    kinds = published.assumed("permits")
    publics = ["BPI", *axes.MOTIVES]
    names = sorted({name for public in publics for name in kinds[public]})
    weights = np.array([[kinds[public].get(name, (0, 0))[0] for name in names] for public in publics])
    months = np.array([[kinds[public].get(name, (0, 0))[1] for name in names] for public in publics], dtype=np.float64)
    public_of = np.where(bpi, 0, motive + 1)
    chosen = pick(rng, weights, public_of)
    return np.array(names)[chosen], months[public_of, chosen]


def _spread(days: Days, weights: npt.NDArray[np.float64], count: int, rng: Rng) -> Days:
    if not count:
        return days[:0]
    level = (np.arange(count) + rng.random()) / count
    cumulative = np.cumsum(weights) / weights.sum()
    return np.asarray(days[np.minimum(np.searchsorted(cumulative, level), len(days) - 1)])


@lru_cache(maxsize=256)
def _working_days(direction: str, year: int) -> tuple[Days, npt.NDArray[np.float64]]:
    """The days on which the direction receives, and the share of the year's contracts signed on each."""
    first = dt.date(year, 1, 1)
    all_days = [first + dt.timedelta(days=i) for i in range((dt.date(year + 1, 1, 1) - first).days)]
    worked = [day for day in all_days if calendar.is_working_day(day, f"dt:{direction}")]
    month = np.array([day.month - 1 for day in worked])
    weights = territory.months(year)[month] / np.bincount(month, minlength=12)[month]
    return np.array(worked, dtype="datetime64[D]"), weights
