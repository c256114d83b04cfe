"""What a dated decision of an agent of the State may say, and what it still says on a date. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from passerelles.core.dates import parse_date
from passerelles.core.errors import UserError
from passerelles.core.periods import Period, date_fr
from passerelles.core.text import ascii_key, clean
from passerelles.reference.levels import Level
from passerelles.reference.register import Entry, Parameter, Value, ValueType
from passerelles.reference.territory import Kind, Territory

FIRST_YEAR, LAST_YEAR = 2000, 2099
SHORTEST_SENTENCE = 10
GREATEST = 1_000_000_000
LONGEST_NUMBER = len("1.000.000.000")

_NUMBER = re.compile(r"(?P<digits>\d[\d\s.]*\d|\d)\s*(?P<unit>[^\d\s.,;-].*)?")
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")
_YES_NO = {"oui": True, "non": False}
_EXPECTED = {
    ValueType.INT: "un nombre entier, par exemple 15",
    ValueType.STR: "un texte",
    ValueType.BOOL: "« oui » ou « non »",
    ValueType.DATE: "une date, par exemple 01/10/2026",
    ValueType.INT_LIST: "des nombres entiers séparés par des virgules, par exemple 100, 200",
    ValueType.LEVEL: "un niveau du cadre européen, par exemple A2",
}


class InvalidValue(UserError):
    """The value is not of the type of the register."""


class InvalidUnit(UserError):
    """The value is given in another unit than that of the register."""


class InvalidDates(UserError):
    """The decision has no day, or lies outside the years of the platform."""


class MissingReference(UserError):
    """The decision does not say which text or act it rests on."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An override as it was recorded. `withdrawn_from` is the first day on which it no longer holds."""

    key: str
    entry: Entry
    recorded_at: dt.datetime
    withdrawn_at: dt.datetime | None = None
    withdrawn_from: dt.date | None = None

    def standing(self, known_at: dt.datetime | None = None) -> Entry | None:
        """What it says, with what was known at that instant (None: now); None when it says nothing.

        A withdrawal that takes effect during the validity cuts it; from its first day, it leaves nothing.
        """
        if known_at is not None and self.recorded_at > known_at:
            return None
        if self.withdrawn_at is None or self.withdrawn_from is None:
            return self.entry
        if known_at is not None and self.withdrawn_at > known_at:
            return self.entry
        if self.withdrawn_from <= self.entry.valid_from:
            return None
        last = self.withdrawn_from - dt.timedelta(days=1)
        if self.entry.valid_to is not None and self.entry.valid_to <= last:
            return self.entry
        return replace(self.entry, valid_to=last)


def by_key_and_territory(
    decisions: Iterable[Decision], known_at: dt.datetime | None = None
) -> Mapping[tuple[str, Territory], tuple[Entry, ...]]:
    """What stands, as `reference.parameters` asks for it."""
    found: defaultdict[tuple[str, Territory], tuple[Entry, ...]] = defaultdict(tuple)
    for decision in decisions:
        entry = decision.standing(known_at)
        if entry is not None:
            found[decision.key, entry.territory] += (entry,)
    return dict(found)


def read_value(parameter: Parameter, text: str) -> Value:
    """What an agent typed, as a value of the parameter; raises InvalidValue and InvalidUnit.

    A number may be followed by its unit: « 15 minutes » is read for a parameter in minutes and refused for one in
    hours.
    """
    typed = clean(text)
    match parameter.type:
        case ValueType.INT:
            value: Value | None = _integer(parameter, typed)
        case ValueType.INT_LIST:
            value = tuple(_integer(parameter, part.strip()) for part in re.split(r"[,;|]", typed) if part.strip())
        case ValueType.BOOL:
            value = _YES_NO.get(typed.lower())
        case ValueType.DATE:
            value = _day(typed)
        case ValueType.LEVEL:
            value = next((level for level in Level if level.value.lower() == typed.lower()), None)
        case ValueType.STR:
            value = typed
    if value is None or value in ("", ()):
        raise _invalid(parameter, typed)
    check_value(parameter, value, parameter.unit)
    return value


