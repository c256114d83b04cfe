"""Cell keys: counts perturbed in the same way wherever the same people are counted. Pure.

For free drill-down by readers who may not open the list: no table is known beforehand, so nothing can be hidden
consistently. Each person bears a key; the sum of the keys of a cell draws its perturbation from a table of greatest
entropy. Not additive: a total is perturbed on its own.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

KEYS = 2**32
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Design:
    """Greatest perturbation, its variance, and the smallest count that may be printed besides 0."""

    reach: int = 5
    variance: float = 3.0
    smallest: int = 5

    @property
    def last(self) -> int:
        """Counts from here on are perturbed alike."""
        return self.smallest + self.reach


DEFAULT = Design()


@lru_cache(maxsize=8)
def perturbation_table(design: Design = DEFAULT) -> Floats:
    """Probability of each perturbation (−reach to +reach, columns) for each count (0 to `design.last`, rows).

    Mean 0. The variance is the one asked, or the least that is possible where nothing may be printed between 1 and
    `smallest` − 1.
    """
    changes = np.arange(-design.reach, design.reach + 1)
    table = np.zeros((design.last + 1, len(changes)))
    table[0, design.reach] = 1.0
    for count in range(1, design.last + 1):
        printed = count + changes
        allowed = (printed == 0) | (printed >= design.smallest)
        steps = changes[allowed].astype(float)
        least = optimize.linprog(
            steps**2, A_eq=np.vstack([np.ones(len(steps)), steps]), b_eq=[1.0, 0.0], method="highs"
        )
        if least.fun >= design.variance - 1e-9:
            table[count, allowed] = least.x
        else:
            table[count, allowed] = _greatest_entropy(steps, design.variance)
    return table


def _greatest_entropy(steps: Floats, variance: float) -> Floats:
    """p ∝ exp(a·d + b·d²), of mean 0 and of the given variance, by Newton's method."""
    moments = np.vstack([steps, steps**2])
    aim = np.array([0.0, variance])
    parameters = np.zeros(2)
    for _ in range(200):
        logs = parameters @ moments
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        mean = moments @ weights
        gap = aim - mean
        if np.abs(gap).max() < 1e-12:
            break
        spread = (moments * weights) @ moments.T - np.outer(mean, mean)
        step = np.linalg.solve(spread, gap)
        parameters += step * min(1.0, 1.0 / max(np.abs(step).max(), 1e-12))
    return np.asarray(weights)


def record_keys(persons: Iterable[bytes], secret: bytes) -> Keys:
    """The key of each person, 32 bits, always the same under the same secret."""
    digests = b"".join(hmac.new(secret, person, hashlib.sha256).digest()[:4] for person in persons)
    return np.frombuffer(digests, dtype=">u4").astype(np.uint64)


def perturbed(counts: NDArray[np.int64], key_sums: Keys, design: Design = DEFAULT) -> NDArray[np.int64]:
    """The counts to print: 0, or at least `smallest`. `key_sums`: sum of the keys of the people of each cell."""
    table = perturbation_table(design)
    cumulated = np.cumsum(table, axis=1)
    cumulated[:, -1] = 1.0
    draw = _scattered(key_sums % KEYS) / KEYS
    row = np.minimum(counts, design.last)
    change = (draw[:, None] >= cumulated[row]).sum(axis=1) - design.reach
    return np.asarray(counts + change, dtype=np.int64)


def _scattered(keys: Keys) -> Keys:
    """Each sum sent elsewhere in 32 bits, so that two cells that differ by one key do not draw near each other."""
    keys = (keys ^ (keys >> np.uint64(16))) * np.uint64(0x45D9F3B) % KEYS
    keys = (keys ^ (keys >> np.uint64(16))) * np.uint64(0x45D9F3B) % KEYS
    return np.asarray(keys ^ (keys >> np.uint64(16)), dtype=np.uint64)
