"""The timeline: a sentence for every kind of fact, cut to the role, corrections shown struck only to those entitled."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.journal.vocabulary import FactKind
from passerelles.pathway.queries.timeline import timeline
from passerelles.pathway.sentences import SENTENCES, Theme, Told
from passerelles.pathway.services import documents, meetings, trainings
from passerelles.people.services import correct_person
from passerelles.reception.services.appointments import fix_appointment, record_result

TODAY = dt.date(2026, 3, 10)
# Every key of the vocabulary, with a value that the platform or the synthetic population writes.
DATA = {
    "kind": "cir",
    "written": "A1",
    "oral": "A2",
    "overall": "A1",
    "purpose": "registration",
    "situation": "none",
    "register": "ft",
    "by": "cip",
    "result": "attended",
    "status": "present",
    "outcome": "registered",
    "fixed_for": "2026-03-12T09:30:00+00:00",
    "reason": "mistake",
    "meeting": "end_of_cir",
    "document": "csp_protection_subsidiaire",
    "expires_on": "2026-05-31",
    "procedure": "vae",
    "follow_up": "document",
    "treatment": "renewed",
    "path": "P200",
    "mode": "in_person",
    "hours": 200,
    "target": "A1",
    "compulsory": True,
    "hours_attended": 190,
    "attained": True,
    "days": 4,
    "of": 4,
    "passed": True,
    "level": "A2",
    "to": "mission_locale",
    "working_days": 15,
    "right": "rsa",
    "training": "poei",
    "completed": True,
    "contract": "cdd",
    "months": 6,
    "in_post": True,
    "from": "57",
    "approach": "idf_2025",
}


def test_every_kind_of_fact_has_its_sentence():
    """A new kind of fact needs its sentence in `pathway/sentences.py`."""
    assert set(SENTENCES) == set(FactKind)


@pytest.mark.parametrize("kind", list(FactKind), ids=str)
def test_a_sentence_is_whole_french_and_holds_nothing_sensitive(kind):
    for data in (DATA, {}, dict.fromkeys(DATA)):
        said = SENTENCES[kind].says(Told(data, {}))
        assert said[0].isupper() and said.endswith("."), said
        assert "None" not in said and "  " not in said and "{" not in said, said
        assert "'" not in said, "typographic apostrophes"
        assert not re.search(r"ASILE|protection|réfugi|apatrid|santé|malad|violence", said, re.IGNORECASE), said


def test_every_theme_is_used():
    assert {sentence.theme for sentence in SENTENCES.values()} == set(Theme)


@pytest.fixture
def told(world, signatory):
    """A person with a first appointment at the agency, a prescription, a cancelled one, a meeting and a document."""
    person = signatory()
    fix_appointment(
        world.cip,
        person=person,
        organisation=world.agency,
        fixed_for=clock.paris(dt.date(2026, 3, 16), 10),
    )
    civic = trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=TODAY, provider=world.training_body)
    trainings.cancel_training(world.auditor, civic.pk, reason="erreur de saisie")
    trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=TODAY)
    meetings.fix_meeting(world.auditor, person.pk, kind="end_of_cir", fixed_for=clock.paris(dt.date(2026, 3, 20), 9))
    documents.note_document(world.auditor, person.pk, kind="csp", expires_on=dt.date(2030, 1, 1))
    return person


def sentences(page) -> list[str]:
    return [line.sentence for line in page.lines]


def test_the_dt_reads_everything_dated_with_who_and_which_organisation(world, told):
    page = timeline(world.auditor, told.pk)
    assert page.whole
    assert "Premier rendez-vous fixé au 16 mars 2026 à 10 h avec France Travail Metz-Queuleu." in sentences(page)
    assert "Document de séjour relevé : valable jusqu’au 1er janvier 2030." in sentences(page)
    assert [line.on for line in page.lines] == sorted((line.on for line in page.lines), reverse=True)
    contract = next(line for line in page.lines if line.sentence.startswith("Contrat signé"))
    assert (contract.on, contract.agent, contract.organisation) == (
        dt.date(2026, 2, 2),
        "Agent auditor",
        "DT OFII Metz",
    )
    assert contract.recorded_on == TODAY


def test_a_correction_is_struck_for_those_who_correct_and_absent_for_the_others(world, told):
    struck = [line for line in timeline(world.auditor, told.pk).lines if line.retracted]
    assert [(line.sentence, line.reason) for line in struck] == [
        ("Formation civique prescrite : 4 journées, 24 heures.", "erreur de saisie")
    ]
    for_agency = timeline(world.ft, told.pk)
    assert not any(line.retracted for line in for_agency.lines)
    civic = [line for line in for_agency.lines if line.sentence.startswith("Formation civique prescrite")]
    assert len(civic) == 1


def test_a_receiver_reads_what_was_transmitted_without_names_of_agents(world, told):
    page = timeline(world.ft, told.pk)
    assert not page.whole
    assert any("Premier rendez-vous fixé" in text for text in sentences(page))
    assert any("Niveau de français" in text for text in sentences(page))
    assert {line.agent for line in page.lines} == {""}


def test_what_concerns_another_organisation_is_not_transmitted(world, told):
    """A second agency that receives the person does not read the appointments of the first."""
    with clock.frozen(clock.paris(dt.date(2026, 3, 17), 9)):
        record_result(world.ft, told.first_appointments.get().pk, result="missed")
    fix_appointment(
        world.cip, person=told, organisation=world.other_agency, fixed_for=clock.paris(dt.date(2026, 4, 2), 10)
    )
    said = sentences(timeline(world.ft_elsewhere, told.pk))
    assert [text for text in said if text.startswith("Premier rendez-vous")] == [
        "Premier rendez-vous fixé au 2 avril 2026 à 10 h avec France Travail Thionville."
    ]


@pytest.mark.parametrize("short", ["auditor_elsewhere", "cip", "agir", "region", "nation", "tester", "trainer"])
def test_a_person_out_of_scope_does_not_exist(world, told, short):
    with pytest.raises(Unknown):
        timeline(world.actors[short], told.pk)


def test_a_theme_narrows_the_lines_and_keeps_the_counts(world, told):
    whole, some = timeline(world.auditor, told.pk), timeline(world.auditor, told.pk, "formation")
    assert some.theme is Theme.LANGUAGE and {line.theme for line in some.lines} == {Theme.LANGUAGE}
    assert some.themes == whole.themes
    assert dict(whole.themes)[Theme.LANGUAGE] == len(some.lines)
    assert timeline(world.auditor, told.pk, "n’importe quoi").theme is None


def test_a_correction_of_the_file_tells_no_name(world, told):
    correct_person(world.auditor, told.pk, family_name="Autrenom")
    assert "Autrenom" not in " ".join(sentences(timeline(world.auditor, told.pk)))


def test_the_number_of_queries_does_not_grow(world, told):
    with CaptureQueriesContext(connection) as few:
        timeline(world.auditor, told.pk)
    for kind in ("api", "csp", "api", "csp"):
        documents.note_document(world.auditor, told.pk, kind=kind, expires_on=dt.date(2026, 9, 1))
    with CaptureQueriesContext(connection) as many:
        timeline(world.auditor, told.pk)
    assert len(few) == len(many) <= 15
