"""Jobs and what leads to them: training, POE, immersion, access within twelve months, retention at six. Pure.

C-036 to C-050, D-037 to D-042, F-031, F-035, F-036. Calibrated backwards: who finds a job is drawn first, to the unit
of the published rate, then what came before it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from passerelles.journal.vocabulary import FactKind
from passerelles.synthetic.pathways import rates
from passerelles.synthetic.pathways.draws import (
    Choice,
    Coded,
    Flags,
    Floats,
    Ints,
    Rng,
    chances,
    days_between,
    exactly,
    shared,
)
from passerelles.synthetic.pathways.ledger import Ledger, Maybe, Value
from passerelles.synthetic.pathways.moments import NEVER, happens, moment, months_after, number_of
from passerelles.synthetic.pathways.newcomers import A1, A2, SITUATION_KINDS, Bodies, Newcomers
from passerelles.synthetic.pathways.referrals import within_three_months
from passerelles.synthetic.pathways.sessions import Reception

CONTRACTS = Choice(
    {
        "cdi": 24,
        "cdd": 36,
        "interim": 17,
        "cddi": 8,
        "professionalisation": 4,
        "apprenticeship": 3,
        "cdpi": 2,
        "self": 6,
    }
)
KEPT_WEIGHT = np.array([1.25, 0.95, 0.6, 1.15, 1.2, 1.15, 0.95, 1.1])
SITUATION_OF = SITUATION_KINDS.positions(("cdi", "cdd", "other_job", "cdd", "cdd", "cdd", "cdd", "other_job"))
OPEN_ENDED = ("cdi", "self")
ENDS = Choice({"end_of_contract": 60, "resignation": 20, "trial_ended": 12, "dismissal": 8})
TRAININGS = Choice({"poei": 0.0, "poec": 0.0, "qualifying": 45, "certifying": 25, "vocational_language": 30})
OCCUPATIONS = Choice(
    {
        "K2204": 16,
        "G1603": 12,
        "K1302": 12,
        "N1103": 10,
        "F1703": 8,
        "G1602": 8,
        "K1304": 8,
        "N1105": 7,
        "F1704": 6,
        "A1402": 5,
        "H2102": 5,
        "D1106": 3,
    }
)
"""ROME codes of frequent jobs, for who sought none in particular; the weights are invented."""
SHORTAGE = ("A1401", "A1402", "A1403", "A1414", "F1703", "G1501", "G1602", "G1603", "G1605", "K1302", "K1304")
"""Occupations in shortage in every region by the order of 21 May 2025: farms, masons, kitchens, hotels, home help."""
AFTER = Choice(("", "poe", "immersion"))
NEED_LEVELS = Choice({"A1": 40, "A2": 40, "B1": 20})
FIVE_YEARS = 60  # months


@dataclass(frozen=True, slots=True)
class Spell:
    """One job per newcomer at most: first day, first day out of it (NEVER while it lasts), line of SITUATION_KINDS."""

    starts: Ints
    ends: Ints
    situation: Ints


@dataclass(slots=True)
class Jobs:
    """What each newcomer did, for the modules that look back at it."""

    spells: list[Spell] = field(default_factory=list)
    training_starts: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    training_ends: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(slots=True)
class _Scene:
    """What every step of this module needs."""

    p: Newcomers
    r: Reception
    registered: Ints
    bodies: Bodies
    ledger: Ledger
    rng: Rng


def employ(p: Newcomers, r: Reception, registered: Ints, level: Ints, bodies: Bodies, ledger: Ledger, rng: Rng) -> Jobs:
    """Every job and training of the five years. `registered`: first day at France Travail; `level`: rank reached."""
    scene = _Scene(p, r, registered, bodies, ledger, rng)
    jobs = Jobs()
    n = len(p)
    access, cohort = _access(scene, level)
    low = np.maximum(r.day, np.where(cohort, registered, r.day)) + 3
    high = months_after(p.signed, 12)
    wished = low + (rng.beta(1.25, 1.15, n) * np.maximum(high - low, 1)).astype(np.int64)
    start = np.where(access, np.minimum(p.worked_days.on_or_after(wished), p.worked_days.on_or_before(high)), NEVER)
    after = _before_the_job(scene, jobs, start, low)
    first = _spell(scene, start, after)
    jobs.spells.append(first)
    again = happens(first.ends) & (rng.random(n) < rates.JOB_AGAIN)
    later = ~access & (rng.random(n) < _by_wish(p, rates.JOB_LATER)) & (r.session > 0)
    for _ in range(2):
        from_day = np.where(again, first.ends + 10, np.where(later, high + 5, NEVER))
        begins = p.worked_days.add(from_day, (rng.exponential(150.0, n) + 1).astype(np.int64))
        begins = np.where(begins <= months_after(p.signed, FIVE_YEARS), begins, NEVER)
        first = _spell(scene, begins, np.zeros(n, dtype=np.int64))
        jobs.spells.append(first)
        again, later = happens(first.ends) & (rng.random(n) < rates.JOB_AGAIN), np.zeros(n, dtype=bool)
    _needs(scene)
    return jobs


def _by_wish(p: Newcomers, by: dict[str, float]) -> Floats:
    return np.where(p.employed, by["employed"], np.where(p.wishes_work, by["wishes"], by["others"]))


def _access(scene: _Scene, level: Ints) -> tuple[Flags, Flags]:
    """Who starts a job within twelve months of signature, and who is in the cohort of F-031."""
    p, rng = scene.p, scene.rng
    there = scene.r.session > 0
    cohort = there & within_three_months(p, scene.registered)
    stays = scene.ledger.left > months_after(p.signed, 12)
    weights = (
        np.where(level >= A2, 1.35, np.where(level >= A1, 1.1, 0.75))
        * np.where((p.age >= 26) & (p.age <= 45), 1.1, 0.85)
        * np.where(p.needs_childcare, 0.8, 1.0)
        * np.where(p.wishes_work, 1.0, 0.35)
        * stays
    )
    factor = rates.REGION_FACTOR.get(p.region, 1.0) * rates.YEAR_FACTOR.get(p.year, 1.0)
    access = np.zeros(len(p), dtype=bool)
    for sex, group in (("women", cohort & p.woman), ("men", cohort & ~p.woman)):
        access |= shared(
            rng, chances(weights, rates.published_share(f"job_access_bfc_{sex}_2023") * factor, group), group
        )
    outside = there & ~cohort
    others = _by_wish(p, rates.JOB_OUTSIDE_COHORT) * factor * stays * np.where(p.woman, 0.8, 1.15)
    return access | shared(rng, np.minimum(others, 0.95), outside), cohort


def _before_the_job(scene: _Scene, jobs: Jobs, start: Ints, low: Ints) -> Ints:
    """POE, training and immersion; which of them each job came after (AFTER)."""
    p, rng, n = scene.p, scene.rng, len(scene.p)
    jobs.training_starts = np.full(n, NEVER, dtype=np.int64)
    jobs.training_ends = np.full(n, NEVER, dtype=np.int64)
    listed = (scene.r.session > 0) & (scene.registered <= p.signed + 92)
    stays = scene.ledger.left > months_after(p.signed, 12)
    hired = happens(start)
    after = np.zeros(n, dtype=np.int64)

    prepared = shared(rng, rates.POE_AMONG_HIRED, listed & hired & stays & (start - low > 130))
    rate = rates.published_share("poe_into_job") + rng.uniform(-rates.POE_MARGIN, rates.POE_MARGIN)
    failures = prepared.sum() * (1 - rate) / rate
    count = int(failures) + int(rng.random() < failures % 1)
    without = exactly(rng, count, listed & ~hired & stays & p.jobless & p.wishes_work)
    ends = np.where(prepared, start - days_between(rng, 1, 30, n), low + days_between(rng, 95, 170, n))
    ends = p.worked_days.on_or_before(np.where(prepared | without, ends, NEVER))
    starts = p.worked_days.on_or_before(np.where(happens(ends), ends - days_between(rng, 28, 84, n), NEVER))
    collective = (rng.random(n) < 0.55).astype(np.int64)
    _training(scene, jobs, prepared | without, starts, ends, np.ones(n, dtype=bool), collective)
    after[prepared] = AFTER.position("poe")

    seekers = listed & ~hired & ~without & p.jobless & p.wishes_work & stays
    trained = shared(rng, rates.TRAINING_OF_JOB_SEEKERS, seekers)
    starts = p.worked_days.add(np.where(trained, low, NEVER), days_between(rng, 30, 160, n))
    completed = rng.random(n) < rates.TRAINING_COMPLETED
    length = np.where(completed, days_between(rng, 60, 210, n), days_between(rng, 8, 60, n))
    latest = months_after(p.signed, 12)
    ends = p.worked_days.on_or_before(np.where(happens(starts), np.minimum(starts + length, latest), NEVER))
    _training(scene, jobs, trained, starts, ends, completed, TRAININGS.draw(rng, n))

    tried = shared(rng, rates.IMMERSION_AMONG_HIRED, hired & ~prepared & (start - low > 50))
    others = shared(rng, rates.IMMERSION_OF_OTHERS, seekers & ~trained)
    day = np.where(tried, start - days_between(rng, 20, 45, n), low + days_between(rng, 20, 200, n))
    day = p.worked_days.on_or_before(day)
    who = np.flatnonzero(tried | others)
    scene.ledger.add(
        FactKind.IMMERSION_HELD,
        who,
        day[who],
        moment(day[who] + days_between(rng, 8, 16, len(who)), 10 * 60),
        subject=scene.ledger.subjects(len(who)),
        organisation=scene.bodies.pick(rng, "employer", len(who)),
        data={"days": days_between(rng, 3, 10, len(who)), "occupation": _occupations(p, rng)[who]},
    )
    after[tried] = AFTER.position("immersion")
    return after


def _training(scene: _Scene, jobs: Jobs, whom: Flags, starts: Ints, ends: Ints, completed: Flags, kinds: Ints) -> None:
    """Proposed, started, ended; and proposals turned down by others, in the same number range."""
    p, rng, ledger = scene.p, scene.rng, scene.ledger
    refusals = round(int(whom.sum()) * rates.TRAINING_TURNED_DOWN)
    can = (scene.r.session > 0) & ~whom & p.jobless & happens(scene.registered) & ~happens(jobs.training_starts)
    refused = exactly(rng, refusals, can)
    who = np.flatnonzero(refused)
    day = p.worked_days.add(np.maximum(scene.registered[who], scene.r.day[who]), days_between(rng, 8, 120, len(who)))
    ledger.add(
        FactKind.TRAINING_PROPOSED,
        who,
        day,
        moment(day, 15 * 60),
        subject=ledger.subjects(len(who)),
        organisation=scene.bodies.pick(rng, "training_body", len(who)),
        data={"training": TRAININGS.coded(kinds[who])},
    )
    jobs.training_starts = np.where(whom, starts, jobs.training_starts)
    jobs.training_ends = np.where(whom, ends, jobs.training_ends)
    who = np.flatnonzero(whom)
    n = len(who)
    subject, body = ledger.subjects(n), scene.bodies.pick(rng, "training_body", n)
    names = TRAININGS.coded(kinds[who])
    least = np.maximum(scene.registered[who], scene.r.day[who])
    proposed = np.maximum(p.worked_days.add(starts[who], -days_between(rng, 4, 20, n)), np.minimum(least, starts[who]))
    minute = days_between(rng, 9 * 60, 16 * 60, n)
    kind_only: dict[str, Value] = {"training": names}
    for kind, day, data in (
        (FactKind.TRAINING_PROPOSED, proposed, kind_only),
        (FactKind.TRAINING_STARTED, starts[who], kind_only),
        (FactKind.TRAINING_ENDED, ends[who], kind_only | {"completed": completed[who]}),
    ):
        later = 0 if kind is FactKind.TRAINING_PROPOSED else 3
        ledger.add(kind, who, day, moment(day + later, minute), subject=subject, organisation=body, data=data)


def _spell(scene: _Scene, starts: Ints, after: Ints) -> Spell:
    """One job for each who starts one on `starts`: contract, retention, check at six months, end."""
    p, rng, n = scene.p, scene.rng, len(scene.p)
    begun = happens(starts)
    contract = CONTRACTS.draw(rng, n)
    kept = shared(rng, chances(KEPT_WEIGHT[contract], rates.published_share("job_kept_6_months"), begun), begun)
    open_ended = np.isin(np.array(CONTRACTS.labels), OPEN_ENDED)[contract]
    months = np.where(kept, np.array([7, 8, 9, 12, 12, 18, 24])[rng.integers(7, size=n)], days_between(rng, 1, 5, n))
    stays_on = open_ended & (rng.random(n) < 0.78)
    lasts = np.where(
        open_ended, np.where(kept, days_between(rng, 200, 900, n), days_between(rng, 8, 170, n)), months * 30 + 4
    )
    lasts = np.where(open_ended | kept, lasts, days_between(rng, 10, np.minimum(months * 30, 165), n))
    ends = np.where(kept & stays_on, NEVER, starts + lasts)
    ends = np.where(begun, np.minimum(ends, NEVER), NEVER)
    who = np.flatnonzero(begun)
    if not len(who):
        return Spell(starts, ends, SITUATION_OF[contract])
    subject = scene.ledger.subjects(len(who))
    employer = scene.bodies.pick(rng, "employer", len(who))
    siae = scene.bodies.pick(rng, "siae", len(who))
    employer = np.where(contract[who] == CONTRACTS.position("cddi"), siae, employer)
    occupation = _occupations(p, rng)[who]
    lag = days_between(rng, 3, 30, len(who))
    minute = days_between(rng, 8 * 60, 18 * 60, len(who))
    names = CONTRACTS.coded(contract[who])
    planned = Maybe(months[who], ~open_ended[who])
    scene.ledger.add(
        FactKind.JOB_STARTED,
        who,
        starts[who],
        moment(starts[who] + lag, minute),
        subject=subject,
        organisation=employer,
        data={
            "occupation": occupation,
            "contract": names,
            "months": planned,
            "shortage": _in_shortage(occupation),
            "after": AFTER.coded(after[who]),
        },
    )
    six = months_after(starts[who], 6)
    checked = np.flatnonzero(rng.random(len(who)) < rates.CHECKED_AT_SIX_MONTHS)
    on = p.worked_days.on_or_after(six[checked])
    scene.ledger.add(
        FactKind.JOB_CHECKED,
        who[checked],
        on,
        moment(on + lag[checked], minute[checked]),
        subject=subject[checked],
        organisation=employer[checked],
        data={"months": 6, "in_post": ends[who][checked] > six[checked]},
    )
    over = np.flatnonzero(happens(ends[who]))
    reason = ENDS.draw(rng, len(over))
    reason = np.where(open_ended[who][over] & (reason == 0), ENDS.position("resignation"), reason)
    scene.ledger.add(
        FactKind.JOB_ENDED,
        who[over],
        ends[who][over],
        moment(ends[who][over] + lag[over], minute[over]),
        subject=subject[over],
        organisation=employer[over],
        data={"contract": names[over], "reason": ENDS.coded(reason)},
    )
    return Spell(starts, ends, SITUATION_OF[contract])


def _occupations(p: Newcomers, rng: Rng) -> Coded:
    """The occupation sought three times in four, else a frequent one."""
    n = len(p)
    labels = [*OCCUPATIONS.labels, *p.occupation.table.to_list()]
    both = Choice(list(dict.fromkeys(labels)))
    sought = both.positions(p.occupation.table.to_list())[p.occupation.at]
    as_wished = (sought != both.position("") if "" in both.labels else True) & (rng.random(n) < 0.75)
    return both.coded(np.where(as_wished, sought, OCCUPATIONS.draw(rng, n)))


def _in_shortage(occupation: Coded) -> Flags:
    return np.array([code in SHORTAGE for code in occupation.table.to_list()])[occupation.at]


def _needs(scene: _Scene) -> None:
    """Needs opened by employers and SIAE in the year (D-041), in proportion to the signatories."""
    p, rng = scene.p, scene.rng
    n = max(1, len(p) // rates.SIGNATORIES_PER_NEED)
    first = number_of(dt.date(p.year, 1, 1))
    day = p.worked_days.on_or_after(first + days_between(rng, 2, 355, n))
    body = np.where(rng.random(n) < 0.85, scene.bodies.pick(rng, "employer", n), scene.bodies.pick(rng, "siae", n))
    occupation = OCCUPATIONS.drawn(rng, n)
    scene.ledger.add_without_person(
        FactKind.NEED_OPENED,
        day,
        moment(day, days_between(rng, 9 * 60, 18 * 60, n)),
        subject=scene.ledger.subjects(n),
        organisation=body,
        data={
            "occupation": occupation,
            "posts": days_between(rng, 1, 8, n),
            "level": NEED_LEVELS.drawn(rng, n),
            "shortage": _in_shortage(occupation),
            "department": p.department,
        },
    )
