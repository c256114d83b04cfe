"""What an agent of a French office would say of two records, and the engine says too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from passerelles.linkage.engine.decision import CHECK, LEAST_SIZE, Zone
from passerelles.linkage.engine.model import load
from passerelles.linkage.engine.records import Record
from passerelles.linkage.engine.score import Scorer

NUMBERS = {"agdref": "foreigner_number", "nir": "nir", "ft": "ft_number", "birth": "birth_name"}
SCORER = Scorer(load().expecting(CHECK.prior(LEAST_SIZE)))


def record(text: str) -> Record:
    """`family / given names / birth date / sex / country / postcode / key=value…`"""
    values, details = {}, []
    for part in (part.strip() for part in text.split("/")):
        name, equals, value = part.partition("=")
        if equals:
            key = NUMBERS.get(name, name)
            values[key] = value if name == "birth" else f"{name} {value}"
        else:
            details.append(part)
    for name, value in zip("family_name given_names birth_date sex country postcode".split(), details, strict=False):
        values[name] = dt.date.fromisoformat(value) if name == "birth_date" else value
    return Record.of(values)


def pairs():
    for line in (Path(__file__).parent / "pairs.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            verdict, left, right = (part.strip() for part in line.split("|"))
            yield verdict, left, right


PAIRS = list(pairs())
SAME = [pair for pair in PAIRS if pair[0] == "same"]
DIFFERENT = [pair for pair in PAIRS if pair[0] == "different"]


def test_there_are_a_hundred_pairs():
    assert len(PAIRS) >= 100
    assert min(len(SAME), len(DIFFERENT)) >= 40


def judged(left: str, right: str):
    score = SCORER.score(record(left), record(right))
    return CHECK.thresholds.zone(score.probability), score


@pytest.mark.parametrize(("verdict", "left", "right"), SAME)
def test_the_same_person_is_never_lost(verdict, left, right):
    zone, score = judged(left, right)
    assert zone is not Zone.DIFFERENT, score.reasons


@pytest.mark.parametrize(("verdict", "left", "right"), DIFFERENT)
def test_two_persons_are_never_linked_without_an_agent(verdict, left, right):
    zone, score = judged(left, right)
    assert zone is not Zone.LINKED, score.reasons


def test_most_pairs_need_nobody():
    """The queue is for doubts: nine in ten of the same are above one half, nine in ten of the others below."""
    same = [judged(left, right)[1].probability > 0.5 for _, left, right in SAME]
    different = [judged(left, right)[1].probability < 0.5 for _, left, right in DIFFERENT]
    assert sum(same) / len(same) >= 0.9
    assert sum(different) / len(different) >= 0.9
