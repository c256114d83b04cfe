"""The checks to review and the lists loaded: who sees them, and how a pair is settled."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.journal.models import Access
from passerelles.linkage.models import Check
from passerelles.linkage.services import check_people
from tests.browsing import sign_in
from tests.linkage.lists import load, row_of


@pytest.fixture
def session(world):
    return world.session()


def doubtful(world, session, count=1):
    """`count` persons of the session whose birth date is inverted in the list."""
    people = [c.person for c in world.convoked(session, count, birth_date=dt.date(1992, 4, 12))]
    load(world.auditor, *(row_of(person, birth_date=dt.date(1992, 12, 4)) for person in people))
    check_people(world.auditor, [person.pk for person in people])
    return list(Check.objects.filter(person__in=people, result="to_review").order_by("as_of", "created_at", "pk"))


@pytest.mark.parametrize(
    ("short", "status", "seen"),
    [
        ("cip", 200, True),
        ("auditor", 200, True),
        ("manager", 200, True),
        ("cip_elsewhere", 200, False),
        ("auditor_elsewhere", 200, False),
        ("ft", 403, False),
        ("region", 403, False),
        ("admin", 403, False),
        ("tester", 403, False),
    ],
)
def test_the_queue_and_the_pair_exist_for_those_who_follow_the_person(client, world, session, short, status, seen):
    check = doubtful(world, session)[0]
    visitor = sign_in(client, world, short)
    queue = visitor.get(reverse("linkage:review"))
    assert queue.status_code == status
    assert (str(check.person) in queue.content.decode()) is seen
    pair = visitor.get(reverse("linkage:check", args=[check.pk]))
    assert pair.status_code == (200 if seen else 404 if status == 200 else 403)
    answer = visitor.post(reverse("linkage:check", args=[check.pk]), {"decision": "same"})
    assert answer.status_code == (302 if seen else 404 if status == 200 else 403)


def test_both_records_are_side_by_side_with_their_differences(client, world, session):
    check = doubtful(world, session)[0]
    page = sign_in(client, world, "cip").get(reverse("linkage:check", args=[check.pk]))
    verdicts = {each.label: each.verdict for each in page.context["pair"].fields}
    assert verdicts == {
        "Nom de famille": "same",
        "Nom de naissance": "same",
        "Prénoms": "same",
        "Date de naissance": "different",
        "Sexe": "same",
    }
    text = page.content.decode()
    assert "12/04/1992" in text
    assert "04/12/1992" in text
    assert "Liste France Travail (ft.xlsx), 01/03/2026" in text


def test_numbers_are_compared_and_never_shown(client, world, session):
    person = world.convoked(session, identifiers={"agdref": "9999999999"})[0].person
    load(world.auditor, row_of(person, foreigner_number="8888888888"))
    check_people(world.auditor, [person.pk])
    page = sign_in(client, world, "cip").get(reverse("linkage:check", args=[Check.objects.get().pk]))
    assert page.context["pair"].fields[-1].verdict == "different"
    assert "9999999999" not in page.content.decode()


@pytest.mark.parametrize(("decision", "result"), [("same", "registered"), ("different", "not_found")])
def test_the_answer_leads_to_the_next_pair(client, world, session, decision, result):
    first, second = doubtful(world, session, 2)
    visitor = sign_in(client, world, "cip")
    answer = visitor.post(reverse("linkage:check", args=[first.pk]), {"decision": decision})
    assert answer.url == reverse("linkage:check", args=[second.pk])
    first.refresh_from_db()
    assert first.result == result
    assert visitor.post(answer.url, {"decision": decision}).url == reverse("linkage:review")


def test_an_answer_from_the_day_leads_back_to_the_day(client, world, session):
    first, _ = doubtful(world, session, 2)
    visitor = sign_in(client, world, "cip")
    day = reverse("reception:session", args=[session.pk])
    pair = reverse("linkage:check", args=[first.pk])
    assert visitor.post(pair, {"decision": "same", "retour": day}).url == day


def test_no_answer_leads_out_of_the_platform(client, world, session):
    check = doubtful(world, session)[0]
    answer = sign_in(client, world, "cip").post(
        reverse("linkage:check", args=[check.pk]), {"decision": "same", "retour": "//ailleurs.example"}
    )
    assert answer.url == reverse("linkage:review")


def test_a_pair_already_settled_says_by_whom(client, world, session):
    check = doubtful(world, session)[0]
    address = reverse("linkage:check", args=[check.pk])
    sign_in(client, world, "cip").post(address, {"decision": "same"})
    visitor = sign_in(client, world, "auditor")
    assert "selon Agent cip" in visitor.get(address).content.decode()
    assert "déjà été tranché" in visitor.post(address, {"decision": "different"}, follow=True).content.decode()


def test_a_decision_that_means_nothing_changes_nothing(client, world, session):
    check = doubtful(world, session)[0]
    sign_in(client, world, "cip").post(reverse("linkage:check", args=[check.pk]), {"decision": "peut-être"})
    check.refresh_from_db()
    assert check.result == "to_review"


def test_a_forged_check_leads_nowhere(client, world):
    assert sign_in(client, world, "cip").get(reverse("linkage:check", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize(
    ("short", "status", "seen"),
    [
        ("cip", 200, True),
        ("auditor", 200, True),
        ("manager", 200, True),
        ("auditor_elsewhere", 200, False),
        ("ft", 403, False),
        ("region", 403, False),
    ],
)
def test_the_lists_are_shown_with_their_dates_and_lines(client, world, session, short, status, seen):
    person = world.convoked(session)[0].person
    load(world.auditor, row_of(person), row_of(person, given_names="Autre"))
    page = sign_in(client, world, short).get(reverse("linkage:lists"))
    assert page.status_code == status
    if status == 200:
        assert [(each.lines, each.as_of) for each in page.context["page"]] == (
            [(2, dt.date(2026, 3, 1))] if seen else []
        )
        assert ("RSA" in page.context["missing"]) is True


def test_only_persons_one_may_see_are_checked_again(client, world, session):
    mine = world.convoked(session)[0].person
    stranger = world.person(actor=world.auditor_elsewhere, direction="strasbourg")
    load(world.auditor, row_of(mine))
    load(world.auditor_elsewhere, row_of(stranger), direction="strasbourg")
    day = reverse("reception:session", args=[session.pk])
    answer = sign_in(client, world, "cip").post(
        reverse("linkage:recheck"), {"person": [mine.pk, stranger.pk, "x"], "retour": day}
    )
    assert answer.url == day
    assert list(Check.objects.values_list("person_id", flat=True)) == [mine.pk]
    assert sign_in(client, world, "ft").post(reverse("linkage:recheck"), {"person": [mine.pk]}).status_code == 403


def test_the_queue_and_the_pair_are_noted(client, world, session):
    check = doubtful(world, session)[0]
    visitor = sign_in(client, world, "cip")
    for address in (reverse("linkage:review"), reverse("linkage:check", args=[check.pk])):
        before = Access.objects.filter(people__contains=[check.person_id], action="read").count()
        visitor.get(address)
        assert Access.objects.filter(people__contains=[check.person_id], action="read").count() == before + 1


def test_the_number_of_queries_does_not_depend_on_the_number_of_checks(client, world, session):
    visitor = sign_in(client, world, "cip")
    doubtful(world, session, 2)
    few = _queries(visitor)
    doubtful(world, session, 10)
    assert _queries(visitor) == few


def _queries(visitor):
    visitor.get(reverse("linkage:review"))
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(reverse("linkage:review")).status_code == 200
    return len(captured)
