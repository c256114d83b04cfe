"""The stream straight into the tables by COPY: what the verbs of the rooms would have written, in one transaction.

Constraints and triggers stay on.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction

from passerelles.core import clock
from passerelles.journal import services as journal
from passerelles.journal.services import NewFact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.policy import SYSTEM
from passerelles.synthetic.frames import Network
from passerelles.synthetic.tables.copy_text import NULL, Prepared, prepared
from passerelles.synthetic.tables.state import network_tables

PURPOSE = "population fictive"
BLOCK = 1 << 20


def store_network(network: Network, founded_at: dt.datetime) -> None:
    """Organisations, agents (nobody can sign in as one), delegations and référents, in the caller's transaction."""
    _copy_all(prepared(network_tables(network, founded_at)))
    with clock.at(founded_at):
        journal.record_many(_referents_told(network), actor=SYSTEM)


def _referents_told(network: Network) -> Iterator[NewFact]:
    """A référent comes, and leaves (A-063), in the order of the list."""
    bodies = network.organisations.select("number", body="id", direction="direction", kind="kind")
    known = network.referents.join(bodies, left_on="organisation", right_on="number", maintain_order="left")
    for row in known.iter_rows(named=True):
        for kind, day in ((FactKind.REFERENT_NAMED, row["starts_on"]), (FactKind.REFERENT_ENDED, row["ends_on"])):
            if day:
                yield NewFact(
                    kind,
                    day,
                    subject=uuid.UUID(row["id"]),
                    direction=row["direction"] or "",
                    organisation=uuid.UUID(row["body"]),
                    data={"kind": row["kind"]},
                )


@transaction.atomic
def store_chunk(tables: Sequence[Prepared], people: Sequence[str], at: dt.datetime) -> int:
    """A prepared chunk with its facts, and one line of the access log dated `at`; how many facts."""
    _copy_all(tables)
    with clock.at(at):
        journal.note_access(SYSTEM, people, action="write", purpose=PURPOSE)
    return sum(table.rows for table in tables if table.table == "journal_fact")


def _copy_all(tables: Iterable[Prepared]) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            columns = ", ".join(quote(column) for column in table.columns)
            statement = f"COPY {quote(table.table)} ({columns}) FROM STDIN (FORMAT csv, NULL '{NULL}')"
            with cursor.copy(statement) as sink:
                for start in range(0, len(table.text), BLOCK):
                    sink.write(table.text[start : start + BLOCK])
