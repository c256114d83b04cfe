"""Facts by columns are the facts one would record one by one; only a fact that exists can be retracted."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from passerelles.journal import services as journal
from passerelles.journal.models import Access, Fact
from passerelles.journal.vocabulary import FactKind

DAY = dt.date(2026, 3, 10)
WHAT = "kind person_id subject_id organisation_id direction actor_id occurred_on recorded_at data retracts_id".split()


def test_facts_by_columns_are_those_recorded_one_by_one(world):
    people, other = [uuid.uuid4(), uuid.uuid4()], uuid.uuid4()
    profiles = [{"sex": "F", "birth_date": DAY, "motive": None}, {"sex": "H", "birth_date": None, "motive": "ASILE"}]
    with transaction.atomic():
        for person, organisation, data in zip(people, (other, None), profiles, strict=True):
            journal.record(
                FactKind.PERSON_RECORDED,
                actor=world.auditor,
                occurred_on=DAY,
                person=person,
                direction="metz",
                organisation=organisation,
                data=data,
            )
        journal.record_columns(
            FactKind.PERSON_RECORDED,
            2,
            actor=world.auditor,
            occurred_on=DAY.isoformat(),
            person=[str(person) for person in people],
            direction="metz",
            organisation=[str(other), None],
            data=journal.data_texts({key: [each[key] for each in profiles] for key in ("sex", "birth_date", "motive")}),
        )
    facts = list(Fact.objects.filter(person_id__in=people).order_by("id").values(*WHAT))
    assert facts[:2] == facts[2:]
    assert len(facts) == 4


def test_true_and_one_are_not_the_same_value():
    assert journal.data_texts({"walk_in": [True, 1, False, 0]}) == [
        '{"walk_in": true}',
        '{"walk_in": 1}',
        '{"walk_in": false}',
        '{"walk_in": 0}',
    ]


def test_only_a_fact_that_exists_is_retracted(world):
    with transaction.atomic():
        fact = journal.record(FactKind.OPTED_OUT, actor=world.auditor, occurred_on=DAY, person=uuid.uuid4())
        journal.retract(fact, actor=world.auditor, reason="saisie par erreur")
    assert not Fact.objects.standing().filter(pk=fact.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.create(kind=FactKind.RETRACTION, occurred_on=DAY, retracts_id=fact.pk + 1_000)


def test_the_access_log_says_who_saw_whom(world):
    people = [uuid.uuid4(), uuid.uuid4()]
    journal.note_access(world.auditor, people, action="read", purpose="motif " * 60)
    access = Access.objects.get()
    assert access.people == people
    assert (access.actor_id, access.organisation_id) == (world.auditor.agent_id, world.auditor.organisation_id)
    assert (access.role, access.action, len(access.purpose)) == (world.auditor.role, "read", 200)
    journal.note_access(world.auditor, [], action="read", purpose="rien")
    assert Access.objects.count() == 1
