"""What else happens in five years: AGIR, moves and departures, diplomas recognised, the end of the CIR. Pure."""

from __future__ import annotations

import numpy as np
import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.reference import territories
from passerelles.synthetic.frames import END_OF_CIR
from passerelles.synthetic.pathways import rates
from passerelles.synthetic.pathways.draws import Choice, Coded, Flags, Ints, Rng, days_between, delays, shared
from passerelles.synthetic.pathways.interviews import LEVEL_NAMES, situations_frame
from passerelles.synthetic.pathways.jobs import Jobs
from passerelles.synthetic.pathways.ledger import Ledger
from passerelles.synthetic.pathways.moments import MINUTE, NEVER, happens, moment, number_of
from passerelles.synthetic.pathways.newcomers import SITUATION_KINDS, Bodies, Newcomers
from passerelles.synthetic.pathways.sessions import Reception
from passerelles.synthetic.pathways.training import Trained
from passerelles.synthetic.population.agir import agir_start
from passerelles.synthetic.population.published import published_value

WEEKEND = 0.7
"""Mean of the days added by an orientation that waits for the next working day."""
EXITS = Choice(rates.AGIR_EXIT_REASONS["job"] | rates.AGIR_EXIT_REASONS["no_job"])
PROPOSED_BY = Choice({"housing_centre": 0.55, "ofii": 0.45})
DEPARTURES = Choice({"abroad": 0.55, "return": 0.3, "unknown": 0.15})
PROCEDURES = Choice(rates.RECOGNITION_PROCEDURES)
RESULTS = Choice(rates.RECOGNITION_RESULTS)


def departures(p: Newcomers, rng: Rng) -> Ints:
    """The day on which each person leaves the territory, within the five years; NEVER for most."""
    n = len(p)
    leaves = shared(rng, rates.DEPARTS, np.ones(n, dtype=bool))
    return np.where(leaves, p.worked_days.add(p.signed, days_between(rng, 90, 1100, n)), NEVER)


def moves(p: Newcomers, ledger: Ledger, rng: Rng) -> None:
    """Moves to another department, in the region one time in two; and the departures themselves."""
    n = len(p)
    gone = np.flatnonzero(happens(ledger.left))
    day = ledger.left[gone]
    ledger.add(
        FactKind.DEPARTED,
        gone,
        day,
        moment(day + days_between(rng, 10, 120, len(gone)), 9 * 60),
        data={"reason": DEPARTURES.drawn(rng, len(gone))},
    )
    near = [d.code for d in territories.departments_of_region(p.region) if d.code != p.department]
    every = [
        d.code for direction in territories.directions() for d in map(territories.department, direction.departments)
    ]
    far = [code for code in every if code != p.department]
    places = Choice({code: (0.5 / len(near) if code in near else 0.0) + 0.5 / len(far) for code in far})
    who = np.flatnonzero(shared(rng, rates.MOVES, np.ones(n, dtype=bool)))
    on = p.worked_days.add(p.signed[who], days_between(rng, 40, 1000, len(who)))
    ledger.add(
        FactKind.MOVED,
        who,
        on,
        moment(on + days_between(rng, 5, 60, len(who)), 10 * 60),
        data={"from": p.department, "to": places.drawn(rng, len(who))},
    )


def agir(p: Newcomers, r: Reception, jobs: Jobs, bodies: Bodies, ledger: Ledger, rng: Rng) -> None:
    """Proposed, oriented by OFII ten days later on average, entered, left (C-053, E-007, E-008)."""
    who = np.flatnonzero((r.session > 0) & p.agir)
    n = len(who)
    if not n:
        return
    subject = ledger.subjects(n)
    operator = bodies.pick(rng, "operator", n)
    opening = agir_start(p.department)
    proposed = np.maximum(r.day[who], number_of(opening)) if opening else r.day[who]
    oriented = p.worked_days.on_or_after(proposed + delays(rng, published_value("agir_delay_2023") - WEEKEND, n))
    minute = days_between(rng, 9 * 60, 16 * 60, n)
    ledger.add(
        FactKind.AGIR_PROPOSED,
        who,
        proposed,
        np.where(proposed == r.day[who], r.ends[who] + 3 * MINUTE, moment(proposed, minute)),
        subject=subject,
        organisation=operator,
        data={"by": PROPOSED_BY.drawn(rng, n)},
    )
    ledger.add(
        FactKind.AGIR_ORIENTED,
        who,
        oriented,
        moment(oriented, minute),
        subject=subject,
        organisation=operator,
        data={"days": oriented - proposed},
    )
    entered = p.worked_days.add(oriented, days_between(rng, 3, 25, n))
    enters = np.flatnonzero(rng.random(n) < rates.AGIR_ENTERS)
    at = moment(entered + days_between(rng, 1, 8, n), 16 * 60)
    ledger.add(
        FactKind.AGIR_ENTERED, who[enters], entered[enters], at[enters],
        subject=subject[enters], organisation=operator[enters],
    )  # fmt: skip
    left = p.worked_days.add(entered[enters], days_between(rng, 110, 500, len(enters)))
    ledger.add(
        FactKind.AGIR_EXITED,
        who[enters],
        left,
        moment(left + days_between(rng, 8, 20, len(enters)), 16 * 60),
        subject=subject[enters],
        organisation=operator[enters],
        data={"reason": EXITS.coded(_exit_reasons(p, jobs, who[enters], left, rng))},
    )


