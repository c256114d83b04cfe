"""What a list says of a person: registered, not found, to review, ambiguous. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from passerelles.linkage.engine.decision import Thresholds, Zone

Key = TypeVar("Key", bound=Hashable)

MOST_BITS = 60.0
"""Odds beyond are all the same: nothing more is to be known."""


@dataclass(frozen=True, slots=True)
class Finding(Generic[Key]):
    """The answer, the line it rests on, the weight of that line in bits (prior included), and the probability that the
    person is this line rather than another one or none."""

    result: str  # registered | not_found | to_review | ambiguous
    line: Key | None = None
    bits: float | None = None
    probability: float | None = None


def odds(bits: float) -> float:
    """2 to the power `bits`, bounded."""
    return float(2.0 ** min(bits, MOST_BITS))


def among(bits: Sequence[float]) -> list[float]:
    """The probability of each line when the person is one of them at most: likely lines take from one another."""
    chances = [odds(each) for each in bits]
    total = 1 + sum(chances)
    return [each / total for each in chances]


def answer(candidates: Sequence[tuple[Key, float]], thresholds: Thresholds) -> Finding[Key]:
    """Judge the lines of one list that may be the person: (line, bits), in any order.

    Ambiguous: the person is surely in the list, and which line is theirs is not sure.
    """
    ordered = sorted(candidates, key=lambda each: (-each[1], str(each[0])))
    if not ordered:
        return Finding("not_found")
    chances = among([bits for _, bits in ordered])
    line, bits = ordered[0]
    first, present = chances[0], sum(chances)
    if thresholds.zone(first) is Zone.LINKED:
        return Finding("registered", line, bits, first)
    if thresholds.zone(present) is Zone.LINKED:
        return Finding("ambiguous", line, bits, first)
    if thresholds.zone(present) is Zone.DIFFERENT:
        return Finding("not_found")
    return Finding("to_review", line, bits, first)
