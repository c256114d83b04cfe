"""Civic and language training by the rules in force at signature, what was reached, exams of 2026. Pure.

B-019 to B-030, C-004, C-024 to C-026. Hours and dates come from the register of parameters where it has them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.reference import register
from passerelles.reference.territory import Territory
from passerelles.synthetic.pathways import rates
from passerelles.synthetic.pathways.draws import Choice, Flags, Ints, Rng, chances, days_between, shared
from passerelles.synthetic.pathways.interviews import LEVEL_NAMES, assessments_frame
from passerelles.synthetic.pathways.ledger import Ledger, Maybe, Value
from passerelles.synthetic.pathways.moments import MINUTE, NEVER, happens, moment, number_of
from passerelles.synthetic.pathways.newcomers import A1, A2, B1, Bodies, Newcomers
from passerelles.synthetic.pathways.sessions import Reception

NEW_MARKET = number_of(dt.date(2025, 7, 1))
OPTIONAL_SINCE = number_of(dt.date(2025, 7, 16))
"""Decree 2025-647 of 15 July 2025: registration in the training of OFII is no longer compulsory."""
CIVIC_IN_HOURS = number_of(dt.date(2025, 8, 1))
"""Order of 22 July 2025: four sessions, 24 hours (12 in Mayotte)."""
EXAM_SINCE = number_of(dt.date(2026, 1, 1))
MAYOTTE = "976"
A2_PILOT = {"lot:2": ("region", "27"), "lot:9": ("departments", "94 91")}
"""Lots of the pilot towards A2 (B-022): Bourgogne-Franche-Comté, and the DT of Créteil (94, 91)."""
VOCATIONAL_PILOT = {"lot:5": ("region", "44"), "lot:15": ("region", "76")}
"""Lots of the pilot of vocational French (B-023): Grand Est and Occitanie."""
PATHS = Choice(("P100", "P200", "P400", "P600", "pilot_a2", "pilot_vocational", "digital", "face_to_face", "A2", "B1"))
BASE_HOURS = np.array([100, 200, 400, 600])
MODES = Choice(("in_person", "digital"))
TARGETS = Choice(("A1", "A2", "B1"))
ENDS = Choice(("completed", "dropped"))


@dataclass(slots=True)
class Trained:
    """Assessments made after the initial one; the last day of compulsory training; levels reached (ranks)."""

    assessments: list[pl.DataFrame]
    ends: Ints
    written: Ints
    oral: Ints
    level: Ints


@dataclass(slots=True)
class _Course:
    """One course for some newcomers: everything by position in `who`."""

    who: Ints
    path: Ints
    digital: Flags
    hours: Ints  # -1 where no document gives a number
    target: Ints  # rank of a level
    compulsory: Flags
    prescribed: Ints
    known: Ints
    chance: np.ndarray[tuple[int], np.dtype[np.float64]]
    begins: np.ndarray[tuple[int], np.dtype[np.float64]] = field(default_factory=lambda: np.zeros(0))


def train(p: Newcomers, r: Reception, bodies: Bodies, ledger: Ledger, rng: Rng) -> Trained:
    """Everything from the prescription to the level reached, complements towards A2 and B1 included."""
    trained = Trained([], r.day.copy(), p.written.copy(), p.oral.copy(), p.level.copy())
    civic_ends = _civic(p, r, ledger, rng)
    first = _first_course(p, r, rng)
    ends = _follow(p, first, bodies, ledger, rng, trained)
    compulsory_ends = np.full(len(p), NEVER, dtype=np.int64)
    compulsory_ends[first.who] = ends
    last_day = np.where(happens(civic_ends), civic_ends, r.day + 60)
    trained.ends = np.maximum(last_day, np.where(happens(compulsory_ends), compulsory_ends, last_day))
    in_course = np.zeros(len(p), dtype=bool)
    in_course[first.who] = True
    free_from = np.where(in_course, compulsory_ends, civic_ends)  # one course at a time
    for level, target in (("A2", A2), ("B1", B1)):
        complement = _complement(p, r, level, target, trained, free_from, rng)
        if len(complement.who):
            free_from[complement.who] = _follow(p, complement, bodies, ledger, rng, trained)
    _exams(p, r, ledger, rng, trained)
    return trained


def _civic(p: Newcomers, r: Reception, ledger: Ledger, rng: Rng) -> Ints:
    """Civic training: four days for everybody; 24 hours since August 2025. The day it ends, NEVER when it does not."""
    n = len(p)
    who = np.flatnonzero(r.session > 0)
    in_hours = r.day >= CIVIC_IN_HOURS
    hours = np.where(in_hours, 12 if p.department == MAYOTTE else 24, -1)
    subject = ledger.subjects(n)
    ledger.add(
        FactKind.CIVIC_PRESCRIBED,
        who,
        r.day[who],
        r.ends[who] + MINUTE,
        subject=subject[who],
        data={"days": 4, "hours": _known_hours(hours[who])},
    )
    comes = rng.random(n) < rates.CIVIC_ATTENDED
    last = p.worked_days.add(r.day, days_between(rng, 12, 75, n))
    whole = rng.random(n) >= rates.CIVIC_INCOMPLETE
    days = np.where(whole, 4, days_between(rng, 1, 3, n))
    told = who[comes[who]]
    known = moment(last[told] + days_between(rng, 1, 6, len(told)), 18 * 60)
    ledger.add(
        FactKind.CIVIC_ATTENDED,
        told,
        last[told],
        known,
        subject=subject[told],
        data={"days": days[told], "of": 4},
    )
    return np.where(comes & whole & (r.session > 0), last, NEVER)


def _known_hours(hours: Ints) -> Maybe:
    return Maybe(hours, hours >= 0)


@lru_cache(maxsize=8)
def _pilot_period(key: str, lot: str) -> tuple[int, int]:
    (entry,) = register.parameters()[key].entries_for(Territory.parse(lot))
    last = entry.valid_to or entry.valid_from
    return number_of(entry.valid_from), number_of(last)


def _in_pilot(p: Newcomers, day: Ints, key: str, lots: dict[str, tuple[str, str]]) -> Flags:
    """Signed in the territory of one of the lots while the pilot lasted."""
    found = np.zeros(len(p), dtype=bool)
    for lot, (kind, codes) in lots.items():
        here = p.region == codes if kind == "region" else p.department in codes.split()
        if here:
            first, last = _pilot_period(key, lot)
            found |= (day >= first) & (day <= last)
    return found


def _first_course(p: Newcomers, r: Reception, rng: Rng) -> _Course:
    """The course prescribed at signature: 100 to 600 hours to A1, pilots of 2024, digital licence since July 2025."""
    day = r.day
    new = day >= NEW_MARKET
    a2_pilot = ~new & _in_pilot(p, day, "a2_pilot_hours_min", A2_PILOT) & (p.level < A2)
    needed = (r.session > 0) & (p.prescribed | a2_pilot)
    vocational = (
        ~new
        & p.prescribed
        & _in_pilot(p, day, "pro_pilot_min_written", VOCATIONAL_PILOT)
        & p.wishes_work
        & (rng.random(len(p)) < rates.VOCATIONAL_PILOT)
    )
    illiterate = p.written < 2
    base = np.searchsorted(BASE_HOURS, p.hours, side="left").clip(0, 3)
    path = np.where(
        new,
        np.where(illiterate, PATHS.position("face_to_face"), PATHS.position("digital")),
        np.where(
            a2_pilot,
            PATHS.position("pilot_a2"),
            np.where(vocational, PATHS.position("pilot_vocational"), base),
        ),
    )
    doubled = np.minimum(np.where(p.level < A1, np.maximum(p.hours, 0) + 200, 200), 800)
    hours = np.where(a2_pilot, doubled, np.where(vocational, 400, p.hours))
    target = np.where(new | a2_pilot, A2, A1)
    who = np.flatnonzero(needed)
    chance = np.where(new, rates.A2_ATTAINED, np.where(a2_pilot, rates.A2_PILOT_ATTAINED, _a1_chances(p, needed)))
    begins = np.where(day >= OPTIONAL_SINCE, rates.STARTS_OPTIONAL, rates.STARTS_COMPULSORY)
    return _Course(
        who=who,
        path=path[who],
        digital=(new & ~illiterate)[who],
        hours=np.where(new, -1, hours)[who],
        target=target[who],
        compulsory=(day < OPTIONAL_SINCE)[who],
        prescribed=day[who],
        known=r.ends[who] + 2 * MINUTE,
        chance=chance[who],
        begins=begins[who],
    )


def _a1_chances(p: Newcomers, needed: Flags) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Chances of A1: 46.9 % after 600 hours, the others so that the year reaches its published rate."""
    rate, of_longest = rates.a1_attained(p.year), rates.published_share("a1_attained_600_2022")
    longest = needed & (p.hours >= 600)
    others = needed & ~longest
    n_long, n_other = int(longest.sum()), int(others.sum())
    rest = (rate * (n_long + n_other) - of_longest * n_long) / max(n_other, 1)
    weights = np.where(p.hours <= 100, 1.15, np.where(p.hours <= 200, 1.05, 0.85)) * np.where(p.age > 45, 0.85, 1.03)
    return np.where(longest, of_longest, chances(weights, min(rest, 0.95), others))


