"""One department and one year of signature, whole: people, their names, what happens to them, the lists they are in.

Pure. Every chunk draws from its own seed sequence: it can be made alone, in any order, in another process, and is the
same whatever the size of the run around it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from passerelles.reference import territories
from passerelles.synthetic.frames import Chunk, Network
from passerelles.synthetic.lists import records
from passerelles.synthetic.names import identities
from passerelles.synthetic.network import agents, delegations, organisations, referents
from passerelles.synthetic.pathways import pathways
from passerelles.synthetic.population import Size, people, plan
from passerelles.synthetic.population.territory import departments

VERSION = "3"
"""Grows with every change after which the same seed gives other bytes."""
LISTS = ("ofii", "ft", "rsa", "agir")
LOADED = ("ft", "rsa", "agir")
"""The lists that a base compares its persons with; that of OFII is the base itself."""
WITH_LISTS = frozenset({Size.DEMO, Size.DEPARTMENT, Size.REGION})
"""Sizes at which they are loaded into a base."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `horizon` is the last day on which anything is known; years are inclusive."""

    seed: int
    size: Size
    first_year: int
    last_year: int
    horizon: dt.date
    department: str | None = None
    region: str | None = None

    @property
    def territory(self) -> str:
        """`department:31`, `region:76`, or nothing."""
        if self.department:
            return f"department:{self.department}"
        return f"region:{self.region}" if self.region else ""

    def chunks(self) -> list[tuple[str, int, int]]:
        """(department, year, people), by year. Raises NoFigures and UnknownCode."""
        years = range(self.first_year, self.last_year + 1)
        return plan(self.size, years, self.department, self.region, until=self.horizon)

    def departments(self) -> list[str]:
        return sorted({department for department, _, _ in self.chunks()})


def whole_network(seed: int, horizon: dt.date) -> Network:
    """The partnership of the whole country: about 2,000 organisations and 20,000 agents."""
    of_bodies, of_agents, of_referents, of_delegations = _generators([seed], 4)
    bodies = organisations(departments(), of_bodies)
    staff = agents(bodies, of_agents, horizon)
    return Network(bodies, staff, referents(bodies, staff, of_referents, horizon), delegations(bodies, of_delegations))


def network_of(whole: Network, codes: Sequence[str]) -> Network:
    """The part of the partnership that works for these departments: theirs, their DT's, their region's, the State's."""
    here = [territories.department(code) for code in codes]
    regions = {each.region_code for each in here}
    directions = {direction_of(code) for code in codes}
    kind = pl.col("kind")
    bodies = whole.organisations.filter(
        (kind == "ministry")
        | ((kind == "dreets") & pl.col("region").is_in(regions))
        | ((kind != "dreets") & pl.col("direction").is_in(directions))
    )
    known = pl.col("organisation").is_in(bodies["number"].implode())
    return Network(
        bodies,
        whole.agents.filter(known),
        whole.referents.filter(known),
        whole.delegations.filter(pl.col("operator").is_in(bodies["number"].implode())),
    )


def direction_of(department: str) -> str:
    """The DT of a department."""
    return territories.direction_of_department(department).code


def chunk(
    order: Order, department: str, year: int, count: int, network: Network, *, lists: Sequence[str] = LISTS
) -> Chunk:
    """The `count` signatories of a department in a year. `network` is the whole one, whatever the size of the run.

    Without `lists` their lines are left out; all or none, so that each line is the same in every run.
    """
    of_names, of_pathways, of_lists = map(np.random.default_rng, _sequence(order.seed, department, year).spawn(3))
    named = identities(signatories(order, department, year, count), of_names)
    lived = pathways(named, network.organisations, of_pathways, order.horizon)
    lines = records(named, dict.fromkeys(lists, order.horizon), of_lists)
    return Chunk(people=named, records=lines, **lived)


def signatories(order: Order, department: str, year: int, count: int) -> pl.DataFrame:
    """The people of a chunk before they have names."""
    until = order.horizon if order.horizon.year == year else None
    return people(department, year, np.random.default_rng(_sequence(order.seed, department, year)), count, until=until)


def _sequence(seed: int, department: str, year: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, departments().index(department), year])


def _generators(key: Sequence[int], count: int) -> list[np.random.Generator]:
    return [np.random.default_rng(child) for child in np.random.SeedSequence(key).spawn(count)]
