"""Whole columns by COPY: every text comes back as it was given, identifiers are random and lie together."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from passerelles.core.bulk import copy_columns, copy_text, new_ids, write_behind
from passerelles.core.lookups import array_literal
from passerelles.journal.models import Access
from passerelles.people.models import Consent

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
NASTY = st.sampled_from(["\\N", "\\", "\t", "\n", "\r\n", "\\.", "", "a\\tb", "NULL", '"', "é\u2028"])


def copied(count: int, columns: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE given (place int, name text, note text, sealed bytea)")
        with cursor.copy("COPY given FROM STDIN") as copy:
            copy.write(copy_text(count, columns))
        cursor.execute("SELECT name, note, sealed FROM given ORDER BY place")
        rows = cursor.fetchall()
        cursor.execute("DROP TABLE given")
    return [(name, note, bytes(sealed)) for name, note, sealed in rows]


@pytest.mark.django_db
@given(st.lists(st.tuples(st.none() | NASTY | TEXTS, st.binary()), min_size=1), NASTY | TEXTS)
def test_every_text_comes_back_as_it_was_given(rows, note):
    names, sealed = [name for name, _ in rows], [value for _, value in rows]
    places = [str(place) for place in range(len(rows))]
    assert copied(len(rows), [places, names, note, sealed]) == [(name, note, value) for name, value in rows]


def test_columns_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match="1 values for 2 rows"):
        copy_text(2, [["a", "b"], ["c"]])


def test_new_identifiers_are_distinct_random_and_in_order():
    ids = new_ids(500)
    assert len(set(ids)) == 500
    assert ids == sorted(ids)
    assert {uuid.UUID(each).version for each in ids} == {4}
    assert {uuid.UUID(each).variant for each in ids} == {uuid.RFC_4122}
    assert len({each[:6] for each in ids}) == 1
    assert len({new_ids(1)[0][:6] for _ in range(20)}) > 1, "another block, another place"
    assert new_ids(0) == []


@pytest.mark.django_db
@given(st.lists(st.none() | NASTY | TEXTS), st.lists(st.binary()))
def test_a_list_comes_back_from_an_array_as_it_was_given(texts, values):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::bytea[]", [array_literal(texts), array_literal(values)])
        told, sealed = cursor.fetchone()
    assert (told, [bytes(value) for value in sealed]) == (texts, values)


def access(purpose: str) -> dict:
    return {"at": "2026-03-10T09:00:00Z", "action": "read", "role": "", "purpose": purpose, "people": "{}"}


@pytest.mark.django_db
def test_what_is_written_behind_comes_in_order_and_is_there_at_the_end():
    with write_behind():
        for number in range(50):
            assert copy_columns(Access, 200, access(f"{number}")) == 200
    assert list(Access.objects.order_by("id").values_list("purpose", flat=True)[::200]) == [str(n) for n in range(50)]


@pytest.mark.django_db
def test_an_error_behind_is_raised_at_the_end_and_nothing_is_kept():
    orphan = {"id": new_ids(1), "created_at": "2026-03-10T09:00:00Z", "person": new_ids(1), "purpose": "registration"}
    with pytest.raises(IntegrityError), transaction.atomic(), write_behind():
        copy_columns(Access, 1, access("before"))
        copy_columns(Consent, 1, orphan)  # its date is missing
        copy_columns(Access, 1, access("after"))
    assert not Access.objects.exists()


@pytest.mark.django_db
def test_an_error_in_front_waits_for_what_is_under_way():
    with pytest.raises(ZeroDivisionError), transaction.atomic(), write_behind():
        copy_columns(Access, 5_000, access("before"))
        raise ZeroDivisionError
    assert not Access.objects.exists()
