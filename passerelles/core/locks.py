"""Who waits for whom: a lock that the transaction holds to its end, for what no row stands for yet."""

from __future__ import annotations

from enum import IntEnum

from django.db import connection


class Turn(IntEnum):
    """What one transaction at a time may do."""

    FOUND_DEMONSTRATION = 57_000_001
    SHARE_IDENTITIES = 57_000_004  # two links that meet make one identity and not two
    FIND_DOUBLES = 57_000_005  # two desks that write the same person at once each see what the other wrote
    DECIDE_PARAMETER = 57_000_006


def take_turn(turn: Turn, of: str = "") -> None:
    """Wait until no other transaction does this to `of` (everything when empty), then hold the place to the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [turn, of])
