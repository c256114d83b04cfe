"""The dry run says which lines would record somebody who looks already known, and refuses none of them (C-021)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.exchange import already_known, services
from passerelles.journal.models import Access
from passerelles.linkage.models import PersonPair
from passerelles.people.models import Person
from tests.exchange.files import HEADERS, workbook

BORN = dt.date(1988, 7, 23)
SAME = {"family_name": "Rakotomalala", "given_names": "Voahangy", "birth_date": BORN, "sex": "F", "nationality": "MG"}
IN_THE_DT = "une personne de votre périmètre ressemble beaucoup à cette ligne"
ELSEWHERE = "une personne suivie hors de votre périmètre ressemble beaucoup à cette ligne"


@pytest.fixture
def tomorrow(world):
    return world.day + dt.timedelta(days=1)


def line(day: dt.date, given: str, family: str = "RAKOTOMALALA", born: dt.date = BORN) -> list[object]:
    return ["", family, given, born, "F", "Malgache", "", day, "9h00"]


def checked(world, rows, actor=None, headers=HEADERS):
    actor = actor or world.auditor
    content = workbook(rows, headers)
    received = services.receive(actor, kind="convocations", dt=world.dt_metz, filename="liste.xlsx", content=content)
    return services.check(actor, received.pk)


def warned(received) -> list[tuple[int, str]]:
    found = received.problems.filter(severity="warning", reason__contains="ressembl").order_by("row")
    return [(each.row, each.reason.partition(" :")[0]) for each in found]


def test_a_line_that_looks_like_somebody_is_told_and_still_accepted(world, tomorrow):
    person = world.person(**SAME)
    stranger = line(tomorrow, "Armine", "PETROSYAN", dt.date(1971, 2, 9))
    received = checked(world, [stranger, line(tomorrow, "Voahangi")])
    assert warned(received) == [(3, IN_THE_DT)]
    assert (received.accepted_rows, received.rejected_rows) == (2, 0)
    assert Person.objects.count() == 1
    noted = Access.objects.filter(purpose="déjà connue ? avant import").get()
    assert noted.people == [person.pk]
    services.apply(world.auditor, received.pk)
    assert Person.objects.count() == 3
    assert PersonPair.objects.count() == 1, "what the dry run said waits in the queue"


def test_a_number_that_no_other_list_carries_is_not_compared(world, tomorrow):
    world.person(**SAME)
    rows = [["57-2026-00042", *line(tomorrow, "Voahangi")]]
    received = checked(world, rows, headers=["N° OFII", *HEADERS])
    assert warned(received) == [(2, IN_THE_DT)]


def test_the_person_themself_convoked_again_is_not_told(world, tomorrow):
    world.person(**SAME)
    assert warned(checked(world, [line(tomorrow, "VOAHANGY")])) == []


def test_of_somebody_followed_elsewhere_neither_name_nor_reason_is_told(world, tomorrow):
    world.person(world.auditor_elsewhere, direction="strasbourg", **SAME)
    received = checked(world, [line(tomorrow, "Voahangi")])
    assert warned(received) == [(2, ELSEWHERE)]
    (problem,) = received.problems.filter(severity="warning")
    assert problem.value == ""
    assert "Voahangy" not in problem.reason + problem.remedy


def test_a_counsellor_who_follows_nobody_of_that_name_learns_no_more(world, tomorrow):
    world.person(**SAME)
    assert warned(checked(world, [line(tomorrow, "Voahangi")], world.cip)) == [(2, ELSEWHERE)]


def test_a_large_file_says_where_the_comparison_stops(world, tomorrow, monkeypatch):
    monkeypatch.setattr(already_known, "MOST_COMPARED", 2)
    world.person(**SAME)
    rows = [line(tomorrow, f"Lalao{chr(97 + n)}", f"ANDRIA{chr(97 + n)}", dt.date(1970 + n, 1, 9)) for n in range(2)]
    received = checked(world, [*rows, line(tomorrow, "Voahangi"), line(tomorrow, "Armine", "PETROSYAN")])
    (told,) = warned(received)
    assert told[0] == 4
    assert "se fait après l’import" in told[1]


def test_the_dry_run_costs_the_same_queries_whatever_the_lines(world, tomorrow):
    world.person(**SAME)
    counts = []
    for count in (1, 1, 60):
        rows = [line(tomorrow, "Voahangi", f"RAKOTOMALALA{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            checked(world, rows)
        counts.append(len(captured))
    assert counts[1] == counts[2]