def check_value(parameter: Parameter, value: Value | None, unit: str) -> None:
    """Raise InvalidUnit or InvalidValue, unless the register would admit it. None (« non configuré ») always fits."""
    if unit != parameter.unit:
        raise InvalidUnit(
            f"« {parameter.label} » s'exprime en « {parameter.unit} », et non en « {unit} ».",
            remedy="Convertissez la valeur.",
        )
    if not parameter.accepts(value):
        raise _invalid(parameter, str(value))
    for number in _numbers(value):
        if not 0 <= number <= GREATEST:
            raise InvalidValue(f"« {number} » : une valeur est comprise entre 0 et un milliard.", remedy="Corrigez-la.")
        if parameter.unit.startswith("%") and number > 100:
            raise InvalidValue(f"« {number} » : un pourcentage ne dépasse pas 100.", remedy="Corrigez la valeur.")


def check_dates(valid_from: dt.date, valid_to: dt.date | None) -> Period:
    """The validity, both days included; raises InvalidDates and `core.periods.InvalidPeriod`."""
    for day in (valid_from, valid_to):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise InvalidDates(
                f"Le {date_fr(day)} : une décision porte sur les années {FIRST_YEAR} à {LAST_YEAR}.",
                remedy="Corrigez l'année.",
            )
    return Period(valid_from, valid_to)


def check_sentence(text: str, what: str) -> str:
    """The sentence without invisible characters; raises MissingReference when it says too little."""
    sentence = clean(text)
    if len(sentence) < SHORTEST_SENTENCE or " " not in sentence:
        raise MissingReference(
            f"{what} : dites-le en quelques mots.",
            remedy="Citez le texte ou la décision, avec sa date.",
        )
    return sentence


def lies_in(territory: Territory, regions: Iterable[str]) -> bool:
    """Is the territory one of these regions (INSEE codes), or a place of one of them?"""
    return any(Territory(Kind.REGION, code) in territory.chain for code in regions)


def to_json(value: Value | None) -> Any:
    """As the table keeps it: a date as ISO text, a list as a list."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def from_json(kind: ValueType, raw: Any) -> Value | None:
    """The inverse of `to_json`. What does not fit the type comes back as it is, for the register to refuse."""
    try:
        match kind:
            case ValueType.DATE if isinstance(raw, str):
                return dt.date.fromisoformat(raw)
            case ValueType.INT_LIST if isinstance(raw, list):
                return tuple(int(item) for item in raw)
            case ValueType.LEVEL if isinstance(raw, str):
                return Level(raw)
    except ValueError:
        pass
    kept: Value | None = raw
    return kept


def in_french(value: object, choices: Mapping[str, str] | None = None) -> str:
    """A value of a parameter as a person reads it; `choices` label the texts of a closed list."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.date):
        return date_fr(value)
    if isinstance(value, list | tuple):
        return ", ".join(in_french(each) for each in value)
    if isinstance(value, int | float):
        return f"{value:,}".replace(",", "\u202f").replace(".", ",")
    return (choices or {}).get(str(value), str(value))


def unit_shown(parameter: Parameter) -> str:
    """The unit to write after a value: none after a date, a « oui » or a text."""
    return "" if parameter.type in {ValueType.BOOL, ValueType.DATE, ValueType.STR} else parameter.unit


def _integer(parameter: Parameter, text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise _invalid(parameter, text)
    digits = re.sub(r"\s", "", found["digits"])
    if len(digits) > LONGEST_NUMBER or ("." in digits and not _THOUSANDS.fullmatch(digits)):
        raise _invalid(parameter, text)
    unit = found["unit"] or ""
    if unit and not _same_unit(unit, parameter.unit):
        raise InvalidUnit(
            f"« {text} » : ce paramètre s'exprime en « {parameter.unit} ».", remedy="Convertissez la valeur."
        )
    return int(digits.replace(".", ""))


def _same_unit(typed: str, unit: str) -> bool:
    """« minute » and « minutes », « € » and « euros » are one unit."""
    named = {"€": "euros"}.get(typed.strip(), typed)
    if unit.startswith("%"):
        return named.strip().startswith("%")
    plain, expected = (ascii_key(text).rstrip("s") for text in (named, unit))
    return plain == expected


def _day(text: str) -> dt.date | None:
    found = parse_date(text, pivot_year=LAST_YEAR)
    return found.day if found.precision == "day" else None


def _numbers(value: Value | None) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, int) and not isinstance(value, bool) else ()


def _invalid(parameter: Parameter, text: str) -> InvalidValue:
    expected = _EXPECTED[parameter.type]
    if parameter.choices:
        expected = " ou ".join(f"« {label} »" for label in parameter.choices.values())
    return InvalidValue(f"« {text} » n'est pas une valeur de « {parameter.label} ».", remedy=f"Attendu : {expected}.")
