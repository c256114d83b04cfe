"""Who is kin to whom in a household, and the roots of everyone's name before a culture writes them. Pure.

The contract gives a household number and nothing of kinship: it is read from sex and age, as an agent would. The head
is the eldest man of the elder generation, else the eldest; the first person of the other sex within twenty years is the
spouse; whoever is sixteen years younger is a child; the others are brothers and sisters.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import polars as pl

from passerelles.synthetic.names.stock import Bools, Floats, Ints, Texts, country, defects, lines_by, stocks

SPOUSES_APART = 20
PATERNAL = frozenset({"tamil", "pakistani"})
"""Cultures where a wife bears her husband’s given name."""
CHILD_FROM = 16


class Kin(IntEnum):
    ALONE = 0
    HEAD = 1
    SPOUSE = 2
    CHILD = 3
    SIBLING = 4


@dataclass(frozen=True, slots=True)
class Roots:
    """One line per person; every text may be shared by kin. `husband` is empty when his name is not borne."""

    stock: Texts
    kin: Ints
    head: Ints  # line of the head of the household; −1 alone
    given: Texts
    second: Texts
    father: Texts
    grandfather: Texts
    family: Texts
    other_family: Texts
    husband: Texts
    single: Texts

    def at(self, lines: Ints) -> Roots:
        return Roots(**{f.name: getattr(self, f.name)[lines] for f in fields(self)})


def roots(people: pl.DataFrame, rng: np.random.Generator) -> Roots:
    """Roots of the names of people (nationality, sex, age, household), kin sharing what kin share."""
    stock = _stocks(people["nationality"], rng)
    kin, head = kinship(people)
    countrymen = people["nationality"].to_numpy() == people["nationality"].to_numpy()[head.clip(0)]
    related = (head >= 0) & (kin != Kin.HEAD) & countrymen
    stock[related] = stock[head[related]]
    drawn = _draw(people, stock, kin, head, rng)
    _share(drawn, related, people["sex"].to_numpy() == "F")
    return drawn


def kinship(people: pl.DataFrame) -> tuple[Ints, Ints]:
    """Kin of each line and the line of the head of its household."""
    size = people.height
    kin, head = np.zeros(size, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    together = (
        people.select("household", "sex", pl.col("age").cast(pl.Int64))
        .with_row_index("line")
        .filter(pl.col("household").is_not_null())
        .filter(pl.len().over("household") > 1)
        .with_columns(oldest=pl.col("age").max().over("household"))
        .with_columns(heads=(pl.col("sex") == "H") & (pl.col("oldest") - pl.col("age") <= SPOUSES_APART))
        .sort("household", ~pl.col("heads"), -pl.col("age"), "line")
    )
    former, chief, chief_age, chief_sex, married = -1, -1, 0, "", False
    for line, household, sex, age in together.select("line", "household", "sex", "age").iter_rows():
        if household != former:
            former, chief, chief_age, chief_sex, married = household, line, age, sex, False
            kin[line] = Kin.HEAD
        elif sex != chief_sex and not married and abs(age - chief_age) <= SPOUSES_APART:
            kin[line], married = Kin.SPOUSE, True
        else:
            kin[line] = Kin.CHILD if chief_age - age >= CHILD_FROM else Kin.SIBLING
        head[line] = chief
    return kin, head


def _stocks(nationalities: pl.Series, rng: np.random.Generator) -> Texts:
    uniforms, found = rng.random(len(nationalities)), np.empty(len(nationalities), dtype=object)
    for iso2, there in lines_by(nationalities.fill_null("")):
        found[there] = country(iso2).stocks.draw(uniforms[there])
    return found


def _draw(people: pl.DataFrame, stock: Texts, kin: Ints, head: Ints, rng: np.random.Generator) -> Roots:
    size = people.height
    women, age = people["sex"].to_numpy() == "F", people["age"].to_numpy()
    uniforms = rng.random((9, size))
    texts = {f.name: _blank(size) for f in fields(Roots) if f.name not in {"stock", "kin", "head"}}
    single_name = defects()["ofii"]["single_name"]
    for code, of_stock in lines_by(pl.Series(stock, dtype=pl.String)):
        held = stocks()[code]
        for sex, chosen in (("woman", women), ("man", ~women)):
            lines = of_stock[chosen[of_stock]]
            middle = {"woman": "middle_woman", "man": "middle"}[sex]
            middle = middle if middle in held.kinds else sex
            family = "family" if "family" in held.kinds else "man"
            texts["given"][lines] = held.draw(sex, uniforms[0, lines])
            texts["second"][lines] = np.where(
                uniforms[1, lines] < held.second, held.draw(middle, uniforms[2, lines]), ""
            )
            texts["father"][lines] = held.draw("man", uniforms[3, lines])
            texts["grandfather"][lines] = held.draw("man", uniforms[4, lines])
            texts["family"][lines] = held.draw(family, uniforms[5, lines])
            texts["other_family"][lines] = held.draw(family, uniforms[6, lines])
            if sex == "woman":
                lines_of_wives = lines[uniforms[7, lines] < held.married * _at_age_of_marriage(age[lines])]
                husband = "man" if held.culture in PATERNAL else family
                texts["husband"][lines_of_wives] = held.draw(husband, rng.random(len(lines_of_wives)))
            if "single" in held.kinds:
                share = single_name.get(code, single_name["default"])
                alone = lines[uniforms[8, lines] < share]
                texts["single"][alone] = held.draw("single", rng.random(len(alone)))
    same = texts["second"] == texts["given"]
    texts["second"][same] = ""
    return Roots(stock=stock, kin=kin, head=head, **texts)


def _blank(size: int) -> Texts:
    blank = np.empty(size, dtype=object)
    blank[:] = ""
    return blank


def _at_age_of_marriage(age: Ints) -> Floats:
    """Share of the women of an age who are or were married: nobody at 17, four in five from 32."""
    share: Floats = ((age.astype(float) - 17) / 15).clip(0, 1) * 0.8
    return share


def _share(drawn: Roots, related: Bools, women: Bools) -> None:
    """Gives kin what they share. A mother alone has children who bear their father's name, the same for all."""
    head, paternal = drawn.head, np.array([stocks()[code].culture in PATERNAL for code in drawn.stock], dtype=bool)
    children, siblings = related & (drawn.kin == Kin.CHILD), related & (drawn.kin == Kin.SIBLING)
    of_mothers = children & women[head.clip(0)]
    of_fathers = children & ~of_mothers
    wives = related & (drawn.kin == Kin.SPOUSE) & women
    drawn.single[children | siblings] = ""
    for text in (drawn.family, drawn.father, drawn.grandfather, drawn.other_family):
        text[siblings] = text[head[siblings]]
    drawn.family[of_fathers] = drawn.family[head[of_fathers]]
    drawn.father[of_fathers] = drawn.given[head[of_fathers]]
    drawn.grandfather[of_fathers] = drawn.father[head[of_fathers]]
    mother_of = dict(zip(head[wives].tolist(), drawn.family[wives].tolist(), strict=True))
    for line in np.flatnonzero(of_fathers).tolist():
        drawn.other_family[line] = mother_of.get(int(head[line]), drawn.other_family[line])
    mothers = head[of_mothers]
    named = (drawn.husband[mothers] != "") & ~paternal[mothers]
    drawn.family[of_mothers] = np.where(named, drawn.husband[mothers], drawn.other_family[mothers])
    drawn.other_family[of_mothers] = drawn.family[mothers]
    bearing = wives & (drawn.husband != "")
    drawn.husband[bearing] = np.where(paternal[bearing], drawn.given[head[bearing]], drawn.family[head[bearing]])
