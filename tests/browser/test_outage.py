"""The database goes away while somebody types an interview: the page keeps it, and saves it by itself afterwards."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import SHOTS, TOO_WIDE
from tests.cli.installation import DATABASE, Installation
from tests.faults.platform import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A platform of its own, so that no other test meets the outage."""
    installation = Installation(tmp_path_factory.mktemp("panne"))
    installation.server.start()
    migrated = installation.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    facts = json.loads(installation.python("from tests.faults.platform import populate; populate()"))
    served = serving(installation, tmp_path_factory.mktemp("journal") / "pages.log")
    base, _ = next(served)
    yield installation, base, facts
    served.close()
    installation.server.stop("immediate")


def test_an_interview_typed_through_an_outage_is_saved_when_the_database_is_back(chromium, running):
    installation, base, facts = running
    context = chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}, base_url=base)
    context.add_cookies([{"name": "sessionid", "value": facts["cookie"], "url": base}])
    page = context.new_page()
    page.goto(f"/accueil/seances/{facts['session']}")
    page.get_by_role("button", name="Entretien").first.click()
    page.get_by_text("Sans emploi").click()
    page.locator(".rec-saved").wait_for()
    installation.server.stop("immediate")
    page.get_by_label("Métier recherché").fill("Soudeuse")
    page.get_by_text("sera enregistrée à son retour").wait_for()
    expect(page.get_by_label("Métier recherché")).to_have_value("Soudeuse")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", level=1, name="Service momentanément indisponible").wait_for()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        serious = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
        assert serious == []
        assert page.evaluate(TOO_WIDE) == []
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"service-indisponible-{width}.png", full_page=True)
    installation.server.start()
    page.get_by_role("button", name="Renvoyer ma saisie").click()
    page.get_by_text("Saisie enregistrée").wait_for()
    expect(page.get_by_label("Métier recherché")).to_have_value("Soudeuse")

    installation.server.stop("fast")
    page.get_by_label("Métier recherché").fill("Soudeuse à l’arc")
    page.get_by_text("sera enregistrée à son retour").wait_for()
    installation.server.start()
    page.locator(".rec-saved").wait_for(timeout=30_000)
    stored = installation.server.psql("SELECT occupation FROM reception_interview", DATABASE)
    assert stored == [("Soudeuse à l’arc",)]
    assert installation.run("check-journal").returncode == 0
    context.close()
