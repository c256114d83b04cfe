"""The demonstration world: January's figures, accounts that sign in, nothing added by a second run."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import Count

from passerelles.core import clock
from passerelles.demo import world as demo
from passerelles.journal.models import Fact
from passerelles.people.models import Person


@pytest.fixture
def made(db, frozen, tmp_path):
    return demo.prepare(tmp_path)


def test_january(made):
    facts = Fact.objects.standing().filter(kind="interview_held", occurred_on="2026-01-27")
    print(Counter(fact.data["category"] for fact in facts), Person.objects.count(), Counter(Fact.objects.values_list("kind", flat=True)))
