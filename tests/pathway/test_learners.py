"""A training body sees the persons prescribed to it, and them only; it says when they begin, come and end (A.6)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core.errors import Refused, Unknown
from passerelles.journal.models import Access, Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.pathway.services import trainings
from passerelles.people import services as people
from passerelles.people.models import Person
from tests.browsing import sign_in

TODAY = dt.date(2026, 3, 10)
LIST = reverse("pathway:learners")


@pytest.fixture
def learner(world, signatory):
    """Prescribed a civic training by this body; and somebody whose body is not said."""
    person = signatory(phone="+33600000001", language="fa")
    trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=TODAY, provider=world.training_body)
    other = signatory(family_name="Ailleurs")
    trainings.prescribe_civic(world.auditor, other.pk, prescribed_on=TODAY)
    return person


@pytest.fixture
def course(world, signatory):
    person = signatory(dt.date(2023, 9, 4))
    return trainings.prescribe_language(
        world.auditor,
        person.pk,
        rule="langue.parcours_2019",
        hours=200,
        prescribed_on=dt.date(2023, 9, 4),
        provider=world.training_body,
    )


@pytest.fixture
def trainer(client, world):
    return sign_in(client, world, "trainer")


def text(visitor, address=LIST) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_holds_those_prescribed_to_the_body_with_the_minimum(trainer, learner):
    page = text(trainer)
    assert str(learner) in page and "+33600000001" in page and "écrit A1.1, oral A1" in page
    assert "AILLEURS" not in page
    assert "FAMILIAL" not in page and "1992" not in page
    assert Access.objects.filter(people__contains=[learner.pk], purpose="stagiaires").exists()


def test_no_file_of_a_person_is_open_to_a_training_body(trainer, learner):
    for name in ("web:person", "pathway:pathway", "pathway:timeline", "orientation-person:orientation"):
        assert trainer.get(reverse(name, args=[learner.pk])).status_code in (403, 404), name
    assert trainer.get(reverse("web:persons") + "?q=kadirov").status_code == 403


def test_the_body_notes_the_days_until_the_last_one(trainer, world, learner):
    training = learner.trainings.get()
    address = reverse("pathway:attend-civic", args=[training.pk])
    assert "Stagiaires" in text(trainer, address) and f"/parcours/{learner.pk}/" not in text(trainer, address)
    for days in (1, training.days):
        assert trainer.post(address, {"on": TODAY.isoformat(), "days": days})["Location"] == LIST
    training.refresh_from_db()
    assert (training.status, training.days_attended) == ("completed", training.days)
    fact = Fact.objects.standing().get(kind=FactKind.CIVIC_ATTENDED, person_id=learner.pk)
    assert (fact.organisation_id, fact.actor_id) == (world.training_body.pk, world.trainer.agent_id)
    assert "Finies (1)" in text(trainer)
    assert str(learner) in text(trainer) and learner.phone not in text(trainer), "nobody is to be called any more"


def test_the_body_says_the_start_the_end_and_the_level_reached(world, trainer, course):
    def do(name, **typed):
        return trainer.post(reverse(f"pathway:{name}", args=[course.pk]), typed)

    assert do("start-training", on="2023-10-02")["Location"] == LIST
    assert str(course.person) in text(trainer, f"{LIST}?etat=en_cours")
    typed = {"on": "2024-02-01", "result": "completed", "hours_attended": "190", "written": "A1", "oral": "A2"}
    assert do("end-language", **typed)["Location"] == LIST
    course.refresh_from_db()
    assert (course.status, course.hours_attended, course.written, course.oral) == ("completed", 190, "A1", "A2")
    assert "atteint : écrit A1, oral A2" in text(trainer, f"{LIST}?etat=finies")
    people.record_assessment(
        world.auditor, course.person, assessed_on=dt.date(2025, 3, 3), written="B1", oral="B2", overall="B1"
    )
    assert "B2" not in text(trainer, f"{LIST}?etat=finies"), "what is assessed after the course is not the body's"


def test_the_body_neither_prescribes_nor_cancels(world, trainer, learner, course):
    with pytest.raises(Unknown):
        trainings.cancel_training(world.trainer, course.pk, reason="erreur de saisie")
    with pytest.raises((Refused, Unknown)):
        trainings.prescribe_civic(world.trainer, learner.pk, prescribed_on=TODAY)
    assert trainer.get(reverse("pathway:cancel-training", args=[course.pk])).status_code == 403


def test_what_is_not_prescribed_to_the_body_does_not_exist_for_it(world, trainer, learner):
    other = Person.objects.get(family_name="Ailleurs").trainings.get()
    with pytest.raises(Unknown):
        trainings.attend_civic(world.trainer, other.pk, days=1, on=TODAY)
    assert trainer.get(reverse("pathway:attend-civic", args=[other.pk])).status_code == 404


def test_a_prescription_cancelled_by_the_dt_leaves_the_list(world, trainer, learner):
    trainings.cancel_training(world.auditor, learner.trainings.get().pk, reason="prescrite deux fois")
    assert str(learner) not in text(trainer)


@pytest.mark.parametrize("short", ["auditor", "cip", "ft", "admin", "tester", "employer", "region"])
def test_the_list_is_for_training_bodies(client, world, short):
    assert sign_in(client, world, short).get(LIST).status_code == 403


def test_the_menu_of_the_body_leads_to_its_list(trainer):
    assert f'href="{LIST}"' in text(trainer, "/")
