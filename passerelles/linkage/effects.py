"""What depends on a person, told by the rooms above before records are linked: each declares how with `tells`.

Linkage stands below the rooms that open cases (sessions, appointments, referrals): it does not know them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from passerelles.network.policy import Actor

Teller = Callable[[Actor, Sequence[uuid.UUID]], Mapping[uuid.UUID, Sequence[str]]]
_tellers: dict[str, Teller] = {}


@dataclass(frozen=True, slots=True)
class Depends:
    """One heading, and for each of the records the sentences that stand under it."""

    heading: str
    lines: tuple[tuple[str, ...], ...]

    @property
    def both(self) -> bool:
        """More than one of the records has something here."""
        return sum(bool(each) for each in self.lines) > 1


def tells(heading: str) -> Callable[[Teller], Teller]:
    """Declare what stands under `heading`: {person: sentences}, in a fixed number of queries, as the actor may see."""

    def declare(teller: Teller) -> Teller:
        _tellers[heading] = teller
        return teller

    return declare


def depending(actor: Actor, people: Sequence[uuid.UUID]) -> list[Depends]:
    """What depends on each of these persons, under every heading where something does."""
    found = []
    for heading, teller in _tellers.items():
        told = teller(actor, people)
        lines = tuple(tuple(told.get(pk, ())) for pk in people)
        if any(lines):
            found.append(Depends(heading, lines))
    return found
