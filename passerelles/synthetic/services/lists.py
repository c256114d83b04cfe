"""The lists of the other bodies, loaded and compared through the verbs of `linkage`: the same for both ways of storing.

One list per register and DT; each chunk adds its own sheet. Only the lines that a list of a partner has are loaded:
who is who stays in the files of truth.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from passerelles.core import clock
from passerelles.linkage import services as linkage
from passerelles.linkage.models import ExternalList
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.people.enums import Register
from passerelles.people.models import Person

RECENT = dt.timedelta(days=45)
"""People received since then are compared with the lists: what the platform would have done the evening before."""
BATCH = 5000


def _office(direction: str) -> Actor:
    office = Organisation.objects.filter(kind=OrganisationKind.OFII_DT, direction=direction).order_by("name").first()
    return Actor(agent=None, organisation=office, role=None, system=True)


def open_lists(directions: Sequence[str], as_of: dt.date) -> None:
    """The empty lists of each DT; those already there are left as they are."""
    there = set(ExternalList.objects.filter(as_of=as_of).values_list("direction", "register"))
    for direction in sorted(set(directions)):
        for register in Register:
            if (direction, register) not in there:
                linkage.open_list(
                    _office(direction),
                    register=register,
                    direction=direction,
                    as_of=as_of,
                    filename=f"liste-{register}-{direction}-{as_of:%Y-%m-%d}.csv",
                )


def add_lines(records: pl.DataFrame, direction: str, as_of: dt.date, sheet: str) -> int:
    """The lines of one chunk, as its own sheet of each list; how many."""
    actor, count = _office(direction), 0
    for external in ExternalList.objects.filter(direction=direction, as_of=as_of).order_by("register"):
        lines = records.filter(pl.col("list") == external.register)
        count += linkage.add_records(
            actor,
            external,
            [
                {**row, "line": line, "sheet": sheet, "ft_identifier": row["ft_number"]}
                for line, row in enumerate(lines.iter_rows(named=True), start=2)
            ],
        )
    return count


def close_lists(as_of: dt.date) -> int:
    """The lists are whole: whoever was received lately is compared with them, the evening of `as_of`."""
    for external in ExternalList.objects.filter(as_of=as_of, complete=False).order_by("direction", "register"):
        linkage.close_list(_office(external.direction), external)
    changed = 0
    directions = ExternalList.objects.filter(as_of=as_of).order_by("direction").values_list("direction").distinct()
    for (direction,) in directions:
        expected = Person.objects.filter(
            direction=direction, convocations__session__held_on__gt=as_of - RECENT
        ).distinct()
        people = list(expected.order_by("pk").values_list("pk", flat=True))
        with clock.at(clock.paris(as_of, 20)):
            for start in range(0, len(people), BATCH):
                changed += linkage.check_people(_office(direction), people[start : start + BATCH])
    return changed
