"""`passerelles orient` and `passerelles rules`: what they answer, and what they say of a mistake."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from passerelles.cli.main import NOT_FOUND, OK, PROBLEM, WRONG_USE, main
from passerelles.orientation.rules import BOOK, FACTS

REFUGEE = """
sejour.statut: refugie
sejour.statut_date: 2024-06-01
cir.contrat: cir
cir.date_signature: 2024-09-02
besoin.emploi: oui
emploi.situation: none
emploi.recherche: {valeur: cherche, source: OFII, date: 2026-01-15}
"""


def run(*arguments: str, given: str | None = None):
    return CliRunner().invoke(main, list(arguments), input=given)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "faits.yaml"
    path.write_text(REFUGEE, encoding="utf-8")
    return str(path)


def answered(*arguments: str, given: str | None = None):
    done = run("orient", *arguments, "--json", given=given)
    assert done.exit_code == OK, done.output
    return json.loads(done.output)


def test_the_answer_gives_verdicts_reasons_and_questions(file):
    found = answered(file, "--on", "2026-01-15", "--territory", "57")
    agir = found["answers"]["agir.eligible"]
    assert agir["answer"] == "yes"
    assert agir["missing"] == []
    status = next(reason for reason in agir["reasons"] if "sejour.statut" in reason["facts"])
    assert status["facts"] == {"sejour.statut": "refugie"}
    assert "instruction IOMV2403137J" in status["reference"]
    assert found["answers"]["ft.inscription"]["answer"] == "unknown"
    assert "ft.inscrit" in found["answers"]["ft.inscription"]["missing"]
    assert found["recommendation"][0]["code"] == "agir"
    assert {question["fact"] for question in found["questions"]} <= set(FACTS)
    assert found["contradictions"] == []


def test_the_answer_depends_on_the_day(file):
    """B-043: two years after the protection, the anniversary is too late."""
    on_the_eve = answered(file, "--on", "2026-05-31", "--territory", "57")
    on_the_day = answered(file, "--on", "2026-06-01", "--territory", "57")
    assert on_the_eve["answers"]["agir.eligible"]["answer"] == "yes"
    assert on_the_day["answers"]["agir.eligible"]["answer"] == "no"


def test_rules_that_are_not_in_force_do_not_answer_and_say_when_they_do(file):
    found = answered(file, "--on", "2025-12-31")
    assert "titre.csp" not in found["answers"]
    assert "2026" in found["not_in_force"]["titre.csp"]


def test_facts_come_from_the_standard_input_too():
    assert (
        answered("-", "--on", "2026-01-15", given='{"rsa.beneficiaire": true}')["answers"]["ft.auto_rsa"]["answer"]
        == "yes"
    )


def test_without_json_the_answer_is_readable(file):
    done = run("orient", file, "--on", "2026-01-15", "--territory", "57")
    assert done.exit_code == OK
    assert "Au 15 janvier 2026, Moselle (57)." in done.output
    assert "AGIR : orientation par l'OFII (recommandé)" in done.output


def test_the_schema_documents_the_facts_and_the_codes():
    schema = json.loads(run("orient", "--schema", "--json").output)
    assert [fact["code"] for fact in schema["facts"]] == list(FACTS)
    assert {answer["code"] for answer in schema["answers"]} == {version.code for version in BOOK.versions}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rsa.beneficiare: oui", "Vouliez-vous dire « rsa.beneficiaire »"),
        ("naissance: demain", "naissance"),
        ("- a\n- b", "code : valeur"),
        ("a: [", "Ligne 1"),
    ],
)
def test_facts_that_cannot_be_read_are_named_with_their_file(tmp_path, text, said):
    path = tmp_path / "faits.yaml"
    path.write_text(text, encoding="utf-8")
    done = run("orient", str(path), "--on", "2026-01-15")
    assert done.exit_code == PROBLEM
    assert "faits.yaml" in done.output and said in done.output
    assert "Traceback" not in done.output


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "faits.yaml"
    path.write_bytes(b"\xff\xfe\x00rsa")
    done = run("orient", str(path), "--on", "2026-01-15")
    assert done.exit_code == PROBLEM
    assert "UTF-8" in done.output


def test_a_folder_is_refused(tmp_path):
    assert run("orient", str(tmp_path), "--on", "2026-01-15").exit_code == PROBLEM


def test_a_missing_file_is_not_found(tmp_path):
    assert run("orient", str(tmp_path / "absent.yaml"), "--on", "2026-01-15").exit_code == NOT_FOUND


@pytest.mark.parametrize("day", ["2026-02-30", "15/01/2026", "demain"])
def test_a_bad_day_is_a_wrong_use_said_in_french(file, day):
    done = run("orient", file, "--on", day)
    assert done.exit_code == WRONG_USE
    assert "AAAA-MM-JJ" in done.output


@pytest.mark.parametrize("place", ["99", "Metz", ""])
def test_an_unknown_department_is_a_wrong_use(file, place):
    done = run("orient", file, "--on", "2026-01-15", "--territory", place)
    assert done.exit_code == WRONG_USE
    assert "département" in done.output


def test_two_different_departments_are_refused(tmp_path):
    path = tmp_path / "faits.yaml"
    path.write_text("departement: 31", encoding="utf-8")
    done = run("orient", str(path), "--on", "2026-01-15", "--territory", "57")
    assert done.exit_code == WRONG_USE
    assert "Gardez-en un" in done.output


def test_the_facts_are_asked_for_when_there_are_none():
    assert run("orient").exit_code == WRONG_USE


def test_before_the_first_contract_no_rule_is_in_force(file):
    done = run("orient", file, "--on", "2008-01-01")
    assert done.exit_code == OK
    assert "Aucune règle n’est en vigueur" in done.output


def test_the_rule_book_lists_every_rule_and_details_one():
    listed = run("rules", "--on", "2026-01-15")
    assert listed.exit_code == OK
    assert all(version.code in listed.output for version in BOOK.versions)
    detailed = run("rules", "agir.eligible", "--on", "2026-01-15").output
    assert "bénéficiaire d'une protection internationale" in detailed
    assert "confiance moyenne" in detailed
    assert "cas du 15/01/2026" in detailed


def test_the_rule_book_as_json():
    found = json.loads(run("rules", "--on", "2026-01-15", "--json").output)
    assert found["on"] == "2026-01-15"
    assert {rule["code"] for rule in found["rules"]} == {version.code for version in BOOK.versions}


def test_an_unknown_rule_is_not_found():
    done = run("rules", "agir.inconnue")
    assert done.exit_code == NOT_FOUND
    assert "agir.inconnue" in done.output


def test_no_database_nor_django_is_needed(file):
    program = (
        "import sys\nfrom passerelles.cli.main import main\n"
        f"main(['orient', {file!r}, '--on', '2026-01-15', '--json'], standalone_mode=False)\n"
        "assert not {'django', 'psycopg'} & set(sys.modules), 'loaded'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
