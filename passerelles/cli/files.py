"""Check a file on its own, or import it. What a file must hold is known by the readers; nothing is decided here."""

from __future__ import annotations

import datetime as dt
import json as json_text
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from passerelles.core.errors import Impossible, Unknown
from passerelles.core.text import in_sentence

if TYPE_CHECKING:
    from passerelles.exchange.models import AnswerFile, Import
    from passerelles.network.models import Organisation
    from passerelles.network.policy import Actor

KINDS = ("convocations", "france-travail", "rsa", "agir", "answers")
ANSWERS = "answers"
MOST_SHOWN = 50
SEVERITIES = {"reject": "rejetée", "warning": "à relire", "duplicate": "en double"}
FILE = click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, path_type=Path))
KIND = click.option("--kind", type=click.Choice(KINDS), required=True, help="Nature du fichier.")
DAY = click.DateTime(["%Y-%m-%d"])
JSON = click.option("--json", "as_json", is_flag=True, help="Écrire le résultat en JSON.")


@click.command()
@FILE
@KIND
@JSON
@click.option("--on", type=DAY, metavar="AAAA-MM-JJ", help="Date de référence (aujourd’hui par défaut).")
def check_file(file: Path, kind: str, as_json: bool, on: dt.datetime | None) -> None:
    """Contrôle FICHIER ligne par ligne, sans base de données. Code 1 si le fichier ou une ligne est rejeté."""
    from passerelles.core import clock
    from passerelles.exchange.readers.check import check_file as check

    _refuse_missing(file)
    limit = None if as_json else MOST_SHOWN
    result = check(file, file.name, kind, on.date() if on else clock.today(), limit=limit)
    if as_json:
        click.echo(json_text.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell_counts(result.rows_read, result.rows_accepted, result.rows_rejected, result.rows_duplicate)
        problems = [*result.rejected, *result.duplicates, *result.warnings]
        _tell_problems([problem.as_json() for problem in problems])
    if result.rows_rejected:
        raise SystemExit(1)


@click.command("import")
@FILE
@KIND
@click.option("--territory", metavar="DT", help="Direction territoriale, par exemple « metz ».")
@click.option("--organisation", metavar="NOM", help="Organisme qui répond (nom ou boîte), pour « answers ».")
@click.option("--as-of", type=DAY, metavar="AAAA-MM-JJ", help="Date de la liste (aujourd’hui par défaut).")
@click.option("--dry-run", is_flag=True, help="Contrôler seulement : rien n’est gardé.")
@JSON
def import_file(
    file: Path,
    kind: str,
    territory: str | None,
    organisation: str | None,
    as_of: dt.datetime | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Importe FICHIER. Peut être interrompu et relancé : même résultat, aucun doublon.

    « answers » : les réponses d’un organisme aux orientations qu’il reçoit. Code 1 si une ligne est rejetée.
    """
    _refuse_missing(file)
    if kind == ANSWERS:
        _import_answers(file, organisation, dry_run=dry_run, as_json=as_json)
        return
    if not territory:
        raise click.UsageError("Donnez la direction territoriale : --territory.")
    from passerelles.cli import site

    with site.running():
        done = _import(file, kind, territory, as_of.date() if as_of else None, dry_run=dry_run)
        found = {
            "file": file.name,
            "status": done.status,
            "total": done.total_rows,
            "accepted": done.accepted_rows,
            "rejected": done.rejected_rows,
            "duplicates": done.duplicate_rows,
            "written": dict(done.summary),
            "problems": [
                {
                    name: getattr(problem, name)
                    for name in ("severity", "sheet", "row", "column", "value", "reason", "remedy")
                }
                for problem in done.kept_problems
            ],
        }
    if as_json:
        click.echo(json_text.dumps(found, ensure_ascii=False, indent=2, default=str))
    else:
        _tell_counts(*(found[name] for name in ("total", "accepted", "rejected", "duplicates")))
        _tell_problems(found["problems"])
        click.echo("Contrôle seulement : rien n’a été gardé." if dry_run else "Import terminé.")
    if found["rejected"]:
        raise SystemExit(1)


def _import(file: Path, kind: str, territory: str, as_of: dt.date | None, *, dry_run: bool) -> Import:
    """The import after it ended, with its problems in `kept_problems`. Raises `Impossible` for an unreadable file."""
    from django.db import transaction

    from passerelles.exchange import services
    from passerelles.exchange.models import ImportStatus

    actor = _administrator(territory)
    with transaction.atomic() if dry_run else _nothing():
        received = services.receive(
            actor, kind=kind, dt=actor.organisation, filename=file.name, content=file.read_bytes(), as_of=as_of
        )
        if received.status != ImportStatus.DONE:
            with _progress("Contrôle", 0) as show:
                received = services.check(actor, received.pk, show)
            if received.status == ImportStatus.REFUSED:
                raise Impossible(received.refusal)
            if not dry_run:
                with _progress("Import", received.total_rows) as show:
                    received = services.apply(actor, received.pk, show)
        received.kept_problems = list(received.problems.order_by("sheet", "row", "id"))
        if dry_run:
            transaction.set_rollback(True)
    return received


def _import_answers(file: Path, organisation: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Check a file of answers and apply it in the name of the organisation that answers."""
    if not organisation:
        raise click.UsageError("Donnez l’organisme qui répond : --organisation.")
    from passerelles.cli import site

    with site.running():
        found = _answers(file, organisation, dry_run=dry_run)
    if as_json:
        click.echo(json_text.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo(
            f"Lignes : {found['total']} lues ; {', '.join(f'{n} {name}' for name, n in found['lines'].items())}."
        )
        for line in found["problems"][:MOST_SHOWN]:
            where = ", ".join(filter(None, (line["sheet"], f"ligne {line['row']}", line["column"])))
            value = f" « {line['value']} »" if line["value"] else ""
            click.echo(f"- {where}{value}, {line['outcome']} : {line['reason']} {line['remedy']}".rstrip())
        click.echo("Contrôle seulement : rien n’a été gardé." if dry_run else "Réponses enregistrées.")
    if found["rejected"]:
        raise SystemExit(1)


def _answers(file: Path, organisation: str, *, dry_run: bool) -> dict[str, Any]:
    """What became of a file of answers, or would. Raises `Impossible` for an unreadable file."""
    from django.db import transaction

    from passerelles.exchange.models import ImportStatus
    from passerelles.exchange.services import answers

    guest = answers.Guest(_organisation(organisation))
    with transaction.atomic() if dry_run else _nothing():
        received = answers.receive(guest, filename=file.name, content=file.read_bytes())
        received = answers.check(guest, received.pk)
        if received.status == ImportStatus.REFUSED:
            raise Impossible(received.refusal)
        if not dry_run:
            received = answers.apply(guest, received.pk)
        found = _told_of_answers(received)
        if dry_run:
            transaction.set_rollback(True)
    return found


def _told_of_answers(received: AnswerFile) -> dict[str, Any]:
    from passerelles.exchange.answer_queries import counts, lines

    names = ("sheet", "row", "column", "value", "reason", "remedy")
    return {
        "file": received.filename,
        "status": received.status,
        "total": received.total_rows,
        "rejected": received.summary.get("reject", 0),
        "lines": {words: number for _, number, words in counts(received)},
        "problems": [
            {name: getattr(line, name) for name in names} | {"outcome": in_sentence(line.get_outcome_display())}
            for line in lines(received)
            if line.outcome in {"reject", "duplicate", "warning"}
        ],
    }


def _organisation(named: str) -> Organisation:
    """By its name or its functional mailbox, as the directory has them."""
    from django.db.models import Q

    from passerelles.network.models import Organisation

    found = list(Organisation.objects.filter(Q(name__iexact=named) | Q(mailbox__iexact=named), closed_on=None)[:2])
    if len(found) != 1:
        raise Unknown(
            f"{'Plusieurs organismes' if found else 'Aucun organisme'} « {named} » dans l’annuaire.",
            remedy="Donnez le nom exact, ou la boîte fonctionnelle.",
        )
    return found[0]


def _administrator(territory: str) -> Actor:
    """The platform itself, on behalf of the DT: whoever may run commands on the server."""
    from passerelles.network.enums import OrganisationKind
    from passerelles.network.models import Organisation
    from passerelles.network.policy import Actor

    direction = Organisation.objects.filter(kind=OrganisationKind.OFII_DT, direction=territory).first()
    if direction is None:
        known = Organisation.objects.filter(kind=OrganisationKind.OFII_DT).order_by("direction")
        slugs = ", ".join(known.values_list("direction", flat=True)) or "aucune"
        raise Unknown(f"Aucune direction territoriale « {territory} ».", remedy=f"Connues ici : {slugs}.")
    return Actor(agent=None, organisation=direction, role=None, system=True)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream; without a known total, only the number of lines read."""
    unknown = (line for line in ()) if not total else None
    with click.progressbar(unknown, length=total or None, label=label, show_pos=not total, file=sys.stderr) as bar:

        def show(done: int, _: int) -> None:
            bar.update(done - bar.pos)

        yield show


def _refuse_missing(file: Path) -> None:
    if not file.is_file():
        raise Unknown(f"Le fichier {file} n’existe pas.")


def _tell_counts(read: int, accepted: int, rejected: int, duplicates: int) -> None:
    click.echo(f"Lignes : {read} lues, {accepted} acceptées, {rejected} rejetées, {duplicates} en double.")


def _tell_problems(problems: list[dict[str, Any]]) -> None:
    for problem in problems[:MOST_SHOWN]:
        where = ", ".join(filter(None, (problem["sheet"], f"ligne {problem['row']}", problem["column"])))
        value = f" « {problem['value']} »" if problem["value"] else ""
        click.echo(f"- {where}{value}, {SEVERITIES[problem['severity']]} : {problem['reason']} {problem['remedy']}")
    if len(problems) > MOST_SHOWN:
        click.echo(f"… et {len(problems) - MOST_SHOWN} autres remarques (toutes avec --json).")
