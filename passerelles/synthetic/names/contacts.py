"""Telephones and e-mail addresses that reach nobody. Pure.

Telephones come from the six ranges of ten thousand numbers that ARCEP keeps for works of fiction. Half of the people
are in 06 39 98: in a base of a million, about fifty share each mobile, which is better than a number that could be
somebody's. `long` numbers begin alike and have four digits too many to be dialled: they tell people apart like real
ones, for the bases that measure linkage.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from passerelles.core.text import ascii_key
from passerelles.synthetic.names.stock import Ints, Texts

RANGES = ("63998", "19900", "26191", "35301", "46571", "53649")
MOBILE_SHARE = 0.5
DOMAINS = ("courriel.example", "messagerie.example", "boite.example", "example.org", "example.net", "example.com")


def draw_phones(size: int, rng: np.random.Generator, *, long: bool = False) -> Texts:
    """E.164."""
    landline = rng.integers(1, len(RANGES), size)
    chosen = np.where(rng.random(size) < MOBILE_SHARE, 0, landline)
    width = 8 if long else 4
    number = rng.integers(0, 10**width, size)
    found = np.empty(size, dtype=object)
    found[:] = [f"+33{RANGES[r]}{n:0{width}d}" for r, n in zip(chosen.tolist(), number.tolist(), strict=True)]
    return found


def emails(given: Texts, family: Texts, numbers: Ints) -> Texts:
    """`amina.benali0417@courriel.example`: names without accents, digits of the person's number, reserved domains."""
    found = np.empty(len(given), dtype=object)
    found[:] = [
        _email(first, last, number) for first, last, number in zip(given, family, numbers.tolist(), strict=True)
    ]
    return found


def _email(given: str, family: str, number: int) -> str:
    first, last = _plain(given).split(" ")[0], _plain(family).replace(" ", "")
    form = number % 4
    local = f"{first}.{last}" if form < 2 else f"{last}.{first}" if form == 2 else f"{first[:1]}{last}"
    return f"{local.strip('.')[:40] or 'contact'}{number * 7919 % 10_000:04d}@{DOMAINS[number % 17 % len(DOMAINS)]}"


@lru_cache(maxsize=200_000)
def _plain(name: str) -> str:
    return ascii_key(name)
