"""From the referral to the attended appointment: agents, links and the person (A-054, C-020, C-036, C-054, D-035)."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Unknown
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.referrals.models import Dispute, Referral
from passerelles.referrals.rules.words import Channel, Party
from passerelles.referrals.services import answers, appointments, sending
from passerelles.referrals.speakers import Outsider

DAY = dt.date(2026, 3, 10)


def at(day, hour=9):
    return clock.frozen(clock.paris(day, hour))


def kinds(referral):
    return list(Fact.objects.standing().filter(subject_id=referral.pk).order_by("id").values_list("kind", flat=True))


def test_the_loop_closes_when_both_have_met(world, sent):
    referral = sent()
    assert (referral.state, referral.owner) == ("sent", world.agency)
    assert referral.next_on == dt.date(2026, 3, 24), "ten working days after Tuesday 10 March"
    answers.receive(world.ft, referral.pk)
    answers.accept(world.ft, referral.pk)
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 17), 10))
    with at(dt.date(2026, 3, 17), 15):
        appointments.declare_attended(world.ft, referral.pk)
        answers.start(world.ft, referral.pk)
        closed = answers.end(world.ft, referral.pk, outcome="training")
    assert kinds(closed) == [
        "referral_sent",
        "referral_received",
        "referral_accepted",
        "referral_appointment_given",
        "referral_appointment_attended",
        "referral_started",
        "referral_ended",
    ]
    closed.refresh_from_db()
    assert (closed.state, closed.owner, closed.next_on) == ("ended", None, None)
    assert closed.accepted_at < closed.attended_told_at <= closed.outcome_told_at
    assert (closed.attended_on, closed.attended_by) == (dt.date(2026, 3, 17), "receiver")


def test_receiving_does_not_move_the_date_of_the_answer(world, sent):
    referral = sent()
    with at(dt.date(2026, 3, 16)):
        assert answers.receive(world.ft, referral.pk).next_on == referral.next_on


def test_a_partner_without_account_answers_by_its_link(world, sent):
    referral = sent()
    partner = Outsider(Party.RECEIVER, referral.pk)
    appointments.fix(partner, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 12), 14))
    referral.refresh_from_db()
    assert (referral.state, referral.accepted_at is not None) == ("appointment_fixed", True)
    fact = Fact.objects.get(subject_id=referral.pk, kind="referral_appointment_given")
    assert fact.data == {"to": "france_travail", "fixed_for": "2026-03-12T14:00", "attempt": 1}
    assert (fact.actor_id, fact.organisation_id) == (None, world.agency.pk)


def test_a_link_opens_one_referral_and_nothing_else(world, sent):
    one, other = sent(), sent()
    with pytest.raises(Unknown):
        answers.accept(Outsider(Party.RECEIVER, one.pk), other.pk)
    with pytest.raises(Impossible):
        answers.accept(Outsider(Party.PERSON, one.pk, Channel.PAGE), one.pk)
    with pytest.raises(ValueError, match="receiver or the person"):
        Outsider(Party.SENDER, one.pk)


def test_a_draft_is_unknown_to_the_receiver(world, service):
    made = sending.draft(
        world.auditor, person_id=world.person().pk, service_id=service.pk, purpose="employment", basis="public_mission"
    )
    for receiver in (world.ft, Outsider(Party.RECEIVER, made.pk)):
        with pytest.raises(Unknown):
            answers.accept(receiver, made.pk)


def test_the_same_answer_twice_changes_nothing(world, sent):
    referral = sent()
    partner = Outsider(Party.RECEIVER, referral.pk)
    when = clock.paris(dt.date(2026, 3, 12), 14)
    for _ in range(2):
        answers.accept(partner, referral.pk)
    for _ in range(2):
        appointments.fix(partner, referral.pk, starts_at=when)
    assert kinds(referral) == ["referral_sent", "referral_accepted", "referral_appointment_given"]
    declined = sent()
    for _ in range(2):
        answers.decline(Outsider(Party.RECEIVER, declined.pk), declined.pk, reason="no_place")
    assert kinds(declined) == ["referral_sent", "referral_declined"]


def test_a_declined_referral_goes_back_to_its_sender_who_sends_it_elsewhere(world, sent):
    from passerelles.referrals.services.places import default_service

    referral = sent()
    with pytest.raises(Impossible, match="Précisez"):
        answers.decline(world.ft, referral.pk, reason="other")
    declined = answers.decline(world.ft, referral.pk, reason="out_of_area")
    assert (declined.owner, declined.next_on) == (world.dt_metz, dt.date(2026, 3, 17))
    onward = sending.redirect(world.auditor, referral.pk, service_id=default_service(world.other_agency).pk)
    referral.refresh_from_db()
    assert (referral.state, referral.owner) == ("redirected", None)
    assert (onward.state, onward.receiver, onward.replaces) == ("sent", world.other_agency, referral)


def test_the_person_confirms_then_cannot_come_then_says_it_took_place(world, sent):
    referral = sent()
    person = Outsider(Party.PERSON, referral.pk, Channel.PAGE)
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 12), 14))
    assert appointments.confirm(person, referral.pk).confirmed_at
    assert appointments.postpone(person, referral.pk, reason="childcare").state == "rescheduled"
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 19), 14))
    with pytest.raises(Impossible, match="n’a pas eu lieu"):
        appointments.declare_attended(person, referral.pk)
    with at(dt.date(2026, 3, 19), 16):
        done = appointments.declare_attended(person, referral.pk)
    assert (done.state, done.attended_by) == ("attended", "person")


def test_a_no_show_is_never_called_cancelled_and_repeated_goes_back_to_the_sender(world, sent):
    referral = sent()
    for week, day in enumerate((dt.date(2026, 3, 12), dt.date(2026, 3, 19))):
        with at(day - dt.timedelta(days=1)):
            appointments.fix(world.ft, referral.pk, starts_at=clock.paris(day, 14))
        with at(day, 16):
            assert appointments.declare_missed(world.ft, referral.pk, reason="no_news").state == (
                "missed" if week == 0 else "taken_over"
            )
    referral.refresh_from_db()
    assert (referral.reason, referral.owner) == ("no_shows", world.dt_metz)
    assert not [m for m in Message.objects.all() if "annul" in (m.subject + m.body).lower()]


def test_a_contradiction_is_kept_for_review_and_the_sender_settles_it(world, sent):
    referral = sent()
    person = Outsider(Party.PERSON, referral.pk, Channel.PAGE)
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 12), 14))
    with at(dt.date(2026, 3, 12), 18):
        appointments.declare_missed(world.ft, referral.pk, reason="no_news")
        appointments.declare_attended(person, referral.pk)
        referral.refresh_from_db()
        assert referral.state == "missed", "the receiver's word stands until somebody settles"
        dispute = Dispute.objects.get()
        assert (dispute.receiver_says, dispute.person_says) == (False, True)
        with pytest.raises(Impossible):
            appointments.settle(world.ft, dispute.pk, took_place=True)
        appointments.settle(world.auditor, dispute.pk, took_place=True, note="feuille signée")
    referral.refresh_from_db()
    assert (referral.state, referral.attended_by) == ("attended", "sender")


def test_a_side_that_changes_its_word_retracts_the_former_and_the_dispute_closes(world, sent):
    referral = sent()
    person = Outsider(Party.PERSON, referral.pk, Channel.PAGE)
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 12), 14))
    with at(dt.date(2026, 3, 12), 18):
        appointments.declare_missed(world.ft, referral.pk, reason="no_news")
        appointments.declare_attended(person, referral.pk)
        done = appointments.declare_attended(world.ft, referral.pk)
    assert done.state == "attended"
    assert "referral_appointment_missed" not in kinds(referral)
    assert Dispute.objects.get().took_place is True


def test_the_accompanier_may_say_it_took_place(world, sent):
    session = world.session()
    convocation = world.convoked(session)[0]
    referral = sent(convocation.person)
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 12), 14))
    with at(dt.date(2026, 3, 12), 18):
        done = appointments.declare_attended(world.cip, referral.pk)
    assert done.attended_by == "accompanier"


def test_whoever_asked_to_be_exempt_is_not_sent_to_the_employment_service(world, sent):
    from passerelles.people.services import opt_out, reverse_opt_out

    person = world.person()
    opt_out(world.auditor, person, since=DAY, reason="garde un enfant")
    with pytest.raises(Impossible, match="dispensée"):
        sent(person)
    reverse_opt_out(world.auditor, person, on=DAY)
    assert sent(person).state == "sent"


def test_one_open_referral_per_service_and_need(world, sent):
    person = world.person()
    sent(person)
    with pytest.raises(Impossible, match="déjà"):
        sent(person)
    assert Referral.objects.count() == 1


def test_the_person_may_decline_support_at_any_time(world, sent):
    referral = sent()
    done = sending.withdraw(Outsider(Party.PERSON, referral.pk, Channel.PAGE), referral.pk, reason="refused")
    assert (done.state, done.owner) == ("withdrawn", None)
