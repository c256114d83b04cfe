"""A cohort followed from the signature: its groups, exact or for readers without access to lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerelles.indicators.disclosure import cellkeys
from passerelles.indicators.engine.waits import EVERYBODY, GONE, REACHED, WAITING
from passerelles.indicators.survival.counts import Durations, Ints
from passerelles.indicators.survival.shares import Share, wilson

OUTCOMES = (REACHED, GONE)
STEP = 30
"""Days between two points of a curve made of perturbed counts."""
SMALLEST_GROUP = 30
"""Under this, a group is masked for readers without access to lists: its counts would be mostly noise."""

Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Group:
    """`durations` up to the horizon; `complete`: the share among those followed for all of it; both None if masked."""

    code: str
    durations: Durations | None
    complete: Share | None

    @property
    def masked(self) -> bool:
        return self.durations is None


def exact(rows: Iterable[tuple[str, int, str, int, int]], horizon: int) -> tuple[Group, ...]:
    """From additive rows (group, days, kind, followed, people): everybody first, then each group."""
    found = list(rows)
    return tuple(_group(code, of_group, horizon) for code, of_group in _split(found))


def _split(
    rows: Sequence[tuple[str, int, str, int, int]],
) -> list[tuple[str, list[tuple[str, int, str, int, int]]]]:
    codes = sorted({row[0] for row in rows} - {EVERYBODY})
    return [(EVERYBODY, list(rows)), *((code, [row for row in rows if row[0] == code]) for code in codes)]


def _group(code: str, rows: Sequence[tuple[str, int, str, int, int]], horizon: int) -> Group:
    size = max((row[1] for row in rows), default=0) + 1
    events = np.zeros((len(OUTCOMES), size), dtype=np.int64)
    censored = np.zeros(size, dtype=np.int64)
    reached = base = 0
    for _, days, kind, followed, people in rows:
        if kind == WAITING:
            censored[days] += people
        else:
            events[OUTCOMES.index(kind), days] += people
        if followed:
            base += people
            reached += people if kind == REACHED and days <= horizon else 0
    return Group(code, Durations(OUTCOMES, events, censored).until(horizon), wilson(reached, base))


def guarded(rows: Sequence[tuple[bytes, str, int, str, int]], horizon: int, secret: bytes) -> tuple[Group, ...]:
    """From one row per person (identifier, group, days, kind, followed): counts by STEP days, perturbed (K-025).

    Each printed count (people, reached by day t, gone by day t, no longer followed at day t) is perturbed on its own,
    always in the same way for the same people; it is 0 or at least 5.
    """
    keys = cellkeys.record_keys((row[0] for row in rows), secret)
    codes = np.array([row[1] for row in rows], dtype=object)
    days = np.fromiter((row[2] for row in rows), dtype=np.int64, count=len(rows))
    kinds = np.array([row[3] for row in rows], dtype=object)
    followed = np.fromiter((row[4] for row in rows), dtype=bool, count=len(rows))
    groups = []
    for code in (EVERYBODY, *sorted(set(codes.tolist()) - {EVERYBODY})):
        here = np.ones(len(rows), dtype=bool) if code == EVERYBODY else codes == code
        groups.append(_perturbed(code, keys[here], days[here], kinds[here], followed[here], horizon))
    return tuple(groups)


def _perturbed(
    code: str, keys: Keys, days: Ints, kinds: NDArray[np.object_], followed: NDArray[np.bool_], horizon: int
) -> Group:
    ends = np.arange(STEP, horizon + STEP, STEP)
    ends[-1] = horizon
    reached, gone, waiting = (kinds == kind for kind in (REACHED, GONE, WAITING))
    cells = [np.ones(len(keys), dtype=bool), followed, followed & reached & (days <= horizon)]
    for kind in (reached, gone):
        cells += [kind & (days <= end) for end in ends]
    cells += [waiting & (days < end) for end in ends]
    counts = np.array([int(cell.sum()) for cell in cells], dtype=np.int64)
    sums = np.array([int(keys[cell].sum()) % cellkeys.KEYS for cell in cells], dtype=np.uint64)
    printed = cellkeys.perturbed(counts, sums)
    people, base, of_base = (int(number) for number in printed[:3])
    if people < SMALLEST_GROUP:
        return Group(code, None, None)
    steps = len(ends)
    series = [np.maximum.accumulate(printed[3 + n * steps : 3 + (n + 1) * steps]) for n in range(3)]
    events = np.zeros((len(OUTCOMES), horizon + 2), dtype=np.int64)
    censored = np.zeros(horizon + 2, dtype=np.int64)
    for row in range(len(OUTCOMES)):
        events[row, ends] = np.diff(series[row], prepend=0)
    censored[ends - 1] += np.diff(series[2], prepend=0)
    censored[horizon + 1] = max(people - int(events.sum() + censored.sum()), 0)
    return Group(code, Durations(OUTCOMES, events, censored), wilson(min(of_base, base), base))
