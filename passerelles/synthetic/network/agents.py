"""The agents of the organisations, their référents for newcomers and the delegations of operators. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from passerelles.core.text import ascii_key
from passerelles.synthetic.frames import AGENTS, DELEGATIONS, REFERENTS
from passerelles.synthetic.network import words
from passerelles.synthetic.pathways.draws import Ints, Rng, uuids
from passerelles.synthetic.pathways.experiment import DIRECTIONS, operator_of, period
from passerelles.synthetic.pathways.moments import NEVER, dates, number_of

STAFF: dict[str, tuple[tuple[str, int], ...]] = {
    "ofii_dt": (("ofii_auditor", 26), ("dt_manager", 3), ("organisation_admin", 1)),
    "operator": (("agir_operator", 16), ("cip", 2), ("organisation_admin", 1)),
    "france_travail": (("spe_adviser", 14), ("organisation_admin", 1)),
    "mission_locale": (("spe_adviser", 12), ("organisation_admin", 1)),
    "cap_emploi": (("spe_adviser", 9), ("organisation_admin", 1)),
    "apec": (("spe_adviser", 6), ("organisation_admin", 1)),
    "department_council": (("spe_adviser", 14), ("organisation_admin", 1)),
    "prefecture": (("department_state", 6), ("organisation_admin", 1)),
    "ddets": (("department_state", 8), ("organisation_admin", 1)),
    "dreets": (("region_state", 8), ("organisation_admin", 1)),
    "ministry": (("national_state", 20), ("organisation_admin", 2)),
    "test_provider": (("test_provider", 10), ("organisation_admin", 1)),
    "training_body": (("training_body", 9), ("organisation_admin", 1)),
    "siae": (("siae_employer", 5), ("organisation_admin", 1)),
    "employer": (("siae_employer", 2),),
    "association": (("organisation_admin", 2),),
    "caf": (("organisation_admin", 3),),
}
"""Agents by kind of organisation who use the platform; the numbers are invented."""
HAVE_REFERENTS = (
    "france_travail",
    "mission_locale",
    "cap_emploi",
    "apec",
    "department_council",
    "prefecture",
    "ddets",
    "operator",
)
OPENING = number_of(dt.date(2020, 9, 1))


def agents(organisations: pl.DataFrame, rng: Rng, horizon: dt.date) -> pl.DataFrame:
    """Agents in post or gone on `horizon` (AGENTS): one role each, one in eight has left. No address twice."""
    posts = [
        (row["number"], row["mailbox"], role)
        for row in organisations.select("number", "kind", "mailbox").iter_rows(named=True)
        for role, count in STAFF[row["kind"]]
        for _ in range(count)
    ]
    n = len(posts)
    given = rng.integers(len(words.GIVEN_NAMES), size=n)
    family = rng.integers(len(words.FAMILY_NAMES), size=n)
    last = number_of(horizon)
    starts = rng.integers(OPENING, max(last - 30, OPENING + 1), size=n)
    leaves = (rng.random(n) < 0.125) & (starts + 60 < last)
    ends = np.where(leaves, starts + 30 + (rng.random(n) * (last - starts - 30)).astype(np.int64), NEVER)
    seen: set[str] = set()
    names, emails = [], []
    for (_, mailbox, _), one, other in zip(posts, given, family, strict=True):
        first, second = words.GIVEN_NAMES[one], words.FAMILY_NAMES[other]
        names.append(f"{first} {second}")
        emails.append(_address(first, second, mailbox.partition("@")[2], seen))
    return pl.DataFrame(
        {
            "number": np.arange(1, n + 1, dtype=np.uint32),
            "id": uuids(rng, n),
            "membership": uuids(rng, n),
            "name": names,
            "email": emails,
            "organisation": [number for number, _, _ in posts],
            "role": [role for _, _, role in posts],
            "starts_on": dates(starts),
            "ends_on": dates(ends),
        },
        schema=AGENTS,
    )


def _address(first: str, second: str, domain: str, seen: set[str]) -> str:
    stem = f"{ascii_key(first)}.{ascii_key(second)}".replace(" ", "-")
    address, rank = f"{stem}@{domain}", 2
    while address in seen:
        address, rank = f"{stem}{rank}@{domain}", rank + 1
    seen.add(address)
    return address


def referents(organisations: pl.DataFrame, staff: pl.DataFrame, rng: Rng, horizon: dt.date) -> pl.DataFrame:
    """The named contact of each body (A-055, A-063): one in seven places is vacant, a former one is kept with dates."""
    bodies = organisations.filter(pl.col("kind").is_in(HAVE_REFERENTS)).select("number", "mailbox")
    in_post = (
        staff.filter(pl.col("ends_on").is_null())
        .group_by("organisation", maintain_order=True)
        .agg(pl.col("number").first().alias("agent"), pl.col("starts_on").first().alias("since"))
    )
    bodies = bodies.join(in_post, left_on="number", right_on="organisation", how="inner", maintain_order="left")
    n = len(bodies)
    since = bodies["since"].cast(pl.Int32).to_numpy().astype(np.int64)
    last = number_of(horizon)
    starts = since + (rng.random(n) * np.maximum(last - since - 10, 1)).astype(np.int64)
    ended = rng.random(n) < 1 / 7
    ends = np.where(ended, np.minimum(starts + rng.integers(60, 700, size=n), last - 1).clip(min=starts), NEVER)
    trained = _some(rng, starts + rng.integers(0, 120, size=n), 0.6, last)
    functions = rng.choice(["Référent primo-arrivants", "Référente intégration", "Correspondant asile-emploi"], size=n)
    return pl.DataFrame(
        {
            "id": uuids(rng, n),
            "organisation": bodies["number"],
            "function": functions.tolist(),
            "agent": bodies["agent"],
            "mailbox": bodies["mailbox"],
            "starts_on": dates(starts),
            "ends_on": dates(ends),
            "trained_on": dates(np.where(trained > ends, NEVER, trained)),
        },
        schema=REFERENTS,
    )


def _some(rng: Rng, days: Ints, share: float, last: int) -> Ints:
    return np.where((rng.random(len(days)) < share) & (days <= last), days, NEVER)


def delegations(organisations: pl.DataFrame, rng: Rng) -> pl.DataFrame:
    """Which operator works at the platform of which DT, for the experiment of reception days (C-022, D-034)."""
    starts, ends = period()
    found = [
        (operator, direction) for direction in DIRECTIONS if (operator := operator_of(organisations, direction)) > 0
    ]
    n = len(found)
    return pl.DataFrame(
        {
            "id": uuids(rng, n),
            "operator": [operator for operator, _ in found],
            "direction": [direction for _, direction in found],
            "starts_on": [starts] * n,
            "ends_on": [ends] * n,
            "legal_basis": ["Convention attributive de subvention (fictive)"] * n,
        },
        schema=DELEGATIONS,
    )
