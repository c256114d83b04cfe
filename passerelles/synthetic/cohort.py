"""What the rules know of the fictitious signatories on the day they sign, and simulations over a year of them. Pure.

Every date of a person is carried to the day asked for, as if they signed on it: two days, or two hypotheses, are
compared on the same persons. What the population does not say stays unknown.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from passerelles.orientation.engine.facts import NEVER, Value
from passerelles.orientation.engine.simulation import Reading, Tally, World, receivers_of, tally
from passerelles.orientation.rules import BOOK
from passerelles.orientation.rules.proposals import PROPOSALS
from passerelles.reference.levels import Level
from passerelles.synthetic.chunks import Order, signatories

JOBS = frozenset({"cdi", "cdd", "other_job"})
READS_FROM = Level.A1_1
"""Whoever reaches it in writing reads and writes; below, the population does not say (unknown)."""
TITLES: Mapping[str, tuple[str, bool | None]] = {
    "carte_resident": ("carte_resident", None),
    "csp_bps": ("csp_protection_subsidiaire", None),
    "csp_apatride": ("csp_apatride", None),
    "attestation_prolongation": ("attestation_prolongation", True),
    "cst_csp_vpf": ("vie_privee_familiale", None),
    "cst_salarie": ("cst_salarie", None),
    "csp_salarie": ("csp_salarie", None),
    "aps_travail": ("aps", True),
    "recepisse_premiere": ("recepisse_premiere", None),
}
"""Permit of the population → document of the rules, and its mention of work where the permit tells it."""
STATUSES = {"csp_bps": "protection_subsidiaire", "csp_apatride": "apatride"}
"""Protection told by the permit of a protected person; the others are refugees."""
CONSEQUENCES: Mapping[str, Mapping[str, Value]] = {"ft.auto_cir": {"ft.inscrit": True}}
REGISTERS, ORIENTS = "ft.contrat_engagement", "spe.orientation"
RECEIVERS = receivers_of(PROPOSALS, ORIENTS)


def facts_on(day: dt.date, row: Mapping[str, Any]) -> dict[str, Value]:
    """A row of PEOPLE as the facts of somebody who signs on `day`."""
    carried = day - row["signed_on"]
    title, mention = TITLES[row["permit"]]
    in_job = row["situation"] in JOBS
    facts: dict[str, Value] = {
        "departement": row["department"],
        "nationalite": row["nationality"],
        "naissance": day - dt.timedelta(days=round((row["age"] + 0.5) * 365.25)),
        "sexe": row["sex"],
        "sejour.regulier": True,
        "sejour.titre": title,
        "sejour.titre_fin": row["permit_ends_on"] + carried,
        "sejour.motif": row["motive"],
        "sejour.statut": STATUSES.get(row["permit"], "refugie") if row["bpi"] else "aucun",
        "sejour.statut_date": row["permit_starts_on"] + carried if row["bpi"] else NEVER,
        "sejour.premier_titre": row["permit_starts_on"] + carried,
        "sejour.premiere_admission": True,
        "sejour.installation_durable": True,
        "cir.contrat": "cir",
        "cir.date_signature": day,
        "langue.evaluation": day,
        "langue.ecrit": Level(row["written"]),
        "langue.oral": Level(row["oral"]),
        "civique.jours": 0,
        "civique.examen": "aucun",
        "emploi.situation": row["situation"],
        "emploi.recherche": "cherche" if row["wishes_work"] and not in_job else "non",
        "spe.dispense": False,
        "ft.inscrit": row["ft"],
        "rsa.beneficiaire": row["rsa"],
        "mission_locale.sollicitee": False,
        "cap_emploi.sollicite": False,
        "handicap.boe": row["disabled"],
        "agir.suivi": False,
        "agir.date_entree": NEVER,
        "besoin.emploi": row["wishes_work"] and not in_job,
        "garde.besoin": row["needs_childcare"],
        "cir.fin_formations": NEVER,
        "etudes.niveau": row["schooling"],
        "diplome.etranger": bool(row["diploma"]),
        "experience.professionnelle": row["experience_years"] > 0,
    }
    if mention is not None:
        facts["sejour.titre_travail"] = mention
    if Level(row["written"]).reaches(READS_FROM):
        facts["langue.lecteur_scripteur"] = True
    return facts


@dataclass(frozen=True, slots=True)
class Simulation:
    """The two worlds and what was counted."""

    before: World
    after: World
    tally: Tally


def simulate(
    order: Order, before: World, after: World, *, workers: int = 2, progress: Callable[[int, int], None] | None = None
) -> Simulation:
    """Every signatory of the order in the two worlds. `progress` is told (chunks done, chunks)."""
    tasks, whole = order.chunks(), Tally()
    for done, part in enumerate(_tallies(order, before, after, tasks, workers), start=1):
        whole.add(part)
        if progress is not None:
            progress(done, len(tasks))
    return Simulation(before, after, whole)


def _tallies(
    order: Order, before: World, after: World, tasks: list[tuple[str, int, int]], workers: int
) -> Iterator[Tally]:
    if workers < 2 or len(tasks) < 2:
        shop = _Shop(order, before, after)
        yield from map(shop.counted, tasks)
        return
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_open, initargs=(order, before, after)
    ) as pool:
        yield from pool.map(_counted, tasks)


class _Shop:
    """The two readings, made once for all the chunks of a process."""

    def __init__(self, order: Order, before: World, after: World) -> None:
        self.order = order
        self.before, self.after = (
            Reading(BOOK, world, PROPOSALS, consequences=CONSEQUENCES, registers=REGISTERS, receivers=RECEIVERS)
            for world in (before, after)
        )

    def counted(self, task: tuple[str, int, int]) -> Tally:
        one, other = self.before.world.on, self.after.world.on
        people = (
            (row["department"], read, read if one == other else facts_on(other, row))
            for row in signatories(self.order, *task).iter_rows(named=True)
            for read in (facts_on(one, row),)
        )
        return tally(people, self.before, self.after)


_shop: _Shop | None = None


def _open(order: Order, before: World, after: World) -> None:
    global _shop
    _shop = _Shop(order, before, after)


def _counted(task: tuple[str, int, int]) -> Tally:
    if _shop is None:
        raise RuntimeError("a worker counts only after it was opened")
    return _shop.counted(task)
