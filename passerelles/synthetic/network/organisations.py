"""The organisations of each department: about 2,000 in the whole country, the size of each network invented. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from passerelles.core.text import ascii_key
from passerelles.reference import territories
from passerelles.synthetic.frames import ORGANISATIONS
from passerelles.synthetic.network import words
from passerelles.synthetic.pathways.draws import Rng, uuids

SHARE_OF_SILENT = 0.12
SHARE_OF_LATE = 0.18
"""Together 30 % of those who receive referrals; no document gives a rate."""
RECEIVE_REFERRALS = frozenset(
    {"france_travail", "mission_locale", "cap_emploi", "operator", "training_body", "siae", "association"}
)
PHONE_PREFIXES = {"01": "+3319900", "02": "+3326191", "03": "+3335301", "04": "+3346571", "05": "+3353649"}
"""Ranges kept for works of fiction (ARCEP, decision 2018-0881), by zone of the old numbering plan."""
ZONE_OF_REGION = {
    "11": "01",
    "24": "02",
    "28": "02",
    "52": "02",
    "53": "02",
    "01": "05",
    "02": "05",
    "03": "05",
    "04": "02",
    "06": "02",
    "27": "03",
    "32": "03",
    "44": "03",
    "84": "04",
    "93": "04",
    "94": "04",
    "75": "05",
    "76": "05",
}


@dataclass(slots=True)
class _Town:
    name: str
    postcode: str
    weight: int


@dataclass(slots=True)
class _Book:
    """The rows written so far; `taken` keeps names unique within a kind, as the database does."""

    rng: Rng
    rows: list[dict[str, Any]] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)

    def add(self, kind: str, name: str, *, direction: str, department: str, region: str, town: _Town | None) -> None:
        rank = 2
        proper = name
        while (kind, proper.lower()) in self.taken:
            proper, rank = f"{name} {rank}", rank + 1
        self.taken.add((kind, proper.lower()))
        number = len(self.rows) + 1
        street = f"{self.rng.integers(1, 120)} {words.STREETS[self.rng.integers(len(words.STREETS))]}"
        late = 0
        mute = False
        if kind in RECEIVE_REFERRALS:
            draw = self.rng.random()
            mute = bool(draw < SHARE_OF_SILENT)
            slow = SHARE_OF_SILENT <= draw < SHARE_OF_SILENT + SHARE_OF_LATE
            late = int(self.rng.integers(15, 46)) if slow else int(self.rng.integers(1, 8))
        self.rows.append(
            {
                "number": number,
                "name": proper,
                "kind": kind,
                "direction": direction,
                "department": department,
                "region": region,
                "mailbox": f"contact@{_domain(proper)}.example",
                "address": f"{street}, {town.postcode} {town.name}" if town else "",
                "phone": f"{PHONE_PREFIXES[ZONE_OF_REGION.get(region, '01')]}{number % 10_000:04d}",
                "mute": mute,
                "late_days": late,
            }
        )


def organisations(departments: Sequence[str], rng: Rng) -> pl.DataFrame:
    """Every organisation of `departments` (ORGANISATIONS), with the DT that cover them, DREETS and the ministry.

    Numbers begin at 1; the same departments and the same `rng` give the same frame.
    """
    book = _Book(rng)
    directions = {code: territories.direction_of_department(code) for code in departments}
    book.add("ministry", "Direction de l’intégration (fictive)", direction="", department="75", region="11", town=None)
    for region in dict.fromkeys(territories.department(code).region_code for code in departments):
        name = territories.region(region).name
        book.add("dreets", f"DREETS {name}", direction="", department="", region=region, town=None)
    for direction in dict.fromkeys(directions.values()):
        seat = direction.seat_department
        place = {"direction": direction.code, "department": seat, "region": direction.region_code}
        town = _towns(seat)[0]
        book.add("ofii_dt", direction.label_fr, town=town, **place)
        word = _one(rng, words.TEST_PROVIDERS)
        book.add("test_provider", f"{word} ({direction.name})", town=town, **place)
    for code in departments:
        _of_department(book, code, directions[code].code)
    frame = pl.DataFrame(book.rows, schema={k: v for k, v in ORGANISATIONS.items() if k != "id"})
    return frame.with_columns(uuids(rng, len(frame))).select(list(ORGANISATIONS))


def _of_department(book: _Book, code: str, direction: str) -> None:
    department = territories.department(code)
    towns = _towns(code)
    thousands = sum(town.weight for town in towns)
    place = {"direction": direction, "department": code, "region": department.region_code}
    seat = towns[0]
    for kind, name in (
        ("prefecture", "Préfecture"),
        ("ddets", "DDETS"),
        ("department_council", "Conseil départemental"),
        ("caf", "CAF"),
        ("cap_emploi", "Cap emploi"),
    ):
        book.add(kind, f"{name} ({department.name})", town=seat, **place)
    book.add("operator", f"{_one(book.rng, words.OPERATORS)} (AGIR {code})", town=seat, **place)
    if thousands > 700:
        book.add("apec", f"APEC ({department.name})", town=seat, **place)
    for kind, prefix, count in (
        ("france_travail", "France Travail", _count(thousands / 100, 2, 12)),
        ("mission_locale", "Mission locale", _count(thousands / 220, 1, 6)),
    ):
        for town in _spread(towns, count):
            book.add(kind, f"{prefix} {town.name}", town=town, **place)
    for kind, names, count in (
        ("training_body", words.TRAINING_BODIES, _count(thousands / 190, 2, 7)),
        ("siae", words.SIAE, _count(thousands / 280, 1, 5)),
        ("association", words.ASSOCIATIONS, _count(thousands / 300, 1, 5)),
        ("employer", words.EMPLOYERS, _count(thousands / 170, 2, 10)),
    ):
        for town, name in zip(_spread(towns, count), _several(book.rng, names, count), strict=True):
            book.add(kind, f"{name} – {town.name}", town=town, **place)


def _count(wanted: float, least: int, most: int) -> int:
    return max(least, min(most, math.floor(wanted)))


def _spread(towns: Sequence[_Town], count: int) -> Iterator[_Town]:
    """The largest towns, one after the other; the first again when there are not enough of them."""
    for rank in range(count):
        yield towns[rank % len(towns)]


def _several(rng: Rng, names: Sequence[str], count: int) -> list[str]:
    order = rng.permutation(len(names))
    return [names[order[rank % len(names)]] for rank in range(count)]


def _one(rng: Rng, names: Sequence[str]) -> str:
    return names[int(rng.integers(len(names)))]


def _domain(name: str) -> str:
    """`france-travail-metz` of « France Travail Metz »: an address at a domain that cannot exist (RFC 2606)."""
    parts = [part for part in ascii_key(name).split() if part not in words.ABSENT_WORDS]
    return "-".join(parts)[:60].strip("-")


@lru_cache(maxsize=128)
def _towns(department: str) -> tuple[_Town, ...]:
    """Towns of the department, the largest first; `weight` in thousands of inhabitants or so."""
    return tuple(
        _Town(commune.name, commune.postcodes[0] if commune.postcodes else "", weight)
        for commune, weight in (
            (territories.commune(code), int(weight))
            for code, _, weight in (item.partition(":") for item in _town_lists()[department].split())
        )
    )


@lru_cache(maxsize=1)
def _town_lists() -> dict[str, str]:
    text = files("passerelles.synthetic").joinpath("data/names_communes.csv").read_text(encoding="utf-8")
    pairs = (line.partition(";") for line in text.splitlines()[1:] if line)
    return {department: towns for department, _, towns in pairs}


def silent_or_late(frame: pl.DataFrame) -> float:
    """The share of those who receive referrals that never answer or answer after two weeks."""
    asked = frame.filter(pl.col("kind").is_in(list(RECEIVE_REFERRALS)))
    slow = asked.filter(pl.col("mute") | (pl.col("late_days") > 14))
    return float(np.divide(len(slow), max(len(asked), 1)))
