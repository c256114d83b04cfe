"""The monthly account of linkage as a screen reads it: counts of one's DTs, no person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from passerelles.linkage.engine.comparisons import BY_CODE
from passerelles.linkage.engine.drift import FAR, LEAST_PAIRS
from passerelles.linkage.models import MonthlyWorth
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.people.enums import Register

MOST_MONTHS = 12
FIELDS = {
    "family": "Nom de famille",
    "given": "Prénoms",
    "born": "Date de naissance",
    "sex": "Sexe",
    "country": "Pays",
    "place": "Lieu",
    "address": "Adresse",
    "email": "Courriel",
    "phone": "Téléphone",
    "agdref": "Numéro étranger",
    "nir": "NIR",
    "ft": "Identifiant France Travail",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What the answers about one group were worth, in words."""

    what: str
    group: str
    answers: int
    doubts: str
    precision: str
    recall: str


@dataclass(frozen=True, slots=True)
class BandRow:
    """Doubts told with a probability of this band: how many held."""

    told: str
    mean: str
    pairs: int
    held: str


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A field of one register: how far it is from the training, and what changed most."""

    register: str
    field: str
    pairs: int
    distance: str
    drifted: bool
    enough: bool
    changed: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account: the month, the DT, the three tables."""

    row: MonthlyWorth
    worth: tuple[Row, ...]
    reliability: tuple[BandRow, ...]
    drift: tuple[DriftRow, ...]

    @property
    def drifted(self) -> list[DriftRow]:
        return [each for each in self.drift if each.drifted]


def accounts(actor: Actor) -> list[Account]:
    """The accounts of one's DTs, the newest first. One query."""
    found = policy.visible(actor, MonthlyWorth.objects.all(), Resource.CHECK).order_by("-month", "direction")
    return [_account(row) for row in found[:MOST_MONTHS]]


def _account(row: MonthlyWorth) -> Account:
    return Account(
        row,
        tuple(
            Row(
                each["what"],
                each["group"],
                each["answers"],
                _share(each["doubts"], each["answers"]),
                _within(each["precision"]),
                _within(each["recall"]),
            )
            for each in row.content.get("worth", ())
        ),
        tuple(_bands(row.content.get("reliability", ()))),
        tuple(_drift(row.content.get("drift", ()))),
    )


def _bands(found: list[dict[str, Any]]) -> Iterator[BandRow]:
    for each in found:
        told = f"de {_percent(each['low'], 0)} à {_percent(min(each['high'], 1), 0)}"
        within = {"part": each["right"], "whole": each["pairs"], "interval": each["interval"]}
        yield BandRow(told, _percent(each["told"], 0), each["pairs"], _within(within))


def _drift(found: list[dict[str, Any]]) -> Iterator[DriftRow]:
    for each in found:
        comparison = BY_CODE.get(each["comparison"])
        if comparison is None:  # an account written by a former model
            continue
        gaps = {level: each["found"][level] - each["expected"].get(level, 0.0) for level in each["found"]}
        labels = {level.code: level.label for level in comparison.levels}
        changed = [
            f"{labels.get(level, level)} : {_percent(each['found'][level], 0)} "
            f"(attendu {_percent(each['expected'].get(level, 0.0), 0)})"
            for level in sorted(gaps, key=lambda level: -abs(gaps[level]))[:2]
            if abs(gaps[level]) >= FAR / 2
        ]
        register = each["register"]
        yield DriftRow(
            register=Register(register).label if register in Register.values else register,
            field=FIELDS[comparison.code],
            pairs=each["pairs"],
            distance=_percent(each["distance"], 0),
            drifted=each["drifted"],
            enough=each["pairs"] >= LEAST_PAIRS,
            changed=" ; ".join(changed),
        )


def _within(share: dict[str, Any]) -> str:
    """`98,0 % (96,1–99,0), 196 sur 200`; a dash when there is nothing to divide by."""
    if not share["whole"]:
        return "–"
    low, high = share["interval"]
    value = _percent(share["part"] / share["whole"], 1)
    return f"{value} ({100 * low:.1f}–{100 * high:.1f}), {share['part']} sur {share['whole']}".replace(".", ",")


def _share(part: int, whole: int) -> str:
    return f"{part} ({_percent(part / whole, 0)})" if whole else "–"


def _percent(share: float, digits: int) -> str:
    return f"{100 * share:.{digits}f} %".replace(".", ",")
