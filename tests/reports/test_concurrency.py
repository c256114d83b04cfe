"""Two drafts at once; the position of the journal under the role of the application."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections

from passerelles.core.postgres import APP_ROLE, apply_grants
from passerelles.journal.models import APPEND_ONLY_TABLES, Fact
from passerelles.reports import queries, services
from tests.reports import histories
from tests.reports.conftest import METZ
from tests.reports.histories import NO_JOB, interviewed, session_on


def in_threads(*works):
    """Run these at the same time, each with its own connection."""
    together = threading.Barrier(len(works))

    def run(work):
        together.wait(10)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


@pytest.mark.django_db(transaction=True)
def test_two_drafts_at_once_get_two_versions(world):
    histories.the_27_january(world)
    drafts = in_threads(
        *(lambda actor=actor: services.draft_return(actor, *METZ) for actor in [world.cip, world.cip_two] * 2)
    )
    assert sorted(found.version for found in drafts) == [1, 2, 3, 4]
    assert len({bytes(found.content) for found in drafts}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_during_interviews_is_recomputed_to_the_same_bytes(world):
    histories.the_27_january(world)
    session = session_on(world, histories.DAY.replace(day=28))

    def receive():
        for _ in range(5):
            interviewed(world, session, NO_JOB | {"ft": True})

    results = in_threads(receive, lambda: [services.draft_return(world.cip, *METZ) for _ in range(5)])
    for found in results[1]:
        assert queries.recompute(found) == bytes(found.content)


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_application_takes_a_position_without_the_right_to_change_the_journal(world):
    histories.the_27_january(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if not cursor.fetchone()[0]:
            pytest.skip("this server has one role")
    apply_grants(connection, append_only_tables=APPEND_ONLY_TABLES)
    last = Fact.objects.order_by("-id").values_list("id", flat=True).first()
    given = connection.get_connection_params()
    with psycopg.connect(host=given["host"], dbname=given["dbname"], user=APP_ROLE) as app:
        assert app.execute("SELECT journal_position()").fetchone()[0] == last
        app.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("LOCK TABLE journal_fact IN SHARE MODE")
