"""The territory a rule or a parameter is written for, and the wider territories it inherits from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode


class Kind(StrEnum):
    """The prefixes written in the data: `department:57`, `dt:metz`, `region:44`, `lot:9`, `zone:rup`."""

    DEPARTMENT = "department"
    DIRECTION = "dt"
    LOT = "lot"
    REGION = "region"
    ZONE = "zone"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Territory:
    """`lot` is a lot of OFII's language-training markets; `zone:rup` the French outermost regions."""

    kind: Kind
    code: str = ""

    @classmethod
    def parse(cls, text: str) -> Territory:
        """Read `national`, `region:44`, `dt:metz`…; raises UnknownCode."""
        return _parse(text)

    @property
    def chain(self) -> tuple[Territory, ...]:
        """This one then the wider ones, most specific first. Which lot serves a place is never guessed."""
        return _chain(self)

    @property
    def label_fr(self) -> str:
        match self.kind:
            case Kind.DEPARTMENT:
                department = territories.department(self.code)
                return f"{department.name} ({department.code})"
            case Kind.DIRECTION:
                return territories.direction(self.code).label_fr
            case Kind.REGION:
                return f"région {territories.region(self.code).name}"
            case Kind.LOT:
                return f"lot {self.code} des marchés de formation de l'OFII"
            case Kind.ZONE:
                return "régions ultrapériphériques"
            case Kind.NATIONAL:
                return "national"

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}" if self.code else str(self.kind)


NATIONAL = Territory(Kind.NATIONAL)
OUTERMOST = Territory(Kind.ZONE, "rup")

AnyTerritory = Territory | str | Iterable[Territory | str]


def chain_of(territory: AnyTerritory) -> tuple[Territory, ...]:
    """The chain of one territory; an explicit sequence, most specific first, is taken as it stands."""
    if isinstance(territory, str):
        return Territory.parse(territory).chain
    if isinstance(territory, Territory):
        return territory.chain
    return tuple(Territory.parse(item) if isinstance(item, str) else item for item in territory)


@lru_cache(maxsize=1024)
def _parse(text: str) -> Territory:
    prefix, _, code = text.partition(":")
    if text == Kind.NATIONAL:
        return NATIONAL
    match prefix:
        case Kind.DEPARTMENT:
            return Territory(Kind.DEPARTMENT, territories.department(code).code)
        case Kind.DIRECTION:
            return Territory(Kind.DIRECTION, territories.direction(code).code)
        case Kind.REGION:
            return Territory(Kind.REGION, territories.region(code).code)
        case Kind.LOT if code.isdecimal():
            return Territory(Kind.LOT, code)
        case Kind.ZONE if code == OUTERMOST.code:
            return OUTERMOST
    raise UnknownCode("Territoire", text, "Écrivez national, region:44, dt:metz, department:57, lot:9 ou zone:rup.")


@lru_cache(maxsize=1024)
def _chain(territory: Territory) -> tuple[Territory, ...]:
    match territory.kind:
        case Kind.DEPARTMENT:
            department = territories.department(territory.code)
            above = _region_chain(department.region_code)
            try:
                direction = territories.direction_of_department(department.code)
            except UnknownCode:
                return (territory, *above)
            return (territory, Territory(Kind.DIRECTION, direction.code), *above)
        case Kind.DIRECTION:
            return (territory, *_region_chain(territories.direction(territory.code).region_code))
        case Kind.REGION:
            return _region_chain(territory.code)
        case Kind.NATIONAL:
            return (territory,)
    return (territory, NATIONAL)


def _region_chain(code: str) -> tuple[Territory, ...]:
    outermost = (OUTERMOST,) if territories.region(code).zone == "drom" or code == "978" else ()
    return (Territory(Kind.REGION, code), *outermost, NATIONAL)
