"""What the partner's link and the newcomer's page read."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.referrals.queries.outside import outsider_of, partner_page, steps_of_person
from passerelles.referrals.rules.words import Event, Party
from passerelles.referrals.services import answers, appointments
from passerelles.referrals.speakers import Outsider


def test_the_partner_reads_what_was_sent_and_what_it_may_answer(world, sent, django_assert_num_queries):
    person = world.person(phone="+33199000001", nationality="TJ", sex="F")
    referral = sent(person, message="Cherche un poste de cuisinière.")
    with django_assert_num_queries(2):
        page = partner_page(Outsider(Party.RECEIVER, referral.pk))
    assert page.answer_by == dt.date(2026, 3, 24)
    assert {line.item: line.value for line in page.lines}["message"] == "Cherche un poste de cuisinière."
    assert Event.ACCEPT in page.may and Event.MISS not in page.may


def test_what_was_sent_does_not_change_with_the_file_of_the_person(world, sent):
    from passerelles.people.services import correct_person

    person = world.person(phone="+33199000001")
    referral = sent(person)
    correct_person(world.auditor, person.pk, phone="+33199000002")
    page = partner_page(Outsider(Party.RECEIVER, referral.pk))
    assert {line.item: line.value for line in page.lines}["phone"] == "+33199000001"


def test_the_newcomer_reads_the_next_step_and_what_they_may_say_now(world, sent, django_assert_num_queries):
    person = world.person()
    referral = sent(person)
    appointments.fix(
        world.ft, referral.pk, starts_at=clock.paris(dt.date(2026, 3, 12), 14), where="Bureau 3", bring="CIR"
    )
    with django_assert_num_queries(2):
        (step,) = steps_of_person(person.pk)
    assert (step.appointment.where, step.appointment.bring) == ("Bureau 3", "CIR")
    assert step.may == (Event.POSTPONE, Event.CONFIRM, Event.WITHDRAW)
    appointments.confirm(outsider_of(person.pk, referral.pk), referral.pk)
    assert Event.CONFIRM not in steps_of_person(person.pk)[0].may
    with clock.frozen(clock.paris(dt.date(2026, 3, 12), 16)):
        assert steps_of_person(person.pk)[0].may == (Event.ATTEND, Event.MISS, Event.WITHDRAW)


def test_a_person_speaks_only_of_their_own_steps(world, sent):
    referral = sent()
    with pytest.raises(Unknown):
        outsider_of(world.person().pk, referral.pk)


def test_a_closed_step_comes_after_the_open_ones(world, sent):
    person = world.person()
    closed = sent(person)
    answers.decline(world.ft, closed.pk, reason="no_place")
    from passerelles.referrals.services.places import default_service
    from passerelles.referrals.services.sending import redirect

    onward = redirect(world.auditor, closed.pk, service_id=default_service(world.other_agency).pk)
    assert [step.referral_id for step in steps_of_person(person.pk)] == [onward.pk, closed.pk]
