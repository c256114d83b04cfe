"""The check counts every row once: accepted, refused, or the copy of an earlier one."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelles.exchange.readers.check import CheckResult, check_file, checked_rows
from passerelles.exchange.readers.layouts import LAYOUTS
from passerelles.exchange.readers.problems import FileProblem

ON = dt.date(2026, 3, 1)
HEADERS = ["AGDREF", "Nom", "Prénom", "DDN", "Sexe", "Date RDV", "Tél. portable", "Nationalité"]
AWA = ["7512345678", "DIALLO", "Awa", "17/05/1990", "F", "10/03/2026", "0639981234", "Guinée"]


def table(*lines: list[str], headers: list[str] = HEADERS) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([headers, *lines])
    return out.getvalue().encode()


def check(*lines: list[str], **options) -> CheckResult:
    return check_file(table(*lines), "envoi.csv", "convocations", ON, **options)


def changed(**changes: str) -> list[str]:
    return [changes.get(header.replace(" ", "_"), value) for header, value in zip(HEADERS, AWA, strict=True)]


def test_the_same_foreigner_number_for_the_same_session_is_a_duplicate():
    result = check(AWA, changed(Prénom="AWA"))
    assert (result.rows_read, result.rows_accepted, result.rows_duplicate) == (2, 1, 1)
    (problem,) = result.duplicates
    assert (problem.severity, problem.row, problem.code) == (
        "duplicate",
        3,
        "duplicate",
    ) and "ligne 2" in problem.reason


def test_the_same_identity_without_a_number_is_a_duplicate_whatever_the_spelling():
    result = check(changed(AGDREF="", Nom="N’Guessan"), changed(AGDREF="", Nom="N GUESSAN"))
    assert (result.rows_accepted, result.rows_duplicate) == (1, 1)
    assert check(AWA, changed(AGDREF="")).rows_duplicate == 1


def test_the_same_person_may_come_to_two_sessions():
    assert check(AWA, changed(Date_RDV="12/03/2026")).rows_accepted == 2


def test_two_numbers_tell_two_namesakes_apart():
    result = check(AWA, changed(AGDREF="7599999999"))
    assert result.rows_accepted == 2
    assert [problem.code for problem in result.warnings] == ["namesake"]


def test_a_number_given_to_two_persons_is_told_as_such():
    result = check(AWA, changed(Nom="BAH", Prénom="Omar", DDN="01/02/1980"))
    assert [problem.code for problem in result.duplicates] == ["number_taken"]


def test_a_refused_row_does_not_make_the_next_one_a_duplicate():
    result = check(changed(DDN="bientôt"), AWA)
    assert (result.rows_rejected, result.rows_accepted, result.rows_duplicate) == (1, 1, 0)


def test_the_result_is_plain_json():
    told = json.loads(json.dumps(check(AWA, changed(DDN="?"), AWA).as_json()))
    assert {*told} == {"file", "accepted", "rejected", "duplicates", "warnings"}
    assert (
        told["accepted"]
        == [
            {
                "sheet": "",
                "row": 2,
                "foreigner_number": "7512345678",
                "family_name": "DIALLO",
                "given_names": "Awa",
                "birth_date": "1990-05-17",
                "sex": "F",
                "nationality": "GN",
                "phone": "+33639981234",
                "session_date": "2026-03-10",
                "birth_date_precision": "day",
            }
        ]
        or told["accepted"][0]["sheet"]
    )
    assert told["file"]["rows_read"] == 3 and told["rejected"][0]["row"] == 3 and told["duplicates"][0]["row"] == 4


def test_a_limit_bounds_the_lists_and_not_the_counts():
    lines = [changed(AGDREF=str(7_000_000_000 + n), Prénom=f"Awa {chr(65 + n)}") for n in range(20)]
    result = check(*lines, limit=5)
    assert (len(result.accepted), result.rows_accepted) == (5, 20)


def test_the_mapping_chosen_by_the_person_is_obeyed():
    headers = ["AGDREF", "Nom", "Prénom", "Autre date", "Sexe", "Date RDV", "Tél. portable", "Nationalité"]
    source = table(AWA, headers=headers)
    with pytest.raises(FileProblem):
        check_file(source, "envoi.csv", "convocations", ON)
    assert check_file(source, "envoi.csv", "convocations", ON, {"birth_date": "Autre date"}).rows_accepted == 1


ordinary = st.sampled_from(AWA + HEADERS + ["", "TOTAL", "#N/A", "=1+1", "1990", "XXX", "31/02/1990", "12 personnes"])
cell = st.one_of(ordinary, st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20))
lines = st.lists(st.lists(cell, min_size=len(HEADERS), max_size=len(HEADERS)), max_size=15)
quick = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(lines)
def test_every_row_is_counted_once(rows):
    try:
        result = check(AWA, *rows)
    except FileProblem:
        return
    assert result.rows_accepted + result.rows_rejected + result.rows_duplicate == result.rows_read <= len(rows) + 1
    assert len(result.accepted) == result.rows_accepted
    assert len({problem.row for problem in result.rejected}) == result.rows_rejected
    assert len({problem.row for problem in result.duplicates}) == result.rows_duplicate
    for problem in [*result.rejected, *result.duplicates, *result.warnings]:
        assert problem.reason and problem.remedy and len(problem.value) <= 300
    json.dumps(result.as_json())


@quick
@given(st.sampled_from(sorted(LAYOUTS)), st.lists(st.lists(cell, max_size=10), max_size=12))
def test_random_cells_are_read_or_refused_with_a_sentence(kind, rows):
    try:
        check_file(table(*rows), "envoi.csv", kind, ON)
    except FileProblem as problem:
        assert problem.sentence


@quick
@given(lines)
def test_reading_twice_gives_the_same(rows):
    def once():
        try:
            return check(AWA, *rows).as_json()
        except FileProblem as problem:
            return problem.sentence

    assert once() == once()


@quick
@given(st.lists(st.lists(ordinary, min_size=8, max_size=8), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_columns_is_irrelevant(rows, luck: random.Random):
    order = luck.sample(range(len(HEADERS)), len(HEADERS))
    people = [row for row in rows if not {*row} & {*HEADERS, "TOTAL", "12 personnes"}]
    straight = check(AWA, *people).as_json()
    shuffled = check_file(
        table(*([row[i] for i in order] for row in [AWA, *people]), headers=[HEADERS[i] for i in order]),
        "envoi.csv",
        "convocations",
        ON,
    ).as_json()
    assert straight == shuffled


@pytest.mark.parametrize(
    "text", ["1" * 5000, "9" * 400, "1 mars " + "9" * 30, "٠٦٣٩٩٨١٢٣٤", "𝟙𝟘/𝟘𝟛/𝟚𝟘𝟚𝟞", "²", "1e999", "-1e308"]
)
def test_absurd_cells_never_stop_the_reading(text):
    for place in range(len(HEADERS)):
        row = [*AWA]
        row[place] = text
        assert check(row, AWA).rows_read == 2


def test_memory_does_not_follow_the_file():
    def people():
        for number in range(20_000):
            yield changed(AGDREF=str(7_000_000_000 + number), Prénom=f"Awa {'abcdefghij'[number % 10]}")

    source = table(*people())
    tracemalloc.start()
    try:
        count = sum(row.accepted for row in checked_rows(source, "envoi.csv", "convocations", ON))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000 and peak < 40_000_000
