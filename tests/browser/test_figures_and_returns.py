"""From the dashboard of a territory to the definition, to the people behind a cell, to the return, to its PDF."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from passerelles.core import clock
from passerelles.people.services import sign_contract
from passerelles.reports.services import dashboards
from tests.browser.desk import Desk
from tests.indicators import made
from tests.reports import histories

pytestmark = pytest.mark.browser


@pytest.fixture
def settled(shared_world):
    """January's day at the platform, a year of signatories of Moselle, and the dashboards of the night."""
    histories.the_27_january(shared_world)
    made.append(made.lived("57", 2025, dt.date(2026, 3, 9)))
    dashboards.refresh()
    return shared_world


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_dashboard_to_the_pdf(chromium, live_server, settled, width):
    cip = Desk(chromium, live_server.url, settled, "cip", width)
    page = cip.sign_in()
    page.goto("/remontees/tableau-de-bord/?territoire=dt:metz&mois=2026-01")
    cip.check(f"tableau-de-bord-cip-{width}")
    page.get_by_role("link", name="Inscriptions à France Travail").click()
    page.wait_for_url("**/chiffres/inscriptions_ft/**")
    cip.check(f"chiffre-{width}")
    page.locator("main table a").first.click()
    page.wait_for_url("**/personnes/**")
    cip.check(f"chiffre-personnes-{width}")
    expect(page.locator("main")).to_contain_text("KADIROV")
    page.goto("/remontees/")
    cip.check(f"remontees-attendues-{width}")
    page.get_by_role("link", name="Remontée mensuelle de l’expérimentation, janvier 2026").click()
    page.get_by_role("button", name="Figer et établir la remontée").click()
    cip.check(f"remontee-figee-{width}")
    with page.expect_download() as file:
        page.get_by_role("link", name="PDF").click()
    content = file.value.path().read_bytes()
    assert "Personnes accompagnées" in PdfReader(io.BytesIO(content)).pages[0].extract_text()


@pytest.mark.parametrize("width", [1280, 360])
def test_from_a_department_to_its_people_and_to_the_pdf_of_its_return(chromium, live_server, settled, width):
    """The manager of the DT: dashboard of Moselle, definition, people behind a cell, profile of signatories, PDF."""
    person = settled.person(commune_code="57463")
    sign_contract(settled.auditor, person, signed_on=dt.date(2026, 2, 4))
    dashboards.refresh()
    desk = Desk(chromium, live_server.url, settled, "manager", width)
    page = desk.sign_in()
    page.goto("/remontees/tableau-de-bord/?territoire=department:57&mois=2026-02")
    desk.check("tableau-de-bord-departement-responsable")
    page.get_by_role("link", name="Signataires du contrat d’intégration républicaine").first.click()
    page.wait_for_url("**/chiffres/signataires/**")
    expect(page.get_by_role("heading", name="Définition")).to_be_visible()
    expect(page.locator("main table caption")).to_contain_text("Moselle")
    desk.check("chiffre-departement")
    page.locator("main table a").first.click()
    page.wait_for_url("**/personnes/**")
    expect(page.locator("main")).to_contain_text("KADIROV")
    desk.check("chiffre-departement-personnes")
    page.goto("/remontees/calendrier/")
    due = page.locator("li", has_text="Moselle")
    due.get_by_role("link", name="Profil des signataires du CIR, année 2025").first.click()
    page.get_by_role("button", name="Figer et établir la remontée").click()
    desk.check("remontee-profil")
    with page.expect_download() as file:
        page.get_by_role("link", name="PDF").click()
    text = PdfReader(io.BytesIO(file.value.path().read_bytes())).pages[0].extract_text()
    assert "Profil des signataires" in text and "Moselle" in text


@pytest.mark.parametrize("width", [1280, 360])
def test_the_department_reads_its_board_writes_its_return_and_prints_the_pack(chromium, live_server, settled, width):
    desk = Desk(chromium, live_server.url, settled, "department", width)
    page = desk.sign_in()
    page.goto("/remontees/tableau-de-bord/?mois=2026-01")
    desk.check(f"tableau-de-bord-departement-{width}")
    expect(page.locator("main")).to_contain_text("masqué")
    with page.expect_download() as file:
        page.get_by_role("link", name="Dossier de comité").click()
    assert file.value.suggested_filename == "tableau-de-bord-57-2026-01.pdf"
    page.goto("/remontees/calendrier/")
    desk.check(f"calendrier-{width}")
    page.get_by_role("link", name="Statistiques départementales, 3e quadrimestre 2025").first.click()
    desk.check(f"preparer-{width}")
    page.get_by_role("button", name="Figer et établir la remontée").click()
    desk.check(f"remontee-statistiques-{width}")
    assert clock.today() == settled.day


def test_the_map_of_a_region(chromium, live_server, settled):
    desk = Desk(chromium, live_server.url, settled, "nation", 1280)
    page = desk.sign_in()
    page.goto("/remontees/tableau-de-bord/?territoire=national&mois=2025-11")
    desk.check("tableau-de-bord-national")
