"""The verbs of a file of answers: receive it, check it (dry run), apply it row by row (D-035, A-054).

The dry run plays the very verbs of referrals and takes everything back: what it tells is what would happen. Applying,
each row is one transaction with its count: it can be killed at any instant, and doing it again changes nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from passerelles.core import clock
from passerelles.core.errors import Impossible, Unknown
from passerelles.exchange.models import AnswerFile, AnswerLine, ImportStatus, LineOutcome
from passerelles.exchange.readers.answer_words import ANSWERS
from passerelles.exchange.readers.check import checked_rows
from passerelles.exchange.readers.problems import FileProblem, Problem
from passerelles.exchange.readers.row import Row
from passerelles.exchange.services.answer_row import Played, play
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.messages.models import Link
from passerelles.messages.services import links
from passerelles.network import policy
from passerelles.network.actors import actor_of
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Membership, Organisation
from passerelles.network.policy import Actor

LARGEST = 10 * 1024 * 1024
"""Bytes: five thousand lines of answers hold in a tenth of that."""
INLINE_ROWS = 50
"""Some 30 queries a row: more than that is left to the worker."""
_WAITING = {ImportStatus.CHECKING, ImportStatus.QUEUED, ImportStatus.RUNNING}


@dataclass(frozen=True, slots=True)
class Guest:
    """An organisation without account: known by its live link, or by whoever may run commands on the server."""

    organisation: Organisation
    link: Link | None = None

    @property
    def actor(self) -> Actor:
        return Actor(agent=None, organisation=self.organisation, role=None)


Sender = Actor | Guest


@transaction.atomic
def receive(sender: Sender, *, filename: str, content: bytes, membership: Membership | None = None) -> AnswerFile:
    """Keep the file as it came. Raises Refused, Impossible."""
    if isinstance(sender, Actor):
        policy.require(sender, Resource.ANSWERS, Action.EDIT)
    if len(content) > LARGEST:
        raise Impossible(
            f"Le fichier dépasse {LARGEST // 2**20} Mo.",
            remedy="Renvoyez seulement le tableau des orientations, sans image ni autre feuille.",
        )
    return AnswerFile.objects.create(
        organisation=sender.organisation,
        agent_id=sender.agent_id if isinstance(sender, Actor) else None,
        membership=membership,
        link=sender.link if isinstance(sender, Guest) else None,
        filename=filename[-255:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def check_or_queue(sender: Sender, file_id: uuid.UUID) -> AnswerFile:
    """The dry run: now for the file of a service, by the worker for a large one."""
    received = opened(sender, file_id)
    _refuse_started(received)
    try:
        rows = list(_rows(received))
    except FileProblem as problem:
        return _refuse(sender, file_id, str(problem))
    if len(rows) <= INLINE_ROWS:
        return check(sender, file_id)
    return _leave_to_worker(sender, file_id, ImportStatus.CHECKING, "check_answers")


def apply_or_queue(sender: Sender, file_id: uuid.UUID) -> AnswerFile:
    """The same, to apply."""
    received = opened(sender, file_id)
    if received.status != ImportStatus.CHECKED:
        raise Impossible("Contrôlez le fichier avant de l’appliquer, une seule fois.")
    if received.total_rows <= INLINE_ROWS:
        return apply(sender, file_id)
    return _leave_to_worker(sender, file_id, ImportStatus.QUEUED, "apply_answers")


@transaction.atomic
def _leave_to_worker(sender: Sender, file_id: uuid.UUID, status: ImportStatus, task: str) -> AnswerFile:
    """The job is written in the same transaction as the state."""
    received = opened(sender, file_id, locked=True)
    if received.status in _WAITING:
        return received
    received.status = status
    received.save(update_fields=["status"])
    jobs.configure_task(f"passerelles.exchange.tasks.{task}", queue="imports").defer(file_id=str(received.pk))
    return received


def check(sender: Sender, file_id: uuid.UUID) -> AnswerFile:
    """Play every row and take it back: what each would do, and what is wrong, line by line. Writes nothing else."""
    received = opened(sender, file_id)
    _refuse_started(received)
    lines: list[AnswerLine] = []
    counts: Counter[str] = Counter()
    try:
        rows = list(_rows(received))
    except FileProblem as problem:
        return _refuse(sender, file_id, str(problem))
    for position, row in enumerate(rows):
        played = play(_voice(sender), received.organisation, row, keep=False)
        counts[played.outcome] += 1
        lines += _lines(received, position, row, played)
    return _write_check(sender, file_id, lines, counts, len(rows))


@transaction.atomic
def _write_check(
    sender: Sender, file_id: uuid.UUID, lines: list[AnswerLine], counts: Counter[str], total: int
) -> AnswerFile:
    received = opened(sender, file_id, locked=True)
    _refuse_started(received)
    received.lines.all().delete()
    AnswerLine.objects.bulk_create(lines)
    received.status, received.refusal = ImportStatus.CHECKED, ""
    received.total_rows, received.summary = total, dict(counts)
    received.save(update_fields=["status", "refusal", "total_rows", "summary"])
    return received


@transaction.atomic
def _refuse(sender: Sender, file_id: uuid.UUID, sentence: str) -> AnswerFile:
    received = opened(sender, file_id, locked=True)
    _refuse_started(received)
    received.status, received.refusal = ImportStatus.REFUSED, sentence[:600]
    received.save(update_fields=["status", "refusal"])
    return received


def apply(sender: Sender, file_id: uuid.UUID) -> AnswerFile:
    """Play the rows that the dry run showed ready or known. Can be killed and called again: goes on where it was."""
    received = opened(sender, file_id)
    if received.status == ImportStatus.DONE:
        return received
    if received.status not in {ImportStatus.CHECKED, ImportStatus.QUEUED, ImportStatus.RUNNING}:
        raise Impossible(received.refusal or "Contrôlez le fichier avant de l’appliquer.")
    left_out = set(received.lines.filter(outcome=LineOutcome.REJECT).values_list("position", flat=True))
    for position, row in enumerate(_rows(received)):
        if position >= received.applied_rows:
            received = _apply_row(sender, file_id, position, row, left_out=position in left_out)
    return _finish(sender, file_id)


@transaction.atomic
def _apply_row(sender: Sender, file_id: uuid.UUID, position: int, row: Row, *, left_out: bool) -> AnswerFile:
    received = opened(sender, file_id, locked=True)
    if received.applied_rows > position:
        return received
    counts: Counter[str] = Counter(received.summary if received.applied_rows else {})
    if left_out:
        counts[LineOutcome.REJECT] += 1
    else:
        played = play(_voice(sender), received.organisation, row, keep=True)
        counts[played.outcome] += 1
        received.lines.filter(position=position).delete()
        AnswerLine.objects.bulk_create(_lines(received, position, row, played))
    received.applied_rows, received.status, received.summary = position + 1, ImportStatus.RUNNING, dict(counts)
    received.save(update_fields=["applied_rows", "status", "summary"])
    return received


@transaction.atomic
def _finish(sender: Sender, file_id: uuid.UUID) -> AnswerFile:
    received = opened(sender, file_id, locked=True)
    if received.status == ImportStatus.DONE:
        return received
    received.status, received.finished_at = ImportStatus.DONE, clock.now()
    received.save(update_fields=["status", "finished_at"])
    done = received.summary.get(LineOutcome.DONE, 0)
    journal.record(
        FactKind.IMPORT_APPLIED,
        actor=sender.actor if isinstance(sender, Guest) else sender,
        occurred_on=clock.today(),
        subject=received.pk,
        organisation=received.organisation_id,
        data={"kind": ANSWERS, "accepted": done, "rejected": received.summary.get(LineOutcome.REJECT, 0)},
    )
    if received.link is not None:
        links.note_use(received.link, "file")
    return received


def opened(sender: Sender, file_id: uuid.UUID, *, locked: bool = False) -> AnswerFile:
    """The file, for whoever sent it or works where it was sent from. Raises Unknown, Refused."""
    rows = AnswerFile.objects.select_related("organisation", "link")
    if locked:
        rows = rows.defer("content").select_for_update(of=("self",))
    if isinstance(sender, Actor):
        return policy.get_or_404(sender, rows, Resource.ANSWERS, file_id, Action.EDIT)
    found = rows.filter(pk=file_id, organisation=sender.organisation, link=sender.link, membership=None).first()
    if found is None:
        raise Unknown("Ce fichier n’existe pas, ou il a été envoyé autrement.")
    return found


def sender_of(received: AnswerFile) -> Sender:
    """On whose behalf the worker goes on: the membership that sent it, as it stands today, or the link."""
    if received.membership is not None:
        return actor_of(received.membership, clock.today())
    return Guest(received.organisation, received.link)


def rejected_lines(received: AnswerFile) -> Iterator[tuple[list[str], str, str]]:
    """The raw cells of each row that was refused, with its reasons and remedies: the file of rejects."""
    why: dict[int, list[AnswerLine]] = {}
    for line in received.lines.filter(outcome=LineOutcome.REJECT).order_by("position", "rank", "pk"):
        why.setdefault(line.position, []).append(line)
    for position, row in enumerate(_rows(received)):
        if lines := why.get(position):
            reasons = " ; ".join(f"{each.column} : {each.reason}" if each.column else each.reason for each in lines)
            yield row.raw, reasons, " ".join(dict.fromkeys(each.remedy for each in lines if each.remedy))


def headers_of(received: AnswerFile) -> list[str]:
    """The headers of the file, as they came."""
    first = next(_rows(received), None)
    return list(first.headers) if first is not None else []


def _rows(received: AnswerFile) -> Iterator[Row]:
    return checked_rows(bytes(received.content), received.filename, ANSWERS, clock.paris_date(received.created_at))


def _voice(sender: Sender) -> Actor | None:
    """The agent who speaks, None when the organisation speaks without account."""
    return sender if isinstance(sender, Actor) else None


def _refuse_started(received: AnswerFile) -> None:
    if received.applied_rows or received.status in {ImportStatus.QUEUED, ImportStatus.RUNNING, ImportStatus.DONE}:
        raise Impossible(
            "Les réponses de ce fichier sont déjà en cours.", remedy="Renvoyez le fichier corrigé comme un nouveau."
        )


def _lines(received: AnswerFile, position: int, row: Row, played: Played) -> list[AnswerLine]:
    """What is kept of one row: nothing for a row left empty, unless there is something to say of it."""
    told: list[tuple[str, Problem]] = [(each.severity, each) for each in played.problems]
    if played.outcome in {LineOutcome.READY, LineOutcome.DONE, LineOutcome.SAME}:
        own = Problem("warning", row.sheet, row.number, "", "", played.sentence, "", played.outcome)
        told.insert(0, (played.outcome, own))
    return [_line(received, position, rank, outcome, each, played.name) for rank, (outcome, each) in enumerate(told)]


def _line(received: AnswerFile, position: int, rank: int, outcome: str, problem: Problem, name: str) -> AnswerLine:
    return AnswerLine(
        source=received,
        position=position,
        rank=rank,
        sheet=problem.sheet[:100],
        row=problem.row,
        outcome=LineOutcome(outcome),
        name=name[:300],
        column=problem.column[:200],
        value=problem.value[:300],
        reason=problem.reason[:400],
        remedy=problem.remedy[:400],
    )
