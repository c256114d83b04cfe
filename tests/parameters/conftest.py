"""A decision of the region Grand Est on DT Metz, of the nation on France."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from passerelles.network.policy import Actor
from passerelles.parameters.models import Override
from passerelles.parameters.services import decide

ORDER = "arrêté préfectoral du 2 mars 2026, article 2"


@pytest.fixture
def decided(world) -> Callable[..., Override]:
    """`decided(world.region, value=7)`: sessions a week at DT Metz, from 1 March 2026 on, unless said otherwise."""

    def make(actor: Actor | None = None, **values) -> Override:
        defaults = {
            "key": "metz_sessions_week",
            "territory": "dt:metz",
            "value": 7,
            "unit": "PFA",
            "valid_from": dt.date(2026, 3, 1),
            "reference": ORDER,
        }
        return decide(actor or world.region, **(defaults | values))

    return make
