"""Answers by file from the command line: the shape without a base, the whole with one."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from passerelles.cli.main import main
from passerelles.exchange.models import AnswerFile
from passerelles.referrals.services import sending
from passerelles.referrals.services.places import default_service
from tests.exchange.answering import as_csv, line_of

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def sent(world):
    service = default_service(world.agency)
    given = {"purpose": "employment", "basis": "public_mission", "service_id": service.pk}
    return sending.refer(world.auditor, person_id=world.person().pk, **given)


def run(*words: str):
    return CliRunner().invoke(main, list(words))


def test_the_shape_is_checked_without_a_base(world, sent, tmp_path):
    file = tmp_path / "retour.csv"
    file.write_bytes(as_csv([line_of(world.ft, sent) | {"Réponse": "Déclinée"}]))
    answer = run("check-file", str(file), "--kind", "answers", "--on", f"{world.day}")
    assert answer.exit_code == 1
    assert "ligne 2, Motif du refus, rejetée : Une orientation déclinée a un motif." in answer.output


def test_answers_are_tried_then_applied_in_the_name_of_the_organisation(world, sent, tmp_path):
    file = tmp_path / "retour.csv"
    file.write_bytes(as_csv([line_of(world.ft, sent) | {"Réponse": "Acceptée"}]))
    words = ("import", str(file), "--kind", "answers", "--organisation", "france travail metz-queuleu")
    tried = run(*words, "--dry-run", "--json")
    assert (tried.exit_code, json.loads(tried.stdout)["lines"]) == (0, {"à appliquer": 1})
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert not AnswerFile.objects.exists()
    assert "1 appliquée" in run(*words).output
    sent.refresh_from_db()
    assert sent.state == "accepted"
    elsewhere = run(*words[:-1], "ft@nulle.example")
    assert "Aucun organisme" in elsewhere.output
    assert run("import", str(file), "--kind", "answers").exit_code == 2
    assert run("import", str(file), "--kind", "rsa").exit_code == 2
