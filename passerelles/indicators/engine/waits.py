"""How long each signatory waited, and what ended the wait: the additive lines that curves are made of. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis

from passerelles.indicators.definitions.dimensions import DIMENSIONS
from passerelles.indicators.engine.relations import Expr, Tables, stored

REACHED, GONE, WAITING = "reached", "gone", ""
"""What ended the wait: the event; a departure or a death, after which it cannot come; nothing yet."""
EVERYBODY = "ensemble"
REGISTERED_WITHIN_MONTHS = 3
"""On either side of the signature (F-031)."""


@dataclass(frozen=True, slots=True)
class Wait:
    """`label`: as in « une part a eu … »; `column`: its first date in the line of a person."""

    code: str
    name: str
    label: str
    column: str


WAITS = {
    each.code: each
    for each in (
        Wait("inscription", "Inscription à France Travail", "une inscription à France Travail", "registered_on"),
        Wait("rendez_vous", "Premier rendez-vous honoré", "un premier rendez-vous honoré", "attended_on"),
        Wait("formation", "Entrée en formation professionnelle", "une entrée en formation", "trained_on"),
        Wait("emploi", "Premier emploi", "un emploi", "job_on"),
    )
}
GROUPS = ("sexe", "public", "motif", "niveau", "scolarite", "tranche_hg")
"""The dimensions by which curves are compared."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Signatories from `start` to `end`, known up to `seen`; `registered`: those of F-031 alone.

    `horizon`: days of a complete follow-up. `by`: one of GROUPS, or empty.
    """

    wait: str
    start: dt.date
    end: dt.date
    seen: dt.date
    horizon: int
    by: str = ""
    registered: bool = False
    departments: tuple[str, ...] | None = None
    directions: tuple[str, ...] | None = None


def lines(cohort: Cohort, tables: Tables | None = None) -> Expr:
    """One line per person: person_id, grp, days, kind, followed (1 when known for `horizon` days)."""
    people = (tables or stored()).person
    seen = ibis.date(cohort.seen)
    found = people.filter(people.signed_on >= ibis.date(cohort.start), people.signed_on <= ibis.date(cohort.end))
    found = found.filter(found.signed_on <= seen)
    for column, kept in (("department", cohort.departments), ("direction", cohort.directions)):
        if kept is not None:
            found = found.filter(found[column].isin(list(kept)))
    if cohort.registered:
        months = ibis.interval(months=REGISTERED_WITHIN_MONTHS)
        near = found.registered_on.between(
            (found.signed_on - months).cast("date"), (found.signed_on + months).cast("date")
        )
        found = found.filter(near)
    event, gone = found[WAITS[cohort.wait].column], found.departed_on
    found = found.mutate(
        on=found.signed_on,
        event_day=ibis.ifelse(event <= seen, _days(event, found.signed_on), ibis.null("int64")),
        gone_day=ibis.ifelse(gone <= seen, _days(gone, found.signed_on), ibis.null("int64")),
        seen_day=_days(seen, found.signed_on),
    )
    reached = found.event_day.notnull() & (found.gone_day.isnull() | (found.event_day <= found.gone_day))
    return found.select(
        "person_id",
        grp=DIMENSIONS[cohort.by].column(found) if cohort.by else ibis.literal(EVERYBODY),
        days=ibis.ifelse(reached, found.event_day, ibis.coalesce(found.gone_day, found.seen_day)),
        kind=ibis.ifelse(reached, REACHED, ibis.ifelse(found.gone_day.notnull(), GONE, WAITING)),
        followed=ibis.ifelse(found.seen_day >= cohort.horizon, 1, 0),
    )


def counts(cohort: Cohort, tables: Tables | None = None) -> Expr:
    """The same, added up: grp, days, kind, followed, people."""
    found = lines(cohort, tables)
    return found.group_by("grp", "days", "kind", "followed").agg(people=found.count())


def _days(day: Expr, since: Expr) -> Expr:
    """Days from `since`; what came before counts on the first day."""
    days = day.delta(since, unit="day").cast("int64")
    return ibis.ifelse(days < 0, ibis.literal(0, "int64"), days)
