"""A share with its interval, and retention in a job after some months (F-031, F-036). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from passerelles.core.periods import add_months


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `base`, and the interval of Wilson; no value when the base is empty."""

    count: int
    base: int
    value: float | None
    low: float | None
    high: float | None


def wilson(count: int, base: int, confidence: float = 0.95) -> Share:
    """A share and its interval, right for small bases and near 0 or 1."""
    if not 0 <= count <= base:
        raise ValueError("a count between 0 and the base")
    if base == 0:
        return Share(count, base, None, None, None)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = count / base
    centre = (share + z * z / (2 * base)) / (1 + z * z / base)
    half = z / (1 + z * z / base) * sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    return Share(count, base, share, max(0.0, centre - half), min(1.0, centre + half))


@dataclass(frozen=True, slots=True)
class Retention:
    """Still in the job after `months`, among those hired early enough to know; `too_recent` are not in the base."""

    share: Share
    months: int
    too_recent: int


def retention(jobs: Iterable[tuple[dt.date, dt.date | None]], known_until: dt.date, months: int = 6) -> Retention:
    """`jobs`: (first day, last day or None). The base is the jobs that began `months` before `known_until` or earlier.

    A job kept until the very day of its `months` counts as kept.
    """
    kept = base = recent = 0
    for start, end in jobs:
        due = add_months(start, months)
        if due > known_until:
            recent += 1
            continue
        base += 1
        kept += end is None or end >= due
    return Retention(wilson(kept, base), months, recent)
