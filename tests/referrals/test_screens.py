"""The screens without a browser: scope, forms, fixed numbers of queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core import clock
from passerelles.orientation.services import decide, state
from passerelles.people.services import record_assessment
from passerelles.referrals.models import Referral
from passerelles.referrals.services import answers, appointments, places
from tests.browsing import sign_in


@pytest.fixture
def as_(client, world):
    return lambda short: sign_in(client, world, short)


def test_the_form_shows_what_leaves_then_sends(world, as_):
    person = world.person(phone="+33199000001")
    record_assessment(world.auditor, person, assessed_on=world.day, overall="A1", oral="A1", written="infra_a1")
    service = places.default_service(world.agency)
    browser = as_("auditor")
    url = reverse("referrals:new", args=[person.pk])
    values = {
        "purpose": "employment",
        "receiver": f"s:{service.pk}",
        "basis": "public_mission",
        "message": "",
        "action": "preview",
    }
    page = browser.post(url, values).content.decode()
    assert "+33199000001" in page and "A1" in page and "Envoyer" in page
    assert not Referral.objects.exists()
    answer = browser.post(url, values | {"action": "send"})
    referral = Referral.objects.get()
    assert answer.url == reverse("referrals:referral", args=[referral.pk])
    assert referral.state == "sent"


def test_an_association_needs_the_agreement_of_the_person(world, as_):
    from passerelles.network.models import Organisation

    body = Organisation.objects.create(
        name="Les Mots passants", kind="association", direction="metz", department_code="57"
    )
    url = reverse("referrals:new", args=[world.person().pk])
    values = {"purpose": "childcare", "receiver": f"o:{body.pk}", "basis": "public_mission", "action": "send"}
    answer = as_("auditor").post(url, values)
    assert answer.status_code == 400 and "accord de la personne" in answer.content.decode()
    answer = as_("auditor").post(url, values | {"basis": "consent"})
    assert "Indiquez la date" in answer.content.decode()
    assert as_("auditor").post(url, values | {"basis": "consent", "consent_on": "2026-03-10"}).status_code == 302


def test_the_queue_shows_only_what_is_ours(world, as_, sent):
    mine = sent()
    page = as_("ft").get(reverse("referrals:received")).content.decode()
    assert str(mine.person) in page
    assert str(mine.person) not in as_("ft_elsewhere").get(reverse("referrals:received")).content.decode()
    for short, status in (("ft_elsewhere", 404), ("auditor_elsewhere", 404), ("auditor", 200), ("region", 403)):
        assert as_(short).get(reverse("referrals:referral", args=[mine.pk])).status_code == status, short


def test_a_mistake_keeps_what_was_typed(world, as_, sent):
    referral = sent()
    url = reverse("referrals:act", args=[referral.pk, "fix"])
    values = {
        "fix-date": "2026-03-01",
        "fix-time": "10:00",
        "fix-minutes": "45",
        "fix-mode": "place",
        "fix-bring": "CIR",
    }
    answer = as_("ft").post(url, values)
    page = answer.content.decode()
    assert answer.status_code == 400 and "Vérifiez la date" in page and 'value="CIR"' in page
    assert as_("ft").post(url, values | {"fix-date": "2026-03-16"}).status_code == 302
    assert Referral.objects.get().state == "appointment_fixed"


@pytest.mark.parametrize("event", ["remind", "lapse", "nothing", "redirect"])
def test_what_is_no_deed_of_an_agent_is_not_there(world, as_, sent, event):
    url = reverse("referrals:act", args=[sent().pk, event])
    assert as_("auditor").post(url, {}).status_code == 404


def test_an_agent_gives_a_case_to_a_colleague_of_the_same_organisation(world, as_, sent):
    referral = sent()
    url = reverse("referrals:assign", args=[referral.pk])
    as_("ft").post(url, {"agent": str(world.ft.agent.pk)})
    referral.refresh_from_db()
    assert referral.assignee == world.ft.agent
    as_("ft").post(url, {"agent": str(world.auditor.agent.pk)})
    referral.refresh_from_db()
    assert referral.assignee == world.ft.agent
    assert str(referral.person) in as_("ft").get(reverse("referrals:received") + "?agent=moi").content.decode()


def test_the_number_of_queries_does_not_depend_on_the_number_of_cases(world, as_, sent, django_assert_max_num_queries):
    for _ in range(2):
        answers.accept(world.ft, sent().pk)
    browser = as_("ft")
    url = reverse("referrals:received") + "?etat=a_donner"
    browser.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for _ in range(5):
        answers.accept(world.ft, sent().pk)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(few) <= 15
    with django_assert_max_num_queries(15):
        browser.get(reverse("referrals:referral", args=[Referral.objects.first().pk]))


def test_the_invitation_and_the_feed_name_nobody(world, as_, sent):
    referral = sent()
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 16), 10), bring="CIR")
    for url in (reverse("referrals:invitation", args=[referral.pk]), reverse("referrals:feed")):
        answer = as_("ft").get(url)
        text = answer.content.decode()
        assert answer["Content-Type"].startswith("text/calendar")
        assert "DTSTART:20260316T090000Z" in text
        assert referral.person.family_name not in text and referral.person.given_names not in text


def test_places_are_published_from_the_screen(world, as_):
    browser = as_("ft")
    browser.post(reverse("referrals:places-begin"))
    service = places.default_service(world.agency)
    week = {f"w{service.pk}-week_of": "2026-03-16", f"w{service.pk}-places": "3"}
    assert browser.post(reverse("referrals:places-week", args=[service.pk]), week).status_code == 302
    slots = {
        f"s{service.pk}-date": "2026-03-16",
        f"s{service.pk}-first": "09:00",
        f"s{service.pk}-count": "2",
        f"s{service.pk}-minutes": "30",
        f"s{service.pk}-places": "2",
    }
    assert browser.post(reverse("referrals:places-slots", args=[service.pk]), slots).status_code == 302
    assert service.places.count() == 7
    page = browser.get(reverse("referrals:places")).content.decode()
    assert "7 places libres" in page
    assert as_("ft_elsewhere").post(reverse("referrals:places-week", args=[service.pk]), week).status_code == 404


def test_what_the_diagnosis_says_is_not_typed_again(world, as_):
    """C-055: what was decided and declared goes with the referral; a constraint without effect does not."""
    person = world.person()
    said = {"frein.mobilite": "fort", "frein.logement": "sans_impact"}
    state(world.auditor, person.pk, said, source="la personne", as_of=world.day)
    decision = decide(world.auditor, person.pk, chosen=["france_travail"], reason="la personne le souhaite")
    browser = as_("auditor")
    values = {
        "purpose": "employment",
        "receiver": f"s:{places.default_service(world.agency).pk}",
        "basis": "public_mission",
        "action": "send",
    }
    assert (
        browser.get(reverse("orientation-person:orientation", args=[person.pk]))
        .content.decode()
        .count(reverse("referrals:new", args=[person.pk]))
    )
    browser.post(reverse("referrals:new", args=[person.pk]), values)
    referral = Referral.objects.get()
    assert referral.decision_id == decision.pk
    assert {item: value for item, _, value in referral.transmitted}["barriers"] == "Mobilité"
