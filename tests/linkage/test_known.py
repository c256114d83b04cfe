"""Already known? asked before a person is created: what one learns, what the log keeps, what is made all the same."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core.errors import Refused
from passerelles.journal.models import Access
from passerelles.linkage.models import CreatedAnyway
from passerelles.linkage.services import known, profiles
from passerelles.linkage.tasks import refresh_profiles
from passerelles.people.models import Person
from passerelles.reception.models import Convocation
from tests.browsing import sign_in
from tests.linkage.lists import NUMBER

BORN = dt.date(1988, 7, 23)
SAME = {"family_name": "Rakotomalala", "given_names": "Voahangy", "birth_date": BORN, "sex": "F", "nationality": "MG"}
NEAR = SAME | {"family_name": "Rakotomalàla", "given_names": "Voahangi"}
MASKED = "Une personne très ressemblante est suivie hors de votre périmètre"


def note_of(actor):
    return Access.objects.filter(actor_id=actor.agent_id, purpose__startswith="déjà connue").first()


def elsewhere(world):
    return world.person(world.auditor_elsewhere, direction="strasbourg", identifiers={"agdref": NUMBER}, **SAME)


def test_somebody_of_the_directorate_is_shown_with_the_reasons(world):
    person = world.person(**SAME)
    found = known(world.auditor, NEAR, {})
    assert [each.person for each in found.people] == [person]
    assert "même date de naissance" in found.people[0].reasons[0]
    assert not found.elsewhere


def test_nobody_alike_is_nobody(world):
    world.person(**SAME)
    other = SAME | {"family_name": "Petrosyan", "given_names": "Armen", "birth_date": dt.date(1971, 2, 9), "sex": "H"}
    assert not known(world.auditor, other, {})
    assert note_of(world.auditor) is None


def test_of_somebody_followed_elsewhere_one_learns_only_that_they_exist(world):
    person = elsewhere(world)
    found = known(world.auditor, SAME, {"agdref": NUMBER})
    assert (found.people, found.elsewhere) == ((), True)
    assert note_of(world.auditor).people == [person.pk]


def test_the_number_alone_finds_them_however_the_name_is_written(world):
    world.person(**SAME, identifiers={"agdref": NUMBER})
    written = {"family_name": "Rakotomalala Voahangy", "given_names": "Voahangy", "birth_date": BORN, "sex": "F"}
    assert known(world.auditor, written, {"agdref": NUMBER})


def test_a_cip_sees_the_persons_of_their_sessions_and_guesses_at_no_other(world):
    world.person(**SAME, identifiers={"agdref": NUMBER})
    found = known(world.cip, SAME, {"agdref": NUMBER})
    assert (found.people, found.elsewhere) == ((), True)


@pytest.mark.parametrize("short", ["ft", "agir", "region", "nation", "admin", "tester", "trainer", "employer"])
def test_those_who_create_nobody_do_not_ask(world, short):
    with pytest.raises(Refused):
        known(world.actors[short], SAME, {})


def test_the_number_of_queries_does_not_depend_on_the_number_of_persons_alike(world, django_assert_num_queries):
    for count in (1, 6):
        for _ in range(count):
            world.person(**SAME)
        profiles.refresh_all()
        with django_assert_num_queries(10):
            known(world.auditor, NEAR, {})


def filled(**changes):
    return {**SAME, "birth_date": BORN.isoformat()} | changes


def received(world, session):
    return Convocation.objects.filter(session=session, walk_in=True)


def test_the_desk_is_told_before_a_second_record_is_made(client, world):
    person, session = world.convoked(world.session(), **SAME)[0].person, world.session(half_day="pm")
    visitor = sign_in(client, world, "cip")
    door = reverse("reception:walk-in", args=[session.pk])
    answer = visitor.post(door, filled(given_names="Voahangi"))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "peut-être déjà connue" in text
    assert str(person) in text
    assert not received(world, session).exists()
    assert note_of(world.cip).people == [person.pk]
    visitor.post(door, {"person": person.pk})
    assert received(world, session).get().person == person
    assert Person.objects.count() == 1


def test_a_second_record_is_made_with_its_reason(client, world):
    person, session = world.convoked(world.session(), **SAME)[0].person, world.session(half_day="pm")
    door = reverse("reception:walk-in", args=[session.pk])
    sign_in(client, world, "cip").post(door, filled(given_names="Voahangi", despite="sœur jumelle"))
    made = received(world, session).get().person
    assert made != person
    kept = CreatedAnyway.objects.get(person=made)
    assert (kept.reason, kept.alike, kept.created_by) == ("sœur jumelle", [str(person.pk)], world.cip.agent_id)


def test_the_desk_learns_neither_name_nor_date_of_somebody_followed_elsewhere(client, world):
    person, session = elsewhere(world), world.session()
    answer = sign_in(client, world, "cip").post(
        reverse("reception:walk-in", args=[session.pk]), filled(given_names="Voahangi", foreigner_number=NUMBER)
    )
    text = answer.content.decode()
    assert MASKED in text
    assert str(person) not in text
    assert str(person.pk) not in text
    assert f"{BORN:%d/%m/%Y}" not in text


def test_somebody_whom_nobody_resembles_is_received_at_once(client, world):
    session = world.session()
    answer = sign_in(client, world, "cip").post(reverse("reception:walk-in", args=[session.pk]), filled())
    assert answer.status_code == 302
    assert received(world, session).get().person.family_name == SAME["family_name"]
    assert not CreatedAnyway.objects.exists()


def test_a_record_made_in_spite_of_a_likeness_leaves_with_its_reason_when_withdrawn(client, world):
    world.convoked(world.session(), **SAME)
    session = world.session(half_day="pm")
    visitor = sign_in(client, world, "cip")
    visitor.post(reverse("reception:walk-in", args=[session.pk]), filled(given_names="Voahangi", despite="jumelle"))
    refresh_profiles(0)
    convocation = received(world, session).get()
    visitor.post(reverse("reception:withdraw", args=[convocation.pk]), {"reason": "saisie par erreur"})
    assert not Person.objects.filter(pk=convocation.person_id).exists()
    assert not CreatedAnyway.objects.exists()
