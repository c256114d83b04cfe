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


@dataclass(frozen=True, slots=True)
class Use:
    """Thresholds, and what is expected before looking: the share of persons who are in a list of the kind."""

    thresholds: Thresholds
    overlap: float

    def prior(self, size: int) -> float:
        """The probability that a person and one line of a list of `size` lines match, before any comparison.

        A short list is a sample of a longer one as far as namesakes go: it counts as `LEAST_SIZE`.
        """
        return self.overlap / max(size, LEAST_SIZE)


LEAST_SIZE = 10_000
CHECK = Use(Thresholds(linked=0.995, review=0.05), overlap=0.3)
"""A list against persons (B-051). On the labelled base: 5 false links in 10,000, one person in twelve to review."""
CREATION = Use(Thresholds(linked=0.995, review=0.05), overlap=0.05)
"""Already known before a record is made? As strict: what is shown may belong to somebody else."""
DOUBLE = Use(Thresholds(linked=0.995, review=0.2), overlap=0.02)
"""A person recorded twice in the base. Nobody is linked without an agent: from `linked` the pair is near certain, and a
pair is asked from one chance in five, since the doubt costs a minute and the base is large."""
STUDY = Use(Thresholds(linked=0.99, review=0.05), overlap=0.6)
"""Two files: one false link in 1,000 on the labelled base. `docs/linkage.md` gives the cost of each threshold."""
