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
from tests.linkage.lists import NUMBER, doubtful, load, namesake, row_of, twin_lines


@pytest.fixture
def session(world):
    return world.session()


def asked(world, session, count=1, register="ft", as_of=dt.date(2026, 3, 1)):
    """`count` persons of the session who may be a namesake of the list, each born in a year of their own."""
    years = range(1960, 1960 + count)
    people = [world.convoked(session, **namesake(birth_date=dt.date(year, 1, 1)))[0].person for year in years]
    load(world.auditor, *map(doubtful, people), register=register, as_of=as_of)
    check_people(world.auditor, [person.pk for person in people])
    found = Check.objects.filter(person__in=people, register=register, result="to_review")
    return list(found.order_by("as_of", "created_at", "pk"))


def ambiguous(world, session, register="ft"):
    """A person of the session whom two lines surely are."""
    person = world.convoked(session, identifiers={"agdref": NUMBER})[0].person
    load(world.auditor, *twin_lines(person), register=register)
    check_people(world.auditor, [person.pk])
    return Check.objects.get(person=person, register=register)


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
    check = asked(world, session)[0]
    visitor = sign_in(client, world, short)
    queue = visitor.get(reverse("linkage:review"))
    assert queue.status_code == status
    assert (str(check.person) in queue.content.decode()) is seen
    pair = visitor.get(reverse("linkage:check", args=[check.pk]))
    assert pair.status_code == (200 if seen else 404 if status == 200 else 403)
    answer = visitor.post(reverse("linkage:check", args=[check.pk]), {"decision": "same"})
    assert answer.status_code == (302 if seen else 404 if status == 200 else 403)


def test_both_records_are_side_by_side_with_their_differences(client, world, session):
    check = asked(world, session)[0]
    page = sign_in(client, world, "cip").get(reverse("linkage:check", args=[check.pk]))
    (candidate,) = page.context["pair"].candidates
    assert {each.label: each.verdict for each in candidate.fields} == {
        "Nom de famille": "same",
        "Prénoms": "same",
        "Date de naissance": "different",
        "Sexe": "same",
    }
    text = page.content.decode()
    assert "01/01/1960" in text
    assert "03/05/1960" in text
    assert "Liste France Travail (ft.xlsx), 01/03/2026" in text


def test_numbers_are_compared_and_never_shown(client, world, session):
    person = world.convoked(session, identifiers={"agdref": "9999999999"})[0].person
    load(world.auditor, row_of(person, foreigner_number="8888888888"))
    check_people(world.auditor, [person.pk])
    page = sign_in(client, world, "cip").get(reverse("linkage:check", args=[Check.objects.get().pk]))
    last = page.context["pair"].candidates[0].fields[-1]
    assert (last.verdict, last.person, last.record) == ("different", "connu", "connu")
    assert last.verdict_label.startswith("numéro étranger différent : −")
    assert "9999999999" not in page.content.decode()


def test_each_field_says_what_it_weighs_and_the_weights_make_the_total(client, world, session):
    check = asked(world, session)[0]
    page = sign_in(client, world, "cip").get(reverse("linkage:check", args=[check.pk]))
    (candidate,) = page.context["pair"].candidates
    said = {each.label: each.verdict_label for each in candidate.fields}
    assert said["Date de naissance"].startswith("même année de naissance, date estimée d’un côté : +")
    sentences = [*said.values(), *candidate.other_reasons, f"départ : {candidate.start}"]
    weights = [weight(sentence) for sentence in sentences if " : " in sentence]
    assert sum(weights) == pytest.approx(weight(f"total : {candidate.total}"), abs=0.05 * len(weights))


def weight(sentence: str) -> float:
    """`même sexe : +1,0` → 1.0."""
    return float(sentence.rpartition(" : ")[2].replace("−", "-").replace(",", "."))


def test_the_lines_of_an_ambiguous_answer_are_all_shown_and_one_is_chosen(client, world, session):
    check = ambiguous(world, session)
    visitor = sign_in(client, world, "cip")
    address = reverse("linkage:check", args=[check.pk])
    page = visitor.get(address)
    shown = [each.line.pk for each in page.context["pair"].candidates]
    assert set(shown) == set(check.list.records.values_list("pk", flat=True))
    assert shown[0] == check.record_id
    assert "2 lignes de la liste ressemblent" in page.content.decode()
    visitor.post(address, {"decision": "same", "line": shown[1]})
    check.refresh_from_db()
    assert (check.result, check.record_id) == ("registered", shown[1])


def test_the_last_decision_is_undone_from_the_next_pair(client, world, session):
    first, second = asked(world, session, 2)
    visitor = sign_in(client, world, "cip")
    following = visitor.post(reverse("linkage:check", args=[first.pk]), {"decision": "different"}).url
    undo = reverse("linkage:undo", args=[first.pk])
    assert undo in visitor.get(following).content.decode()
    assert visitor.post(undo).url == reverse("linkage:check", args=[first.pk])
    first.refresh_from_db()
    assert first.result == "to_review"
    assert undo not in visitor.get(following).content.decode()


