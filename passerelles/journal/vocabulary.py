"""The words of the journal: every kind of fact, and what its `data` holds. Pure."""

from __future__ import annotations

from enum import StrEnum


class FactKind(StrEnum):
    """A kind of fact. The comment gives the keys of `data`; a fact never holds a name or an identifier."""

    PERSON_RECORDED = "person_recorded"  # sex, birth_date, nationality, motive
    PERSON_CORRECTED = "person_corrected"  # sex, birth_date, nationality, motive
    CONTRACT_SIGNED = "contract_signed"  # kind
    ASSESSED = "assessed"  # written, oral, overall
    CONSENT_GIVEN = "consent_given"  # purpose
    CONSENT_WITHDRAWN = "consent_withdrawn"  # purpose
    OPTED_OUT = "opted_out"  # reason
    OPT_OUT_REVERSED = "opt_out_reversed"
    SITUATION_OBSERVED = "situation_observed"  # situation
    REGISTERED = "registered"  # register, by, place, at
    CHECKED = "checked"  # register, result, as_of, decided
    SESSION_PLANNED = "session_planned"  # capacity, half_day
    SESSION_CANCELLED = "session_cancelled"  # reason
    COLLECTIVE_HELD = "collective_held"  # minutes, messages, tools
    CONVOKED = "convoked"  # walk_in
    CONVOCATION_MOVED = "convocation_moved"  # to
    ATTENDANCE = "attendance"  # status, reason, late_minutes
    INTERVIEW_HELD = "interview_held"  # situation, scope, outcome, category, checks, covered, registered
    APPOINTMENT_FIXED = "appointment_fixed"  # appointment, fixed_for, accompaniment
    APPOINTMENT_RESULT = "appointment_result"  # appointment, result, accompanied, asserted_by
    RETURN_DRAFTED = "return_drafted"  # version
    RETURN_VALIDATED = "return_validated"  # version
    RETURN_SENT = "return_sent"  # version, recipients
    IMPORT_APPLIED = "import_applied"  # kind, accepted, rejected
    RETRACTION = "retraction"  # reason
