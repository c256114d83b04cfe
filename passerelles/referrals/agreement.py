"""What the journal says of the rows of this room, one query for each side (`journal.agreement`)."""

from __future__ import annotations

from passerelles.journal.agreement import Subject, declare

SUBJECTS = (
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
)
declare(SUBJECTS)
