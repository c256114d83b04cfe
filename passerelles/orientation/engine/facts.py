"""Facts: what can be known of a person, each of a declared type, each known or unknown, with its source and date.

An unknown fact is absent. It is never replaced by a default.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from passerelles.core.dates import parse_date
from passerelles.core.errors import UserError
from passerelles.core.periods import date_fr
from passerelles.reference import countries, levels, territories
from passerelles.reference.levels import Level
from passerelles.reference.tables import UnknownCode

Value = bool | int | str | dt.date | frozenset[str]
Values = Mapping[str, Value]

NEVER = dt.date.max
"""The value of a date of something that has not happened: known, and later than any day."""
NEVER_WORD = "jamais"
_FIRST_DAY = dt.date(1900, 1, 1)
_OCCUPATION = re.compile(r"[A-N]\d{4}")
MOST_OCCUPATIONS = 5
_YES, _NO = ("oui", "yes", "vrai", "true"), ("non", "no", "faux", "false")


class BadFacts(UserError):
    """The facts as they were written cannot be read; the sentence says what, where and how to mend it."""


class FactType(StrEnum):
    BOOL = "bool"
    DATE = "date"
    ENUM = "enum"
    LEVEL = "level"
    INT = "int"
    CODES = "codes"
    COUNTRY = "country"
    DEPARTMENT = "department"
    OCCUPATIONS = "occupations"

    @property
    def label_fr(self) -> str:
        return _TYPE_LABELS[self]


_TYPE_LABELS = {
    FactType.BOOL: "oui ou non",
    FactType.DATE: "une date, écrite AAAA-MM-JJ",
    FactType.ENUM: "un mot de la liste",
    FactType.LEVEL: "un niveau de français (infra A1.1, A1.1, A1, A2, B1, B2, C1, C2)",
    FactType.INT: "un nombre entier",
    FactType.CODES: "une liste de mots",
    FactType.COUNTRY: "un pays, code ISO à deux lettres ou nom",
    FactType.DEPARTMENT: "un département, par son code",
    FactType.OCCUPATIONS: "un à cinq codes de métier ROME, par exemple F1703",
}


class Sensitivity(StrEnum):
    """HEALTH: a barrier or an entitlement only, never its nature. RESTRICTED: shown to named professionals only."""

    ORDINARY = "ordinaire"
    HEALTH = "santé"
    RESTRICTED = "restreinte"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One entry of the registry. `label` names the fact, `question` asks for it; both in French.

    `sources` are those who may state it. `values`: the words of an ENUM or CODES fact, with their labels. A date
    that `may_be_never` also accepts `jamais` (NEVER): what has not happened is known not to have happened.
    """

    code: str
    type: FactType
    label: str
    question: str
    sources: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    may_be_never: bool = False
    highest: int = 100_000

    def read(self, raw: object) -> Value:
        """The value meant by what a file or a form says; raises BadFacts."""
        value = self._read(raw)
        if value is None:
            raise BadFacts(
                f"Fait « {self.code} » : la valeur « {_shown_raw(raw)} » n'est pas lisible.",
                remedy=f"Il faut {self._expected()}, ou rien si le fait n'est pas connu.",
            )
        return value

    def shown(self, value: Value) -> str:
        """The value in French."""
        match value:
            case bool():
                return "oui" if value else "non"
            case dt.date():
                return NEVER_WORD if value == NEVER else date_fr(value)
            case frozenset():
                return ", ".join(self.values.get(code, code) for code in sorted(value)) or "aucun"
            case Level():
                return value.label_fr
            case str():
                return self.values.get(value, value)
        return str(value)

    def plain(self, value: Value) -> bool | int | str | list[str]:
        """The value as JSON or YAML holds it; `read` gives it back."""
        if isinstance(value, bool | int):
            return value
        if isinstance(value, dt.date):
            return NEVER_WORD if value == NEVER else value.isoformat()
        if isinstance(value, frozenset):
            return sorted(value)
        return str(value)

    def _expected(self) -> str:
        text = self.type.label_fr
        if self.values:
            text += f" : {', '.join(self.values)}"
        elif self.type is FactType.INT:
            text += f" de 0 à {self.highest}"
        return f"{text}, ou « {NEVER_WORD} »" if self.may_be_never else text

    def _read(self, raw: object) -> Value | None:
        match self.type:
            case FactType.BOOL:
                return _read_bool(raw)
            case FactType.DATE:
                return _read_date(raw, self.may_be_never)
            case FactType.INT:
                number = isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= self.highest
                return raw if number and isinstance(raw, int) else None
            case FactType.ENUM:
                return raw if isinstance(raw, str) and raw in self.values else None
            case FactType.CODES:
                if not isinstance(raw, list | tuple | set | frozenset):
                    return None
                codes = [code for code in raw if isinstance(code, str) and code in self.values]
                return frozenset(codes) if len(codes) == len(raw) else None
            case FactType.LEVEL:
                return levels.find(raw) if isinstance(raw, str) else None
            case FactType.COUNTRY:
                country = countries.find(raw) if isinstance(raw, str) else None
                return country.iso2 if country else None
            case FactType.DEPARTMENT:
                return _read_department(raw)
            case FactType.OCCUPATIONS:
                return _read_occupations(raw)


