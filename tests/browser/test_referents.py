"""The directory of référents in a real browser: vacancy, naming, immersion, departure (A-055, A-063, E-045, G-020)."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from passerelles.core import clock
from passerelles.messages.models import Message
from passerelles.network.models import Referent

pytestmark = pytest.mark.browser
WIDTHS = (1280, 360)


def looked_at(here, name: str) -> None:
    for width in WIDTHS:
        here.page.set_viewport_size({"width": width, "height": 900})
        here.check(name)
    here.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_vacancy_is_filled_told_to_the_network_and_shown_again_when_the_referent_leaves(desk, shared_world):
    world = shared_world
    world.operator.direction = "metz"
    world.operator.save()
    for short in ("dt_metz", "agency"):
        Referent.objects.create(
            organisation=world.organisations[short],
            function="Référente primo-arrivants",
            mailbox=f"referent-{short.replace('_', '-')}@exemple.example",
            starts_on=dt.date(2026, 1, 5),
            trained_on=dt.date(2026, 1, 20),
        )
    here = desk("admin")
    page = here.page
    page.goto("/orientations/referents")
    vacancies = page.locator(".fr-alert--warning")
    expect(vacancies).to_contain_text(world.operator.name)
    expect(vacancies).not_to_contain_text(world.agency.name)
    looked_at(here, "referents-vacance")

    page.goto("/compte/organisme/referents/nouveau")
    page.locator("#id_function").fill("Chargée de mission primo-arrivants")
    page.locator("#id_mailbox").fill("referent@ponts.example")
    page.get_by_label("À partir du").fill("2026-03-10")
    looked_at(here, "referents-nommer")
    page.get_by_role("button", name="Enregistrer").click()
    told = Message.objects.filter(kind="referent_named")
    assert {each.recipient for each in told} == {"referent-dt-metz@exemple.example", "referent-agency@exemple.example"}
    assert all("referent@ponts.example" in each.body for each in told)

    page.goto("/orientations/referents")
    page.get_by_label("Nature").select_option("immersion")
    page.get_by_label("Chez").select_option(label=str(world.agency))
    page.get_by_label("Date", exact=True).fill("2026-02-03")
    page.get_by_label("Jours", exact=True).fill("2")
    page.get_by_role("button", name="Noter").click()
    expect(page.get_by_text("C’est noté dans l’annuaire")).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=world.operator.name, exact=True))
    said = [" ".join(text.split()) for text in row.locator("td").all_inner_texts()]
    assert said == ["Chargée de mission primo-arrivants", "referent@ponts.example", "10/03/2026", "à prévoir", "2"]
    expect(page.locator(".fr-alert--warning").filter(has_text=world.operator.name)).to_have_count(0)
    looked_at(here, "referents-annuaire")

    page.goto("/compte/organisme")
    page.get_by_role("link", name="Saisir la fin de fonction").click()
    page.get_by_label("Dernier jour").fill("2026-03-10")
    page.get_by_role("button", name="Enregistrer la fin").click()
    ended = Message.objects.filter(kind="referent_ended")
    assert ended.count() == 2 and all("cesse ses fonctions le 10" in each.body for each in ended)
    with clock.frozen(clock.paris(dt.date(2026, 3, 11), 1)):
        page.goto("/orientations/referents")
        alert = page.locator(".fr-alert--warning")
        expect(alert).to_contain_text(f"{world.operator.name}, depuis le 10/03/2026")
