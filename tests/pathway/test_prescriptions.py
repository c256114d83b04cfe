"""What may be prescribed follows the date of signature, the territory and the level (B-019 to B-025, B-030, C-004)."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.orientation.rules import BOOK
from passerelles.pathway.rules import prescriptions
from passerelles.reference import parameters
from passerelles.reference.levels import Level


@pytest.fixture(autouse=True)
def file_alone():
    """The register as it is written, without the decisions of a base."""
    former = parameters.use_overrides(None)
    yield
    parameters.use_overrides(former)


def evaluation(signed: str, *, written="A1.1", oral="A1.1", department="57", on: str | None = None, **facts):
    day = dt.date.fromisoformat(signed)
    known = {
        "cir.contrat": "cir",
        "cir.date_signature": day,
        "langue.ecrit": Level(written),
        "langue.oral": Level(oral),
        "departement": department,
        **facts,
    }
    return BOOK.evaluate(known, dt.date.fromisoformat(on) if on else day)


def courses(found) -> set[tuple[str, tuple[int, ...], str, bool]]:
    return {(option.path, option.hours, option.target, option.compulsory) for option in found.options}


@pytest.mark.parametrize(
    ("signed", "department", "expected"),
    [
        ("2017-05-10", "57", {("P", (), "A1", True)}),
        ("2019-02-28", "57", {("P", (100, 200, 400, 600), "A1", True)}),
        ("2023-05-10", "57", {("P", (100, 200, 400, 600), "A1", True)}),
        ("2024-05-10", "94", {("pilot_a2", tuple(range(200, 801, 100)), "A2", True)}),
        ("2024-03-25", "94", {("P", (100, 200, 400, 600), "A1", True)}),
        ("2024-05-10", "67", {("pilot_vocational", (100, 200, 400, 600), "A1", True)}),
        ("2025-06-30", "59", {("P", (100, 200, 400, 600), "A1", True)}),
    ],
)
def test_the_path_is_that_of_the_day_and_place_of_the_signature(signed, department, expected):
    assert courses(prescriptions.language(evaluation(signed, department=department))) == expected


def test_since_july_2025_the_way_of_learning_depends_on_reading_and_writing():
    asked = prescriptions.language(evaluation("2025-07-01"))
    assert (asked.options, asked.questions) == ((), ("langue.lecteur_scripteur",))
    reads = prescriptions.language(evaluation("2025-07-01", **{"langue.lecteur_scripteur": True}))
    assert courses(reads) == {("digital", (), "A2", False)}
    does_not = prescriptions.language(evaluation("2025-07-01", **{"langue.lecteur_scripteur": False}))
    assert courses(does_not) == {("face_to_face", (600,), "A2", False)}


def test_a_complement_has_the_hours_of_its_territory():
    """100 hours towards B1, 50 in Haute-Garonne (B-020, L-001)."""
    near = {"written": "A2", "oral": "A2"}
    (here,) = prescriptions.language(evaluation("2023-05-10", department="31", **near)).options
    assert (here.path, here.hours, here.target, here.compulsory) == ("B1", (50,), "B1", False)
    (elsewhere,) = prescriptions.language(evaluation("2023-05-10", department="75", **near)).options
    assert elsewhere.hours == (100,)


def test_whoever_has_the_level_is_dispensed_with_the_article():
    found = prescriptions.language(evaluation("2026-02-02", written="A2", oral="B1"))
    assert not found.options
    assert "dispense" in found.dispensed


def test_the_article_comes_with_each_course():
    for option in prescriptions.language(evaluation("2023-05-10")).options:
        assert option.reference and option.sentence and option.rule in {version.code for version in BOOK.versions}


@pytest.mark.parametrize(
    ("on", "department", "expected"),
    [("2025-07-31", "57", (4, None)), ("2025-08-01", "57", (4, 24)), ("2025-08-01", "976", (4, 12))],
)
def test_the_civic_training_has_the_hours_of_its_date_and_place(on, department, expected):
    found = prescriptions.civic(evaluation(on, department=department))
    assert (found.days, found.hours) == expected


def test_no_civic_training_without_a_contract():
    assert prescriptions.civic(BOOK.evaluate({"cir.contrat": "aucun"}, dt.date(2026, 3, 1))) is None


def test_a_length_makes_the_path_of_the_journal():
    (option,) = prescriptions.language(evaluation("2023-05-10")).options
    assert option.path_for(200) == "P200"
    (before,) = prescriptions.language(evaluation("2017-05-10")).options
    assert before.path_for(None) == "A1"
