"""Convoking by file: same result as one by one, idempotent, corrected, moved, conflicting."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Refused
from passerelles.journal.models import Fact
from passerelles.people.models import Identifier, Person
from passerelles.reception.models import Convocation, Session
from passerelles.reception.services.convocations import convoke_rows


def row(world, line: int, **values):
    return {
        "line": line,
        "family_name": "Rahimi",
        "given_names": f"Nadia {line}",
        "birth_date": dt.date(1990, 5, 17),
        "sex": "F",
        "nationality": "AF",
        "foreigner_number": f"{line:010d}",
        "session_date": world.day + dt.timedelta(days=1),
        "session_time": dt.time(9),
    } | values


def run(world, rows, actor=None):
    return convoke_rows(actor or world.auditor, rows, organisation=world.dt_metz, source="liste.xlsx")


def test_a_file_makes_people_a_session_slots_and_facts(world):
    result = run(world, [row(world, n) for n in range(1, 13)])
    assert {o.what for o in result.outcomes} == {"created"}
    session = Session.objects.get()
    assert session.operator == world.operator
    assert session.convocations.count() == 12
    assert session.convocations.filter(slot=None).count() == 0
    assert Identifier.objects.count() == 12
    assert Fact.objects.filter(kind="convoked").count() == 12
    assert Fact.objects.filter(kind="person_recorded").count() == 12
    assert Identifier.objects.get(person__given_names="Nadia 3").value == "0000000003"


def test_the_same_rows_again_change_nothing(world):
    rows = [row(world, n) for n in range(1, 6)]
    run(world, rows)
    facts = Fact.objects.count()
    again = run(world, rows)
    assert {o.what for o in again.outcomes} == {"unchanged"}
    assert (Person.objects.count(), Convocation.objects.count(), Fact.objects.count()) == (5, 5, facts)


def test_a_corrected_row_corrects_the_person_and_the_journal_keeps_both(world):
    run(world, [row(world, 1)])
    again = run(world, [row(world, 1, given_names="Nadia Leila", birth_date=dt.date(1991, 5, 17))])
    assert again.outcomes[0].what == "corrected"
    person = Person.objects.get()
    assert (person.given_names, person.birth_date) == ("Nadia Leila", dt.date(1991, 5, 17))
    assert Fact.objects.filter(kind="person_corrected", person_id=person.pk).count() == 1


def test_a_blank_cell_never_erases(world):
    run(world, [row(world, 1, phone="+33612345678")])
    run(world, [row(world, 1)])
    assert Person.objects.get().phone == "+33612345678"


def test_another_date_moves_a_convocation_not_yet_held(world):
    run(world, [row(world, 1)])
    later = world.day + dt.timedelta(days=3)
    moved = run(world, [row(world, 1, session_date=later)])
    assert moved.outcomes[0].what == "moved"
    assert Convocation.objects.exclude(status="moved").get().session.held_on == later


def test_homonyms_with_different_numbers_are_two_persons(world):
    same = {"given_names": "Nadia"}
    run(world, [row(world, 1, **same), row(world, 2, **same)])
    assert Person.objects.count() == 2


def test_a_person_without_a_number_is_found_by_the_exact_identity(world):
    run(world, [row(world, 1, foreigner_number=None)])
    run(
        world,
        [row(world, 1, foreigner_number=None, family_name="RAHIMI", session_date=world.day + dt.timedelta(days=1))],
    )
    assert Person.objects.count() == 1


def test_two_sessions_at_once_are_refused_with_a_sentence(world):
    yesterday = {"session_date": world.day, "session_place": "Salle A"}
    run(world, [row(world, 1, **yesterday)])
    convocation = Convocation.objects.get()
    from passerelles.reception.services.attendance import record_arrival

    record_arrival(world.cip, convocation.pk)
    result = run(world, [row(world, 1, **(yesterday | {"session_place": "Salle B"}))])
    assert result.outcomes[0].what == "refused"
    assert "déjà attendue" in result.outcomes[0].sentence


def test_a_person_known_in_another_dt_is_not_touched(world):
    convoke_rows(world.auditor_elsewhere, [row(world, 1)], organisation=world.dt_strasbourg, source="x")
    run(world, [row(world, 1)])
    assert Person.objects.count() == 2


def test_another_dt_is_refused(world):
    with pytest.raises(Refused):
        run(world, [row(world, 1)], actor=world.auditor_elsewhere)
    with pytest.raises(Refused):
        run(world, [row(world, 1)], actor=world.ft)


def test_the_number_of_queries_does_not_grow_with_the_rows(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(45), clock.at(clock.now()):
        run(world, [row(world, n, session_date=world.day + dt.timedelta(days=1 + n % 3)) for n in range(1, 200)])
