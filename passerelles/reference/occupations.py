"""Occupations of the ROME: found by what a person types, spelling mistakes forgiven, and named by their code.

The few occupations shipped are in our own words; the official nomenclature is imported by the deployer. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from passerelles.core.text import ascii_key
from passerelles.reference.tables import rows

CLOSE_ENOUGH = 75.0
"""Likeness, of 100, under which a word is not the word that was typed."""
SHORTEST_PREFIX = 3
_EMPTY_WORDS = frozenset("a au aux d de des du en et l la le les ou pour sur".split())


@dataclass(frozen=True, slots=True)
class Occupation:
    """One name of an occupation: several names may share a code."""

    code: str
    label: str


class Occupations:
    """A nomenclature ready to be searched: built once, asked often."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.all = tuple(Occupation(code, label) for code, label in entries)
        self._labels: dict[str, str] = {}
        places: dict[str, list[int]] = {}
        lengths = []
        for place, each in enumerate(self.all):
            self._labels.setdefault(each.code, each.label)
            found = _words(each.label)
            lengths.append(len(found))
            for word in found:
                places.setdefault(word, []).append(place)
        self._vocabulary = list(places)
        self._places = [np.array(where) for where in places.values()]
        self._lengths = np.array(lengths, dtype=float)

    def __len__(self) -> int:
        return len(self.all)

    def __contains__(self, code: str) -> bool:
        return code in self._labels

    def label(self, code: str) -> str:
        """The first name of the code; the code itself when the nomenclature does not know it."""
        return self._labels.get(code, code)

    def search(self, text: str, limit: int = 10) -> tuple[Occupation, ...]:
        """The names nearest to what was typed, best first, one by code; the code itself is understood."""
        code = text.strip().upper()
        if code in self._labels:
            return (Occupation(code, self._labels[code]),)
        words = _words(text)
        if not words or not self.all:
            return ()
        score = np.zeros(len(self.all))
        for word in words:
            score += self._likeness(word)
        score /= len(words)
        order = np.lexsort((self._lengths, -score.round(3)))
        found: dict[str, Occupation] = {}
        for place in order:
            if score[place] < CLOSE_ENOUGH or len(found) >= limit:
                break
            each = self.all[int(place)]
            found.setdefault(each.code, each)
        return tuple(found.values())

    def _likeness(self, word: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """For each name, the likeness of its nearest word to this one; a beginning of a word is that word."""
        scores = process.cdist([word], self._vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)[0]
        best = np.zeros(len(self.all))
        for index, known in enumerate(self._vocabulary):
            value = float(scores[index])
            if len(word) >= SHORTEST_PREFIX and known.startswith(word):
                value = max(value, 95.0 if known != word else 100.0)
            if value:
                where = self._places[index]
                best[where] = np.maximum(best[where], value)
        return best


@lru_cache(maxsize=1)
def shipped() -> Occupations:
    """The occupations that come with the platform."""
    return Occupations((row["code"], row["label"]) for row in rows("occupations"))


def _words(text: str) -> Sequence[str]:
    return [word for word in ascii_key(text).split() if word not in _EMPTY_WORDS]
