"""The monthly account: what agents said of the answers, whether probabilities held, whether lists drift."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core.periods import Month
from passerelles.linkage.engine.drift import FAR, LEAST_PAIRS, FieldDrift
from passerelles.linkage.engine.quality import bands, wilson
from passerelles.linkage.engine.worth import Answered, Share, worth
from passerelles.linkage.models import MonthlyWorth
from passerelles.linkage.queries.worth import accounts
from passerelles.linkage.services import check_people, declare_check, settle, undo
from passerelles.linkage.services.worth import account, previous_month
from passerelles.linkage.tasks import monthly_account
from tests.browsing import sign_in
from tests.linkage.lists import NUMBER, doubtful, load, namesake, row_of

MARCH = Month(2026, 3)


def said(person, result, decided=False, register="ft", **groups):
    return Answered(person, register, result, decided, tuple(groups.items()))


def whole(history):
    return next(each for each in worth(history) if each.what == "")


def test_an_answer_that_nobody_contradicts_is_right():
    found = whole([said(n, "registered") for n in range(3)] + [said(9, "not_found")])
    assert (found.answers, found.precision, found.recall) == (4, Share(3, 3), Share(3, 3))


def test_an_agent_who_contradicts_shows_a_false_link_or_a_person_missed():
    history = [said(1, "registered"), said(2, "registered"), said(3, "not_found")]
    history += [said(1, "not_found", decided=True), said(3, "registered", decided=True)]
    found = whole(history)
    assert (found.precision, found.recall) == (Share(1, 2), Share(1, 2))


def test_a_doubt_is_neither_right_nor_wrong_but_the_person_was_not_found_alone():
    found = whole([said(1, "to_review"), said(2, "ambiguous"), said(1, "registered", decided=True)])
    assert (found.doubts, found.precision, found.recall) == (2, Share(0, 0), Share(0, 1))
    assert found.precision.value is None


def test_a_new_list_asks_again_and_each_register_is_judged_apart():
    history = [said(1, "not_found"), said(1, "registered", decided=True), said(1, "registered")]
    history += [said(1, "registered", register="rsa"), said(1, "not_found", decided=True, register="rsa")]
    assert whole(history).precision == Share(1, 2)


def test_each_group_is_counted_apart():
    found = {each.group: each.precision for each in worth([said(1, "registered", Sexe="Femme"), said(2, "registered")])}
    assert found == {"Ensemble": Share(2, 2), "Femme": Share(1, 1)}


def test_the_interval_holds_the_share_and_narrows():
    for part, count in ((0, 5), (5, 5), (3, 10), (30, 100)):
        low, high = wilson(part, count)
        assert 0 <= low <= part / count <= high <= 1
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_band_that_promises_too_much_or_too_little_says_by_how_much():
    (band,) = bands([(0.9, n < 50) for n in range(100)], (0.8, 1.0))
    assert band.excess == pytest.approx(0.9 - wilson(50, 100)[1])
    assert band.shortfall == 0
    (band,) = bands([(0.2, True)] * 50, (0.0, 1.0))
    assert (band.excess, band.shortfall > 0.7) == (0, True)


def test_a_field_drifts_when_a_tenth_of_enough_pairs_changed_level():
    expected = {"same": 0.9, "other": 0.1}
    moved = {"same": 0.89 - FAR, "other": 0.11 + FAR}
    assert FieldDrift("sex", LEAST_PAIRS, moved, expected).drifted
    assert not FieldDrift("sex", LEAST_PAIRS - 1, moved, expected).drifted
    assert not FieldDrift("sex", LEAST_PAIRS, expected, expected).drifted


@pytest.fixture
def lived(world):
    """One person surely known, contradicted afterwards; two doubts settled, one of them undone."""
    session = world.session()
    sure = world.convoked(session, identifiers={"agdref": NUMBER})[0].person
    doubts = [world.convoked(session, **namesake(family_name=name))[0].person for name in ("Diallo", "Traore")]
    load(world.auditor, row_of(sure, foreigner_number=NUMBER), *map(doubtful, doubts))
    check_people(world.auditor, [sure.pk, *(each.pk for each in doubts)])
    settle(world.cip, doubts[0].checks.get().pk, same=True)
    settle(world.cip, doubts[1].checks.get().pk, same=False)
    undo(world.cip, doubts[1].checks.get().pk)
    declare_check(world.cip, sure, register="ft", known=False, source="pièce vue")
    return sure, doubts


def test_the_account_of_a_month_holds_what_agents_said(world, lived):
    content = account("metz", MARCH).content
    (found,) = [each for each in content["worth"] if each["what"] == ""]
    assert (found["answers"], found["doubts"]) == (3, 2)
    assert (found["precision"]["part"], found["precision"]["whole"]) == (0, 1)
    assert {each["group"] for each in content["worth"]} >= {"Ensemble", "Femme", "Estimée", "France Travail"}
    assert sum(each["pairs"] for each in content["reliability"]) == 1
    assert {each["register"] for each in content["drift"]} == {"ft"}


def test_the_account_written_again_replaces_the_first(world, lived):
    assert account("metz", MARCH).pk == account("metz", MARCH).pk
    assert MonthlyWorth.objects.count() == 1


def test_the_worker_writes_the_month_that_ended(world, lived):
    assert monthly_account(0) == 1
    assert MonthlyWorth.objects.get().month == dt.date(2026, 2, 1)
    assert previous_month(dt.date(2026, 1, 31)) == Month(2025, 12)


@pytest.mark.parametrize(
    ("short", "status", "count"),
    [("auditor", 200, 1), ("manager", 200, 1), ("cip", 200, 1), ("auditor_elsewhere", 200, 0), ("ft", 403, 0)],
)
def test_the_account_is_read_by_those_who_check_and_names_nobody(client, world, lived, short, status, count):
    account("metz", MARCH)
    answer = sign_in(client, world, short).get(reverse("linkage:worth"))
    assert answer.status_code == status
    assert len(accounts(world.actors[short])) == count
    if count:
        text = answer.content.decode()
        assert "Mars 2026" in text
        assert not any(str(person) in text for person in [lived[0], *lived[1]])
