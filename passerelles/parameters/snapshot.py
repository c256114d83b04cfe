"""The decisions as the table holds them, read at most once per request and once per transaction.

Nothing is kept from one request to the next: a decision taken in another process holds from the next reading on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

from django.db import connection, transaction

from passerelles.parameters import rules
from passerelles.parameters.models import Override
from passerelles.parameters.rules import Decision
from passerelles.reference import register
from passerelles.reference.register import Entry
from passerelles.reference.territory import Territory


class Snapshot:
    """What the table held when it was first asked for."""

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        known = register.parameters()
        rows = Override.objects.filter(parameter__in=known).order_by("valid_from", "created_at", "id")
        return tuple(decision_of(row) for row in rows)

    @cached_property
    def standing(self) -> Mapping[tuple[str, Territory], tuple[Entry, ...]]:
        return rules.by_key_and_territory(self.decisions)


class _OfTransaction(Snapshot):
    """Hung on the callbacks of the transaction: Django drops it at the end, or with the savepoint it was read in."""

    forgotten = False

    def __call__(self) -> None:
        """Nothing to do at the commit."""


_of_request: ContextVar[Snapshot | None] = ContextVar("parameters_of_request", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside the block, and outside any transaction, the table is read once."""
    token = _of_request.set(Snapshot())
    try:
        yield
    finally:
        _of_request.reset(token)


def decided(known_at: dt.datetime | None) -> Mapping[tuple[str, Territory], tuple[Entry, ...]]:
    """The source of `reference.parameters` (see `Overrides` there)."""
    snapshot = _current()
    return snapshot.standing if known_at is None else rules.by_key_and_territory(snapshot.decisions, known_at)


def forget() -> None:
    """After a verb, in its transaction: what was read before it no longer holds.

    What is read next hangs on the savepoint of the verb, so that a verb rolled back leaves nothing behind.
    """
    for snapshot in _of_transaction():
        snapshot.forgotten = True
    if _of_request.get() is not None:
        _of_request.set(Snapshot())


def decision_of(row: Override) -> Decision:
    """The row as the rules see it. Its parameter must be in the register."""
    kind = register.parameters()[row.parameter].type
    territory = Territory.parse(row.territory)
    entry = Entry(territory, row.valid_from, row.valid_to, rules.from_json(kind, row.value), row.reference)
    return Decision(row.parameter, entry, row.created_at, row.withdrawn_at, row.withdrawn_from)


def _current() -> Snapshot:
    if not connection.in_atomic_block:
        return _of_request.get() or Snapshot()
    known = next((snapshot for snapshot in _of_transaction() if not snapshot.forgotten), None)
    if known is None:
        known = _OfTransaction()
        transaction.on_commit(known)
    return known


def _of_transaction() -> Iterator[_OfTransaction]:
    return (callback for _, callback, *_ in connection.run_on_commit if isinstance(callback, _OfTransaction))
