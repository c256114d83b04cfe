"""Names as they compare: Latin, lower case, without particles, and the tokens they are made of. Pure.

Twelve regions of the world write, cut and swap names in their own ways; what is left here is what survives a clerk, a
passport and a spreadsheet. The spellings themselves meet in `phonetics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from passerelles.core.text import ascii_key

DROPPED = frozenset(
    "el al ul as ad ar at ash an ait ould wuld uld bint bent binti de da do dos das du del della di la le las los "
    "van von der den y e i ibn bin".split()
)
"""Particles that offices keep, lose or glue."""

NOBODY = frozenset("xxx xx x snu fnu lnu sans nom sansnom inconnu inconnue unknown nom prenom neant nc nr".split())
"""What systems write when a person has one name only (`Afghan` single names, LNU/FNU)."""

TITLES = frozenset("md mr mrs mme mlle jr sr dr haji hadji sheikh cheikh syed sayed".split())
"""Written before or after a name in some lists and not in others; kept when nothing else is left."""

LONGEST = 120
GLUED_ARTICLES = ("el", "al")
LONG_ENOUGH = 7
"""Letters of a family name from which a leading `el` or `al` is taken for a glued article."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name prepared: `glued` is what is compared letter by letter, `tokens` what is found elsewhere."""

    glued: str
    tokens: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.tokens[0] if self.tokens else ""


EMPTY = Name("", ())


@lru_cache(maxsize=200_000)
def family(text: str) -> Name:
    """A family or birth name: particles and articles set aside, compounds glued."""
    tokens = _tokens(text)
    kept = tuple(token for token in tokens if token not in DROPPED) or tokens
    kept = tuple(_without_article(token) for token in kept)
    return Name("".join(kept)[:LONGEST], kept) if kept else EMPTY


@lru_cache(maxsize=200_000)
def given(text: str) -> Name:
    """Given names, in their order: `Fatima-Zahra` and `Fatima Zahra` are the same."""
    tokens = _tokens(text)
    kept = tuple(token for token in tokens if token not in TITLES and token not in DROPPED) or tokens
    return Name("".join(kept)[:LONGEST], kept) if kept else EMPTY


def _tokens(text: str) -> tuple[str, ...]:
    tokens = tuple(ascii_key(text).split())
    return () if all(token in NOBODY for token in tokens) else tuple(t for t in tokens if t not in NOBODY)


def _without_article(token: str) -> str:
    if len(token) >= LONG_ENOUGH and token.startswith(GLUED_ARTICLES):
        return token[2:]
    return token
