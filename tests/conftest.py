"""Fixtures shared by all tests: a frozen clock and the small world of DT Metz."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings

from passerelles.core import clock
from tests import template
from tests.browser.desk import chromium, desk, shared_world  # noqa: F401
from tests.world import SESSION_DAY, build_world

# A loaded machine is slow, not wrong. `make test` draws the same examples each time; `--hypothesis-profile=hunt` draws
# new ones, more of them.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("hunt", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):  # noqa: ARG001
    """The database of the session is a copy of one whose migrations are applied."""
    django_settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template.ready()


@pytest.fixture
def frozen():
    """It is Tuesday 10 March 2026, 9:00 in Paris."""
    with clock.frozen(clock.paris(SESSION_DAY, 9)):
        yield SESSION_DAY


@pytest.fixture
def world(db, frozen):
    """DT Metz and Strasbourg, an operator, two France Travail agencies, the State, one actor per role."""
    return build_world(SESSION_DAY)
