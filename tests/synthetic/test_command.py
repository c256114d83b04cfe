"""`passerelles synth` as it is typed: what it makes, what it refuses, in which words (J.1, J-025)."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from passerelles.cli.main import NOT_FOUND, OK, REFUSED, WRONG_USE, main
from tests.cli.installation import Installation


def run(*arguments: str):
    return CliRunner().invoke(main, ["synth", *arguments])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Donnez la taille"),
        (["--size", "demo"], "Donnez les années"),
        (["--size", "demo", "--years", "2026-2021"], "Années illisibles"),
        (["--size", "demo", "--years", "hier"], "Années illisibles"),
        (["--size", "demo", "--years", "2021-2026", "--year", "2021"], "Donnez les années"),
        (["--size", "demo", "--year", "1999"], "Aucun total publié pour 1999"),
        (["--size", "department", "--year", "2023"], "demande un territoire"),
        (["--size", "demo", "--year", "2023", "--department", "57"], "--department ne va qu’avec --size department"),
        (["--size", "demo", "--year", "2026", "--until", "2025-06-30"], "Personne n’a signé"),
        (["--size", "region", "--region", "76", "--year", "2020", "--verbs"], "réservé à la taille demo"),
        (["--size", "demo", "--year", "2023", "--to", "files"], "Donnez le dossier"),
    ],
)
def test_a_mistake_of_use_is_told_in_french(arguments, sentence):
    answer = run(*arguments)
    assert answer.exit_code == WRONG_USE, answer.output
    assert sentence in answer.output


def test_an_unknown_department_does_not_exist():
    answer = run("--size", "department", "--department", "99", "--year", "2023")
    assert answer.exit_code == NOT_FOUND
    assert "99" in answer.output


def test_haute_garonne_2020_is_printed_to_the_unit(tmp_path):
    answer = run("--size", "department", "--department", "31", "--year", "2020", "--to", "files", str(tmp_path / "hg"))
    assert answer.exit_code == OK, answer.output
    assert answer.output.count("À l’unité près : identique au tableau publié.") == 5
    assert "1\u202f676 personnes" in answer.output
    for title in ("Signataires par sexe", "Heures de formation", "Niveau scolaire", "Âge"):
        assert title in answer.output


def test_the_summary_in_json_and_a_folder_of_another_run(tmp_path):
    folder = str(tmp_path / "lozere")
    asked = ("--size", "department", "--department", "48", "--year", "2026", "--to", "files", folder, "--json")
    answer = run(*asked, "--until", "2026-06-30")
    assert answer.exit_code == OK, answer.output
    summary = json.loads(answer.output)
    assert summary["people"] > 0 and summary["facts"] > 5 * summary["people"]
    assert (summary["horizon"], summary["written_now"]) == ("2026-06-30", 1)
    again = json.loads(run(*asked).output)
    assert (again["horizon"], again["written_now"]) == ("2026-06-30", 0), "taken up with the horizon it had"
    refused = run(*asked, "--seed", "9")
    assert refused.exit_code == REFUSED
    assert "une autre population fictive" in refused.output


@pytest.mark.slow
def test_into_a_base_of_its_own_then_taken_up_then_refused(tmp_path):
    """Both ways of storing, as installed: a new embedded base, the two roles, the nightly check."""
    for way in ((), ("--verbs",)):
        here = Installation(tmp_path / f"base{''.join(way)}")
        here.server.start()
        try:
            order = ("synth", "--size", "demo", "--year", "2026", "--until", "2026-06-30", *way)
            made = here.run(*order, "--json")
            assert made.returncode == OK, made.stderr
            summary = json.loads(made.stdout)
            assert here.ask("SELECT count(*) FROM people_person") == summary["people"]
            again = here.run(*order)
            assert again.returncode == OK and "0 lot(s) sur" in again.stdout
            refused = here.run(*order, "--seed", "2")
            assert refused.returncode == REFUSED
            assert "graine 1" in refused.stderr
            assert here.run("check-journal").returncode == OK
            assert here.ask("SELECT count(*) FROM outbox_message WHERE state = 'queued'") == 0
        finally:
            here.server.stop("immediate")
