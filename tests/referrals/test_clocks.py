"""Silence is a state with a date and an owner: reminder, manager and référent, takeover (C-035, D-035)."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.network.models import Referent
from passerelles.network.policy import SYSTEM
from passerelles.reference import parameters
from passerelles.reference.register import Entry
from passerelles.reference.territory import Territory
from passerelles.referrals import settings_on
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import State
from passerelles.referrals.services import answers, appointments, clocks, places
from passerelles.referrals.simulation.months import Plan, Simulation

DAY = dt.date(2026, 3, 10)


def night(day):
    with clock.frozen(clock.paris(day)):
        return clocks.run(day)


def test_a_mute_receiver_is_reminded_then_its_referent_told_then_the_sender_takes_over(world, sent):
    Referent.objects.create(
        organisation=world.agency, function="référente", mailbox="referent@agence.example", starts_on=DAY
    )
    referral = sent()
    Message.objects.all().delete()
    assert night(dt.date(2026, 3, 24)).cases == 0, "the last day is still on time"
    assert dict(night(dt.date(2026, 3, 25)).steps) == {"remind": 1}
    referral.refresh_from_db()
    assert (referral.stage, referral.owner, referral.next_on) == ("reminded", world.agency, dt.date(2026, 4, 1))
    assert dict(night(dt.date(2026, 4, 2)).steps) == {"escalate": 1}
    referral.refresh_from_db()
    assert referral.next_on == dt.date(2026, 4, 13), "Good Friday and Easter Monday are holidays in Moselle"
    assert dict(night(dt.date(2026, 4, 14)).steps) == {"take_over": 1}
    referral.refresh_from_db()
    assert (referral.state, referral.owner, referral.reason) == ("taken_over", world.dt_metz, "silence")
    to = list(Message.objects.order_by("created_at").values_list("kind", "recipient"))
    assert to == [
        ("clocks_reminded", "agency@exemple.example"),
        ("clocks_escalated", "agency@exemple.example"),
        ("clocks_escalated", "referent@agence.example"),
        ("clocks_returned", "dt-metz@exemple.example"),
    ]
    facts = Fact.objects.filter(subject_id=referral.pk).order_by("id").values_list("kind", "data")
    assert [kind for kind, _ in facts] == [
        "referral_sent",
        "referral_silent",
        "referral_escalated",
        "referral_taken_over",
    ]
    assert facts[1][1] == {"to": "france_travail", "working_days": 11, "state": "sent"}


def test_the_sender_that_does_nothing_ends_in_an_alert_that_stays(world, sent):
    referral = sent()
    answers.decline(world.ft, referral.pk, reason="no_place")
    for _ in range(3):
        referral.refresh_from_db()
        night(referral.next_on + dt.timedelta(days=1))
    referral.refresh_from_db()
    assert (referral.next_on, referral.owner) == (None, world.dt_metz)
    assert referral.alert == "Personne sans autre place proposée"
    assert night(dt.date(2027, 1, 1)).cases == 0
    assert not Referral.objects.adrift(dt.date(2027, 1, 1)).exists()


def test_a_meeting_without_news_lapses_but_remains_a_meeting(world, sent):
    referral = sent()
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 12), 9))
    with clock.frozen(clock.paris(dt.date(2026, 3, 12), 11)):
        appointments.declare_attended(world.ft, referral.pk)
    for _ in range(3):
        referral.refresh_from_db()
        night(referral.next_on + dt.timedelta(days=1))
    referral.refresh_from_db()
    assert (referral.state, referral.outcome, referral.attended_on) == ("ended", "untold", dt.date(2026, 3, 12))


def test_the_clock_of_an_appointment_starts_on_its_day(world, sent):
    referral = sent()
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 4, 2), 9))
    referral.refresh_from_db()
    assert referral.next_on == dt.date(2026, 4, 9), "three worked days after Thursday 2 April, Easter in between"


def test_a_late_answer_after_the_takeover_brings_the_case_back_to_the_receiver(world, sent):
    referral = sent()
    for _ in range(3):
        referral.refresh_from_db()
        night(referral.next_on + dt.timedelta(days=1))
    answers.accept(world.ft, referral.pk)
    referral.refresh_from_db()
    assert (referral.state, referral.owner) == ("accepted", world.agency)


def test_a_run_killed_in_the_middle_is_finished_by_the_next_and_tells_once(world, sent):
    made = [sent() for _ in range(5)]
    Message.objects.all().delete()
    late = dt.date(2026, 3, 25)

    class Killed(Exception):
        pass

    def die():
        raise Killed

    with clock.frozen(clock.paris(late)):
        with pytest.raises(Killed):
            clocks.run(late, batch=2, after_batch=die)
        assert Referral.objects.adrift(late).count() == 3
        assert clocks.run(late, batch=2).cases == 3
        assert clocks.run(late).cases == 0
    assert not Referral.objects.adrift(late).exists()
    assert Fact.objects.filter(kind="referral_silent").count() == len(made)
    assert "5 orientation(s)" in Message.objects.get().body


def test_an_organisation_or_a_territory_may_have_its_own_delay(db):
    here = Territory.parse("department:57")
    assert settings_on.clock(DAY, "operator", here).delays["referral_answer_days"] == 5
    assert settings_on.clock(DAY, "france_travail", here).delays["referral_answer_days"] == 10

    def decided(known_at):
        entry = Entry(here, dt.date(2026, 1, 1), None, 7, "arrêté préfectoral")
        return {("referral_answer_days", here): [entry]}

    former = parameters.use_overrides(decided)
    try:
        assert settings_on.clock(DAY, "france_travail", here).delays["referral_answer_days"] == 7
        elsewhere = Territory.parse("department:67")
        assert settings_on.clock(DAY, "france_travail", elsewhere).delays["referral_answer_days"] == 10
    finally:
        parameters.use_overrides(former)


def test_overseas_holidays_count_and_unknown_ones_are_those_of_the_country(db):
    reunion = settings_on.clock(DAY, "france_travail", Territory.parse("department:974"))
    assert reunion.due(State.DRAFT, dt.date(2027, 12, 17)) == dt.date(2027, 12, 27), "20 December, a Monday, is kept"
    pacific = settings_on.clock(DAY, "france_travail", Territory.parse("department:988"))
    assert pacific.due(State.DRAFT, DAY) == dt.date(2026, 3, 17)


def test_the_nightly_job_fails_aloud_when_a_case_is_adrift(world, sent, monkeypatch):
    from passerelles.referrals import tasks

    sent()
    with clock.frozen(clock.paris(dt.date(2026, 3, 25))):
        monkeypatch.setattr(clocks, "run", lambda day: clocks.Report(day))
        with pytest.raises(tasks.Adrift):
            tasks.run_clocks.func(0)
        monkeypatch.undo()
        assert tasks.run_clocks.func(0) == 1


def test_seven_weeks_with_mute_late_and_repeated_answers_lose_nobody(db):
    """A short version of `passerelles simulate` (Shows 2)."""
    plan = Plan(dt.date(2026, 3, 16), months=2, mute=0.3, seed=3, per_day=2, broken_nights=0.3, jumps=1)
    found = Simulation(plan).run()
    assert found.adrift == 0
    assert found.nights > 40 and found.stopped > 5 and found.jumped == 1
    assert found.silences and min(found.silences) > 5, "five working days at least, from a Saturday or a Sunday too"
    assert found.lags and min(found.lags) >= 1, "no silence is told before its date has passed"
    assert found.refused, "answers that come too late or twice are refused in a sentence, not lost"
    assert found.states["taken_over"] + found.states["redirected"] > 0


def test_places_are_given_back_when_the_sender_takes_over(world, sent):
    service = places.default_service(world.agency)
    places.publish_week(SYSTEM, service.pk, week_of=dt.date(2026, 3, 23), places=1)
    referral = sent()
    places.ask_place(world.auditor, referral.pk, week_of=dt.date(2026, 3, 25))
    for _ in range(3):
        referral.refresh_from_db()
        night(referral.next_on + dt.timedelta(days=1))
    assert not referral.bookings.filter(released_at=None).exists()
