"""French, diploma, occupation sought and experience. Pure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from passerelles.reference.levels import Level
from passerelles.synthetic.population import axes, published
from passerelles.synthetic.population.draws import Flags, Index, Numbers, Rng, chance, pick_evenly
from passerelles.synthetic.population.joint import Cells
from passerelles.synthetic.population.stay import Days

STEPS = (Level.INFRA_A1_1, Level.A1_1, Level.A1, Level.A2, Level.B1, Level.B2, Level.C1)
NEW_MARKETS = np.datetime64("2025-07-01")
"""From this day the threshold is A2 and no document gives a number of hours (B-025, L-043)."""

Text = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class French:
    """`hours`: NaN where a training is due and no document gives its number."""

    written: Text
    oral: Text
    level: Text
    hours: Numbers
    needs_interpreter: Flags


def french(cells: Cells, signed_on: Days, rng: Rng) -> French:
    """The overall level is the lower of the two skills; the other may be one step above."""
    overall = np.array([STEPS.index(level) for level, _ in axes.LANGUAGES])[cells.language]
    rates = published.assumed("other_skill_higher")
    schooled = axes.SCHOOLING_GROUP[cells.schooling] > 0
    draw = rng.random(len(overall)) * 100
    oral_up = draw < np.where(schooled, rates["oral"], rates["oral_unschooled"])
    written_up = schooled & ~oral_up & (draw < rates["oral"] + rates["written"])
    oral = np.minimum(overall + oral_up, len(STEPS) - 1)
    written = np.minimum(overall + written_up, len(STEPS) - 1)
    names = np.array([level.value for level in STEPS])
    hours = np.array([hours for _, hours in axes.LANGUAGES], dtype=np.float64)[cells.language]
    below_a2 = overall < STEPS.index(Level.A2)
    need = np.concatenate([published.shares("interpreter"), np.zeros(len(STEPS) - 4)]) / 100
    return French(
        written=names[written],
        oral=names[oral],
        level=names[overall],
        hours=np.where((signed_on >= NEW_MARKETS) & below_a2, np.nan, hours),
        needs_interpreter=chance(rng, need[oral]),
    )


def diplomas(cells: Cells, rng: Rng) -> Text:
    """The diploma of the country of origin, with its field when it is a higher one; empty when none."""
    names = published.assumed("diplomas")
    fields = np.array(names["fields"])
    found = np.full(len(cells), "", dtype="U80")
    for rank, schooling in enumerate(axes.SCHOOLINGS):
        here = np.flatnonzero(cells.schooling == rank)
        if schooling.value not in names or not len(here):
            continue
        chosen = rng.choice(np.array(names[schooling.value]), size=len(here))
        if schooling.is_higher_graduate:
            chosen = np.char.add(np.char.add(chosen, " – "), rng.choice(fields, size=len(here)))
        found[here] = chosen
    return found


def occupations(cells: Cells, wishing: Flags, rng: Rng) -> Text:
    """ROME code of the occupation sought, by sex and schooling; empty when none is written."""
    codes, weights = _occupations()
    rows = cells.sex * 3 + axes.SCHOOLING_GROUP[cells.schooling]
    chosen = np.array(codes)[pick_evenly(rng, weights, rows)]
    known = published.assumed("occupation_known")
    return np.where(chance(rng, np.where(wishing, known["wishing"], known["others"]) / 100), chosen, "")


def experience(cells: Cells, age: Index, rng: Rng) -> Index:
    """Years of work so far, never more than since the age of 16; men and the less schooled began earlier."""
    since = np.array([16, 18, 22])[axes.SCHOOLING_GROUP[cells.schooling]]
    share = rng.beta(np.where(cells.sex == axes.WOMAN, 0.9, 2.2), 1.6)
    return np.asarray(np.floor(np.maximum(age - since, 0) * share), dtype=np.int64)


def exact_ages(cells: Cells, rng: Rng) -> Index:
    """Completed years inside the band of Haute-Garonne: 25 and 65 and more are there (B-013)."""
    knots = published.assumed("age_in_band")
    widest = max(last - first + 1 for first, last in axes.AGE_BANDS)
    weights = np.zeros((len(axes.AGE_BANDS), widest))
    for band, (first, last) in enumerate(axes.AGE_BANDS):
        ages = np.linspace(0, len(knots[band]) - 1, last - first + 1)
        weights[band, : last - first + 1] = np.interp(ages, np.arange(len(knots[band])), knots[band])
    lowest = np.array([first for first, _ in axes.AGE_BANDS])
    return np.asarray(lowest[cells.age_band] + pick_evenly(rng, weights, cells.age_band))


def children(cells: Cells, age: Index, rng: Rng) -> Index:
    """Children under care."""
    mean = np.array(published.assumed("children")["mean"])[cells.age_band]
    alone = (cells.motive == axes.ASYLUM) & (cells.sex == axes.MAN)
    drawn = rng.poisson(np.where(alone, mean * 0.5, mean))
    return np.asarray(np.minimum(drawn, np.maximum(age - 16, 0) // 2), dtype=np.int64)


def childcare(cells: Cells, minors: Index, rng: Rng) -> Flags:
    """A need of childcare among parents (D-010)."""
    rates = np.array(published.assumed("children")["childcare"]) / 100
    return np.asarray((minors > 0) & chance(rng, rates[cells.sex]))


@lru_cache(maxsize=1)
def _occupations() -> tuple[tuple[str, ...], Numbers]:
    """Codes, and weights by sex and schooling group (rows)."""
    path = files("passerelles.synthetic").joinpath("data/occupations.csv")
    with path.open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source, delimiter=";"))
    weights = np.array(
        [
            [float(row[sex]) * float(row[schooling]) for row in rows]
            for sex in ("women", "men")
            for schooling in ("low", "secondary", "higher")
        ]
    )
    return tuple(row["code"] for row in rows), weights
