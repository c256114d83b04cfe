"""The published figures (`data/published.yaml`) and the choices made where there is none (`data/assumptions.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure. `role`: target, check, context, contradicted; `tolerance` in the unit of the value.

    `since`: the first year of signature it needs when that is not `year`. `invented`: no document gives the value,
    `note` says how it was chosen.
    """

    code: str
    label: str
    value: float
    unit: str
    role: str
    source: str
    confidence: str
    tolerance: float
    year: int | None = None
    since: int | None = None
    territory: str = "national"
    requirement: str = ""
    note: str = ""
    invented: bool = False


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table to the unit: one list of counts by motive per category of the other axis."""

    code: str
    label: str
    territory: str
    year: int
    requirement: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[int, ...]]

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Shape (motive, category)."""
        return np.array(list(self.rows.values()), dtype=np.int64).T


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sources that cannot both hold, what the generator does, and why (J.4, L.2)."""

    requirement: str
    statement: str
    choice: str
    why: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A choice without a source."""

    code: str
    why: str
    value: Any


@lru_cache(maxsize=1)
def _published() -> Mapping[str, Any]:
    return _read("published")


@lru_cache(maxsize=1)
def figures() -> Mapping[str, Figure]:
    """Every published figure by its code, in the order of the file."""
    sources = _published()["sources"]
    found: dict[str, Figure] = {}
    for line in _published()["figures"]:
        if line["code"] in found:
            raise ValueError(f"published.yaml: {line['code']} is there twice")
        if line.get("invented") and not line.get("note"):
            raise ValueError(f"published.yaml: {line['code']} is invented without a reason")
        found[line["code"]] = Figure(**{**line, "value": float(line["value"]), "source": sources[line["source"]]})
    return found


@lru_cache(maxsize=1)
def tables() -> Mapping[str, PublishedTable]:
    """The tables of J.1 by their code."""
    return {
        line["code"]: PublishedTable(
            **{
                **line,
                "columns": tuple(line["columns"]),
                "rows": {str(k): tuple(v) for k, v in line["rows"].items()},
            }
        )
        for line in _published()["tables"]
    }


def contradictions() -> tuple[Contradiction, ...]:
    return tuple(Contradiction(**line) for line in _published()["contradictions"])


@lru_cache(maxsize=1)
def assumptions() -> Mapping[str, Assumption]:
    """Every choice by its code, in the order of the file."""
    return {code: Assumption(code, entry["why"], entry["value"]) for code, entry in _read("assumptions").items()}


def assumed(code: str) -> Any:
    """The value of an assumption, as YAML gives it."""
    return assumptions()[code].value


def shares(code: str) -> Shares:
    """An assumption that is a list or a matrix of numbers."""
    return np.array(assumed(code), dtype=np.float64)


def of_year(code: str, year: int) -> Any:
    """The value of the last year listed up to `year`; of the first one before it."""
    by_year = assumed(code)
    return by_year[max((y for y in by_year if y <= year), default=min(by_year))]


def published_value(code: str) -> float:
    return figures()[code].value


def _read(name: str) -> Mapping[str, Any]:
    text = files("passerelles.synthetic").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    content: Mapping[str, Any] = yaml.safe_load(text)
    return content
