"""What was entered by mistake is taken back, an appointment is cancelled then fixed again: seen wide and narrow."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.people.models import Person
from passerelles.reception.models import Convocation, FirstAppointment
from passerelles.reception.services import appointments, attendance

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_a_mistake_at_the_door_is_taken_back(desk, shared_world, width):
    world = shared_world
    session = world.session()
    world.convoked(session, 2)
    attendance.welcome_walk_in(world.cip, session.pk, family_name="Nazari", given_names="Omid", sex="H")
    here = desk("cip", width)
    here.page.goto(f"/accueil/seances/{session.pk}")
    here.check("retirer-seance")
    here.page.get_by_role("link", name="Retirer (saisie par erreur)").click()
    here.check("retirer-page")
    here.page.get_by_role("button", name="Retirer de la séance").click()
    here.page.get_by_text("La fiche créée à l’accueil est retirée aussi").wait_for()
    here.check("retirer-fait")
    assert Convocation.objects.count() == 2
    assert not Person.objects.filter(family_name="Nazari").exists()


@pytest.mark.parametrize("width", [1280, 360])
def test_an_appointment_is_cancelled_then_fixed_again(desk, shared_world, width):
    world = shared_world
    session = world.session()
    for convocation in world.convoked(session, 2):
        appointments.fix_appointment(
            world.cip,
            person=convocation.person,
            organisation=world.agency,
            fixed_for=clock.paris(world.day + dt.timedelta(days=3), 14, 30),
            session=session,
        )
    here = desk("cip", width)
    page = here.page
    page.goto("/accueil/rendez-vous")
    here.check("annuler-liste")
    page.get_by_role("link", name="Annuler").first.click()
    page.get_by_role("button", name="Annuler le rendez-vous").click()
    page.get_by_text("Choisissez le motif").first.wait_for()
    here.complaints.clear()  # the console notes the answer 400
    here.check("annuler-page")
    page.get_by_text("Créneau fermé par l’agence").click()
    page.get_by_role("button", name="Annuler le rendez-vous").click()
    page.get_by_text(" annulé.").wait_for()
    page.goto("/accueil/rendez-vous?etat=annules")
    here.check("annules-liste")
    page.get_by_role("link", name="Fixer un nouveau rendez-vous").click()
    page.get_by_label("Agence").select_option(label="France Travail Thionville")
    page.get_by_label("Date", exact=True).fill("2026-03-20")
    page.get_by_label("Heure", exact=True).fill("10:00")
    here.check("nouveau-rendez-vous")
    page.get_by_role("button", name="Fixer le rendez-vous").click()
    page.get_by_text("Nouveau rendez-vous de").wait_for()
    new = FirstAppointment.objects.get(status="fixed", replaces__isnull=False)
    assert (new.organisation, new.replaces.cancel_reason) == (world.other_agency, "slot_closed")
