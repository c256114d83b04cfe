"""My steps so far and the dates of my rights: what the newcomer's page reads, in order, without anything sensitive."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.orientation.services import state
from passerelles.pathway.models import FollowUp
from passerelles.pathway.queries import rights_of, steps_of
from passerelles.pathway.services import documents, follow_ups, meetings, recognitions, trainings

TODAY = dt.date(2026, 3, 10)
SIGNED = dt.date(2026, 2, 2)


def test_my_steps_in_the_order_of_time_with_where_and_when(world, signatory):
    person = signatory()
    course = trainings.prescribe_language(
        world.auditor, person.pk, rule="langue.numerique_2025", prescribed_on=SIGNED,
        answers={"langue.lecteur_scripteur": True}, provider=world.training_body,
    )  # fmt: skip
    trainings.start_training(world.auditor, course.pk, on=dt.date(2026, 2, 16))
    wrong = trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=SIGNED)
    trainings.cancel_training(world.auditor, wrong.pk, reason="erreur")
    when = clock.paris(dt.date(2026, 3, 20), 9)
    meetings.fix_meeting(world.auditor, person.pk, kind="end_of_cir", fixed_for=when, place="Bureau 12")
    recognitions.request_recognition(
        world.auditor, person.pk, procedure="vae", requested_on=dt.date(2026, 3, 1), regulated=False
    )
    found = [(step.code, step.state, step.on, step.where) for step in steps_of(person, TODAY)]
    assert found == [
        ("contract", "done", SIGNED, ""),
        ("training_language", "current", dt.date(2026, 2, 16), "Atelier des mots"),
        ("recognition_vae", "current", dt.date(2026, 3, 1), ""),
        ("meeting_end_of_cir", "to_come", dt.date(2026, 3, 20), "DT OFII Metz"),
    ]
    assert steps_of(person, TODAY)[-1].at == when and steps_of(person, TODAY)[-1].address == "Bureau 12"


def test_the_dates_of_my_rights_the_nearest_first_and_never_the_nature_of_my_document(world, signatory):
    person = signatory()
    documents.note_document(world.auditor, person.pk, kind="api", expires_on=dt.date(2026, 4, 1))
    documents.note_document(world.auditor, person.pk, kind="driving_licence", expires_on=dt.date(2027, 2, 1))
    course = trainings.prescribe_language(
        world.auditor, person.pk, rule="langue.numerique_2025", prescribed_on=SIGNED,
        answers={"langue.lecteur_scripteur": True},
    )  # fmt: skip
    rights = rights_of(person, TODAY)
    assert [(right.code, right.until, right.soon) for right in rights] == [
        ("residence_document", dt.date(2026, 4, 1), True),
        ("driving_licence", dt.date(2027, 2, 1), False),
        ("language_licence", dt.date(2027, 2, 1), False),
        ("cir_end", dt.date(2031, 2, 1), False),
    ]
    assert rights[0].days_left == 22
    trainings.start_training(world.auditor, course.pk, on=dt.date(2026, 3, 2))
    assert {right.code: right.until for right in rights_of(person, TODAY)}["language_licence"] == dt.date(2027, 3, 1)


def test_a_document_told_in_the_diagnosis_counts_as_one_noted_here(world, signatory):
    """Noted here or stated there, the newest is right, for the page of the person as for the alerts (C-035)."""
    person = signatory(birth_date=dt.date(1955, 6, 1))
    documents.note_document(world.auditor, person.pk, kind="api", expires_on=dt.date(2026, 4, 1))
    assert FollowUp.objects.get(status="open").due_on == dt.date(2026, 4, 1)
    with clock.frozen(clock.paris(dt.date(2026, 3, 12), 9)):
        told = {"sejour.titre_fin": "2026-05-01"}
        state(world.auditor, person.pk, told, source="personne", as_of=clock.today())
        follow_ups.refresh([person.pk])
        assert FollowUp.objects.get(status="open").due_on == dt.date(2026, 5, 1)
        assert [right.until for right in rights_of(person, clock.today())][0] == dt.date(2026, 5, 1)


def test_the_number_of_queries_is_fixed(world, signatory):
    person = signatory()
    rights_of(person, TODAY)
    counts = []
    for kind in ("api", "csp"):
        documents.note_document(world.auditor, person.pk, kind=kind, expires_on=dt.date(2026, 9, 1))
        recognitions.request_recognition(
            world.auditor, person.pk, procedure="vae" if kind == "api" else "enic_naric", requested_on=TODAY,
            regulated=False,
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            steps_of(person, TODAY)
            rights_of(person, TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
