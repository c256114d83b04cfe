"""What a decision may say, and what it still says once withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.core.periods import InvalidPeriod
from passerelles.parameters import rules
from passerelles.parameters.rules import Decision, InvalidDates, InvalidUnit, InvalidValue, MissingReference
from passerelles.reference import parameters, register, territories
from passerelles.reference.levels import Level
from passerelles.reference.register import Entry
from passerelles.reference.territory import Territory

METZ = Territory.parse("dt:metz")
NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
days = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("metz_individual", "20", 20),
        ("metz_individual", " 20 minutes ", 20),
        ("metz_individual", "20 minute", 20),
        ("metz_cost_max", "62 000 €", 62000),
        ("metz_cost_max", "62.000", 62000),
        ("metz_cost_max", "62\u202f000 euros", 62000),
        ("a1_attainment_target", "75 %", 75),
        ("a1_hours_allowed", "100, 200;400", (100, 200, 400)),
        ("csp_level_required", "b1", Level.B1),
        ("auto_ft_registration_date", "2026-10-01", dt.date(2026, 10, 1)),
        ("auto_ft_registration_date", "1er octobre 2026", dt.date(2026, 10, 1)),
        ("metz_convention", "Non", False),
        ("metz_m1_definition", "received", "received"),
    ],
)
def test_a_value_is_read_as_it_is_typed(key, text, value):
    assert rules.read_value(parameters.parameter(key), text) == value


@pytest.mark.parametrize(
    ("key", "text", "error"),
    [
        ("metz_individual", "un quart d'heure", InvalidValue),
        ("metz_individual", "1,5", InvalidValue),
        ("metz_individual", "1.5", InvalidValue),
        ("metz_individual", "-15", InvalidValue),
        ("metz_individual", "", InvalidValue),
        ("metz_individual", "9" * 5000, InvalidValue),
        ("metz_individual", "2 heures", InvalidUnit),
        ("metz_individual", "15 %", InvalidUnit),
        ("a1_attainment_target", "101", InvalidValue),
        ("metz_cost_max", "2 000 000 000", InvalidValue),
        ("a1_hours_allowed", "100, deux cents", InvalidValue),
        ("csp_level_required", "D1", InvalidValue),
        ("auto_ft_registration_date", "octobre 2026", InvalidValue),
        ("auto_ft_registration_date", "31/02/2026", InvalidValue),
        ("metz_convention", "peut-être", InvalidValue),
        ("metz_m1_definition", "au doigt mouillé", InvalidValue),
    ],
)
def test_what_does_not_fit_the_register_is_refused_with_a_sentence(key, text, error):
    with pytest.raises(error) as refused:
        rules.read_value(parameters.parameter(key), text)
    assert refused.value.remedy


@given(st.sampled_from(sorted(register.parameters())), st.text(max_size=40))
def test_anything_typed_gives_a_value_of_the_type_or_a_sentence(key, text):
    parameter = parameters.parameter(key)
    try:
        value = rules.read_value(parameter, text)
    except (InvalidValue, InvalidUnit):
        return
    assert parameter.accepts(value)
    assert rules.from_json(parameter.type, rules.to_json(value)) == value


def test_every_value_of_the_register_survives_the_table():
    for parameter in register.parameters().values():
        for entry in parameter.entries:
            kept = rules.from_json(parameter.type, rules.to_json(entry.value))
            assert kept == entry.value
            assert parameter.accepts(kept)


def test_what_the_table_holds_and_the_register_would_not_is_left_for_the_register_to_refuse():
    parameter = parameters.parameter("csp_level_required")
    assert not parameter.accepts(rules.from_json(parameter.type, "Z9"))


def test_a_decision_has_days_and_a_reference():
    with pytest.raises(InvalidPeriod):
        rules.check_dates(dt.date(2026, 3, 2), dt.date(2026, 3, 1))
    with pytest.raises(InvalidDates, match="2000 à 2099"):
        rules.check_dates(dt.date(26, 3, 2), None)
    with pytest.raises(MissingReference, match="Il manque la référence"):
        rules.check_sentence("  ok \u200b ", "Il manque la référence")
    assert rules.check_sentence(" arrêté  du 2 mars 2026 ", "Il manque") == "arrêté du 2 mars 2026"


def test_a_region_holds_its_departments_and_its_directorates():
    inside = ["region:44", "dt:metz", "department:57", "department:67"]
    outside = ["national", "region:11", "dt:creteil", "department:75", "lot:9", "zone:rup"]
    assert all(rules.lies_in(Territory.parse(place), {"44"}) for place in inside)
    assert not any(rules.lies_in(Territory.parse(place), {"44"}) for place in outside)
    for department in territories.departments():
        place = Territory.parse(f"department:{department.code}")
        assert rules.lies_in(place, {department.region_code})


def decision(first: dt.date, last: dt.date | None, **withdrawal) -> Decision:
    return Decision("metz_sessions_week", Entry(METZ, first, last, 7, "arrêté"), NOON, **withdrawal)


@given(days, st.none() | days, days, days)
def test_a_withdrawal_only_takes_days_away_and_all_those_from_its_date_on(first, last, withdrawn_from, day):
    if last is not None and last < first:
        first, last = last, first
    before = decision(first, last).standing()
    after = decision(first, last, withdrawn_at=NOON, withdrawn_from=withdrawn_from).standing()
    held_before = before is not None and day in before.period
    held_after = after is not None and day in after.period
    assert held_after == (held_before and day < withdrawn_from)


def test_what_was_known_then_ignores_what_was_recorded_later():
    early, late = NOON - dt.timedelta(hours=1), NOON + dt.timedelta(hours=1)
    first = dt.date(2026, 3, 1)
    taken = decision(first, None, withdrawn_at=late, withdrawn_from=first)
    assert taken.standing(early) is None
    assert taken.standing(NOON) == taken.entry
    assert taken.standing(late) is None
    assert rules.by_key_and_territory([taken]) == {}
    assert rules.by_key_and_territory([taken], NOON) == {("metz_sessions_week", METZ): (taken.entry,)}
