"""Parameters are dated, local and sourced; what no document gives is never replaced by a default."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from passerelles.reference import parameters, register
from passerelles.reference.levels import Level
from passerelles.reference.parameters import (
    BeforeFirstDate,
    NoLongerInForce,
    NotConfigured,
    Status,
    UnknownParameter,
    value,
)
from passerelles.reference.register import Entry, InvalidParameter
from passerelles.reference.territory import Territory

SEMINAR = dt.date(2026, 2, 5)
REQUIREMENTS = Path(__file__).parents[3] / "shared/spec/requirements/L-contradictions-and-parameters.md"


Taken = dict[tuple[str, Territory], list[Entry]]


@pytest.fixture(autouse=True)
def decisions() -> Iterator[Taken]:
    """The decisions of the State, without the database."""
    taken: Taken = {}
    former = parameters.use_overrides(lambda known_at: taken)
    yield taken
    parameters.use_overrides(former)


def decide(territory: str, since: dt.date, decided: register.Value | None, until: dt.date | None = None) -> Entry:
    return Entry(Territory.parse(territory), since, until, decided, "décision de la DDETS")


def test_the_register_holds_the_70_initial_rows_without_duplicate():
    initial = [(key, row) for key, each in register.parameters().items() for row in each.rows if row[0].register]
    assert len(initial) == 70
    keys = [(key, entry.territory, entry.valid_from) for key, row in initial for entry in row]
    assert len(keys) == len(set(keys))


def test_the_register_says_what_the_requirements_say():
    if not REQUIREMENTS.exists():
        pytest.skip("the requirements are not beside the project")
    text = REQUIREMENTS.read_text(encoding="utf-8").split("```csv\n")[1].split("```")[0]
    expected = [
        (row["parameter"], row["value"], row["valid_from"], row["valid_to"])
        for row in csv.DictReader(text.splitlines())
    ]
    written = [
        (key, _as_written(row[0].value), str(row[0].valid_from), str(row[0].valid_to or ""))
        for key, each in register.parameters().items()
        for row in each.rows
        if row[0].register == "L.4"
    ]
    assert sorted(written) == sorted(expected)


def _as_written(decided: register.Value | None) -> str:
    if isinstance(decided, tuple):
        return "|".join(map(str, decided))
    return "" if decided is None else str(decided)


def test_every_entry_cites_a_document_or_says_that_none_gives_the_value():
    for each in register.parameters().values():
        for entry in each.entries:
            assert entry.reference
            if entry.value is None:
                assert entry.confidence == "faible"


def test_the_metz_convention_holds_from_its_first_to_its_last_day():
    for day in (dt.date(2025, 12, 8), SEMINAR, dt.date(2026, 11, 30)):
        assert value("metz_convention", day, "department:88").as_bool()
    with pytest.raises(BeforeFirstDate, match="sa première date est le 8 décembre 2025"):
        value("metz_convention", dt.date(2025, 12, 7), "dt:metz")
    with pytest.raises(NoLongerInForce, match="n'a plus de valeur au 1er décembre 2026"):
        value("metz_convention", dt.date(2026, 12, 1), "dt:metz")


def test_a_parameter_of_metz_is_not_configured_elsewhere():
    with pytest.raises(NotConfigured, match="il n'est prévu que pour DT OFII Metz"):
        value("metz_cost_max", SEMINAR, "dt:lille")


@pytest.mark.parametrize(
    "key",
    ["auto_ft_registration_date", "hours_after_2025_markets", "ctai_unit_cost", "appointment_silence_days"],
)
def test_what_no_document_gives_is_not_configured(key):
    with pytest.raises(NotConfigured, match="sa valeur est attendue"):
        value(key, SEMINAR, "dt:metz")


def test_two_names_of_one_fact_give_one_setting():
    assert parameters.parameter("automatic_ft_registration").key == "auto_ft_registration_date"
    assert value("metz_slot_minutes", SEMINAR, "dt:metz") == value("metz_individual", SEMINAR, "dt:metz")


def test_the_reception_day_of_metz_finds_its_settings():
    assert value("metz_session_minutes_max", SEMINAR, "dt:metz").as_int() == 195
    assert value("metz_slot_minutes", SEMINAR, "dt:metz").as_int() == 15
    assert value("metz_m1_definition", SEMINAR, "dt:metz").as_text() == "interview_in_scope_or_registered"
    assert value("small_cell_threshold", SEMINAR, "dt:metz").as_int() == 5
    assert value("agir_mean_delay_days", SEMINAR).as_int() == 10
    assert value("ft_registration_scope", SEMINAR).as_text() == "signatories_seeking_employment"


def test_the_most_specific_territory_wins_within_its_validity():
    assert value("copil_min_per_year", dt.date(2025, 1, 1), "department:75").value == 2
    assert value("copil_min_per_year", dt.date(2026, 3, 2), "department:75").value == 1
    assert value("b1_complement_hours", dt.date(2022, 1, 1), "department:31").value == 50
    assert value("b1_complement_hours", dt.date(2022, 1, 1), "department:57").value == 100
    assert value("fami_min_rup", SEMINAR, "department:974").value == 200_000


def test_a_lot_applies_only_when_it_is_named():
    spring = dt.date(2024, 4, 1)
    assert value("a2_pilot_hours_max", spring, ["lot:9", "national"]).value == 800
    with pytest.raises(NotConfigured):
        value("a2_pilot_hours_max", spring, "dt:creteil")


def test_the_language_condition_starts_on_1_january_2026():
    assert value("csp_level_required", dt.date(2026, 1, 1)).value is Level.A2
    with pytest.raises(BeforeFirstDate):
        value("csp_level_required", dt.date(2025, 12, 31))


def test_an_unknown_parameter_is_refused_in_french():
    with pytest.raises(UnknownParameter, match="« rsa » n'existe pas"):
        value("rsa", SEMINAR)


def test_a_setting_is_not_read_as_another_type():
    with pytest.raises(TypeError):
        value("csp_level_required", SEMINAR).as_int()


def test_an_override_of_the_state_wins_from_its_date(decisions):
    decisions["auto_ft_registration_date", Territory.parse("national")] = [
        decide("national", SEMINAR, dt.date(2026, 10, 1))
    ]
    setting = value("automatic_ft_registration", SEMINAR, "dt:metz")
    assert setting.as_date() == dt.date(2026, 10, 1)
    assert setting.is_override
    with pytest.raises(NotConfigured):
        value("automatic_ft_registration", SEMINAR - dt.timedelta(days=1), "dt:metz")


def test_a_national_override_does_not_undo_a_local_agreement(decisions):
    decisions["copil_min_per_year", Territory.parse("national")] = [decide("national", dt.date(2024, 6, 1), 4)]
    assert value("copil_min_per_year", dt.date(2025, 1, 1), "department:75").value == 2
    assert value("copil_min_per_year", dt.date(2025, 1, 1), "department:57").value == 4


def test_the_later_of_two_overrides_wins_and_an_ended_one_gives_way_to_the_file(decisions):
    decisions["metz_sessions_week", Territory.parse("dt:metz")] = [
        decide("dt:metz", dt.date(2026, 1, 1), 7, dt.date(2026, 3, 31)),
        decide("dt:metz", dt.date(2026, 2, 1), 8, dt.date(2026, 2, 28)),
    ]
    asked = [dt.date(2025, 12, 10), dt.date(2026, 1, 15), SEMINAR, dt.date(2026, 3, 15), dt.date(2026, 4, 1)]
    assert [value("metz_sessions_week", day, "dt:metz").value for day in asked] == [6, 7, 8, 7, 6]


def test_an_agent_may_withdraw_a_value_without_giving_another(decisions):
    decisions["small_cell_threshold", Territory.parse("national")] = [decide("national", SEMINAR, None)]
    with pytest.raises(NotConfigured):
        value("small_cell_threshold", SEMINAR)


def test_an_override_of_the_wrong_type_is_refused(decisions):
    decisions["small_cell_threshold", Territory.parse("national")] = [decide("national", SEMINAR, "cinq")]
    with pytest.raises(InvalidParameter, match="n'est pas une valeur de type int"):
        value("small_cell_threshold", SEMINAR)


def test_the_screen_lists_every_parameter_with_its_status():
    listed = {state.parameter.key: state.status for state in parameters.settings_on(SEMINAR, "dt:metz")}
    assert tuple(listed) == parameters.keys()
    assert listed["metz_individual"] is Status.CONFIGURED
    assert listed["auto_ft_registration_date"] is Status.NOT_CONFIGURED
    assert listed["a1_hours_allowed"] is Status.ENDED
    before = {state.parameter.key: state.status for state in parameters.settings_on(dt.date(2025, 12, 1), "dt:metz")}
    assert before["metz_individual"] is Status.NOT_YET_IN_FORCE


def test_two_values_on_the_same_day_are_refused():
    line = "{{territory: national, valid_from: {}, valid_to: null, value: 1, reference: r, confidence: faible}}"
    entries = "\n".join(f"  - {line.format(day)}" for day in ("2024-01-01", "2025-01-01"))
    with pytest.raises(InvalidParameter, match="deux valeurs valent le même jour"):
        register.read(f"p:\n label: P\n unit: u\n type: int\n entries:\n{entries}\n")
