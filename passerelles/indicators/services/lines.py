"""The only writers of the lines: built again from the whole journal, or refreshed for what it has learnt since."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from passerelles.core import clock
from passerelles.indicators.models import EpisodeLine, PersonLine, Progress, RecordLine
from passerelles.journal import services as journal

WHOLE_ABOVE = 200_000
"""With more new facts than this, everything is built again: it is faster than person by person."""
WHOLE_JOURNAL = ("SET LOCAL enable_nestloop = off", "SET LOCAL work_mem = '256MB'", "SET LOCAL jit = off")
"""For queries over the whole journal: the planner has no statistics on lines made on the spot."""
_UUIDS = frozenset({"person_id", "subject_id", "organisation_id"})
_NEW = "SELECT {column} FROM journal_fact n WHERE n.id > {after} AND n.id <= {position} AND n.{column} IS NOT NULL"


@transaction.atomic
def refresh() -> int:
    """Bring the lines up to the last fact of the journal; how many facts were read. Safe to call from several jobs."""
    progress = _locked()
    position = journal.position()
    new = position - progress.position
    if new <= 0:
        return 0
    if progress.position == 0 or new > WHOLE_ABOVE:
        return _rebuild(progress, position)
    people, subjects = (
        _NEW.format(column=column, after=progress.position, position=position) + condition
        for column, condition in (("person_id", ""), ("subject_id", " AND n.person_id IS NULL"))
    )
    with connection.cursor() as cursor:
        people += _same_persons(cursor, people, position)
        cursor.execute(f"DELETE FROM indicators_person WHERE person_id IN ({people})")
        cursor.execute(f"DELETE FROM indicators_episode WHERE person_id IN ({people})")
        cursor.execute(f"DELETE FROM indicators_episode WHERE person_id IS NULL AND subject_id IN ({subjects})")
        of_both = (f"f.person_id IN ({people})", f"f.person_id IS NULL AND f.subject_id IN ({subjects})")
        _insert(cursor, position, *of_both)
    _advance(progress, position)
    return new


@transaction.atomic
def rebuild() -> int:
    """Empty the lines and build them again from the whole journal; the position reached."""
    return _rebuild(_locked(), journal.position())


def _same_persons(cursor: Any, people: str, position: int) -> str:
    """Bring up to date which records stand for whom, for the persons of the query `people`.

    What to add to it: the other records of their identities, left as well as joined, since a link or its undoing
    changes who stands for all of them.
    """
    from passerelles.indicators.engine import sources

    known = f"{{fact}}.id <= {position}"
    now = sources.identities(known, f"f.person_id IN ({people})")
    cursor.execute(
        f"WITH concerned AS (SELECT identity FROM indicators_record WHERE person_id IN ({people}) "
        f"UNION SELECT identity FROM ({now}) AS now) "
        "SELECT (SELECT count(*) FROM concerned), array_agg(r.person_id) FROM indicators_record r "
        "WHERE r.identity IN (SELECT identity FROM concerned)"
    )
    concerned, before = cursor.fetchone()
    if not concerned:
        return ""
    kin = "".join(f" UNION SELECT '{person}'::uuid" for person in before or ())
    cursor.execute("DELETE FROM indicators_record WHERE person_id = ANY(%s)", [before or []])
    _insert_same_persons(cursor, known, f"f.person_id IN ({people}{kin})")
    return kin


def _insert_same_persons(cursor: Any, known: str, touched: str = "true") -> None:
    from passerelles.indicators.engine import sources

    cursor.execute(
        "INSERT INTO indicators_record (person_id, identity, stands_for) "
        f"SELECT person_id, identity, stands_for FROM ({sources.identities(known, touched)}) AS same"
    )


def _rebuild(progress: Progress, position: int) -> int:
    with connection.cursor() as cursor:
        EpisodeLine.objects.all().delete()
        PersonLine.objects.all().delete()
        RecordLine.objects.all().delete()
        for setting in WHOLE_JOURNAL:
            cursor.execute(setting)
        _insert_same_persons(cursor, f"{{fact}}.id <= {position}")
        _insert(cursor, position, "true")
    _advance(progress, position)
    return position


def _locked() -> Progress:
    Progress.objects.get_or_create(pk=1)
    return Progress.objects.select_for_update().get(pk=1)


def _advance(progress: Progress, position: int) -> None:
    progress.position, progress.read_at = position, clock.now()
    progress.save(update_fields=["position", "read_at"])


def _insert(cursor: Any, position: int, *touched: str) -> None:
    """Episodes, then persons. `touched`: conditions on a fact `f`, none of which overlap."""
    from passerelles.indicators.engine import sources
    from passerelles.indicators.engine.dialects import Dialect, build_sql
    from passerelles.indicators.engine.relations import EPISODE, PERSON

    known = f"{{fact}}.id <= {position}"
    source = " UNION ALL ".join(sources.postgres(known, condition) for condition in touched)
    for which, table, columns in (
        ("episode", "indicators_episode", EPISODE),
        ("person", "indicators_person", PERSON),
    ):
        query = sources.with_flat(build_sql(which, Dialect.POSTGRES), source, hint="NOT MATERIALIZED")
        values = ", ".join(f"built.{name}::uuid" if name in _UUIDS else f"built.{name}" for name in columns)
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM ({query}) AS built")
