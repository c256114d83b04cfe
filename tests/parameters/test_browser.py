"""The pages of the parameters in Chromium, wide and on a telephone, and a decision taken without JavaScript."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from passerelles.parameters.models import Override
from passerelles.parameters.services import decide, withdraw
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
PAGE = "/parametres/metz_sessions_week/"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_the_agent_of_the_state(desk, shared_world, width):
    given = {"key": "metz_sessions_week", "territory": "dt:metz", "unit": "PFA"}
    reference = "arrêté préfectoral du 2 mars 2026, article 2"
    former = decide(shared_world.region, value=7, valid_from=dt.date(2026, 3, 1), reference=reference, **given)
    reason = "erreur de saisie, voir le courrier du 9 mars"
    withdraw(shared_world.region, former.pk, withdrawn_from=dt.date(2026, 3, 6), reason=reason)
    taken = decide(shared_world.region, value=8, valid_from=dt.date(2026, 3, 6), reference=reference, **given)
    here: Desk = desk("region", width)
    for name, address in (
        ("parametres-dreets", "/parametres/"),
        ("parametre", PAGE),
        ("decider", f"{PAGE}decider"),
        ("decider-liste", "/parametres/metz_m1_definition/decider"),
        ("retirer", f"/parametres/decisions/{taken.pk}/retirer"),
    ):
        here.page.goto(address)
        here.check(name)
    here.page.goto(f"{PAGE}decider")
    here.page.get_by_label("Valeur, en PFA").fill("7 heures")
    here.page.get_by_role("button", name="Enregistrer la décision").click()
    here.check("decider-erreurs")


def test_a_value_is_decided_without_javascript(desk, shared_world, chromium, live_server):
    here: Desk = desk("region", 360)
    plain = chromium.new_context(
        locale="fr-FR", base_url=live_server.url, java_script_enabled=False, storage_state=here.context.storage_state()
    )
    page = plain.new_page()
    page.goto("/parametres/")
    page.get_by_role("link", name="Metz : plateformes d'accueil par semaine", exact=True).click()
    page.get_by_role("link", name="Décider une valeur pour un territoire").click()
    page.get_by_label("Valeur, en PFA").fill("7")
    page.get_by_label("Référence").fill("arrêté préfectoral du 2 mars 2026, article 2")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("Décision enregistrée : 7 PFA, DT OFII Metz")).to_be_visible()
    plain.close()
    assert Override.objects.get().value == 7
