"""The civic exam: noted, read by the rules at once, watched before the document ends, withdrawn when a mistake."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.orientation.queries import facts_of
from passerelles.orientation.services.statements import state
from passerelles.pathway.models import FollowUp
from passerelles.pathway.queries.known import evaluation_of
from passerelles.pathway.services import documents, exams, follow_ups, trainings
from tests.browsing import sign_in

TODAY = dt.date(2026, 3, 10)
RULE = "titre.csp_examen"


def note(world, person, purpose="multi_year_card", passed=True, taken_on=TODAY):
    return exams.note_exam(world.auditor, person.pk, purpose=purpose, taken_on=taken_on, passed=passed)


def passed_for(person, on=TODAY) -> str | None:
    known = facts_of(person, on).get("civique.examen")
    return known.value if known else None


def said(person, on=TODAY) -> str:
    return evaluation_of(person, on).says(RULE).value


def test_an_exam_passed_answers_the_rule_of_the_card_from_its_day_on(world, signatory):
    person = signatory(birth_date=dt.date(1992, 4, 12))
    assert passed_for(person) is None and said(person) == "unknown"
    note(world, person, taken_on=dt.date(2026, 3, 2))
    assert passed_for(person, dt.date(2026, 3, 1)) is None
    assert passed_for(person, dt.date(2026, 3, 2)) == "csp" and said(person) == "yes"


def test_each_attempt_is_a_fact_of_the_journal(world, signatory):
    person = signatory()
    note(world, person, passed=False, taken_on=dt.date(2026, 2, 9))
    note(world, person)
    told = Fact.objects.filter(kind=FactKind.CIVIC_EXAM_TAKEN, person_id=person.pk).order_by("id")
    assert [(each.data["attempt"], each.data["passed"]) for each in told] == [(1, False), (2, True)]
    assert {each.data["purpose"] for each in told} == {"multi_year_card"}


def test_a_failure_says_none_and_never_hides_what_is_passed(world, signatory):
    person = signatory()
    note(world, person, passed=False, taken_on=dt.date(2026, 2, 9))
    assert passed_for(person) == "aucun"
    note(world, person, taken_on=dt.date(2026, 3, 2))
    note(world, person, purpose="resident_card", passed=False)
    assert passed_for(person) == "csp"


def test_a_failure_noted_never_hides_a_success_told_before(world, signatory):
    person = signatory()
    day = dt.date(2026, 2, 9)
    state(world.auditor, person.pk, {"civique.examen": "csp"}, source="entretien", as_of=day)
    note(world, person, purpose="resident_card", passed=False)
    assert passed_for(person) == "csp"


def test_the_highest_exam_passed_is_the_one_that_counts(world, signatory):
    person = signatory()
    note(world, person, purpose="resident_card", taken_on=dt.date(2026, 2, 9))
    note(world, person, purpose="multi_year_card")
    assert passed_for(person) == "cr"


def test_an_exam_passed_later_does_not_change_what_was_known_before(world, signatory):
    person = signatory()
    note(world, person, taken_on=dt.date(2026, 2, 9))
    note(world, person, purpose="resident_card")
    assert [passed_for(person, day) for day in (dt.date(2026, 2, 9), TODAY)] == ["csp", "cr"]


def test_a_result_noted_by_mistake_no_longer_counts(world, signatory):
    person = signatory()
    exam = note(world, person)
    with pytest.raises(Impossible, match="déjà noté comme réussi"):
        note(world, person)
    exams.withdraw_exam(world.auditor, exam.pk, reason="erreur de personne")
    assert passed_for(person) is None
    assert not Fact.objects.standing().filter(kind=FactKind.CIVIC_EXAM_TAKEN, person_id=person.pk).exists()
    with pytest.raises(Impossible, match="déjà retiré"):
        exams.withdraw_exam(world.auditor, exam.pk, reason="deux fois")
    assert note(world, person).attempt == 1


@pytest.mark.parametrize("day", [dt.date(2025, 12, 31), TODAY + dt.timedelta(days=1)])
def test_a_day_that_cannot_be_right_is_refused(world, signatory, day):
    with pytest.raises(Impossible):
        note(world, signatory(), taken_on=day)


def test_the_day_before_the_exam_exists_is_refused_and_the_day_itself_is_not(world, signatory):
    assert note(world, signatory(), taken_on=dt.date(2026, 1, 1)).attempt == 1


@pytest.mark.parametrize("short", ["cip", "ft", "agir", "trainer", "region"])
def test_only_the_dt_notes_a_result(world, signatory, short):
    with pytest.raises(Refused):
        exams.note_exam(world.actors[short], signatory().pk, purpose="multi_year_card", taken_on=TODAY, passed=True)


# Alerts


def alerts(person) -> list[tuple[str, dt.date]]:
    found = FollowUp.objects.filter(person=person, status="open").order_by("kind")
    return [(each.kind, each.due_on) for each in found]


def test_the_exam_is_asked_for_before_the_document_ends_and_no_longer_once_passed(world, signatory):
    person, end = signatory(), dt.date(2026, 9, 6)
    documents.note_document(world.auditor, person.pk, kind="cst", expires_on=end + dt.timedelta(days=1))
    assert alerts(person) == []
    with clock.frozen(clock.paris(TODAY + dt.timedelta(days=1), 9)):
        follow_ups.refresh([person.pk])
        assert alerts(person) == [("civic_exam", end + dt.timedelta(days=1))]
        note(world, person, passed=False)
        assert len(alerts(person)) == 1
        note(world, person, taken_on=TODAY + dt.timedelta(days=1))
        assert alerts(person) == []


@pytest.mark.parametrize(
    ("kind", "values"),
    [("csp", {}), ("carte_resident", {}), ("cst", {"birth_date": dt.date(1960, 1, 1)})],
    ids=["a card of several years", "a resident card", "exempt by age"],
)
def test_nobody_is_asked_who_needs_no_exam(world, signatory, kind, values):
    person = signatory(**values)
    documents.note_document(world.auditor, person.pk, kind=kind, expires_on=TODAY + dt.timedelta(days=100))
    assert alerts(person) == []


def test_nobody_is_asked_before_the_rule(world, signatory):
    with clock.frozen(clock.paris(dt.date(2025, 12, 31), 9)):
        person = signatory(dt.date(2025, 9, 1))
        documents.note_document(world.auditor, person.pk, kind="cst", expires_on=dt.date(2026, 4, 30))
        assert alerts(person) == []
    with clock.frozen(clock.paris(dt.date(2026, 1, 1), 9)):
        follow_ups.refresh([person.pk])
        assert alerts(person) == [("civic_exam", dt.date(2026, 4, 30))]


# What trainings tell the rules


def test_the_civic_training_followed_to_its_end_answers_the_rule(world, signatory):
    person = signatory()
    training = trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=TODAY)
    trainings.attend_civic(world.auditor, training.pk, days=3, on=TODAY)
    assert evaluation_of(person, TODAY).says("civique.complete").value == "unknown"
    trainings.attend_civic(world.auditor, training.pk, days=training.days, on=TODAY)
    assert evaluation_of(person, TODAY).says("civique.complete").value == "yes"


def test_the_level_reached_at_the_end_of_a_training_replaces_the_one_of_the_start(world, signatory):
    signed = dt.date(2023, 9, 4)
    person = signatory(signed)
    course = trainings.prescribe_language(
        world.auditor, person.pk, rule="langue.parcours_2019", hours=200, prescribed_on=signed
    )
    trainings.start_training(world.auditor, course.pk, on=dt.date(2023, 10, 2))
    trainings.end_language(world.auditor, course.pk, on=dt.date(2024, 2, 1), written="A2", oral="A2")
    assert facts_of(person, dt.date(2024, 1, 31))["langue.ecrit"].value.value == "A1.1"
    assert facts_of(person, dt.date(2024, 2, 1))["langue.ecrit"].value.value == "A2"


# Screens


def test_the_result_is_noted_shown_and_withdrawn_on_the_pathway_of_the_person(client, world, signatory):
    person = signatory()
    visitor = sign_in(client, world, "auditor")
    address = f"/parcours/{person.pk}/examen-civique/"
    assert "attestation" in visitor.get(address).content.decode()
    wrong = visitor.post(address, {"purpose": "multi_year_card", "taken_on": "2026-03-02"})
    assert wrong.status_code == 400
    typed = {"purpose": "multi_year_card", "taken_on": "2026-03-02", "passed": "oui"}
    assert visitor.post(address, typed)["Location"] == f"/parcours/{person.pk}/"
    text = visitor.get(f"/parcours/{person.pk}/").content.decode()
    assert "Carte de séjour pluriannuelle" in text and "Réussi" in text
    assert "Examen civique (carte pluriannuelle)" in visitor.get(f"/parcours/{person.pk}/chronologie/").content.decode()
    exam = person.exams.get()
    visitor.post(f"/parcours/examens/{exam.pk}/retirer/", {"reason": "erreur de personne"})
    assert "Aucun examen noté" in visitor.get(f"/parcours/{person.pk}/").content.decode()


def test_the_adviser_reads_the_result_and_does_not_write_it(client, world, signatory):
    from passerelles.referrals.services.places import default_service
    from passerelles.referrals.services.sending import refer

    person = signatory()
    exam = note(world, person)
    refer(
        world.auditor,
        person_id=person.pk,
        service_id=default_service(world.agency).pk,
        purpose="employment",
        basis="public_mission",
    )
    visitor = sign_in(client, world, "ft")
    text = visitor.get(f"/parcours/{person.pk}/").content.decode()
    assert "Réussi" in text and "Noter un examen" not in text
    assert visitor.get(f"/parcours/examens/{exam.pk}/retirer/").status_code == 403
