"""The protocol as rules: who is in scope, whom to register, what the interview comes to (B-050, B-051, F-007)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.reception.enums import Category, NotRegisteredReason, Outcome, ScopeResult
from passerelles.reception.rules.planning import Limits, collective_alert, session_alerts, session_minutes, week_alerts
from passerelles.reception.rules.scope import (
    Facts,
    category,
    covered,
    in_scope,
    outcome,
    scope,
    to_register,
)

SITUATIONS = ["cdi", "cdd", "other_job", "training", "student", "none", "other"]
LIMITS = Limits(6, 8, 12, 15, 15, 195)
EIGHT = list(itertools.product([True, False], repeat=3))
known = st.sampled_from([True, False, None])
facts = st.builds(
    Facts,
    situation=st.sampled_from(["", *SITUATIONS]),
    ft=known,
    rsa=known,
    agir=known,
    opted_out=st.booleans(),
    out_for_other_reason=st.booleans(),
)


@pytest.mark.parametrize(("ft", "rsa", "agir"), EIGHT)
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("convention", [True, False])
def test_only_somebody_in_scope_and_known_nowhere_is_registered_during_the_convention(
    ft, rsa, agir, situation, convention
):
    answer = to_register(Facts(situation, ft=ft, rsa=rsa, agir=agir), convention=convention, automatic=False)
    expected = situation == "none" and convention and not (ft or rsa or agir)
    assert answer.is_yes is expected
    assert answer.is_no is not expected


def test_a_refusal_says_why_with_its_reference():
    answer = to_register(Facts("none", ft=False, rsa=True, agir=False), convention=True, automatic=False)
    assert [(reason.requirement, reason.reference) for reason in answer.reasons] == [("B-033", "loi n° 2023-1196")]


def test_nobody_is_registered_by_the_cip_once_the_registration_is_automatic():
    answer = to_register(Facts("none", ft=False, rsa=False, agir=False), convention=True, automatic=True)
    assert answer.is_no


def test_the_decision_names_the_checks_that_are_missing():
    answer = to_register(Facts("none", ft=None, rsa=False, agir=None), convention=True, automatic=False)
    assert answer.missing == ("la vérification AGIR", "la vérification France Travail")


def test_nothing_more_is_asked_when_one_fact_already_decides():
    answer = to_register(Facts("cdi"), convention=True, automatic=False)
    assert answer.is_no
    assert not answer.missing


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("cdi", "out_employed"),
        ("cdd", "out_employed"),
        ("other_job", "out_employed"),
        ("training", "out_training"),
        ("student", "out_student"),
        ("none", "in_scope"),
        ("other", "out_other"),
        ("", None),
    ],
)
def test_the_situation_gives_the_scope(situation, expected):
    assert scope(Facts(situation)) == expected
    assert expected is None or expected in ScopeResult.values


def test_the_list_of_reasons_out_of_scope_is_open():
    assert scope(Facts("none", out_for_other_reason=True)) == "out_other"


@given(facts)
def test_every_person_counts_in_exactly_one_line(told):
    assert category(told) in Category.values


@given(facts, st.booleans(), st.sampled_from(["", *NotRegisteredReason.values]))
def test_an_interview_has_one_outcome_or_says_nothing_yet(told, registered, reason):
    found = outcome(told, registered=registered, not_registered_reason=reason)
    assert found is None or found in Outcome.values
    if found is None:
        assert scope(told) is None or scope(told) == "in_scope"


@given(facts)
def test_learning_a_fact_never_turns_a_no_into_a_yes(told):
    before = to_register(told, convention=True, automatic=False)
    if not before.is_no:
        return
    for name in ("ft", "rsa", "agir"):
        if getattr(told, name) is None:
            for value in (True, False):
                later = Facts(**{f: getattr(told, f) for f in Facts.__slots__} | {name: value})
                assert to_register(later, convention=True, automatic=False).is_no


@given(facts)
def test_the_recommendation_to_register_and_the_outcome_agree(told):
    if to_register(told, convention=True, automatic=False).is_yes:
        assert in_scope(told).is_yes
        assert not covered(told)
        assert outcome(told, registered=True) == "registered"
        assert outcome(told, registered=False) is None


@given(st.lists(facts, max_size=40))
def test_the_breakdown_sums_to_the_persons_received(received):
    lines = dict.fromkeys(Category.values, 0)
    for told in received:
        lines[category(told)] += 1
    assert sum(lines.values()) == len(received)


def test_the_breakdown_of_27_january_2026():
    received = (
        [Facts("cdi")] * 8
        + [Facts("cdd")] * 4
        + [Facts("training")]
        + [Facts("none", rsa=True)]
        + [Facts("none", ft=True, rsa=False, agir=False)] * 3
        + [Facts("none", ft=False, rsa=False, agir=False)] * 4
    )
    lines = [category(told) for told in received]
    assert len(lines) == 21
    assert {name: lines.count(name) for name in set(lines)} == {
        "cdi": 8,
        "cdd": 4,
        "training": 1,
        "rsa": 1,
        "ft": 3,
        "unregistered": 4,
    }


@pytest.mark.parametrize(("sessions", "expected"), [(6, ""), (7, "au-delà"), (8, "au-delà"), (9, "plafond")])
def test_more_than_six_sessions_are_told_and_more_than_eight_exceed_the_ceiling(sessions, expected):
    alerts = week_alerts(sessions, LIMITS)
    assert bool(alerts) is bool(expected)
    assert expected in "".join(alerts)


@pytest.mark.parametrize(("convoked", "alerted"), [(12, False), (13, True)])
def test_the_thirteenth_person_convoked_raises_an_alert(convoked, alerted):
    alerts = session_alerts(convoked, 2, LIMITS)
    assert any("personnes convoquées" in alert for alert in alerts) is alerted


@pytest.mark.parametrize(("convoked", "desks", "minutes"), [(12, 1, 195), (13, 1, 210), (13, 2, 120), (0, 1, 15)])
def test_the_length_of_a_session_depends_on_its_desks(convoked, desks, minutes):
    assert session_minutes(convoked, desks, 15) == minutes


@pytest.mark.parametrize(("minutes", "alerted"), [(15, False), (16, True)])
def test_fifteen_minutes_of_presentation_are_allowed_and_sixteen_are_told(minutes, alerted):
    assert bool(collective_alert(minutes, LIMITS)) is alerted