@pytest.mark.parametrize(
    ("short", "status", "result"),
    [
        ("auditor", 302, "to_review"),
        ("manager", 302, "to_review"),
        ("cip_elsewhere", 404, "registered"),
        ("auditor_elsewhere", 404, "registered"),
        ("ft", 403, "registered"),
        ("region", 403, "registered"),
    ],
)
def test_a_decision_is_undone_by_those_who_may_decide(client, world, session, short, status, result):
    check = asked(world, session)[0]
    sign_in(client, world, "cip").post(reverse("linkage:check", args=[check.pk]), {"decision": "same"})
    assert sign_in(client, world, short).post(reverse("linkage:undo", args=[check.pk])).status_code == status
    check.refresh_from_db()
    assert check.result == result


def test_a_question_that_nobody_answered_cannot_be_undone(client, world, session):
    check = asked(world, session)[0]
    answer = sign_in(client, world, "cip").post(reverse("linkage:undo", args=[check.pk]), follow=True)
    assert "pas de décision à annuler" in answer.content.decode()


def test_the_queue_is_narrowed_to_a_register_and_to_an_answer(client, world, session):
    france_travail, doubt = asked(world, session, 2)[0], ambiguous(world, session, "agir")
    rsa = asked(world, session, register="rsa")[0]
    visitor = sign_in(client, world, "cip")

    def shown(query):
        return {each.pk for each in visitor.get(reverse("linkage:review") + query).context["page"]}

    assert rsa.pk in shown("?registre=rsa")
    assert shown("?registre=rsa").isdisjoint({france_travail.pk, doubt.pk})
    assert shown("?reponse=ambiguous") == {doubt.pk}
    assert shown("?registre=rsa&reponse=ambiguous") == set()
    assert shown("?registre=inconnu&reponse=registered") == shown("")


def test_a_narrowed_queue_stays_narrowed_from_pair_to_pair(client, world, session):
    asked(world, session)
    oldest = asked(world, session, 2, register="rsa", as_of=dt.date(2026, 1, 1))[0]
    visitor = sign_in(client, world, "cip")
    everything, narrowed = reverse("linkage:check", args=[oldest.pk]), "?registre=ft"
    assert _register(visitor.get(everything).context["pair"].next_id) == "rsa"
    answer = visitor.post(everything + narrowed, {"decision": "same"}).url
    assert answer.endswith(narrowed)
    assert _register(answer.removesuffix(narrowed).rpartition("/")[2]) == "ft"


def _register(pk):
    return Check.objects.get(pk=pk).register


def test_going_on_without_answering_walks_the_whole_queue(client, world, session):
    checks = asked(world, session, 3)
    visitor, seen, at = sign_in(client, world, "cip"), [], checks[0].pk
    for _ in checks:
        seen.append(at)
        at = visitor.get(reverse("linkage:check", args=[at])).context["pair"].next_id
    assert seen == [each.pk for each in checks]
    assert at == checks[0].pk


@pytest.mark.parametrize(("decision", "result"), [("same", "registered"), ("different", "not_found")])
def test_the_answer_leads_to_the_next_pair(client, world, session, decision, result):
    first, second = asked(world, session, 2)
    visitor = sign_in(client, world, "cip")
    answer = visitor.post(reverse("linkage:check", args=[first.pk]), {"decision": decision})
    assert answer.url == reverse("linkage:check", args=[second.pk])
    first.refresh_from_db()
    assert first.result == result
    assert visitor.post(answer.url, {"decision": decision}).url == reverse("linkage:review")


def test_an_answer_from_the_day_leads_back_to_the_day(client, world, session):
    first, _ = asked(world, session, 2)
    visitor = sign_in(client, world, "cip")
    day = reverse("reception:session", args=[session.pk])
    pair = reverse("linkage:check", args=[first.pk])
    assert visitor.post(pair, {"decision": "same", "retour": day}).url == day


def test_no_answer_leads_out_of_the_platform(client, world, session):
    check = asked(world, session)[0]
    answer = sign_in(client, world, "cip").post(
        reverse("linkage:check", args=[check.pk]), {"decision": "same", "retour": "//ailleurs.example"}
    )
    assert answer.url == reverse("linkage:review")


def test_a_pair_already_settled_says_by_whom(client, world, session):
    check = asked(world, session)[0]
    address = reverse("linkage:check", args=[check.pk])
    sign_in(client, world, "cip").post(address, {"decision": "same"})
    visitor = sign_in(client, world, "auditor")
    assert "selon Agent cip" in visitor.get(address).content.decode()
    assert "déjà été tranché" in visitor.post(address, {"decision": "different"}, follow=True).content.decode()


def test_a_decision_that_means_nothing_changes_nothing(client, world, session):
    check = asked(world, session)[0]
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
    check = asked(world, session)[0]
    visitor = sign_in(client, world, "cip")
    for address in (reverse("linkage:review"), reverse("linkage:check", args=[check.pk])):
        before = Access.objects.filter(people__contains=[check.person_id], action="read").count()
        visitor.get(address)
        assert Access.objects.filter(people__contains=[check.person_id], action="read").count() == before + 1


@pytest.mark.parametrize("page", ["queue", "pair"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_checks(client, world, session, page):
    visitor = sign_in(client, world, "cip")
    first = asked(world, session, 2)[0]
    address = reverse("linkage:review") if page == "queue" else reverse("linkage:check", args=[first.pk])
    few = _queries(visitor, address)
    asked(world, session, 8, register="rsa")
    assert _queries(visitor, address) == few <= 15


def _queries(visitor, address):
    visitor.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(address).status_code == 200
    return len(captured)
