"""How an experiment is compared: who was helped, with whom they are compared, what is looked at and when. Pure.

Everything is said before the start. Nobody enters a group by what happens to them after the comparison begins: when
the help itself marks who was helped, the wait is counted from a fixed day after the signature, among those who have
neither reached the outcome nor left by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from passerelles.core.errors import Impossible

EVERYBODY = "territoire"
LANDMARK = 30
"""Days after the signature by which the help must have begun, when it marks the group."""
HELPS = {
    EVERYBODY: "Tous les signataires du territoire, comparés à ceux d’un autre",
    "cip": "Inscrits à France Travail par le CIP dans les trente jours",
    "rendez_vous": "Premier rendez-vous honoré dans les trente jours",
    "formation": "Entrée en formation professionnelle dans les trente jours",
    "agir": "Entrée dans AGIR dans les trente jours",
}
OUTCOMES = {
    "inscription": "une inscription à France Travail",
    "rendez_vous": "un premier rendez-vous honoré",
    "formation": "une entrée en formation professionnelle",
    "emploi": "un emploi",
}
ALREADY_THE_OUTCOME = {("cip", "inscription"), ("rendez_vous", "rendez_vous"), ("formation", "formation")}
HORIZONS = (91, 182, 365)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a signatory; `helped_on`: day of the help, None without one; `here`: signed where it runs."""

    here: bool
    signed_on: dt.date
    helped_on: dt.date | None
    outcome_on: dt.date | None
    departed_on: dt.date | None
    traits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Groups:
    """People of each group; `too_recent`: signed too late to be followed; `already`: outcome or departure before."""

    helped: tuple[tuple[bool, Mapping[str, str]], ...]
    others: tuple[tuple[bool, Mapping[str, str]], ...]
    too_recent: int
    already: int


def outcome_name(outcome: str, days: int) -> str:
    """`un emploi dans les 182 jours`."""
    return f"{OUTCOMES[outcome]} dans les {days} jours"


def check(help_: str, outcome: str, days: int, starts_on: dt.date, ends_on: dt.date, measured_on: dt.date) -> None:
    """Refuse a protocol that cannot show anything; raises Impossible."""
    if (help_, outcome) in ALREADY_THE_OUTCOME:
        raise Impossible(
            "Ce qui est mesuré est l’aide elle-même : l’effet serait acquis d’avance.",
            remedy="Mesurez ce que l’aide doit provoquer ensuite, par exemple un emploi.",
        )
    if help_ != EVERYBODY and days <= LANDMARK:
        raise Impossible(f"La durée doit dépasser {LANDMARK} jours, délai dans lequel l’aide commence.")
    if ends_on < starts_on:
        raise Impossible("Les signatures prises en compte finissent avant le début de l’expérimentation.")
    if measured_on < ends_on + dt.timedelta(days=days):
        raise Impossible(
            f"À la date de mesure, les derniers signataires n’auraient pas été suivis {days} jours.",
            remedy=f"Choisissez le {ends_on + dt.timedelta(days=days):%d/%m/%Y} ou plus tard.",
        )


def split(people: Iterable[Person], help_: str, days: int, until: dt.date) -> Groups:
    """Who is in which group, and who had the outcome by `days` after the signature. `until`: last day known."""
    helped: list[tuple[bool, Mapping[str, str]]] = []
    others: list[tuple[bool, Mapping[str, str]]] = []
    recent = already = 0
    for person in people:
        last = person.signed_on + dt.timedelta(days=days)
        if last > until:
            recent += 1
            continue
        first = person.signed_on
        if help_ == EVERYBODY:
            is_helped = person.here
        else:
            first += dt.timedelta(days=LANDMARK)
            if any(day is not None and day <= first for day in (person.outcome_on, person.departed_on)):
                already += 1
                continue
            is_helped = person.helped_on is not None and person.helped_on <= first
        reached = person.outcome_on is not None and person.outcome_on <= last
        (helped if is_helped else others).append((reached, person.traits))
    return Groups(tuple(helped), tuple(others), recent, already)
