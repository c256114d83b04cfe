"""The persons of the demonstration, from the generator of the population: the same day meets the same people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from passerelles.reference import languages, territories
from passerelles.reference.calendar import add_working_days
from passerelles.synthetic.names import identities
from passerelles.synthetic.population import people as signatories
from passerelles.synthetic.population.territory import LAST_YEAR, counts

DIRECTION = "metz"
SEAT = "57"
SEED = 1
PURPOSES = ("am", "pm", "file", "others")
"""The two half-days, the file to try, and people of the lists who are not convoked."""
SIGNED_BEFORE = 12
"""Working days between the contract and the session."""
FIRST_NUMBER, DAYS, ROOM = 2_000_000, 3_000, 50
"""Numbers beyond those of the generator's own chunks: foreigner numbers never meet those of another crowd."""
SAME = (
    "family_name birth_name given_names birth_date sex nationality phone address postcode city commune_code "
    "foreigner_number"
).split()


@dataclass(frozen=True, slots=True)
class Born:
    """Sex and birth date of somebody who is not drawn at random."""

    sex: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of one day and one purpose."""

    day: dt.date
    purpose: str = "am"

    def people(self, count: int) -> pl.DataFrame:
        """`count` signatories of the departments of the DT (frames.PEOPLE), with their identities; at most ROOM."""
        drawn, rng = self._drawn(count)
        return identities(_settled(drawn, rng), rng)

    def chosen(self, persons: Sequence[Born], department: str = SEAT) -> pl.DataFrame:
        """The same in one department, with the sexes and birth dates of `persons`."""
        drawn, rng = self._drawn(len(persons))
        births = pl.Series([person.on for person in persons])
        named = identities(
            drawn.with_columns(
                department=pl.lit(department),
                sex=pl.Series([person.sex for person in persons]),
                age=pl.Series([self.day.year - born.year for born in births], dtype=pl.UInt8),
                household=pl.lit(None, dtype=pl.UInt32),
            ),
            rng,
        )
        return named.with_columns(birth_date=births, birth_date_precision=pl.lit("day"))

    def rows(self, count: int) -> list[dict[str, Any]]:
        return rows(self.people(count))

    def _drawn(self, count: int) -> tuple[pl.DataFrame, np.random.Generator]:
        """People without an identity, numbered in the room of this crowd, who signed before the session."""
        if count > ROOM:
            raise ValueError(f"a crowd holds {ROOM} people at most")
        place = PURPOSES.index(self.purpose)
        rng = np.random.default_rng([SEED, self.day.toordinal(), place])
        people = signatories(SEAT, min(self.day.year, LAST_YEAR), rng, count)
        first = FIRST_NUMBER + (self.day.toordinal() % DAYS * len(PURPOSES) + place) * ROOM
        shift = first - int(people["number"][0])
        renumbered = [(pl.col(name).cast(pl.Int64) + shift).cast(pl.UInt32) for name in ("number", "household")]
        signed = add_working_days(self.day, -SIGNED_BEFORE, f"dt:{DIRECTION}")
        return people.with_columns(*renumbered, signed_on=pl.lit(signed)), rng


def _settled(people: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Each household in one of the departments of the DT, as often as contracts are signed there."""
    codes = territories.direction(DIRECTION).departments
    weights = np.array([counts(LAST_YEAR)[code] for code in codes], dtype=float)
    drawn = rng.choice(codes, people.height, p=weights / weights.sum())
    head = people["household"].fill_null(people["number"]).to_numpy().astype(int) - int(people["number"][0])
    return people.with_columns(department=pl.Series(drawn[head].tolist(), dtype=pl.String))


def rows(people: pl.DataFrame) -> list[dict[str, Any]]:
    """The people as rows for `convoke_rows`."""
    found = []
    for person in people.iter_rows(named=True):
        spoken = languages.find(person["language"])
        language = spoken.iso639_3 if spoken else ""
        found.append(
            {name: person[name] for name in SAME}
            | {
                "language": language,
                "interpreter_language": language if person["needs_interpreter"] else "",
                "admission_motive": person["motive"],
            }
        )
    return found


def numbered(rows: list[dict[str, Any]], **common: Any) -> list[dict[str, Any]]:
    """The rows with their line number and what they all share (session_date, session_time, …)."""
    return [row | common | {"line": line} for line, row in enumerate(rows, 2)]
