"""A pair between two DTs: each reads its own record, and both must say that it is one person (A.6, K-004)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core.errors import Impossible, Unknown
from passerelles.linkage.models import IdentityMember, PairState, PersonPair
from passerelles.linkage.queries import crossed_page, crossed_pairs, linked_records, open_pairs
from passerelles.linkage.services import answer_pair, find_doubles, reopen, unlink
from tests.browsing import sign_in
from tests.world import ACTORS

TWICE = {"family_name": "Rakotomalala", "given_names": "Voahangy", "birth_date": dt.date(1988, 7, 23), "sex": "F"}
THEIRS = {"given_names": "Voahangi", "motive": "ASILE", "address": "7 rue du Secret", "postcode": "67000"}


@pytest.fixture
def pair(world):
    mine = world.person(**TWICE)
    world.person(world.auditor_elsewhere, direction="strasbourg", **TWICE | THEIRS)
    assert find_doubles([mine.pk]) == 1
    return PersonPair.objects.select_related("first", "second").get()


def record_of(pair, direction):
    return pair.first if pair.first.direction == direction else pair.second


def test_it_is_in_the_queue_of_both_dts_and_of_nobody_else(world, pair):
    both = {"auditor", "manager", "auditor_elsewhere"}
    for short in ACTORS:
        actor = world.actors[short]
        assert crossed_pairs(actor).exists() == (short in both), short
        assert not open_pairs(actor).exists(), short
        if short not in both:
            with pytest.raises(Unknown):
                crossed_page(actor, pair.pk)
            with pytest.raises(Unknown):
                answer_pair(actor, pair.pk, same=True)


def test_a_pair_of_one_dt_is_not_between_two(world):
    one, other = world.person(**TWICE), world.person(**TWICE)
    find_doubles([one.pk, other.pk])
    assert not crossed_pairs(world.auditor).exists()
    assert open_pairs(world.auditor).count() == 1


def test_each_dt_reads_its_own_record_and_the_comparison_only(client, world, pair):
    mine = record_of(pair, "metz")
    visitor = sign_in(client, world, "auditor")
    queue = visitor.get(reverse("linkage:pairs")).content.decode()
    page = visitor.get(reverse("linkage:pair", args=[pair.pk])).content.decode()
    for text in (queue, page):
        assert str(mine) in text
        assert "Strasbourg" in text
        for secret in ("Voahangi", "7 rue du Secret", "67000", "internationale", str(record_of(pair, "strasbourg").pk)):
            assert secret not in text
    assert "Même date de naissance : +" in page


def test_what_one_dt_writes_of_its_record_is_not_read_by_the_other(client, world, pair):
    answer_pair(world.auditor_elsewhere, pair.pk, same=True, why="réfugiée, titre vu")
    mine = sign_in(client, world, "auditor").get(reverse("linkage:pair", args=[pair.pk])).content.decode()
    assert "A répondu « même personne »" in mine
    assert "réfugiée" not in mine
    reopen(world.auditor_elsewhere, pair.pk)
    answer_pair(world.auditor_elsewhere, pair.pk, same=True)
    for short in ("auditor", "auditor_elsewhere"):
        page = sign_in(client, world, short).get(reverse("linkage:pair", args=[pair.pk])).content.decode()
        assert "internationale" not in page


def test_both_must_say_that_it_is_one_person(world, pair):
    assert answer_pair(world.auditor, pair.pk, same=True).state == PairState.SECOND
    assert crossed_page(world.auditor, pair.pk).answered == "ours"
    assert crossed_page(world.auditor_elsewhere, pair.pk).answered == "theirs"
    with pytest.raises(Impossible, match="Votre DT a déjà répondu"):
        answer_pair(world.manager, pair.pk, same=True)
    assert not IdentityMember.objects.exists()
    assert answer_pair(world.auditor_elsewhere, pair.pk, same=True).state == PairState.SAME
    assert list(pair.decisions.values_list("verb", "direction")) == [("proposed", "metz"), ("linked", "strasbourg")]
    assert linked_records(world.auditor, record_of(pair, "metz")) == ([], 1)


def test_one_says_no_and_either_takes_back_what_was_answered(world, pair):
    answer_pair(world.auditor, pair.pk, same=True)
    assert answer_pair(world.auditor_elsewhere, pair.pk, same=False).state == PairState.DIFFERENT
    assert reopen(world.auditor, pair.pk).state == PairState.WAITING
    answer_pair(world.auditor_elsewhere, pair.pk, same=True)
    answer_pair(world.manager, pair.pk, same=True)
    assert unlink(world.auditor_elsewhere, pair.pk, why="deux sœurs", different=True).state == PairState.DIFFERENT
    assert not IdentityMember.objects.exists()


def test_the_screens_settle_it_from_both_sides(client, world, pair):
    address = reverse("linkage:pair", args=[pair.pk])
    answer = sign_in(client, world, "auditor").post(address, {"decision": "same"}, follow=True)
    assert "un second avis est demandé" in answer.content.decode()
    theirs = sign_in(client, world, "auditor_elsewhere")
    assert "votre avis est le second" in theirs.get(address).content.decode()
    answer = theirs.post(address, {"decision": "same"}, follow=True)
    assert "les deux fiches sont reliées" in answer.content.decode()
    assert "Délier les deux fiches" in theirs.get(address).content.decode()


@pytest.mark.parametrize("short", ["cip", "cip_elsewhere"])
def test_a_counsellor_does_not_know_of_it(client, world, pair, short):
    visitor = sign_in(client, world, short)
    assert visitor.get(reverse("linkage:pair", args=[pair.pk])).status_code == 404
    assert "autre direction territoriale" not in visitor.get(reverse("linkage:pairs")).content.decode()
