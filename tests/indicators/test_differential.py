"""Every definition against the naive counter, on random histories with retractions and late facts."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.indicators import services, tables
from passerelles.indicators.definitions import CATALOGUE
from passerelles.indicators.definitions.base import Nature
from passerelles.indicators.models import EpisodeLine, PersonLine
from passerelles.indicators.queries import Known
from tests.indicators import made, naive
from tests.indicators.random_histories import Story

START, END = dt.date(2024, 3, 1), dt.date(2025, 9, 30)
TODAY = dt.date(2026, 6, 1)
PERIOD = Period(START, END)
BY = {True: ("sexe", "tranche"), False: ("departement",)}


def cells(table):
    return {row.key: (row.num, row.den) for row in table.rows if row.num or row.den}


@pytest.fixture
def story(request, db):
    told = Story(*request.param)
    made.append(told.frame())
    services.rebuild()
    with clock.at(clock.paris(TODAY, 12)):
        yield told


@pytest.mark.parametrize("story", [(1, 150), (2, 150)], indirect=True)
def test_every_figure_is_that_of_the_naive_counter(story):
    facts, counted = story.known(), set()
    for code, asked in CATALOGUE.items():
        by = BY[asked.persons]
        found = cells(tables.figure(code, PERIOD, by=by))
        assert found == naive.table(code, facts, START, END, TODAY, by), code
        if found:
            counted.add(code)
    assert counted == set(CATALOGUE), "a figure that counts nothing proves nothing"


@pytest.mark.parametrize("story", [(3,)], indirect=True)
def test_the_same_as_known_on_a_day_gone_by(story):
    day = dt.date(2025, 7, 15)
    facts, late = story.known(day), story.known()
    differ = 0
    for code, asked in CATALOGUE.items():
        by = BY[asked.persons]
        found = cells(tables.figure(code, PERIOD, by=by, known=Known.on(day)))
        assert found == naive.table(code, facts, START, END, day, by), code
        differ += found != naive.table(code, late, START, END, TODAY, by)
    assert differ > len(CATALOGUE) / 2, "what was learnt since changes most figures"


@pytest.mark.parametrize("story", [(4,)], indirect=True)
def test_by_motive_public_department_and_in_one_department(story):
    facts = story.known()
    for code, asked in CATALOGUE.items():
        by = ("motif", "public", "tranche_hg", "departement") if asked.persons else ("departement",)
        assert cells(tables.figure(code, PERIOD, by=by)) == naive.table(code, facts, START, END, TODAY, by), code
        here = cells(tables.figure(code, PERIOD, by=("departement",), territory="department:57"))
        assert here == naive.table(code, facts, START, END, TODAY, ("departement",), "57"), code


@pytest.mark.parametrize("story", [(5,)], indirect=True)
def test_month_by_month_each_month_is_the_figure_of_that_month(story):
    facts = story.known()
    for code, asked in CATALOGUE.items():
        if asked.denominator and "idf_part" in code:
            continue  # their numerator looks at the last day of the whole period
        table = tables.figure(code, PERIOD, by=BY[asked.persons], step="month")
        for month in tables.steps(PERIOD, "month"):
            start = START if asked.nature is Nature.CUMULATIVE else month.start
            expected = naive.table(code, facts, start, month.end, TODAY, BY[asked.persons])
            found = {
                row.key[1:]: (row.num, row.den)
                for row in table.rows
                if row.key[0] == month.start.isoformat() and (row.num or row.den)
            }
            assert found == expected, (code, month)


@pytest.mark.parametrize("story", [(6,)], indirect=True)
def test_behind_each_cell_are_the_units_that_make_it_and_each_person_finds_their_figures(story):
    counted = {}
    for code, asked in CATALOGUE.items():
        if not asked.persons or not asked.listed:
            continue
        table = tables.figure(code, PERIOD, by=("sexe",))
        for row in table.rows:
            behind = tables.people(code, PERIOD, where={"sexe": row.key[0]})
            assert (sum(each.num for each in behind), sum(each.den for each in behind)) == row[1:], code
            for each in behind:
                counted.setdefault(each.person, {}).setdefault(code, []).append(each)
    for person in list(counted)[:8]:
        own = {found.definition.code: list(found.units) for found in tables.counts_in(person, PERIOD)}
        assert own == counted[person]


@pytest.mark.django_db
def test_refreshed_step_by_step_or_built_at_once_the_lines_are_the_same():
    told = Story(7)
    frame = told.frame()
    cuts = [0, len(frame) // 3, len(frame) * 2 // 3, len(frame) * 9 // 10, len(frame)]
    for first, last in zip(cuts, cuts[1:], strict=False):
        made.append(frame[first:last], first=first)
        services.refresh()
    stepwise = _lines()
    services.rebuild()
    assert stepwise == _lines()
    assert services.refresh() == 0
    assert tables.progress().position > 0


def _lines():
    people = sorted(map(str, PersonLine.objects.values_list()))
    columns = [field.name for field in EpisodeLine._meta.fields if field.name != "id"]
    return people, sorted(map(str, EpisodeLine.objects.values_list(*columns)))


@pytest.mark.parametrize("story", [(8,)], indirect=True)
def test_sums_over_sex_and_age_are_the_total_and_stocks_move_by_entries_and_exits(story):
    for code, asked in CATALOGUE.items():
        if not asked.persons:
            continue
        whole = tables.figure(code, PERIOD).total
        for by in (("sexe",), ("tranche",), ("sexe", "motif", "departement")):
            assert tables.figure(code, PERIOD, by=by).total == whole, (code, by)
    before, inside = dt.date(2024, 12, 31), Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    stock = [tables.figure("agir_en_cours", Period(START, end)).total.num for end in (before, inside.end)]
    entered = [each for each in tables.people("agir_en_cours", inside) if each.day in inside]
    still = [each for each in tables.people("agir_en_cours", inside) if each.day not in inside]
    assert stock[1] == len(entered) + len(still)
    assert len(still) <= stock[0]
