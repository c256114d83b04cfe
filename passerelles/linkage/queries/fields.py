"""Two records side by side: each field of both, what it says, what it weighs, in words."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from passerelles.core.text import ascii_key
from passerelles.linkage.engine.records import ARRAYS
from passerelles.linkage.engine.score import Contribution
from passerelles.network.models import Agent
from passerelles.people.enums import Sex

NEARLY_SURE = 0.999


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both records. `verdict`: same, different, or missing on one side; what it says and weighs."""

    label: str
    person: str
    record: str
    verdict: str
    contribution: Contribution | None = None

    @property
    def verdict_label(self) -> str:
        if self.contribution is not None:
            return self.contribution.sentence()
        return {"same": "identique", "different": "différent", "missing": "absent d’un côté"}[self.verdict]


def row_of(columns: dict) -> dict:
    """A prepared record with the sets that the engine compares."""
    return columns | {name: frozenset(columns[name]) for name in ARRAYS}


def text_pair(label: str, mine: str, theirs: str, said: Contribution | None = None) -> FieldPair:
    """Two values as they are written; accents and case do not make them different."""
    if not mine or not theirs:
        return FieldPair(label, mine, theirs, "same" if mine == theirs else "missing", said)
    return FieldPair(label, mine, theirs, "same" if ascii_key(mine) == ascii_key(theirs) else "different", said)


def hidden_pair(label: str, mine: str, theirs: str, said: Contribution | None) -> FieldPair:
    """Identifiers are compared by their keyed hashes; their values are not shown (K-004)."""
    verdict = "missing" if not mine or not theirs else "same" if mine.startswith(theirs) else "different"
    return FieldPair(label, "connu" if mine else "", "connu" if theirs else "", verdict, said)


def day(day: dt.date | None) -> str:
    """`05/03/1990`, "" when unknown."""
    return f"{day:%d/%m/%Y}" if day else ""


def sex_label(code: str) -> str:
    """The sex in words, the code when it is another."""
    return Sex(code).label if code in Sex.values else code


def signed(bits: float) -> str:
    """`+9,1` or `−7,0`."""
    return f"{'+' if bits >= 0 else '−'}{abs(bits):.1f}".replace(".", ",")


def chances(share: float) -> str:
    """A probability in words: never 100 %, since it never is."""
    if share > NEARLY_SURE:
        return "plus de 99,9 %"
    return f"{100 * share:.0f} %" if share < 0.99 else f"{100 * share:.1f} %".replace(".", ",")


def agent_name(agent_id: uuid.UUID | None) -> str:
    """The name of an agent, "" when nobody is known."""
    return Agent.objects.filter(pk=agent_id).values_list("name", flat=True).first() or "" if agent_id else ""
