"""The verbs of the pathway: what they write in the tables and in the journal, and what they refuse."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.pathway.models import Document, Meeting, Recognition, Training
from passerelles.pathway.services import documents, meetings, recognitions, trainings
from passerelles.people.models import Situation

TODAY = dt.date(2026, 3, 10)


def facts(person, *kinds: FactKind) -> list[tuple[str, dict]]:
    rows = Fact.objects.standing().filter(person_id=person.pk, kind__in=kinds).order_by("id")
    return [(row.kind, row.data) for row in rows]


def on(day: dt.date, hour: int = 9):
    return clock.frozen(clock.paris(day, hour))


@pytest.fixture
def prescribed(world, signatory):
    """A course of 200 hours prescribed to somebody who signed in 2023."""
    person = signatory(dt.date(2023, 9, 4))
    return trainings.prescribe_language(
        world.auditor,
        person.pk,
        rule="langue.parcours_2019",
        hours=200,
        prescribed_on=dt.date(2023, 9, 4),
        provider=world.training_body,
    )


def test_a_prescription_keeps_its_rule_its_article_and_the_words_of_the_journal(world, prescribed):
    assert (prescribed.status, prescribed.path, prescribed.target) == ("prescribed", "P200", "A1")
    assert prescribed.rule == "langue.parcours_2019" and prescribed.reference
    ((_, data),) = facts(prescribed.person, FactKind.LANGUAGE_PRESCRIBED)
    assert data == {"path": "P200", "mode": "in_person", "hours": 200, "target": "A1", "compulsory": True}
    fact = Fact.objects.get(kind=FactKind.LANGUAGE_PRESCRIBED, person_id=prescribed.person_id)
    assert (fact.subject_id, fact.organisation_id, fact.direction) == (prescribed.pk, world.training_body.pk, "metz")


def test_a_course_followed_to_its_end(world, prescribed):
    trainings.start_training(world.auditor, prescribed.pk, on=dt.date(2023, 10, 2))
    done = trainings.end_language(
        world.auditor, prescribed.pk, on=dt.date(2024, 2, 1), hours_attended=190, written="A1", oral="A2", attained=True
    )
    assert (done.status, done.hours_attended, done.written, done.oral) == ("completed", 190, "A1", "A2")
    started, ended = facts(prescribed.person, FactKind.LANGUAGE_STARTED, FactKind.LANGUAGE_ENDED)
    assert started[1] == {"path": "P200", "mode": "in_person"}
    assert ended[1] == {
        "path": "P200",
        "reason": "completed",
        "hours_attended": 190,
        "written": "A1",
        "oral": "A2",
        "attained": True,
    }


def test_a_course_given_up_then_taken_up_again_did_not_end(world, prescribed):
    trainings.start_training(world.auditor, prescribed.pk, on=dt.date(2023, 10, 2))
    trainings.drop_language(world.auditor, prescribed.pk, on=dt.date(2023, 11, 2), hours_attended=20)
    assert facts(prescribed.person, FactKind.LANGUAGE_ENDED)[0][1]["reason"] == "dropped"
    again = trainings.resume_language(world.auditor, prescribed.pk, on=dt.date(2024, 1, 8))
    assert (again.status, again.ended_on) == ("started", None)
    assert facts(prescribed.person, FactKind.LANGUAGE_ENDED) == []


def test_a_cancelled_prescription_leaves_the_figures_and_stays_in_the_journal(world, prescribed):
    trainings.cancel_training(world.auditor, prescribed.pk, reason="erreur de personne")
    assert facts(prescribed.person, FactKind.LANGUAGE_PRESCRIBED) == []
    assert Fact.objects.filter(person_id=prescribed.person_id, kind=FactKind.LANGUAGE_PRESCRIBED).count() == 1
    with pytest.raises(Impossible, match="on ne peut pas la commencer"):
        trainings.start_training(world.auditor, prescribed.pk, on=TODAY)


@pytest.mark.parametrize("hours", [None, 300, 800])
def test_a_length_that_the_rule_does_not_give_is_refused(world, signatory, hours):
    person = signatory(dt.date(2023, 9, 4))
    with pytest.raises(Impossible, match="100, 200, 400, 600"):
        trainings.prescribe_language(
            world.auditor, person.pk, rule="langue.parcours_2019", hours=hours, prescribed_on=dt.date(2023, 9, 4)
        )


def test_a_course_waits_for_the_answer_to_the_open_question(world, signatory):
    person = signatory()
    asked = {"rule": "langue.numerique_2025", "prescribed_on": TODAY}
    with pytest.raises(Impossible, match="ne permet pas"):
        trainings.prescribe_language(world.auditor, person.pk, **asked)
    done = trainings.prescribe_language(world.auditor, person.pk, **asked, answers={"langue.lecteur_scripteur": True})
    assert (done.path, done.mode, done.hours, done.compulsory) == ("digital", "digital", None, False)


def test_whoever_is_dispensed_gets_no_prescription(world, signatory):
    person = signatory(written="A2", oral="A2")
    with pytest.raises(Impossible, match="dispense"):
        trainings.prescribe_language(
            world.auditor, person.pk, rule="langue.numerique_2025", prescribed_on=TODAY,
            answers={"langue.lecteur_scripteur": True},
        )  # fmt: skip


def test_one_course_of_each_nature_at_a_time(world, prescribed):
    with pytest.raises(Impossible, match="suit déjà une formation"):
        trainings.prescribe_language(
            world.auditor,
            prescribed.person_id,
            rule="langue.parcours_2019",
            hours=100,
            prescribed_on=dt.date(2023, 9, 5),
        )


def test_dates_follow_one_another(world, prescribed):
    with pytest.raises(Impossible, match="ne peut pas précéder"):
        trainings.start_training(world.auditor, prescribed.pk, on=dt.date(2023, 9, 1))
    with pytest.raises(Impossible, match="futur"):
        trainings.start_training(world.auditor, prescribed.pk, on=dt.date(2026, 3, 11))
    trainings.start_training(world.auditor, prescribed.pk, on=dt.date(2023, 10, 2))
    with pytest.raises(Impossible, match="210 heures suivies pour 200"):
        trainings.end_language(world.auditor, prescribed.pk, on=dt.date(2024, 2, 1), hours_attended=210)


def test_only_a_training_body_gives_a_course(world, signatory):
    with pytest.raises(Impossible, match="pas un organisme de formation"):
        trainings.prescribe_civic(world.auditor, signatory().pk, prescribed_on=TODAY, provider=world.agency)


def test_the_civic_training_is_complete_with_its_last_day_only(world, signatory):
    """Three days are not complete, four are (D-021)."""
    person = signatory()
    training = trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=TODAY)
    assert facts(person, FactKind.CIVIC_PRESCRIBED) == [("civic_prescribed", {"days": 4, "hours": 24})]
    with on(dt.date(2026, 4, 20)):
        three = trainings.attend_civic(world.auditor, training.pk, days=3, on=dt.date(2026, 4, 2))
        assert (three.status, three.ended_on) == ("started", None)
        with pytest.raises(Impossible, match="déjà notées"):
            trainings.attend_civic(world.auditor, training.pk, days=3, on=dt.date(2026, 4, 3))
        with pytest.raises(Impossible, match="de 1 à 4"):
            trainings.attend_civic(world.auditor, training.pk, days=5, on=dt.date(2026, 4, 3))
        whole = trainings.attend_civic(world.auditor, training.pk, days=4, on=dt.date(2026, 4, 3))
    assert (whole.status, whole.ended_on) == ("completed", dt.date(2026, 4, 3))
    assert facts(person, FactKind.CIVIC_ATTENDED) == [("civic_attended", {"days": 4, "of": 4})]


def test_the_end_of_cir_interview_observes_a_new_situation(world, signatory):
    """A new dated version; the older one stays readable (D-023, C-051)."""
    person = signatory()
    when = clock.paris(dt.date(2026, 3, 12), 10)
    meeting = meetings.fix_meeting(world.auditor, person.pk, kind="end_of_cir", fixed_for=when)
    with pytest.raises(Impossible, match="pas encore eu lieu"):
        meetings.hold_end_of_cir(world.auditor, meeting.pk, situation="none")
    with on(dt.date(2026, 3, 12), 11):
        with pytest.raises(Impossible, match="ce qu’il a constaté"):
            meetings.record_meeting(world.auditor, meeting.pk, result="attended")
        held = meetings.hold_end_of_cir(world.auditor, meeting.pk, situation="cdd", level="A2", wants_orientation=True)
    assert (held.status, held.situation, held.level) == ("attended", "cdd", "A2")
    assert facts(person, FactKind.END_OF_CIR_INTERVIEW) == [
        ("end_of_cir_interview", {"level": "A2", "situation": "cdd"})
    ]
    observed = Situation.objects.get(person=person)
    assert (observed.kind, observed.source) == ("cdd", "Entretien de fin de CIR")


def test_a_meeting_missed_is_moved_and_never_cancelled_afterwards(world, signatory):
    person = signatory()
    when = clock.paris(dt.date(2026, 3, 12), 10)
    meeting = meetings.fix_meeting(world.auditor, person.pk, kind="assessment", fixed_for=when)
    with pytest.raises(Impossible, match="déjà un rendez-vous"):
        meetings.fix_meeting(world.auditor, person.pk, kind="assessment", fixed_for=when)
    with on(dt.date(2026, 3, 13)):
        with pytest.raises(Impossible, match="La date est passée"):
            meetings.cancel_meeting(world.auditor, meeting.pk)
        meetings.record_meeting(world.auditor, meeting.pk, result="missed")
        again = meetings.reschedule_meeting(world.auditor, meeting.pk, fixed_for=clock.paris(dt.date(2026, 3, 20), 10))
    meeting.refresh_from_db()
    assert (meeting.status, again.status, again.replaces_id) == ("rescheduled", "fixed", meeting.pk)
    assert [data["result"] for _, data in facts(person, FactKind.MEETING_RESULT)] == ["rescheduled"]


def test_a_meeting_to_come_is_cancelled(world, signatory):
    meeting = meetings.fix_meeting(
        world.auditor, signatory().pk, kind="assessment", fixed_for=clock.paris(dt.date(2026, 3, 12), 10)
    )
    assert meetings.cancel_meeting(world.auditor, meeting.pk).status == "cancelled"


def test_no_end_of_cir_interview_without_a_contract_nor_in_the_past(world):
    person = world.person()
    with pytest.raises(Impossible, match="Aucun contrat"):
        meetings.fix_meeting(
            world.auditor, person.pk, kind="end_of_cir", fixed_for=clock.paris(dt.date(2026, 3, 12), 10)
        )
    with pytest.raises(Impossible, match="dans le passé"):
        meetings.fix_meeting(
            world.auditor, person.pk, kind="assessment", fixed_for=clock.paris(dt.date(2026, 3, 9), 10)
        )


def test_a_recognition_requested_answered_and_corrected(world, signatory):
    person = signatory()
    asked = recognitions.request_recognition(
        world.auditor, person.pk, procedure="enic_naric", requested_on=TODAY, title="Licence de chimie", regulated=False
    )
    with on(dt.date(2026, 6, 1)):
        recognitions.answer_recognition(world.auditor, asked.pk, result="partly", answered_on=dt.date(2026, 5, 28))
        recognitions.answer_recognition(world.auditor, asked.pk, result="recognised", answered_on=dt.date(2026, 5, 29))
    assert facts(person, FactKind.RECOGNITION_REQUESTED, FactKind.RECOGNITION_ANSWERED) == [
        ("recognition_requested", {"procedure": "enic_naric"}),
        ("recognition_answered", {"procedure": "enic_naric", "result": "recognised"}),
    ]


def test_a_regulated_profession_goes_another_way(world, signatory):
    """ENIC-NARIC excludes regulated professions (B-056, D-008)."""
    with pytest.raises(Impossible, match="réglementée"):
        recognitions.request_recognition(
            world.auditor, signatory().pk, procedure="enic_naric", requested_on=TODAY, regulated=True
        )


def test_a_request_given_up_is_taken_up_again(world, signatory):
    person = signatory()
    asked = recognitions.request_recognition(
        world.auditor, person.pk, procedure="vae", requested_on=TODAY, regulated=False
    )
    recognitions.abandon_recognition(world.auditor, asked.pk)
    assert len(facts(person, FactKind.RECOGNITION_ABANDONED)) == 1
    assert recognitions.resume_recognition(world.auditor, asked.pk).status == "requested"
    assert facts(person, FactKind.RECOGNITION_ABANDONED) == []
    with pytest.raises(Impossible, match="attend déjà"):
        recognitions.request_recognition(world.auditor, person.pk, procedure="vae", requested_on=TODAY, regulated=False)


def test_a_new_residence_document_replaces_the_former_and_a_licence_stays(world, signatory):
    person = signatory()
    documents.note_document(world.auditor, person.pk, kind="api", expires_on=dt.date(2026, 4, 1))
    documents.note_document(world.auditor, person.pk, kind="driving_licence", expires_on=dt.date(2026, 9, 1))
    documents.note_document(world.auditor, person.pk, kind="csp", expires_on=dt.date(2030, 4, 1))
    standing = Document.objects.filter(person=person, replaced_on=None)
    assert {each.kind for each in standing} == {"driving_licence", "csp"}
    documents.note_document(world.auditor, person.pk, kind="csp", expires_on=dt.date(2030, 4, 1))
    assert len(facts(person, FactKind.DOCUMENT_NOTED)) == 3
    with pytest.raises(Impossible, match="Vérifiez l’année"):
        documents.note_document(world.auditor, person.pk, kind="csp", expires_on=dt.date(2062, 4, 1))


def test_only_ofii_prescribes_and_only_in_its_own_dt(world, signatory):
    person = signatory()
    for actor in (world.cip, world.ft, world.agir, world.tester, world.region, world.trainer):
        with pytest.raises(Refused):
            trainings.prescribe_civic(actor, person.pk, prescribed_on=TODAY)
        with pytest.raises(Refused):
            meetings.fix_meeting(actor, person.pk, kind="assessment", fixed_for=clock.paris(dt.date(2026, 3, 12), 10))
    with pytest.raises(Unknown):
        trainings.prescribe_civic(world.auditor_elsewhere, person.pk, prescribed_on=TODAY)
    with pytest.raises(Unknown):
        documents.note_document(world.auditor_elsewhere, person.pk, kind="api", expires_on=dt.date(2026, 4, 1))
    with pytest.raises(Unknown):
        recognitions.request_recognition(world.ft, person.pk, procedure="vae", requested_on=TODAY, regulated=False)
    assert not (Training.objects.exists() or Meeting.objects.exists() or Recognition.objects.exists())


def test_a_course_never_begun_then_taken_up_begins_that_day(world, prescribed):
    trainings.drop_language(world.auditor, prescribed.pk, on=dt.date(2023, 11, 2))
    again = trainings.resume_language(world.auditor, prescribed.pk, on=dt.date(2024, 1, 8))
    assert (again.status, again.started_on) == ("started", dt.date(2024, 1, 8))
    assert facts(prescribed.person, FactKind.LANGUAGE_STARTED) == [
        ("language_started", {"path": "P200", "mode": "in_person"})
    ]


def test_a_training_prescribed_elsewhere_is_taken_over_as_it_was(world, signatory):
    """No rule is asked; the rest of the way is the same."""
    person = signatory(dt.date(2019, 3, 4))
    course = trainings.take_over_training(
        world.auditor, person.pk, kind="language", prescribed_on=dt.date(2019, 3, 4), provider=world.training_body,
        path="P400", mode="in_person", hours=400, target="A1",
    )  # fmt: skip
    civic = trainings.take_over_training(
        world.auditor, person.pk, kind="civic", prescribed_on=dt.date(2019, 3, 4), days=4
    )
    assert (course.rule, course.reference, civic.rule) == ("", "", "")
    assert facts(person, FactKind.LANGUAGE_PRESCRIBED, FactKind.CIVIC_PRESCRIBED) == [
        (
            "language_prescribed",
            {"path": "P400", "mode": "in_person", "hours": 400, "target": "A1", "compulsory": True},
        ),
        ("civic_prescribed", {"days": 4, "hours": None}),
    ]
    assert trainings.attend_civic(world.auditor, civic.pk, days=4, on=dt.date(2019, 5, 6)).status == "completed"
    with pytest.raises(Impossible, match="suit déjà une formation"):
        trainings.take_over_training(
            world.auditor, person.pk, kind="language", prescribed_on=dt.date(2019, 4, 1), path="A2", hours=100
        )
    with pytest.raises(Impossible, match="futur"):
        trainings.take_over_training(world.auditor, person.pk, kind="civic", prescribed_on=dt.date(2027, 1, 4), days=4)
    with pytest.raises(Refused):
        trainings.take_over_training(world.cip, person.pk, kind="civic", prescribed_on=dt.date(2019, 3, 4), days=4)
