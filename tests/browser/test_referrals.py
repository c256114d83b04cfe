"""The screens of referrals as agents use them: send, answer, book, settle. Pictures are kept to be looked at."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from passerelles.core import clock
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import Channel, Party
from passerelles.referrals.services import appointments, places, sending
from passerelles.referrals.speakers import Outsider

pytestmark = pytest.mark.browser


def refer(world, person, **values):
    service = places.default_service(world.agency)
    given = {"purpose": "employment", "basis": "public_mission", "service_id": service.pk}
    return sending.refer(world.auditor, person_id=person.pk, **(given | values))


@pytest.mark.parametrize("width", [1280, 360])
def test_an_auditor_sends_a_person_after_seeing_what_leaves(desk, shared_world, width):
    world = shared_world
    person = world.person(phone="+33199000001", city="Metz", postcode="57000", nationality="TJ", language="rus")
    here = desk("auditor", width=width)
    page = here.page
    page.goto(f"/personnes/{person.pk}")
    here.check(f"orientation-fiche-{width}")
    page.get_by_role("link", name="Orienter", exact=True).click()
    page.get_by_label("Besoin").select_option("employment")
    page.get_by_label("Organisme ou service").select_option(label="France Travail Metz-Queuleu")
    page.get_by_label("Message à l’organisme").fill("Cherche un poste en cuisine, disponible le matin.")
    page.get_by_role("button", name="Voir ce qui sera transmis").click()
    expect(page.get_by_text("pas de référent primo-arrivants en fonction")).to_be_visible()
    here.check("orientation-apercu")
    page.get_by_role("button", name="Envoyer malgré tout").click()
    expect(page.get_by_text("L’orientation est envoyée")).to_be_visible()
    here.check("orientation-envoyee")
    page.goto("/orientations/envoyees")
    here.check("orientations-envoyees")


@pytest.mark.parametrize("width", [1280, 360])
def test_an_agency_answers_from_its_queue(desk, shared_world, width):
    world = shared_world
    referral = refer(world, world.person(city="Metz"))
    late = refer(world, world.person())
    Referral.objects.filter(pk=late.pk).update(stage="reminded", next_on=dt.date(2026, 3, 12))
    here = desk("ft", width=width)
    page = here.page
    page.goto("/orientations/recues")
    here.check("orientations-recues")
    page.get_by_role("link", name=str(referral.person)).click()
    here.check("orientation-recue")
    page.get_by_text("Donner un rendez-vous", exact=True).first.click()
    page.get_by_label("Date", exact=True).fill("2026-03-16")
    page.get_by_label("Heure").fill("10:30")
    page.get_by_label("À apporter").fill("CIR et pièce d’identité")
    here.check("orientation-rendez-vous")
    page.get_by_role("button", name="Donner un rendez-vous").click()
    expect(page.get_by_text("c’est enregistré")).to_be_visible()
    here.check("orientation-fixee")
    page.goto("/orientations/places")
    page.get_by_label("Semaine du").fill("2026-03-16")
    page.get_by_label("Places", exact=True).fill("4")
    page.get_by_role("button", name="Publier la semaine").click()
    here.check("orientation-places")


def test_the_sender_books_a_published_slot_and_settles_a_contradiction(desk, shared_world):
    world = shared_world
    service = places.default_service(world.agency)
    slots = [clock.paris(dt.date(2026, 3, 12), hour) for hour in (9, 10, 14)]
    places.publish_slots(world.ft, service.pk, starts=slots, places=2)
    referral = refer(world, world.person())
    here = desk("manager")
    page = here.page
    page.goto(f"/orientations/{referral.pk}")
    here.check("orientation-creneaux")
    page.get_by_role("button", name="12/03 à 9").click()
    expect(page.get_by_text("La place est prise")).to_be_visible()
    with clock.frozen(clock.paris(dt.date(2026, 3, 12), 18)):
        appointments.declare_missed(world.ft, referral.pk, reason="no_news")
        appointments.declare_attended(Outsider(Party.PERSON, referral.pk, Channel.PAGE), referral.pk)
    page.goto("/orientations/envoyees?etat=toutes")
    page.get_by_role("link", name="Contradictions à trancher (1)").click()
    here.check("orientation-contradictions")
    page.get_by_role("button", name="Il a eu lieu").click()
    expect(page.get_by_text("tranchée")).to_be_visible()
    page.goto(f"/orientations/{referral.pk}")
    here.check("orientation-historique")
