"""Dashboards: stored at one cut-off, masked for readers without lists, the same in the committee pack (F-026)."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pytest
from django.urls import reverse
from pypdf import PdfReader

from passerelles.core.periods import Month, Period
from passerelles.indicators import tables
from passerelles.indicators.disclosure import audit
from passerelles.indicators.disclosure.systems import Dimension, crossing
from passerelles.reference.territory import Territory
from passerelles.reports import dashboards
from passerelles.reports.models import StoredFigure
from passerelles.reports.services import dashboards as stored
from tests.browsing import sign_in
from tests.indicators import made

MOSELLE = Territory.parse("department:57")
FEBRUARY = Month(2026, 2)
FEW = ("signataires", "formation_linguistique", "recrutements")


@pytest.fixture
def board(world):
    """The people of Moselle who signed in 2025, as known on 10 March 2026."""
    made.append(made.lived("57", 2025, dt.date(2026, 3, 9)))
    stored.refresh(FEW)
    return world


def test_stored_figures_are_those_of_the_catalogue_and_add_up(board):
    for code in FEW:
        table = tables.figure(
            code, Period(dt.date(2025, 11, 1), dt.date(2025, 11, 30)), territory=MOSELLE, by=("sexe",)
        )
        rows = StoredFigure.objects.filter(code=code, month="2025-11", territory=str(MOSELLE))
        assert {row.sex: row.num for row in rows if row.sex} == {row.key[0]: row.num for row in table.rows if row.num}
        assert rows.get(sex="").num == table.total.num == sum(row.num for row in rows if row.sex)
        whole = (
            StoredFigure.objects.filter(code=code, month="2025-11", sex="")
            .exclude(territory__startswith="dep")
            .exclude(territory__startswith="dt:")
        )
        assert {row.num for row in whole} == {table.total.num}


def test_a_second_computation_changes_nothing(board):
    assert stored.refresh(FEW) == 0


def test_the_state_reads_no_small_count_nor_what_gives_one(board):
    """The attack: every number that the dashboard of the nation prints, month by month."""
    for month in ("2025-06", "2026-01"):
        rows = {
            row.sex: row
            for row in StoredFigure.objects.filter(code="recrutements", month=month, territory=str(MOSELLE))
        }
        sexes = [sex for sex in rows if sex]
        system = crossing([Dimension.flat("sexe", sexes)], np.array([rows[sex].num for sex in sexes]))
        hidden = np.array([rows["" if label[0] == "Total" else label[0]].hidden_num for label in system.labels])
        small = np.flatnonzero(system.sensitive(5))
        assert hidden[small].all()
        for low, high in audit.bounds(system, hidden, small.tolist(), informed=True):
            assert low < (high or 10**9)
    january = dashboards.dashboard(board.department, MOSELLE, Month(2026, 1))
    manager = dashboards.dashboard(board.manager, MOSELLE, Month(2026, 1))
    assert january.masked and not manager.masked
    shown = [value.text for tile in january.tiles for _, value in (*tile.months, *tile.sexes)]
    assert not {"1", "2", "3", "4"} & set(shown)
    assert "masqué" in shown
    assert "masqué" not in [value.text for tile in manager.tiles for _, value in tile.months]


def test_each_role_opens_its_territories(client, board):
    places = {short: {str(place) for place in dashboards.places(board.actors[short])} for short in board.actors}
    assert places["department"] == {"department:57"}
    assert {"dt:metz", "department:57"} <= places["manager"] and "region:44" not in places["manager"]
    assert {"region:44", "department:67"} <= places["region"] and "region:11" not in places["region"]
    assert "national" in places["nation"]
    assert not places["ft"] and not places["trainer"]
    address = reverse("reports:dashboard")
    assert sign_in(client, board, "department").get(address).status_code == 200
    assert sign_in(client, board, "department").get(address, {"territoire": "department:67"}).status_code == 403
    adviser = sign_in(client, board, "ft")
    assert "pas ceux d’un territoire" in adviser.get(address).content.decode()
    assert adviser.get(reverse("reports:pack")).status_code == 403


def test_the_page_has_each_drawing_with_its_table_and_its_definition(client, board, django_assert_max_num_queries):
    browser = sign_in(client, board, "region")
    with django_assert_max_num_queries(20):
        page = browser.get(reverse("reports:dashboard"), {"territoire": "region:44", "mois": "2026-01"})
    text = page.content.decode()
    assert text.count("<svg") == len(stored.CODES) + 1
    assert text.count("Les mêmes nombres en tableau") == len(stored.CODES) + 1
    assert 'href="/chiffres/signataires/?territoire=region:44' in text
    assert "Moselle (57)" in text
    assert "Chiffres arrêtés le" in text


def test_the_committee_pack_has_the_numbers_of_the_screen(client, board):
    browser = sign_in(client, board, "department")
    asked = {"territoire": "department:57", "mois": "2026-01"}
    board_shown = browser.get(reverse("reports:dashboard"), asked).context["board"]
    answer = browser.get(reverse("reports:pack"), asked)
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for tile in board_shown.tiles:
        assert tile.now.text.replace("\u202f", " ") in text.replace("\u202f", " ")
    assert f"fait n° {board_shown.cutoff.position}" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_before_the_first_computation_the_page_says_so(client, world):
    page = sign_in(client, world, "department").get(reverse("reports:dashboard"))
    assert "ils ne l’ont pas encore été" in page.content.decode()


def test_a_target_is_read_from_the_parameters_where_there_is_one(board):
    found = dashboards.dashboard(board.department, MOSELLE, Month(2024, 12))
    targets = {tile.definition.code: tile.target for tile in found.tiles}
    assert targets["atteinte_a1"] == 80 and targets["signataires"] is None
    later = dashboards.dashboard(board.department, MOSELLE, FEBRUARY)
    assert {tile.definition.code: tile.target for tile in later.tiles}["atteinte_a1"] is None, "none was set after 2024"
