"""The return of January, at its three stages."""

from __future__ import annotations

import pytest

from passerelles.core.periods import Month
from passerelles.reports import services
from tests.reports import histories

JANUARY = Month(2026, 1)
METZ = ("metz-monthly", "dt:metz", "2026-01")


@pytest.fixture
def january(world):
    """DT Metz after the 27 January."""
    world.interviews = histories.the_27_january(world)
    return world


@pytest.fixture
def drafted(january):
    return services.draft_return(january.cip, *METZ)


@pytest.fixture
def validated(january, drafted):
    return services.validate_return(january.admin, drafted.pk)


@pytest.fixture
def sent(january, validated):
    return services.send_return(january.cip, validated.pk)
