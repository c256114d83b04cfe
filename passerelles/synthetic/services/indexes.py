"""Indexes that serve reading only, set aside while a nation is written and built again at the end.

A third less work for the server (benchmarks/README.md). Unique indexes, constraints and triggers stay. Run as the role
that owns the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection, transaction

from passerelles.synthetic.models import IndexSetAside

TABLES = (
    "people_person",
    "people_identifier",
    "people_contract",
    "people_assessment",
    "people_situation",
    "people_registration",
    "people_optout",
    "people_consent",
    "reception_session",
    "reception_desk",
    "reception_convocation",
    "reception_interview",
    "reception_firstappointment",
    "linkage_check",
    "pathway_training",
    "pathway_exam",
    "pathway_meeting",
    "pathway_recognition",
    "journal_fact",
    "journal_access",
)
READING_ONLY = """
    SELECT i.relname, pg_get_indexdef(x.indexrelid)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = 'public' AND t.relname = ANY(%s) AND NOT x.indisunique
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid)
    ORDER BY 1
"""
MEMORY = "512MB"


@transaction.atomic
def set_aside(tables: Sequence[str] = TABLES) -> int:
    """Drop them, their definitions kept in the same transaction; how many."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(READING_ONLY, [list(tables)])
        found = cursor.fetchall()
        IndexSetAside.objects.bulk_create(IndexSetAside(name=name, definition=text) for name, text in found)
        for name, _ in found:
            cursor.execute(f"DROP INDEX {quote(name)}")
    return len(found)


def put_back() -> Iterator[str]:
    """Build again whatever is set aside, one transaction each; the names as they are done. Safe to repeat."""
    for index in IndexSetAside.objects.order_by("id"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [MEMORY])
            cursor.execute(index.definition)
            index.delete()
        yield index.name


def analyze() -> None:
    """Fresh statistics: searches need them to use the indexes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
