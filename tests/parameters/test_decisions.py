"""An agent of the State decides a value for a territory; it is never edited, only withdrawn (K-012, K-013, L.4)."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from passerelles.cli import health
from passerelles.cli.health import Context, State
from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.core.periods import InvalidPeriod
from passerelles.core.postgres import DatabaseUrls
from passerelles.journal.models import Fact
from passerelles.network.policy import SYSTEM
from passerelles.parameters import snapshot
from passerelles.parameters.models import Override
from passerelles.parameters.rules import InvalidDates, InvalidUnit, InvalidValue, MissingReference
from passerelles.parameters.services import AlreadyDecided, withdraw
from passerelles.reception.settings_on import automatic_registration, limits
from passerelles.reference import parameters
from passerelles.reference.levels import Level
from passerelles.reference.parameters import NotConfigured, UnknownParameter
from passerelles.reference.tables import UnknownCode
from tests.world import ACTORS

FIRST = dt.date(2026, 3, 1)
WRONG = "erreur de saisie, voir le courrier du 9 mars"


def value(on: dt.date, key: str = "metz_sessions_week", place: str = "dt:metz", **known):
    return parameters.value(key, on, place, **known).value


def test_the_decision_holds_from_its_first_to_its_last_day_and_the_document_around_it(world, decided):
    decided(valid_to=dt.date(2026, 3, 31))
    asked = [dt.date(2026, 2, 28), FIRST, dt.date(2026, 3, 31), dt.date(2026, 4, 1)]
    assert [value(day) for day in asked] == [6, 7, 7, 6]
    setting = parameters.value("metz_sessions_week", FIRST, "department:57")
    assert (setting.is_override, setting.reference) == (True, "arrêté préfectoral du 2 mars 2026, article 2")
    assert limits(FIRST, "metz").sessions_per_week == 7


def test_a_decision_gives_a_value_where_no_document_gives_one(world, decided):
    with pytest.raises(NotConfigured):
        value(FIRST, "auto_ft_registration_date")
    decided(world.nation, key="automatic_ft_registration", territory="national", value=dt.date(2026, 3, 9), unit="date")
    assert value(FIRST, "auto_ft_registration_date") == dt.date(2026, 3, 9)
    assert automatic_registration(dt.date(2026, 3, 9), "metz")
    assert Override.objects.get().parameter == "auto_ft_registration_date"


def test_a_decision_may_say_that_there_is_no_value(world, decided):
    decided(value=None)
    with pytest.raises(NotConfigured):
        value(FIRST)


@pytest.mark.parametrize(
    ("key", "unit", "given"),
    [
        ("csp_level_required", "niveau CECRL, écrit et oral", Level.B2),
        ("a1_hours_allowed", "heures", (100, 250)),
        ("metz_convention", "oui ou non", False),
        ("metz_m1_definition", "définition", "received"),
    ],
)
def test_each_type_of_the_register_comes_back_as_it_was_given(world, decided, key, unit, given):
    decided(key=key, unit=unit, value=given)
    assert value(FIRST, key) == given


def test_the_journal_tells_who_decided_what_and_from_when(world, decided):
    taken = decided(valid_to=dt.date(2026, 3, 31))
    fact = Fact.objects.get(kind="parameter_decided")
    assert (fact.subject_id, fact.actor_id, fact.direction) == (taken.pk, world.region.agent_id, "metz")
    assert fact.occurred_on == world.day
    assert fact.data == {
        "parameter": "metz_sessions_week",
        "territory": "dt:metz",
        "valid_from": "2026-03-01",
        "valid_to": "2026-03-31",
        "value": 7,
        "unit": "PFA",
    }
    withdraw(world.region, taken.pk, withdrawn_from=world.day, reason=WRONG)
    assert Fact.objects.get(kind="parameter_withdrawn").data["withdrawn_from"] == "2026-03-10"


@pytest.mark.parametrize("short", sorted(set(ACTORS) - {"region", "nation"}))
def test_only_the_region_and_the_nation_decide_and_withdraw(world, decided, short):
    taken = decided()
    with pytest.raises(Refused):
        decided(world.actors[short], valid_from=dt.date(2027, 1, 1))
    with pytest.raises((Refused, Unknown)):
        withdraw(world.actors[short], taken.pk, withdrawn_from=world.day, reason=WRONG)
    assert value(FIRST) == 7


def test_the_platform_itself_decides_nothing(world, decided):
    with pytest.raises(Refused):
        decided(SYSTEM)


@pytest.mark.parametrize("place", ["region:44", "dt:metz", "dt:strasbourg", "department:57", "department:08"])
def test_the_region_decides_in_its_territories(world, decided, place):
    assert decided(territory=place).territory == place


@pytest.mark.parametrize("place", ["national", "region:11", "dt:creteil", "department:75", "lot:9", "zone:rup"])
def test_elsewhere_only_the_nation_decides(world, decided, place):
    with pytest.raises(Refused, match="Vous ne décidez pas pour ce territoire"):
        decided(territory=place)
    taken = decided(world.nation, territory=place)
    with pytest.raises((Refused, Unknown)):
        withdraw(world.region, taken.pk, withdrawn_from=world.day, reason=WRONG)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"key": "nombre_de_lunes"}, UnknownParameter),
        ({"territory": "dt:atlantide"}, UnknownCode),
        ({"value": "sept"}, InvalidValue),
        ({"value": True}, InvalidValue),
        ({"value": -1}, InvalidValue),
        ({"unit": "heures"}, InvalidUnit),
        ({"reference": "   "}, MissingReference),
        ({"valid_from": dt.date(1926, 3, 1)}, InvalidDates),
        ({"valid_to": dt.date(2026, 2, 1)}, InvalidPeriod),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(world, decided, wrong, error):
    with pytest.raises(error):
        decided(**wrong)
    assert not Override.objects.exists()
    assert not Fact.objects.filter(kind="parameter_decided").exists()


def test_two_decisions_never_hold_on_the_same_day(world, decided):
    decided(valid_to=dt.date(2026, 3, 31))
    with pytest.raises(AlreadyDecided, match="du 1er mars 2026 au 31 mars 2026"):
        decided(value=8, valid_from=dt.date(2026, 3, 31))
    decided(value=8, valid_from=dt.date(2026, 4, 1))
    decided(value=9, territory="dt:strasbourg")
    decided(value=9, key="metz_sessions_week_max")
    assert [value(dt.date(2026, 3, 31)), value(dt.date(2026, 4, 1))] == [7, 8]


def test_the_database_itself_refuses_the_overlap(world, decided):
    taken = decided()
    copy = {name: getattr(taken, name) for name in "parameter territory unit reference decided_by organisation".split()}
    with pytest.raises(IntegrityError, match="override_one_a_day"), transaction.atomic():
        Override.objects.create(valid_from=dt.date(2027, 1, 1), value=8, **copy)
    withdraw(world.region, taken.pk, withdrawn_from=dt.date(2026, 6, 1), reason=WRONG)
    with pytest.raises(IntegrityError, match="override_one_a_day"), transaction.atomic():
        Override.objects.create(valid_from=dt.date(2026, 5, 31), value=8, **copy)
    Override.objects.create(valid_from=dt.date(2026, 6, 1), value=8, **copy)


@pytest.mark.parametrize(
    "change", [{"value": 8}, {"valid_to": FIRST}, {"reference": "une autre"}, {"territory": "national"}]
)
def test_a_decision_is_never_edited_nor_deleted(world, decided, change):
    taken = decided()
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Override.objects.filter(pk=taken.pk).update(**change)
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Override.objects.filter(pk=taken.pk).delete()


def test_withdrawn_it_no_longer_holds_and_another_takes_its_place(world, decided):
    taken = decided()
    withdraw(world.region, taken.pk, withdrawn_from=world.day, reason=WRONG)
    decided(value=8, valid_from=world.day)
    yesterday = world.day - dt.timedelta(days=1)
    assert [value(yesterday), value(world.day)] == [7, 8]
    with pytest.raises(Impossible, match="déjà retirée"):
        withdraw(world.region, taken.pk, withdrawn_from=world.day, reason=WRONG)
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Override.objects.filter(pk=taken.pk).update(withdrawn_from=yesterday)


def test_withdrawn_from_its_first_day_it_has_never_held(world, decided):
    taken = decided()
    withdraw(world.region, taken.pk, withdrawn_from=dt.date(2026, 1, 1), reason=WRONG)
    taken.refresh_from_db()
    assert taken.withdrawn_from == FIRST
    assert value(FIRST) == 6
    assert decided(value=8).value == 8


def test_a_withdrawal_has_a_reason_and_a_day_on_which_it_changes_something(world, decided):
    taken = decided(valid_to=dt.date(2026, 3, 31))
    with pytest.raises(Impossible, match="s’arrête d’elle-même le 31 mars 2026"):
        withdraw(world.region, taken.pk, withdrawn_from=dt.date(2026, 4, 1), reason=WRONG)
    with pytest.raises(MissingReference, match="motif"):
        withdraw(world.region, taken.pk, withdrawn_from=world.day, reason="oups")
    taken.refresh_from_db()
    assert taken.withdrawn_at is None


def test_the_value_as_it_was_known_ignores_what_was_decided_or_withdrawn_later(world, decided):
    before = clock.now() - dt.timedelta(minutes=1)
    taken = decided()
    tomorrow = clock.now() + dt.timedelta(days=1)
    with clock.frozen(tomorrow):
        withdraw(world.region, taken.pk, withdrawn_from=FIRST, reason=WRONG)
    known = [before, clock.now(), tomorrow]
    assert [value(FIRST, known_at=instant) for instant in known] == [6, 7, 6]


def test_the_table_is_read_once_in_a_transaction(world, decided, django_assert_num_queries):
    decided()
    with django_assert_num_queries(1):
        for _ in range(5):
            limits(FIRST, "metz")
        parameters.settings_on(FIRST, "dt:metz")


def test_a_decision_rolled_back_is_forgotten_with_what_was_read_meanwhile(world, decided):
    assert value(FIRST) == 6
    with pytest.raises(RuntimeError), transaction.atomic():
        decided()
        assert value(FIRST) == 7
        raise RuntimeError
    assert value(FIRST) == 6


def test_doctor_finds_the_decisions_that_the_register_no_longer_reads(world, decided):
    def states() -> list[State]:
        return [
            finding.state
            for finding in health.decisions(Context(DatabaseUrls("", "", embedded=False), world.day, clock.now()))
        ]

    taken = decided()
    assert states() == [State.OK]
    kept = {name: getattr(taken, name) for name in ("reference", "decided_by", "organisation")}
    for wrong in (
        {"parameter": "parametre_disparu", "unit": "PFA", "value": 1},
        {"parameter": "metz_individual", "unit": "heures", "value": 1},
        {"parameter": "csp_level_required", "unit": "niveau CECRL, écrit et oral", "value": "Z9"},
    ):
        with pytest.raises(RuntimeError), transaction.atomic():
            Override.objects.create(territory="national", valid_from=FIRST, **wrong, **kept)
            assert states() == [State.PROBLEM]
            raise RuntimeError
    assert states() == [State.OK]


@pytest.mark.django_db(transaction=True)
def test_a_decision_taken_by_another_process_holds_from_the_next_page_on(world, decided):
    def elsewhere() -> None:
        try:
            decided()
        finally:
            connection.close()

    with snapshot.read_once():
        assert value(FIRST) == 6
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
        assert value(FIRST) == 6, "one page shows one state"
    with snapshot.read_once():
        assert value(FIRST) == 7
    assert value(FIRST) == 7


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_deciding_at_once_one_is_told(world, decided):
    ready, answers = threading.Barrier(2), []

    def decide_now(number: int) -> None:
        try:
            with transaction.atomic():
                ready.wait(10)
                decided(value=number)
            answers.append("décidé")
        except AlreadyDecided:
            answers.append("refusé")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide_now, args=(number,)) for number in (7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["décidé", "refusé"], "the second waits, then reads what the first decided"
    assert Override.objects.count() == 1
