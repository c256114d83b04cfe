"""Two records of one person: linked, unlinked, judged different, and nothing of either record is ever lost (B-051)."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Access, Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage import lookup
from passerelles.linkage.engine.identities import Stakes, components, second_reader
from passerelles.linkage.models import IdentityMember, PairDecision, PairState, PersonPair
from passerelles.linkage.queries import (
    answers_of_identity,
    linked_records,
    open_pairs,
    pair_page,
    records_sharing,
    waiting_pairs_of,
)
from passerelles.linkage.services import answer_pair, ask_about, find_doubles, reopen, unlink
from passerelles.linkage.tasks import find_doubles as worker_finds
from passerelles.linkage.tasks import refresh_profiles
from passerelles.people import services as people
from passerelles.people.models import Person

TWICE = {
    "family_name": "Rakotomalala",
    "given_names": "Voahangy",
    "birth_date": dt.date(1988, 7, 23),
    "nationality": "MG",
    "motive": "FAMILIAL",
}


def twice(world, **changes) -> tuple[Person, Person]:
    """The same person, recorded at two desks with two spellings."""
    one = world.person(**TWICE, source="Venue sans convocation")
    other = world.person(**TWICE | {"given_names": "Voahangi"} | changes, source="convocations.xlsx")
    return one, other


def pair_of(world, **changes) -> PersonPair:
    one, other = twice(world, **changes)
    assert find_doubles([one.pk, other.pk]) == 1
    return PersonPair.objects.get()


def test_a_file_in_which_all_look_alike_does_not_flood_the_queue(world):
    """Forty persons with one telephone, one given name, one birth date: each keeps the likeliest of the others."""
    alike = [
        world.person(**TWICE | {"family_name": f"Rakoto{chr(97 + n % 26)}{chr(97 + n // 26)}", "phone": "+33639981234"})
        for n in range(40)
    ]
    found = find_doubles([each.pk for each in alike])
    assert 40 / 2 <= found <= 40 * lookup.MOST_DOUBLES
    assert find_doubles([each.pk for each in alike]) == 0, "asked once"
    PersonPair.objects.update(state=PairState.DIFFERENT)
    assert find_doubles([each.pk for each in alike]) > 0, "those after them come in their turn"


def snapshot(*persons: Person) -> list[dict]:
    return [Person.objects.filter(pk=each.pk).values().get() for each in persons]


def identity_facts() -> list[tuple]:
    found = Fact.objects.standing().filter(kind=FactKind.IDENTITY_JOINED)
    return sorted((str(each.person_id), each.data["identity"]) for each in found)


# Who is found


def test_a_person_recorded_at_two_desks_is_found_once(world):
    one, other = twice(world)
    assert find_doubles([one.pk]) == 1
    assert find_doubles([other.pk, one.pk]) == 0
    pair = PersonPair.objects.get()
    assert {pair.first_id, pair.second_id} == {one.pk, other.pk}
    assert "même date de naissance : +" in pair.reason


def test_the_worker_compares_what_was_written_since(world):
    one, other = twice(world)
    refresh_profiles(0)
    assert worker_finds(0) == 2
    assert PersonPair.objects.count() == 1
    assert worker_finds(0) == 0
    people.correct_person(world.auditor, one.pk, phone="+33612345678")
    refresh_profiles(0)
    assert worker_finds(0) == 1
    assert PersonPair.objects.count() == 1
    assert other.pk


def test_strangers_and_a_father_and_his_son_are_nobody_twice(world):
    common = {"family_name": "Ouedraogo", "address": "3 rue Haute", "postcode": "57000", "phone": "+33612345678"}
    father = world.person(given_names="Issa", birth_date=dt.date(1961, 5, 4), sex="H", **common)
    son = world.person(given_names="Moussa", birth_date=dt.date(1994, 9, 30), sex="H", **common)
    assert find_doubles([father.pk, son.pk, world.person().pk]) == 0


# Linked and unlinked


def test_linked_records_share_one_identity_and_keep_all_they_hold(world):
    pair = pair_of(world)
    before = snapshot(pair.first, pair.second)
    answer_pair(world.auditor, pair.pk, same=True, why="titre de séjour vu")
    assert snapshot(pair.first, pair.second) == before
    assert records_sharing([pair.first_id]) == {pair.first_id: frozenset({pair.second_id})}
    assert len({identity for _, identity in identity_facts()}) == 1
    assert len(identity_facts()) == 2
    (line,) = PairDecision.objects.all()
    assert (line.verb, line.decided_by, line.why) == ("linked", world.auditor.agent_id, "titre de séjour vu")


def test_unlinking_gives_everything_back_and_keeps_the_history(world):
    pair = pair_of(world)
    before = snapshot(pair.first, pair.second)
    answer_pair(world.auditor, pair.pk, same=True)
    unlink(world.manager, pair.pk, why="deux sœurs", different=True)
    assert snapshot(pair.first, pair.second) == before
    assert not IdentityMember.objects.exists()
    assert identity_facts() == []
    assert list(pair.decisions.values_list("verb", flat=True)) == ["linked", "unlinked"]
    history = pair_page(world.auditor, pair.pk).history
    assert [(each.agent, each.why) for each in history] == [("Agent auditor", ""), ("Agent manager", "deux sœurs")]


def test_a_pair_judged_different_is_never_asked_again(world):
    pair = pair_of(world)
    answer_pair(world.auditor, pair.pk, same=False)
    people.correct_person(world.auditor, pair.first_id, phone="+33612345678")
    assert find_doubles([pair.first_id, pair.second_id]) == 0
    assert not open_pairs(world.auditor).exists()
    reopen(world.auditor, pair.pk, why="erreur de touche")
    assert list(open_pairs(world.auditor)) == [pair]


def test_a_link_undone_without_knowing_is_asked_again(world):
    pair = pair_of(world)
    answer_pair(world.auditor, pair.pk, same=True)
    unlink(world.auditor, pair.pk, why="doute", different=False)
    assert list(open_pairs(world.auditor)) == [pair]


def test_three_records_of_one_person_and_the_one_that_is_taken_away(world):
    one, other = twice(world)
    third = world.person(**TWICE | {"family_name": "Rakotomalàla"})
    find_doubles([one.pk, other.pk, third.pk])
    first = ask_about(world.auditor, one.pk, other.pk)
    second = ask_about(world.auditor, other.pk, third.pk)
    between = ask_about(world.auditor, one.pk, third.pk)
    answer_pair(world.auditor, first.pk, same=True)
    answer_pair(world.auditor, second.pk, same=True)
    assert records_sharing([third.pk])[third.pk] == {one.pk, other.pk}
    with pytest.raises(Impossible, match="troisième"):
        answer_pair(world.auditor, between.pk, same=False)
    unlink(world.auditor, second.pk, why="erreur", different=True)
    assert records_sharing([one.pk, third.pk]) == {one.pk: frozenset({other.pk})}
    assert len(identity_facts()) == 2


def test_two_identities_that_meet_become_one_and_part_again(world):
    persons = [world.person(**TWICE | {"given_names": name}) for name in ("Voahangy", "Voahangi", "Vohangy", "Voangy")]
    links = [ask_about(world.auditor, persons[a].pk, persons[b].pk) for a, b in ((0, 1), (2, 3), (1, 2))]
    for pair in links:
        answer_pair(world.auditor, pair.pk, same=True)
    assert len({identity for _, identity in identity_facts()}) == 1
    unlink(world.auditor, links[2].pk, why="erreur", different=True)
    assert len({identity for _, identity in identity_facts()}) == 2
    assert records_sharing([persons[0].pk])[persons[0].pk] == {persons[1].pk}


def test_what_is_decided_twice_or_without_a_reason_is_refused(world):
    pair = pair_of(world)
    answer_pair(world.auditor, pair.pk, same=True)
    with pytest.raises(Impossible, match="déjà été tranchée"):
        answer_pair(world.auditor, pair.pk, same=True)
    with pytest.raises(Impossible, match="pourquoi"):
        unlink(world.auditor, pair.pk, why=" ", different=True)
    with pytest.raises(Impossible, match="pas de réponse"):
        reopen(world.auditor, pair.pk)
    with pytest.raises(Impossible, match="même fiche"):
        ask_about(world.auditor, pair.first_id, pair.first_id)


# The second reader


@pytest.mark.parametrize(
    ("stakes", "count"),
    [
        (Stakes(), 0),
        (Stakes(protected=True), 1),
        (Stakes(registered=True), 1),
        (Stakes(engaged=True), 1),
        (Stakes(owned=False), 1),
        (Stakes(crossed=True), 1),
        (Stakes(True, True, True, False), 4),
        (Stakes(True, True, True, False, crossed=True), 1),
    ],
)
def test_a_second_reader_is_asked_where_much_depends_on_the_answer(stakes, count):
    assert len(second_reader(stakes)) == count


def test_protection_waits_for_a_second_reader_who_is_somebody_else(world):
    pair = pair_of(world, motive="ASILE")
    assert answer_pair(world.auditor, pair.pk, same=True).state == PairState.SECOND
    assert not IdentityMember.objects.exists()
    assert list(open_pairs(world.manager)) == [pair]
    assert pair_page(world.auditor, pair.pk).mine
    assert not pair_page(world.manager, pair.pk).mine
    with pytest.raises(Impossible, match="second avis"):
        answer_pair(world.auditor, pair.pk, same=True)
    assert answer_pair(world.manager, pair.pk, same=True).state == PairState.SAME
    assert list(pair.decisions.values_list("verb", "decided_by")) == [
        ("proposed", world.auditor.agent_id),
        ("linked", world.manager.agent_id),
    ]


def test_the_second_reader_may_disagree_and_the_first_may_think_again(world):
    pair = pair_of(world, motive="ASILE")
    answer_pair(world.auditor, pair.pk, same=True)
    assert reopen(world.auditor, pair.pk).state == PairState.WAITING
    answer_pair(world.auditor, pair.pk, same=True)
    assert answer_pair(world.manager, pair.pk, same=False).state == PairState.DIFFERENT


def test_a_counsellor_proposes_and_the_directorate_confirms(world):
    session, later = world.session(), world.session(half_day="pm")
    one = world.convoked(session, **TWICE)[0].person
    other = world.convoked(later, **TWICE | {"given_names": "Voahangi"})[0].person
    find_doubles([one.pk, other.pk])
    pair = PersonPair.objects.get()
    assert answer_pair(world.cip, pair.pk, same=True).state == PairState.SECOND
    with pytest.raises(Impossible, match="OFII confirme"):
        answer_pair(world.cip_two, pair.pk, same=True)
    assert answer_pair(world.auditor, pair.pk, same=True).state == PairState.SAME


# What follows a link


def test_a_registration_under_one_record_holds_for_the_person_until_they_are_unlinked(world):
    pair = pair_of(world)
    people.register(world.cip, pair.second, starts_on=world.day, by="cip", place="pfa")
    answer_pair(world.auditor, pair.pk, same=True)
    answer_pair(world.manager, pair.pk, same=True)
    assert answers_of_identity([pair.first_id])[pair.first_id] == {"ft": "inscription du 10/03/2026"}
    unlink(world.auditor, pair.pk, why="deux personnes", different=True)
    assert answers_of_identity([pair.first_id]) == {}


def test_the_effects_are_shown_before_the_answer(world):
    session = world.session()
    one = world.convoked(session, **TWICE)[0].person
    other = world.person(**TWICE | {"given_names": "Voahangi"})
    people.sign_contract(world.auditor, other, signed_on=dt.date(2026, 2, 1))
    people.register(world.cip, other, starts_on=world.day, by="cip", place="pfa")
    pair = ask_about(world.auditor, one.pk, other.pk)
    side = 0 if pair.first_id == other.pk else 1
    told = {each.heading: each.lines for each in pair_page(world.auditor, pair.pk).depends}
    assert told["Inscriptions"][side] == ("France Travail depuis le 10/03/2026 (par : CIP)",)
    assert told["Contrats"][side] == ("CIR du 01/02/2026",)
    assert told["Convocations et entretiens"][1 - side] == ("séance du 10/03/2026 : attendue",)
    assert told["Contrats"][1 - side] == ()


def test_each_value_keeps_its_source_and_date_and_what_it_replaced(world):
    pair = pair_of(world)
    with clock.frozen(clock.paris(dt.date(2026, 3, 12), 10)):
        people.correct_person(world.auditor, pair.first_id, source="Correction", family_name="Rakoto")
    page = pair_page(world.auditor, pair.pk)
    lines = {line.field.label: line for line in page.lines}
    name, born = lines["Nom de famille"], lines["Date de naissance"]
    assert name.field.person == "Rakoto"
    assert name.first.startswith("Correction, ")
    assert name.first_before.startswith("Rakotomalala (")
    assert born.first.startswith(("Venue sans convocation, ", "convocations.xlsx, "))
    assert born.first_before == ""


# Who sees what


def test_a_pair_exists_only_for_those_who_may_read_both_records(world):
    """Between two DTs, see `test_crossed`: each reads its own record only."""
    one = world.person(**TWICE)
    other = world.person(world.auditor_elsewhere, direction="strasbourg", **TWICE)
    find_doubles([one.pk, other.pk])
    pair = PersonPair.objects.get()
    for actor in (world.auditor, world.auditor_elsewhere, world.cip):
        assert not open_pairs(actor).exists()
        assert not waiting_pairs_of(actor, one).exists()
        with pytest.raises(Unknown):
            pair_page(actor, pair.pk)
    with pytest.raises(Unknown):
        answer_pair(world.cip, pair.pk, same=True)
    with pytest.raises(Unknown):
        ask_about(world.auditor, one.pk, other.pk)
    with pytest.raises(Refused):
        ask_about(world.ft, one.pk, other.pk)


def test_of_a_linked_record_outside_the_scope_only_the_number_is_told(world):
    session = world.session()
    one = world.convoked(session, **TWICE)[0].person
    other = world.person(**TWICE | {"given_names": "Voahangi"})
    pair = ask_about(world.auditor, one.pk, other.pk)
    answer_pair(world.auditor, pair.pk, same=True)
    assert [each.person for each in linked_records(world.auditor, one)[0]] == [other]
    assert linked_records(world.cip, one) == ([], 1)


def test_every_comparison_and_answer_is_in_the_access_log(world):
    pair = pair_of(world)
    answer_pair(world.auditor, pair.pk, same=True)
    unlink(world.auditor, pair.pk, why="erreur", different=True)
    noted = Access.objects.filter(
        actor_id=world.auditor.agent_id, purpose__startswith="fiches comparées", action="write"
    )
    assert [set(each.people) for each in noted] == [{pair.first_id, pair.second_id}] * 2


def test_linked_to_nobody_costs_one_query(world, django_assert_num_queries):
    persons = [world.person().pk for _ in range(3)]
    with django_assert_num_queries(1):
        assert answers_of_identity(persons) == {}


def test_groups_do_not_depend_on_the_order_of_the_links():
    links = [("a", "b"), ("d", "e"), ("c", "b"), ("f", "e"), ("g", "a")]
    groups = [frozenset("abcg"), frozenset("def")]
    assert components(links) == groups
    assert components([(b, a) for a, b in reversed(links)]) == groups
    assert components([]) == []
