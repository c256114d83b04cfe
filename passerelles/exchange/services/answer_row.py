"""One row of answers, played through the verbs of referrals, all of it or nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Unknown, UserError
from passerelles.core.text import ascii_key
from passerelles.exchange.models import LineOutcome
from passerelles.exchange.readers import answer_plan, references
from passerelles.exchange.readers.answer_plan import OTHERWISE, WATCHED, Step, Told
from passerelles.exchange.readers.answer_rows import Said, said
from passerelles.exchange.readers.answer_words import LAYOUT
from passerelles.exchange.readers.problems import Problem
from passerelles.exchange.readers.references import Reference
from passerelles.exchange.readers.row import Row
from passerelles.exchange.readers.values import text_of
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.referrals.models import Appointment, AppointmentStatus, Referral
from passerelles.referrals.notices import appointment_words
from passerelles.referrals.rules.transmission import Item
from passerelles.referrals.rules.words import Channel, Mode, Party, State
from passerelles.referrals.services import answers, appointments
from passerelles.referrals.speakers import By, Outsider, locked

_DETAILS = {
    FactKind.REFERRAL_DECLINED: "reason",
    FactKind.REFERRAL_APPOINTMENT_GIVEN: "fixed_for",
    FactKind.REFERRAL_APPOINTMENT_MISSED: "reason",
    FactKind.REFERRAL_ENDED: "outcome",
}
_SPOKEN_OF = (AppointmentStatus.FIXED, AppointmentStatus.ATTENDED, AppointmentStatus.MISSED)
_HAS_MEETING = frozenset({State.APPOINTMENT_FIXED, State.MISSED, State.ATTENDED, State.STARTED, State.ENDED})


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a row: `sentence` when something is or would be done, `problems` with their remedy otherwise.

    `outcome`: a `LineOutcome`, or `empty` for a row that answers nothing. `name`: the person, as transmitted or
    as the row has it.
    """

    outcome: str
    sentence: str = ""
    name: str = ""
    problems: tuple[Problem, ...] = ()


class _Fault(UserError):
    """What is wrong, and in which field of the row."""

    def __init__(self, name: str, sentence: str, *, remedy: str) -> None:
        super().__init__(sentence, remedy=remedy)
        self.name = name


def play(actor: Actor | None, organisation: Organisation, row: Row, *, keep: bool) -> Played:
    """Play a row of the file of `organisation`; without `keep`, everything is taken back.

    `actor` None: the organisation speaks without account, and reaches only what it has received.
    """
    remarks, seen = tuple(row.problems), str(row.values.get("known_name", ""))
    if row.rejected:
        return Played(LineOutcome.REJECT, name=seen, problems=remarks)
    if row.duplicate:
        return Played(LineOutcome.DUPLICATE, name=seen, problems=remarks)
    answer = said(row)
    if answer.nothing:
        return Played("empty", problems=remarks)
    try:
        with transaction.atomic():
            name, done = _played(actor, organisation, row, answer)
            if not keep:
                transaction.set_rollback(True)
    except UserError as error:
        name = error.name if isinstance(error, _Fault) else ""
        column = LAYOUT.field(name).label if name else ""
        value = text_of(row.values.get(name, ""))
        problem = Problem("reject", row.sheet, row.number, column, value, error.sentence, error.remedy, "refused")
        return Played(LineOutcome.REJECT, name=seen, problems=(problem, *remarks))
    if not done:
        return Played(LineOutcome.SAME, "Déjà répondu ainsi : rien ne change.", name, remarks)
    words = ", ".join(_told(step, answer) for step in done)
    sentence = f"{words[:1].upper()}{words[1:]}."
    return Played(LineOutcome.DONE if keep else LineOutcome.READY, sentence, name, remarks)


def _played(actor: Actor | None, organisation: Organisation, row: Row, answer: Said) -> tuple[str, list[Step]]:
    reference = _reference(organisation, row)
    by = actor or Outsider(Party.RECEIVER, reference.subject, Channel.FILE)
    referral = _received(by, organisation, reference.subject)
    transmitted = {item: value for item, _, value in referral.transmitted}
    _refuse_other_person(row, transmitted)
    history = _history(referral.pk)
    done = []
    for step in answer_plan.steps(answer):
        if _play_step(by, referral, step, answer, history, reference.seen_at):
            done.append(step)
    names = (transmitted.get(Item.GIVEN_NAMES), transmitted.get(Item.FAMILY_NAME))
    return " ".join(filter(None, names)), done


def _reference(organisation: Organisation, row: Row) -> Reference:
    found = references.read(str(row.values["reference"]), organisation.pk, secret=settings.SECRET_KEY)
    if found is None:
        raise _Fault(
            "reference",
            f"Cette référence n’a pas été écrite pour {organisation.name}.",
            remedy="Repartez du tableau téléchargé par votre organisme et ne changez pas cette colonne.",
        )
    return found


def _received(by: By, organisation: Organisation, referral_id: uuid.UUID) -> Referral:
    """The referral, locked, when it is this organisation that receives it and this speaker who answers for it."""
    missing = Unknown(
        "Cette orientation n’existe pas, ou elle n’est plus adressée à votre organisme.",
        remedy="Téléchargez un nouveau tableau.",
    )
    try:
        referral, speaker = locked(by, referral_id, channel=Channel.FILE)
    except Unknown:
        raise missing from None
    if referral.receiver_id != organisation.pk or speaker.party is not Party.RECEIVER:
        raise missing
    return referral


