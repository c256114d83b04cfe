"""Do groups wait for different lengths of time? The log-rank test, from additive counts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerelles.indicators.survival.counts import Durations


@dataclass(frozen=True)
class LogRank:
    """Statistic with its degrees of freedom and probability; events seen and expected in each group."""

    statistic: float
    freedom: int
    probability: float
    seen: tuple[int, ...]
    expected: tuple[float, ...]


def log_rank(groups: Sequence[Durations]) -> LogRank:
    """Compare the groups over all their days; one outcome each (see `Durations.merged`).

    Raises ValueError with fewer than two groups.
    """
    if len(groups) < 2 or any(len(group.outcomes) != 1 for group in groups):
        raise ValueError("two groups or more, of one outcome")
    size = max(len(group.censored) for group in groups)
    events = np.zeros((len(groups), size))
    risk = np.zeros((len(groups), size))
    for row, group in enumerate(groups):
        events[row, : len(group.censored)] = group.events[0]
        risk[row, : len(group.censored)] = group.at_risk
    total_events, total_risk = events.sum(axis=0), risk.sum(axis=0)
    days = np.flatnonzero(total_events)
    events, risk, died, living = events[:, days], risk[:, days], total_events[days], total_risk[days]
    share = risk / living
    expected = (share * died).sum(axis=1)
    factor = died * (living - died) / np.maximum(living - 1, 1)
    spread = np.diag((share * factor).sum(axis=1)) - (share * factor) @ share.T
    gap = events.sum(axis=1) - expected
    statistic, freedom = _quadratic(gap, spread)
    from scipy.stats import chi2  # seconds to load, for this one line

    return LogRank(
        statistic=statistic,
        freedom=freedom,
        probability=float(chi2.sf(statistic, freedom)) if freedom else 1.0,
        seen=tuple(int(n) for n in events.sum(axis=1)),
        expected=tuple(float(n) for n in expected),
    )


def _quadratic(gap: NDArray[np.float64], spread: NDArray[np.float64]) -> tuple[float, int]:
    """gap' · spread⁻ · gap, over the groups where something was expected, but one."""
    useful = np.flatnonzero(np.diag(spread) > 1e-12)
    if len(useful) < 2:
        return 0.0, 0
    kept = useful[:-1]
    solved = np.linalg.lstsq(spread[np.ix_(kept, kept)], gap[kept], rcond=None)[0]
    return float(gap[kept] @ solved), len(kept)
