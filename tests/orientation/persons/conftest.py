"""Real persons in a real base: here the decisions of the State hold, unlike in the tests of the pure rules."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.parameters import snapshot
from passerelles.people import services as people
from passerelles.reception.services.convocations import convoke
from passerelles.reference import parameters


@pytest.fixture(autouse=True)
def register_alone():
    """Replaces the one of the pure tests."""
    former = parameters.use_overrides(snapshot.decided)
    yield
    parameters.use_overrides(former)


@pytest.fixture
def person(world):
    """Signed a CIR eight days ago in Moselle, assessed A1, convoked to a session of the operator."""
    found = world.person(commune_code="57463", postcode="57000", motive="FAMILIAL")
    signed = world.day - dt.timedelta(days=8)
    people.sign_contract(world.auditor, found, signed_on=signed, number="CIR-1")
    people.record_assessment(world.auditor, found, assessed_on=signed, written="A1", oral="A1", overall="A1")
    convoke(world.auditor, world.session().pk, found)
    return found
