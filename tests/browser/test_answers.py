"""A mission answers twenty lines by one spreadsheet: taken out, filled in, sent back, looked at, applied."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from passerelles.referrals.models import Referral
from passerelles.referrals.services import places, sending
from tests.exchange.answering import as_xlsx, lines_of
from tests.portal.conftest import tell
from tests.portal.test_answers import table_path
from tests.portal.test_browser import Phone

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def no_limit_left_over():
    """Wrong links counted by the tests before this one, from the same machine."""
    cache.clear()


@pytest.mark.parametrize("width", [1280, 360])
def test_an_agency_answers_its_whole_queue_by_spreadsheet(desk, shared_world, width, tmp_path):
    world = shared_world
    service = places.default_service(world.agency)
    for _ in range(6):
        person = world.person(phone="+33639980001", city="Metz", postcode="57000")
        given = {"purpose": "employment", "basis": "public_mission", "service_id": service.pk}
        sending.refer(world.auditor, person_id=person.pk, **given)
    here = desk("ft", width=width)
    page = here.page
    page.goto("/orientations/recues")
    page.get_by_role("link", name="Répondre par tableur").click()
    here.check("reponses-tableur")
    with page.expect_download() as download:
        page.get_by_role("link", name="xlsx").click()
    lines = lines_of(download.value.path().read_bytes())
    day = f"{world.day + dt.timedelta(days=6):%d/%m/%Y}"
    lines[0] |= {"Réponse": "Acceptée"}
    lines[1] |= {"Date du rendez-vous": day, "Heure du rendez-vous": "14h30", "Lieu ou lien": "Bureau 4, 1er étage"}
    lines[2] |= {"Réponse": "Déclinée", "Motif du refus": "Plus de place"}
    lines[3] |= {"Réponse": "Déclinée"}
    lines[4] |= {"Date du rendez-vous": "31/02/2026", "Heure du rendez-vous": "9h"}
    file = tmp_path / "retour.xlsx"
    file.write_bytes(as_xlsx(lines))
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Contrôler le tableau").click()
    expect(page.get_by_text("rien n’est encore enregistré")).to_be_visible()
    here.check("reponses-controlees")
    page.get_by_role("button", name="Enregistrer les 3 réponses prêtes").click()
    expect(page.get_by_text("Vos réponses sont enregistrées.")).to_be_visible()
    here.check("reponses-enregistrees")
    assert sorted(Referral.objects.values_list("state", flat=True)) == [
        "accepted",
        "appointment_fixed",
        "declined",
        "sent",
        "sent",
        "sent",
    ]
    page.get_by_role("link", name="Répondre par tableur").click()
    here.check("reponses-liste")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_mission_without_account_answers_by_the_table_of_its_mailbox(
    chromium, live_server, shared_world, width, tmp_path
):
    story = tell(shared_world)
    for _ in range(3):
        story.refer(shared_world.person())
    visitor = Phone(chromium, live_server.url, width=width)
    page = visitor.page
    try:
        page.goto(story.partner_path())
        page.get_by_text("Plusieurs personnes vous attendent").click()
        visitor.check("reponses-lien-demande")
        page.get_by_role("button", name="Recevoir l’adresse du tableau").click()
        expect(page.get_by_text("L’adresse du tableau part vers")).to_be_visible()
        page.goto(table_path(story))
        visitor.check("reponses-sans-compte")
        with page.expect_download() as download:
            page.get_by_role("link", name="Excel (xlsx)").click()
        lines = lines_of(download.value.path().read_bytes())
        lines[0] |= {"Réponse": "Acceptée"}
        lines[1] |= {"Réponse": "Déclinée", "Motif du refus": "Plus de place"}
        lines[2] |= {"Présence": "Pas venue"}
        file = tmp_path / "retour.xlsx"
        file.write_bytes(as_xlsx(lines))
        page.locator("#file").set_input_files(file)
        page.get_by_role("button", name="Contrôler le tableau").click()
        visitor.check("reponses-sans-compte-controle")
        page.get_by_role("button", name="Enregistrer les 2 réponses prêtes").click()
        expect(page.get_by_text("Réponses enregistrées")).to_be_visible()
        visitor.check("reponses-sans-compte-fait")
    finally:
        visitor.context.close()
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["accepted", "declined", "sent"]
