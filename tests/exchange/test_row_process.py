"""A large file is read by a child process: the same rows, the same refusals, and nothing left behind."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import crypto
from passerelles.exchange import row_process
from passerelles.exchange.readers.problems import FileProblem
from passerelles.exchange.row_process import Job, chunks, chunks_by_child
from tests.exchange.files import messy, people, workbook

DAY = dt.date(2026, 3, 11)
SECRET = "x" * 40


def job(content: bytes, **changes) -> Job:
    return Job(content, "liste.xlsx", "convocations", DAY, None, 5, SECRET)._replace(**changes)


def told(chunk):
    """All but the seals, which differ each time: what they hold."""
    rows = [
        (
            place,
            row._replace(numbers=()),
            [(n.kind, n.search_hash, crypto.decrypt(n.sealed, secret=SECRET)) for n in row.numbers],
        )
        for place, row in chunk.accepted
    ]
    return chunk.size, rows


def test_the_child_sends_the_rows_read_here():
    asked = job(messy(DAY))
    here = [told(chunk) for chunk in chunks(asked)]
    assert [size for size, _ in here] == [5, 5, 4]
    assert [told(chunk) for chunk in chunks_by_child(asked)] == here


def test_a_row_ready_to_be_written_has_its_keys_and_keeps_its_number():
    ((_, row),) = next(chunks(job(workbook(people(DAY, 1))))).accepted
    assert row.identity_key.count("|") == 2
    assert row.values["foreigner_number"] == "0000000001"
    assert row.numbers[0].search_hash == crypto.keyed_hash("agdref", "0000000001", secret=SECRET)


def test_a_refusal_of_the_child_is_the_refusal_of_the_reader():
    with pytest.raises(FileProblem) as here:
        list(chunks(job(b"%PDF-1.7 rien")))
    with pytest.raises(FileProblem) as there:
        list(chunks_by_child(job(b"%PDF-1.7 rien")))
    assert (there.value.sentence, there.value.remedy, there.value.code) == (
        here.value.sentence,
        here.value.remedy,
        here.value.code,
    )


def test_a_child_that_dies_is_told(monkeypatch):
    monkeypatch.setattr(row_process.sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="died"):
        list(chunks_by_child(job(workbook(people(DAY, 3)))))


def test_a_reading_left_in_the_middle_leaves_no_process(monkeypatch):
    started = []
    real = row_process.subprocess.Popen

    def spy(*args, **options):
        started.append(real(*args, **options))
        return started[-1]

    monkeypatch.setattr(row_process.subprocess, "Popen", spy)
    reading = chunks_by_child(job(workbook(people(DAY, 40))))
    next(reading)
    reading.close()
    assert [child.poll() is not None for child in started] == [True]
