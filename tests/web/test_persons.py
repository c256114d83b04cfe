"""Finding a person, reading their file, correcting it: who may, and what each role sees (A.6)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.journal.models import Access
from passerelles.people import services as people
from passerelles.people.models import Person
from passerelles.people.queries import search
from passerelles.reception.services import attendance, interviews
from tests.browsing import sign_in
from tests.world import ACTORS

READERS = {"auditor", "manager", "cip", "cip_two", "ft"}
WITHOUT_PERSONS = {"admin", "region", "department", "nation", "tester", "trainer", "employer"}


@pytest.fixture
def received(world) -> Person:
    """A person of DT Metz received by the operator, registered, and given a first appointment at Metz-Queuleu."""
    session = world.session()
    convocation = world.convoked(
        session,
        family_name="Côté-Ménage",
        given_names="Zaïnab Lucia",
        phone="+33612345678",
        nationality="TJ",
        motive="ASILE",
        language="fas",
        identifiers={"agdref": "0123456789"},
    )[0]
    person = convocation.person
    people.sign_contract(world.auditor, person, signed_on=world.day, number="CIR-57-1")
    people.record_assessment(world.auditor, person, assessed_on=world.day, written="A1", oral="A2", overall="A1")
    attendance.record_arrival(world.cip, convocation.pk)
    interview = interviews.start_interview(world.cip, convocation.pk)
    interviews.finish_interview(
        world.cip,
        interview.pk,
        version=interview.version,
        values={
            "situation": "none",
            "ft": False,
            "rsa": False,
            "agir": False,
            "occupation": "couturière",
            "barriers": ["language", "childcare"],
            "registered": True,
            "consent": True,
            "declared": {"phone": "+33611223344"},
            "appointment_with": world.agency,
            "appointment_at": clock.paris(world.day + dt.timedelta(days=7), 10),
            "accompaniment": True,
        },
    )
    return person


def names(actor, text: str, day: dt.date) -> list[str]:
    return [str(each) for each in search(actor, text, on=day)]


@pytest.mark.parametrize(
    "text",
    [
        "cote menage",
        "COTE",
        "Côté-Ménage",
        "zainab côté",
        "lucia zaïnab cote menage",
        "cote 12/04/1992",
        "12/04/1992",
        "1992-04-12",
        "0123456789",
        "01 23 45 67 89",
        "123456789",
    ],
)
def test_a_person_is_found_whatever_the_spelling(world, received, text):
    assert names(world.auditor, text, world.day) == ["CÔTÉ-MÉNAGE Zaïnab Lucia"]


@pytest.mark.parametrize("text", ["", " ", "cote 13/04/1992", "0123456780", "cote martin", "%", "_", "'", "31/31/1992"])
def test_nobody_is_found_by_something_else(world, received, text):
    assert names(world.auditor, text, world.day) == []


@pytest.mark.parametrize("short", sorted(set(ACTORS) - WITHOUT_PERSONS))
def test_the_search_keeps_to_the_scope_of_the_actor(world, received, short):
    found = names(world.actors[short], "0123456789", world.day) + names(world.actors[short], "cote", world.day)
    assert len(found) == (2 if short in READERS else 0)


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_a_file_exists_only_for_those_who_may_read_it(client, world, received, short):
    sign_in(client, world, short)
    status = client.get(f"/personnes/{received.pk}/").status_code
    assert status == (200 if short in READERS else 403 if short in WITHOUT_PERSONS else 404)


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_only_the_directorate_corrects_a_file(client, world, received, short):
    sign_in(client, world, short)
    status = client.get(f"/personnes/{received.pk}/corriger/").status_code
    expected = 200 if short in {"auditor", "manager"} else 404 if short == "auditor_elsewhere" else 403
    assert status == expected


def page_of(client, world, short: str, person: Person) -> str:
    sign_in(client, world, short)
    return client.get(f"/personnes/{person.pk}/").content.decode()


def test_the_auditor_reads_the_whole_file_but_not_who_read_it(client, world, received):
    page = page_of(client, world, "auditor", received)
    for text in (
        "0123456789",
        "CIR-57-1",
        "Asile",
        "A1",
        "Entretien du 10/03/2026",
        "mardi 17 mars 2026",
        "Couturi".lower(),
    ):
        assert text in page
    assert "Qui a consulté" not in page


def test_the_manager_reads_who_read_the_file(client, world, received):
    page_of(client, world, "ft", received)
    page = page_of(client, world, "manager", received)
    assert "Qui a consulté cette fiche" in page
    assert "Agent ft" in page
    assert "France Travail Metz-Queuleu" in page


def test_the_cip_reads_the_minimum(client, world, received):
    page = page_of(client, world, "cip", received)
    for text in ("+33612345678", "A1", "Sans emploi", "Entretien du 10/03/2026"):
        assert text in page
    for text in ("0123456789", "CIR-57-1", "Asile", "Qui a consulté", "Corriger la fiche"):
        assert text not in page


def test_the_agency_reads_the_transmitted_set_only(client, world, received):
    page = page_of(client, world, "ft", received)
    for text in ("+33612345678", "+33611223344", "couturière", "Langue, Garde d’enfants", "mardi 17 mars 2026", "A1"):
        assert text in page
    for text in (
        "0123456789",
        "CIR-57-1",
        "Asile",
        "Entretien du",
        "Situations",
        "Les Ponts de Moselle",
        "Qui a consulté",
    ):
        assert text not in page


def test_what_was_declared_without_agreement_stays(client, world):
    convocation = world.convoked(world.session())[0]
    attendance.record_arrival(world.cip, convocation.pk)
    interview = interviews.start_interview(world.cip, convocation.pk)
    interviews.finish_interview(
        world.cip,
        interview.pk,
        version=1,
        values={
            "situation": "none",
            "ft": True,
            "rsa": False,
            "agir": False,
            "declared": {"phone": "+33611223344"},
            "appointment_with": world.agency,
            "appointment_at": clock.paris(world.day + dt.timedelta(days=7), 10),
        },
    )
    page = page_of(client, world, "ft", convocation.person)
    assert "+33611223344" not in page


def test_every_reading_is_noted(client, world, received):
    sign_in(client, world, "cip")
    client.get("/personnes/?q=cote")
    client.get(f"/personnes/{received.pk}/")
    noted = Access.objects.filter(actor_id=world.cip.agent_id, action="read", people=[received.pk])
    assert set(noted.values_list("purpose", flat=True)) == {"recherche de personnes", "fiche de la personne"}


def test_looking_for_nobody_shows_nobody(client, world, received):
    sign_in(client, world, "auditor")
    before = Access.objects.count()
    page = client.get("/personnes/").content.decode()
    assert "Côté" not in page.replace("CÔTÉ", "Côté")
    assert "Tapez au moins un mot" in page
    assert Access.objects.count() == before


def test_an_empty_search_says_what_to_try_next(client, world):
    sign_in(client, world, "auditor")
    page = client.get("/personnes/?q=<b>personne</b>").content.decode()
    assert "&lt;b&gt;personne" in page
    assert "Essayez un seul mot" in page


def test_htmx_receives_the_results_alone(client, world, received):
    sign_in(client, world, "auditor")
    page = client.get("/personnes/?q=cote", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "CÔTÉ-MÉNAGE" in page


def form_of(person: Person, **changes) -> dict[str, str]:
    values = {
        "family_name": person.family_name,
        "given_names": person.given_names,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "nationality": person.nationality,
        "motive": person.motive,
        "language": person.language,
        "phone": person.phone,
    }
    return values | changes


def test_the_auditor_corrects_a_name_and_the_person_is_found_under_it(client, world, received):
    sign_in(client, world, "auditor")
    url = f"/personnes/{received.pk}/corriger/"
    answer = client.post(url, form_of(received, family_name="Durand", postcode="57000", city="metz"))
    assert answer["Location"] == f"/personnes/{received.pk}/"
    received.refresh_from_db()
    assert (received.family_name, received.commune_code) == ("Durand", "57463")
    assert names(world.auditor, "durand", world.day) == ["DURAND Zaïnab Lucia"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth_date": "2030-01-01"}, "Date de naissance impossible"),
        ({"phone": "12"}, "numéro de téléphone"),
        ({"family_name": ""}, "obligatoire"),
    ],
)
def test_a_correction_that_cannot_be_right_is_refused_and_kept_on_screen(client, world, received, changes, sentence):
    sign_in(client, world, "auditor")
    answer = client.post(f"/personnes/{received.pk}/corriger/", form_of(received, city="Ville saisie", **changes))
    page = answer.content.decode().lower()
    assert answer.status_code == 200
    assert sentence.lower() in page
    assert "ville saisie" in page
    received.refresh_from_db()
    assert received.family_name == "Côté-Ménage"


def test_the_list_costs_no_more_for_thirty_persons_than_for_three(client, world, django_assert_max_num_queries):
    """Rather less: whoever is written almost like that is looked for only when the page is not full of exact names."""
    for _ in range(3):
        world.person(given_names="Amina")
    sign_in(client, world, "auditor")
    client.get("/personnes/?q=amina")
    with CaptureQueriesContext(connection) as few:
        client.get("/personnes/?q=amina")
    for _ in range(30):
        world.person(given_names="Amina")
    with django_assert_max_num_queries(len(few)):
        page = client.get("/personnes/?q=amina").content.decode()
    assert "33 personnes" in page


def test_the_file_costs_the_same_with_a_short_and_a_long_history(client, world, received, django_assert_num_queries):
    sign_in(client, world, "manager")
    url = f"/personnes/{received.pk}/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    cost = len(few)
    for number in range(12):
        day = world.day - dt.timedelta(days=number + 1)
        people.observe_situation(world.auditor, received, kind="cdd", observed_on=day, source="essai")
        people.record_assessment(world.auditor, received, assessed_on=day, overall="A1")
    sign_in(client, world, "cip")
    client.get(url)
    sign_in(client, world, "manager")
    client.get(url)
    with django_assert_num_queries(cost):
        client.get(url)
