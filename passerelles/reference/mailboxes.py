"""Functional mailboxes that the documents give: of a service, never of a person (A-003, A-006, A-007, A-008, A-020)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from passerelles.reference.tables import rows


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One line of `data/mailboxes.csv`."""

    body: str
    mailbox: str
    use: str
    requirement: str


@lru_cache(maxsize=1)
def mailboxes() -> tuple[Mailbox, ...]:
    """In the order of the file."""
    return tuple(Mailbox(**row) for row in rows("mailboxes"))
