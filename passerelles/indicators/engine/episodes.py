"""From standing facts to episodes: one line per referral, course, training, job, need… with its milestones. Pure.

Two standing facts of one kind about one subject are several attempts of the same thing: a milestone is the first of
their dates, an attribute the first in order (answer) or the last (others).
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis

from passerelles.indicators.engine.relations import EPISODE, Expr
from passerelles.journal.vocabulary import FactKind as K


@dataclass(frozen=True, slots=True)
class Shape:
    """How the facts of one kind of episode fall into milestones. `says`: what its attributes mean, for the reader."""

    opened: tuple[K, ...]
    answered: tuple[K, ...] = ()
    started: tuple[K, ...] = ()
    ended: tuple[K, ...] = ()
    says: str = ""

    @property
    def kinds(self) -> tuple[K, ...]:
        return tuple(dict.fromkeys((*self.opened, *self.answered, *self.started, *self.ended)))


SHAPES: dict[str, Shape] = {
    "registration": Shape((K.REGISTERED,), says="what: register; detail: by whom"),
    "opt_out": Shape((K.OPTED_OUT,), ended=(K.OPT_OUT_REVERSED,)),
    "attendance": Shape((K.ATTENDANCE,), says="outcome: status; detail: reason of the absence"),
    "appointment": Shape(
        (K.APPOINTMENT_FIXED,), ended=(K.APPOINTMENT_RESULT,), says="outcome: result; flag: accompanied"
    ),
    "referral": Shape(
        (K.REFERRAL_SENT,),
        answered=(K.REFERRAL_ACCEPTED, K.REFERRAL_DECLINED, K.REFERRAL_SILENT),
        started=(K.REFERRAL_APPOINTMENT_ATTENDED,),
        ended=(K.REFERRAL_ENDED,),
        says="what: kind of organisation; detail: reason; answer: accepted, declined, silent; started: attended; "
        "outcome: what came of it",
    ),
    "language": Shape(
        (K.LANGUAGE_PRESCRIBED,),
        started=(K.LANGUAGE_STARTED,),
        ended=(K.LANGUAGE_ENDED,),
        says="what: path; detail: mode; target: level; amount: hours; outcome: completed, dropped; flag: attained",
    ),
    "civic": Shape((K.CIVIC_PRESCRIBED,), ended=(K.CIVIC_ATTENDED,), says="amount: days attended"),
    "exam": Shape((K.CIVIC_EXAM_TAKEN,), says="what: purpose; flag: passed"),
    "assessment": Shape((K.ASSESSED,), says="detail: kind; written, oral; target: overall"),
    "training": Shape(
        (K.TRAINING_PROPOSED,),
        started=(K.TRAINING_STARTED,),
        ended=(K.TRAINING_ENDED,),
        says="what: training; flag: completed",
    ),
    "job": Shape(
        (K.JOB_STARTED,),
        answered=(K.JOB_CHECKED,),
        ended=(K.JOB_ENDED,),
        says="what: occupation; detail: contract; flag: shortage; answer: in_post, left at six months",
    ),
    "immersion": Shape((K.IMMERSION_HELD,), says="what: occupation; amount: days"),
    "document": Shape((K.DOCUMENT_NOTED,), says="what: document; ended: the day it expires"),
    "need": Shape((K.NEED_OPENED,), says="what: occupation; amount: posts; flag: shortage"),
    "agir": Shape(
        (K.AGIR_PROPOSED,),
        answered=(K.AGIR_ORIENTED,),
        started=(K.AGIR_ENTERED,),
        ended=(K.AGIR_EXITED,),
        says="detail: proposed by; answered: oriented; amount: days from one to the other; outcome: reason of the exit",
    ),
    "rights": Shape((K.RIGHTS_OPENED,), says="what: right"),
    "closing": Shape((K.END_OF_CIR_INTERVIEW,), says="what: situation"),
    "approach": Shape(
        (K.APPROACH_TARGETED,),
        answered=(K.APPROACH_RECEIVED,),
        started=(K.APPROACH_OFFERED,),
        ended=(K.APPROACH_OUTCOME,),
        says="what: approach; detail: category; outcome: recruited, vocational_training, language_training",
    ),
}
_EPISODE_OF = {kind: name for name, shape in SHAPES.items() for kind in shape.kinds}
_ANSWERS = {
    K.REFERRAL_ACCEPTED: "accepted",
    K.REFERRAL_DECLINED: "declined",
    K.REFERRAL_SILENT: "silent",
    K.AGIR_ORIENTED: "oriented",
    K.APPROACH_RECEIVED: "received",
}


def _kinds(role: str) -> list[str]:
    return [kind.value for shape in SHAPES.values() for kind in getattr(shape, role)]


def residences(flat: Expr) -> Expr:
    """Department of each person by their last profile: person_id, home."""
    profiles = flat.filter(
        flat.kind.isin([K.PERSON_RECORDED.value, K.PERSON_CORRECTED.value]), flat.person_id.notnull()
    )
    last = profiles.mutate(
        rank=ibis.row_number().over(group_by=profiles.person_id, order_by=[profiles.position.desc()])
    )
    return last.filter(last["rank"] == 0).select("person_id", home=last.data_department)


def moved(flat: Expr, rows: Expr, key: str, on: str) -> Expr:
    """The department to which the person of each row had last moved by the day `on`: `key`, moved_to."""
    moves = flat.filter(flat.kind == K.MOVED.value, flat.person_id.notnull()).select(
        "person_id", moved_on="occurred_on", moved_at="position", moved_to="data_to"
    )
    both = rows.select(*dict.fromkeys(("person_id", key, on))).join(moves, "person_id")
    before = both.filter(both.moved_on <= both[on])
    ranked = before.mutate(
        rank=ibis.row_number().over(group_by=before[key], order_by=[before.moved_on.desc(), before.moved_at.desc()])
    )
    return ranked.filter(ranked["rank"] == 0).select(key, "moved_to")


def _without_refuted(facts: Expr) -> Expr:
    """An appointment said to be attended, contested, and judged not to have taken place, was not attended."""
    refuted = facts.filter(facts.kind == K.REFERRAL_DISPUTE_SETTLED.value, facts.data_took_place == "false")
    refuted = refuted.select("subject_id", "data_attempt").distinct().mutate(refuted=True)
    both = facts.left_join(refuted, ["subject_id", "data_attempt"]).drop("subject_id_right", "data_attempt_right")
    attended = both.kind == K.REFERRAL_APPOINTMENT_ATTENDED.value
    return both.filter(~(attended & both.refuted.notnull())).drop("refuted")


def _attributes(f: Expr) -> Expr:
    """Each fact with its episode and what it says of it."""
    kind = f.kind
    is_job, is_need = kind == K.JOB_STARTED.value, kind == K.NEED_OPENED.value
    yes, no = ibis.literal("true"), ibis.literal("false")
    flag = ibis.coalesce(f.data_shortage, f.data_attained, f.data_accompanied, f.data_passed, f.data_completed)
    in_post = f.data_in_post.cases((yes, "in_post"), (no, "left"))
    return f.mutate(
        episode=kind.cases(*((k.value, name) for k, name in _EPISODE_OF.items())),
        says_what=ibis.coalesce(
            f.data_occupation,
            f.data_training,
            f.data_path,
            f.data_to,
            f.data_approach,
            f.data_right,
            f.data_register,
            f.data_situation,
            f.data_purpose,
            f.data_document,
        ),
        says_detail=ibis.cases(
            (kind == K.REGISTERED.value, f.data_by),
            (kind == K.AGIR_PROPOSED.value, f.data_by),
            (kind == K.ATTENDANCE.value, f.data_reason),
            (kind == K.REFERRAL_SENT.value, f.data_reason),
            (kind == K.ASSESSED.value, f.data_kind),
            (kind == K.LANGUAGE_PRESCRIBED.value, f.data_mode),
            (is_job, f.data_contract),
            (kind == K.APPROACH_TARGETED.value, f.data_category),
        ),
        says_answer=ibis.coalesce(kind.cases(*((k.value, answer) for k, answer in _ANSWERS.items())), in_post),
        says_outcome=ibis.cases(
            (kind == K.ATTENDANCE.value, f.data_status),
            (kind == K.APPOINTMENT_RESULT.value, f.data_result),
            (kind.isin([K.APPROACH_OUTCOME.value, K.REFERRAL_ENDED.value]), f.data_outcome),
            (kind.isin([K.LANGUAGE_ENDED.value, K.JOB_ENDED.value, K.AGIR_EXITED.value]), f.data_reason),
        ),
        says_target=ibis.cases(
            (kind == K.LANGUAGE_PRESCRIBED.value, f.data_target), (kind == K.ASSESSED.value, f.data_overall)
        ),
        says_amount=ibis.cases(
            (kind == K.LANGUAGE_PRESCRIBED.value, f.data_hours),
            (is_need, f.data_posts),
            (kind.isin([K.AGIR_ORIENTED.value, K.CIVIC_ATTENDED.value, K.IMMERSION_HELD.value]), f.data_days),
        ).cast("int64"),
        says_flag=flag.cases((yes, 1), (no, 0)),
        says_department=ibis.cases((is_need, f.data_department)),
    )


def episodes(flat: Expr) -> Expr:
    """EPISODE from FLAT."""
    kinds = [*_EPISODE_OF, K.REFERRAL_DISPUTE_SETTLED]
    f = flat.filter(flat.kind.isin([kind.value for kind in kinds]), flat.subject_id.notnull())
    f = _attributes(_without_refuted(f))
    f = f.filter(f.episode.notnull())
    opening = f.kind.isin(_kinds("opened"))
    grouped = f.group_by("episode", "subject_id", "person_id").agg(
        organisation_id=f.organisation_id.max(),
        direction=f.direction.max(),
        said_department=f.says_department.max(),
        opened_on=f.occurred_on.min(where=opening),
        answered_on=f.occurred_on.min(where=f.kind.isin(_kinds("answered"))),
        answer=f.says_answer.min(),
        started_on=f.occurred_on.min(where=f.kind.isin(_kinds("started"))),
        ended_on=ibis.coalesce(
            f.occurred_on.min(where=f.kind.isin(_kinds("ended"))), f.data_expires_on.cast("date").min()
        ),
        outcome=f.says_outcome.max(),
        what=f.says_what.max(where=opening),
        detail=f.says_detail.max(),
        target=f.says_target.max(),
        amount=f.says_amount.max(),
        flagged=f.says_flag.max(),
        written=f.data_written.max(),
        oral=f.data_oral.max(),
    )
    homes = residences(flat)
    gone = moved(flat, grouped, "subject_id", "opened_on")
    placed = grouped.left_join(homes, "person_id").drop("person_id_right")
    placed = placed.left_join(gone, "subject_id").drop("subject_id_right")
    return placed.mutate(
        department=ibis.coalesce(placed.said_department, placed.moved_to, placed.home, ""),
        flag=placed.flagged == 1,
    ).select(*EPISODE)
