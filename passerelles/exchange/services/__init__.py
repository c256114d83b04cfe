"""The verbs of an import: receive a file, choose its columns, check it (dry run), apply it.

Applying goes by chunks. Each chunk and the count of rows applied are one transaction: the process can be killed at
any instant, the next call goes on from there, and doing it again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app as jobs

from passerelles.core import clock
from passerelles.core.bulk import copy_rows
from passerelles.core.cycles import without_cycle_collection
from passerelles.core.errors import Impossible
from passerelles.exchange.already_known import AlreadyKnown
from passerelles.exchange.models import FileKind, Import, ImportProblem, ImportStatus, RememberedMapping
from passerelles.exchange.readers.check import checked_rows
from passerelles.exchange.readers.problems import FileProblem, Problem
from passerelles.exchange.readers.row import Row
from passerelles.exchange.row_process import Chunk, Job, chunks, chunks_by_child
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage import services as linkage
from passerelles.linkage.models import ExternalList
from passerelles.network import policy
from passerelles.network.actors import actor_of
from passerelles.network.enums import Action, OrganisationKind, Resource
from passerelles.network.models import Membership, Organisation
from passerelles.network.policy import SYSTEM, Actor
from passerelles.reception.models import Convocation
from passerelles.reception.rules.file_rows import FileRow
from passerelles.reception.services.convocations import convoke_prepared

CHUNK = 5_000
INLINE_BYTES = 500_000
INLINE_ROWS = 2_000
REGISTER_OF = {FileKind.FRANCE_TRAVAIL: "ft", FileKind.RSA: "rsa", FileKind.AGIR: "agir"}
SINCE_FIELD = {"ft": "registered_on", "rsa": "entitled_since", "agir": "oriented_on"}
Progress = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """The progress nobody looks at."""


@transaction.atomic
def receive(
    actor: Actor,
    *,
    kind: str,
    dt: Organisation,
    filename: str,
    content: bytes,
    as_of: dt.date | None = None,
    membership: Membership | None = None,
) -> Import:
    """Keep the file as it came. The same file already imported gives that import back: nothing is done twice."""
    policy.require(actor, Resource.IMPORT, Action.EDIT)
    if dt.kind != OrganisationKind.OFII_DT or not (actor.system or dt.direction in actor.directions):
        raise policy.Refused("Cette direction territoriale n’est pas la vôtre.")
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        raise Impossible(
            f"Le fichier dépasse {settings.UPLOAD_LIMIT_BYTES // 2**20} Mo.",
            remedy="Partagez-le en plusieurs fichiers, ou supprimez les images et les feuilles inutiles.",
        )
    digest = hashlib.sha256(content).hexdigest()
    done = Import.objects.filter(dt=dt, kind=kind, sha256=digest, status=ImportStatus.DONE).first()
    if done is not None:
        return done
    remembered = RememberedMapping.objects.filter(organisation=actor.organisation_id, kind=kind).first()
    return Import.objects.create(
        kind=FileKind(kind),
        organisation=actor.organisation or dt,
        dt=dt,
        direction=dt.direction,
        agent_id=actor.agent_id,
        membership=membership,
        filename=filename[-255:],
        content=content,
        sha256=digest,
        as_of=as_of or clock.today(),
        mapping=remembered.columns if remembered else {},
    )


@transaction.atomic
def choose_columns(actor: Actor, import_id: uuid.UUID, columns: dict[str, str], *, remember: bool = True) -> Import:
    """Say which header holds which field; remembered for the next file of the organisation."""
    received = _locked(actor, import_id)
    _refuse_started(received)
    received.mapping = {field: header for field, header in columns.items() if header}
    received.status = ImportStatus.RECEIVED
    received.save(update_fields=["mapping", "status"])
    if remember:
        RememberedMapping.objects.update_or_create(
            organisation=received.organisation, kind=received.kind, defaults={"columns": received.mapping}
        )
    return received


def check(actor: Actor, import_id: uuid.UUID, progress: Progress = no_progress) -> Import:
    """The dry run: read everything, write nothing but the counts and the problems, line by line.

    Lines that would record somebody who looks already known are told (C-021); they are not refused.
    """
    received = policy.get_or_404(actor, Import.objects.all(), Resource.IMPORT, import_id, Action.EDIT)
    _refuse_started(received)
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    alike = AlreadyKnown(actor, received)
    refusal = ""
    try:
        for row in _rows(received):
            counts["total"] += 1
            counts["duplicate" if row.duplicate else "accepted" if row.accepted else "rejected"] += 1
            problems += row.problems
            if row.accepted:
                alike.add(row)
            if counts["total"] % CHUNK == 0:
                Import.objects.filter(pk=import_id, status=ImportStatus.CHECKING).update(total_rows=counts["total"])
                progress(counts["total"], 0)
    except FileProblem as problem:
        refusal = str(problem)[:600]
    else:
        problems += alike.problems()
    return _write_check(actor, import_id, counts, problems, refusal)


@transaction.atomic
def _write_check(
    actor: Actor, import_id: uuid.UUID, counts: Counter[str], problems: list[Problem], refusal: str
) -> Import:
    received = _locked(actor, import_id)
    _refuse_started(received)
    received.problems.all().delete()
    _write_problems(received, problems)
    received.status = ImportStatus.REFUSED if refusal else ImportStatus.CHECKED
    received.refusal = refusal
    received.total_rows, received.accepted_rows = counts["total"], counts["accepted"]
    received.rejected_rows, received.duplicate_rows = counts["rejected"], counts["duplicate"]
    received.save(update_fields=["status", "refusal", "total_rows", "accepted_rows", "rejected_rows", "duplicate_rows"])
    return received


@transaction.atomic
def queue_check(actor: Actor, import_id: uuid.UUID) -> Import:
    """Leave the dry run of a large file to the worker."""
    received = _locked(actor, import_id)
    _refuse_started(received)
    received.status, received.total_rows = ImportStatus.CHECKING, 0
    received.save(update_fields=["status", "total_rows"])
    jobs.configure_task("passerelles.exchange.tasks.run_check", queue="imports").defer(import_id=str(received.pk))
    return received


@transaction.atomic
def queue(actor: Actor, import_id: uuid.UUID) -> Import:
    """Leave the import to the worker; the job is written in the same transaction as the state."""
    received = _locked(actor, import_id)
    if received.status != ImportStatus.CHECKED:
        raise Impossible("Contrôlez le fichier avant de l’importer.")
    received.status = ImportStatus.QUEUED
    received.save(update_fields=["status"])
    jobs.configure_task("passerelles.exchange.tasks.run_import", queue="imports").defer(import_id=str(received.pk))
    return received


def apply(actor: Actor, import_id: uuid.UUID, progress: Progress = no_progress) -> Import:
    """Write the accepted rows. Can be killed and called again: goes on where it stopped, twice changes nothing."""
    received = policy.get_or_404(actor, Import.objects.all(), Resource.IMPORT, import_id, Action.EDIT)
    if received.status == ImportStatus.DONE:
        return received
    if received.status in {ImportStatus.RECEIVED, ImportStatus.CHECKING, ImportStatus.REFUSED}:
        raise Impossible(received.refusal or "Contrôlez le fichier avant de l’importer.")
    start = 0
    with without_cycle_collection():
        for chunk in _chunks(received):
            received = _apply_chunk(actor, import_id, start, chunk)
            start += chunk.size
            progress(start, received.total_rows)
    return _finish(actor, import_id)


@transaction.atomic
def _apply_chunk(actor: Actor, import_id: uuid.UUID, start: int, chunk: Chunk) -> Import:
    received = _locked(actor, import_id)
    done = received.applied_rows - start
    if done >= chunk.size:
        return received
    accepted = [row for place, row in chunk.accepted if place >= done]
    summary: Counter[str] = Counter(received.summary)
    if received.kind == FileKind.CONVOCATIONS:
        summary.update(_convoke(actor, received, accepted))
    else:
        summary.update(_load(actor, received, accepted))
    received.summary = dict(summary)
    received.applied_rows = start + chunk.size
    received.status = ImportStatus.RUNNING
    received.save(update_fields=["summary", "applied_rows", "status", "external_list_id"])
    return received


def _convoke(actor: Actor, received: Import, rows: list[FileRow]) -> Counter[str]:
    source = f"{received.filename} ({received.created_at.astimezone(clock.PARIS):%d/%m/%Y})"[:200]
    result = convoke_prepared(actor, rows, organisation=received.dt, source=source)
    _write_problems(
        received,
        [
            Problem(
                severity="reject" if outcome.what == "refused" else "warning",
                sheet=outcome.sheet,
                row=outcome.line,
                column="",
                value="",
                reason=outcome.sentence,
                remedy=outcome.remedy,
                code=outcome.what,
            )
            for outcome in result.outcomes
            if outcome.sentence
        ],
    )
    linkage.check_people(actor, result.people)
    linkage.find_doubles_now(result.people)
    return Counter(outcome.what for outcome in result.outcomes)


def _load(actor: Actor, received: Import, rows: list[FileRow]) -> Counter[str]:
    register = REGISTER_OF[FileKind(received.kind)]
    if received.external_list_id is None:
        opened = linkage.open_list(
            actor,
            register=register,
            direction=received.direction,
            as_of=received.as_of,
            filename=received.filename,
        )
        received.external_list_id = opened.pk
    loaded = linkage.add_records(
        actor,
        ExternalList.objects.get(pk=received.external_list_id),
        (
            row.values
            | {
                "line": row.line,
                "sheet": row.sheet,
                "since": row.values.get(SINCE_FIELD[register]),
                "until": row.values.get("deregistered_on"),
            }
            for row in rows
        ),
    )
    return Counter(created=loaded)


@transaction.atomic
def _finish(actor: Actor, import_id: uuid.UUID) -> Import:
    received = _locked(actor, import_id)
    if received.status == ImportStatus.DONE:
        return received
    if received.external_list_id is not None:
        linkage.close_list(actor, ExternalList.objects.get(pk=received.external_list_id))
        expected = Convocation.objects.filter(
            session__direction=received.direction, session__held_on__gte=clock.today()
        ).exclude(status="moved")
        linkage.check_people(actor, expected.order_by().values_list("person_id", flat=True).distinct())
    received.status, received.finished_at = ImportStatus.DONE, clock.now()
    try:
        with transaction.atomic():
            received.save(update_fields=["status", "finished_at"])
    except IntegrityError as error:
        raise Impossible("Ce même fichier vient d’être importé depuis un autre poste.") from error
    journal.record(
        FactKind.IMPORT_APPLIED,
        actor=actor,
        occurred_on=clock.today(),
        subject=received.pk,
        direction=received.direction,
        data={"kind": received.kind, "accepted": received.accepted_rows, "rejected": received.rejected_rows},
    )
    return received


def check_or_queue(actor: Actor, received: Import) -> Import:
    """The dry run now for a file of a reception day, by the worker for a large one."""
    if len(received.content) <= INLINE_BYTES:
        return check(actor, received.pk)
    return queue_check(actor, received.pk)


def apply_or_queue(actor: Actor, received: Import) -> Import:
    """The import now for a file of a reception day, by the worker for a large one."""
    if received.total_rows <= INLINE_ROWS:
        return apply(actor, received.pk)
    return queue(actor, received.pk)


def actor_of_import(received: Import) -> Actor:
    """The actor on whose behalf a job applies an import: the membership that sent it, as it stands today."""
    if received.membership is None:
        return SYSTEM
    return actor_of(received.membership, clock.today())


def rejected_lines(received: Import) -> Iterator[tuple[list[str], str, str]]:
    """The raw cells of each line that was not imported, with its reasons and remedies: the rejects file."""
    why: dict[tuple[str, int], list[ImportProblem]] = {}
    for problem in received.problems.exclude(severity="warning").order_by("sheet", "row", "pk"):
        why.setdefault((problem.sheet, problem.row), []).append(problem)
    for row in _rows(received):
        problems = why.get((row.sheet, row.number))
        if problems:
            reasons = " ; ".join(f"{p.column} : {p.reason}" if p.column else p.reason for p in problems)
            yield row.raw, reasons, " ".join(dict.fromkeys(p.remedy for p in problems if p.remedy))


def headers_of(received: Import) -> list[str]:
    """The headers of the file, as they came."""
    first = next(_rows(received), None)
    return list(first.headers) if first is not None else []


def _rows(received: Import) -> Iterator[Row]:
    """The rows of the file; reads its content once, however long the import."""
    return checked_rows(
        bytes(received.content), received.filename, received.kind, clock.today(), received.mapping or None, None
    )


def _chunks(received: Import) -> Iterator[Chunk]:
    """The rows ready to be written; a large file is read by a child process while the former chunk is written."""
    content = bytes(received.content)
    job = Job(
        content,
        received.filename,
        received.kind,
        clock.today(),
        received.mapping or None,
        CHUNK,
        settings.SECRET_KEY,
    )
    return chunks(job) if len(content) <= INLINE_BYTES else chunks_by_child(job)


def _locked(actor: Actor, import_id: uuid.UUID) -> Import:
    return policy.get_or_404(
        actor,
        Import.objects.defer("content").select_related("dt", "organisation").select_for_update(of=("self",)),
        Resource.IMPORT,
        import_id,
        Action.EDIT,
    )


def _refuse_started(received: Import) -> None:
    if received.status in {ImportStatus.QUEUED, ImportStatus.RUNNING, ImportStatus.DONE}:
        raise Impossible(
            "L’import de ce fichier a déjà commencé.", remedy="Déposez le fichier corrigé comme un nouveau fichier."
        )


def _write_problems(received: Import, problems: list[Problem]) -> None:
    instant = clock.now()
    limits: dict[str, int] = {"sheet": 100, "column": 200, "value": 300, "reason": 400, "remedy": 400}

    def cut(problem: Problem, name: str) -> Any:
        return getattr(problem, name)[: limits[name]]

    copy_rows(
        ImportProblem,
        "id created_at source severity sheet row column value reason remedy".split(),
        (
            (
                uuid.uuid4(),
                instant,
                received.pk,
                problem.severity,
                cut(problem, "sheet"),
                problem.row,
                cut(problem, "column"),
                cut(problem, "value"),
                cut(problem, "reason"),
                cut(problem, "remedy"),
            )
            for problem in problems
        ),
    )
