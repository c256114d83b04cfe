"""The stream of the generator: the columns that every frame of a chunk has. Pure; the order of rows is part of it.

A chunk is one department and one year of signature. Whatever reads the stream (database, verbs, files) reads these
frames and nothing else, so that all outputs tell the same story. Persons and organisations are designated by their
`number`; every row that becomes a record carries its own `id` (UUID text), drawn from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import polars as pl

Columns = dict[str, pl.DataType | type[pl.DataType]]

UUID = pl.String
NUMBER = pl.UInt32
MOMENT = pl.Datetime("us", "UTC")

PEOPLE: Columns = {
    "number": NUMBER,  # unique in the run: the truth of who is who
    "id": UUID,
    "department": pl.String,
    "direction": pl.String,  # slug of the OFII DT
    "commune_code": pl.String,
    "postcode": pl.String,
    "city": pl.String,
    "address": pl.String,
    "phone": pl.String,  # E.164, in the ranges kept for fiction by ARCEP
    "email": pl.String,
    "motive": pl.String,  # people.enums.Motive
    "bpi": pl.Boolean,
    "sex": pl.String,  # F | H
    "age": pl.UInt8,  # at signature
    "birth_date": pl.Date,  # as OFII wrote it
    "birth_date_precision": pl.String,  # day | year
    "nationality": pl.String,  # ISO 3166-1 alpha-2
    "language": pl.String,  # contact language, BCP 47
    "speaks": pl.List(pl.String),
    "reads": pl.List(pl.String),
    "needs_interpreter": pl.Boolean,
    "family_name": pl.String,
    "birth_name": pl.String,
    "given_names": pl.String,
    "household": NUMBER,  # same number: same family; null when alone
    "children": pl.UInt8,
    "needs_childcare": pl.Boolean,
    "disabled": pl.Boolean,
    "entered_on": pl.Date,
    "signed_on": pl.Date,
    "permit": pl.String,  # kind of residence document
    "permit_starts_on": pl.Date,
    "permit_ends_on": pl.Date,
    "schooling": pl.String,  # reference.schooling.Schooling
    "diploma": pl.String,  # from the country of origin, empty when none
    "occupation": pl.String,  # ROME code of the occupation sought, empty when none
    "experience_years": pl.UInt8,
    "written": pl.String,  # reference.levels.Level at the initial assessment
    "oral": pl.String,
    "level": pl.String,
    "hours": pl.UInt16,  # language hours prescribed; 0 none needed; null where no document gives a number
    "situation": pl.String,  # people.enums.SituationKind at signature
    "wishes_work": pl.Boolean,
    "rsa": pl.Boolean,
    "agir": pl.Boolean,
    "ft": pl.Boolean,  # registered at France Travail at signature
    "foreigner_number": pl.String,  # as OFII wrote them; empty when unknown
    "ofii_number": pl.String,
    "nir": pl.String,
    "ft_number": pl.String,
    "cir_number": pl.String,
}

ORGANISATIONS: Columns = {
    "number": NUMBER,
    "id": UUID,
    "name": pl.String,
    "kind": pl.String,  # network.enums.OrganisationKind
    "direction": pl.String,
    "department": pl.String,
    "region": pl.String,
    "mailbox": pl.String,
    "address": pl.String,
    "phone": pl.String,
    "mute": pl.Boolean,  # does not answer referrals
    "late_days": pl.UInt16,  # typical delay of its answers
}

AGENTS: Columns = {  # accounts with unusable passwords
    "number": NUMBER,
    "id": UUID,
    "membership": UUID,
    "name": pl.String,
    "email": pl.String,
    "organisation": NUMBER,
    "role": pl.String,  # network.enums.Role
    "starts_on": pl.Date,
    "ends_on": pl.Date,  # null while in post
}

REFERENTS: Columns = {
    "id": UUID,
    "organisation": NUMBER,
    "function": pl.String,
    "agent": NUMBER,  # null when only the function and its mailbox are known
    "mailbox": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,  # past and without a successor: the vacancy is shown
    "trained_on": pl.Date,
}

DELEGATIONS: Columns = {  # an operator works at the platform of a DT
    "id": UUID,
    "operator": NUMBER,
    "direction": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "legal_basis": pl.String,
}

SESSIONS: Columns = {
    "number": NUMBER,  # unique in the chunk
    "id": UUID,
    "direction": pl.String,
    "organisation": NUMBER,  # the DT
    "operator": NUMBER,  # null outside the experiment
    "held_on": pl.Date,
    "half_day": pl.String,
    "starts_at": MOMENT,
    "place": pl.String,
    "desks": pl.UInt8,
    "planned_at": MOMENT,
}

CONVOCATIONS: Columns = {
    "id": UUID,
    "person": NUMBER,
    "session": NUMBER,
    "desk": pl.UInt8,
    "slot_at": MOMENT,
    "convoked_at": MOMENT,
    "status": pl.String,  # reception.enums.Attendance: present | absent | excused
    "reason": pl.String,  # reception.enums.AbsenceReason, empty when present
    "arrived_at": MOMENT,  # null when not present
    "known_at": MOMENT,  # when attendance was recorded
}

INTERVIEWS: Columns = {  # only where the experiment of reception days holds them
    "id": UUID,
    "person": NUMBER,
    "session": NUMBER,
    "started_at": MOMENT,
    "ended_at": MOMENT,
    "situation": pl.String,
    "ft": pl.Boolean,
    "rsa": pl.Boolean,
    "agir": pl.Boolean,
    "registered": pl.Boolean,
    "opted_out": pl.Boolean,
    "not_registered_reason": pl.String,
    "occupation": pl.String,
    "barriers": pl.List(pl.String),
    "appointment_with": NUMBER,
    "appointment_at": MOMENT,
    "accompaniment": pl.Boolean,
}

ASSESSMENTS: Columns = {
    "id": UUID,
    "person": NUMBER,
    "kind": pl.String,  # people.enums.AssessmentKind
    "written": pl.String,
    "oral": pl.String,
    "overall": pl.String,
    "assessed_on": pl.Date,
    "provider": NUMBER,
    "known_at": MOMENT,
}

SITUATIONS: Columns = {
    "id": UUID,
    "person": NUMBER,
    "kind": pl.String,
    "observed_on": pl.Date,
    "source": pl.String,
    "known_at": MOMENT,
}

REGISTRATIONS: Columns = {
    "id": UUID,
    "person": NUMBER,
    "register": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "by": pl.String,
    "place": pl.String,
    "registered_at": MOMENT,
    "known_at": MOMENT,
}

OPT_OUTS: Columns = {
    "id": UUID,
    "person": NUMBER,
    "since": pl.Date,
    "reason": pl.String,
    "reversed_on": pl.Date,
    "known_at": MOMENT,
}

APPOINTMENTS: Columns = {  # first appointments at France Travail fixed at a reception day
    "id": UUID,
    "person": NUMBER,
    "session": NUMBER,
    "organisation": NUMBER,
    "fixed_for": MOMENT,
    "status": pl.String,  # reception.enums.AppointmentStatus
    "accompaniment_agreed": pl.Boolean,
    "accompanied": pl.Boolean,
    "fixed_at": MOMENT,
    "asserted_at": MOMENT,  # null while nobody has answered
    "asserted_for": NUMBER,
}

END_OF_CIR = "Entretien de fin de CIR"
"""Source of a situation observed by the interview at the end of the contract: told with it, and by it."""
EVENTS: Columns = {  # what has no room of its own yet: facts of the journal alone
    "kind": pl.String,  # journal.vocabulary.FactKind
    "person": NUMBER,
    "subject": UUID,  # what the fact is about (a referral, a training, a job); null when none
    "organisation": NUMBER,
    "occurred_on": pl.Date,
    "known_at": MOMENT,
    "data": pl.String,  # JSON object, keys sorted, no name and no identifier
}

RECORDS: Columns = {  # the same persons as other bodies wrote them; `person` is the truth kept aside
    "list": pl.String,  # ofii | ft | rsa | agir
    "record": pl.String,  # identifier of the line in its list
    "person": NUMBER,
    "family_name": pl.String,
    "birth_name": pl.String,
    "given_names": pl.String,
    "native_name": pl.String,  # in the script of origin when the list holds it
    "birth_date": pl.Date,
    "sex": pl.String,
    "nationality": pl.String,
    "birth_country": pl.String,
    "postcode": pl.String,
    "city": pl.String,
    "address": pl.String,
    "phone": pl.String,
    "email": pl.String,
    "foreigner_number": pl.String,
    "nir": pl.String,
    "ft_number": pl.String,
    "since": pl.Date,
    "until": pl.Date,
}


def _checked(part: Network | Chunk, schemas: dict[str, Columns]) -> None:
    """Raise ValueError when a frame has not exactly the columns of the stream."""
    for field in fields(part):
        found = getattr(part, field.name).schema
        expected = schemas[field.name]
        if dict(found) != expected:
            odd = {k: (found.get(k), expected.get(k)) for k in {*found, *expected} if found.get(k) != expected.get(k)}
            raise ValueError(f"{field.name}: columns differ from the stream: {odd}")


@dataclass(frozen=True, slots=True)
class Network:
    """Who takes part in the partnership: the same for every chunk of a run."""

    organisations: pl.DataFrame
    agents: pl.DataFrame
    referents: pl.DataFrame
    delegations: pl.DataFrame

    def __post_init__(self) -> None:
        _checked(self, NETWORK_SCHEMAS)


@dataclass(frozen=True, slots=True)
class Chunk:
    """One department, one year of signature: every frame, each in the order of its `number` or of time."""

    people: pl.DataFrame
    sessions: pl.DataFrame
    convocations: pl.DataFrame
    interviews: pl.DataFrame
    assessments: pl.DataFrame
    situations: pl.DataFrame
    registrations: pl.DataFrame
    opt_outs: pl.DataFrame
    appointments: pl.DataFrame
    events: pl.DataFrame
    records: pl.DataFrame

    def __post_init__(self) -> None:
        _checked(self, SCHEMAS)


NETWORK_SCHEMAS: dict[str, Columns] = {
    "organisations": ORGANISATIONS,
    "agents": AGENTS,
    "referents": REFERENTS,
    "delegations": DELEGATIONS,
}

SCHEMAS: dict[str, Columns] = {
    "people": PEOPLE,
    "sessions": SESSIONS,
    "convocations": CONVOCATIONS,
    "interviews": INTERVIEWS,
    "assessments": ASSESSMENTS,
    "situations": SITUATIONS,
    "registrations": REGISTRATIONS,
    "opt_outs": OPT_OUTS,
    "appointments": APPOINTMENTS,
    "events": EVENTS,
    "records": RECORDS,
}
