"""Persons against the newest lists: the answer, its source, and what an agent has settled."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.linkage.models import Check, NotSamePerson
from passerelles.linkage.queries import pair
from passerelles.linkage.services import check_people, declare_check, settle, undo
from tests.linkage.lists import NUMBER, doubtful, load, namesake, row_of, twin_lines

NEXT_MONTH = dt.date(2026, 4, 1)


@pytest.fixture
def person(world):
    """Somebody whose names are shared by many and whose birth date is estimated."""
    return world.convoked(world.session(), **namesake())[0].person


@pytest.fixture
def numbered(world):
    """Somebody whose foreigner number is known."""
    return world.convoked(world.session(), identifiers={"agdref": NUMBER})[0].person


def checked(world, person, register="ft"):
    check_people(world.auditor, [person.pk])
    return Check.objects.filter(person=person, register=register).first()


def test_the_exact_identity_with_its_number_is_known(world, numbered):
    load(world.auditor, row_of(numbered, foreigner_number=NUMBER))
    found = checked(world, numbered)
    assert (found.result, found.as_of, found.source) == (
        "registered",
        dt.date(2026, 3, 1),
        "Liste France Travail (ft.xlsx)",
    )
    assert "même numéro étranger : +" in found.reason


def test_nobody_of_that_name_is_not_found(world, person):
    load(world.auditor, row_of(person, family_name="Autre", given_names="Nom", birth_date=dt.date(1970, 1, 1)))
    found = checked(world, person)
    assert (found.result, found.reason) == ("not_found", "aucune ligne ressemblante dans la liste")


def test_a_namesake_of_an_estimated_date_is_for_an_agent_to_settle(world, person):
    load(world.auditor, doubtful(person))
    found = checked(world, person)
    assert (found.result, "même année de naissance" in found.reason) == ("to_review", True)


def test_the_same_names_with_another_number_are_not_taken_for_the_same_person(world, numbered):
    load(world.auditor, row_of(numbered, foreigner_number="8888888888"))
    found = checked(world, numbered)
    assert found.result == "to_review"
    assert "numéro étranger différent : −" in found.reason


def test_two_lines_that_are_both_surely_the_person_are_ambiguous(world, numbered):
    load(world.auditor, *twin_lines(numbered))
    assert checked(world, numbered).result == "ambiguous"


def test_without_a_list_there_is_no_answer(world, person):
    assert checked(world, person) is None


def test_a_list_that_is_not_whole_does_not_count(world, person):
    load(world.auditor, row_of(person)).__class__.objects.update(complete=False)
    assert checked(world, person) is None


def test_the_newest_list_answers(world, numbered):
    load(world.auditor, row_of(numbered, foreigner_number=NUMBER), as_of=dt.date(2026, 2, 1))
    load(world.auditor, as_of=dt.date(2026, 3, 1))
    assert checked(world, numbered).result == "not_found"


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


def test_the_agent_chooses_among_the_lines_of_an_ambiguous_answer(world, numbered):
    load(world.auditor, *twin_lines(numbered))
    found = checked(world, numbered)
    (other,) = found.list.records.exclude(pk=found.record_id)
    done = settle(world.cip, found.pk, same=True, line=other.pk)
    assert (done.result, done.record_id) == ("registered", other.pk)


def test_none_of_the_lines_of_an_ambiguous_answer_is_asked_again(world, numbered):
    load(world.auditor, *twin_lines(numbered))
    settle(world.cip, checked(world, numbered).pk, same=False)
    assert NotSamePerson.objects.filter(person=numbered).count() == 2
    with clock.frozen(clock.paris(NEXT_MONTH, 9)):
        load(world.auditor, *twin_lines(numbered), as_of=NEXT_MONTH)
        assert checked(world, numbered).result == "not_found"


def test_a_line_that_was_not_proposed_is_refused(world, person):
    strangers = load(world.auditor, doubtful(person), row_of(person, family_name="Autre", given_names="Nom"))
    found = checked(world, person)
    with pytest.raises(Impossible, match="pas parmi celles"):
        settle(world.cip, found.pk, same=True, line=strangers.records.get(family_name="Autre").pk)
    found.refresh_from_db()
    assert found.result == "to_review"


@pytest.mark.parametrize("same", [True, False])
def test_a_decision_undone_asks_the_question_again_as_it_was(world, person, same):
    load(world.auditor, doubtful(person))
    before = checked(world, person)
    settle(world.cip, before.pk, same=same)
    undo(world.cip, before.pk)
    after = Check.objects.get()
    shown = ("result", "reason", "record_id", "bits", "settled_by", "settled_at", "asked")
    assert [getattr(after, name) for name in shown] == [getattr(before, name) for name in shown]
    assert not NotSamePerson.objects.exists()
    standing = Fact.objects.standing().filter(kind="checked", person_id=person.pk)
    assert [fact.data["result"] for fact in standing] == ["to_review"]


def test_undoing_forgets_only_what_this_decision_said(world, person):
    load(world.auditor, doubtful(person), register="rsa")
    settle(world.cip, checked(world, person, "rsa").pk, same=False)
    load(world.auditor, doubtful(person))
    found = checked(world, person)
    settle(world.cip, found.pk, same=False)
    undo(world.cip, found.pk)
    assert [each.register for each in NotSamePerson.objects.all()] == ["rsa"]


def test_only_a_decision_can_be_undone(world, person):
    load(world.auditor, doubtful(person))
    found = checked(world, person)
    with pytest.raises(Impossible, match="pas de décision à annuler"):
        undo(world.cip, found.pk)
    settle(world.cip, found.pk, same=True)
    with pytest.raises(Unknown):
        undo(world.cip_elsewhere, found.pk)
    with pytest.raises(Unknown):
        undo(world.ft, found.pk)


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


def test_the_number_of_queries_does_not_depend_on_the_number_of_persons(world, django_assert_num_queries):
    people = [convocation.person for convocation in world.convoked(world.session(), 12, **namesake())]
    load(world.auditor, doubtful(people[0]))
    check_people(world.auditor, [person.pk for person in people])
    for some in (people[:2], people):
        with django_assert_num_queries(20):
            check_people(world.auditor, [person.pk for person in some])


def test_the_database_weighs_a_line_as_the_page_explains_it(world, numbered):
    load(world.auditor, row_of(numbered, foreigner_number="8888888888"), row_of(numbered, given_names="Zarine"))
    found = checked(world, numbered)
    shown = pair(world.cip, found.pk).candidates[0]
    assert found.bits == pytest.approx(float(shown.total.replace("−", "-").replace(",", ".")), abs=0.06)


# The second reader: AGIR receives beneficiaries of international protection only


@pytest.fixture
def protected(world, person):
    """A doubtful line in the list of AGIR."""
    load(world.auditor, doubtful(person), register="agir")
    return checked(world, person, "agir")


def test_known_to_agir_is_for_two_readers(world, protected):
    first = settle(world.cip, protected.pk, same=True)
    assert (first.result, first.second["name"], first.settled_by) == ("to_review", "Agent cip", None)
    with pytest.raises(Impossible, match="second avis"):
        settle(world.cip, protected.pk, same=True)
    assert pair(world.cip, protected.pk).mine
    assert not pair(world.auditor, protected.pk).mine
    second = settle(world.auditor, protected.pk, same=True)
    assert (second.result, second.second, second.settled_by) == ("registered", None, world.auditor.agent_id)


def test_not_this_person_needs_one_reader(world, protected):
    assert settle(world.cip, protected.pk, same=False).result == "not_found"


def test_a_first_answer_is_taken_back_and_nothing_was_parked(world, protected):
    settle(world.cip, protected.pk, same=True)
    check_people(world.auditor, [protected.person_id])
    assert Check.objects.get(pk=protected.pk).second is not None
    undo(world.cip, protected.pk)
    assert Check.objects.get(pk=protected.pk).second is None
    settle(world.auditor, protected.pk, same=True)
    load(world.auditor, row_of(protected.person, family_name="Autre"), register="agir", as_of=NEXT_MONTH)
    check_people(world.auditor, [protected.person_id])
    after = Check.objects.get(pk=protected.pk)
    assert (after.result, after.second) == ("not_found", None)
