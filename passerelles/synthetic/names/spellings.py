"""The spellings that offices give to one name: sets known by heart, and letters written one for the other. Pure.

`Mohamed` → Mohammed, Mouhamed, Mohamad…; `Kouassi` → Kuassi. Never empty, never much longer than the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from passerelles.synthetic.names.pieces import cutter
from passerelles.synthetic.names.stock import read_table, settings, stocks

LONGER = 4
"""Letters that a spelling may add to the name."""
MOST = 12

_DOUBLED_START = re.compile(r"(?:^|[\s\-])([b-df-hj-np-tv-z])\1", re.IGNORECASE)
_STARTS = re.compile(r"(^|[\s\-’'.])(\w)")


@lru_cache(maxsize=100_000)
def spellings(name: str, stock: str) -> tuple[str, ...]:
    """Other spellings of a name among those who bear the names of `stock`, the likeliest first; () when none."""
    found = [*_known(name, stock), *_by_letters(name, stock)]
    return tuple(dict.fromkeys(other for other in found if _fits(other, name)))[:MOST]


def _fits(other: str, name: str) -> bool:
    short_enough = 2 <= len(other) <= len(name) + LONGER
    return other != name and short_enough and other[0].isalpha() and not _DOUBLED_START.search(other)


class Spelling(NamedTuple):
    """One spelling of a set; `only`: the stocks it is kept to, none for all."""

    written: str
    only: frozenset[str]


class Set(NamedTuple):
    """Spellings of one name, and the families of spelling it is known in, none for all."""

    spellings: tuple[Spelling, ...]
    known_in: frozenset[str]


def _known(name: str, stock: str) -> list[str]:
    family = stocks()[stock].spelling
    return [
        spelling.written
        for known in _sets().get(name.lower(), ())
        if not known.known_in or family in known.known_in
        for spelling in known.spellings
        if not spelling.only or stock in spelling.only
    ]


@lru_cache(maxsize=1)
def _sets() -> Mapping[str, list[Set]]:
    """Spelling in lower case → the sets it stands in."""
    found: defaultdict[str, list[Set]] = defaultdict(list)
    for row in read_table("names_variants"):
        words = [word.partition(":") for word in row["spellings"].split()]
        known = Set(
            tuple(Spelling(w.replace("_", " "), frozenset(only.split(",")) - {""}) for w, _, only in words),
            frozenset(settings()["known_in"].get(_script(row["native"]), ())),
        )
        for spelling in known.spellings:
            found[spelling.written.lower()].append(known)
    return dict(found)


def _script(native: str) -> str:
    name = unicodedata.name(native[0]) if native else ""
    return {"ARABIC": "Arab", "CYRILLIC": "Cyrl", "GEORGIAN": "Geor"}.get(name.split(" ")[0], "")


@lru_cache(maxsize=1)
def known_natives() -> Mapping[str, str]:
    """Spelling in lower case → form in the script of origin, where the table of spellings gives one."""
    return {
        word.partition(":")[0].replace("_", " ").lower(): row["native"]
        for row in reversed(read_table("names_variants"))
        if row["native"]
        for word in row["spellings"].split()
    }


def _by_letters(name: str, stock: str) -> list[str]:
    family = stocks()[stock].spelling
    rules, pieces = _rules(family), _cutter(family)(f"{name.lower()}$".replace(" ", "$ "))
    found = []
    for place, piece in enumerate(pieces):
        for other in rules.get(piece, ()):
            if piece not in pieces[:place]:
                spelled = "".join((*pieces[:place], other, *pieces[place + 1 :])).replace("$", "")
                found.append(titled(spelled))
    return found


@lru_cache(maxsize=64)
def _cutter(family: str) -> Callable[[str], list[str]]:
    return cutter(_rules(family))


@lru_cache(maxsize=64)
def _rules(family: str) -> Mapping[str, tuple[str, ...]]:
    """Piece → what is written for it, the longest pieces first."""
    rules: defaultdict[str, list[str]] = defaultdict(list)
    for rule in settings()["spellings"][family].split():
        one, _, other = rule.replace("=", ">").partition(">")
        rules[one].append(other)
        if "=" in rule:
            rules[other].append(one)
    return {piece: tuple(rules[piece]) for piece in sorted(rules, key=lambda piece: (-len(piece), piece))}


@lru_cache(maxsize=100_000)
def titled(text: str) -> str:
    """Capitals where a name has them: `el idrissi-tazi` → `El Idrissi-Tazi`."""
    return _STARTS.sub(lambda found: f"{found[1]}{found[2].upper()}", text)
