"""The register of dated parameters as it is written in `data/parameters.yaml`, read and checked once.

Which entry applies on a date is decided in `parameters`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from passerelles.core.errors import UserError
from passerelles.core.periods import Period
from passerelles.reference.levels import Level
from passerelles.reference.territories import CONFIDENCES
from passerelles.reference.territory import Territory

Value = bool | int | str | dt.date | tuple[int, ...]


class InvalidParameter(UserError):
    """The register, or an override, says something that cannot be applied."""


class ValueType(StrEnum):
    INT = "int"
    STR = "str"
    BOOL = "bool"
    DATE = "date"
    INT_LIST = "int_list"
    LEVEL = "level"

    def accepts(self, value: Value | None) -> bool:
        """None, which means « non configuré », fits every type."""
        if value is None:
            return True
        match self:
            case ValueType.INT:
                return isinstance(value, int) and not isinstance(value, bool)
            case ValueType.BOOL:
                return isinstance(value, bool)
            case ValueType.DATE:
                return isinstance(value, dt.date) and not isinstance(value, dt.datetime)
            case ValueType.INT_LIST:
                return isinstance(value, tuple)
            case ValueType.LEVEL:
                return isinstance(value, Level)
            case ValueType.STR:
                return isinstance(value, str)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one document, or one dated decision of a State agent, says for one territory.

    `value=None`: the parameter is awaited, no source gives it. `register` tells the rows of requirement L.4.
    """

    territory: Territory
    valid_from: dt.date
    valid_to: dt.date | None
    value: Value | None
    reference: str
    confidence: str = "élevée"
    note: str = ""
    register: str = ""

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Parameter:
    """`rows` are the entries as written; `entries` repeats a row for each of its territories.

    The unit and the type of a key never change: decisions recorded in the database are read with them. `choices`
    (value → label), where the register gives them, are the only texts admitted.
    """

    key: str
    label: str
    unit: str
    type: ValueType
    aliases: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for row in self.rows for entry in row)

    def entries_for(self, territory: Territory) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.territory == territory)

    def accepts(self, value: Value | None) -> bool:
        """Does the value fit the type and, for a text, the closed list?"""
        if not self.type.accepts(value):
            return False
        return value is None or not self.choices or value in self.choices

    def check(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """The entries, once sure that their values fit the type; raises InvalidParameter."""
        checked = tuple(entries)
        for entry in checked:
            if not self.accepts(entry.value):
                raise InvalidParameter(
                    f"Paramètre « {self.label} » ({self.key}), {entry.territory.label_fr}, "
                    f"{entry.period.label_fr} : « {entry.value} » n'est pas une valeur de type {self.type}.",
                    remedy="Corrigez la valeur.",
                )
        return checked


@lru_cache(maxsize=1)
def parameters() -> Mapping[str, Parameter]:
    """Key → parameter, in the order of the file; raises InvalidParameter when the file is wrong."""
    text = files("passerelles.reference").joinpath("data/parameters.yaml").read_text(encoding="utf-8")
    return read(text)


def read(text: str) -> Mapping[str, Parameter]:
    """The parameters of a YAML text, fully checked: types, confidences, references, no overlap."""
    found = {key: _parameter(key, body) for key, body in yaml.safe_load(text).items()}
    names = [name for parameter in found.values() for name in (parameter.key, *parameter.aliases)]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise InvalidParameter(f"Nom de paramètre employé deux fois : {', '.join(sorted(repeated))}.")
    return found


def _parameter(key: str, body: Mapping[str, Any]) -> Parameter:
    kind = ValueType(body["type"])
    parameter = Parameter(
        key=key,
        label=body["label"],
        unit=body["unit"],
        type=kind,
        aliases=tuple(body.get("aliases", ())),
        rows=tuple(_row(key, kind, row) for row in body["entries"]),
        choices=body.get("choices", {}),
    )
    parameter.check(parameter.entries)
    _refuse_overlaps(parameter)
    return parameter


def _row(key: str, kind: ValueType, row: Mapping[str, Any]) -> tuple[Entry, ...]:
    names = row["territory"] if isinstance(row["territory"], list) else [row["territory"]]
    confidence = row["confidence"]
    if confidence not in CONFIDENCES or not row["reference"]:
        raise InvalidParameter(
            f"Paramètre {key}, {row['territory']} : il manque une référence ou une confiance valable.",
            remedy=f"Confiances admises : {', '.join(CONFIDENCES)}.",
        )
    return tuple(
        Entry(
            territory=Territory.parse(name),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            value=_value(kind, row["value"]),
            reference=row["reference"],
            confidence=confidence,
            note=row.get("note", ""),
            register=row.get("register", ""),
        )
        for name in names
    )


def _value(kind: ValueType, raw: Any) -> Value | None:
    if raw is None:
        return None
    if kind is ValueType.INT_LIST:
        return tuple(int(item) for item in raw)
    if kind is ValueType.LEVEL:
        return Level(raw)
    value: Value = raw
    return value


def _refuse_overlaps(parameter: Parameter) -> None:
    entries = parameter.entries
    for position, entry in enumerate(entries):
        for other in entries[position + 1 :]:
            if other.territory == entry.territory and other.period.overlaps(entry.period):
                raise InvalidParameter(
                    f"Paramètre « {parameter.label} » ({parameter.key}), {entry.territory.label_fr} : "
                    f"deux valeurs valent le même jour ({entry.period.label_fr} ; {other.period.label_fr}).",
                    remedy="Bornez la plus ancienne.",
                )
