"""Every case of the rule book gives the answer it expects; every rule has cases, around each of its dates."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.cases import ANSWERS, Case, read, shipped
from passerelles.orientation.engine.facts import BadFacts
from passerelles.orientation.rules import BOOK, FACTS

CASES = shipped()
CODES = {version.code for version in BOOK.versions}
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.on} {case.name}")
def test_the_case_of_the_rule_book_holds(case: Case):
    evaluation = BOOK.evaluate(FACTS.read(case.facts), case.on)
    assert evaluation.says(case.rule) is case.answer
    if case.answer is None:
        return
    answer = evaluation[case.rule]
    told = " ; ".join(reason.text for reason in answer.reasons)
    for fragment in case.because:
        assert fragment in told
    if case.missing is not None:
        assert answer.missing == case.missing


def test_every_rule_has_a_case_and_every_case_a_rule():
    assert {case.rule for case in CASES} == CODES


def test_every_rule_is_shown_saying_yes_and_not_always_yes():
    said = {code: {case.answer for case in CASES if case.rule == code} for code in CODES}
    assert [code for code, answers in said.items() if Verdict.YES not in answers and code != "ft.auto_cir"] == []
    assert [code for code, answers in said.items() if len(answers) < 2] == []


@pytest.mark.parametrize("version", BOOK.versions, ids=lambda version: version.name)
def test_a_version_is_tested_on_both_sides_of_its_dates(version):
    """The eve and the first day, the last day and the morrow."""
    days = {case.on for case in CASES if case.rule == version.code}
    edges = {version.since, version.since - DAY}
    if version.until is not None:
        edges |= {version.until, version.until + DAY}
    assert edges - days == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.on} {case.name}")
def test_a_case_cites_its_reference(case: Case):
    assert case.reference
    assert case.answer_fr in ANSWERS


def test_a_case_with_a_foreign_field_is_refused_by_name():
    with pytest.raises(BadFacts, match="« jour » n'est pas attendu"):
        list(read("- {rule: x, name: n, reference: r, jour: 2026-01-01}", "essai.yaml"))


def test_a_case_with_an_unknown_answer_is_refused():
    with pytest.raises(BadFacts, match="peut-être"):
        list(read("- {rule: x, name: n, reference: r, on: 2026-01-01, answer: peut-être}", "essai.yaml"))
