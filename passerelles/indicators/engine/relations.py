"""The relations that figures are counted on, the same on every engine: the flat journal, episodes, persons. Pure.

Identifiers are declared as text; where the engine holds them as UUID nothing changes, they are only compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

Expr = Any
"""An ibis table or column."""

DATA_KEYS = (
    "sex birth_date nationality motive department schooling wishes_work bpi kind written oral overall situation "
    "register by status reason result accompanied path hours target attained days of passed purpose to occupation "
    "posts shortage training completed contract in_post right approach category outcome attempt took_place code value "
    "document expires_on mode"
).split()
"""What figures read in the `data` of a fact; each becomes a column of text, `data_` before its name."""

FLAT: dict[str, str] = {
    "position": "int64",
    "kind": "string",
    "person_id": "string",
    "subject_id": "string",
    "organisation_id": "string",
    "direction": "string",
    "occurred_on": "date",
} | {f"data_{key}": "string" for key in DATA_KEYS}
"""Standing facts, one line each, `data` spread in columns."""

EPISODE: dict[str, str] = {
    "episode": "string",
    "subject_id": "string",
    "person_id": "string",
    "organisation_id": "string",
    "direction": "string",
    "department": "string",
    "opened_on": "date",
    "answered_on": "date",
    "answer": "string",
    "started_on": "date",
    "ended_on": "date",
    "outcome": "string",
    "what": "string",
    "detail": "string",
    "target": "string",
    "amount": "int64",
    "flag": "boolean",
    "written": "string",
    "oral": "string",
}
"""One line per referral, course, job, need…: what `engine.episodes` says of each."""

PERSON: dict[str, str] = {
    "person_id": "string",
    "direction": "string",
    "department": "string",
    "sex": "string",
    "birth_date": "date",
    "nationality": "string",
    "motive": "string",
    "schooling": "string",
    "wishes_work": "boolean",
    "bpi": "boolean",
    "signed_on": "date",
    "level": "string",
    "written": "string",
    "oral": "string",
    "situation": "string",
    "prescribed_on": "date",
    "prescribed_hours": "int64",
    "prescribed_target": "string",
    "registered_on": "date",
    "opted_out_on": "date",
    "referred_on": "date",
    "attended_on": "date",
    "trained_on": "date",
    "job_on": "date",
    "agir_on": "date",
    "closed_on": "date",
    "departed_on": "date",
}
"""One line per person: dimensions, first dates."""

PERSON_TABLE, EPISODE_TABLE, FLAT_TABLE = "indicators_person", "indicators_episode", "journal_flat"
SAME_TABLE = "indicators_record"
"""Which record stands for a person: one line per record that shares an identity with another."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Where figures read: stored relations, or relations still to be built from the journal."""

    person: Expr
    episode: Expr

    def of(self, *episodes: str) -> Expr:
        """The episodes of these kinds that were opened."""
        found = self.episode
        return found.filter(found.episode.isin(list(episodes)), found.opened_on.notnull())


def stored() -> Tables:
    """The tables kept up to date."""
    return Tables(ibis.table(PERSON, name=PERSON_TABLE), ibis.table(EPISODE, name=EPISODE_TABLE))


def flat() -> Expr:
    """The standing facts of the journal."""
    return ibis.table(FLAT, name=FLAT_TABLE)
