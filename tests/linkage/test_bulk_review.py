"""A thousand pairs in the queue: the queue, a pair and an answer cost the same queries as with ten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.linkage.models import PersonPair
from passerelles.linkage.services import find_doubles
from passerelles.people.models import Person
from tests.browsing import sign_in

BORN = dt.date(1960, 1, 2)


def pairs(world, first: int, count: int) -> None:
    """`count` persons of the DT recorded twice each, found by the platform itself."""
    made = Person.objects.bulk_create(
        Person(
            family_name=f"Rakoto{chr(97 + n % 26)}m{chr(97 + n // 26 % 26)}l{chr(97 + n // 676)}",
            given_names=given,
            birth_date=BORN + dt.timedelta(days=11 * n),
            sex="F",
            nationality="MG",
            direction="metz",
            identity_key=f"{n} {given}",
        )
        for n in range(first, first + count)
        for given in ("Voahangy", "Voahangi")
    )
    assert find_doubles([person.pk for person in made]) >= count


def queries_of(visitor, pair: PersonPair) -> list[int]:
    address = reverse("linkage:pair", args=[pair.pk])
    counts = []
    for ask in (
        lambda: visitor.get(reverse("linkage:pairs")),
        lambda: visitor.get(reverse("linkage:pairs"), {"page": 2}),
        lambda: visitor.get(address),
        lambda: visitor.post(address, {"decision": "different"}),
    ):
        with CaptureQueriesContext(connection) as captured:
            assert ask().status_code in (200, 302)
        counts.append(len(captured))
    return counts


@pytest.mark.django_db
def test_a_thousand_pairs_cost_the_queries_of_forty(client, world):
    pairs(world, 0, 40)
    visitor = sign_in(client, world, "auditor")
    few = queries_of(visitor, PersonPair.objects.order_by("-bits", "pk")[20])
    pairs(world, 40, 1_000)
    assert PersonPair.objects.filter(state="waiting").count() > 1_000
    many = queries_of(visitor, PersonPair.objects.filter(state="waiting").order_by("-bits", "pk")[20])
    assert many == few
    assert max(many) <= 32
