"""Records judged to be one person count once in every figure, as long as the link was known; undone, all comes back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.indicators import services, tables
from passerelles.indicators.definitions import CATALOGUE
from passerelles.indicators.models import EpisodeLine, PersonLine, RecordLine
from passerelles.indicators.queries import Known
from tests.indicators import made, naive
from tests.indicators.random_histories import Story
from tests.indicators.told import Told

PERIOD = Period(dt.date(2024, 3, 1), dt.date(2025, 9, 30))
TODAY = dt.date(2026, 6, 1)
ONE, OTHER, THIRD = (UUID(int=number, version=4) for number in (1, 2, 3))
IDENTITY = str(UUID(int=99, version=4))


@pytest.fixture
def told(db):
    journal = Told()
    for person, department in ((ONE, "57"), (OTHER, "57"), (THIRD, "54")):
        journal.tell("person_recorded", person, sex="F", department=department)
        journal.tell("contract_signed", person, kind="cir")
        journal.tell("referral_sent", person, to="france_travail", reason="employment")
    services.refresh()
    with clock.at(clock.paris(TODAY, 12)):
        yield journal


def signatories(**more):
    return tables.figure("signataires", PERIOD, **more).value


def lines():
    people = sorted(map(str, PersonLine.objects.values_list()))
    columns = [field.name for field in EpisodeLine._meta.fields if field.name != "id"]
    return people, sorted(map(str, EpisodeLine.objects.values_list(*columns))), list(RecordLine.objects.values_list())


def test_linked_they_are_one_unlinked_they_are_two_and_each_day_keeps_what_was_known(told):
    before, apart = told.day, lines()
    joined = [told.tell("identity_joined", person, identity=IDENTITY) for person in (ONE, OTHER)]
    linked = told.day
    assert signatories() == 3, "the lines have not read the link yet"
    services.refresh()
    assert signatories() == 2
    assert tables.figure("orientations", PERIOD).value == 3, "what happened to them stays what happened"
    for fact, person in zip(joined, (ONE, OTHER), strict=True):
        told.tell("retraction", person, retracts=fact, reason="fiches déliées")
    services.refresh()
    assert signatories() == 3
    assert lines() == apart
    assert signatories(known=Known.on(before)) == 3
    assert signatories(known=Known.on(linked)) == 2
    assert signatories(known=Known.on(told.day)) == 3


def test_a_third_record_joins_then_leaves_and_takes_nothing_with_it(told):
    for person in (OTHER, THIRD):
        told.tell("identity_joined", person, identity=IDENTITY)
    services.refresh()
    two = lines()
    assert {row["person_id"] for row in PersonLine.objects.values("person_id")} == {ONE, OTHER}
    third = told.tell("identity_joined", ONE, identity=IDENTITY)
    services.refresh()
    assert signatories() == 1
    assert {row["person_id"] for row in PersonLine.objects.values("person_id")} == {ONE}
    told.tell("retraction", ONE, retracts=third, reason="fiches déliées")
    services.refresh()
    assert lines() == two


def test_a_fact_about_one_record_reaches_the_person_of_both(told):
    for person in (ONE, OTHER):
        told.tell("identity_joined", person, identity=IDENTITY)
    services.refresh()
    told.tell("person_corrected", OTHER, sex="H", department="54")
    services.refresh()
    stepwise = lines()
    assert tables.figure("signataires", PERIOD, by=("sexe",)).cells[("H",)].num == 1
    services.rebuild()
    assert lines() == stepwise


def test_a_person_of_two_directions_counts_where_they_first_signed(told):
    told.tell("person_recorded", OTHER, direction="strasbourg", department="67")
    for person in (ONE, OTHER):
        told.tell("identity_joined", person, identity=IDENTITY)
    services.refresh()
    assert signatories(territory="dt:metz") == 2, "one, and the third person"
    assert signatories(territory="dt:strasbourg") == 0


def test_behind_a_cell_is_one_person_and_each_of_their_records_finds_the_figures(told):
    for person in (ONE, OTHER):
        told.tell("identity_joined", person, identity=IDENTITY)
    services.refresh()
    assert {each.person for each in tables.people("signataires", PERIOD)} == {ONE, THIRD}
    assert tables.records_of([ONE, THIRD]) == {ONE: ONE, OTHER: ONE}
    known = Known.on(told.day)
    assert tables.records_of([OTHER], known) == {ONE: ONE, OTHER: ONE}
    assert tables.records_of([OTHER], Known.on(dt.date(2025, 1, 5))) == {}
    for at in ({}, {"known": known}):
        codes = [
            {found.definition.code: found.units for found in tables.counts_in(person, PERIOD, **at)}
            for person in (ONE, OTHER)
        ]
        assert codes[0] == codes[1]
        assert len(codes[0]["orientations"]) == 2


def test_links_change_most_figures_of_persons_in_random_histories():
    facts = Story(1, 150).known()
    alone = [fact for fact in facts if fact.kind != "identity_joined"]
    differ = {
        code
        for code, asked in CATALOGUE.items()
        if naive.table(code, facts, PERIOD.start, PERIOD.end, TODAY, ("departement",))
        != naive.table(code, alone, PERIOD.start, PERIOD.end, TODAY, ("departement",))
        and asked.persons
    }
    assert len(differ) > len(CATALOGUE) / 2, "or the differential tests would not see a link forgotten"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [21, 22])
def test_read_in_many_small_steps_the_links_leave_the_lines_of_a_rebuild(seed):
    frame = Story(seed, 24).frame()
    size = max(len(frame) // 12, 1)
    for first in range(0, len(frame), size):
        made.append(frame[first : first + size], first=first)
        services.refresh()
    stepwise = lines()
    assert stepwise[2], "no link stands: nothing is tried"
    services.rebuild()
    assert stepwise == lines()
