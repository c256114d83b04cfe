"""Regions, departments, communes and the territorial directions of OFII that cover them (COG 2026).

Communes are read only when first asked for. Provenance and confidence: `data/README.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from passerelles.reference.tables import UnknownCode, rows

_T = TypeVar("_T")

CONFIDENCES = ("faible", "moyenne", "élevée")


@dataclass(frozen=True, slots=True)
class Region:
    """`zone`: metro, drom or com. The eight collectivities without a region appear under their own code."""

    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: str
    region_code: str
    zone: str


@dataclass(frozen=True, slots=True)
class Commune:
    """`parent_code` is the commune of a municipal arrondissement (Paris, Lyon, Marseille), else empty."""

    code: str
    name: str
    department_code: str
    postcodes: tuple[str, ...]
    parent_code: str = ""

    @property
    def is_arrondissement(self) -> bool:
        return self.parent_code != ""


@dataclass(frozen=True, slots=True)
class OfiiDirection:
    """A territorial direction (DT). `region_code` is that of its seat; a few reach into two regions.

    `confidence` (faible, moyenne, élevée) is the lowest of its departments': no official list was found.
    """

    code: str
    name: str
    departments: tuple[str, ...]
    region_code: str
    confidence: str
    seat_department: str

    @property
    def label_fr(self) -> str:
        return f"DT OFII {self.name}"


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, Region]:
    return {row["code"]: Region(row["code"], row["name"], row["zone"]) for row in rows("regions")}


@lru_cache(maxsize=1)
def _departments() -> Mapping[str, Department]:
    return {
        row["code"]: Department(row["code"], row["name"], row["region"], row["zone"]) for row in rows("departments")
    }


@lru_cache(maxsize=1)
def _communes() -> Mapping[str, Commune]:
    return {
        row["code"]: Commune(
            row["code"], row["name"], row["department"], tuple(row["postcodes"].split()), row["parent"]
        )
        for row in rows("communes")
    }


@lru_cache(maxsize=1)
def _communes_by_postcode() -> Mapping[str, tuple[Commune, ...]]:
    found: defaultdict[str, list[Commune]] = defaultdict(list)
    for commune_ in _communes().values():
        for postcode in commune_.postcodes:
            found[postcode].append(commune_)
    return {postcode: tuple(communes) for postcode, communes in found.items()}


@lru_cache(maxsize=1)
def _directions() -> Mapping[str, OfiiDirection]:
    lines: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("ofii_directions"):
        lines[row["slug"]].append(row)
    return {slug: _direction(slug, of_direction) for slug, of_direction in lines.items()}


def _direction(slug: str, lines: list[dict[str, str]]) -> OfiiDirection:
    (seat,) = (line["department"] for line in lines if line["seat"] == "oui")
    return OfiiDirection(
        code=slug,
        name=lines[0]["name"],
        departments=tuple(line["department"] for line in lines),
        region_code=department(seat).region_code,
        confidence=min((line["confidence"] for line in lines), key=CONFIDENCES.index),
        seat_department=seat,
    )


@lru_cache(maxsize=1)
def _direction_by_department() -> Mapping[str, OfiiDirection]:
    return {code: direction_ for direction_ in _directions().values() for code in direction_.departments}


def regions() -> tuple[Region, ...]:
    return tuple(_regions().values())


def departments() -> tuple[Department, ...]:
    return tuple(_departments().values())


def directions() -> tuple[OfiiDirection, ...]:
    return tuple(_directions().values())


def region(code: str) -> Region:
    """Raises UnknownCode."""
    return _look_up(_regions(), code, "Région")


def department(code: str) -> Department:
    """`57`, `2A`, `976`; raises UnknownCode."""
    return _look_up(_departments(), code, "Département")


def commune(code: str) -> Commune:
    """By INSEE code, municipal arrondissements included; raises UnknownCode."""
    return _look_up(_communes(), code, "Commune (code INSEE)")


def direction(slug: str) -> OfiiDirection:
    """`metz`, `clermont-ferrand`; raises UnknownCode."""
    return _look_up(_directions(), slug, "Direction territoriale de l'OFII")


def communes_by_postcode(postcode: str) -> tuple[Commune, ...]:
    """The communes, and municipal arrondissements, served by a postcode; none when it is unknown."""
    return _communes_by_postcode().get(postcode, ())


def communes_of_department(code: str) -> tuple[Commune, ...]:
    """Raises UnknownCode."""
    department(code)
    return tuple(commune_ for commune_ in _communes().values() if commune_.department_code == code)


def departments_of_region(region_code: str) -> tuple[Department, ...]:
    """Raises UnknownCode."""
    region(region_code)
    return tuple(found for found in departments() if found.region_code == region_code)


def departments_of_direction(slug: str) -> tuple[Department, ...]:
    """Raises UnknownCode."""
    return tuple(department(code) for code in direction(slug).departments)


def direction_of_department(code: str) -> OfiiDirection:
    """Raises UnknownCode, also for the collectivities no direction covers."""
    department(code)
    return _look_up(
        _direction_by_department(),
        code,
        "Direction territoriale de l'OFII du département",
        "Aucune direction n'est connue pour ce territoire : rattachez-le avant de continuer.",
    )


def directions_of_region(region_code: str) -> tuple[OfiiDirection, ...]:
    """Every direction with at least one department in the region; raises UnknownCode."""
    codes = {department_.code for department_ in departments_of_region(region_code)}
    return tuple(direction_ for direction_ in directions() if codes.intersection(direction_.departments))


def _look_up(table: Mapping[str, _T], code: str, what: str, remedy: str = "") -> _T:
    try:
        return table[code]
    except KeyError:
        raise UnknownCode(what, code, remedy) from None
