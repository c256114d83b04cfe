"""The dry run of a file of convocations: which lines would record somebody who looks already known (C-021, B-051).

Nothing is refused and nothing waits: the line says it before the import, and the pair goes to the queue after it.
"""

from __future__ import annotations

from django.conf import settings

from passerelles.exchange.models import FileKind, Import
from passerelles.exchange.readers.problems import Problem
from passerelles.exchange.readers.row import Row
from passerelles.linkage.services import Described, known_each
from passerelles.network.policy import Actor
from passerelles.reception.rules.file_rows import FileRow, prepared
from passerelles.reception.services.batch import FILE_FIELDS, Batch

MOST_COMPARED = 5_000
"""Lines of a file compared before its import, those of many reception days; the rest is compared after it."""
CHUNK = 500


class AlreadyKnown:
    """Gathers the accepted lines of one file; `problems` compares those that would make a record."""

    def __init__(self, actor: Actor, received: Import) -> None:
        self.actor, self.received = actor, received
        self.rows: list[FileRow] = []
        self.rest: Problem | None = None

    def add(self, row: Row) -> None:
        """Keep a line that will be imported."""
        if self.received.kind != FileKind.CONVOCATIONS or self.rest:
            return
        if len(self.rows) < MOST_COMPARED:
            found = prepared(row.values, line=row.number, sheet=row.sheet, secret=settings.SECRET_KEY)
            self.rows.append(found)
        else:
            self.rest = _stopped(row)

    def problems(self) -> list[Problem]:
        """A warning for each line that looks like somebody, and one where the comparison stops."""
        if not self.rows:
            return []
        batch = Batch(self.actor, self.received.dt, self.received.filename, self.rows)
        batch.find_known_people()
        new = batch.new_rows()
        found: list[Problem] = []
        for start in range(0, len(new), CHUNK):
            part = new[start : start + CHUNK]
            described = [Described(_values(row), {n.kind: n.search_hash.hex() for n in row.numbers}) for row in part]
            alike = known_each(self.actor, described, purpose="déjà connue ? avant import")
            found += [_warning(part[place], mine=mine) for place, mine in sorted(alike.items())]
        return [*found, self.rest] if self.rest else found


def _values(row: FileRow) -> dict[str, object]:
    return {name: row.values[name] for name in FILE_FIELDS if row.values.get(name)}


def _warning(row: FileRow, *, mine: bool) -> Problem:
    where = "de votre périmètre" if mine else "suivie hors de votre périmètre"
    remedy = (
        "Cherchez-la dans Personnes. Si c’est elle, corrigez la ligne pour qu’elle porte son numéro ou son identité ; "
        "sinon importez : la paire sera dans Vérifications, Fiches en double."
        if mine
        else "Importez : la question sera posée aux agents qui suivent les deux fiches."
    )
    reason = f"une personne {where} ressemble beaucoup à cette ligne : elle est peut-être déjà connue"
    return Problem("warning", row.sheet, row.line, "", "", reason, remedy, "alike")


def _stopped(row: Row) -> Problem:
    reason = f"au-delà de {MOST_COMPARED} lignes, la recherche de fiches ressemblantes se fait après l’import"
    return Problem("warning", row.sheet, row.number, "", "", reason, "Rien à faire.", "later")
