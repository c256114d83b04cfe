"""A signatory of DT Metz with an assessment, as the reception day leaves them."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.journal.agreement import compare
from passerelles.network.policy import SYSTEM
from passerelles.people.services import record_assessment, sign_contract

SIGNED = dt.date(2026, 2, 2)


@pytest.fixture
def signatory(world):
    """`signatory(written="A1.1", …)`: a person with a CIR signed on 2 February 2026 and an initial assessment."""

    def make(signed_on: dt.date = SIGNED, written: str = "A1.1", oral: str = "A1", **values):
        person = world.person(postcode="57000", motive="FAMILIAL", **values)
        sign_contract(world.auditor, person, signed_on=signed_on)
        record_assessment(world.auditor, person, assessed_on=signed_on, written=written, oral=oral, overall=written)
        return person

    return make


@pytest.fixture(autouse=True)
def tables_and_journal_agree(request):
    """After every verb of every test of this room, whatever it did."""
    written = {"db", "world"} & set(request.fixturenames)
    if written:
        request.getfixturevalue("db")
    yield
    if written:
        assert {each.name: each.first for each in compare(SYSTEM) if each.found} == {}
