"""The doubles of one list: records gathered by person. Pure."""

from __future__ import annotations

from collections.abc import Iterable

NEVER_COMPARED = -12.0
"""Bits given to a pair that no blocking key proposed."""
LEAST_MEAN = -4.0
"""Mean of the bits between two groups below which they stay apart: one mistaken pair does not join two families."""


def groups(pairs: Iterable[tuple[int, int, float]], *, at_least: float = 0.0) -> list[list[int]]:
    """Rows that are one person, two or more together, from (left, right, bits) weighed on a list with itself.

    Average linkage: the heaviest pair first; two groups join when a pair between them weighs `at_least` and all the
    pairs between them weigh `LEAST_MEAN` on average, so that what one spelling could not prove another does.
    """
    ordered = sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))
    bits = {(min(left, right), max(left, right)): weight for left, right, weight in ordered}
    home: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for left, right, weight in ordered:
        if weight < at_least:
            break
        one, other = (home.setdefault(row, row) for row in (left, right))
        if one == other:
            continue
        mine, theirs = members.get(one, [one]), members.get(other, [other])
        between = [bits.get((min(x, y), max(x, y)), NEVER_COMPARED) for x in mine for y in theirs]
        if sum(between) / len(between) < LEAST_MEAN:
            continue
        members[one] = mine + theirs
        members.pop(other, None)
        for row in theirs:
            home[row] = one
    return sorted(sorted(rows) for rows in members.values())
