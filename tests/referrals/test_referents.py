"""Référents: announced, trained, in immersion, and missed when they leave (A-055, A-063, E-045, G-020, G-021)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core.errors import Impossible, Refused
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.network import services
from passerelles.network.models import Referent
from passerelles.reference.mailboxes import mailboxes
from passerelles.referrals.queries.receivers import warnings_before
from passerelles.referrals.queries.referents import directory
from tests.browsing import sign_in

DAY = dt.date(2026, 3, 10)


@pytest.fixture
def others(world):
    for short in ("agency", "dt_metz", "dt_strasbourg"):
        Referent.objects.create(
            organisation=world.organisations[short],
            function="référent",
            mailbox=f"referent-{short.replace('_', '-')}@exemple.example",
            starts_on=dt.date(2026, 1, 5),
        )


def test_a_change_is_told_to_the_network_of_the_territory_and_only_to_it(world, others):
    world.operator.direction = "metz"
    world.operator.save()
    named = services.name_referent(world.admin, function="chargée de mission", starts_on=DAY)
    told = Message.objects.filter(kind="referent_named")
    assert {m.recipient for m in told} == {"referent-agency@exemple.example", "referent-dt-metz@exemple.example"}
    services.end_referent(world.admin, named.pk, ends_on=dt.date(2026, 3, 20))
    assert Message.objects.filter(kind="referent_ended").count() == 2
    facts = Fact.objects.filter(subject_id=named.pk).order_by("id").values_list("kind", "occurred_on")
    assert list(facts) == [("referent_named", DAY), ("referent_ended", dt.date(2026, 3, 20))]


def test_the_directory_shows_the_vacancy_from_the_first_day(world, others):
    entries = {entry.organisation: entry for entry in directory(world.auditor, DAY)}
    assert world.dt_strasbourg not in entries
    assert not entries[world.agency].vacant and entries[world.other_agency].vacant
    Referent.objects.filter(organisation=world.agency).update(ends_on=dt.date(2026, 3, 9))
    entry = next(each for each in directory(world.auditor, DAY) if each.organisation == world.agency)
    assert (entry.vacant, entry.since) == (True, dt.date(2026, 3, 9))


def test_immersions_and_trainings_are_recorded_once(world, others):
    world.operator.direction = "metz"
    world.operator.save()
    for _ in range(2):
        services.record_exchange(
            world.admin, kind="immersion", host=world.agency, held_on=dt.date(2026, 2, 3), days=2, people=1
        )
    services.record_exchange(world.admin, kind="training", held_on=dt.date(2026, 2, 10))
    entry = next(each for each in directory(world.auditor, DAY) if each.organisation == world.operator)
    assert (entry.immersions, entry.trained_on) == (2, dt.date(2026, 2, 10))
    with pytest.raises(Impossible, match="à venir"):
        services.record_exchange(world.admin, kind="training", held_on=dt.date(2026, 4, 1))
    with pytest.raises(Impossible, match="autre organisme"):
        services.record_exchange(world.admin, kind="immersion", held_on=DAY)
    with pytest.raises(Refused):
        services.record_exchange(world.auditor, kind="training", held_on=DAY)


def test_whoever_sends_is_warned_of_a_vacancy(world, others):
    from passerelles.core import clock

    assert not [each for each in warnings_before(world.agency, None, clock.now()) if "référent" in each]
    assert [each for each in warnings_before(world.other_agency, None, clock.now()) if "référent" in each]


def test_the_page_of_the_directory(world, others, client):
    url = reverse("referrals:referents")
    page = sign_in(client, world, "auditor").get(url).content.decode()
    assert "France Travail Metz-Queuleu" in page and "sans référent" in page
    assert sign_in(client, world, "tester").get(url).status_code == 403
    admin = sign_in(client, world, "admin")
    answer = admin.post(url, {"kind": "training", "held_on": "2026-02-10", "days": "1", "people": "2"})
    assert answer.status_code == 302


def test_the_mailboxes_of_the_documents_name_no_person():
    found = mailboxes()
    assert len(found) == 5
    assert all("." not in each.mailbox.partition("@")[0] or "direction" in each.mailbox for each in found)
