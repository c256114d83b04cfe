"""The words of the journal: every kind of fact, and what its `data` holds. Pure."""

from __future__ import annotations

from enum import StrEnum


class FactKind(StrEnum):
    """A kind of fact. The comment gives the keys of `data`; a fact never holds a name or an identifier.

    Each kind has its sentence in the person's timeline (`pathway/sentences.py`): a test fails when one lacks.
    """

    PERSON_RECORDED = "person_recorded"  # sex, birth_date, nationality, motive, department
    PERSON_CORRECTED = "person_corrected"  # sex, birth_date, nationality, motive, department
    CONTRACT_SIGNED = "contract_signed"  # kind
    ASSESSED = "assessed"  # written, oral, overall
    CONSENT_GIVEN = "consent_given"  # purpose
    CONSENT_WITHDRAWN = "consent_withdrawn"  # purpose
    OPTED_OUT = "opted_out"  # reason
    OPT_OUT_REVERSED = "opt_out_reversed"
    SITUATION_OBSERVED = "situation_observed"  # situation
    REGISTERED = "registered"  # register, by, place, at
    CHECKED = "checked"  # register, result, as_of, decided
    IDENTITY_JOINED = "identity_joined"  # identity: the records of one identity are one person
    SESSION_PLANNED = "session_planned"  # capacity, half_day
    SESSION_CANCELLED = "session_cancelled"  # reason
    COLLECTIVE_HELD = "collective_held"  # minutes, messages, tools
    CONVOKED = "convoked"  # session, walk_in
    CONVOCATION_MOVED = "convocation_moved"  # to, or reason when the session was cancelled
    ATTENDANCE = "attendance"  # session, status, reason, late_minutes, walk_in
    INTERVIEW_HELD = "interview_held"  # situation, scope, outcome, category, checks, covered, registered
    APPOINTMENT_FIXED = "appointment_fixed"  # fixed_for, with, accompaniment
    APPOINTMENT_RESULT = "appointment_result"  # result, accompanied, asserted_by, with, reason if cancelled
    APPOINTMENT_WORD = "appointment_word"  # said (reception.enums.Word), with, reason if the person cannot come
    RETURN_DRAFTED = "return_drafted"  # version, return, period
    RETURN_VALIDATED = "return_validated"  # version, return, period
    RETURN_SENT = "return_sent"  # version, return, period, recipients
    RETURN_ACKNOWLEDGED = "return_acknowledged"  # version, return, period
    IMPACT_DECLARED = "impact_declared"  # territory, outcome, baseline, target, minimum, starts_on, measured_on
    IMPACT_MEASURED = "impact_measured"  # territory, number, finding
    IMPORT_APPLIED = "import_applied"  # kind, accepted, rejected
    PARAMETER_DECIDED = "parameter_decided"  # parameter, territory, valid_from, valid_to, value, unit
    PARAMETER_WITHDRAWN = "parameter_withdrawn"  # parameter, territory, withdrawn_from
    FACT_STATED = "fact_stated"  # code, source, value (left out when the fact is sensitive)
    ORIENTATION_DECIDED = "orientation_decided"  # kind, chosen, recommended, rules, facts (sensitive values left out)
    MEETING_FIXED = "meeting_fixed"  # meeting, fixed_for, with
    MEETING_RESULT = "meeting_result"  # meeting, result
    DOCUMENT_NOTED = "document_noted"  # document, expires_on
    RECOGNITION_ABANDONED = "recognition_abandoned"  # procedure
    FOLLOW_UP_TREATED = "follow_up_treated"  # follow_up, treatment
    RETRACTION = "retraction"  # reason

    # A referral (`subject`): `organisation` receives it, `to` is its kind, `by` the quality of who says it.
    REFERRAL_PROPOSED = "referral_proposed"  # to, reason
    REFERRAL_SENT = "referral_sent"  # to, reason; by the room: basis, shared (items), decision, from
    REFERRAL_RECEIVED = "referral_received"  # to
    REFERRAL_STUDIED = "referral_studied"  # to
    REFERRAL_ACCEPTED = "referral_accepted"  # to
    REFERRAL_DECLINED = "referral_declined"  # to, reason
    REFERRAL_REDIRECTED = "referral_redirected"  # to, reason, onward (the new referral)
    REFERRAL_SILENT = "referral_silent"  # to, working_days; by the room: state
    REFERRAL_ESCALATED = "referral_escalated"  # to, state
    REFERRAL_TAKEN_OVER = "referral_taken_over"  # to, reason, state
    REFERRAL_ALERTED = "referral_alerted"  # to, state
    REFERRAL_HELD = "referral_held"  # to, until
    REFERRAL_APPOINTMENT_GIVEN = "referral_appointment_given"  # to, fixed_for, attempt
    REFERRAL_APPOINTMENT_CONFIRMED = "referral_appointment_confirmed"  # to, attempt
    REFERRAL_APPOINTMENT_POSTPONED = "referral_appointment_postponed"  # to, attempt, by, reason
    REFERRAL_APPOINTMENT_ATTENDED = "referral_appointment_attended"  # to, attempt; by the room: by
    REFERRAL_APPOINTMENT_MISSED = "referral_appointment_missed"  # to, attempt; by the room: by, reason
    REFERRAL_DISPUTED = "referral_disputed"  # to, attempt
    REFERRAL_DISPUTE_SETTLED = "referral_dispute_settled"  # to, attempt, took_place
    REFERRAL_STARTED = "referral_started"  # to
    REFERRAL_REVIEWED = "referral_reviewed"  # to
    REFERRAL_ENDED = "referral_ended"  # to, outcome
    REFERRAL_WITHDRAWN = "referral_withdrawn"  # to, by, reason
    REFERRAL_ASSIGNED = "referral_assigned"  # to
    REFERENT_NAMED = "referent_named"  # kind
    REFERENT_ENDED = "referent_ended"  # kind

    # Trainings, jobs…: `subject` is the course, job… of the chain. Those whose room comes later are recorded by the
    # journal alone.
    PROFILE_DECLARED = "profile_declared"  # schooling, wishes_work, bpi: what is said at the signature
    LANGUAGE_PRESCRIBED = "language_prescribed"  # path, mode, hours (null: not given), target, compulsory
    LANGUAGE_STARTED = "language_started"  # path, mode
    LANGUAGE_ENDED = "language_ended"  # path, reason, hours_attended, written, oral, attained
    CIVIC_PRESCRIBED = "civic_prescribed"  # days, hours
    CIVIC_ATTENDED = "civic_attended"  # days, of
    CIVIC_EXAM_TAKEN = "civic_exam_taken"  # purpose, attempt, passed
    END_OF_CIR_INTERVIEW = "end_of_cir_interview"  # level, situation
    AGIR_PROPOSED = "agir_proposed"  # by
    AGIR_ORIENTED = "agir_oriented"  # days (since the proposal)
    AGIR_ENTERED = "agir_entered"
    AGIR_EXITED = "agir_exited"  # reason
    RIGHTS_OPENED = "rights_opened"  # right
    NEED_OPENED = "need_opened"  # occupation, posts, level, shortage, department
    TRAINING_PROPOSED = "training_proposed"  # training
    TRAINING_STARTED = "training_started"  # training
    TRAINING_ENDED = "training_ended"  # training, completed
    IMMERSION_HELD = "immersion_held"  # days, occupation
    JOB_STARTED = "job_started"  # occupation, contract, months (null: open-ended), shortage, after
    JOB_CHECKED = "job_checked"  # months, in_post
    JOB_ENDED = "job_ended"  # contract, reason
    RECOGNITION_REQUESTED = "recognition_requested"  # procedure
    RECOGNITION_ANSWERED = "recognition_answered"  # procedure, result
    APPROACH_TARGETED = "approach_targeted"  # approach, category
    APPROACH_RECEIVED = "approach_received"  # approach
    APPROACH_OFFERED = "approach_offered"  # approach
    APPROACH_OUTCOME = "approach_outcome"  # approach, outcome
    MOVED = "moved"  # from, to (departments)
    DEPARTED = "departed"  # reason
