"""Referrals and registrations at France Travail: sent, answered or left in silence, followed to the appointment. Pure.

C-007, C-008, C-036, B-035, B-037, D-035. A mute organisation leaves a silence with its date; a late one answers late.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.synthetic.pathways import rates
from passerelles.synthetic.pathways.draws import Choice, Flags, Floats, Ints, Rng, days_between, delays, shared
from passerelles.synthetic.pathways.interviews import APPOINTMENT_MINUTES, AtSignature, registrations_frame
from passerelles.synthetic.pathways.ledger import Ledger, Local, Value
from passerelles.synthetic.pathways.moments import DAY, MINUTE, NEVER, happens, moment, months_after, number_of
from passerelles.synthetic.pathways.newcomers import Bodies, Newcomers
from passerelles.synthetic.pathways.sessions import Reception

_BY = Choice(("self", "auto", "ft"))
_PLACE = Choice(("agency", "online"))
DECLINES = Choice(rates.DECLINE_REASONS)
AUTOMATIC_FOR_RSA = number_of(dt.date(2025, 1, 1))
"""RSA recipients are registered automatically (loi plein emploi, B-033)."""


@dataclass(frozen=True, slots=True)
class Registered:
    """The registrations and, for each newcomer, the day they begin (NEVER when not registered)."""

    registrations: pl.DataFrame
    on: Ints


def refer(p: Newcomers, r: Reception, s: AtSignature, bodies: Bodies, ledger: Ledger, rng: Rng) -> Ints:
    """Referrals of the day of signature; the day of the first appointment attended with the employment service."""
    n = len(p)
    there = r.session > 0
    to_service = there & p.jobless & p.wishes_work & ~p.ft & ~s.opted_out & ~s.registered_by_cip
    young = to_service & (p.age < 26) & (rng.random(n) < 0.6)
    disabled = to_service & ~young & p.disabled
    graduate = to_service & ~young & ~disabled & p.graduate & (rng.random(n) < 0.15) & ("apec" in bodies.by_kind)
    attended = np.full(n, NEVER, dtype=np.int64)
    for kind, asked in (
        ("mission_locale", young),
        ("cap_emploi", disabled),
        ("apec", graduate),
        ("france_travail", to_service & ~young & ~disabled & ~graduate),
    ):
        who = np.flatnonzero(asked)
        body = s.agency[who] if kind == "france_travail" else bodies.pick(rng, kind, len(who))
        attended[who] = _follow(p, ledger, rng, bodies, who, body, kind, "employment", r.day[who], s.known[who])
    childcare = there & p.needs_childcare & (rng.random(n) < 0.25)
    women = there & p.woman & p.wishes_work & ~childcare & (rng.random(n) < 0.07)
    housing = there & p.bpi & ~p.agir & (rng.random(n) < 0.1)
    for kind, reason, asked in (
        ("caf", "childcare", childcare),
        ("association", "women_support", women),
        ("association", "housing", housing),
    ):
        who = np.flatnonzero(asked)
        _follow(p, ledger, rng, bodies, who, bodies.pick(rng, kind, len(who)), kind, reason, r.day[who], s.known[who])
    return attended


def _follow(
    p: Newcomers,
    ledger: Ledger,
    rng: Rng,
    bodies: Bodies,
    who: Ints,
    body: Ints,
    to: str,
    reason: str,
    sent: Ints,
    known: Ints,
) -> Ints:
    """One referral for each of `who`: sent, then answered or not, then appointments; the day attended, or NEVER."""
    n = len(who)
    if not n:
        return np.zeros(0, dtype=np.int64)
    subject = ledger.subjects(n)
    minute = days_between(rng, 9 * 60, 17 * 60, n)
    worked = p.worked_days

    def tell(kind: FactKind, days: Ints, data: dict[str, Value], later: int = 0) -> None:
        at = moment(np.where(happens(days), days, 0), minute + later)
        ledger.add(kind, who, days, at, subject=subject, organisation=body, data=data)

    ledger.add(
        FactKind.REFERRAL_SENT,
        who,
        sent,
        known + 5 * MINUTE,
        subject=subject,
        organisation=body,
        data={"to": to, "reason": reason},
    )
    mute = bodies.mute[body]
    answers = np.where(mute, rng.random(n) < rates.ANSWER_OF_THE_MUTE, rng.random(n) >= rates.SILENT_ALTHOUGH_ALIVE)
    delay = np.maximum(1, np.rint(bodies.late[body] * 5 / 7 * rng.gamma(4.0, 0.25, n))).astype(np.int64)
    answered = np.where(answers, worked.add(sent, delay), NEVER)
    silent = ~answers | (delay > rates.SILENCE_WORKING_DAYS)
    silence = np.where(silent, worked.add(sent, rates.SILENCE_WORKING_DAYS), NEVER)
    tell(FactKind.REFERRAL_SILENT, silence, {"to": to, "working_days": rates.SILENCE_WORKING_DAYS}, -60)
    declines = rng.random(n) < rates.DECLINED
    reasons = DECLINES.drawn(rng, n)
    tell(FactKind.REFERRAL_DECLINED, np.where(declines, answered, NEVER), {"to": to, "reason": reasons})
    accepted = np.where(declines, NEVER, answered)
    tell(FactKind.REFERRAL_ACCEPTED, accepted, {"to": to})

    attended = np.full(n, NEVER, dtype=np.int64)
    given = np.where(rng.random(n) < rates.APPOINTMENT_GIVEN, accepted, NEVER)
    for attempt, comes in ((1, rates.ATTENDED_FIRST), (2, rates.ATTENDED_SECOND)):
        day = worked.add(given, days_between(rng, 3, 16, n))
        at = APPOINTMENT_MINUTES[rng.integers(len(APPOINTMENT_MINUTES), size=n)]
        data: dict[str, Value] = {"to": to, "attempt": attempt}
        tell(
            FactKind.REFERRAL_APPOINTMENT_GIVEN,
            given,
            data | {"fixed_for": Local(np.where(happens(day), day, 0) * DAY + at * MINUTE)},
            10,
        )
        draw = rng.random(n)
        came = np.where(draw < comes, day, NEVER)
        missed = np.where((draw >= comes) & (draw < comes + 0.2), day, NEVER)
        tell(FactKind.REFERRAL_APPOINTMENT_ATTENDED, came, data, 60)
        tell(FactKind.REFERRAL_APPOINTMENT_MISSED, missed, data, 60)
        attended = np.minimum(attended, came)
        given = np.where(rng.random(n) < rates.SECOND_GIVEN, worked.add(missed, days_between(rng, 1, 5, n)), NEVER)
    return attended


def register(p: Newcomers, r: Reception, s: AtSignature, attended: Ints, ledger: Ledger, rng: Rng) -> Registered:
    """Who registers at France Travail, when and by whom: before, at the platform, or after (C-050, D-031).

    Known at signature for those who registered before, then as the lists are exchanged.
    """
    n = len(p)
    there = r.session > 0
    before = there & p.ft
    soon = shared(rng, _by_sex(p, rates.REGISTERED_JUST_BEFORE), before)
    last = r.day - 1
    window = months_after(r.day, -3)
    starts = np.where(
        soon,
        days_between(rng, np.maximum(window + 1, np.minimum(p.entered + 5, last)), last, n),
        days_between(
            rng, np.maximum(window - 700, np.minimum(p.entered + 5, last)), np.maximum(window, p.entered + 5), n
        ),
    )
    on = np.where(before, np.maximum(np.minimum(starts, last), p.entered), NEVER)
    by = np.full(n, _BY.position("self"))

    free = there & ~before & ~s.registered_by_cip & ~s.opted_out
    automatic = free & p.rsa
    from_day = np.maximum(r.day + 3, AUTOMATIC_FOR_RSA)
    on = np.where(automatic, p.worked_days.add(from_day, days_between(rng, 1, 25, n)), on)
    by = np.where(automatic, _BY.position("auto"), by)

    through = free & ~automatic & happens(attended)
    on = np.where(through, np.maximum(r.day + 1, np.minimum(attended, NEVER - 1) - days_between(rng, 0, 12, n)), on)
    postponed = through & p.woman & (rng.random(n) < rates.POSTPONED_BY_WOMEN)
    on = np.where(postponed, on + days_between(rng, 95, 200, n), on)
    by = np.where(through, _BY.position("ft"), by)

    rest = free & ~automatic & ~through
    wisher = rest & p.wishes_work & ~p.employed
    early = shared(rng, _by_sex(p, rates.SELF_REGISTERED_SOON), wisher)
    late = shared(rng, rates.SELF_REGISTERED_LATER, wisher & ~early)
    others = shared(rng, rates.REGISTERED_WITHOUT_WISH, rest & ~wisher)
    on = np.where(early, r.day + days_between(rng, 2, 85, n), on)
    on = np.where(late | others, r.day + days_between(rng, 95, 900, n), on)

    told = np.flatnonzero(happens(on))
    at_agency = (rng.random(n) < 0.3) | (by == _BY.position("ft"))
    place = np.where(by == _BY.position("auto"), 1, np.where(at_agency, 0, 1))
    exchanged = on + days_between(rng, 4, 35, n)
    known = np.where(before, s.known, moment(np.minimum(exchanged, NEVER - 1), 6 * 60))
    told = told[ledger.standing(told, on[told], known[told])]
    at = moment(on[told], days_between(rng, 8 * 60, 17 * 60, len(told)))
    frame = registrations_frame(
        p,
        rng,
        told,
        on[told],
        _BY.coded(by[told]).texts,
        _PLACE.coded(place[told]).texts,
        at,
        np.maximum(known[told], at),
    )
    registrations = pl.concat([s.registrations, frame])
    return Registered(registrations=registrations, on=np.where(s.registered_by_cip, r.day, on))


def _by_sex(p: Newcomers, rates_by_sex: dict[str, float]) -> Floats:
    return np.where(p.woman, rates_by_sex["women"], rates_by_sex["men"])


def within_three_months(p: Newcomers, on: Ints) -> Flags:
    """Registered three months before or after the signature at most (C-050)."""
    return happens(on) & (on >= months_after(p.signed, -3)) & (on <= months_after(p.signed, 3))


def rights(p: Newcomers, r: Reception, s: AtSignature, ledger: Ledger, rng: Rng) -> None:
    """RSA opened: before the signature for whom the auditor finds it, later for a few."""
    there = r.session > 0
    had = np.flatnonzero(there & p.rsa)
    opened = np.minimum(np.maximum(p.entered[had], r.day[had] - delays(rng, 150, len(had))), r.day[had])
    ledger.add(
        FactKind.RIGHTS_OPENED,
        had,
        opened,
        s.known[had] + MINUTE,
        subject=ledger.subjects(len(had)),
        data={"right": "rsa"},
    )
    later = np.flatnonzero(shared(rng, rates.RSA_LATER, there & ~p.rsa & p.jobless & (p.age >= 25)))
    day = p.worked_days.add(r.day[later], days_between(rng, 40, 500, len(later)))
    known = moment(day + days_between(rng, 5, 30, len(later)), 6 * 60)
    ledger.add(FactKind.RIGHTS_OPENED, later, day, known, subject=ledger.subjects(len(later)), data={"right": "rsa"})
