"""Persons against the newest lists: the answer, its source, and what an agent has settled."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.linkage.models import Check, NotSamePerson
from passerelles.linkage.services import check_people, declare_check, settle
from tests.linkage.lists import load, row_of

NEXT_MONTH = dt.date(2026, 4, 1)


@pytest.fixture
def person(world):
    return world.convoked(world.session(), birth_date=dt.date(1992, 4, 12))[0].person


def checked(world, person, register="ft"):
    check_people(world.auditor, [person.pk])
    return Check.objects.filter(person=person, register=register).first()


def doubtful(person):
    return row_of(person, birth_date=dt.date(1992, 12, 4))


def test_the_exact_identity_is_known(world, person):
    load(world.auditor, row_of(person))
    found = checked(world, person)
    assert (found.result, found.as_of, found.source) == (
        "registered",
        dt.date(2026, 3, 1),
        "Liste France Travail (ft.xlsx)",
    )
    assert found.reason == "même nom, mêmes prénoms, même date de naissance"


def test_nobody_of_that_name_is_not_found(world, person):
    load(world.auditor, row_of(person, family_name="Autre", given_names="Nom", birth_date=dt.date(1970, 1, 1)))
    assert checked(world, person).result == "not_found"


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": dt.date(1992, 12, 4)},
        {"birth_date": None},
        {"sex": "H"},
        {"given_names": "Zarine"},
    ],
)
def test_a_near_identity_is_for_an_agent_to_settle(world, person, changes):
    load(world.auditor, row_of(person, **changes))
    assert checked(world, person).result == "to_review"


def test_swapped_names_are_for_an_agent_to_settle(world, person):
    load(world.auditor, row_of(person, family_name=person.given_names, given_names=person.family_name))
    found = checked(world, person)
    assert (found.result, "inversés" in found.reason) == ("to_review", True)


def test_the_same_names_with_another_number_are_for_an_agent_to_settle(world):
    person = world.person(identifiers={"agdref": "9999999999"})
    load(world.auditor, row_of(person, foreigner_number="8888888888"))
    found = checked(world, person)
    assert (found.result, "identifiants différents" in found.reason) == ("to_review", True)


def test_homonyms_of_the_same_day_are_for_an_agent_to_settle(world, person):
    load(world.auditor, row_of(person), row_of(person))
    assert checked(world, person).result == "to_review"


def test_without_a_list_there_is_no_answer(world, person):
    assert checked(world, person) is None


def test_a_list_that_is_not_whole_does_not_count(world, person):
    load(world.auditor, row_of(person)).__class__.objects.update(complete=False)
    assert checked(world, person) is None


def test_the_newest_list_answers(world, person):
    load(world.auditor, row_of(person), as_of=dt.date(2026, 2, 1))
    load(world.auditor, as_of=dt.date(2026, 3, 1))
    assert checked(world, person).result == "not_found"


def test_the_list_of_another_directorate_says_nothing(world, person):
    load(world.auditor_elsewhere, row_of(person), direction="strasbourg")
    assert checked(world, person) is None


def test_checking_again_changes_nothing_and_tells_nothing_more(world, person):
    load(world.auditor, row_of(person))
    assert check_people(world.auditor, [person.pk]) == 1
    assert check_people(world.auditor, [person.pk]) == 0
    assert Fact.objects.filter(kind="checked", person_id=person.pk).count() == 1


def test_the_same_person_is_known_from_then_on(world, person):
    load(world.auditor, doubtful(person))
    done = settle(world.cip, checked(world, person).pk, same=True)
    assert (done.result, done.settled_by) == ("registered", world.cip.agent_id)
    assert checked(world, person).result == "registered"


def test_a_pair_judged_different_is_not_asked_again_by_the_next_list(world, person):
    load(world.auditor, doubtful(person))
    settle(world.cip, checked(world, person).pk, same=False)
    assert NotSamePerson.objects.filter(person=person, register="ft").count() == 1
    with clock.frozen(clock.paris(NEXT_MONTH, 9)):
        load(world.auditor, doubtful(person), as_of=NEXT_MONTH)
        assert checked(world, person).result == "not_found"


def test_a_pair_judged_different_in_one_register_is_still_asked_in_another(world, person):
    load(world.auditor, doubtful(person))
    settle(world.cip, checked(world, person).pk, same=False)
    load(world.auditor, doubtful(person), register="rsa")
    assert checked(world, person, "rsa").result == "to_review"


def test_an_answer_settled_on_a_list_as_recent_is_kept(world, person):
    load(world.auditor)
    declare_check(world.cip, person, register="ft", known=True, source="attestation présentée")
    kept = checked(world, person)
    assert (kept.result, kept.source) == ("registered", "attestation présentée")


def test_a_newer_list_answers_again(world, person):
    load(world.auditor)
    declare_check(world.cip, person, register="ft", known=True, source="attestation présentée")
    load(world.auditor, as_of=NEXT_MONTH)
    assert checked(world, person).result == "not_found"


def test_a_pair_is_settled_once(world, person):
    load(world.auditor, doubtful(person))
    found = checked(world, person)
    settle(world.cip, found.pk, same=True)
    with pytest.raises(Impossible, match="déjà été tranché"):
        settle(world.auditor, found.pk, same=False)


def test_an_agent_does_not_settle_for_another_directorate(world, person):
    load(world.auditor, doubtful(person))
    found = checked(world, person)
    with pytest.raises(Unknown):
        settle(world.auditor_elsewhere, found.pk, same=True)
    with pytest.raises(Unknown):
        settle(world.cip_elsewhere, found.pk, same=True)
    with pytest.raises(Refused):
        check_people(world.ft, [person.pk])


def test_the_number_of_queries_does_not_depend_on_the_number_of_persons(world, django_assert_max_num_queries):
    session = world.session()
    people = [convocation.person for convocation in world.convoked(session, 12)]
    load(world.auditor)
    check_people(world.auditor, [person.pk for person in people])
    with django_assert_max_num_queries(14):
        check_people(world.auditor, [person.pk for person in people])
