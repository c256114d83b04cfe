"""The persons of one department and one year, as columns of numbers; and the organisations they may meet. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from passerelles.reference import territories
from passerelles.reference.levels import Level
from passerelles.synthetic.pathways.draws import Choice, Coded, Flags, Ints, Rng
from passerelles.synthetic.pathways.moments import WorkingDays, working_days

LEVELS = tuple(level.value for level in Level)
RANK = {level: rank for rank, level in enumerate(LEVELS)}
A1, A2, B1 = RANK["A1"], RANK["A2"], RANK["B1"]
SITUATION_KINDS = Choice(("none", "training", "cdi", "cdd", "other_job", "student", "other"))
NO_BODY = 0
"""Number of no organisation: theirs begin at 1."""


@dataclass(frozen=True, slots=True)
class Newcomers:
    """One position per person, in the order of `number`. Days since 1970; levels as ranks in LEVELS."""

    department: str
    direction: str
    region: str
    year: int
    number: npt.NDArray[np.uint32]
    woman: Flags
    age: Ints
    bpi: Flags
    entered: Ints
    signed: Ints
    permit_ends: Ints
    written: Ints
    oral: Ints
    level: Ints
    hours: Ints  # -1 where no document gives a number
    situation: Coded
    jobless: Flags
    employed: Flags
    wishes_work: Flags
    rsa: Flags
    agir: Flags
    ft: Flags
    disabled: Flags
    needs_childcare: Flags
    has_diploma: Flags
    graduate: Flags
    schooling: Coded  # "" when none was said
    occupation: Coded  # ROME code, "" when none
    worked_days: WorkingDays

    def __len__(self) -> int:
        return len(self.number)

    @property
    def prescribed(self) -> Flags:
        """Who needs language training by the rules of the day of signature."""
        needed: Flags = self.hours != 0
        return needed


def newcomers(people: pl.DataFrame) -> Newcomers:
    """The columns of PEOPLE that decide what follows, for one department and one year of signature."""
    frame = people.sort("number")
    department = str(frame["department"][0])
    direction = str(frame["direction"][0])
    ranks = {kind: rank for rank, kind in enumerate(SITUATION_KINDS.labels)}
    situation = SITUATION_KINDS.coded(_positions(frame["situation"], ranks))
    jobs = SITUATION_KINDS.positions(("cdi", "cdd", "other_job"))
    return Newcomers(
        department=department,
        direction=direction,
        region=territories.department(department).region_code,
        year=int(frame["signed_on"].dt.year()[0]),
        number=frame["number"].to_numpy(),
        woman=(frame["sex"] == "F").to_numpy(),
        age=_ints(frame["age"]),
        bpi=_flags(frame["bpi"]),
        entered=_days(frame["entered_on"]),
        signed=_days(frame["signed_on"]),
        permit_ends=_days(frame["permit_ends_on"]),
        written=_positions(frame["written"], RANK),
        oral=_positions(frame["oral"], RANK),
        level=_positions(frame["level"], RANK),
        hours=frame["hours"].cast(pl.Int64).fill_null(-1).to_numpy(),
        situation=situation,
        jobless=np.isin(situation.at, SITUATION_KINDS.positions(("none", "other"))),
        employed=np.isin(situation.at, jobs),
        wishes_work=_flags(frame["wishes_work"]),
        rsa=_flags(frame["rsa"]),
        agir=_flags(frame["agir"]),
        ft=_flags(frame["ft"]),
        disabled=_flags(frame["disabled"]),
        needs_childcare=_flags(frame["needs_childcare"]),
        has_diploma=(frame["diploma"].fill_null("") != "").to_numpy(),
        graduate=frame["schooling"].fill_null("").str.starts_with("superieur_bac").to_numpy(),
        schooling=_coded(frame["schooling"].fill_null("")),
        occupation=_coded(frame["occupation"].fill_null("")),
        worked_days=working_days(f"department:{department}"),
    )


def _ints(column: pl.Series) -> Ints:
    return column.cast(pl.Int64).fill_null(0).to_numpy()


def _flags(column: pl.Series) -> Flags:
    return column.fill_null(False).to_numpy()


def _days(column: pl.Series) -> Ints:
    return column.cast(pl.Int32).cast(pl.Int64).fill_null(0).to_numpy()


def _positions(column: pl.Series, of: dict[str, int]) -> Ints:
    return column.replace_strict(of, default=0, return_dtype=pl.Int64).to_numpy()


def _coded(column: pl.Series) -> Coded:
    labels = sorted(set(column.to_list()))
    return Choice(labels).coded(_positions(column, {label: i for i, label in enumerate(labels)}))


@dataclass(slots=True)
class Bodies:
    """The organisations of a department by kind, those of its DT when it has none; who is mute, who is late."""

    mute: Flags
    late: Ints
    by_kind: dict[str, Ints] = field(default_factory=dict)

    def pick(self, rng: Rng, kind: str, n: int) -> Ints:
        """One organisation of that kind for each of `n` persons; NO_BODY where there is none."""
        there = self.by_kind.get(kind)
        if there is None or not len(there):
            return np.full(n, NO_BODY, dtype=np.int64)
        return there[rng.integers(len(there), size=n)]


def bodies(organisations: pl.DataFrame, department: str, direction: str) -> Bodies:
    """What is in the department; else in the territory of the DT; else the ministry."""
    numbers = organisations["number"].cast(pl.Int64).to_numpy()
    size = int(numbers.max(initial=0)) + 1
    mute = np.zeros(size, dtype=bool)
    late = np.zeros(size, dtype=np.int64)
    mute[numbers] = organisations["mute"].to_numpy()
    late[numbers] = organisations["late_days"].cast(pl.Int64).to_numpy()
    found = Bodies(mute, late)
    near: Any = pl.col("department") == department
    for place in (pl.col("direction") == direction, near):
        for (kind,), group in organisations.filter(place).group_by("kind", maintain_order=True):
            found.by_kind[str(kind)] = group["number"].cast(pl.Int64).to_numpy()
    return found


def numbers(organisation: Ints) -> pl.Series:
    """A column of numbers of organisations; NO_BODY becomes null."""
    column = pl.Series(organisation.astype(np.uint32))
    return column if (organisation != NO_BODY).all() else column.set(column == NO_BODY, None)
