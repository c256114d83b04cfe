"""Names as one list writes them: each defect falls on people by its own lot, whoever else it falls on. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from passerelles.synthetic.lists.cuts import Name, cut
from passerelles.synthetic.lists.slips import STYLES, another_spelling, mistyped, other_marks, truncated
from passerelles.synthetic.names.cultures import WRITERS, feminine
from passerelles.synthetic.names.identities import without_marks
from passerelles.synthetic.names.stock import Bools, Floats, Ints, Texts, country, defects, lines_by, stocks

MARRIED_FORMS = 4
FROM_AGE = 20


class Lines:
    """The names of a list under way: edited line by line, counting the defects that changed something."""

    def __init__(self, people: pl.DataFrame, stock: Texts) -> None:
        self.family = people["family_name"].to_list()
        self.birth = people["birth_name"].to_list()
        self.given = people["given_names"].to_list()
        self.stock = stock.tolist()
        self.sex = people["sex"].to_list()
        self.defects = np.zeros(people.height, dtype=np.int64)

    def write(self, line: int, family: str, birth: str, given: str) -> None:
        """The new names of a line; a blank one is refused, and one that changes nothing is no defect."""
        if family.strip() and given.strip() and (family, birth, given) != self.names(line):
            self.family[line], self.birth[line], self.given[line] = family, birth, given
            self.defects[line] += 1

    def names(self, line: int) -> tuple[str, str, str]:
        return self.family[line], self.birth[line], self.given[line]

    def each(self, edit: Callable[[str, str, float], str], line: int, chance: float) -> None:
        """`edit(name, stock, chance)` on the family or on the given names, and on the birth name as on the family."""
        family, birth, given = self.names(line)
        stock = self.stock[line]
        one, other = (chance * 2, 0.0) if chance < 0.5 else (0.0, chance * 2 - 1)
        if chance < 0.5:
            family = edit(family, stock, one)
            birth = edit(birth, stock, one) if birth else ""
        else:
            given = edit(given, stock, other)
        self.write(line, family, birth, given)


def as_listed(
    people: pl.DataFrame, stock: Texts, style: str, rates: dict[str, Any], factor: float, rng: np.random.Generator
) -> tuple[dict[str, pl.Series], Ints]:
    """family_name, birth_name and given_names of one list, and how many defects each line suffered."""
    size = people.height
    lines = Lines(people, stock)
    _married(lines, people, rates["married_name"] * factor, rng)
    _cut(lines, rates["structure"] * factor, rng)
    for line, chance in _lots(size, _one_name(people, lines, rates) * min(factor, 1.0), rng):
        _without_family(lines, line, chance)
    for line, chance in _lots(size, rates["variant"] * factor, rng):
        lines.each(another_spelling, line, chance)
    for line, chance in _lots(size, rates["marks"] * factor, rng):
        lines.each(lambda name, _, by: other_marks(name, by), line, chance)
    for line, chance in _lots(size, rates["typing"] * factor, rng):
        lines.each(lambda name, _, by: mistyped(name, by), line, chance)
    for line, _ in _lots(size, rates["swap"] * factor, rng):
        family, birth, given = lines.names(line)
        lines.write(line, given, birth, family)
    for line, _ in _lots(size, rates["diacritics"], rng):
        family, birth, given = lines.names(line)
        lines.family[line], lines.birth[line], lines.given[line] = map(without_marks, (family, birth, given))
    limits = defects()["truncations"]
    for line, chance in _lots(size, rates["truncation"] * factor, rng):
        of_family, of_given = limits[int(chance * len(limits))]
        family, birth, given = lines.names(line)
        lines.write(
            line, truncated(family, of_family), truncated(birth, of_family) if birth else "", truncated(given, of_given)
        )
    return _styled(lines, style), lines.defects


def stocks_of(people: pl.DataFrame) -> Texts:
    """The stock of each one's names: that of the nationality, or the one of its stocks that knows the given name."""
    pairs = people.select("nationality", first=pl.col("given_names").str.split(" ").list.first())
    distinct = pairs.unique(maintain_order=True)
    told = distinct.with_columns(
        stock=pl.Series([_stock_of(iso2 or "", first) for iso2, first in distinct.iter_rows()], dtype=pl.String)
    )
    found: Texts = pairs.join(told, on=["nationality", "first"], how="left", nulls_equal=True, maintain_order="left")[
        "stock"
    ].to_numpy()
    return found


def _stock_of(iso2: str, first: str) -> str:
    there: list[str] = country(iso2).stocks.values.tolist()
    if len(there) == 1:
        return there[0]
    plain = without_marks(first).lower()
    return next((code for code in there if plain in _given_of(code)), there[0])


