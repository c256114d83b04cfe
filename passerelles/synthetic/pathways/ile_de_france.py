"""The approach of 2025 in Île-de-France, to the unit of its published figures (J-010, B-042). Pure.

11,000 signatories in category A at the end of 2024, 4,031 received, 697 offered (324 in Paris, 373 in
Seine-Saint-Denis), 70 recruited, 17 in vocational training, 5 in language training. Whoever is received has a contract
of 2024, less than one year old; the 11,000 have no such limit (L-057). How the totals are shared between years and
departments, and the 70, 17 and 5 between the two, is invented. Chosen after everything else, among those for whom it
is true.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from passerelles.journal.vocabulary import FactKind
from passerelles.synthetic.pathways.draws import Flags, Ints, Rng, days_between, exactly
from passerelles.synthetic.pathways.jobs import Jobs
from passerelles.synthetic.pathways.ledger import Ledger
from passerelles.synthetic.pathways.moments import moment, number_of
from passerelles.synthetic.pathways.newcomers import Newcomers
from passerelles.synthetic.population import published

RECEIVED_COHORT = 2024
COUNTED = number_of(dt.date(2024, 12, 31))
OFFERS = (number_of(dt.date(2025, 1, 20)), number_of(dt.date(2025, 3, 28)))
LAST = number_of(dt.date(2025, 6, 20))
"""The figures are in an instruction of 26 June 2025."""
APPROACH = "ile_de_france_2025"
CATEGORY_A = {
    2024: {"75": 2250, "77": 465, "78": 515, "91": 695, "92": 1170, "93": 2320, "94": 1180, "95": 800},
    2023: {"75": 380, "77": 80, "78": 85, "91": 115, "92": 205, "93": 395, "94": 215, "95": 130},
}
RECEIVED = {"75": 1950, "93": 2081}
OUTCOMES = {
    "recruited": {"75": 33, "93": 37},
    "vocational_training": {"75": 8, "93": 9},
    "language_training": {"75": 2, "93": 3},
}


def approach(p: Newcomers, registered: Ints, jobs: Jobs, ledger: Ledger, rng: Rng) -> None:
    """The facts of the approach for the persons of this department, when it is one of Île-de-France."""
    wanted = CATEGORY_A.get(p.year, {}).get(p.department, 0)
    if not wanted:
        return
    here = p.department if p.year == RECEIVED_COHORT else ""
    seeking = (registered <= COUNTED) & (p.signed <= COUNTED) & ~p.employed & (ledger.left > LAST)
    for spell in jobs.spells:
        seeking &= ~((spell.starts <= COUNTED) & (spell.ends > COUNTED))
    hired = np.zeros(len(p), dtype=bool)
    for spell in jobs.spells:
        hired |= (spell.starts > OFFERS[0] + 10) & (spell.starts <= LAST)
    trained = (jobs.training_starts > OFFERS[0] + 10) & (jobs.training_starts <= LAST)

    recruited = _chosen(rng, "recruited", here, seeking & hired)
    vocational = _chosen(rng, "vocational_training", here, seeking & trained & ~hired)
    language = _chosen(rng, "language_training", here, seeking & ~hired & ~trained)
    done = recruited | vocational | language
    offered = done | exactly(rng, max(_offers(here) - int(done.sum()), 0), seeking & ~done & ~hired & ~trained)
    received = offered | exactly(rng, max(RECEIVED.get(here, 0) - int(offered.sum()), 0), seeking & ~offered)
    targeted = received | exactly(rng, max(wanted - int(received.sum()), 0), seeking & ~received)

    subject = ledger.subjects(len(p))
    counted = np.full(len(p), COUNTED, dtype=np.int64)
    day_offered = p.worked_days.on_or_after(days_between(rng, OFFERS[0], OFFERS[0] + 8, len(p)))
    later = p.worked_days.on_or_after(days_between(rng, *OFFERS, len(p)))
    day_offered = np.where(done, day_offered, later)
    day_received = np.where(offered, day_offered, later)
    _tell(ledger, FactKind.APPROACH_TARGETED, subject, targeted, counted, 14, {"category": "A"})
    _tell(ledger, FactKind.APPROACH_RECEIVED, subject, received, day_received, 0, {})
    _tell(ledger, FactKind.APPROACH_OFFERED, subject, offered, day_offered, 0, {})
    starts = np.full(len(p), LAST, dtype=np.int64)
    for spell in reversed(jobs.spells):
        inside = (spell.starts > OFFERS[0] + 10) & (spell.starts <= LAST)
        starts = np.where(recruited & inside, spell.starts, starts)
    starts = np.where(vocational, jobs.training_starts, starts)
    starts = np.where(language, p.worked_days.add(day_offered, days_between(rng, 10, 50, len(p))), starts)
    for outcome, chosen in (
        ("recruited", recruited),
        ("vocational_training", vocational),
        ("language_training", language),
    ):
        _tell(ledger, FactKind.APPROACH_OUTCOME, subject, chosen, starts, 3, {"outcome": outcome})


def _offers(department: str) -> int:
    """324 in Paris, 373 in Seine-Saint-Denis, none elsewhere."""
    figure = published.figures().get(f"idf_offered_{department}_2025")
    return int(figure.value) if figure else 0


def _chosen(rng: Rng, outcome: str, department: str, among: Flags) -> Flags:
    return exactly(rng, OUTCOMES[outcome].get(department, 0), among)


def _tell(
    ledger: Ledger, kind: FactKind, subject: Ints, whom: Flags, day: Ints, lag: int, data: dict[str, str]
) -> None:
    who = np.flatnonzero(whom)
    minute = 10 * 60 + 15 * (kind is FactKind.APPROACH_OFFERED)
    known = moment(day[who] + lag, minute)
    ledger.add(kind, who, day[who], known, subject=subject[who], data={"approach": APPROACH, **data})
