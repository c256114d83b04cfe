"""Sessions of the reception platform: who is convoked when, who comes, at which desk (C-001, C-014 to C-017). Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from passerelles.reference import territories
from passerelles.synthetic.frames import CONVOCATIONS, SESSIONS
from passerelles.synthetic.pathways import rates
from passerelles.synthetic.pathways.draws import Choice, Flags, Ints, Rng, days_between, shared, uuids
from passerelles.synthetic.pathways.experiment import DIRECTIONS, period
from passerelles.synthetic.pathways.moments import (
    MINUTE,
    NEVER,
    WorkingDays,
    dates,
    happens,
    instants,
    moment,
    number_of,
    working_days,
)
from passerelles.synthetic.pathways.newcomers import NO_BODY, Bodies, Newcomers, numbers

CAPACITY = 12
DESKS = 2
SLOT_MINUTES = 15
COLLECTIVE_MINUTES = 15
SESSION_MINUTES = 195
STARTS = {"am": 9 * 60, "pm": 13 * 60 + 30}
PLANNED_BEFORE = 32  # working days
REASONS = Choice({"no_news": 9, "ill": 3, "work": 3, "childcare": 2, "transport": 2, "letter": 2, "": 0})
HALF_DAYS = Choice(("am", "pm"))
STATUSES = Choice(("present", "absent", "excused"))
EXCUSABLE = ("ill", "work", "childcare")


@dataclass(frozen=True, slots=True)
class Reception:
    """The frames, and for each newcomer the day received, when the session began and ended, its number and slot.

    `session` is 0 for whoever had not been received by the horizon.
    """

    sessions: pl.DataFrame
    convocations: pl.DataFrame
    day: Ints
    ends: Ints
    session: Ints
    operator: int
    in_experiment: Flags
    slot: Ints


@dataclass(frozen=True, slots=True)
class _Calls:
    """One entry per convocation, in the order of sessions and seats."""

    who: Ints
    came: Flags
    session: Ints  # from 0
    seat: Ints  # rank in the session, from 0


@dataclass(frozen=True, slots=True)
class _HalfDays:
    """One entry per session, in the order of their number."""

    held: Ints
    morning: Flags
    room: Ints
    starts: Ints
    by_operator: Flags


def reception(p: Newcomers, bodies: Bodies, operator: int, rng: Rng, horizon: dt.date) -> Reception:
    """Everybody is received on the day of signature; some were convoked once before and did not come."""
    worked = working_days(f"dt:{p.direction}")
    day = _day_received(p, worked)
    missed = _day_missed(p, day, rng)
    calls, half_days = _seated(p, day, missed, operator, rng, horizon)
    received = np.full(len(p), -1, dtype=np.int64)
    received[calls.who[calls.came]] = calls.session[calls.came]
    there = received >= 0
    slot = _slots(calls, half_days)
    slots = np.zeros(len(p), dtype=np.int64)
    slots[calls.who[calls.came]] = slot[calls.came]
    ends = moment(day, 17 * 60)
    in_experiment = np.zeros(len(p), dtype=bool)
    ends[there] = half_days.starts[received[there]] + SESSION_MINUTES * MINUTE
    in_experiment[there] = half_days.by_operator[received[there]]
    return Reception(
        sessions=_sessions(p, bodies, operator, worked, half_days, rng),
        convocations=_convocations(p, worked, calls, half_days, missed, slot, rng),
        day=day,
        ends=ends,
        session=received + 1,
        operator=operator,
        in_experiment=in_experiment,
        slot=slots,
    )


def _seated(
    p: Newcomers, day: Ints, missed: Ints, operator: int, rng: Rng, horizon: dt.date
) -> tuple[_Calls, _HalfDays]:
    """The convocations of each day up to the horizon, shared between as few sessions of twelve as can hold them."""
    twice = np.flatnonzero(happens(missed))
    who = np.concatenate([twice, np.arange(len(p))])
    on = np.concatenate([missed[twice], day])
    order = np.lexsort((rng.random(len(who)), on))
    order = order[on[order] <= number_of(horizon)]
    who, on, came = who[order], on[order], order >= len(twice)
    _, first, of_day, count = np.unique(on, return_index=True, return_inverse=True, return_counts=True)
    sessions_of_day = -(-count // CAPACITY)
    nth = (np.arange(len(who)) - first[of_day]) * sessions_of_day[of_day] // count[of_day]
    session = (np.cumsum(sessions_of_day) - sessions_of_day)[of_day] + nth
    _, first_call, session_of = np.unique(session, return_index=True, return_inverse=True)
    held, rank = on[first_call], nth[first_call]
    morning = rank % 2 == 0
    begins, ends = (number_of(bound) for bound in period())
    there = p.direction in DIRECTIONS and operator != NO_BODY
    return (
        _Calls(who=who, came=came, session=session_of, seat=np.arange(len(who)) - first_call[session_of]),
        _HalfDays(
            held=held,
            morning=morning,
            room=rank // 2 + 1,
            starts=moment(held, np.where(morning, STARTS["am"], STARTS["pm"])),
            by_operator=(held >= begins) & (held <= ends) & there,
        ),
    )


def _slots(calls: _Calls, half_days: _HalfDays) -> Ints:
    """Both desks receive at once, every quarter of an hour after the collective presentation (C-015, C-017)."""
    minutes = COLLECTIVE_MINUTES + calls.seat // DESKS * SLOT_MINUTES
    slots: Ints = half_days.starts[calls.session] + minutes * MINUTE
    return slots


def _sessions(
    p: Newcomers, bodies: Bodies, operator: int, worked: WorkingDays, half_days: _HalfDays, rng: Rng
) -> pl.DataFrame:
    n = len(half_days.held)
    return pl.DataFrame(
        {
            "number": np.arange(1, n + 1, dtype=np.uint32),
            "id": uuids(rng, n),
            "direction": [p.direction] * n,
            "organisation": numbers(bodies.pick(rng, "ofii_dt", n)),
            "operator": numbers(np.where(half_days.by_operator, operator, NO_BODY)),
            "held_on": dates(half_days.held),
            "half_day": HALF_DAYS.coded((~half_days.morning).astype(np.int64)).texts,
            "starts_at": instants(half_days.starts),
            "place": _places(p, half_days.room),
            "desks": np.full(n, DESKS, dtype=np.uint8),
            "planned_at": instants(moment(worked.add(half_days.held, -PLANNED_BEFORE), 10 * 60)),
        },
        schema=SESSIONS,
    )


def _convocations(
    p: Newcomers, worked: WorkingDays, calls: _Calls, half_days: _HalfDays, missed: Ints, slot: Ints, rng: Rng
) -> pl.DataFrame:
    """Letters sent, and what became of each; an absence is written forty minutes after the doors open."""
    who, came, n = calls.who, calls.came, len(calls.who)
    starts = half_days.starts[calls.session]
    arrived = starts + days_between(rng, -20, 8, n) * MINUTE
    reason = REASONS.draw(rng, n)
    excused = np.isin(reason, REASONS.positions(EXCUSABLE)) & (rng.random(n) < rates.EXCUSED_AMONG_EXCUSABLE)
    return pl.DataFrame(
        {
            "id": uuids(rng, n),
            "person": p.number[who],
            "session": (calls.session + 1).astype(np.uint32),
            "desk": (calls.seat % DESKS + 1).astype(np.uint8),
            "slot_at": instants(slot),
            "convoked_at": instants(_convoked(p, worked, rng, who, half_days.held[calls.session], came, missed)),
            "status": STATUSES.coded(np.where(came, 0, np.where(excused, 2, 1))).texts,
            "reason": REASONS.coded(np.where(came, REASONS.position(""), reason)).texts,
            "arrived_at": instants(arrived, came),
            "known_at": instants(np.where(came, arrived, starts + 40 * MINUTE)),
        },
        schema=CONVOCATIONS,
    )


def _day_received(p: Newcomers, worked: WorkingDays) -> Ints:
    """The day of signature; the working day next to it should it not be one, neither in another year nor too early."""
    before = worked.on_or_before(p.signed)
    least = np.maximum(p.entered, number_of(dt.date(p.year, 1, 1)))
    return np.where(before >= least, before, worked.on_or_after(p.signed))


def _day_missed(p: Newcomers, day: Ints, rng: Rng) -> Ints:
    """A former day on which the platform received, one to six weeks before and after the entry; NEVER when none."""
    absent = shared(rng, rates.ABSENT_AT_FIRST_CONVOCATION, np.ones(len(p), dtype=bool))
    open_days = np.unique(day)
    low = np.searchsorted(open_days, np.maximum(day - 42, p.entered + 15), side="left")
    high = np.searchsorted(open_days, day - 7, side="right")
    chosen = low + np.floor(rng.random(len(p)) * np.maximum(high - low, 1)).astype(np.int64)
    there = absent & (high > low)
    return np.where(there, open_days[np.minimum(chosen, len(open_days) - 1)], NEVER)


def _convoked(p: Newcomers, worked: WorkingDays, rng: Rng, who: Ints, on: Ints, came: Flags, missed: Ints) -> Ints:
    """The letter leaves two to four weeks before, after the entry in France, and after the day that was missed."""
    wanted = worked.add(on, -days_between(rng, 9, 20, len(who)))
    after_absence = came & happens(missed[who])
    least = np.where(after_absence, worked.add(missed[who], days_between(rng, 1, 2, len(who))), p.entered[who])
    sent = np.minimum(np.maximum(wanted, least), on)
    same_day = sent == on
    return moment(sent, np.where(same_day, 8 * 60, days_between(rng, 9 * 60, 17 * 60, len(who))))


def _places(p: Newcomers, rooms: Ints) -> pl.Series:
    """A room of its own for each department of the DT, so that two departments never share one."""
    direction = territories.direction(p.direction)
    where = f"Plateforme d’accueil de l’OFII, {direction.name}"
    if direction.seat_department != p.department:
        where += f" ({territories.department(p.department).name})"
    return pl.Series([f"{where}, salle {room}" for room in rooms.tolist()], dtype=pl.String)
