"""Do state and journal agree? Every row against the facts that stand, compared by sets inside the database.

One statement per subject, so that each is read at one instant: state and facts are written in one transaction. The
rooms above declare what of theirs is compared; this one knows none of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from passerelles.core.errors import Refused
from passerelles.network.policy import Actor

TOLD = 50
"""How many disagreements of each subject are told one by one; all are counted."""

STANDING = """WITH standing AS NOT MATERIALIZED (
    SELECT f.* FROM journal_fact f WHERE NOT EXISTS (SELECT FROM journal_fact r WHERE r.retracts_id = f.id)
)"""


@dataclass(frozen=True, slots=True)
class Subject:
    """Two queries that give `subject` and the same columns as text; `columns`: name of the column to its label."""

    name: str
    columns: Mapping[str, str]
    state: str
    journal: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One row or fact that the other side does not confirm; `sentence` says how. No name, no identifier."""

    subject: uuid.UUID | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared: rows of the state, disagreements in all, and the first of them."""

    name: str
    compared: int
    found: int
    first: tuple[Disagreement, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


_subjects: list[Subject] = []
_followers: dict[str, str] = {}
_once: list[str] = []


def declare(
    subjects: Iterable[Subject], *, followers: Mapping[str, str] | None = None, once: Iterable[str] = ()
) -> None:
    """A room tells what of its tables is compared.

    `followers`: a fact of this kind stands only upon a fact of that kind about the same subject. `once`: at most one
    fact of each of these kinds stands about a subject.
    """
    _subjects.extend(subjects)
    _followers.update(followers or {})
    _once.extend(once)


def compare(actor: Actor) -> list[Comparison]:
    """Every subject compared, then the facts among themselves. Only the platform asks: all DTs are read."""
    if not actor.system:
        raise Refused("Seule la plateforme compare les tables et le journal.")
    return [*(_compare(subject) for subject in _subjects), _alone(), _doubled()]


def _compare(subject: Subject) -> Comparison:
    columns = list(subject.columns)
    differ = " OR ".join(f"s.{name} IS DISTINCT FROM j.{name}" for name in columns)
    sides = ", ".join(f"{side}.{name}" for side in "sj" for name in columns)
    sql = f"""{STANDING}, s AS ({subject.state}), j AS ({subject.journal})
        SELECT (SELECT count(*) FROM s), count(*) OVER (), s.subject, j.subject, {sides}
        FROM s FULL JOIN j ON j.subject = s.subject
        WHERE s.subject IS NULL OR j.subject IS NULL OR {differ}
        ORDER BY coalesce(s.subject, j.subject) LIMIT {TOLD}"""
    rows = _rows(sql)
    if not rows:
        return Comparison(subject.name, _rows(f"SELECT count(*) FROM ({subject.state}) AS s")[0][0], 0)
    first = tuple(
        Disagreement(
            in_state or in_journal,
            sentence(
                subject.columns,
                dict(zip(columns, values[: len(columns)], strict=True)) if in_state else None,
                dict(zip(columns, values[len(columns) :], strict=True)) if in_journal else None,
            ),
        )
        for _, _, in_state, in_journal, *values in rows
    )
    return Comparison(subject.name, rows[0][0], rows[0][1], first)


def sentence(
    labels: Mapping[str, str], state: Mapping[str, str | None] | None, journal: Mapping[str, str | None] | None
) -> str:
    """How the two sides differ, in French. None: the row, or the fact, is missing on that side."""
    if journal is None:
        return "dans les tables, mais aucun fait ne le dit"
    if state is None:
        return "dans le journal, mais absent des tables"
    return " ; ".join(
        f"{label} : « {state[name] or 'vide'} » dans les tables, « {journal[name] or 'vide'} » dans le journal"
        for name, label in labels.items()
        if state[name] != journal[name]
    )


def _alone() -> Comparison:
    """Facts that follow another one which does not stand (attendance without convocation…)."""
    pairs = ", ".join(f"('{after}', '{before}')" for after, before in _followers.items())
    sql = f"""{STANDING}, pairs(after, before) AS (VALUES {pairs})
        SELECT count(*) OVER (), f.subject_id, f.kind, p.before FROM standing f JOIN pairs p ON p.after = f.kind
        LEFT JOIN standing b ON b.kind = p.before AND b.subject_id = f.subject_id
        WHERE b.id IS NULL ORDER BY f.id LIMIT {TOLD}"""
    rows = _rows(sql)
    first = tuple(Disagreement(subject, f"« {after} » sans « {before} »") for _, subject, after, before in rows)
    return Comparison("Faits sans celui qu’ils suivent", _how_many(_followers), rows[0][0] if rows else 0, first)


def _doubled() -> Comparison:
    """The same fact standing twice about the same subject."""
    kinds = ", ".join(f"'{kind}'" for kind in _once)
    sql = f"""{STANDING}
        SELECT count(*) OVER (), subject_id, kind, count(*) FROM standing WHERE kind IN ({kinds})
        GROUP BY subject_id, kind HAVING count(*) > 1 ORDER BY subject_id, kind LIMIT {TOLD}"""
    rows = _rows(sql)
    first = tuple(Disagreement(subject, f"« {kind} » {times} fois") for _, subject, kind, times in rows)
    return Comparison("Faits en double", _how_many(_once), rows[0][0] if rows else 0, first)


def _how_many(kinds: Any) -> int:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return _rows(f"{STANDING} SELECT count(*) FROM standing WHERE kind IN ({listed})")[0][0]


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
