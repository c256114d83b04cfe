"""What the commands say and answer: help in French, one sentence per mistake, exit codes as documented."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.db import transaction

from passerelles.cli import health
from passerelles.cli.health import Context, State
from passerelles.cli.main import COMMANDS, NOT_FOUND, OK, PROBLEM, REFUSED, WRONG_USE, main
from passerelles.core import clock
from passerelles.core.postgres import DatabaseUrls
from passerelles.demo import spreadsheet
from passerelles.exchange.models import Import
from passerelles.messages.models import Message
from passerelles.messages.services import MAX_ATTEMPTS, queue, send_due
from passerelles.reception.models import Convocation
from tests.world import SESSION_DAY


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def file(tmp_path):
    return spreadsheet.write(tmp_path / "convocations.xlsx", SESSION_DAY + dt.timedelta(days=1))


def test_the_help_lists_every_command_and_the_exit_codes_in_french():
    answer = run("--help")
    assert answer.exit_code == OK
    assert all(name in answer.output for name in COMMANDS)
    assert "Codes de retour" in answer.output


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "report"])
def test_every_command_has_its_own_help(name):
    answer = run(name, "--help")
    assert answer.exit_code == OK, answer.output
    assert "--help" in answer.output


def test_the_help_loads_neither_django_nor_the_database_driver():
    program = (
        "import sys\nfrom passerelles.cli.main import main\nmain(['--help'], standalone_mode=False)\n"
        "assert not {'django', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_a_file_is_checked_without_django_nor_database(file):
    program = (
        "import sys\nfrom passerelles.cli.main import main\n"
        f"try: main(['check-file', {str(file)!r}, '--kind', 'convocations'])\n"
        "except SystemExit as end: assert end.code == 1, end.code\n"
        "assert not {'django', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_a_checked_file_tells_its_bad_lines(file):
    answer = run("check-file", str(file), "--kind", "convocations", "--on", SESSION_DAY.isoformat())
    assert answer.exit_code == PROBLEM
    assert "14 lues, 12 acceptées, 2 rejetées" in answer.output
    assert "« 31.02.1990 »" in answer.output


def test_the_same_check_in_json(file):
    answer = run("check-file", str(file), "--kind", "convocations", "--on", SESSION_DAY.isoformat(), "--json")
    found = json.loads(answer.output)
    assert (found["file"]["rows_read"], found["file"]["rejected"]) == (14, 2)
    assert {problem["row"] for problem in found["rejected"]} == {13, 16}


def test_mistakes_have_a_sentence_and_a_code(tmp_path):
    empty = tmp_path / "vide.xlsx"
    empty.write_bytes(b"")
    assert run("check-file", "absent.xlsx", "--kind", "rsa").exit_code == NOT_FOUND
    assert run("check-file", str(empty), "--kind", "inconnu").exit_code == WRONG_USE
    assert run("inconnue").exit_code == WRONG_USE
    unreadable = run("check-file", str(empty), "--kind", "rsa")
    assert unreadable.exit_code == PROBLEM
    assert "Traceback" not in unreadable.output
    assert "vide" in unreadable.output


def test_the_demonstration_never_enters_a_configured_database():
    answer = run("demo", "--no-serve")
    assert answer.exit_code == REFUSED
    assert "base embarquée" in answer.output


def test_an_import_convokes_and_a_second_one_changes_nothing(world, file):
    arguments = ("import", str(file), "--kind", "convocations", "--territory", "metz", "--json")
    first = run(*arguments)
    assert first.exit_code == PROBLEM, first.output
    found = json.loads(first.stdout)
    assert (found["status"], found["accepted"], found["rejected"]) == ("done", 12, 2)
    assert {problem["row"] for problem in found["problems"] if problem["severity"] == "reject"} == {13, 16}
    assert Convocation.objects.count() == 12
    assert json.loads(run(*arguments).stdout)["status"] == "done"
    assert (Convocation.objects.count(), Import.objects.count()) == (12, 1)


def test_a_dry_run_keeps_nothing(world, file):
    answer = run("import", str(file), "--kind", "convocations", "--territory", "metz", "--dry-run")
    assert answer.exit_code == PROBLEM
    assert "14 lues, 12 acceptées, 2 rejetées" in answer.output
    assert "rien n’a été gardé" in answer.output
    assert not Import.objects.exists()
    assert not Convocation.objects.exists()


def test_an_external_list_is_imported_as_of_its_date(world, tmp_path):
    rsa = tmp_path / "rsa.csv"
    rsa.write_text("N° allocataire;Nom;Prénom;Né(e) le;Sexe\n1234567;Kadirov;Zarina;12/04/1992;F\n", encoding="utf-8")
    answer = run("import", str(rsa), "--kind", "rsa", "--territory", "metz", "--as-of", "2026-03-01")
    assert answer.exit_code == OK, answer.output
    assert Import.objects.get().as_of == dt.date(2026, 3, 1)


def test_an_unknown_territory_names_those_that_exist(world, file):
    answer = run("import", str(file), "--kind", "convocations", "--territory", "brest")
    assert answer.exit_code == NOT_FOUND
    assert "metz" in answer.output


@pytest.mark.django_db
def test_messages_are_sent_and_the_dead_are_listed(frozen):
    with transaction.atomic():
        queue(key="un", kind="essai", recipient="a@exemple.example", subject="s", body="b")
    assert "1 message(s) envoyé(s)" in run("messages", "send").output
    assert run("messages", "dead").exit_code == OK

    class Refusing:
        def send(self, message: Message) -> None:
            raise OSError("coupé")

    queue(key="deux", kind="essai", recipient="b@exemple.example", subject="s", body="b")
    for _ in range(MAX_ATTEMPTS):
        with clock.at(Message.objects.get(key="deux").next_attempt_at):
            send_due(backend=Refusing())
    answer = run("messages", "dead", "--json")
    assert answer.exit_code == PROBLEM
    (row,) = json.loads(answer.output)
    assert (row["attempts"], row["error"]) == (MAX_ATTEMPTS, "OSError: coupé")
    assert "b@exemple.example" not in answer.output


def test_doctor_says_how_to_mend_what_production_lacks(world):
    answer = run("doctor", "--json")
    found = {finding["subject"]: finding for finding in json.loads(answer.output)}
    assert answer.exit_code == PROBLEM
    assert found["PostgreSQL"]["state"] == "ok"
    assert found["Migrations"]["state"] == "ok"
    for subject in ("Journal", "HTTPS", "Envoi des messages", "Tâches de fond"):
        assert found[subject]["state"] == "problème", subject
        assert found[subject]["remedy"]
    assert found["Référents"]["state"] == "attention"
    assert "Paramètres (dt:metz)" in found
    assert all(finding["state"] == "ok" or finding["remedy"] for finding in found.values())


def context() -> Context:
    return Context(DatabaseUrls("", "", embedded=False), clock.today(), clock.now())


@pytest.mark.django_db
def test_doctor_sees_a_message_that_waits_too_long(frozen):
    queue(key="tard", kind="essai", recipient="a@exemple.example", subject="s", body="b")
    with clock.at(clock.now() + dt.timedelta(hours=1)):
        (finding,) = health.outbox(context())
    assert finding.state is State.PROBLEM
    assert "60 minutes" in finding.detail


@pytest.mark.django_db
def test_doctor_sees_a_lost_secret_key(world, settings):
    world.person(identifiers={"agdref": "9757000001"})
    settings.SECRET_KEY = "une autre clé, tout aussi longue que la première"
    states = {finding.subject: finding.state for finding in health.secret_key(context())}
    assert states["Identifiants des personnes"] is State.PROBLEM


def test_a_question_that_breaks_is_a_problem():
    def broken(_):
        """Lune."""
        raise ValueError("pas de lune")
        yield

    (finding,) = health.ask((broken,), context())
    assert (finding.subject, finding.state) == ("Lune", State.PROBLEM)
    assert "pas de lune" in finding.detail
