"""Legal texts and instructions, each with the days on which it is in force and the confidence one may have in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from passerelles.core.periods import Period


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one version. `confidence` (élevée, moyenne, faible): our certainty of its words and dates."""

    title: str
    since: dt.date
    until: dt.date | None = None
    confidence: str = "élevée"

    @property
    def period(self) -> Period:
        return Period(self.since, self.until)

    def at(self, article: str = "") -> Reference:
        return Reference(self, article)


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a text: `instruction INTK2511068J du 26/06/2025, §1.b`."""

    text: Text
    article: str = ""

    @property
    def label(self) -> str:
        return f"{self.text.title}, {self.article}" if self.article else self.text.title
