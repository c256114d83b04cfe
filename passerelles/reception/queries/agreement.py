"""Do state and journal agree? Every row against the facts that stand, compared by sets inside the database.

One statement per subject, so that each is read at one instant: state and facts are written in one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
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


SUBJECTS = (
    Subject(
        "Séances",
        {
            "direction": "direction",
            "held_on": "date",
            "half_day": "demi-journée",
            "cancelled": "annulée",
            "minutes": "durée de la présentation",
        },
        state="""SELECT id AS subject, direction, held_on::text, half_day, (status = 'cancelled')::text AS cancelled,
            collective_minutes::text AS minutes FROM reception_session""",
        journal="""SELECT p.subject_id AS subject, p.direction, p.occurred_on::text AS held_on,
            p.data->>'half_day' AS half_day, (c.id IS NOT NULL)::text AS cancelled, t.data->>'minutes' AS minutes
            FROM standing p
            LEFT JOIN standing c ON c.kind = 'session_cancelled' AND c.subject_id = p.subject_id
            LEFT JOIN standing t ON t.kind = 'collective_held' AND t.subject_id = p.subject_id
            WHERE p.kind = 'session_planned'""",
    ),
    Subject(
        "Convocations et présences",
        {
            "person": "personne",
            "session": "séance",
            "held_on": "date",
            "walk_in": "venue sans convocation",
            "status": "présence",
            "reason": "motif",
        },
        state="""SELECT c.id AS subject, c.person_id::text AS person, c.session_id::text AS session, s.held_on::text,
            c.walk_in::text, c.status, CASE WHEN c.status = 'moved' THEN '' ELSE c.absence_reason END AS reason
            FROM reception_convocation c JOIN reception_session s ON s.id = c.session_id""",
        journal="""SELECT c.subject_id AS subject, c.person_id::text AS person, c.data->>'session' AS session,
            c.occurred_on::text AS held_on, coalesce(c.data->>'walk_in', 'false') AS walk_in,
            CASE WHEN m.id IS NOT NULL THEN 'moved' ELSE coalesce(a.data->>'status', 'convoked') END AS status,
            CASE WHEN m.id IS NOT NULL THEN '' ELSE coalesce(a.data->>'reason', '') END AS reason
            FROM standing c
            LEFT JOIN standing m ON m.kind = 'convocation_moved' AND m.subject_id = c.subject_id
            LEFT JOIN standing a ON a.kind = 'attendance' AND a.subject_id = c.subject_id
            WHERE c.kind = 'convoked'""",
    ),
    Subject(
        "Entretiens terminés",
        {
            "person": "personne",
            "session": "séance",
            "held_on": "date",
            "situation": "situation",
            "scope": "champ",
            "outcome": "issue",
            "category": "ligne de répartition",
            "ft": "France Travail",
            "rsa": "RSA",
            "agir": "AGIR",
            "registered": "inscrite",
            "opted_out": "dispense",
        },
        state="""SELECT i.id AS subject, i.person_id::text AS person, s.id::text AS session, s.held_on::text,
            i.situation, i.scope, i.outcome, i.category, i.ft::text, i.rsa::text, i.agir::text, i.registered::text,
            i.opted_out::text
            FROM reception_interview i JOIN reception_convocation c ON c.id = i.convocation_id
            JOIN reception_session s ON s.id = c.session_id WHERE i.status = 'done'""",
        journal="""SELECT subject_id AS subject, person_id::text AS person, data->>'session' AS session,
            occurred_on::text AS held_on, data->>'situation' AS situation, data->>'scope' AS scope,
            data->>'outcome' AS outcome, data->>'category' AS category, data->>'ft' AS ft, data->>'rsa' AS rsa,
            data->>'agir' AS agir, data->>'registered' AS registered, data->>'opted_out' AS opted_out
            FROM standing WHERE kind = 'interview_held'""",
    ),
    Subject(
        "Inscriptions",
        {"person": "personne", "register": "registre", "starts_on": "date", "by": "par", "place": "lieu"},
        state="""SELECT id AS subject, person_id::text AS person, register, starts_on::text, by, place
            FROM people_registration""",
        journal="""SELECT subject_id AS subject, person_id::text AS person, data->>'register' AS register,
            occurred_on::text AS starts_on, data->>'by' AS by, coalesce(data->>'place', '') AS place
            FROM standing WHERE kind = 'registered'""",
    ),
    Subject(
        "Premiers rendez-vous",
        {
            "person": "personne",
            "direction": "direction",
            "agency": "agence",
            "fixed_for": "date et heure",
            "agreed": "accompagnement convenu",
            "status": "état",
            "accompanied": "accompagnement réalisé",
            "reason": "motif de l’annulation",
        },
        state="""SELECT id AS subject, person_id::text AS person, direction, organisation_id::text AS agency,
            date_trunc('milliseconds', fixed_for)::text AS fixed_for, accompaniment_agreed::text AS agreed, status,
            coalesce(accompanied, false)::text AS accompanied, cancel_reason AS reason
            FROM reception_firstappointment""",
        journal="""SELECT f.subject_id AS subject, f.person_id::text AS person, f.direction,
            f.data->>'with' AS agency,
            date_trunc('milliseconds', (f.data->>'fixed_for')::timestamptz)::text AS fixed_for,
            f.data->>'accompaniment' AS agreed, coalesce(r.data->>'result', 'fixed') AS status,
            coalesce(r.data->>'accompanied', 'false') AS accompanied, coalesce(r.data->>'reason', '') AS reason
            FROM standing f LEFT JOIN standing r ON r.kind = 'appointment_result' AND r.subject_id = f.subject_id
            WHERE f.kind = 'appointment_fixed'""",
    ),
    Subject(
        "Paroles sur les premiers rendez-vous",
        {"said": "paroles"},
        state="""SELECT appointment_id AS subject, string_agg(said, ', ' ORDER BY rank) AS said
            FROM reception_appointmentword GROUP BY appointment_id""",
        journal="""SELECT subject_id AS subject, string_agg(data->>'said', ', ' ORDER BY id) AS said
            FROM standing WHERE kind = 'appointment_word' GROUP BY subject_id""",
    ),
    Subject(
        "Orientations",
        {
            "person": "personne",
            "direction": "direction",
            "receiver": "organisme qui reçoit",
            "stage": "état",
            "outcome": "issue",
        },
        state="""SELECT id AS subject, person_id::text AS person, direction, receiver_id::text AS receiver,
            CASE WHEN state IN ('appointment_fixed', 'attended', 'missed') THEN 'appointment' ELSE state END AS stage,
            CASE WHEN state = 'ended' THEN outcome ELSE '' END AS outcome
            FROM referrals_referral WHERE state <> 'draft'""",
        journal="""SELECT DISTINCT ON (f.subject_id) f.subject_id AS subject, f.person_id::text AS person, f.direction,
            f.organisation_id::text AS receiver, m.stage,
            CASE WHEN m.stage = 'ended' THEN f.data->>'outcome' ELSE '' END AS outcome
            FROM standing f JOIN (VALUES
                ('referral_proposed', 'proposed', 1), ('referral_sent', 'sent', 1),
                ('referral_received', 'received', 1), ('referral_studied', 'under_study', 1),
                ('referral_accepted', 'accepted', 1), ('referral_declined', 'declined', 1),
                ('referral_taken_over', 'taken_over', 1), ('referral_appointment_given', 'appointment', 1),
                ('referral_appointment_postponed', 'rescheduled', 1),
                ('referral_appointment_attended', 'appointment', 1), ('referral_appointment_missed', 'appointment', 1),
                ('referral_started', 'started', 2), ('referral_redirected', 'redirected', 3),
                ('referral_withdrawn', 'withdrawn', 3), ('referral_ended', 'ended', 3)
            ) AS m(kind, stage, rank) ON m.kind = f.kind
            WHERE EXISTS (SELECT FROM referrals_referral r WHERE r.id = f.subject_id)
            OR EXISTS (SELECT FROM journal_fact s WHERE s.subject_id = f.subject_id
                AND s.kind = 'referral_sent' AND s.data ? 'basis')
            ORDER BY f.subject_id, m.rank DESC, f.id DESC""",
    ),
    Subject(
        "Paroles sur les rendez-vous des orientations",
        {"said": "rang, côté, a eu lieu"},
        state="""SELECT referral_id AS subject, string_agg(concat_ws(' ', attempt, party, held), ', '
                ORDER BY attempt, party) AS said
            FROM (SELECT DISTINCT ON (a.id, s.party) a.referral_id, a.attempt, s.party, s.took_place::text AS held
                FROM referrals_statement s JOIN referrals_appointment a ON a.id = s.appointment_id
                ORDER BY a.id, s.party, s.rank DESC) AS latest GROUP BY referral_id""",
        journal="""SELECT subject, string_agg(concat_ws(' ', attempt, party, held), ', '
                ORDER BY attempt, party) AS said
            FROM (SELECT DISTINCT ON (subject_id, data->>'attempt', data->>'by') subject_id AS subject,
                (data->>'attempt')::int AS attempt, data->>'by' AS party,
                (kind = 'referral_appointment_attended')::text AS held
                FROM standing WHERE data ? 'by'
                AND kind IN ('referral_appointment_attended', 'referral_appointment_missed')
                ORDER BY subject_id, data->>'attempt', data->>'by', id DESC) AS latest GROUP BY subject""",
    ),
    Subject(
        "Personnes",
        {"direction": "direction"},
        state="SELECT id AS subject, direction FROM people_person",
        journal="SELECT person_id AS subject, direction FROM standing WHERE kind = 'person_recorded'",
    ),
)
FOLLOWERS = {
    "session_cancelled": "session_planned",
    "collective_held": "session_planned",
    "convocation_moved": "convoked",
    "attendance": "convoked",
    "appointment_result": "appointment_fixed",
    "appointment_word": "appointment_fixed",
}
"""A fact of this kind stands only upon a fact of that kind about the same subject."""

ONCE = (
    *(kind for kind in FOLLOWERS if kind != "appointment_word"),
    *dict.fromkeys(FOLLOWERS.values()),
    "interview_held",
    "registered",
)
"""At most one fact of each of these kinds stands about a subject."""


def compare(actor: Actor) -> list[Comparison]:
    """Every subject compared, then the facts among themselves. Only the platform asks: all DTs are read."""
    if not actor.system:
        raise Refused("Seule la plateforme compare les tables et le journal.")
    return [*(_compare(subject) for subject in SUBJECTS), _alone(), _doubled()]


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
    pairs = ", ".join(f"('{after}', '{before}')" for after, before in FOLLOWERS.items())
    sql = f"""{STANDING}, pairs(after, before) AS (VALUES {pairs})
        SELECT count(*) OVER (), f.subject_id, f.kind, p.before FROM standing f JOIN pairs p ON p.after = f.kind
        LEFT JOIN standing b ON b.kind = p.before AND b.subject_id = f.subject_id
        WHERE b.id IS NULL ORDER BY f.id LIMIT {TOLD}"""
    rows = _rows(sql)
    first = tuple(Disagreement(subject, f"« {after} » sans « {before} »") for _, subject, after, before in rows)
    return Comparison("Faits sans celui qu’ils suivent", _how_many(FOLLOWERS), rows[0][0] if rows else 0, first)


def _doubled() -> Comparison:
    """The same fact standing twice about the same subject."""
    kinds = ", ".join(f"'{kind}'" for kind in ONCE)
    sql = f"""{STANDING}
        SELECT count(*) OVER (), subject_id, kind, count(*) FROM standing WHERE kind IN ({kinds})
        GROUP BY subject_id, kind HAVING count(*) > 1 ORDER BY subject_id, kind LIMIT {TOLD}"""
    rows = _rows(sql)
    first = tuple(Disagreement(subject, f"« {kind} » {times} fois") for _, subject, kind, times in rows)
    return Comparison("Faits en double", _how_many(ONCE), rows[0][0] if rows else 0, first)


def _how_many(kinds: Any) -> int:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return _rows(f"{STANDING} SELECT count(*) FROM standing WHERE kind IN ({listed})")[0][0]


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
