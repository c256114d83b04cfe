"""Levels of French, in the order of the common European framework (CEFR), with the steps below A1."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from passerelles.core.text import ascii_key
from passerelles.reference.matching import index_of


class Level(StrEnum):
    """In rising order: compare with `<` and `>=`.

    `infra A1` (D-019), written when nobody said more, ranks under A1.1: nothing proves that A1.1 is reached.
    """

    INFRA_A1_1 = "infra A1.1"
    INFRA_A1 = "infra A1"
    A1_1 = "A1.1"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"

    @property
    def rank(self) -> int:
        return _ORDER[self.value]

    @property
    def label_fr(self) -> str:
        return self.value

    def reaches(self, required: Level) -> bool:
        return self.rank >= required.rank

    def __lt__(self, other: str) -> bool:
        return self.rank < Level(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Level(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Level(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Level(other).rank


_ORDER = {level.value: rank for rank, level in enumerate(Level)}
_INDEX = index_of(
    (
        level,
        (level.value, level.name, f"niveau {level.value}", level.value.replace(".", "")),
    )
    for level in Level
)
_SIGN_THAT_CHANGES_THE_MEANING = re.compile(r"[<>≤≥+/=~]|^\s*[-–—]")


@lru_cache(maxsize=1024)
def find(text: str) -> Level | None:
    """`a1`, `Niveau A1.1`, `infra-A1`; None when unknown or not one level: `A1+`, `<A1`, `A1/A2`."""
    if _SIGN_THAT_CHANGES_THE_MEANING.search(text):
        return None
    return _INDEX.get(ascii_key(text))
