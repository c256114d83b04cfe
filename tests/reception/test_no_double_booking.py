"""The database refuses a person expected twice in a half-day and a desk that holds two people (decision 0005)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.range import Range

from passerelles.core import clock
from passerelles.reception.models import Convocation
from passerelles.reception.rules.planning import NOON, same_half_day, session_span
from passerelles.reception.services import planning
from passerelles.reception.services.convocations import convoke

DAY = dt.date(2026, 3, 10)
STARTS = st.builds(
    lambda days, minutes: clock.paris(DAY + dt.timedelta(days), *divmod(minutes, 60)),
    st.integers(0, 2),
    st.integers(0, 1439),
)
SPANS = STARTS.map(session_span)


@given(SPANS, SPANS)
def test_sessions_that_overlap_are_of_the_same_half_day(left, right):
    overlap = left[0] < right[1] and right[0] < left[1]
    assert same_half_day(left, right) == same_half_day(right, left)
    assert same_half_day(left, right) or not overlap


def test_a_session_ends_the_day_it_began():
    start, end = session_span(clock.paris(DAY, 22, 30))
    assert (end - start, end.date()) == (dt.timedelta(minutes=89), DAY)


def accepted(**values) -> bool:
    try:
        with transaction.atomic():
            Convocation.objects.create(**values)
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize("first", ["09:00", "11:00", "12:30", "13:30"])
@pytest.mark.parametrize("second", ["08:30", "09:15", "11:00", "13:30", "20:30"])
@pytest.mark.parametrize("days", [0, 1])
def test_a_person_is_expected_once_in_a_half_day(world, first, second, days):
    person = world.person()
    spans = []
    for place, (text, day) in enumerate([(first, world.day), (second, world.day + dt.timedelta(days=days))]):
        time = dt.time.fromisoformat(text)
        half_day = "am" if time < NOON else "pm"
        session = world.session(day=day, half_day=half_day, starts_at=time, place=f"Salle {place}")
        spans.append((session.during.lower.astimezone(clock.PARIS), session.during.upper.astimezone(clock.PARIS)))
        taken = accepted(session=session, person=person, during=session.during)
        assert taken == (place == 0 or not same_half_day(*spans))


def test_a_person_excused_may_be_expected_elsewhere(world):
    person = world.person()
    here, there = world.session(place="Siège"), world.session(place="Annexe")
    Convocation.objects.create(session=here, person=person, during=here.during, status="excused")
    assert accepted(session=there, person=person, during=there.during)


def test_a_convocation_over_midnight_is_refused(world):
    session = world.session()
    late = clock.paris(world.day, 23)
    assert not accepted(session=session, person=world.person(), during=Range(late, late + dt.timedelta(hours=2), "[)"))


@pytest.mark.parametrize(
    ("begins", "minutes", "free"),
    [(15, 15, False), (20, 15, False), (10, 10, False), (0, 60, False), (29, 1, False), (30, 15, True), (0, 15, True)],
)
def test_a_desk_holds_one_person_at_a_time(world, begins, minutes, free):
    session = world.session(desks=2)
    one, other = session.desks.order_by("number")

    def slot(minute, length):
        start = session.during.lower + dt.timedelta(minutes=minute)
        return Range(start, start + dt.timedelta(minutes=length), "[)")

    common = {"session": session, "during": session.during}
    assert accepted(**common, person=world.person(), desk=one, slot=slot(15, 15))
    assert accepted(**common, person=world.person(), desk=other, slot=slot(begins, minutes))
    assert accepted(**common, person=world.person(), desk=one, slot=slot(begins, minutes)) == free


def test_the_desk_of_an_absent_person_is_free(world):
    session = world.session(desks=1)
    desk = session.desks.get()
    slot = Range(session.during.lower, session.during.lower + dt.timedelta(minutes=15), "[)")
    common = {"session": session, "during": session.during, "desk": desk, "slot": slot}
    assert accepted(**common, person=world.person(), status="absent")
    assert accepted(**common, person=world.person())
    assert not accepted(**common, person=world.person())


def test_a_session_planned_late_stays_in_its_day(world):
    session = planning.plan_session(
        world.manager, organisation=world.dt_metz, held_on=world.day, half_day="pm", starts_at=dt.time(21, 0)
    )
    assert session.during.upper.astimezone(clock.PARIS).time() == dt.time(23, 59)
    assert convoke(world.manager, session.pk, world.person()).during == session.during
