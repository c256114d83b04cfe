"""Draws in one go for thousands of persons: shares kept to the unit, weighted choices, random identifiers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rng = np.random.Generator


def uuids(rng: Rng, n: int) -> pl.Series:
    """`n` random UUIDs (version 4) as text, about 0.3 µs each."""
    if n == 0:
        return pl.Series(dtype=pl.String)
    words = rng.integers(0, 65536, size=(8, n), dtype=np.uint16)
    words[3] = (words[3] & 0x0FFF) | 0x4000
    words[4] = (words[4] & 0x3FFF) | 0x8000
    table = _four_digits()
    parts = pl.DataFrame([table.gather(words[i].astype(np.uint32)).alias(str(i)) for i in range(8)])
    dash = pl.lit("-")
    text = pl.concat_str("0", "1", dash, "2", dash, "3", dash, "4", dash, "5", "6", "7")
    return parts.select(text.alias("id")).to_series()


@lru_cache(maxsize=1)
def _four_digits() -> pl.Series:
    return pl.Series([f"{i:04x}" for i in range(65536)])


def shared(rng: Rng, chances: npt.ArrayLike, among: Flags) -> Flags:
    """Who, `among` those concerned, is drawn: each with its own chance, the total known to the unit.

    Systematic sampling in random order: the count is the sum of the chances, rounded up or down, so that a published
    share is met in a small department as in a large one. `chances` is one number or one per person.
    """
    who = np.flatnonzero(among)
    drawn = np.zeros(len(among), dtype=bool)
    if not len(who):
        return drawn
    each = np.broadcast_to(np.asarray(chances, dtype=np.float64), len(among))[who]
    order = rng.permutation(len(who))
    steps = np.floor(np.cumsum(each[order]) + rng.random())
    taken = np.diff(steps, prepend=0.0) > 0
    drawn[who[order[taken]]] = True
    return drawn


def chances(weights: npt.ArrayLike, mean: float, among: Flags, *, ceiling: float = 0.97) -> Floats:
    """Chances proportional to `weights` whose mean `among` those concerned is `mean`; none above `ceiling`."""
    given = np.broadcast_to(np.asarray(weights, dtype=np.float64), len(among)).copy()
    if not among.any():
        return given * 0.0
    for _ in range(6):
        average = given[among].mean()
        if average <= 0:
            break
        given = np.minimum(given * (mean / average), ceiling)
    return given


def exactly(rng: Rng, count: int, among: Flags) -> Flags:
    """`count` persons `among` those concerned, or all of them when they are fewer."""
    drawn = np.zeros(len(among), dtype=bool)
    who = np.flatnonzero(among)
    drawn[rng.choice(who, size=min(count, len(who)), replace=False)] = True
    return drawn


@dataclass(frozen=True, slots=True)
class Coded:
    """One label for each person, as positions in a table; `quoted` is the table as JSON writes it."""

    table: pl.Series
    quoted: pl.Series
    at: Ints

    def __getitem__(self, rows: Ints) -> Coded:
        return Coded(self.table, self.quoted, self.at[rows])

    @property
    def texts(self) -> pl.Series:
        return self.table.gather(self.at.astype(np.uint32))


class Choice:
    """A closed list of labels, weighted or not, drawn or written for many persons at once."""

    __slots__ = ("labels", "_bounds", "_quoted", "_table")

    def __init__(self, weights: Mapping[str, float] | Sequence[str]) -> None:
        pairs = weights if isinstance(weights, Mapping) else dict.fromkeys(weights, 1.0)
        self.labels: tuple[str, ...] = tuple(pairs)
        total = np.cumsum(np.array(list(pairs.values()), dtype=np.float64))
        self._bounds: Floats = total / total[-1]
        self._table = pl.Series(list(self.labels), dtype=pl.String)
        self._quoted = pl.Series([f'"{label}"' for label in self.labels], dtype=pl.String)

    def draw(self, rng: Rng, n: int) -> Ints:
        """Positions in `labels`."""
        positions: Ints = np.searchsorted(self._bounds, rng.random(n), side="right").astype(np.int64)
        positions[positions == len(self.labels)] = len(self.labels) - 1
        return positions

    def coded(self, positions: Ints) -> Coded:
        return Coded(self._table, self._quoted, positions)

    def drawn(self, rng: Rng, n: int) -> Coded:
        return self.coded(self.draw(rng, n))

    def position(self, label: str) -> int:
        return self.labels.index(label)

    def positions(self, labels: Iterable[str]) -> Ints:
        return np.array([self.position(label) for label in labels], dtype=np.int64)


def days_between(rng: Rng, low: npt.ArrayLike, high: npt.ArrayLike, n: int) -> Ints:
    """A whole number of days from `low` to `high` included, for each person; `low` where `high` is below it."""
    least = np.broadcast_to(np.asarray(low, dtype=np.int64), n)
    width = np.maximum(np.broadcast_to(np.asarray(high, dtype=np.int64), n) - least, 0) + 1
    drawn: Ints = least + np.floor(rng.random(n) * width).astype(np.int64)
    return drawn


def delays(rng: Rng, mean: npt.ArrayLike, n: int, *, shape: float = 2.0, least: int = 1) -> Ints:
    """Delays in days around `mean`, skewed as delays are (gamma), never under `least`."""
    means = np.broadcast_to(np.asarray(mean, dtype=np.float64), n)
    drawn = rng.gamma(shape, 1.0, n) / shape * means
    return np.maximum(np.rint(drawn), least).astype(np.int64)
