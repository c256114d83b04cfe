"""The parameters in force, with their source; nothing is invented."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.parameters.rules import in_french
from passerelles.web.queries.settings import settings_of
from tests.browsing import sign_in
from tests.world import ACTORS

READERS = {
    "auditor",
    "auditor_elsewhere",
    "manager",
    "cip",
    "cip_two",
    "cip_elsewhere",
    "region",
    "department",
    "nation",
}


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_who_reads_the_parameters(client, world, short):
    sign_in(client, world, short)
    assert client.get("/parametres/").status_code == (200 if short in READERS else 403)


def test_the_capacity_of_a_session_in_metz_is_shown_with_its_source(client, world):
    sign_in(client, world, "auditor")
    page = client.get("/parametres/").content.decode()
    assert "metz_convoked_per_session" in page
    assert "DT OFII Metz" in page
    assert "non configuré" in page


def test_what_nobody_configured_may_be_shown_alone(client, world):
    sign_in(client, world, "auditor")
    rows = client.get("/parametres/?etat=manquants").context["rows"]
    assert rows
    assert not any(row.configured for row in rows)


def test_a_territory_out_of_scope_is_not_shown(client, world):
    sign_in(client, world, "auditor")
    assert client.get("/parametres/?territoire=dt:strasbourg").context["territory"] == "dt:metz"


def test_a_parameter_without_value_has_none_on_screen(db):
    lines = settings_of("dt:metz", dt.date(2026, 3, 10))
    assert all(bool(line.value) is line.configured for line in lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "oui"),
        (dt.date(2026, 3, 1), "1er mars 2026"),
        ((100, 200), "100, 200"),
        (1.5, "1,5"),
        (62000, "62\u202f000"),
        ("A1", "A1"),
    ],
)
def test_values_are_written_in_french(value, text):
    assert in_french(value) == text
