"""Search first: a person is found by what one heard, within the scope, and every look-up is in the log (K-004)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.journal.models import Access
from passerelles.linkage.queries.look_up import elsewhere, near
from passerelles.linkage.services import profiles
from tests.browsing import sign_in

BORN = dt.date(1991, 11, 3)
PEOPLE = {
    "amine": {"family_name": "Ben Salah", "given_names": "Mohamed Amine", "birth_date": BORN, "sex": "H"},
    "oleksandr": {"family_name": "Shevchenko", "given_names": "Oleksandr", "birth_date": BORN, "sex": "H"},
    "zhang": {"family_name": "Zhang", "given_names": "Xiaoming", "birth_date": dt.date(1988, 2, 1), "sex": "F"},
    "married": {"family_name": "Diarra", "birth_name": "Coulibaly", "given_names": "Aïssatou", "birth_date": BORN},
}


@pytest.fixture
def people(world):
    made = {name: world.person(**values) for name, values in PEOPLE.items()}
    profiles.refresh_all()
    return made


def found(world, text, actor=None):
    return [each.person for each in near(actor or world.auditor, text, on=world.day)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("muhammad amin bensalah", "amine"),
        ("bensalah mohammed", "amine"),
        ("محمد", "amine"),
        ("ben salah muhamed 03/11/1991", "amine"),
        ("ben salah mohamed youssef amine", "amine"),
        ("chevtchenko oleksander", "oleksandr"),
        ("Шевченко Олександр", "oleksandr"),
        ("shevchenko 1991", "oleksandr"),
        ("jang xiaoming", "zhang"),
        ("Kulibali aissata", "married"),
        ("aissatou diara", "married"),
    ],
)
def test_a_person_is_found_by_ear(world, people, text, name):
    assert found(world, text)[:1] == [people[name]]


@pytest.mark.parametrize(
    "text", ["", "  ", "el", "1991", "petrosyan", "shevchenko 1975", "ben salah 04/12/1970", "xx", "%", "'"]
)
def test_nobody_is_found_by_something_else(world, people, text):
    assert found(world, text) == []


def test_the_closest_comes_first_and_says_why(world, people):
    twin = world.person(family_name="Chevchenko", given_names="Oleksandr", birth_date=BORN, sex="H")
    profiles.refresh_all()
    told = near(world.auditor, "shevchenko oleksandr", on=world.day)
    assert [each.person for each in told] == [people["oleksandr"], twin]
    assert [each.why for each in told] == ["mêmes noms", "orthographe proche de « shevchenko »"]


def test_the_policy_narrows_what_sounds_alike(world, people):
    assert found(world, "chevtchenko", world.auditor_elsewhere) == []
    assert found(world, "chevtchenko", world.cip) == []
    assert found(world, "chevtchenko", world.ft) == []
    convoked = world.convoked(world.session(), **PEOPLE["oleksandr"])[0].person
    profiles.refresh_all()
    assert found(world, "chevtchenko", world.cip) == [convoked]


def test_of_somebody_outside_the_scope_one_learns_only_that_they_exist(client, world, people):
    visitor = sign_in(client, world, "auditor_elsewhere")
    text = visitor.get(reverse("web:persons"), {"q": "chevtchenko oleksandr 03/11/1991"}).content.decode()
    assert "est suivie hors de votre périmètre" in text
    assert str(people["oleksandr"]) not in text
    assert str(people["oleksandr"].pk) not in text
    noted = Access.objects.filter(actor_id=world.auditor_elsewhere.agent_id).first()
    assert (noted.people, noted.purpose) == ([people["oleksandr"].pk], "recherche de personnes")


@pytest.mark.parametrize("text", ["chevtchenko", "chevtchenko oleksandr", "chevtchenko oleksandr 04/11/1991"])
def test_a_name_alone_tells_nothing_of_those_outside_the_scope(world, people, text):
    assert elsewhere(world.auditor_elsewhere, text, on=world.day) == []


def test_a_partner_is_never_told_of_others(world, people):
    assert elsewhere(world.ft, "chevtchenko oleksandr 03/11/1991", on=world.day) == []


def test_the_page_shows_exact_names_then_those_that_sound_alike(client, world, people):
    twin = world.person(family_name="Chevchenko", given_names="Oleksandr", birth_date=BORN, sex="H")
    profiles.refresh_all()
    visitor = sign_in(client, world, "auditor")
    page = visitor.get(reverse("web:persons"), {"q": "shevchenko"})
    assert [each.pk for each in page.context["page"]] == [people["oleksandr"].pk]
    assert [each.person for each in page.context["alike"]] == [twin]
    assert set(Access.objects.first().people) == {people["oleksandr"].pk, twin.pk}


def test_the_number_of_queries_does_not_depend_on_the_number_found(world, django_assert_num_queries):
    for count in (1, 5):
        for _ in range(count):
            world.person(**PEOPLE["oleksandr"])
        profiles.refresh_all()
        with django_assert_num_queries(1):
            near(world.auditor, "chevtchenko", on=world.day)
