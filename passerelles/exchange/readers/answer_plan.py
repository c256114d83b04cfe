"""From what a row says to what is to be done: which verbs, what was already told, what another answer overtook. Pure.

A file travels slowly: the same one may come twice, or after an answer given otherwise. What is already known is told
as such; what would undo an answer given after the file was taken out is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from passerelles.exchange.readers.answer_rows import Said
from passerelles.exchange.readers.answer_words import Answer, Presence
from passerelles.journal.vocabulary import FactKind
from passerelles.referrals.rules.words import Party, Word

K = FactKind


class Step(Word):
    """One verb of the receiver, with the words that tell it is done."""

    ACCEPT = "accept", "orientation acceptée"
    DECLINE = "decline", "orientation déclinée"
    FIX = "fix", "rendez-vous donné"
    ATTEND = "attend", "rencontre enregistrée"
    MISS = "miss", "absence enregistrée"
    END = "end", "issue enregistrée"


@dataclass(frozen=True, slots=True)
class Told:
    """A standing fact about the referral. `by_receiver`: for a meeting held or missed, who says so."""

    kind: FactKind
    at: dt.datetime
    occurred_on: dt.date
    detail: str = ""
    by: str = ""


_OF_STEP = {
    Step.ACCEPT: K.REFERRAL_ACCEPTED,
    Step.DECLINE: K.REFERRAL_DECLINED,
    Step.FIX: K.REFERRAL_APPOINTMENT_GIVEN,
    Step.ATTEND: K.REFERRAL_APPOINTMENT_ATTENDED,
    Step.MISS: K.REFERRAL_APPOINTMENT_MISSED,
    Step.END: K.REFERRAL_ENDED,
}
_UNDONE_BY = {
    Step.ACCEPT: {K.REFERRAL_DECLINED, K.REFERRAL_TAKEN_OVER},
    Step.DECLINE: {K.REFERRAL_ACCEPTED, K.REFERRAL_APPOINTMENT_GIVEN, K.REFERRAL_TAKEN_OVER},
    Step.FIX: {K.REFERRAL_APPOINTMENT_POSTPONED, K.REFERRAL_DECLINED, K.REFERRAL_TAKEN_OVER},
    Step.ATTEND: {K.REFERRAL_APPOINTMENT_MISSED, K.REFERRAL_APPOINTMENT_GIVEN},
    Step.MISS: {K.REFERRAL_APPOINTMENT_ATTENDED, K.REFERRAL_APPOINTMENT_GIVEN},
    Step.END: set[FactKind](),
}
_OVERTAKES = {
    Step.ACCEPT: {K.REFERRAL_DECLINED},
    Step.DECLINE: {K.REFERRAL_ACCEPTED, K.REFERRAL_APPOINTMENT_GIVEN},
    Step.FIX: {K.REFERRAL_APPOINTMENT_GIVEN, K.REFERRAL_DECLINED},
    Step.ATTEND: {K.REFERRAL_APPOINTMENT_MISSED},
    Step.MISS: {K.REFERRAL_APPOINTMENT_ATTENDED},
    Step.END: set[FactKind](),
}
WATCHED = frozenset({*_OF_STEP.values()}.union(*_UNDONE_BY.values()))
"""The kinds of facts to be given to `already` and `overtaken`."""
OTHERWISE: dict[FactKind, str] = {
    K.REFERRAL_ACCEPTED: "l’orientation a été acceptée",
    K.REFERRAL_DECLINED: "l’orientation a été déclinée",
    K.REFERRAL_APPOINTMENT_GIVEN: "un rendez-vous a été donné",
    K.REFERRAL_APPOINTMENT_ATTENDED: "le rendez-vous a été dit honoré",
    K.REFERRAL_APPOINTMENT_MISSED: "la personne a été dite absente",
}


def steps(answer: Said) -> tuple[Step, ...]:
    """The verbs of one row, in the order of a referral's life; all of them or none are done."""
    if answer.answer == Answer.DECLINE:
        return (Step.DECLINE,)
    found = []
    gives = answer.meeting_date is not None and not answer.presence
    if answer.answer == Answer.ACCEPT and not gives:
        found.append(Step.ACCEPT)
    if gives:
        found.append(Step.FIX)
    if answer.presence:
        found.append(Step.ATTEND if answer.presence == Presence.CAME else Step.MISS)
    if answer.outcome:
        found.append(Step.END)
    return tuple(found)


def fixed_for(answer: Said) -> str:
    """The appointment as the journal writes it: local date and time."""
    if answer.meeting_date is None or answer.meeting_time is None:
        return ""
    return dt.datetime.combine(answer.meeting_date, answer.meeting_time).isoformat(timespec="minutes")


def already(step: Step, answer: Said, history: Sequence[Told], seen_at: dt.datetime) -> bool:
    """Has the receiver said this already? `history`: the standing facts of `WATCHED`, in order.

    What was said after the file was taken out counts even if something else followed: it is this file that comes twice.
    """
    following = [fact for fact in history if fact.kind in _UNDONE_BY[step] or fact.kind is _OF_STEP[step]]
    last = len(following) - 1
    return any(
        _says(step, answer, fact) and (rank == last or fact.at > seen_at and _never_undone(step, following[rank + 1 :]))
        for rank, fact in enumerate(following)
    )


def _never_undone(step: Step, later: Sequence[Told]) -> bool:
    """What followed is the course of things (taken over, missed), not another answer of the same kind."""
    return not any(fact.kind is _OF_STEP[step] or fact.kind in _OVERTAKES[step] for fact in later)


def _says(step: Step, answer: Said, fact: Told) -> bool:
    if fact.kind is not _OF_STEP[step]:
        return False
    match step:
        case Step.DECLINE:
            return fact.detail == answer.decline_reason
        case Step.FIX:
            return fact.detail == fixed_for(answer)
        case Step.ATTEND:
            same_day = answer.meeting_date is None or answer.meeting_date == fact.occurred_on
            return fact.by == Party.RECEIVER and same_day
        case Step.MISS:
            return fact.by == Party.RECEIVER and fact.detail == answer.miss_reason
        case Step.END:
            return fact.detail == answer.outcome
    return True


def overtaken(step: Step, history: Sequence[Told], seen_at: dt.datetime) -> Told | None:
    """The latest contrary answer given after the file was taken out, for a step that was not `already` said."""
    contrary = [
        fact
        for fact in history
        if fact.kind in _OVERTAKES[step] and fact.at > seen_at and fact.by in {"", Party.RECEIVER}
    ]
    return contrary[-1] if contrary else None
