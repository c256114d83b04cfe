"""The screens of the pathway: what each role sees, what a form does, how many queries a page costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.pathway.models import Document, FollowUp, Meeting, Recognition, Training
from passerelles.pathway.services import documents, meetings, recognitions, trainings
from passerelles.reception.services.appointments import fix_appointment
from tests.browsing import sign_in

TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def person(world, signatory):
    return signatory()


@pytest.fixture
def sent(world, person):
    """The same person, with a first appointment at the agency."""
    fix_appointment(
        world.cip, person=person, organisation=world.agency, fixed_for=clock.paris(dt.date(2026, 3, 16), 10)
    )
    return person


def text(visitor, address: str, status: int = 200) -> str:
    answer = visitor.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def post(visitor, address: str, status: int = 302, **data) -> str:
    answer = visitor.post(address, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_the_person_page_leads_to_the_pathway_and_the_timeline(client, world, person):
    page = text(sign_in(client, world, "auditor"), f"/personnes/{person.pk}/")
    assert f"/parcours/{person.pk}/" in page and f"/parcours/{person.pk}/chronologie/" in page


def test_an_auditor_prescribes_by_answering_the_one_question(client, world, person):
    visitor = sign_in(client, world, "auditor")
    address = f"/parcours/{person.pk}/prescrire/"
    assert "sait-elle lire et écrire" in text(visitor, address)
    page = text(visitor, f"{address}?langue.lecteur_scripteur=oui")
    assert "Licence individuelle de 12 mois" in page and "La règle" in page
    post(visitor, address, course="langue.numerique_2025|", **{"langue.lecteur_scripteur": "oui"})
    training = Training.objects.get()
    assert (training.path, training.compulsory) == ("digital", False)
    page = text(visitor, f"/parcours/{person.pk}/")
    assert "licence jusqu’au 09/03/2027" in page and "Prescrire une formation linguistique" not in page


def test_a_course_that_the_rules_do_not_give_is_refused_on_the_same_page(client, world, person):
    visitor = sign_in(client, world, "auditor")
    page = post(visitor, f"/parcours/{person.pk}/prescrire/", 400, course="langue.parcours_2019|200",
                **{"langue.lecteur_scripteur": "oui"})  # fmt: skip
    assert "Ce parcours n’est pas permis." in page
    assert not Training.objects.exists()


def test_whoever_is_dispensed_reads_why(client, world, signatory):
    person = signatory(written="B1", oral="B1")
    page = text(sign_in(client, world, "auditor"), f"/parcours/{person.pk}/prescrire/")
    assert "dispense de formation linguistique" in page and "Choisissez le parcours" not in page


def test_the_civic_training_from_prescription_to_its_last_day(client, world, person):
    visitor = sign_in(client, world, "auditor")
    assert "24 heures" in text(visitor, f"/parcours/{person.pk}/prescrire/civique/")
    post(visitor, f"/parcours/{person.pk}/prescrire/civique/")
    training = Training.objects.get(kind="civic")
    post(visitor, f"/parcours/formations/{training.pk}/journees/", on="2026-03-10", days="4")
    training.refresh_from_db()
    assert training.status == "completed"
    page = post(visitor, f"/parcours/formations/{training.pk}/journees/", 400, on="2026-03-10", days="4")
    assert "fr-error-text" in page or "fr-alert--error" in page


def test_a_course_is_begun_ended_given_up_and_cancelled_from_the_page(client, world, person):
    visitor = sign_in(client, world, "auditor")
    training = trainings.prescribe_language(
        world.auditor, person.pk, rule="langue.presentiel_2025", hours=600, prescribed_on=TODAY,
        answers={"langue.lecteur_scripteur": False},
    )  # fmt: skip
    base = f"/parcours/formations/{training.pk}/"
    post(visitor, f"{base}commencer/", on="2026-03-10")
    assert "on ne peut pas la commencer" in post(visitor, f"{base}commencer/", 400, on="2026-03-10")
    post(visitor, f"{base}terminer/", on="2026-03-10", result="dropped", hours_attended="12")
    post(visitor, f"{base}reprendre/", on="2026-03-10")
    post(visitor, f"{base}terminer/", on="2026-03-10", result="completed", hours_attended="590", written="A2",
         oral="A2", attained="oui")  # fmt: skip
    training.refresh_from_db()
    assert (training.status, training.written, training.hours_attended) == ("completed", "A2", 590)
    assert "on ne peut pas l’annuler" in post(visitor, f"{base}annuler/", 400, reason="erreur")


def test_an_end_of_cir_interview_from_the_page(client, world, person):
    visitor = sign_in(client, world, "auditor")
    post(visitor, f"/parcours/{person.pk}/rendez-vous/", kind="end_of_cir", date="2026-03-11", time="10:00")
    meeting = Meeting.objects.get()
    post(visitor, f"/parcours/rendez-vous/{meeting.pk}/reporter/", date="2026-03-12", time="10:00")
    meeting = Meeting.objects.get(status="fixed")
    with clock.frozen(clock.paris(dt.date(2026, 3, 12), 11)):
        assert "Enregistrer le bilan" in text(visitor, f"/parcours/{person.pk}/")
        post(
            visitor, f"/parcours/rendez-vous/{meeting.pk}/bilan/", situation="cdd", level="A2", wants_orientation="oui"
        )
        assert "nouvelle orientation souhaitée" in text(visitor, f"/parcours/{person.pk}/")


def test_an_adviser_notes_a_recognition_and_prescribes_nothing(client, world, sent):
    visitor = sign_in(client, world, "ft")
    page = text(visitor, f"/parcours/{sent.pk}/")
    assert "Noter une demande" in page and "Prescrire" not in page and "Documents et échéances" not in page
    post(visitor, f"/parcours/{sent.pk}/reconnaissance/", procedure="vae", regulated="non", requested_on="2026-03-09")
    asked = Recognition.objects.get()
    assert asked.organisation == world.agency
    post(visitor, f"/parcours/reconnaissances/{asked.pk}/reponse/", result="partly", answered_on="2026-03-10")
    assert "reconnue en partie" in text(visitor, f"/parcours/{sent.pk}/")
    assert visitor.get(f"/parcours/{sent.pk}/prescrire/").status_code == 403
    assert visitor.get(f"/parcours/{sent.pk}/document/").status_code == 403


def test_a_request_is_given_up_and_taken_up_again(client, world, person):
    visitor = sign_in(client, world, "auditor")
    asked = recognitions.request_recognition(
        world.auditor, person.pk, procedure="vae", requested_on=TODAY, regulated=False
    )
    post(visitor, f"/parcours/reconnaissances/{asked.pk}/abandonner/")
    post(visitor, f"/parcours/reconnaissances/{asked.pk}/reprendre/")
    asked.refresh_from_db()
    assert asked.status == "requested"
    post(visitor, f"/parcours/reconnaissances/{asked.pk}/reprendre/")
    assert "on ne peut pas la reprendre" in text(visitor, f"/parcours/{person.pk}/")


def test_a_document_raises_its_alert_which_is_taken_postponed_and_treated(client, world, signatory):
    person = signatory(birth_date=dt.date(1955, 6, 1))
    visitor = sign_in(client, world, "auditor")
    post(visitor, f"/parcours/{person.pk}/document/", kind="api", expires_on="2026-04-01")
    assert Document.objects.get().kind == "api"
    alert = FollowUp.objects.get()
    page = text(visitor, "/parcours/a-suivre/")
    assert "bientôt" in page and "Je m’en occupe" in page
    post(visitor, f"/parcours/a-suivre/{alert.pk}/prendre/")
    assert "Je m’en occupe" not in text(visitor, "/parcours/a-suivre/?pour=a_moi")
    assert "jour à venir" in post(visitor, f"/parcours/a-suivre/{alert.pk}/reporter/", 400, to="2026-03-01")
    post(visitor, f"/parcours/a-suivre/{alert.pk}/reporter/", to="2026-03-20")
    assert "Rien à suivre ici" in text(visitor, "/parcours/a-suivre/")
    post(visitor, f"/parcours/a-suivre/{alert.pk}/traiter/", treatment="renewed")
    assert "Alerte traitée (document bientôt échu) : démarche engagée." in text(
        visitor, f"/parcours/{person.pk}/chronologie/"
    )


@pytest.mark.parametrize("short", ["region", "department", "nation", "admin", "tester", "trainer", "employer"])
def test_whoever_sees_no_person_has_no_pathway(client, world, person, short):
    visitor = sign_in(client, world, short)
    for address in (f"/parcours/{person.pk}/", f"/parcours/{person.pk}/chronologie/", "/parcours/a-suivre/"):
        assert visitor.get(address).status_code == 403


@pytest.mark.parametrize("short", ["auditor_elsewhere", "cip", "ft", "agir"])
def test_a_person_out_of_scope_does_not_exist(client, world, person, short):
    visitor = sign_in(client, world, short)
    for address in (f"/parcours/{person.pk}/", f"/parcours/{person.pk}/chronologie/"):
        assert visitor.get(address).status_code == 404


def test_the_timeline_says_when_it_shows_only_what_was_transmitted(client, world, sent):
    assert "ce qui a été transmis à votre organisme" in text(
        sign_in(client, world, "ft"), f"/parcours/{sent.pk}/chronologie/"
    )


def test_pages_cost_a_fixed_number_of_queries(client, world, signatory):
    visitor = sign_in(client, world, "auditor")
    counts = []
    for size in (1, 5):
        person = signatory()
        for number in range(size):
            documents.note_document(
                world.auditor, signatory().pk, kind="api", expires_on=TODAY + dt.timedelta(days=20 + number)
            )
            recognition = recognitions.request_recognition(
                world.auditor, person.pk, procedure="vae", requested_on=TODAY, regulated=False
            )
            recognitions.abandon_recognition(world.auditor, recognition.pk)
            meeting = meetings.fix_meeting(
                world.auditor, person.pk, kind="assessment", fixed_for=clock.paris(dt.date(2026, 3, 20), 9)
            )
            meetings.cancel_meeting(world.auditor, meeting.pk)
        found = []
        for address in (f"/parcours/{person.pk}/", f"/parcours/{person.pk}/chronologie/", "/parcours/a-suivre/"):
            with CaptureQueriesContext(connection) as queries:
                text(visitor, address)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15, counts
