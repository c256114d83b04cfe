"""A word cut in the longest pieces known. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable


def cutter(known: Iterable[str]) -> Callable[[str], list[str]]:
    """What cuts a word in the longest of these pieces, letters of none one by one.

    >>> cutter(["ch", "c", "ou"])("chouc!")
    ['ch', 'ou', 'c', '!']
    """
    longest_first = sorted(set(known), key=lambda piece: (-len(piece), piece))
    return re.compile("|".join([*map(re.escape, longest_first), "(?s:.)"])).findall
