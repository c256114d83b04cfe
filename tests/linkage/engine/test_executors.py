"""One model, four executors: the same pair weighs the same in Python, DuckDB, PostgreSQL and Spark."""

from __future__ import annotations

import importlib.util
import shutil

import pytest
from django.db import connection, transaction

from passerelles.linkage.engine.model import load
from tests.linkage.engine import executors

BITS = 0.01
MODEL = load()


@pytest.fixture(scope="module")
def pairs():
    return executors.pairs_of(200)


@pytest.fixture(scope="module")
def python(pairs):
    return executors.in_python(pairs, MODEL)


def furthest(one: list[float], other: list[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def test_the_pairs_meet_every_level(pairs):
    met = set().union(*executors.levels_in_python(pairs, MODEL))
    assert executors.LEVELS - met == set()


def test_python_and_duckdb_agree(pairs, python):
    assert furthest(python, executors.in_duckdb(pairs, MODEL)) < BITS


@pytest.mark.django_db
def test_python_and_postgresql_agree(pairs, python):
    with transaction.atomic(), connection.cursor() as cursor:
        assert furthest(python, executors.in_postgresql(pairs, MODEL, cursor)) < BITS


def test_python_and_spark_agree(pairs, python):
    if not importlib.util.find_spec("pyspark") or not shutil.which("java"):
        pytest.skip("Spark ou Java absent : ce test tourne dans « make bench-linkage » (requirements/bench.txt).")
    assert furthest(python, executors.in_spark(pairs, MODEL)) < BITS
