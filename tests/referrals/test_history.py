"""The timing of each step, and on whose word, on the page of a referral and on the person's (C-036)."""

from __future__ import annotations

import datetime as dt

from passerelles.core import clock
from passerelles.referrals.queries.history import histories
from passerelles.referrals.rules.words import Channel, Party
from passerelles.referrals.services import answers, appointments
from passerelles.referrals.speakers import Outsider
from tests.browsing import sign_in


def told(referral):
    return [(step.label, step.after, step.who, step.retracted) for step in histories([referral])[referral.pk]]


def test_each_step_says_how_long_after_and_on_whose_word(world, sent):
    referral = sent()
    with clock.frozen(clock.paris(dt.date(2026, 3, 11), 10)):
        answers.receive(Outsider(Party.RECEIVER, referral.pk), referral.pk)
        appointments.fix(world.auditor, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 13), 14))
    with clock.frozen(clock.paris(dt.date(2026, 3, 13), 18)):
        appointments.declare_missed(world.ft, referral.pk, reason="no_news")
        appointments.declare_attended(Outsider(Party.PERSON, referral.pk, Channel.PAGE), referral.pk)
        appointments.declare_attended(world.ft, referral.pk)
    dt_metz, agency = world.dt_metz.name, world.agency.name
    assert told(referral) == [
        ("Envoyée", "", dt_metz, False),
        ("Reçue", "1 jour après", agency, False),
        ("Acceptée", "le même jour", dt_metz, False),
        ("Rendez-vous donné", "le même jour", dt_metz, False),
        ("Rendez-vous manqué", "2 jours après", agency, True),
        ("Rendez-vous honoré", "le même jour", "la personne", False),
        ("Contradiction entre les deux côtés", "le même jour", "la plateforme", False),
        ("Rendez-vous honoré", "le même jour", agency, False),
        ("Contradiction tranchée", "le même jour", agency, False),
    ]


def test_two_queries_whatever_the_number_of_referrals(world, sent, django_assert_num_queries):
    referrals = [sent() for _ in range(3)]
    with django_assert_num_queries(2):
        found = histories(referrals)
    assert [len(found[each.pk]) for each in referrals] == [1, 1, 1]


def test_the_page_of_the_person_tells_the_steps_to_whoever_sees_the_referral_and_agents_inside_the_dt(
    client, world, sent
):
    person = world.person()
    sent(person)
    sent(person, purpose="health", basis="consent", consent_on=world.day)
    address = f"/personnes/{person.pk}/"
    of_the_dt = sign_in(client, world, "auditor").get(address).content.decode()
    assert of_the_dt.count("Le temps de chaque étape") == 2
    assert "dit par DT OFII Metz (Agent auditor)" in " ".join(of_the_dt.split())
    receiver = sign_in(client, world, "ft").get(address).content.decode()
    assert receiver.count("Le temps de chaque étape") == 2 and "Agent auditor" not in receiver
