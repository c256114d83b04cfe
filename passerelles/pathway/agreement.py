"""What the journal says of the rows of this room, one query for each side (`journal.agreement`).

A training cancelled, or an exam withdrawn, was noted by mistake: its fact is retracted, its row no longer counts.
"""

from __future__ import annotations

from passerelles.journal.agreement import Subject, declare

SUBJECTS = (
    Subject(
        "Formations linguistiques",
        {
            "person": "personne",
            "path": "parcours",
            "hours": "heures",
            "target": "niveau visé",
            "compulsory": "obligatoire",
            "prescribed_on": "prescrite le",
            "status": "état",
            "started_on": "commencée le",
            "ended_on": "finie le",
            "attended": "heures suivies",
            "written": "écrit",
            "oral": "oral",
        },
        state="""SELECT id AS subject, person_id::text AS person, path, hours::text, target, compulsory::text,
            prescribed_on::text, status, started_on::text, ended_on::text, hours_attended::text AS attended,
            written, oral FROM pathway_training WHERE kind = 'language' AND status <> 'cancelled'""",
        journal="""SELECT p.subject_id AS subject, p.person_id::text AS person, p.data->>'path' AS path,
            p.data->>'hours' AS hours, p.data->>'target' AS target, p.data->>'compulsory' AS compulsory,
            p.occurred_on::text AS prescribed_on,
            coalesce(e.data->>'reason', CASE WHEN s.id IS NULL THEN 'prescribed' ELSE 'started' END) AS status,
            s.occurred_on::text AS started_on, e.occurred_on::text AS ended_on,
            e.data->>'hours_attended' AS attended, coalesce(e.data->>'written', '') AS written,
            coalesce(e.data->>'oral', '') AS oral
            FROM standing p
            LEFT JOIN standing s ON s.kind = 'language_started' AND s.subject_id = p.subject_id
            LEFT JOIN standing e ON e.kind = 'language_ended' AND e.subject_id = p.subject_id
            WHERE p.kind = 'language_prescribed'""",
    ),
    Subject(
        "Formations civiques",
        {
            "person": "personne",
            "days": "journées",
            "hours": "heures",
            "prescribed_on": "prescrite le",
            "attended": "journées suivies",
            "status": "état",
            "ended_on": "finie le",
        },
        state="""SELECT id AS subject, person_id::text AS person, days::text, hours::text, prescribed_on::text,
            days_attended::text AS attended, status, ended_on::text
            FROM pathway_training WHERE kind = 'civic' AND status <> 'cancelled'""",
        journal="""SELECT p.subject_id AS subject, p.person_id::text AS person, p.data->>'days' AS days,
            p.data->>'hours' AS hours, p.occurred_on::text AS prescribed_on, a.data->>'days' AS attended,
            CASE WHEN a.id IS NULL THEN 'prescribed' WHEN a.data->>'days' = a.data->>'of' THEN 'completed'
                ELSE 'started' END AS status,
            CASE WHEN a.data->>'days' = a.data->>'of' THEN a.occurred_on::text END AS ended_on
            FROM standing p LEFT JOIN standing a ON a.kind = 'civic_attended' AND a.subject_id = p.subject_id
            WHERE p.kind = 'civic_prescribed'""",
    ),
    Subject(
        "Examens civiques",
        {
            "person": "personne",
            "purpose": "pour",
            "taken_on": "passé le",
            "passed": "réussi",
            "attempt": "tentative",
        },
        state="""SELECT id AS subject, person_id::text AS person, purpose, taken_on::text, passed::text, attempt::text
            FROM pathway_exam WHERE withdrawn_on IS NULL""",
        journal="""SELECT subject_id AS subject, person_id::text AS person, data->>'purpose' AS purpose,
            occurred_on::text AS taken_on, data->>'passed' AS passed, data->>'attempt' AS attempt
            FROM standing WHERE kind = 'civic_exam_taken'""",
    ),
    Subject(
        "Rendez-vous de l’OFII",
        {
            "person": "personne",
            "kind": "nature",
            "held_by": "avec",
            "fixed_for": "date et heure",
            "status": "état",
            "level": "niveau",
            "situation": "situation",
        },
        state="""SELECT id AS subject, person_id::text AS person, kind, organisation_id::text AS held_by,
            date_trunc('milliseconds', fixed_for)::text AS fixed_for, status, level, situation FROM pathway_meeting""",
        journal="""SELECT f.subject_id AS subject, f.person_id::text AS person, f.data->>'meeting' AS kind,
            f.data->>'with' AS held_by,
            date_trunc('milliseconds', (f.data->>'fixed_for')::timestamptz)::text AS fixed_for,
            CASE WHEN e.id IS NOT NULL THEN 'attended' ELSE coalesce(r.data->>'result', 'fixed') END AS status,
            coalesce(e.data->>'level', '') AS level, coalesce(e.data->>'situation', '') AS situation
            FROM standing f
            LEFT JOIN standing r ON r.kind = 'meeting_result' AND r.subject_id = f.subject_id
            LEFT JOIN standing e ON e.kind = 'end_of_cir_interview' AND e.subject_id = f.subject_id
            WHERE f.kind = 'meeting_fixed'""",
    ),
    Subject(
        "Demandes de reconnaissance",
        {
            "person": "personne",
            "procedure": "démarche",
            "requested_on": "demandée le",
            "status": "état",
            "result": "réponse",
            "answered_on": "répondue le",
        },
        state="""SELECT id AS subject, person_id::text AS person, procedure, requested_on::text, status, result,
            answered_on::text FROM pathway_recognition""",
        journal="""SELECT q.subject_id AS subject, q.person_id::text AS person, q.data->>'procedure' AS procedure,
            q.occurred_on::text AS requested_on,
            CASE WHEN a.id IS NOT NULL THEN 'answered' WHEN b.id IS NOT NULL THEN 'abandoned' ELSE 'requested'
                END AS status,
            coalesce(a.data->>'result', '') AS result, a.occurred_on::text AS answered_on
            FROM standing q
            LEFT JOIN standing a ON a.kind = 'recognition_answered' AND a.subject_id = q.subject_id
            LEFT JOIN standing b ON b.kind = 'recognition_abandoned' AND b.subject_id = q.subject_id
            WHERE q.kind = 'recognition_requested'""",
    ),
    Subject(
        "Documents",
        {"person": "personne", "document": "document", "expires_on": "valable jusqu’au"},
        state="""SELECT id AS subject, person_id::text AS person, kind AS document, expires_on::text
            FROM pathway_document""",
        journal="""SELECT subject_id AS subject, person_id::text AS person, data->>'document' AS document,
            data->>'expires_on' AS expires_on FROM standing WHERE kind = 'document_noted'""",
    ),
)
FOLLOWERS = {
    "language_started": "language_prescribed",
    "language_ended": "language_prescribed",
    "civic_attended": "civic_prescribed",
    "meeting_result": "meeting_fixed",
    "end_of_cir_interview": "meeting_fixed",
    "recognition_answered": "recognition_requested",
    "recognition_abandoned": "recognition_requested",
}
declare(
    SUBJECTS,
    followers=FOLLOWERS,
    once=(*FOLLOWERS, *dict.fromkeys(FOLLOWERS.values()), "civic_exam_taken", "document_noted"),
)
