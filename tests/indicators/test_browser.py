"""The pages of the figures in Chromium: from a table to its definition and to the people behind a cell."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import transaction
from playwright.sync_api import expect

from passerelles.core import clock
from passerelles.indicators import services
from passerelles.journal.services import record
from passerelles.journal.vocabulary import FactKind
from passerelles.network.policy import SYSTEM
from passerelles.people.services import sign_contract
from tests.browser.desk import Desk
from tests.indicators import made
from tests.indicators.test_benchmarks import DAY, signed

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_from_a_table_to_its_definition_and_to_the_people_of_a_cell(desk, shared_world, width):
    motives = ("FAMILIAL", "ASILE", "ECONOMIQUE")
    for rank in range(14):
        person = shared_world.person(sex="FH"[rank % 3 == 0], motive=motives[rank % 3], commune_code="57463")
        sign_contract(shared_world.auditor, person, signed_on=dt.date(2026, 1, 5 + rank))
    services.refresh()
    here: Desk = desk("manager", width)
    here.page.goto("/chiffres/")
    here.check("chiffres-catalogue")
    here.page.get_by_role("link", name="Part des signataires du CIR couverts par un contrat territorial").click()
    expect(here.page.get_by_text("Aucune donnée : le journal")).to_be_visible()
    here.check("chiffres-aucune-donnee")
    here.page.get_by_role("link", name="Tous les chiffres").click()
    here.page.get_by_role("link", name="Signataires du contrat d’intégration républicaine").click()
    here.page.get_by_label("Du", exact=True).fill("2026-01-01")
    here.page.get_by_label("Au", exact=True).fill("2026-03-31")
    here.page.get_by_label("Et par").select_option("motif")
    here.page.get_by_role("button", name="Calculer").click()
    here.check("chiffres-table")
    expect(here.page.get_by_role("heading", name="Définition")).to_be_visible()
    here.page.get_by_role("row", name="Hommes").get_by_role("link").last.click()
    expect(here.page.get_by_text("5 personnes")).to_be_visible()
    here.check("chiffres-personnes")
    here.page.get_by_role("link", name="Où cette personne compte").first.click()
    here.check("chiffres-d-une-personne")
    state: Desk = desk("region", width)
    state.page.goto("/chiffres/signataires/?du=2026-01-01&au=2026-03-31&territoire=region:44&par=sexe&et_par=motif")
    state.check("chiffres-etat-trop-fin")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_curves_of_a_cohort(desk, shared_world, width):
    made.append(made.lived("57", 2025, dt.date(2026, 3, 9)))
    services.refresh()
    here: Desk = desk("manager", width)
    here.page.goto("/chiffres/")
    here.page.get_by_role("link", name="Durées et cohortes").click()
    here.page.get_by_label("Comparer par").select_option("niveau")
    here.page.get_by_role("button", name="Afficher").click()
    here.check("cohortes")
    here.page.get_by_text("Les mêmes courbes en tableau").click()
    expect(here.page.get_by_role("row", name="365").first).to_be_visible()
    state: Desk = desk("department", width)
    state.page.goto("/chiffres/cohortes/?attente=rendez_vous&par=sexe&de=2025-01&a=2025-12&duree=182&population=tous")
    state.check("cohortes-etat")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_benchmark_from_its_declaration_to_its_verdict(desk, shared_world, width):
    here: Desk = desk("manager", width)
    here.page.goto("/chiffres/")
    here.page.get_by_role("link", name="Repères d’impact").click()
    here.check("reperes-vides")
    here.page.get_by_role("link", name="Déclarer un repère").click()
    here.check("reperes-declarer")
    here.page.get_by_label("Nom de l’expérimentation").fill("Inscription sur place")
    here.page.get_by_label("Tous les signataires du territoire").check(force=True)
    here.page.get_by_label("Territoire de comparaison").select_option("dt:strasbourg")
    here.page.get_by_label("Ce qui est mesuré").select_option("emploi")
    for label, value in (
        ("Valeur de départ, en", "33"),
        ("Cible, en", "43"),
        ("Début de l’expérimentation", "2026-04-01"),
        ("Dernière signature", "2026-09-30"),
        ("Date de mesure", "2026-10-15"),
    ):
        here.page.get_by_label(label).fill(value)
    here.page.get_by_role("button", name="Déclarer, sans retour").click()
    expect(here.page.get_by_text("n’auraient pas été suivis 182 jours").first).to_be_visible()
    here.complaints.clear()  # Chromium tells the status of a refused form
    here.check("reperes-refus")
    here.page.get_by_label("Date de mesure").fill("2027-04-15")
    here.page.get_by_role("button", name="Déclarer, sans retour").click()
    expect(here.page.get_by_text("369 personnes dans chaque groupe")).to_be_visible()
    here.check("repere-declare")
    signed("metz", 600, 0.50, 2)
    signed("strasbourg", 700, 0.30, 3)
    with clock.frozen(clock.paris(DAY, 9)):
        later: Desk = desk("manager", width)
        later.page.goto("/chiffres/reperes/")
        later.page.get_by_role("link", name="Inscription sur place").click()
        later.page.get_by_role("button", name="Mesurer").click()
        later.page.get_by_text("Les deux groupes se ressemblent-ils ?").click()
        later.check("repere-mesure")
        later.page.goto("/chiffres/reperes/")
        later.check("reperes")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_quarter_on_shortage_occupations_beside_the_one_before(desk, shared_world, width):
    told = (("G1602", 10, 8), ("G1602", 7, 12), ("N1105", 7, 3), ("K1304", 10, 6))
    with transaction.atomic():
        for rank, (occupation, month, posts) in enumerate(told):
            record(
                FactKind.NEED_OPENED,
                actor=SYSTEM,
                occurred_on=dt.date(2025, month, 1 + rank),
                subject=uuid.uuid4(),
                direction="metz",
                data={"occupation": occupation, "posts": posts, "level": "A1", "shortage": True, "department": "57"},
            )
    services.refresh()
    state: Desk = desk("department", width)
    state.page.goto("/remontees/preparer/?remontee=metiers-en-tension&territoire=department:57&periode=2025-T4")
    state.check("remontee-evolution")
    expect(state.page.get_by_role("columnheader", name="Évolution").first).to_be_visible()
