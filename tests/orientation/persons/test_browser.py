"""Shows of the orientation, in a real browser: an interview with the keyboard alone, an override and its trace."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from passerelles.orientation import services
from passerelles.orientation.models import Decision, Statement
from passerelles.people.services import record_assessment, sign_contract
from passerelles.reception.models import Interview
from passerelles.reception.services import interviews

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const here = document.activeElement;
  const group = here.closest("fieldset");
  return {tag: here.tagName, type: here.type || "", name: here.name || "", value: here.value || "",
          id: here.id, label: here.labels && here.labels[0] ? here.labels[0].innerText.trim() : here.innerText.trim(),
          legend: group && group.querySelector("legend") ? group.querySelector("legend").innerText.trim() : ""};
}"""


def newcomer(world, **values):
    session = world.session()
    person = world.convoked(session, commune_code="57463", postcode="57000", motive="FAMILIAL", **values)[0].person
    signed = world.day - dt.timedelta(days=8)
    sign_contract(world.auditor, person, signed_on=signed)
    record_assessment(world.auditor, person, assessed_on=signed, written="A1", oral="A1", overall="A1")
    return person, interviews.start_interview(world.cip, person.convocations.get().pk)


def tab_to(page, wanted, limit: int = 80) -> dict:
    """Press Tab until what has the focus is what one is looking for."""
    for _ in range(limit):
        here = page.evaluate(FOCUSED)
        if wanted(here):
            return here
        page.keyboard.press("Tab")
    raise AssertionError("never reached with the keyboard")


def no(page, name: str) -> None:
    """From « À vérifier », the answer just before it."""
    tab_to(page, lambda here: here["name"] == name)
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FOCUSED)["value"] == "non"


@pytest.mark.parametrize("width", [1280, 360])
def test_fifteen_minutes_with_the_keyboard_from_unknown_to_decided(desk, shared_world, width):
    world = shared_world
    person, interview = newcomer(world)
    here = desk("cip", width)
    page = here.page
    page.goto(f"/accueil/seances/entretiens/{interview.pk}")
    panel = page.locator("#panneau")
    panel.get_by_text("À renseigner plus haut").wait_for()
    here.check("orientation-entretien-inconnu")

    page.keyboard.press("6")
    expect(page.get_by_role("radio", name="Sans emploi")).to_be_checked()
    for check in ("ft", "rsa", "agir"):
        no(page, check)
    panel.get_by_role("button", name="Répondre").wait_for()
    announced = left(panel)
    assert 0 < announced <= 6

    asked = 0
    while panel.get_by_role("button", name="Répondre").count():
        question = panel.locator("input[name=question]").get_attribute("value")
        if asked == 0:
            tab_to(page, lambda focused: focused["name"].startswith("q-"))
        page.wait_for_function("name => document.activeElement.name === name", arg=f"q-{question.replace('.', '-')}")
        focused = page.evaluate(FOCUSED)
        if focused["type"] == "radio":
            page.keyboard.press("Space")
        elif focused["type"] == "date":
            page.keyboard.type("01062025")
        else:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.locator(f"#panneau input[name=question][value='{question}']").wait_for(state="detached")
        asked += 1
    assert asked <= announced
    panel.get_by_text("Tout ce qui décide de l’accompagnement est connu.").wait_for()
    assert Statement.objects.filter(person=person).count() == asked
    here.check("orientation-entretien-decide")

    tab_to(page, lambda focused: focused["label"] == "Enregistrer l’orientation")
    page.keyboard.press("Enter")
    panel.get_by_text("Décidé :").wait_for()
    decision = Decision.objects.get()
    assert decision.kind == "agreed"
    assert "france_travail" in decision.chosen

    tab_to(page, lambda focused: focused["name"] == "not_registered_reason", 120)
    page.keyboard.press("ArrowDown")
    tab_to(page, lambda focused: focused["label"] == "Terminer", 120)
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Séance du").wait_for()
    assert Interview.objects.get().status == "done"


def left(panel) -> int:
    """The number of questions announced, at most."""
    text = panel.locator(".ori-question__foot .rec-light").inner_text()
    return 1 if "Dernière" in text else int("".join(filter(str.isdigit, text)))


@pytest.mark.parametrize("width", [1280, 360])
def test_an_override_and_its_trace_on_the_page_of_the_person(desk, shared_world, width):
    world = shared_world
    person, _ = newcomer(world)
    told = {"emploi.situation": "none", "emploi.recherche": "cherche", "spe.dispense": "non"}
    services.state(world.auditor, person.pk, told, source="personne", as_of=world.day)
    here = desk("auditor", width)
    page = here.page
    page.goto(f"/personnes/{person.pk}/")
    page.get_by_role("link", name="Recommandation", exact=True).click()
    here.check("orientation-personne")
    page.get_by_text("Choisir autrement").click()
    page.get_by_label("ADIE").check(force=True)
    page.get_by_role("button", name="Enregistrer la décision").click()
    page.get_by_text("il demande un motif").wait_for()
    assert ["400" in each for each in here.complaints] == [True]
    here.complaints.clear()
    page.locator("#motif").fill("Projet de création déjà financé")
    page.get_by_role("button", name="Enregistrer la décision").click()
    page.get_by_text("Décision enregistrée : autre choix, motivé.").wait_for()
    page.goto(f"/personnes/{person.pk}/")
    page.get_by_text("Sur quoi elle repose").click()
    for expected in ("Autre choix, motivé", "Motif : Projet de création déjà financé", "Versions des règles"):
        expect(page.get_by_text(expected).first).to_be_visible()
    here.check("orientation-fiche")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_diagnosis_on_one_page(desk, shared_world, width):
    world = shared_world
    person, _ = newcomer(world)
    services.state(world.cip, person.pk, {"frein.mobilite": "fort"}, source="personne", as_of=world.day)
    here = desk("auditor", width)
    page = here.page
    page.goto(f"/orientation/{person.pk}/diagnostic")
    page.get_by_role("group", name="Les métiers recherchés").or_(
        page.get_by_role("group", name="Métiers recherchés")
    ).get_by_label("Chercher un métier").fill("plonbier")
    page.get_by_label("Plombier chauffagiste (F1603)").check(force=True)
    page.get_by_role("group", name="Garde d'enfants").get_by_text("Moyen").click()
    here.check("diagnostic")
    page.get_by_role("button", name="Enregistrer").first.click()
    page.get_by_text("Éléments enregistrés : 2.").wait_for()
    assert {row.code for row in Statement.objects.all()} == {"frein.mobilite", "frein.garde", "metier.recherches"}


def test_the_decisions_to_look_at_again(desk, shared_world):
    world = shared_world
    person, _ = newcomer(world)
    told = {"emploi.situation": "none", "emploi.recherche": "cherche", "spe.dispense": "non"}
    services.state(world.auditor, person.pk, told, source="personne", as_of=world.day)
    from passerelles.orientation.engine.recommendation import Standing
    from passerelles.orientation.queries.recommendation import outlook_of

    wanted = outlook_of(world.auditor, person, world.day).codes(Standing.RECOMMENDED)
    services.decide(world.auditor, person.pk, chosen=wanted)
    services.state(world.cip, person.pk, {"emploi.recherche": "non"}, source="personne", as_of=world.day)
    here = desk("auditor")
    for width in (1280, 360):
        here.page.set_viewport_size({"width": width, "height": 900})
        here.page.goto("/orientation/a-reexaminer/")
        expect(here.page.get_by_role("link", name=str(person))).to_be_visible()
        here.check("orientation-reexamens")