def _complement(
    p: Newcomers, r: Reception, level: str, target: int, trained: Trained, free_from: Ints, rng: Rng
) -> _Course:
    """A voluntary module towards A2 or B1, as long as the market in force offers one where the person lives (B-020)."""
    n = len(p)
    day = p.worked_days.add(free_from, days_between(rng, 10, 120, n))
    ready = (r.session > 0) & (trained.level == target - 1) & (r.day < NEW_MARKET)
    wants = ready & (rng.random(n) < rates.COMPLEMENT_WANTED[level])
    hours = _offered_hours(p.department, f"{level.lower()}_complement_hours", np.where(happens(day), day, 0))
    who = np.flatnonzero(wants & happens(day) & (hours > 0))
    size = len(who)
    return _Course(
        who=who,
        path=np.full(size, PATHS.position(level)),
        digital=np.zeros(size, dtype=bool),
        hours=hours[who],
        target=np.full(size, target),
        compulsory=np.zeros(size, dtype=bool),
        prescribed=day[who],
        known=moment(day[who], 17 * 60 + 30),
        chance=np.full(size, rates.COMPLEMENT_ATTAINED),
        begins=np.full(size, 0.95),
    )


def _offered_hours(department: str, key: str, days: Ints) -> Ints:
    """Hours of the module on each day in the department: its own value if the register has one; 0 when none."""
    found = np.zeros(len(days), dtype=np.int64)
    for territory in reversed(Territory.parse(f"department:{department}").chain):
        for entry in register.parameters()[key].entries_for(territory):
            if isinstance(entry.value, int):
                last = number_of(entry.valid_to) if entry.valid_to else NEVER
                found[(days >= number_of(entry.valid_from)) & (days <= last)] = entry.value
    return found


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one course, by position in its `who`; levels are those at the end."""

    starts: Ints
    ends: Ints
    begun: Flags
    dropped: Flags
    attained: Flags
    hours: Ints  # attended, -1 where no number was given
    written: Ints
    oral: Ints

    @property
    def finished(self) -> Flags:
        return self.begun & ~self.dropped


def _outcome(p: Newcomers, c: _Course, trained: Trained, rng: Rng) -> _Outcome:
    """Who begins, who drops out, when it ends and the level then; who does not reach the target keeps a weak skill."""
    n = len(c.who)
    wait = np.where(c.digital, days_between(rng, 2, 20, n), days_between(rng, 12, 80, n))
    starts = p.worked_days.add(c.prescribed, wait)
    begun = shared(rng, c.begins, np.ones(n, dtype=bool))
    dropped = begun & shared(rng, rates.DROPS_OUT, np.ones(n, dtype=bool))
    length = np.where(
        c.hours < 0,
        np.where(c.digital, days_between(rng, 120, 364, n), days_between(rng, 210, 330, n)),
        c.hours * 7 // days_between(rng, 12, 26, n) + 3,
    )
    share = np.where(dropped, rng.random(n) * 0.7 + 0.05, 0.96)
    attained = shared(rng, c.chance, begun & ~dropped)
    written, oral = trained.written[c.who], trained.oral[c.who]
    step = (rng.random(n) < 0.6).astype(np.int64)
    weak_written = written < c.target
    below = c.target - 1
    better_written = np.where(weak_written, np.minimum(written + step, below), written)
    better_oral = np.where(weak_written, np.maximum(oral, better_written), np.minimum(oral + step, below))
    return _Outcome(
        starts=starts,
        ends=p.worked_days.on_or_before(starts + np.maximum((length * share).astype(np.int64), 4)),
        begun=begun,
        dropped=dropped,
        attained=attained,
        hours=np.where(c.hours < 0, -1, (c.hours * share).astype(np.int64)),
        written=np.where(attained, np.maximum(written, c.target), better_written),
        oral=np.where(attained, np.maximum(oral, c.target), better_oral),
    )


def _follow(p: Newcomers, c: _Course, bodies: Bodies, ledger: Ledger, rng: Rng, trained: Trained) -> Ints:
    """Prescribed, started, ended with a level. The day each course ended, NEVER when it was not followed to the end."""
    n = len(c.who)
    if not n:
        return np.zeros(0, dtype=np.int64)
    subject = ledger.subjects(n)
    provider = bodies.pick(rng, "training_body", n)
    path, mode = PATHS.coded(c.path), MODES.coded(c.digital.astype(np.int64))
    of_prescription: dict[str, Value] = {
        "path": path,
        "mode": mode,
        "hours": _known_hours(c.hours),
        "target": TARGETS.coded(c.target - A1),
        "compulsory": c.compulsory,
    }
    ledger.add(
        FactKind.LANGUAGE_PRESCRIBED,
        c.who,
        c.prescribed,
        c.known,
        subject=subject,
        organisation=provider,
        data=of_prescription,
    )
    o = _outcome(p, c, trained, rng)
    lag = days_between(rng, 1, 9, n)
    ended_at = moment(o.ends + lag, 17 * 60 + 1)
    told = np.flatnonzero(o.begun)
    evaluated = ~o.dropped[told]
    of_end: dict[str, Value] = {
        "path": path[told],
        "reason": ENDS.coded(o.dropped[told].astype(np.int64)),
        "hours_attended": _known_hours(o.hours[told]),
        "written": Maybe(LEVEL_NAMES.coded(o.written[told]), evaluated),
        "oral": Maybe(LEVEL_NAMES.coded(o.oral[told]), evaluated),
        "attained": Maybe(o.attained[told], evaluated),
    }
    of_start: dict[str, Value] = {"path": path[told], "mode": mode[told]}
    for kind, on, known, data in (
        (FactKind.LANGUAGE_STARTED, o.starts, moment(o.starts + lag, 17 * 60), of_start),
        (FactKind.LANGUAGE_ENDED, o.ends, ended_at, of_end),
    ):
        ledger.add(
            kind, c.who[told], on[told], known[told], subject=subject[told], organisation=provider[told], data=data
        )
    done = np.flatnonzero(o.finished)
    people = c.who[done]
    level = np.minimum(o.written, o.oral)
    trained.written[people], trained.oral[people], trained.level[people] = o.written[done], o.oral[done], level[done]
    done = done[ledger.standing(people, o.ends[done], ended_at[done])]
    trained.assessments.append(
        assessments_frame(
            p, rng, c.who[done], "final", o.written[done], o.oral[done], level[done], o.ends[done],
            ended_at[done] + MINUTE, provider[done],
        )
    )  # fmt: skip
    return np.where(o.finished, o.ends, NEVER)


def _exams(p: Newcomers, r: Reception, ledger: Ledger, rng: Rng, trained: Trained) -> None:
    """From 2026, before the first multi-year card: civic exam (B-027) and certificate of level (B-026)."""
    n = len(p)
    day = p.worked_days.add(p.permit_ends, -days_between(rng, 20, 70, n))
    concerned = (r.session > 0) & (day >= EXAM_SINCE) & (day > r.day + 60) & ~p.bpi & (p.age < 65)
    passed = rng.random(n) < rates.EXAM_PASSED
    again = concerned & ~passed & (rng.random(n) < rates.EXAM_TRIED_AGAIN)
    for attempt, whom, on in ((1, concerned, day), (2, again, p.worked_days.add(day, days_between(rng, 12, 40, n)))):
        who = np.flatnonzero(whom)
        ledger.add(
            FactKind.CIVIC_EXAM_TAKEN,
            who,
            on[who],
            moment(on[who] + days_between(rng, 1, 5, len(who)), 12 * 60),
            subject=ledger.subjects(len(who)),
            data={"purpose": "multi_year_card", "attempt": attempt, "passed": passed[who]},
        )
        passed = rng.random(n) < rates.EXAM_PASSED
    certified = concerned & (trained.level >= A2) & (rng.random(n) < rates.CERTIFIED_BEFORE_CARD)
    who = np.flatnonzero(certified)
    on = p.worked_days.add(day[who], -days_between(rng, 1, 15, len(who)))
    after_training = on > trained.ends[who]
    who, on = who[after_training], on[after_training]
    known = moment(on + days_between(rng, 10, 25, len(who)), 12 * 60)
    kept = ledger.standing(who, on, known)
    who, on, known = who[kept], on[kept], known[kept]
    nobody = np.zeros(len(who), dtype=np.int64)
    trained.assessments.append(
        assessments_frame(
            p, rng, who, "certification", trained.written[who], trained.oral[who], trained.level[who], on, known, nobody
        )
    )
