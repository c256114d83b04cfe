"""What a comparison may find. Apart from the sentences: the tables and the tasks need the names alone. Pure."""

from __future__ import annotations

from enum import StrEnum


class Finding(StrEnum):
    """In the words of the screens."""

    TOO_FEW = "trop peu de personnes"
    NOT_ALIKE = "groupes non comparables"
    REACHED = "cible atteinte"
    BETTER = "effet établi, cible non établie"
    WORSE = "effet défavorable établi"
    NOT_SHOWN = "effet non établi"

    @property
    def code(self) -> str:
        """As it is stored: the words may be said otherwise one day."""
        return self.name.lower()

    @property
    def concludes(self) -> bool:
        """False when the numbers do not allow any conclusion."""
        return self not in (Finding.TOO_FEW, Finding.NOT_ALIKE)

    @classmethod
    def of(cls, code: str) -> Finding:
        return cls[code.upper()]
