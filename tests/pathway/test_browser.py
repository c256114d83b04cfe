"""The screens of the pathway in a browser, wide and on a telephone: axe, console, width, a picture of each."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from passerelles.core import clock
from passerelles.pathway.models import FollowUp
from passerelles.pathway.services import documents, exams, meetings, recognitions, trainings
from passerelles.people.services import record_assessment, sign_contract
from passerelles.reception.services.appointments import fix_appointment

pytestmark = pytest.mark.browser


def followed(world):
    """A person with something of everything."""
    person = world.person(postcode="57000", motive="FAMILIAL")
    signed = dt.date(2025, 9, 8)
    sign_contract(world.auditor, person, signed_on=signed, number="CIR-2025-0042")
    record_assessment(world.auditor, person, assessed_on=signed, written="A1.1", oral="A1", overall="A1.1")
    answers = {"langue.lecteur_scripteur": True}
    course = trainings.prescribe_language(
        world.auditor, person.pk, rule="langue.numerique_2025", prescribed_on=signed, answers=answers,
        provider=world.training_body,
    )  # fmt: skip
    trainings.start_training(world.auditor, course.pk, on=dt.date(2025, 9, 22))
    civic = trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=signed, provider=world.training_body)
    trainings.attend_civic(world.auditor, civic.pk, days=3, on=dt.date(2025, 11, 5))
    wrong = recognitions.request_recognition(
        world.auditor, person.pk, procedure="vae", requested_on=signed, regulated=False, title="Couture"
    )
    recognitions.abandon_recognition(world.auditor, wrong.pk)
    recognitions.resume_recognition(world.auditor, wrong.pk)
    meetings.fix_meeting(
        world.auditor, person.pk, kind="end_of_cir", fixed_for=clock.paris(dt.date(2026, 3, 24), 10), place="Bureau 12"
    )
    documents.note_document(world.auditor, person.pk, kind="csp", expires_on=dt.date(2026, 4, 2))
    for day, passed in ((dt.date(2026, 2, 3), False), (dt.date(2026, 3, 3), True)):
        exams.note_exam(world.auditor, person.pk, purpose="multi_year_card", taken_on=day, passed=passed)
    documents.note_document(world.auditor, person.pk, kind="driving_licence", expires_on=dt.date(2026, 9, 8))
    fix_appointment(
        world.cip, person=person, organisation=world.agency, fixed_for=clock.paris(dt.date(2026, 3, 16), 10)
    )
    return person


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pathway_is_accessible_silent_and_fits(desk, shared_world, width):
    person = followed(shared_world)
    newcomer = shared_world.person(postcode="57000")
    sign_contract(shared_world.auditor, newcomer, signed_on=shared_world.day)
    record_assessment(
        shared_world.auditor, newcomer, assessed_on=shared_world.day, written="A1.1", oral="A1", overall="A1.1"
    )
    alert = FollowUp.objects.get(person=person, kind="document")
    here = desk("auditor", width)
    for name, address in (
        ("parcours", f"/parcours/{person.pk}/"),
        ("chronologie", f"/parcours/{person.pk}/chronologie/"),
        ("a-suivre", "/parcours/a-suivre/"),
        ("traiter-alerte", f"/parcours/a-suivre/{alert.pk}/traiter/"),
        ("prescrire-question", f"/parcours/{newcomer.pk}/prescrire/"),
        ("prescrire", f"/parcours/{newcomer.pk}/prescrire/?langue.lecteur_scripteur=non"),
        ("reconnaissance", f"/parcours/{person.pk}/reconnaissance/"),
        ("fixer-rendez-vous", f"/parcours/{person.pk}/rendez-vous/"),
        ("noter-examen", f"/parcours/{person.pk}/examen-civique/"),
        ("simulations", "/regles/simulations/"),
        ("simulation", "/regles/simulations/inscription-automatique-2027/"),
    ):
        assert here.page.goto(address).status == 200, address
        here.check(name)
    receiver = desk("ft", width)
    receiver.page.goto(f"/parcours/{person.pk}/chronologie/")
    receiver.check("chronologie-recue")
    body = desk("trainer", width)
    for name, address in (
        ("stagiaires", "/parcours/stagiaires/?etat=en_cours"),
        ("journees-civiques", f"/parcours/formations/{person.trainings.get(kind='civic').pk}/journees/"),
    ):
        assert body.page.goto(address).status == 200, address
        body.check(name)


def test_a_prescription_made_with_the_keyboard_alone(desk, shared_world):
    """The open question, the course, the prescription: Tab, arrows, Enter."""
    person = shared_world.person(postcode="57000")
    sign_contract(shared_world.auditor, person, signed_on=shared_world.day)
    record_assessment(
        shared_world.auditor, person, assessed_on=shared_world.day, written="A1.1", oral="A1", overall="A1.1"
    )
    page = desk("auditor").page
    page.goto(f"/parcours/{person.pk}/prescrire/")
    page.get_by_label("La personne sait-elle lire et écrire").focus()
    page.keyboard.type("Non")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/prescrire/?langue.lecteur_scripteur=non")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Prescrire").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/parcours/{person.pk}/")
    expect(page.locator("main")).to_contain_text("Formation en présentiel, 600 heures")
