"""What the journal says of the rows of this room, one query for each side (`journal.agreement`)."""

from __future__ import annotations

from passerelles.journal.agreement import Subject, declare

SUBJECTS = (
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
        "Personnes",
        {"direction": "direction"},
        state="SELECT id AS subject, direction FROM people_person",
        journal="SELECT person_id AS subject, direction FROM standing WHERE kind = 'person_recorded'",
    ),
)
declare(SUBJECTS, once=("registered",))
