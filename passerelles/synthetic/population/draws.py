"""Draws for many people at once, one entry per person. Pure; everything random comes from the generator given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rng = np.random.Generator


def pick(rng: Rng, weights: npt.ArrayLike, rows: Index) -> Index:
    """A column for each person, by the weights of their row; shape of `weights`: (row, column)."""
    return _invert(_cumulative(weights), rows, rng.random(len(rows)))


def pick_evenly(rng: Rng, weights: npt.ArrayLike, rows: Index) -> Index:
    """Like `pick`, but the people of a row are spread over the weights: each column gets its share within one."""
    order = np.lexsort((rng.random(len(rows)), rows))
    sorted_rows = rows[order]
    sizes = np.bincount(rows, minlength=int(rows.max(initial=-1)) + 1)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rank = np.arange(len(rows)) - starts[sorted_rows]
    offset = rng.random(len(sizes))
    level = np.empty(len(rows))
    level[order] = (rank + offset[sorted_rows]) / np.maximum(sizes[sorted_rows], 1)
    return _invert(_cumulative(weights), rows, level)


def quota(rng: Rng, groups: Index, rates: npt.ArrayLike, weights: Numbers | None = None) -> Flags:
    """In each group, its rate of people, to within one person, those of more weight more often.

    `rates` has one entry per group, between 0 and 1. The fraction of a person is drawn, so that it holds on average.
    Someone of weight zero is chosen last.
    """
    rate = np.clip(np.asarray(rates, dtype=np.float64), 0, 1)
    sizes = np.bincount(groups, minlength=len(rate))
    chosen = np.floor(sizes * rate + rng.random(len(rate))).astype(np.int64)
    keys = rng.exponential(size=len(groups))
    if weights is not None:
        keys = keys / np.maximum(weights, 1e-12)
    order = np.lexsort((keys, groups))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rank = np.arange(len(groups)) - starts[groups[order]]
    flags = np.zeros(len(groups), dtype=np.bool_)
    flags[order] = rank < chosen[groups[order]]
    return flags


def chance(rng: Rng, probability: Numbers) -> Flags:
    """Each person by their own probability."""
    return np.asarray(rng.random(len(probability)) < probability)


def uuids(rng: Rng, n: int) -> pl.Series:
    """`n` random identifiers, UUID version 4, as text."""
    raw = np.frombuffer(rng.bytes(16 * n), dtype=np.uint8).reshape(n, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    digits = np.frombuffer(b"0123456789abcdef", dtype="S1")
    text = np.full((n, 36), b"-", dtype="S1")
    places = [i for i in range(36) if i not in (8, 13, 18, 23)]
    text[:, places[0::2]] = digits[raw >> 4]
    text[:, places[1::2]] = digits[raw & 0x0F]
    return pl.Series(np.ascontiguousarray(text).view("S36").ravel().astype("U36"), dtype=pl.String)


def _cumulative(weights: npt.ArrayLike) -> Numbers:
    sums = np.cumsum(np.atleast_2d(np.asarray(weights, dtype=np.float64)), axis=1)
    return np.asarray(sums / np.where(sums[:, -1:] > 0, sums[:, -1:], 1.0))


def _invert(cumulative: Numbers, rows: Index, level: Numbers) -> Index:
    """The first column whose cumulative share exceeds the level, found for all rows in one sorted line."""
    line = (cumulative + 2 * np.arange(len(cumulative))[:, None]).ravel()
    found = np.searchsorted(line, level + 2 * rows, side="right") - rows * cumulative.shape[1]
    return np.asarray(np.minimum(found, cumulative.shape[1] - 1), dtype=np.int64)
