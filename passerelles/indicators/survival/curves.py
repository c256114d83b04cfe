"""Kaplan–Meier and Aalen–Johansen curves with their intervals, from additive counts. Pure.

Standard errors: Greenwood for one outcome, infinitesimal jackknife for competing ones; both as R's survival package
(`survfit`) gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from passerelles.indicators.survival.counts import Durations, Ints

Floats = NDArray[np.float64]
Scale = Literal["log", "log-log"]

TIE = 1e-12


@dataclass(frozen=True)
class Point:
    """An estimate at one day and its interval, as shares from 0 to 1."""

    day: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """A step function: `values[i]` holds from `days[i]` to the day before `days[i + 1]`; before, `start`."""

    days: Ints
    values: Floats
    errors: Floats
    low: Floats
    high: Floats
    at_risk: Ints
    start: float

    def at(self, day: int) -> Point:
        """The estimate at the end of `day`."""
        index = int(np.searchsorted(self.days, day, side="right")) - 1
        if index < 0:
            return Point(day, self.start, self.start, self.start)
        return Point(day, float(self.values[index]), float(self.low[index]), float(self.high[index]))

    def median(self) -> tuple[float | None, float | None, float | None]:
        """Day at which half is reached, and its interval; None where the curve does not come that far."""
        return self._crossing(self.values), self._crossing(self.low), self._crossing(self.high)

    def _crossing(self, values: Floats) -> float | None:
        known = np.flatnonzero(~np.isnan(values) & (values <= 0.5 + TIE))
        if not known.size:
            return None
        first = int(known[0])
        if abs(values[first] - 0.5) <= TIE:
            below = [int(n) for n in known if values[n] < 0.5 - TIE]
            return float(self.days[first] + self.days[below[0]]) / 2 if below else float(self.days[first])
        return float(self.days[first])


def kaplan_meier(counts: Durations, *, scale: Scale = "log", confidence: float = 0.95) -> Curve:
    """Share still waiting after each day. One outcome only: see `Durations.merged`."""
    if len(counts.outcomes) != 1:
        raise ValueError("Kaplan–Meier takes one outcome; competing ones: aalen_johansen")
    at_risk = counts.at_risk
    days = np.flatnonzero((counts.events[0] > 0) | (counts.censored > 0))
    events, risk = counts.events[0, days].astype(float), at_risk[days].astype(float)
    values = np.cumprod(1 - events / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.cumsum(events / (risk * (risk - events)))
        errors = np.where(values > 0, values * np.sqrt(hazard), np.nan)
        low, high = _interval(values, np.sqrt(hazard), scale, confidence)
    return Curve(days, values, errors, low, high, at_risk[days], 1.0)


def aalen_johansen(counts: Durations, *, confidence: float = 0.95) -> dict[str, Curve]:
    """Share that has had each outcome after each day, when one outcome prevents the others."""
    at_risk = counts.at_risk
    days = np.flatnonzero((counts.events.sum(axis=0) > 0) | (counts.censored > 0))
    risk = at_risk[days].astype(float)
    hazards = counts.events[:, days] / risk
    staying = np.cumprod(1 - hazards.sum(axis=0))
    before = np.concatenate([[1.0], staying[:-1]])
    values = np.cumsum(before * hazards, axis=1)
    errors = _jackknife(counts, days, risk, hazards, before)
    curves = {}
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    for index, outcome in enumerate(counts.outcomes):
        value, error = values[index], errors[index]
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.where(value > 0, np.exp(z * error / value), 1.0)
        curves[outcome] = Curve(days, value, error, value / spread, np.minimum(value * spread, 1.0), at_risk[days], 0.0)
    return curves


def _interval(values: Floats, error: Floats, scale: Scale, confidence: float) -> tuple[Floats, Floats]:
    """`error`: of the logarithm of the values."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    if scale == "log":
        low, high = values * np.exp(-z * error), np.minimum(values * np.exp(z * error), 1.0)
    else:
        logs = np.log(-np.log(values))
        width = z * error / np.abs(np.log(values))
        low, high = np.exp(-np.exp(logs + width)), np.exp(-np.exp(logs - width))
        low, high = np.where(values == 1, 1.0, low), np.where(values == 1, 1.0, high)
    gone = values <= 0
    return np.where(gone, np.nan, low), np.where(gone, np.nan, high)


def _jackknife(counts: Durations, days: Ints, risk: Floats, hazards: Floats, before: Floats) -> Floats:
    """Standard error of each share: squared influences of those who left on the same day in the same way, summed."""
    position = np.full(len(counts.censored), -1, dtype=np.int64)
    position[days] = np.arange(len(days))
    kinds, when = np.nonzero(counts.events)
    people = [counts.events[kinds, when], counts.censored[counts.censored > 0]]
    leaving_day = np.concatenate([position[when], position[np.flatnonzero(counts.censored)]])
    leaving_kind = np.concatenate([kinds, np.full(len(people[1]), -1)])
    weight = np.concatenate(people).astype(float)
    staying_change = np.zeros(len(weight))
    change = np.zeros((len(counts.outcomes), len(weight)))
    errors = np.zeros((len(counts.outcomes), len(days)))
    for step in range(len(days)):
        present = (leaving_day >= step).astype(float)
        leaving = leaving_day == step
        total = np.zeros(len(weight))
        for kind in range(len(counts.outcomes)):
            hazard_change = ((leaving & (leaving_kind == kind)) - present * hazards[kind, step]) / risk[step]
            change[kind] += staying_change * hazards[kind, step] + before[step] * hazard_change
            total += hazard_change
        staying_change = staying_change * (1 - hazards[:, step].sum()) - before[step] * total
        errors[:, step] = np.sqrt((weight * change**2).sum(axis=1))
    return errors
