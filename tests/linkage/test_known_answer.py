"""Already known? asked by a program: the minimal answer, in the log, and not more often than anybody records."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from passerelles.journal.models import Access
from passerelles.linkage import known_view
from tests.browsing import sign_in
from tests.linkage.lists import NUMBER

ADDRESS = reverse("linkage:already-known")
SAME = {"family_name": "Rakotomalala", "given_names": "Voahangy", "birth_date": dt.date(1988, 7, 23), "sex": "F"}
ASKED = {**SAME, "given_names": "Voahangi", "birth_date": "1988-07-23"}


@pytest.fixture(autouse=True)
def _nobody_asked():
    cache.clear()


def test_the_record_in_scope_and_its_probability(client, world):
    person = world.person(**SAME)
    answer = sign_in(client, world, "auditor").post(ADDRESS, ASKED)
    told = answer.json()
    assert (told["known"], told["elsewhere"]) == (True, False)
    assert [each["record"] for each in told["records"]] == [reverse("web:person", args=[person.pk])]
    assert 0.5 < told["records"][0]["probability"] <= 1
    assert "Rakotomalala" not in answer.content.decode()
    noted = Access.objects.filter(actor_id=world.auditor.agent_id, purpose__startswith="déjà connue").get()
    assert noted.people == [person.pk]


def test_of_somebody_elsewhere_only_that_they_exist(client, world):
    world.person(world.auditor_elsewhere, direction="strasbourg", identifiers={"agdref": NUMBER}, **SAME)
    told = sign_in(client, world, "cip").post(ADDRESS, ASKED | {"foreigner_number": NUMBER}).json()
    assert told == {"known": True, "records": [], "elsewhere": True}


def test_nobody_alike(client, world):
    told = sign_in(client, world, "auditor").post(ADDRESS, ASKED).json()
    assert told == {"known": False, "records": [], "elsewhere": False}


@pytest.mark.parametrize(("short", "status"), [("ft", 403), ("agir", 403), ("region", 403), ("tester", 403)])
def test_those_who_create_nobody_do_not_ask(client, world, short, status):
    assert sign_in(client, world, short).post(ADDRESS, ASKED).status_code == status


def test_a_description_that_cannot_be_read_is_told(client, world):
    visitor = sign_in(client, world, "auditor")
    answer = visitor.post(ADDRESS, ASKED | {"birth_date": "31/02/1990", "foreigner_number": "12"})
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"birth_date", "foreigner_number"}
    assert visitor.get(ADDRESS).status_code == 405


def test_a_list_cannot_be_asked_one_by_one(client, world, monkeypatch):
    monkeypatch.setattr(known_view, "MOST_ASKED", 2)
    visitor = sign_in(client, world, "auditor")
    assert [visitor.post(ADDRESS, ASKED).status_code for _ in range(3)] == [200, 200, 429]
