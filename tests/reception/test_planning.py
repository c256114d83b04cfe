"""Plan the week: alerts by ISO week, changes, cancellation."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import AlreadyTaken, Impossible, Refused
from passerelles.journal.models import Fact
from passerelles.network.models import Delegation, Organisation
from passerelles.reception.models import Session
from passerelles.reception.queries.week import week_sessions
from passerelles.reception.services import attendance, planning
from passerelles.reception.services.convocations import convoke
from passerelles.reference.calendar import week_of


def _sessions(world, days, count):
    planned = []
    for day in days:
        for half_day in ("am", "pm"):
            if len(planned) < count:
                planned.append(world.session(day=day, half_day=half_day))
    return planned


def _week(world, monday, count):
    return _sessions(world, [monday + dt.timedelta(days=offset) for offset in range(5)], count)


@pytest.mark.parametrize(("count", "expected"), [(6, ""), (7, "au-delà des 6"), (8, "au-delà des 6"), (9, "plafond")])
def test_the_alerts_of_the_week_follow_the_number_of_sessions_of_the_operator(world, count, expected):
    week = week_of(world.day)
    planned = _week(world, week.start, count)
    for line, session in zip(week_sessions(world.cip, week), planned, strict=True):
        assert line.alerts == tuple(planning.alerts(session))
        assert expected in " ".join(line.alerts)
        assert bool(line.alerts) is bool(expected)


def test_a_week_that_straddles_new_year_is_one_week(world):
    monday = dt.date(2025, 12, 29)
    planned = _week(world, monday, 9)
    assert {session.held_on.year for session in planned} == {2025, 2026}
    lines = week_sessions(world.auditor, week_of(dt.date(2026, 1, 1)))
    assert len(lines) == 9
    assert all("plafond" in alert for line in lines for alert in line.alerts)


def test_a_cancelled_session_does_not_count_in_its_week(world):
    week = week_of(world.day)
    planned = _week(world, week.start, 7)
    planning.cancel_session(world.auditor, planned[0].pk, reason="férié")
    assert not any(line.alerts for line in week_sessions(world.auditor, week))


def test_the_sessions_of_another_operator_do_not_count(world):
    second = Organisation.objects.create(name="Rives de Moselle", kind="operator")
    Delegation.objects.create(
        operator=second, direction="metz", starts_on=dt.date(2025, 12, 8), legal_basis="convention"
    )
    week = week_of(world.day)
    _week(world, week.start, 6)
    world.session(day=week.start, place="Annexe", operator=second)
    assert not any(line.alerts for line in week_sessions(world.auditor, week))


def test_outside_the_protocol_the_screen_says_that_nothing_is_checked(world):
    week = week_of(dt.date(2027, 1, 5))
    world.session(day=week.start)
    assert "ne sont pas vérifiées" in week_sessions(world.auditor, week)[0].alerts[0]


def test_the_counters_of_a_session(world):
    session = world.session()
    first, second, _ = world.convoked(session, 3)
    attendance.record_arrival(world.cip, first.pk)
    attendance.record_absence(world.cip, second.pk, reason="ill")
    attendance.welcome_walk_in(world.cip, session.pk, family_name="Nazari", given_names="Omid", sex="H")
    line = week_sessions(world.cip, week_of(world.day))[0]
    assert (line.convoked, line.walk_ins, line.present, line.interviewed, line.desks) == (3, 1, 2, 0, 2)


def test_the_week_is_read_in_one_query_whatever_the_number_of_sessions(world, django_assert_num_queries):
    week = week_of(world.day)
    session = world.session()
    # One more, once per request or transaction: the decisions of the State on parameters.
    with django_assert_num_queries(2):
        week_sessions(world.cip, week)
    world.convoked(session, 8)
    _sessions(world, [week.start, week.start + dt.timedelta(days=3)], 4)
    with django_assert_num_queries(1):
        assert len(week_sessions(world.cip, week)) == 5


def test_the_same_half_day_in_the_same_place_is_planned_once(world):
    world.session()
    with pytest.raises(AlreadyTaken, match="existe déjà"):
        world.session()


def test_moving_a_session_to_a_place_already_used_is_refused_in_words(world):
    world.session(place="Annexe")
    other = world.session(place="Siège")
    with pytest.raises(AlreadyTaken, match="autre séance"):
        planning.change_session(world.auditor, other.pk, place="Annexe")


def test_a_cip_plans_only_the_sessions_of_their_own_organisation(world):
    with pytest.raises(Refused, match="votre organisme"):
        planning.plan_session(world.cip, organisation=world.dt_metz, held_on=world.day, half_day="am")
    mine = planning.plan_session(
        world.cip, organisation=world.dt_metz, held_on=world.day, half_day="am", operator=world.operator
    )
    assert mine.operator == world.operator


def test_nobody_plans_for_the_directorate_of_others(world):
    with pytest.raises(Refused, match="pas la vôtre"):
        planning.plan_session(world.auditor, organisation=world.dt_strasbourg, held_on=world.day, half_day="am")


def test_a_session_where_somebody_was_pointed_is_not_cancelled(world):
    session = world.session()
    convocation = world.convoked(session)[0]
    attendance.record_absence(world.cip, convocation.pk, reason="no_news")
    with pytest.raises(Impossible, match="pointées"):
        planning.cancel_session(world.auditor, session.pk, reason="panne")


def test_a_cancelled_session_frees_its_persons_and_its_half_day(world):
    session = world.session()
    world.convoked(session, 2)
    planning.cancel_session(world.auditor, session.pk, reason="panne")
    assert not session.convocations.exclude(status="moved").exists()
    world.session()
    assert Session.objects.count() == 2


def test_each_person_of_a_cancelled_session_has_the_fact_that_says_so(world):
    session = world.session()
    first, second = world.convoked(session, 2)
    attendance.record_absence(world.cip, second.pk, reason="ill", excused=True)
    planning.cancel_session(world.auditor, session.pk, reason="panne")
    facts = Fact.objects.standing().filter(kind="convocation_moved")
    assert {fact.subject_id for fact in facts} == {first.pk, second.pk}
    assert {(fact.person_id, fact.data["reason"]) for fact in facts} == {
        (first.person_id, "session_cancelled"),
        (second.person_id, "session_cancelled"),
    }
    again = convoke(world.auditor, world.session().pk, first.person)
    assert again.status == "convoked"


def test_desks_are_added_and_serve_the_next_slots(world):
    session = world.session(desks=1)
    world.convoked(session, 2)
    planning.change_session(world.auditor, session.pk, desks=2)
    third = world.convoked(session)[0]
    assert str(third.desk) == "Bureau 2"
    assert third.slot.lower == clock.paris(world.day, 9, 15)