def _read_bool(raw: object) -> bool | None:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else ""
    return True if word in _YES else False if word in _NO else None


def _read_date(raw: object, may_be_never: bool) -> dt.date | None:
    if isinstance(raw, str) and raw.strip().lower() == NEVER_WORD:
        return NEVER if may_be_never else None
    if not isinstance(raw, str | dt.date):
        return None
    if isinstance(raw, str) and not raw.strip()[:4].isdigit() and "/" not in raw:
        return None
    parsed = parse_date(raw, pivot_year=2050)
    if parsed.day is None or parsed.precision != "day" or parsed.day < _FIRST_DAY:
        return None
    return parsed.day


def _read_department(raw: object) -> str | None:
    code = f"{raw:02d}" if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(code, str):
        return None
    try:
        return territories.department(code.strip().upper()).code
    except UnknownCode:
        return None


def _read_occupations(raw: object) -> frozenset[str] | None:
    if not isinstance(raw, list | tuple | set | frozenset) or not 1 <= len(raw) <= MOST_OCCUPATIONS:
        return None
    codes = [code.strip().upper() for code in raw if isinstance(code, str)]
    return frozenset(codes) if len(codes) == len(raw) and all(map(_OCCUPATION.fullmatch, codes)) else None


def _shown_raw(raw: object) -> str:
    text = str(raw)
    return text if len(text) <= 60 else f"{text[:57]}…"


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that is known: its value, who states it and since when."""

    value: Value
    source: str = ""
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Facts(Mapping[str, Known]):
    """What is known of a person. `values` is what the rules read."""

    known: Mapping[str, Known]

    def __getitem__(self, code: str) -> Known:
        return self.known[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    @property
    def values_by_code(self) -> dict[str, Value]:
        return {code: known.value for code, known in self.known.items()}


class FactRegistry(Mapping[str, FactSpec]):
    """Every fact a rule may read, by code, in the order in which one would ask."""

    def __init__(self, specs: Iterable[FactSpec]) -> None:
        self._specs: dict[str, FactSpec] = {}
        for spec in specs:
            if spec.code in self._specs:
                raise ValueError(f"{spec.code} is declared twice")
            self._specs[spec.code] = spec
        self._rank = {code: rank for rank, code in enumerate(self._specs)}

    def __getitem__(self, code: str) -> FactSpec:
        return self._specs[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def in_order(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(codes), key=self._rank.__getitem__))

    def spec(self, code: object) -> FactSpec:
        """Raises BadFacts, with the nearest known code, when there is no such fact."""
        if isinstance(code, str) and code in self._specs:
            return self._specs[code]
        near = difflib.get_close_matches(str(code), list(self._specs), n=1)
        raise BadFacts(
            f"Le fait « {_shown_raw(code)} » n'existe pas.",
            remedy=(f"Vouliez-vous dire « {near[0]} » ? " if near else "")
            + "La liste des faits est donnée par « passerelles orient --schema ».",
        )

    def read(self, raw: object) -> Facts:
        """Facts from a plain mapping {code: value} or {code: {valeur, source, date}}; null is unknown.

        Raises BadFacts at the first thing that cannot be read.
        """
        if not isinstance(raw, Mapping):
            raise BadFacts(
                f"Les faits doivent être une liste « code : valeur » ; on a trouvé {_kind_fr(raw)}.",
                remedy="Écrivez par exemple « rsa.beneficiaire: non », un fait par ligne.",
            )
        known = {}
        for code, told in raw.items():
            spec = self.spec(code)
            entry = _entry(spec, told)
            if entry is not None:
                known[spec.code] = entry
        return Facts(known)


def _entry(spec: FactSpec, told: object) -> Known | None:
    if told is None:
        return None
    if not isinstance(told, Mapping):
        return Known(spec.read(told))
    foreign = [str(name) for name in told if name not in {"valeur", "source", "date"}]
    if foreign or "valeur" not in told:
        raise BadFacts(
            f"Fait « {spec.code} » : "
            + (f"« {foreign[0]} » n'est pas attendu ici." if foreign else "il manque « valeur »."),
            remedy="Un fait détaillé s'écrit {valeur: …, source: …, date: …}.",
        )
    if told["valeur"] is None:
        return None
    since = told.get("date")
    day = _read_date(since, may_be_never=False) if since is not None else None
    if since is not None and day is None:
        raise BadFacts(
            f"Fait « {spec.code} » : « {_shown_raw(since)} » n'est pas une date.", remedy="Écrivez AAAA-MM-JJ."
        )
    return Known(spec.read(told["valeur"]), _shown_raw(told.get("source") or ""), day)


def _kind_fr(raw: Any) -> str:
    if raw is None:
        return "un document vide"
    if isinstance(raw, list):
        return "une liste simple"
    return "un texte seul"
