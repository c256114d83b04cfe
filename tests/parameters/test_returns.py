"""A decision recorded later does not change a return already frozen, nor its computation again (K-013)."""

from __future__ import annotations

import datetime as dt

from passerelles.reports import queries, services
from passerelles.reports.models import Return
from tests.reports.conftest import METZ


def test_a_definition_decided_later_changes_the_next_version_and_not_the_frozen_one(world, decided):
    first = services.draft_return(world.cip, *METZ)
    before = bytes(first.content)
    decided(key="metz_m1_definition", unit="définition", value="received", valid_from=dt.date(2026, 1, 1))
    found = Return.objects.get(pk=first.pk)
    assert (bytes(found.content), found.definition) == (before, first.definition)
    assert queries.recompute(found) == before
    second = services.draft_return(world.cip, *METZ)
    assert second.definition == "metz-monthly-v1:received"
    assert queries.recompute(second) == bytes(second.content)
