"""The interviews of the experiment, the first appointments they fix, opt-outs, situation and level at signature. Pure.

The frames carry what was answered; scope, outcome and category are computed by the rules of the room (B-050, D-030).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.reference import occupations
from passerelles.synthetic.frames import APPOINTMENTS, ASSESSMENTS, INTERVIEWS, OPT_OUTS, REGISTRATIONS, SITUATIONS
from passerelles.synthetic.pathways import rates
from passerelles.synthetic.pathways.draws import Choice, Flags, Ints, Rng, days_between, shared, uuids
from passerelles.synthetic.pathways.experiment import may_register
from passerelles.synthetic.pathways.ledger import Ledger
from passerelles.synthetic.pathways.moments import MINUTE, NEVER, dates, day_of, happens, instants, moment, number_of
from passerelles.synthetic.pathways.newcomers import (
    A1,
    A2,
    LEVELS,
    NO_BODY,
    SITUATION_KINDS,
    Bodies,
    Newcomers,
    numbers,
)
from passerelles.synthetic.pathways.sessions import Reception

AUDITOR = "Entretien avec l’auditeur de l’OFII"
PLATFORM = "Entretien à la plateforme d’accueil"
"""The source written by `reception.services.interviews` itself."""
REASONS = Choice(
    (
        "garde de très jeunes enfants",
        "accompagnement par une association",
        "projet hors emploi",
        "santé d’un proche",
    )
)
APPOINTMENT_MINUTES = np.array([h * 60 + m for h in (9, 10, 11, 14, 15) for m in (0, 30)])
LEVEL_NAMES = Choice(LEVELS)
SOURCES = Choice((AUDITOR, PLATFORM))
RESULTS = Choice(rates.APPOINTMENT_RESULTS)
SECOND_RESULTS = Choice(rates.SECOND_APPOINTMENT_RESULTS)


@dataclass(frozen=True, slots=True)
class AtSignature:
    """The frames of the day of signature, and what later modules need of it, for each newcomer."""

    interviews: pl.DataFrame
    appointments: pl.DataFrame
    opt_outs: pl.DataFrame
    assessments: pl.DataFrame
    situations: pl.DataFrame
    registrations: pl.DataFrame
    known: Ints  # when what was said on that day became known
    opted_out: Flags
    registered_by_cip: Flags
    agency: Ints


def at_signature(p: Newcomers, r: Reception, bodies: Bodies, ledger: Ledger, rng: Rng) -> AtSignature:
    """Everything written on the day of signature, and the answers to the first appointments."""
    n = len(p)
    agency = bodies.pick(rng, "france_travail", n)
    none = p.situation.at == SITUATION_KINDS.position("none")
    interviewed = r.in_experiment & ledger.standing(np.arange(n), r.day, r.ends)
    asked = none & ~p.rsa & ~p.agir & ~p.ft
    allowed = _allowed(p, r)
    chance_of_opt_out = np.where(r.in_experiment, rates.OPT_OUT_AT_INTERVIEW, rates.OPT_OUT_AT_SIGNATURE)
    opted_out = shared(rng, chance_of_opt_out * np.where(p.wishes_work, 0.4, 2.0), asked)
    case = _cases(rng, n)
    proposed = interviewed & asked & ~opted_out
    registered = proposed & allowed & (case == "") & p.wishes_work
    unsaid = np.where(case == "", np.where(p.wishes_work, "to_complete", "refused"), case)
    reason = np.where(proposed & ~registered, unsaid, "")

    _declare(p, r, ledger)
    started = r.slot + days_between(rng, 0, 2, n) * MINUTE
    ended = r.slot + days_between(rng, 9, 14, n) * MINUTE
    known = np.where(interviewed, ended, r.ends)
    chance = np.where(registered, rates.APPOINTMENT_OF_REGISTERED, np.where(none & p.ft, rates.APPOINTMENT_OF_KNOWN, 0))
    given = interviewed & (rng.random(n) < chance) & (agency != NO_BODY)
    day = p.worked_days.add(r.day, days_between(rng, 4, 12, n))
    fixed_for = moment(day, APPOINTMENT_MINUTES[rng.integers(len(APPOINTMENT_MINUTES), size=n)])
    agreed = given & (rng.random(n) < rates.ACCOMPANIMENT_AGREED)

    rows = np.flatnonzero(interviewed)
    in_scope = pl.Series(none[rows])
    interviews = pl.DataFrame(
        {
            "id": uuids(rng, len(rows)),
            "person": p.number[rows],
            "session": r.session[rows].astype(np.uint32),
            "started_at": instants(started[rows]),
            "ended_at": instants(ended[rows]),
            "situation": p.situation[rows].texts,
            "ft": p.ft[rows],
            "rsa": p.rsa[rows],
            "agir": p.agir[rows],
            "registered": registered[rows],
            "opted_out": opted_out[rows],
            "not_registered_reason": reason[rows].tolist(),
            "occupation": _labels(p.occupation[rows].texts).set(~in_scope, ""),
            "barriers": _barriers(p, rng, rows, none[rows]),
            "appointment_with": numbers(np.where(given, agency, NO_BODY)[rows]),
            "appointment_at": instants(fixed_for[rows], given[rows]),
            "accompaniment": agreed[rows],
        },
        schema=INTERVIEWS,
    )
    return AtSignature(
        interviews=interviews,
        appointments=_appointments(p, r, ledger, rng, given, agreed, fixed_for, ended, agency),
        opt_outs=_opt_outs(p, r, ledger, rng, opted_out, known),
        assessments=_assessments(p, r, bodies, ledger, rng),
        situations=_situations(p, r, ledger, rng, interviewed, known),
        registrations=_registrations(p, r, rng, registered, ended),
        known=known,
        opted_out=opted_out,
        registered_by_cip=registered,
        agency=agency,
    )


def _declare(p: Newcomers, r: Reception, ledger: Ledger) -> None:
    """What every signatory says of their schooling and their wish to work, and whether they are protected (D-007)."""
    who = np.flatnonzero(r.session > 0)
    ledger.add(
        FactKind.PROFILE_DECLARED,
        who,
        r.day[who],
        r.ends[who],
        data={"bpi": p.bpi[who], "schooling": p.schooling[who], "wishes_work": p.wishes_work[who]},
    )


def _labels(codes: pl.Series) -> pl.Series:
    """The occupation in words, as an interview writes it."""
    return codes.replace(_occupations())


@lru_cache(maxsize=1)
def _occupations() -> dict[str, str]:
    return {each.code: each.label for each in occupations.shipped().all}


def _allowed(p: Newcomers, r: Reception) -> Flags:
    """Whom the CIP may register: received while an agreement is in force (B-052)."""
    dates_of_agreement = may_register(p.direction)
    if dates_of_agreement is None:
        return np.zeros(len(p), dtype=bool)
    first, last = (number_of(day) for day in dates_of_agreement)
    return r.in_experiment & (r.day >= first) & (r.day <= last)


def _cases(rng: Rng, n: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    choice = Choice(
        {
            "": 1 - rates.REFUSED - rates.TECHNICAL_FAILURE - rates.TO_COMPLETE,
            "refused": rates.REFUSED,
            "technical_failure": rates.TECHNICAL_FAILURE,
            "to_complete": rates.TO_COMPLETE,
        }
    )
    return np.array(choice.labels)[choice.draw(rng, n)]


def _barriers(p: Newcomers, rng: Rng, rows: Ints, in_scope: Flags) -> pl.Series:
    """What stands between the person and a job (D-046); nothing is noted for whoever is out of scope."""
    n = len(rows)
    level = p.level[rows]
    present = {
        "childcare": p.needs_childcare[rows] & (rng.random(n) < 0.9),
        "digital": rng.random(n) < np.where(level < A1, 0.3, 0.08),
        "housing": rng.random(n) < np.where(p.bpi[rows], 0.35, 0.12),
        "isolation": rng.random(n) < 0.06,
        "language": (level < A1) | ((level < A2) & (rng.random(n) < 0.6)),
        "licence": rng.random(n) < 0.28,
        "mobility": rng.random(n) < 0.22,
        "qualification": ~p.graduate[rows] & (rng.random(n) < 0.35),
    }
    columns = [pl.when(pl.col(name)).then(pl.lit(name)) for name in present]
    frame = pl.DataFrame({name: flags & in_scope for name, flags in present.items()})
    return frame.select(pl.concat_list(columns).list.drop_nulls().alias("barriers")).to_series()


def _appointments(
    p: Newcomers,
    r: Reception,
    ledger: Ledger,
    rng: Rng,
    given: Flags,
    agreed: Flags,
    fixed_for: Ints,
    fixed_at: Ints,
    agency: Ints,
) -> pl.DataFrame:
    """Attended, missed, excused, moved to another date, or without any answer (C-020, D-032).

    The appointment that replaces another is fixed at the instant at which the former one is said to be moved.
    """
    who = np.flatnonzero(given)
    answers = _Answers(p, r, ledger, rng, agreed, agency)
    first, moved, moved_at = answers.frame(who, fixed_for[who], fixed_at[who], RESULTS)
    again = p.worked_days.add(day_of(moved_at), days_between(rng, 3, 9, len(moved)))
    hour = APPOINTMENT_MINUTES[rng.integers(len(APPOINTMENT_MINUTES), size=len(moved))]
    second, _, _ = answers.frame(moved, moment(again, hour), moved_at, SECOND_RESULTS)
    return pl.concat([first, second])


@dataclass(frozen=True, slots=True)
class _Answers:
    """What is answered to appointments, by the operator or the agency; nothing when not known by the horizon."""

    p: Newcomers
    r: Reception
    ledger: Ledger
    rng: Rng
    agreed: Flags
    agency: Ints

    def frame(self, who: Ints, fixed_for: Ints, fixed_at: Ints, results: Choice) -> tuple[pl.DataFrame, Ints, Ints]:
        """The appointments, whose were moved to another date, and when that was said."""
        rng, n = self.rng, len(who)
        result = np.array(results.labels)[results.draw(rng, n)]
        asserted = fixed_for + days_between(rng, 60, 320, n) * MINUTE
        answered = (result != "") & self.ledger.standing(who, day_of(fixed_for), asserted)
        status = np.where(answered, result, "fixed")
        accompanied = (status == "attended") & self.agreed[who] & (rng.random(n) < rates.ACCOMPANIED)
        by_agency = (rng.random(n) < 0.5) & ~accompanied
        speaker = np.where(by_agency, self.agency[who], self.r.operator)
        frame = pl.DataFrame(
            {
                "id": uuids(rng, n),
                "person": self.p.number[who],
                "session": self.r.session[who].astype(np.uint32),
                "organisation": numbers(self.agency[who]),
                "fixed_for": instants(fixed_for),
                "status": status.tolist(),
                "accompaniment_agreed": self.agreed[who],
                "accompanied": pl.Series(accompanied).set(pl.Series(~answered), None),
                "fixed_at": instants(fixed_at),
                "asserted_at": instants(asserted, answered),
                "asserted_for": numbers(np.where(answered, speaker, NO_BODY)),
            },
            schema=APPOINTMENTS,
        )
        moved = status == "rescheduled"
        return frame, who[moved], asserted[moved]


def _opt_outs(p: Newcomers, r: Reception, ledger: Ledger, rng: Rng, opted_out: Flags, known: Ints) -> pl.DataFrame:
    """The express wish not to be oriented to the employment service, sometimes reversed later (B-035)."""
    told = opted_out & ledger.standing(np.arange(len(p)), r.day, known)
    who = np.flatnonzero(told)
    back = p.worked_days.add(r.day[who], days_between(rng, 30, 260, len(who)))
    reversed_on = np.where(rng.random(len(who)) < rates.OPT_OUT_REVERSED, back, NEVER)
    kept = happens(reversed_on) & ledger.standing(who, reversed_on, moment(np.minimum(reversed_on, back), 12 * 60))
    return pl.DataFrame(
        {
            "id": uuids(rng, len(who)),
            "person": p.number[who],
            "since": dates(r.day[who]),
            "reason": REASONS.drawn(rng, len(who)).texts,
            "reversed_on": dates(np.where(kept, reversed_on, NEVER)),
            "known_at": instants(known[who]),
        },
        schema=OPT_OUTS,
    )


def _assessments(p: Newcomers, r: Reception, bodies: Bodies, ledger: Ledger, rng: Rng) -> pl.DataFrame:
    """The level at the platform, written and oral apart (C-002)."""
    who = np.flatnonzero(ledger.standing(np.arange(len(p)), r.day, r.ends))
    return assessments_frame(
        p, rng, who, "initial", p.written[who], p.oral[who], p.level[who], r.day[who], r.ends[who],
        bodies.pick(rng, "test_provider", len(who)),
    )  # fmt: skip


def assessments_frame(
    p: Newcomers,
    rng: Rng,
    who: Ints,
    kind: str,
    written: Ints,
    oral: Ints,
    overall: Ints,
    on: Ints,
    known: Ints,
    provider: Ints,
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": uuids(rng, len(who)),
            "person": p.number[who],
            "kind": [kind] * len(who),
            "written": LEVEL_NAMES.coded(written).texts,
            "oral": LEVEL_NAMES.coded(oral).texts,
            "overall": LEVEL_NAMES.coded(overall).texts,
            "assessed_on": dates(on),
            "provider": numbers(provider),
            "known_at": instants(known),
        },
        schema=ASSESSMENTS,
    )


def _situations(p: Newcomers, r: Reception, ledger: Ledger, rng: Rng, interviewed: Flags, known: Ints) -> pl.DataFrame:
    who = np.flatnonzero(ledger.standing(np.arange(len(p)), r.day, known))
    source = SOURCES.coded(interviewed[who].astype(np.int64)).texts
    return situations_frame(p, rng, who, p.situation[who].texts, r.day[who], source, known[who])


def situations_frame(
    p: Newcomers, rng: Rng, who: Ints, kind: pl.Series, on: Ints, source: pl.Series | str, known: Ints
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": uuids(rng, len(who)),
            "person": p.number[who],
            "kind": kind,
            "observed_on": dates(on),
            "source": pl.Series([source] * len(who), dtype=pl.String) if isinstance(source, str) else source,
            "known_at": instants(known),
        },
        schema=SITUATIONS,
    )


def _registrations(p: Newcomers, r: Reception, rng: Rng, registered: Flags, at: Ints) -> pl.DataFrame:
    """The registrations made by the CIP in the interview, which the verb of the interview writes itself (C-018)."""
    who = np.flatnonzero(registered)
    return registrations_frame(p, rng, who, r.day[who], "cip", "pfa", at[who], at[who])


def registrations_frame(
    p: Newcomers, rng: Rng, who: Ints, starts: Ints, by: pl.Series | str, place: pl.Series | str, at: Ints, known: Ints
) -> pl.DataFrame:
    """Registrations at France Travail. None ends: no verb of the rooms ends one."""
    n = len(who)
    return pl.DataFrame(
        {
            "id": uuids(rng, n),
            "person": p.number[who],
            "register": ["ft"] * n,
            "starts_on": dates(starts),
            "ends_on": pl.Series(None, [None] * n, dtype=pl.Date),
            "by": pl.Series([by] * n, dtype=pl.String) if isinstance(by, str) else by,
            "place": pl.Series([place] * n, dtype=pl.String) if isinstance(place, str) else place,
            "registered_at": instants(at),
            "known_at": instants(known),
        },
        schema=REGISTRATIONS,
    )
