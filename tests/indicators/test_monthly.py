"""The figures read from the journal, after days made with the verbs of the reception."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.periods import Month
from passerelles.indicators import queries
from passerelles.indicators.engine.figures import BANDS
from passerelles.indicators.monthly import monthly
from passerelles.indicators.queries import Known
from passerelles.people.services import correct_person
from passerelles.reception.services import appointments, interviews
from passerelles.reference.parameters import BeforeFirstDate, NotConfigured
from tests.reports import histories
from tests.reports.histories import DAY, NO_JOB, NOT_KNOWN, REGISTERED, interviewed, received, session_on

JANUARY = Month(2026, 1)


def totals(found):
    return {code: figure.total for code, figure in found.figures.items()}


def test_the_27_january_gives_the_figures_of_the_return(world):
    histories.the_27_january(world)
    found = monthly("metz", JANUARY, cost=True)
    counted = totals(found)
    assert [figure.total for figure in found.official] == [8, 3, 1, 0]
    assert counted["personnes_recues"] == counted["entretiens_tenus"] == 21
    assert (counted["dans_le_champ"], counted["deja_couvertes"], counted["M5_inscriptions_CIP"]) == (8, 4, 4)
    breakdown = {line.definition.code: line.total for line in found.breakdown if line.total}
    assert breakdown == {"M6_cdi": 8, "M6_cdd": 4, "M6_training": 1, "M6_rsa": 1, "M6_ft": 3, "M6_unregistered": 4}
    assert (found.activity.sessions_held, found.activity.convoked, found.activity.present) == (2, 21, 21)
    assert found.activity.collective_minutes == 30
    assert found.cost.per_registration == 62_000 / 4
    assert found.delays.same_day_rate == pytest.approx(4 / 21)
    assert monthly("metz", JANUARY, definition="metz-monthly-v1:received").official[0].total == 21


def test_the_persons_of_exactly_25_and_without_birth_date_are_not_classified_and_not_lost(world):
    histories.the_27_january(world)
    received_line = monthly("metz", JANUARY).figures["personnes_recues"]
    assert received_line.count(band="non_classe") == 8
    assert sum(received_line.count(band=band) for band in BANDS) == 21


def test_a_person_interviewed_twice_in_the_month_counts_once_with_the_age_of_the_first_time(world):
    early, late = session_on(world, dt.date(2026, 1, 12)), session_on(world, dt.date(2026, 1, 26))
    person = world.person(birth_date=dt.date(2001, 1, 20))
    with clock.frozen(clock.paris(dt.date(2026, 1, 26), 10)):
        received(world, late, person, REGISTERED)
    with clock.frozen(clock.paris(dt.date(2026, 1, 28), 10)):
        received(world, early, person, NO_JOB | {"not_registered_reason": "to_complete"})
    found = monthly("metz", JANUARY)
    assert found.figures["personnes_recues"].values[("F", "<25")] == 1
    assert found.figures["M1_personnes_accompagnees"].total == 1
    assert found.figures["entretiens_tenus"].total == 2


def test_an_appointment_planned_or_missed_is_not_an_accompaniment(world):
    session = session_on(world, DAY)
    made = []
    with clock.frozen(clock.paris(DAY, 10)):
        for day in (28, 29, 30):
            fixed = {"appointment_with": world.agency, "appointment_at": clock.paris(dt.date(2026, 1, day), 10)}
            made.append(interviewed(world, session, REGISTERED | fixed | {"accompaniment": True}))
    with clock.frozen(clock.paris(dt.date(2026, 1, 31), 10)):
        first, second, _ = (interview.person.first_appointments.get() for interview in made)
        appointments.record_result(world.cip, first.pk, result="attended", accompanied=True)
        appointments.record_result(world.cip, second.pk, result="missed")
    found = monthly("metz", JANUARY)
    assert found.official[3].total == 1
    assert (found.delays.days, found.delays.lost, found.delays.answered) == ((1,), 1, 2)


def test_a_month_is_told_as_it_was_known_on_a_date(world):
    histories.the_27_january(world)
    with clock.frozen(clock.paris(dt.date(2026, 2, 10), 9)):
        interviewed(world, session_on(world, dt.date(2026, 1, 30)), REGISTERED)
    assert monthly("metz", JANUARY, Known.on(dt.date(2026, 1, 26))).history.interviews == ()
    assert monthly("metz", JANUARY, Known.on(DAY)).official[0].total == 8
    assert monthly("metz", JANUARY, Known.on(dt.date(2026, 2, 9))).official[0].total == 8
    assert monthly("metz", JANUARY, Known.on(dt.date(2026, 2, 10))).official[0].total == 9
    assert monthly("metz", JANUARY).official[0].total == 9


def test_a_corrected_person_or_interview_moves_to_another_cell(world):
    session = session_on(world, DAY)
    with clock.frozen(clock.paris(DAY, 10)):
        interview = interviewed(world, session, NO_JOB | {"ft": True}, birth_date=dt.date(1990, 1, 1))
    correct_person(world.auditor, interview.person_id, birth_date=dt.date(1970, 1, 1))
    assert monthly("metz", JANUARY).official[1].values[("F", "46-64")] == 1
    interview.refresh_from_db()
    interviews.finish_interview(
        world.cip, interview.pk, version=interview.version, values={"situation": "cdi"} | NOT_KNOWN
    )
    assert [figure.total for figure in monthly("metz", JANUARY).official] == [0, 0, 0, 0]


def test_the_other_directions_and_months_are_left_out(world):
    histories.the_27_january(world)
    found = queries.histories([("strasbourg", JANUARY), ("metz", JANUARY.next), ("metz", JANUARY)])
    assert [len(history.interviews) for history in found.values()] == [0, 0, 21]


def test_the_figures_cost_three_queries_whatever_the_number_of_persons(world, django_assert_num_queries):
    interviewed(world, session_on(world, DAY), REGISTERED)
    with django_assert_num_queries(3):
        monthly("metz", JANUARY)
    other = session_on(world, DAY, "pm")
    for _ in range(12):
        interviewed(world, other, NO_JOB | {"ft": True})
    with django_assert_num_queries(3):
        monthly("metz", JANUARY)
    with django_assert_num_queries(4):
        monthly("metz", JANUARY, cost=True)


@pytest.mark.parametrize(("direction", "month"), [("strasbourg", JANUARY), ("metz", Month(2025, 11))])
def test_where_the_experiment_does_not_run_the_definition_is_asked_for(world, direction, month):
    with pytest.raises((NotConfigured, BeforeFirstDate)):
        monthly(direction, month)
