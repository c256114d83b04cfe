"""What the journal says of the rows of this room, one query for each side (`journal.agreement`)."""

from __future__ import annotations

from passerelles.journal.agreement import Subject, declare

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
)
declare(
    SUBJECTS,
    followers={
        "session_cancelled": "session_planned",
        "collective_held": "session_planned",
        "convocation_moved": "convoked",
        "attendance": "convoked",
        "appointment_result": "appointment_fixed",
        "appointment_word": "appointment_fixed",
    },
    once=(
        "session_planned",
        "session_cancelled",
        "collective_held",
        "convoked",
        "convocation_moved",
        "attendance",
        "interview_held",
        "appointment_fixed",
        "appointment_result",
    ),
)
