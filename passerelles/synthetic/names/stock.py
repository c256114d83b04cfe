"""The names of each country, with their frequencies, and what is said of the country. Read once from `data/names*`."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import yaml

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Choice:
    """Values drawn with fixed weights."""

    values: Texts
    cumulative: Floats

    @classmethod
    def of(cls, values: list[Any], weights: Floats) -> Choice:
        held = np.empty(len(values), dtype=object)
        held[:] = values
        return cls(held, np.cumsum(weights) / weights.sum())

    def draw(self, uniforms: Floats) -> Texts:
        """One value per number of [0, 1)."""
        places = np.searchsorted(self.cumulative, uniforms, side="right").clip(max=len(self.values) - 1)
        found: Texts = self.values[places]
        return found


@dataclass(frozen=True, slots=True)
class Stock:
    """Names that go together, and the habits of those who bear them."""

    code: str
    culture: str
    kinds: Mapping[str, Choice]  # family, man, woman, middle, middle_woman, single
    made_families: Texts  # rare names made of a stem and an ending
    languages: Choice
    also: Mapping[str, float]
    second: float
    married: float
    spelling: str
    script: str
    natives: Mapping[str, str] = field(repr=False)

    def draw(self, kind: str, uniforms: Floats) -> Texts:
        """Names of a kind. Part of the families come from the long tail of rare ones."""
        choice = self.kinds[kind]
        if kind != "family" or not len(self.made_families):
            return choice.draw(uniforms)
        share = settings()["made_family_share"]
        rare = (uniforms / share * len(self.made_families)).astype(np.int64)
        usual = choice.draw(((uniforms - share) / (1 - share)).clip(0))
        return np.where(uniforms < share, self.made_families[rare.clip(max=len(self.made_families) - 1)], usual)


@dataclass(frozen=True, slots=True)
class Country:
    """`january`: share of the births whose day and month are an estimate."""

    stocks: Choice
    weight: float
    january: float


def lines_by(values: pl.Series) -> list[tuple[str, Ints]]:
    """The distinct values in order, each with the lines where it stands."""
    lines = pl.DataFrame({"value": values}).with_row_index("line")
    grouped = lines.group_by("value").agg(pl.col("line").sort()).sort("value")
    pairs = zip(grouped["value"].to_list(), grouped["line"], strict=True)
    return [(value, found.to_numpy().astype(np.int64)) for value, found in pairs]


@lru_cache(maxsize=1)
def settings() -> dict[str, Any]:
    """`names.yaml` as it is written."""
    return read_yaml("names")


@lru_cache(maxsize=1)
def defects() -> dict[str, Any]:
    """`names_defects.yaml` as it is written."""
    return read_yaml("names_defects")


def read_yaml(name: str) -> dict[str, Any]:
    text = files("passerelles.synthetic").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def read_table(name: str) -> list[dict[str, str]]:
    with files("passerelles.synthetic").joinpath(f"data/{name}.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source, delimiter=";"))


@lru_cache(maxsize=1)
def stocks() -> Mapping[str, Stock]:
    """Code → stock."""
    names: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for row in read_table("names"):
        names[row["stock"]][row["kind"]] = row["names"].split()
    spelling = {code: family for family, codes in settings()["spelling_of_stock"].items() for code in codes}
    return {code: _stock(code, said, names, spelling[code]) for code, said in settings()["stocks"].items()}


def _stock(code: str, said: Mapping[str, Any], names: Mapping[str, Mapping[str, list[str]]], spelling: str) -> Stock:
    own = dict(names[code])
    for kind in ("middle", "middle_woman"):
        if "middle_of" in said:
            own[kind] = names[said["middle_of"]][kind]
    culture = said["culture"]
    frequencies = settings()["frequencies"]
    curve = frequencies["by_culture"].get(culture, frequencies["default"])
    return Stock(
        code=code,
        culture=culture,
        kinds={
            kind: Choice.of([_latin(word) for word in words], _curve(len(words), **curve))
            for kind, words in own.items()
            if kind not in {"stem", "end"}
        },
        made_families=np.array(_made(own.get("stem", []), own.get("end", [])), dtype=object),
        languages=Choice.of(list(said["languages"]), np.array(list(said["languages"].values()), dtype=float)),
        also=said["also"],
        second=said["second"],
        married=said.get("married", settings()["default_married"]),
        spelling=spelling,
        script=settings()["script_of_stock"].get(code, "Latn"),
        natives={_latin(word): word.split("=")[1] for words in own.values() for word in words if "=" in word},
    )


def _latin(word: str) -> str:
    return word.split("=")[0].replace("_", " ")


def _curve(count: int, slope: float, flat: float) -> Floats:
    weights: Floats = 1.0 / (np.arange(1, count + 1, dtype=np.float64) + flat) ** slope
    return weights


def _made(stems: list[str], ends: list[str]) -> list[str]:
    return [
        f"{_latin(stem)}{end.capitalize() if stem.endswith('_') else end.lower()}" for stem in stems for end in ends
    ]


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """ISO 3166-1 alpha-2 → country, those named like another one included."""
    found = {code: _country(said) for code, said in settings()["countries"].items()}
    for model, others in settings()["like"].items():
        for code in others:
            like = found[model]
            found[code] = Country(like.stocks, settings()["default_weight"], like.january)
    return found


def _country(said: Mapping[str, Any]) -> Country:
    shares = said["stocks"]
    return Country(
        stocks=Choice.of(list(shares), np.array(list(shares.values()), dtype=float)),
        weight=said["weight"],
        january=said.get("january", settings()["default_january"]),
    )


def country(iso2: str) -> Country:
    """The country, or the one that stands for those of which nothing is said."""
    return countries().get(iso2) or countries()[settings()["default_country"]]
