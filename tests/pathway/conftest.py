"""A signatory of DT Metz with an assessment, as the reception day leaves them."""

from __future__ import annotations

import datetime as dt

import pytest

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
