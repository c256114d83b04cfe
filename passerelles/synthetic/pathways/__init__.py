"""What happens to the persons of a chunk, from the convocation to the end of the five years. Pure.

Everything is drawn from the generator given; what comes after the horizon, or after a departure, is not told.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from passerelles.synthetic.frames import SCHEMAS
from passerelles.synthetic.pathways import ile_de_france, jobs, life, referrals, training
from passerelles.synthetic.pathways.draws import Rng
from passerelles.synthetic.pathways.experiment import operator_of
from passerelles.synthetic.pathways.interviews import at_signature
from passerelles.synthetic.pathways.ledger import Ledger
from passerelles.synthetic.pathways.newcomers import bodies, newcomers
from passerelles.synthetic.pathways.sessions import reception

FRAMES = (
    "sessions",
    "convocations",
    "interviews",
    "assessments",
    "situations",
    "registrations",
    "opt_outs",
    "appointments",
    "events",
)


def pathways(people: pl.DataFrame, organisations: pl.DataFrame, rng: Rng, horizon: dt.date) -> dict[str, pl.DataFrame]:
    """The frames of FRAMES for `people` (PEOPLE) of one or several departments and years.

    Sessions are numbered from 1 over the whole call. Rows that an interview brings (its situation, registration by
    the CIP, opt-out, appointment) are also in their own frames, with the source « Entretien à la plateforme
    d’accueil » or `by` = cip: a reader that plays the interview through its verb leaves them to it.
    """
    if people.is_empty():
        return {name: pl.DataFrame(schema=SCHEMAS[name]) for name in FRAMES}
    groups = people.with_columns(pl.col("signed_on").dt.year().alias("_year")).partition_by(
        ["department", "_year"], include_key=True, maintain_order=True
    )
    told: list[dict[str, pl.DataFrame]] = []
    sessions = 0
    for group, child in zip(groups, rng.spawn(len(groups)), strict=True):
        frames = _of_one(group.drop("_year"), organisations, child, horizon)
        for name in ("sessions", "convocations", "interviews", "appointments"):
            column = "number" if name == "sessions" else "session"
            frames[name] = frames[name].with_columns(pl.col(column) + pl.lit(sessions, dtype=pl.UInt32))
        sessions += len(frames["sessions"])
        told.append(frames)
    return {name: pl.concat([frames[name] for frames in told]) for name in FRAMES}


def _of_one(people: pl.DataFrame, organisations: pl.DataFrame, rng: Rng, horizon: dt.date) -> dict[str, pl.DataFrame]:
    """One department, one year. Each part has its own generator: a change in one leaves the others as they were."""
    of_life, of_day, of_lists, of_training, of_jobs, of_names = rng.spawn(6)
    p = newcomers(people)
    near = bodies(organisations, p.department, p.direction)
    ledger = Ledger(p, horizon, life.departures(p, of_life))
    r = reception(p, near, operator_of(organisations, p.direction), of_day, horizon)
    s = at_signature(p, r, near, ledger, of_day)
    attended = referrals.refer(p, r, s, near, ledger, of_lists)
    registered = referrals.register(p, r, s, attended, ledger, of_lists)
    referrals.rights(p, r, s, ledger, of_lists)
    trained = training.train(p, r, near, ledger, of_training)
    work = jobs.employ(p, r, registered.on, trained.level, near, ledger, of_jobs)
    life.agir(p, r, work, near, ledger, of_life)
    life.recognition(p, r, ledger, of_life)
    situations = life.end_of_cir(p, r, trained, work, ledger, of_life)
    life.moves(p, ledger, of_life)
    ile_de_france.approach(p, registered.on, work, ledger, of_jobs)
    frames = {
        "sessions": r.sessions,
        "convocations": r.convocations,
        "interviews": s.interviews,
        "assessments": pl.concat([s.assessments, *trained.assessments]).sort("known_at", maintain_order=True),
        "situations": pl.concat([s.situations, situations]).sort("known_at", maintain_order=True),
        "registrations": registered.registrations.sort("known_at", maintain_order=True),
        "opt_outs": s.opt_outs,
        "appointments": s.appointments,
        "events": ledger.frame(of_names),
    }
    return {name: frames[name].select(list(SCHEMAS[name])) for name in FRAMES}
