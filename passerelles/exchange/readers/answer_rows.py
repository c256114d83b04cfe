"""The rows of a file of answers: what each says, whether it holds together, and which ones contradict each other. Pure.

An answer is never half understood: a cell that cannot be read refuses its row, where other files would leave it out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from passerelles.exchange.readers import references
from passerelles.exchange.readers.answer_words import FILLED, LAYOUT, MOST_ROWS, Answer, Presence, offered
from passerelles.exchange.readers.fields import header_key
from passerelles.exchange.readers.problems import FileProblem, Problem
from passerelles.exchange.readers.row import Row
from passerelles.exchange.readers.values import text_of
from passerelles.referrals.rules.words import DeclineReason


@dataclass(frozen=True, slots=True)
class Said:
    """What one row answers; an empty field says nothing. `meeting_date`: of the appointment, or of the meeting held."""

    answer: str = ""
    decline_reason: str = ""
    decline_note: str = ""
    meeting_date: dt.date | None = None
    meeting_time: dt.time | None = None
    mode: str = ""
    place: str = ""
    bring: str = ""
    presence: str = ""
    miss_reason: str = ""
    outcome: str = ""

    @property
    def nothing(self) -> bool:
        return self == Said()


_FIELDS = frozenset(entry.name for entry in fields(Said))
_NOT_THE_PERSON = frozenset({"reference"})


def said(row: Row) -> Said:
    """What the cells of a row say."""
    return Said(**cast(dict[str, Any], {name: row.values[name] for name in _FIELDS & row.values.keys()}))


def checked(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with all that can be told without the referrals. Raises FileProblem for a file that is too long."""
    read: list[Row] = []
    for row in rows:
        if len(read) == MOST_ROWS:
            raise FileProblem(
                f"Ce tableau a plus de {MOST_ROWS} lignes.",
                remedy="Partagez-le en plusieurs fichiers et envoyez-les l’un après l’autre.",
                code="rows",
            )
        _refuse_unread(row)
        if not row.rejected:
            row.problems.extend(_faults(row, said(row)))
        read.append(row)
    _compare(read)
    yield from read


def _refuse_unread(row: Row) -> None:
    """A cell of an answer that was left out with a warning refuses the row."""
    dropped = cast(dict[str, str], row.values.get("as_received", {})).keys() & {*FILLED}
    headers = {entry.name: entry for entry in LAYOUT.fields if entry.name in dropped}
    for place, problem in enumerate(row.problems):
        key = header_key(problem.column)
        if problem.severity == "warning" and any(entry.rank_of(key) is not None for entry in headers.values()):
            row.problems[place] = replace(problem, severity="reject")


def _faults(row: Row, answer: Said) -> Iterator[Problem]:
    """What does not hold together in the answer of one row."""

    def fault(name: str, reason: str, remedy: str, code: str) -> Problem:
        value = text_of(row.values.get(name, ""))
        return Problem("reject", row.sheet, row.number, LAYOUT.field(name).label, value, reason, remedy, code)

    declined = answer.answer == Answer.DECLINE
    if declined and not answer.decline_reason:
        yield fault(
            "decline_reason",
            "Une orientation déclinée a un motif.",
            f"Choisissez : {offered('decline_reason')}.",
            "decline_without_reason",
        )
    if declined and answer.decline_reason == DeclineReason.OTHER and not answer.decline_note:
        yield fault("decline_note", "Le motif « Autre motif » se précise.", "Écrivez lequel.", "decline_without_note")
    if answer.decline_reason and not declined:
        yield fault(
            "decline_reason",
            "Un motif de refus est donné sans que la réponse soit « Déclinée ».",
            "Écrivez « Déclinée » dans la colonne « Réponse », ou effacez le motif.",
            "reason_without_decline",
        )
    if declined:
        for name in ("meeting_date", "presence", "outcome"):
            if getattr(answer, name):
                yield fault(
                    name,
                    "La ligne décline l’orientation et dit autre chose.",
                    "Gardez le refus, ou effacez-le et gardez le reste.",
                    "decline_and_more",
                )
    yield from _faults_of_meeting(answer, fault)


def _faults_of_meeting(answer: Said, fault: Any) -> Iterator[Problem]:
    if answer.meeting_date and not answer.meeting_time and not answer.presence:
        yield fault(
            "meeting_time",
            "Le rendez-vous n’a pas d’heure.",
            "Écrivez l’heure sous la forme 14:30 ou 14h30.",
            "no_time",
        )
    if not answer.meeting_date:
        for name in ("meeting_time", "mode", "place", "bring"):
            if getattr(answer, name):
                yield fault(
                    name,
                    "Le rendez-vous n’a pas de date.",
                    "Écrivez la date sous la forme jj/mm/aaaa, ou effacez cette cellule.",
                    "no_date",
                )
                break
    missed = answer.presence == Presence.MISSED
    if missed and not answer.miss_reason:
        yield fault(
            "miss_reason",
            "Une absence a un motif.",
            f"Choisissez : {offered('miss_reason')}.",
            "absence_without_reason",
        )
    if answer.miss_reason and not missed:
        yield fault(
            "miss_reason",
            "Un motif d’absence est donné sans que la présence soit « Pas venue ».",
            "Écrivez « Pas venue » dans la colonne « Présence », ou effacez le motif.",
            "reason_without_absence",
        )
    if missed and answer.outcome:
        yield fault(
            "outcome",
            "La personne n’est pas venue et la ligne donne une issue.",
            "Effacez l’issue, ou corrigez la présence.",
            "absence_and_outcome",
        )


def _compare(rows: list[Row]) -> None:
    """One referral twice: the same answer is kept once, two answers refuse both rows."""
    alike: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        found = references.unsigned(str(row.values.get("reference", "")))
        if found is not None and not row.rejected and not said(row).nothing:
            alike[found.subject].append(row)
    for same in alike.values():
        answers = {said(row) for row in same}
        for row in same if len(answers) > 1 else same[1:]:
            others = [each for each in same if each is not row] if len(answers) > 1 else same[:1]
            row.problems.append(_double(row, others[0], contradictory=len(answers) > 1))
            row.duplicate = len(answers) == 1


def _double(row: Row, other: Row, *, contradictory: bool) -> Problem:
    where = f"ligne {other.number}" + (f" de la feuille « {other.sheet} »" if other.sheet != row.sheet else "")
    column = LAYOUT.field("reference").label
    if contradictory:
        reason = f"La {where} répond autre chose pour la même orientation : aucune des deux n’est retenue."
        return Problem(
            "reject", row.sheet, row.number, column, "", reason, "Ne gardez qu’une des deux lignes.", "contradiction"
        )
    reason = f"La {where} donne déjà cette réponse pour la même orientation."
    return Problem("duplicate", row.sheet, row.number, column, "", reason, "Rien à faire.", "duplicate")
