"""What is measured on the stream: additive counts of a chunk, and the figure they give once added up. Pure.

Counts of several chunks are summed key by key, so that the nation never has to be in memory. A new figure is a line
in `data/published.yaml` and a `Measure` of the same code; measures that share a `count` function share its cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from passerelles.synthetic.frames import SCHEMAS, Chunk

Counts = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """`code` is that of the published figure; `value` answers None when the counts do not allow it."""

    code: str
    count: Callable[[Chunk], Counts]
    value: Callable[[Counts], float | None]


def collect(chunks: Iterable[Chunk], measures: Sequence[Measure]) -> dict[str, float]:
    """The counts of every measure over all chunks; each `count` function sees each chunk once."""
    counters = list(dict.fromkeys(measure.count for measure in measures))
    total: Counter[str] = Counter()
    for chunk in chunks:
        for count in counters:
            for key, value in count(chunk).items():
                total[key] += value  # type: ignore[assignment]
    return dict(total)


def ratio(part: str, whole: str, scale: float = 100.0) -> Callable[[Counts], float | None]:
    """`part` over `whole`, in percent; None when nobody is in the whole."""

    def value(counts: Counts) -> float | None:
        return scale * counts.get(part, 0) / counts[whole] if counts.get(whole) else None

    return value


def number(key: str) -> Callable[[Counts], float | None]:
    """A count as it stands; None when nothing was counted under that key."""
    return lambda counts: counts.get(key)


def growth(key: str, year: int) -> Callable[[Counts], float | None]:
    """Percent more than the year before; `key` is written without its year."""

    def value(counts: Counts) -> float | None:
        before, now = counts.get(f"{year - 1}:{key}"), counts.get(f"{year}:{key}")
        return 100 * (now / before - 1) if before and now else None

    return value


def people_alone(people: pl.DataFrame) -> Chunk:
    """A chunk that holds only people, for the figures that need nothing else."""
    empty: dict[str, Any] = {name: pl.DataFrame(schema=columns) for name, columns in SCHEMAS.items()}
    return Chunk(**{**empty, "people": people})
