"""Two desks at the very same moment: one writes, the other is told, and nothing is written twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from passerelles.core.errors import EditedElsewhere
from passerelles.orientation import services
from passerelles.orientation.models import Decision, Statement
from tests.world import SESSION_DAY


def in_threads(*works):
    """Run these at the same time, each with its own connection; what was raised is given back."""
    together = threading.Barrier(len(works))

    def run(work):
        together.wait(10)
        try:
            return work()
        except EditedElsewhere as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


@pytest.mark.django_db(transaction=True)
def test_the_same_question_answered_by_two_desks_at_once(world, person):
    def answer(actor, value):
        return lambda: services.state(
            actor,
            person.pk,
            {"emploi.recherche": value},
            source="personne",
            as_of=SESSION_DAY,
            read={"emploi.recherche": None},
        )

    results = in_threads(answer(world.auditor, "cherche"), answer(world.cip, "non"))
    assert [isinstance(each, EditedElsewhere) for each in results].count(True) == 1
    assert Statement.objects.filter(code="emploi.recherche").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once(world, person):
    def decide(actor, reason):
        return lambda: services.decide(actor, person.pk, chosen=["adie"], reason=reason, read=None)

    results = in_threads(decide(world.auditor, "Projet"), decide(world.cip, "Autre projet"))
    assert [isinstance(each, EditedElsewhere) for each in results].count(True) == 1
    assert Decision.objects.filter(person=person).count() == 1
