"""Two desks at the same moment: a person made twice is caught, two links make one identity. Real transactions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core.errors import Impossible
from passerelles.linkage.models import IdentityMember, PersonPair
from passerelles.linkage.services import answer_pair, ask_about, find_doubles, find_doubles_now
from passerelles.people.models import Person
from passerelles.reception.services.attendance import welcome_walk_in
from tests.browsing import sign_in
from tests.reception.test_double_booking import at_once, failures

pytestmark = pytest.mark.django_db(transaction=True)

PERSON = {"family_name": "Rakotomalala", "birth_date": dt.date(1988, 7, 23), "sex": "F", "nationality": "MG"}


def desk(actor, session, given):
    def welcome():
        convocation = welcome_walk_in(actor, session.pk, given_names=given, **PERSON)
        find_doubles_now([convocation.person_id])

    return welcome


def test_a_person_made_at_two_desks_at_once_is_caught(world):
    sessions = [world.session(half_day=half_day) for half_day in ("am", "pm")]
    results = at_once(desk(world.cip, sessions[0], "Voahangy"), desk(world.cip_two, sessions[1], "Voahangi"))
    assert failures(results) == []
    assert Person.objects.count() == 2
    pair = PersonPair.objects.get()
    assert {pair.first_id, pair.second_id} == set(Person.objects.values_list("pk", flat=True))


def test_the_page_of_the_door_asks_about_what_the_other_desk_has_just_made(client, world):
    """The second desk had its answer "nobody" before the first wrote."""
    session = world.session()
    welcome_walk_in(world.cip_two, world.session(half_day="pm").pk, given_names="Voahangy", **PERSON)
    form = {**PERSON, "birth_date": "1988-07-23", "given_names": "Voahangi", "despite": "sa sœur"}
    sign_in(client, world, "cip").post(reverse("reception:walk-in", args=[session.pk]), form)
    assert PersonPair.objects.get().state == "different"


def test_the_same_search_at_once_keeps_one_pair(world):
    people = [world.person(**PERSON, given_names=name).pk for name in ("Voahangy", "Voahangi")]
    results = at_once(lambda: find_doubles(people), lambda: find_doubles(people[::-1]))
    assert failures(results) == []
    assert PersonPair.objects.count() == 1


def test_two_links_that_meet_at_once_make_one_identity(world):
    people = [world.person(**PERSON, given_names=name).pk for name in ("Voahangy", "Voahangi", "Vohangy")]
    pairs = [ask_about(world.auditor, people[0], people[1]), ask_about(world.auditor, people[1], people[2])]
    results = at_once(
        lambda: answer_pair(world.auditor, pairs[0].pk, same=True),
        lambda: answer_pair(world.manager, pairs[1].pk, same=True),
    )
    assert failures(results) == []
    assert IdentityMember.objects.count() == 3
    assert len(set(IdentityMember.objects.values_list("identity", flat=True))) == 1


def test_one_of_two_answers_at_once_wins(world):
    people = [world.person(**PERSON, given_names=name).pk for name in ("Voahangy", "Voahangi")]
    pair = ask_about(world.auditor, *people)
    results = at_once(
        lambda: answer_pair(world.auditor, pair.pk, same=True), lambda: answer_pair(world.manager, pair.pk, same=False)
    )
    assert [type(error) for error in failures(results)] == [Impossible]
    assert pair.decisions.count() == 1
