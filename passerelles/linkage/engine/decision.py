"""From a probability to an answer: linked, to review, different; the thresholds of each use. Pure.

The cost of a wrong link is that of the use: telling a counsellor that a person is already registered when it is
somebody else loses that person; asking an agent to look costs a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    """Where a pair falls."""

    LINKED = "linked"
    REVIEW = "review"
    DIFFERENT = "different"

    @property
    def label_fr(self) -> str:
        return {"linked": "même personne", "review": "à vérifier", "different": "personnes différentes"}[self.value]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities: linked from `linked`, to review from `review`, different below."""

    linked: float
    review: float

    def zone(self, probability: float) -> Zone:
        if probability >= self.linked:
            return Zone.LINKED
        return Zone.REVIEW if probability >= self.review else Zone.DIFFERENT


USES = {
    "check": Thresholds(linked=0.999, review=0.05),
    "creation": Thresholds(linked=0.999, review=0.05),
    "study": Thresholds(linked=0.95, review=0.05),
}
"""`check`: a list against persons (B-051); `creation`: already known before a record is made; `study`: two files."""