@lru_cache(maxsize=128)
def _given_of(code: str) -> frozenset[str]:
    kinds = stocks()[code].kinds
    return frozenset(
        without_marks(name.split(" ")[0]).lower() for kind in ("man", "woman") for name in kinds[kind].values
    )


def _lots(size: int, rate: float | Floats, rng: np.random.Generator) -> list[tuple[int, float]]:
    """The lines that a defect falls on, each with a number of [0, 1) to choose its form."""
    fallen = np.flatnonzero(rng.random(size) < rate)
    return list(zip(fallen.tolist(), rng.random(len(fallen)).tolist(), strict=True))


def _married(lines: Lines, people: pl.DataFrame, rate: float, rng: np.random.Generator) -> None:
    """Women: the name of birth where OFII wrote the name in use, both, or a husband's name that OFII did not write."""
    women = (people["sex"] == "F").to_numpy()
    named = (people["birth_name"] != "").to_numpy()
    for line, chance in _lots(people.height, np.where(women & named, rate * 1.6, 0.0), rng):
        family, birth, given = lines.names(line)
        form = int(chance * MARRIED_FORMS)
        forms = ((birth, "", given), (birth, birth, given), (f"{birth} {family}", birth, given), (family, "", given))
        lines.write(line, *forms[form])
    bearing = np.array([stocks()[code].married for code in lines.stock]) if lines.stock else np.zeros(0)
    unnamed = women & ~named & (people["age"].to_numpy() >= FROM_AGE)
    for line, chance in _lots(people.height, np.where(unnamed, rate * bearing, 0.0), rng):
        family, _, given = lines.names(line)
        stock = stocks()[lines.stock[line]]
        kind = "family" if "family" in stock.kinds else "man"
        husband = str(stock.draw(kind, np.array([chance]))[0])
        husband = feminine(husband) if WRITERS[stock.culture].__name__ == "slavic" else husband
        lines.write(line, husband, family, given)


def _cut(lines: Lines, factor: float, rng: np.random.Generator) -> None:
    habits = defects()["structure"]
    lots = rng.random((2, len(lines.stock)))
    for code, there in lines_by(pl.Series(lines.stock, dtype=pl.String)):
        rates = habits[stocks()[code].culture]
        reached = np.cumsum(list(rates.values())) * factor
        chosen = np.searchsorted(reached, lots[0, there], side="right")
        names = list(rates)
        for line, which in zip(there.tolist(), chosen.tolist(), strict=True):
            if which < len(names):
                _cut_one(lines, line, names[which], float(lots[1, line]))


def _cut_one(lines: Lines, line: int, habit: str, chance: float) -> None:
    family, birth, given = lines.names(line)
    name = Name(tuple(family.split()), tuple(given.split()), lines.sex[line], lines.stock[line], chance)
    found = cut(habit, name)
    lines.write(line, " ".join(found.family), birth, " ".join(found.given))


def _one_name(people: pl.DataFrame, lines: Lines, rates: dict[str, Any]) -> Floats:
    """How often each line is written as a person of one name."""
    family = people["family_name"]
    again = family.is_in(defects()["ofii"]["no_name"]) | (family == people["given_names"])
    alone = {code for code, stock in stocks().items() if stock.culture in defects()["one_name_cultures"]}
    there = pl.Series(lines.stock, dtype=pl.String).is_in(list(alone))
    share: Floats = np.where(again, rates["no_name_again"], np.where(there, rates["no_name"], 0.0))
    return share


def _without_family(lines: Lines, line: int, chance: float) -> None:
    conventions = [*defects()["ofii"]["no_name"], "INCONNU", "SANSNOM"]
    convention = conventions[int(chance * len(conventions))]
    _, _, given = lines.names(line)
    lines.write(line, given if convention == "=" else convention, "", given)


def _styled(lines: Lines, style: str) -> dict[str, pl.Series]:
    write = STYLES[style]
    written = [write(family, given) for family, given in zip(lines.family, lines.given, strict=True)]
    births = [write(birth, "")[0] for birth in lines.birth]
    return {
        "family_name": pl.Series([family for family, _ in written], dtype=pl.String),
        "birth_name": pl.Series(births, dtype=pl.String),
        "given_names": pl.Series([given for _, given in written], dtype=pl.String),
    }


def chosen(size: int, share: float | Floats, rng: np.random.Generator) -> Bools:
    found: Bools = rng.random(size) < share
    return found