def _refuse_other_person(row: Row, transmitted: dict[str, str]) -> None:
    """A table of which one column alone was sorted puts the references in front of other persons."""
    seen, known = str(row.values.get("known_name", "")).lstrip("'"), transmitted.get(Item.FAMILY_NAME, "")
    if seen and known and ascii_key(seen) != ascii_key(known):
        raise _Fault(
            "known_name",
            f"La référence de cette ligne n’est pas celle de « {seen[:60]} ».",
            remedy="Le tableau a été trié en partie : repartez du fichier téléchargé, et triez le tableau entier.",
        )


def _history(referral_id: uuid.UUID) -> list[Told]:
    facts = Fact.objects.standing().filter(subject_id=referral_id, kind__in=[kind.value for kind in WATCHED])
    found = []
    for fact in facts.order_by("id"):
        kind = FactKind(fact.kind)
        detail = str(fact.data.get(_DETAILS[kind], "")) if kind in _DETAILS else ""
        found.append(Told(kind, fact.recorded_at, fact.occurred_on, detail, str(fact.data.get("by", ""))))
    return found


def _play_step(
    by: By, referral: Referral, step: Step, answer: Said, history: Sequence[Told], seen_at: dt.datetime
) -> bool:
    """Play one verb; False when it was already said. Raises UserError."""
    moved = step is Step.FIX and _says_more(referral, answer)
    if not moved:
        if answer_plan.already(step, answer, history, seen_at):
            return False
        other = answer_plan.overtaken(step, history, seen_at)
        if other is not None:
            raise Impossible(
                f"Depuis que ce tableau a été téléchargé, {OTHERWISE[other.kind]} "
                f"({appointment_words(other.at).removeprefix('le ')}).",
                remedy="Téléchargez un nouveau tableau pour voir où en est la personne, puis répondez de nouveau.",
            )
    if step in {Step.ATTEND, Step.MISS}:
        _refuse_other_day(referral, answer)
    before = _last_fact(referral.pk)
    _VERBS[step](by, referral, answer)
    return _last_fact(referral.pk) != before


def _last_fact(referral_id: uuid.UUID) -> int | None:
    return Fact.objects.filter(subject_id=referral_id).order_by("-id").values_list("id", flat=True).first()


def _says_more(referral: Referral, answer: Said) -> bool:
    """The appointment is the one fixed, and the row gives it another place, form or list of things to bring."""
    current = appointments.current_appointment(referral)
    if current is None or current.starts_at != _starts_at(answer):
        return False
    asked = ((answer.mode, current.mode), (answer.place, current.where), (answer.bring, current.bring))
    return any(said_now and said_now != known for said_now, known in asked)


def _refuse_other_day(referral: Referral, answer: Said) -> None:
    if answer.meeting_date is None or referral.state not in _HAS_MEETING:
        return
    known = referral.appointments.filter(status__in=_SPOKEN_OF).order_by("-attempt").first()
    if known is not None and clock.paris_date(known.starts_at) != answer.meeting_date:
        raise _Fault(
            "meeting_date",
            f"Le rendez-vous connu est {appointment_words(known.starts_at)}, pas le {answer.meeting_date:%d/%m/%Y}.",
            remedy="Corrigez la date, ou laissez-la vide : la présence porte alors sur le rendez-vous connu.",
        )


def _starts_at(answer: Said) -> dt.datetime | None:
    if answer.meeting_date is None or answer.meeting_time is None:
        return None
    return clock.paris(answer.meeting_date, answer.meeting_time.hour, answer.meeting_time.minute)


def _fix(by: By, referral: Referral, answer: Said) -> None:
    """What the row leaves blank stays as it was in the appointment that it changes."""
    current: Appointment | None = appointments.current_appointment(referral)
    details: dict[str, Any] = {"mode": answer.mode or (current.mode if current else Mode.PLACE.value)}
    same_form = current is not None and details["mode"] == current.mode
    details["where"] = answer.place or (current.where if current and same_form else "")
    details["bring"] = answer.bring or (current.bring if current else "")
    if current is not None:
        details |= {"minutes": current.minutes, "interpreter": current.interpreter}
    starts_at = _starts_at(answer)
    if starts_at is None:
        raise Impossible("Le rendez-vous n’a pas d’heure.", remedy="Écrivez l’heure sous la forme 14:30.")
    appointments.fix(by, referral.pk, starts_at=starts_at, channel=Channel.FILE, **details)


_VERBS: dict[Step, Callable[[By, Referral, Said], object]] = {
    Step.ACCEPT: lambda by, referral, _: answers.accept(by, referral.pk, channel=Channel.FILE),
    Step.DECLINE: lambda by, referral, answer: answers.decline(
        by, referral.pk, reason=answer.decline_reason, note=answer.decline_note[:300], channel=Channel.FILE
    ),
    Step.FIX: _fix,
    Step.ATTEND: lambda by, referral, answer: appointments.declare_attended(
        by, referral.pk, on=answer.meeting_date, channel=Channel.FILE
    ),
    Step.MISS: lambda by, referral, answer: appointments.declare_missed(
        by, referral.pk, reason=answer.miss_reason, channel=Channel.FILE
    ),
    Step.END: lambda by, referral, answer: answers.end(by, referral.pk, outcome=answer.outcome, channel=Channel.FILE),
}


def _told(step: Step, answer: Said) -> str:
    starts_at = _starts_at(answer)
    if step is Step.FIX and starts_at is not None:
        return f"{step.label} {appointment_words(starts_at)}"
    return step.label
