"""Somebody entered at the door by mistake is taken back from the screen of the session (C-021)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.core import clock
from passerelles.journal.models import Access
from passerelles.people.models import Person
from passerelles.reception.models import Convocation
from passerelles.reception.services import appointments, attendance, interviews
from tests.browsing import sign_in
from tests.house.test_pages import ALLOWED, WRITES

WITHDRAW = "reception:withdraw"
BUTTON = "Retirer (saisie par erreur)"


@pytest.fixture
def walk_in(world):
    return attendance.welcome_walk_in(
        world.cip, world.session().pk, family_name="Nazari", given_names="Omid", sex="H", needs_interpreter=True
    )


def session_page(visitor, convocation) -> str:
    return visitor.get(reverse("reception:session", args=[convocation.session_id])).content.decode()


@pytest.mark.parametrize(
    ("short", "status"),
    [
        ("cip", 200),
        ("cip_two", 200),
        ("auditor", 200),
        ("manager", 200),
        ("cip_elsewhere", 404),
        ("auditor_elsewhere", 404),
        ("tester", 403),
        ("ft", 403),
        ("region", 403),
        ("admin", 403),
    ],
)
def test_the_page_answers_each_role(client, world, walk_in, short, status):
    visitor = sign_in(client, world, short)
    address = reverse(WITHDRAW, args=[walk_in.pk])
    assert visitor.get(address).status_code == status
    answer = visitor.post(address, {"reason": "Saisie par erreur"})
    assert answer.status_code == (302 if status == 200 else status)
    assert Convocation.objects.exists() is (status != 200)


def test_the_page_says_that_the_record_made_at_the_door_leaves_too(client, world, walk_in):
    visitor = sign_in(client, world, "cip")
    address = reverse(WITHDRAW, args=[walk_in.pk])
    assert address in session_page(visitor, walk_in)
    assert "elle sera retirée aussi" in visitor.get(address).content.decode()
    assert Person.objects.filter(pk=walk_in.person_id).exists(), "reading the page writes nothing"
    done = visitor.post(address, {"reason": "homonyme"}, follow=True).content.decode()
    assert "est retirée de la séance. La fiche créée à l’accueil est retirée aussi." in done
    assert not Person.objects.filter(pk=walk_in.person_id).exists()
    assert visitor.get(address).status_code == 404
    noted = Access.objects.filter(people__contains=[walk_in.person_id]).values_list("purpose", flat=True)
    assert {"retirée de la séance", "fiche retirée"} <= set(noted)


def test_the_page_says_that_a_record_that_existed_is_kept(client, world):
    convocation = attendance.welcome_walk_in(world.cip, world.session().pk, person=world.person())
    visitor = sign_in(client, world, "cip")
    address = reverse(WITHDRAW, args=[convocation.pk])
    assert "Sa fiche est conservée" in visitor.get(address).content.decode()
    assert "Sa fiche est conservée." in visitor.post(address, {"reason": "homonyme"}, follow=True).content.decode()
    assert Person.objects.filter(pk=convocation.person_id).exists()


def test_reading_the_pages_of_correction_writes_nothing_but_the_access(client, world, walk_in):
    appointment = appointments.fix_appointment(
        world.cip,
        person=walk_in.person,
        organisation=world.agency,
        fixed_for=clock.paris(world.day + dt.timedelta(days=3), 14),
        session=walk_in.session,
    )
    visitor = sign_in(client, world, "cip")
    names = {WITHDRAW: walk_in, "reception:appointment-cancel": appointment, "reception:appointment-again": appointment}
    for name, row in names.items():
        before = Access.objects.filter(people__contains=[walk_in.person_id]).count()
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get(reverse(name, args=[row.pk])).status_code == 200
        written = {match[1] for query in asked if (match := WRITES.match(query["sql"]))}
        assert written <= ALLOWED, name
        assert len(asked) <= 15, name
        assert Access.objects.filter(people__contains=[walk_in.person_id]).count() == before + 1


def test_a_reason_is_compulsory(client, world, walk_in):
    answer = sign_in(client, world, "cip").post(reverse(WITHDRAW, args=[walk_in.pk]), {"reason": " "})
    assert answer.status_code == 400
    assert Convocation.objects.exists()


def test_the_button_is_there_only_before_an_interview_and_for_whom_nobody_convoked(client, world, walk_in):
    visitor = sign_in(client, world, "cip")
    convoked = world.convoked(walk_in.session)[0]
    page = session_page(visitor, walk_in)
    assert page.count(BUTTON) == 1
    assert reverse(WITHDRAW, args=[convoked.pk]) not in page
    interviews.start_interview(world.cip, walk_in.pk)
    assert BUTTON not in session_page(visitor, walk_in)
    refused = visitor.post(reverse(WITHDRAW, args=[walk_in.pk]), {"reason": "erreur"})
    assert refused.status_code == 400
    assert "ne peut plus être retirée" in refused.content.decode()
    assert visitor.post(reverse(WITHDRAW, args=[convoked.pk]), {"reason": "erreur"}).status_code == 400
