"""Additive counts of durations: by day, how many had each outcome and how many were last seen. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

CENSORED = ""
"""The outcome of somebody who is still waiting at the last day known."""


@dataclass(frozen=True)
class Durations:
    """`outcomes`: name of each outcome; `events[k, t]`: people who had outcome k at day t; `censored[t]`: last seen."""

    outcomes: tuple[str, ...]
    events: Ints
    censored: Ints

    @classmethod
    def of(cls, days: Iterable[int], kinds: Iterable[str], outcomes: Iterable[str]) -> Durations:
        """From people: `days` waited (0 or more) and how it ended, CENSORED when it has not."""
        names = tuple(outcomes)
        length = np.fromiter(days, dtype=np.int64)
        kind = np.array([-1 if each == CENSORED else names.index(each) for each in kinds], dtype=np.int64)
        if length.shape != kind.shape:
            raise ValueError("as many durations as outcomes")
        if (length < 0).any():
            raise ValueError("a duration is 0 or more")
        size = int(length.max(initial=0)) + 1
        events = np.stack([np.bincount(length[kind == k], minlength=size) for k in range(len(names))])
        return cls(names, events.astype(np.int64), np.bincount(length[kind < 0], minlength=size).astype(np.int64))

    @classmethod
    def between(
        cls, histories: Iterable[tuple[dt.date, Mapping[str, dt.date | None], dt.date]], outcomes: Iterable[str]
    ) -> Durations:
        """From dates: (start, date of each outcome or None, last day known). The first outcome counts.

        An outcome after the last day known is not known yet; one before the start counts at day 0. On the same day
        the first named outcome wins.
        """
        names = tuple(outcomes)
        days: list[int] = []
        kinds: list[str] = []
        for start, dates, until in histories:
            reached = [
                (max((day - start).days, 0), rank, name)
                for rank, name in enumerate(names)
                if (day := dates.get(name)) is not None and day <= until
            ]
            waited, kind = (min(reached)[0], min(reached)[2]) if reached else ((until - start).days, CENSORED)
            if waited >= 0:
                days.append(waited)
                kinds.append(kind)
        return cls.of(days, kinds, names)

    def __add__(self, other: Durations) -> Durations:
        if self.outcomes != other.outcomes:
            raise ValueError("counts of the same outcomes add up")
        size = max(len(self.censored), len(other.censored))
        return Durations(
            self.outcomes,
            _longer(self.events, size) + _longer(other.events, size),
            _longer(self.censored, size) + _longer(other.censored, size),
        )

    @property
    def people(self) -> int:
        return int(self.events.sum() + self.censored.sum())

    @property
    def at_risk(self) -> Ints:
        """People still waiting just before each day."""
        leaving = self.events.sum(axis=0) + self.censored
        return np.asarray(leaving[::-1].cumsum()[::-1], dtype=np.int64)

    def merged(self, outcome: str) -> Durations:
        """The same with `outcome` alone: who had another outcome is censored that day."""
        index = self.outcomes.index(outcome)
        others = self.events.sum(axis=0) - self.events[index]
        return Durations((outcome,), self.events[[index]], self.censored + others)

    def until(self, day: int) -> Durations:
        """The same people followed for `day` days at most: whatever comes later is not known yet."""
        size = day + 2
        events = _longer(self.events[:, : day + 1], size)
        censored = _longer(self.censored[: day + 1], size)
        censored[day + 1] = self.people - int(events.sum() + censored.sum())
        return Durations(self.outcomes, events, censored)

    def by(self, day: int, outcome: str) -> int:
        """How many had `outcome` by `day`, included."""
        return int(self.events[self.outcomes.index(outcome), : day + 1].sum())

    def not_followed(self, day: int) -> int:
        """How many were last seen before `day` without any outcome."""
        return int(self.censored[:day].sum())


def _longer(values: Ints, size: int) -> Ints:
    missing = size - values.shape[-1]
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)])
