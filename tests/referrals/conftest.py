"""A person of DT Metz sent to an agency."""

from __future__ import annotations

import pytest

from passerelles.referrals.services import sending
from passerelles.referrals.services.places import default_service


@pytest.fixture
def service(world):
    return default_service(world.agency)


@pytest.fixture
def sent(world, service):
    """`sent()`: a new referral, sent by the auditor to the agency."""

    def make(person=None, **values):
        defaults = {"purpose": "employment", "basis": "public_mission", "service_id": service.pk}
        person = person or world.person()
        return sending.refer(values.pop("by", world.auditor), person_id=person.pk, **(defaults | values))

    return make
