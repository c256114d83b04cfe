"""Those who were helped and people alike who were not: weighting, balance, effect with its interval. Pure.

Weights make the comparison group look like the helped one (effect on those helped, normalised weights); the interval
accounts for the weights being estimated (stacked estimating equations).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from passerelles.indicators.impact.protocol import Groups

Floats = NDArray[np.float64]

ROUNDS = 50
RIDGE = 1e-8


@dataclass(frozen=True, slots=True)
class Balance:
    """One characteristic: its mean in each group, before and after weighting; `gap`: standardised difference."""

    name: str
    helped: float
    others: float
    weighted: float
    gap_before: float
    gap_after: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Shares in both groups, their difference with its interval, and what it rests on.

    `effective`: how many unweighted people the weighted comparison group is worth. `overlap`: share of the helped whose
    probability of being helped is met among the others. `robust`: the same effect by doubly robust estimation.
    """

    helped: int
    others: int
    effective: float
    share_helped: float
    share_others: float
    raw: float
    effect: float
    error: float
    low: float
    high: float
    robust: float
    overlap: float
    balance: tuple[Balance, ...]

    @property
    def largest_gap(self) -> float:
        return max((abs(each.gap_after) for each in self.balance), default=0.0)


def design(columns: Mapping[str, Sequence[object]]) -> tuple[Floats, tuple[str, ...]]:
    """Characteristics as numbers: numbers as they are, categories as 0/1 columns but the most frequent."""
    size = len(next(iter(columns.values())))
    made: list[Floats] = []
    names: list[str] = []
    for name, values in columns.items():
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            made.append(np.array(values, dtype=float))
            names.append(name)
            continue
        texts = [str(value) for value in values]
        kinds = sorted(set(texts), key=lambda kind: (-texts.count(kind), kind))
        for kind in kinds[1:]:
            made.append(np.array([text == kind for text in texts], dtype=float))
            names.append(f"{name} : {kind}")
    return (np.column_stack(made) if made else np.zeros((size, 0))), tuple(names)


def compare(
    helped: NDArray[np.bool_], outcome: Floats, characteristics: Floats, names: Sequence[str], confidence: float = 0.95
) -> Effect:
    """Effect on the helped. `outcome`: 0 or 1; `characteristics`: people × columns, known before the start.

    Raises ValueError when a group is empty.
    """
    treated = helped.astype(float)
    count = int(helped.sum())
    others = len(helped) - count
    if not count or not others:
        raise ValueError("two groups that are not empty")
    x = np.column_stack([np.ones(len(helped)), characteristics])
    beta = _logistic(x, treated)
    chance = _inverse_logit(x @ beta)
    weights = np.where(helped, 1.0, chance / (1 - chance))
    control = np.where(helped, 0.0, weights)
    share_helped = float(outcome[helped].mean())
    share_others = float((control * outcome).sum() / control.sum())
    effect = share_helped - share_others
    error = _sandwich(x, treated, outcome, chance, control, share_helped, share_others)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    lowest, highest = np.quantile(chance[~helped], [0.0, 1.0])
    return Effect(
        helped=count,
        others=others,
        effective=float(control.sum() ** 2 / (control**2).sum()),
        share_helped=share_helped,
        share_others=share_others,
        raw=share_helped - float(outcome[~helped].mean()),
        effect=effect,
        error=error,
        low=effect - z * error,
        high=effect + z * error,
        robust=_doubly_robust(x, helped, outcome, control, share_helped),
        overlap=float(((chance[helped] >= lowest) & (chance[helped] <= highest)).mean()),
        balance=_balance(helped, characteristics, control, names),
    )


def compared(groups: Groups) -> Effect | None:
    """The two groups of a protocol, weighted on every trait; None when one is empty."""
    if not groups.helped or not groups.others:
        return None
    everyone = [*groups.helped, *groups.others]
    characteristics, columns = design({name: [traits[name] for _, traits in everyone] for name in everyone[0][1]})
    helped = np.arange(len(everyone)) < len(groups.helped)
    return compare(helped, np.array([float(reached) for reached, _ in everyone]), characteristics, columns)


def unmeasured(effect: Effect) -> float:
    """E-value: how strongly an unmeasured cause must be tied to help and outcome to explain the effect away; 1: not."""
    low, high = min(effect.share_helped, effect.share_others), max(effect.share_helped, effect.share_others)
    if low <= 0 or high <= 0:
        return 1.0
    ratio = high / low
    return ratio + sqrt(ratio * (ratio - 1))


def _logistic(x: Floats, y: Floats) -> Floats:
    """Logistic regression by Newton's method; a tiny ridge keeps separated categories finite."""
    beta = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        p = _inverse_logit(x @ beta)
        information = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(x.shape[1])
        step = np.linalg.solve(information, x.T @ (y - p) - RIDGE * beta)
        beta = beta + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-10:
            break
    return beta


def _inverse_logit(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))


def _sandwich(
    x: Floats, treated: Floats, outcome: Floats, chance: Floats, control: Floats, mean_1: float, mean_0: float
) -> float:
    """Standard error of the difference of the two means, the weights being estimated."""
    size = x.shape[1]
    scores = np.column_stack(
        [x * (treated - chance)[:, None], treated * (outcome - mean_1), control * (outcome - mean_0)]
    )
    bread = np.zeros((size + 2, size + 2))
    bread[:size, :size] = -(x * (chance * (1 - chance))[:, None]).T @ x - RIDGE * np.eye(size)
    bread[size, size] = -treated.sum()
    bread[size + 1, :size] = (control * (outcome - mean_0)) @ x
    bread[size + 1, size + 1] = -control.sum()
    inverse = np.linalg.inv(bread)
    covariance = inverse @ (scores.T @ scores) @ inverse.T
    contrast = np.zeros(size + 2)
    contrast[size], contrast[size + 1] = 1.0, -1.0
    return float(sqrt(contrast @ covariance @ contrast))


def _doubly_robust(
    x: Floats, helped: NDArray[np.bool_], outcome: Floats, control: Floats, share_helped: float
) -> float:
    """The effect on the helped with the outcome of the others predicted too: right when either model is."""
    predicted = _inverse_logit(x @ _logistic(x[~helped], outcome[~helped]))
    residual = float((control * (outcome - predicted)).sum() / control.sum())
    return share_helped - (float(predicted[helped].mean()) + residual)


def _balance(
    helped: NDArray[np.bool_], characteristics: Floats, control: Floats, names: Sequence[str]
) -> tuple[Balance, ...]:
    found = []
    for column, name in enumerate(names):
        values = characteristics[:, column]
        mean_1, mean_0 = float(values[helped].mean()), float(values[~helped].mean())
        weighted = float((control * values).sum() / control.sum())
        spread = float(values[helped].std()) or 1.0
        found.append(Balance(name, mean_1, mean_0, weighted, (mean_1 - mean_0) / spread, (mean_1 - weighted) / spread))
    return tuple(found)
