"""The rule book as data: every rule can be read, with its texts, dates, parameters and cases."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache

import pytest

from passerelles.orientation.engine.cases import shipped
from passerelles.orientation.engine.catalogue import catalogue
from passerelles.orientation.engine.report import catalogue_as_json
from passerelles.orientation.rules import BOOK, FACTS, GROUPS

ON = dt.date(2026, 1, 15)
CODES = dict.fromkeys(version.code for version in BOOK.versions)


@cache
def entries():
    return {entry.code: entry for entry in catalogue(BOOK, ON, shipped())}


@pytest.mark.parametrize("code", CODES)
def test_a_rule_reads_in_plain_french(code):
    entry = entries()[code]
    assert entry.group in GROUPS
    assert entry.cases
    for version in entry.versions:
        assert version.conditions
        assert version.version.yes.endswith(".") and version.version.no.endswith(".")
        assert version.version.confidence in {"faible", "moyenne", "élevée"}
        assert version.version.requirements


def test_the_rule_book_covers_every_section_in_order():
    groups = [entry.group for entry in entries().values()]
    assert list(dict.fromkeys(groups)) == list(GROUPS)
    assert groups == sorted(groups, key=list(GROUPS).index)


def test_a_rule_shows_the_versions_that_followed_one_another_and_the_one_in_force():
    entry = entries()["agir.eligible"]
    assert [version.version.since for version in entry.versions] == [
        dt.date(2022, 2, 8),
        dt.date(2024, 3, 26),
        dt.date(2024, 7, 1),
        dt.date(2025, 1, 1),
    ]
    assert entry.in_force is entry.versions[-1]


def test_a_rule_shows_its_parameters_with_their_confidence():
    entry = entries()["ft.acces_direct"]
    shown = {parameter.key: parameter for parameter in entry.versions[0].parameters}
    (value,) = shown["near_a2_min_level"].entries
    assert (str(value.value), value.confidence) == ("A1", "faible")


def test_the_rule_book_is_json():
    text = json.dumps(catalogue_as_json(entries().values(), FACTS), ensure_ascii=False)
    assert [rule["code"] for rule in json.loads(text)] == list(CODES)