def _exit_reasons(p: Newcomers, jobs: Jobs, who: Ints, on: Ints, rng: Rng) -> Ints:
    """A job among the reasons only for who has one on that day."""
    in_job = p.employed[who].copy()
    for spell in jobs.spells:
        in_job |= (spell.starts[who] <= on) & (on < spell.ends[who])
    drawn = {}
    for name, reasons in rates.AGIR_EXIT_REASONS.items():
        choice = Choice(reasons)
        drawn[name] = EXITS.positions(choice.labels)[choice.draw(rng, len(who))]
    return np.where(in_job, drawn["job"], drawn["no_job"])


def recognition(p: Newcomers, r: Reception, ledger: Ledger, rng: Rng) -> None:
    """Requests of recognition of a diploma from the country of origin, and their answers (B-056, C-031)."""
    who = np.flatnonzero(shared(rng, rates.RECOGNITION_REQUESTED, (r.session > 0) & p.has_diploma & p.wishes_work))
    n = len(who)
    subject = ledger.subjects(n)
    procedure = PROCEDURES.drawn(rng, n)
    asked = p.worked_days.add(r.day[who], days_between(rng, 5, 200, n))
    lag = days_between(rng, 2, 20, n)
    ledger.add(
        FactKind.RECOGNITION_REQUESTED, who, asked, moment(asked + lag, 11 * 60),
        subject=subject, data={"procedure": procedure},
    )  # fmt: skip
    answered = p.worked_days.add(asked, days_between(rng, 30, 130, n))
    ledger.add(
        FactKind.RECOGNITION_ANSWERED,
        who,
        answered,
        moment(answered + lag, 11 * 60),
        subject=subject,
        data={"procedure": procedure, "result": RESULTS.drawn(rng, n)},
    )


def end_of_cir(p: Newcomers, r: Reception, trained: Trained, jobs: Jobs, ledger: Ledger, rng: Rng) -> pl.DataFrame:
    """The interview at the end of the compulsory training, which observes the situation again (C-051)."""
    n = len(p)
    held = shared(rng, rates.END_INTERVIEW, r.session > 0)
    on = p.worked_days.add(trained.ends, days_between(rng, 8, 62, n))
    who = np.flatnonzero(held)
    on = on[who]
    known = moment(on, days_between(rng, 9 * 60, 17 * 60, len(who)))
    kept = ledger.standing(who, on, known)
    who, on, known = who[kept], on[kept], known[kept]
    situation = _situation_on(p, jobs, who, on, rng)
    ledger.add(
        FactKind.END_OF_CIR_INTERVIEW,
        who,
        on,
        known,
        subject=ledger.subjects(len(who)),
        data={"level": LEVEL_NAMES.coded(trained.level[who]), "situation": situation},
    )
    return situations_frame(p, rng, who, situation.texts, on, END_OF_CIR, known)


def _situation_on(p: Newcomers, jobs: Jobs, who: Ints, on: Ints, rng: Rng) -> Coded:
    """In a job known to the platform, in training, else as at signature; those who had a job have mostly kept it."""
    none, training = SITUATION_KINDS.position("none"), SITUATION_KINDS.position("training")
    present = p.situation.at[who]
    lost: Flags = p.employed[who] & (rng.random(len(who)) < 0.12)
    present = np.where(lost | (present == training), none, present)
    in_training = (jobs.training_starts[who] <= on) & (on <= jobs.training_ends[who])
    present = np.where(in_training, training, present)
    for spell in jobs.spells:
        at_work = (spell.starts[who] <= on) & (on < spell.ends[who])
        present = np.where(at_work, spell.situation[who], present)
    return SITUATION_KINDS.coded(present)
