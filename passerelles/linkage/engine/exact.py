"""Is this the same person? Exact identifiers and exact normalised identity; anything less certain is to review.

`Matcher` is the interface that a probabilistic engine fills without a change in the rooms above. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from passerelles.core.text import ascii_key


class Zone(StrEnum):
    """Where a comparison falls."""

    SAME = "same"
    REVIEW = "review"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Identity:
    """What two lists may have in common about a person. Identifiers are keyed hashes, never values."""

    key: object
    family_name: str
    given_names: str
    birth_date: dt.date | None = None
    sex: str = ""
    birth_name: str = ""
    identifiers: frozenset[tuple[str, bytes]] = field(default_factory=frozenset)

    @property
    def family_key(self) -> str:
        return ascii_key(self.family_name)

    @property
    def given_key(self) -> str:
        return ascii_key(self.given_names)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One pair compared: the zone, the probability if the engine gives one, and why, in French."""

    zone: Zone
    reasons: tuple[str, ...]
    probability: float | None = None


class Matcher(Protocol):
    """What the reception day asks of an engine."""

    def compare(self, left: Identity, right: Identity) -> Comparison:
        """Judge one pair. Symmetrical."""
        ...


class ExactMatcher:
    """Same identifier with the same identity, or the same exact identity without contradiction: same person."""

    def compare(self, left: Identity, right: Identity) -> Comparison:
        shared = left.identifiers & right.identifiers
        clash = self._contradiction(left, right)
        names_agree = self._names_agree(left, right)
        same_day = left.birth_date is not None and left.birth_date == right.birth_date
        if shared and names_agree and same_day:
            return Comparison(Zone.SAME, ("même identifiant", "même nom, mêmes prénoms, même date de naissance"))
        if shared:
            return Comparison(Zone.REVIEW, ("même identifiant", self._difference(left, right)))
        if names_agree and same_day:
            if clash:
                return Comparison(Zone.REVIEW, ("même nom, mêmes prénoms, même date de naissance", clash))
            return Comparison(Zone.SAME, ("même nom, mêmes prénoms, même date de naissance",))
        return self._near(left, right)

    def _near(self, left: Identity, right: Identity) -> Comparison:
        same_day = left.birth_date is not None and left.birth_date == right.birth_date
        if same_day and (left.family_key, left.given_key) == (right.given_key, right.family_key):
            return Comparison(Zone.REVIEW, ("nom et prénoms inversés", "même date de naissance"))
        if same_day and self._family_agrees(left, right):
            return Comparison(Zone.REVIEW, ("même nom, même date de naissance", "prénoms différents"))
        if same_day and left.given_key and left.given_key == right.given_key:
            return Comparison(Zone.REVIEW, ("mêmes prénoms, même date de naissance", "nom différent"))
        if self._names_agree(left, right) and self._dates_near(left.birth_date, right.birth_date):
            return Comparison(Zone.REVIEW, ("même nom, mêmes prénoms", self._date_difference(left, right)))
        return Comparison(Zone.DIFFERENT, ("aucun élément suffisant",))

    @staticmethod
    def _family_agrees(left: Identity, right: Identity) -> bool:
        mine = {left.family_key, ascii_key(left.birth_name)} - {""}
        theirs = {right.family_key, ascii_key(right.birth_name)} - {""}
        return bool(mine & theirs)

    def _names_agree(self, left: Identity, right: Identity) -> bool:
        return left.given_key == right.given_key and left.given_key != "" and self._family_agrees(left, right)

    @staticmethod
    def _contradiction(left: Identity, right: Identity) -> str:
        """A sentence when both carry an identifier of the same kind with different values, or another sex."""
        mine, theirs = dict(left.identifiers), dict(right.identifiers)
        for kind in sorted(set(mine) & set(theirs)):
            if (kind, mine[kind]) not in right.identifiers:
                return "identifiants différents"
        if left.sex and right.sex and left.sex != right.sex:
            return "sexe différent"
        return ""

    @staticmethod
    def _dates_near(left: dt.date | None, right: dt.date | None) -> bool:
        if left is None or right is None:
            return True
        inverted = (left.year, left.month, left.day) == (right.year, right.day, right.month)
        return left.year == right.year or inverted or (left.month, left.day) == (right.month, right.day)

    @staticmethod
    def _date_difference(left: Identity, right: Identity) -> str:
        if left.birth_date is None or right.birth_date is None:
            return "date de naissance inconnue d’un côté"
        return f"dates de naissance différentes ({left.birth_date:%d/%m/%Y} et {right.birth_date:%d/%m/%Y})"

    def _difference(self, left: Identity, right: Identity) -> str:
        if not self._names_agree(left, right):
            return "nom ou prénoms différents"
        return self._date_difference(left, right)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer for one person against one list."""

    result: str  # registered | not_found | to_review
    record: Identity | None
    reasons: tuple[str, ...]


def look_up(person: Identity, candidates: Sequence[Identity], matcher: Matcher) -> Finding:
    """Compare `person` with the candidates of a list: one sure match wins, several or doubtful go to review."""
    judged = [(candidate, matcher.compare(person, candidate)) for candidate in candidates]
    sure = [(c, j) for c, j in judged if j.zone is Zone.SAME]
    doubtful = [(c, j) for c, j in judged if j.zone is Zone.REVIEW]
    if len(sure) == 1:
        return Finding("registered", sure[0][0], sure[0][1].reasons)
    if sure:
        return Finding("to_review", sure[0][0], ("plusieurs lignes identiques dans la liste",))
    if doubtful:
        best = max(doubtful, key=lambda pair: ("même identifiant" in pair[1].reasons, pair[1].probability or 0))
        return Finding("to_review", best[0], best[1].reasons)
    return Finding("not_found", None, ("aucune ligne correspondante dans la liste",))
