"""What a list says of a person: registered, not found, to review, ambiguous. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from passerelles.linkage.engine.decision import Thresholds, Zone
from passerelles.linkage.engine.model import probability

Key = TypeVar("Key", bound=Hashable)

CLEARLY = 10.0
"""Bits by which the best line must outweigh the second for two sure lines not to be ambiguous."""


@dataclass(frozen=True, slots=True)
class Finding(Generic[Key]):
    """The answer, the line it rests on, and the weight of that line in bits (prior included)."""

    result: str  # registered | not_found | to_review | ambiguous
    line: Key | None = None
    bits: float | None = None

    @property
    def probability(self) -> float | None:
        return None if self.bits is None else probability(self.bits)


def answer(candidates: Sequence[tuple[Key, float]], thresholds: Thresholds) -> Finding[Key]:
    """Judge the lines of one list that may be the person: (line, bits), in any order."""
    ordered = sorted(candidates, key=lambda each: (-each[1], str(each[0])))
    if not ordered:
        return Finding("not_found")
    line, bits = ordered[0]
    zone = thresholds.zone(probability(bits))
    if zone is Zone.DIFFERENT:
        return Finding("not_found")
    if zone is Zone.REVIEW:
        return Finding("to_review", line, bits)
    rivals = [other for _, other in ordered[1:] if thresholds.zone(probability(other)) is Zone.LINKED]
    if rivals and bits - rivals[0] < CLEARLY:
        return Finding("ambiguous", line, bits)
    return Finding("registered", line, bits)
