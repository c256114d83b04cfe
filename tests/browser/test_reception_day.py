"""A whole reception day in the browser, from the spreadsheet to the monthly return."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pypdf
import pytest
from playwright.sync_api import expect

from passerelles.core import clock
from passerelles.people.models import Registration
from passerelles.reception.models import Convocation, FirstAppointment, Session
from passerelles.reports.models import Return
from tests.exchange.files import messy

pytestmark = pytest.mark.browser


def person_row(page, name: str):
    return page.locator("tr", has=page.get_by_role("rowheader", name=name))


def choose(page, group: str, answer: str) -> None:
    page.get_by_role("group", name=group).get_by_text(answer, exact=True).click()


def hold_interview(here, name: str, situation: str, *, checks: bool = False, register: bool = False, at: str = ""):
    """One interview from the day screen and back to it."""
    page = here.page
    person_row(page, name).get_by_role("button", name="Entretien").click()
    page.get_by_text(situation).click()
    if checks:
        for group in ("Inscrite à France Travail", "Bénéficiaire du RSA", "Accompagnée par AGIR"):
            choose(page, group, "Non")
    if register:
        page.get_by_text("Inscrire maintenant").wait_for()
        page.get_by_text("La personne accepte que le CIP").click()
        page.get_by_text("Inscription faite dans le système").click()
        page.get_by_label("Agence").select_option(label="France Travail Metz-Queuleu")
        page.get_by_label("Date", exact=True).fill(at)
        page.get_by_label("Heure", exact=True).fill("10:00")
        page.get_by_text("Le CIP accompagnera").click()
    page.get_by_role("button", name="Terminer").click()
    back_on_the_day(page)


def back_on_the_day(page) -> None:
    page.get_by_role("heading", level=1, name="Séance du").wait_for()


def test_the_day_from_the_file_to_the_return(desk, shared_world, tmp_path):
    world = shared_world
    tomorrow = world.day + dt.timedelta(days=1)
    liste = tmp_path / "convocations.xlsx"
    liste.write_bytes(messy(tomorrow))

    # The day before, the CIP drops the file: 14 lines, 2 rejected.
    first = desk("cip", by_hand=True)
    page = first.page
    page.goto("/fichiers/deposer/")
    page.locator("#id_file").set_input_files(liste)
    page.get_by_role("button", name="Lire le fichier").click()
    first.check("fichier-colonnes")
    page.get_by_role("button", name="Contrôler le fichier").click()
    expect(page.get_by_text("12 ligne(s) prête(s), 2 rejetée(s)")).to_be_visible()
    first.check("fichier-controle")
    page.get_by_role("button", name="Importer les 12 lignes prêtes").click()
    expect(page.get_by_text("12 nouvelles")).to_be_visible()
    session = Session.objects.get()

    with clock.frozen(clock.paris(tomorrow, 9, 5)):
        # Two desks open the session; the collective talk is held.
        session.desks.create(number=2, label="Bureau 2")
        second = desk("cip_two")
        for here in (first, second):
            here.page.goto(f"/accueil/seances/{session.pk}")
        page.get_by_text("Présentation collective : à tenir").click()
        page.get_by_label("Durée (minutes)").fill("14")
        for message in page.get_by_role("group", name="Messages délivrés").locator("label").all():
            message.click()
        page.get_by_role("button", name="Enregistrer la présentation").click()
        expect(page.get_by_text("14 minutes, 5 messages sur 5")).to_be_visible()

        # Ten arrive, two do not, one comes without a convocation.
        people = list(Convocation.objects.select_related("person").order_by("slot"))
        absent, present = people[-2:], people[:-2]
        for convocation in present:
            row = person_row(page, str(convocation.person))
            row.get_by_role("button", name="Arrivée").click()
            row.get_by_text("Présente").wait_for()
        for convocation in absent:
            row = person_row(page, str(convocation.person))
            row.locator("summary").click()
            row.get_by_role("button", name="Noter l’absence").click()
            row.get_by_text("Absente").wait_for()
        first.check("seance")
        page.get_by_role("link", name="Personne sans convocation").click()
        page.get_by_role("textbox", name="Nom de famille").fill("Abdelli")
        page.get_by_role("textbox", name="Prénoms").fill("Yasmine")
        page.get_by_role("textbox", name="Date de naissance").fill("1960-02-03")
        page.get_by_text("Femme", exact=True).click()
        page.get_by_role("button", name="Recevoir cette personne").click()
        expect(page.get_by_text("Sans convocation", exact=True)).to_be_visible()

        # The same person at two desks at once: one writes, the other is told who and keeps what they typed.
        disputed = str(present[0].person)
        second.page.goto(f"/accueil/seances/{session.pk}")
        person_row(page, disputed).get_by_role("button", name="Entretien").click()
        person_row(second.page, disputed).get_by_role("button", name="Entretien").or_(
            person_row(second.page, disputed).get_by_role("link", name="Reprendre")
        ).first.click()
        page.get_by_text("En emploi, CDI").click()
        page.locator(".rec-saved").wait_for()
        second.page.get_by_text("En emploi, CDD").click()
        conflict = second.page.locator("#etat")
        conflict.get_by_text("Votre saisie est conservée").wait_for()
        expect(conflict).to_contain_text("Agent cip a enregistré cette fiche")
        expect(second.page.get_by_role("radio", name="En emploi, CDD")).to_be_checked()
        first.check("entretien")
        page.get_by_role("button", name="Terminer").click()
        back_on_the_day(page)

        # Four are registered and get a first appointment; the others work, learn or study.
        next_week = tomorrow + dt.timedelta(days=7)
        for convocation in present[1:5]:
            hold_interview(first, str(convocation.person), "Sans emploi", checks=True, register=True, at=f"{next_week}")
        second.page.goto(f"/accueil/seances/{session.pk}")
        for convocation, situation in zip(present[5:], ["CDD", "En formation", "Étudiant", "CDI", "CDD"], strict=True):
            hold_interview(second, str(convocation.person), situation)
        page.goto(f"/accueil/seances/{session.pk}")
        hold_interview(first, "ABDELLI", "En emploi, CDI")
        page.get_by_role("button", name="Clôturer la séance").click()
        expect(page.get_by_text("Clôturée").first).to_be_visible()
    assert Registration.objects.count() == 4

    with clock.frozen(clock.paris(next_week, 15)):
        # One appointment is attended, with the CIP; the return of the month is there.
        page.goto("/accueil/rendez-vous?etat=sans_reponse")
        first.check("rendez-vous")
        attended = FirstAppointment.objects.select_related("person").order_by("fixed_for", "pk").first()
        row = person_row(page, str(attended.person))
        row.get_by_label("Accompagnée").select_option("oui")
        row.get_by_role("button", name="Honoré").click()
        page.goto("/remontees/mois/?mois=2026-03&dt=metz")
        first.check("remontee-du-mois")

    with clock.frozen(clock.paris(dt.date(2026, 3, 31), 18)):
        page.goto("/remontees/mois/?mois=2026-03&dt=metz")
        page.get_by_role("button", name="Établir").first.click()
        page.wait_for_url("**/remontees/*-*/")
        drafted = Return.objects.get()
        administrator = desk("admin")
        administrator.page.goto(f"/remontees/{drafted.pk}/")
        administrator.page.get_by_role("button", name="Valider cette version").click()
        administrator.check("remontee")
        page.goto(f"/remontees/{drafted.pk}/")
        page.get_by_role("button", name="Envoyer aux destinataires").click()
        files = {}
        for label, name in (("CSV", "csv"), ("Classeur XLSX", "xlsx"), ("PDF", "pdf")):
            with page.expect_download() as waiting:
                page.get_by_role("link", name=label, exact=True).click()
            files[name] = Path(waiting.value.path()).read_bytes()
        drafted.refresh_from_db()
        assert drafted.status == "sent"
    assert totals_of(files["csv"]) == {"M1": 4, "M2": 0, "M3": 0, "M4": 1}
    assert bytes(drafted.content) == files["csv"]
    workbook = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    data = list(workbook["Données"].iter_rows(min_row=2, values_only=True))
    assert sum(int(row[-1]) for row in data) == 5
    pdf = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "mars 2026" in pdf.pages[0].extract_text()


def totals_of(content: bytes) -> dict[str, int]:
    """Sum of each official indicator in the CSV of the return."""
    totals: dict[str, int] = {}
    for line in csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"):
        code = line["indicateur"][:2]
        totals[code] = totals.get(code, 0) + int(line["valeur"])
    return totals
