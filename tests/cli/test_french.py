"""The command line speaks French: what click itself says included, through the real entry point."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from passerelles.cli import french
from passerelles.cli.main import COMMANDS, WRONG_USE, main

ENGLISH = re.compile(
    r"\b(usage:|commands|arguments?:|show|exit|this|message and|required|default|missing|invalid|error|try|"
    r"such|integer|text|file|path|directory|datetime|range|boolean|float|choose|one of|got|extra argument|"
    r"does not|aborted|args|the|with|from|and)\b|%Y",
    re.IGNORECASE,
)
# Names of commands and options, and words that are French too.
NAMES = re.compile(r"--?[a-z][\w-]*|check-[a-z]+|« passerelles [^»]*»|PASSERELLES_\w+")
MISTAKES = [
    ["inconnue"],
    ["demo", "--prot", "1"],
    ["demo", "--port", "zéro"],
    ["demo", "--port", "99999999"],
    ["demo", "--no-serve=1"],
    ["demo", "de", "trop"],
    ["import"],
    ["import", "liste.csv"],
    ["import", "liste.csv", "--kind"],
    ["import", "liste.csv", "--kind", "autre"],
    ["check-file", "liste.csv", "--kind", "rsa", "--on", "hier"],
    ["backup", "."],
    ["report", "trimestrielle"],
    ["report", "metz-monthly", "--month", "2026-01"],
    ["messages", "send", "--limit", "0"],
    ["found", "--kind", "autre"],
]


def programs() -> Iterator[list[str]]:
    """Every command and subcommand, by its words."""

    def walk(words: list[str], command: click.Command) -> Iterator[list[str]]:
        yield words
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                yield from walk([*words, name], command.get_command(context, name))

    yield from walk([], main)


def english_in(text: str) -> set[str]:
    return {match[0].lower() for match in ENGLISH.finditer(NAMES.sub(" ", text))}


def test_the_entry_point_itself_answers_in_french():
    command = Path(sys.executable).with_name("passerelles")
    answer = subprocess.run([command, "import", "--help"], capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("Usage : passerelles import [OPTIONS] FICHIER")
    assert "Afficher cette aide." in answer.stdout
    wrong = subprocess.run([command, "import", "--kind", "autre"], capture_output=True, text=True, check=False)
    assert wrong.returncode == WRONG_USE
    assert "Aide : passerelles import --help" in wrong.stderr
    assert "Erreur : Valeur refusée pour '--kind' : « autre » n’est pas parmi" in wrong.stderr


@pytest.mark.parametrize("words", list(programs()), ids=lambda words: " ".join(words) or "passerelles")
def test_no_help_holds_an_english_word(words):
    answer = CliRunner().invoke(main, [*words, "--help"], prog_name="passerelles")
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("Usage : passerelles")
    assert english_in(answer.output) == set()


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_a_mistake_of_the_command_line_is_told_in_french(words):
    answer = CliRunner().invoke(main, words, prog_name="passerelles")
    assert answer.exit_code == WRONG_USE
    assert "Erreur : " in answer.output
    assert english_in(answer.output) == set()


def test_the_version_is_told():
    assert CliRunner().invoke(main, ["--version"]).output.startswith("passerelles, version ")


def test_every_command_is_walked():
    assert {words[0] for words in programs() if words} == set(COMMANDS)


def said_by_click() -> set[str]:
    """Every sentence that click may show, read in its source; mistakes of a programmer and other systems left out."""
    found = set()
    folder = Path(click.__file__).parent
    for path in sorted(folder.glob("*.py")):
        if path.stem in {"_winconsole", "_termui_impl", "shell_completion"}:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for programmer in [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and is_programmers(node)]:
            programmer.exc = None
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="_" | "ngettext"), args=[ast.Constant(value=str(said)), *_]):
                    found.add(said)
    return found


def is_programmers(raised: ast.Raise) -> bool:
    kind = raised.exc.func if isinstance(raised.exc, ast.Call) else None
    return isinstance(kind, ast.Name) and kind.id in {"TypeError", "ValueError", "RuntimeError"}


def test_every_sentence_of_click_has_its_translation():
    unsaid = {"Invalid start character for option ({option})", "d"}
    assert said_by_click() - unsaid - set(french.SENTENCES) - set(french.PLURALS) == set()


def test_no_translation_asks_for_what_click_does_not_give():
    names = re.compile(r"\{(\w+)")
    for english, said in french.SENTENCES.items():
        assert set(names.findall(said)) <= set(names.findall(english)), english


@pytest.mark.parametrize(("typed", "code"), [("oui\n", 0), ("non\n", 1), ("y\noui\n", 0), ("", 1)])
def test_a_question_is_answered_by_oui(typed, code):
    @click.command()
    def asks() -> None:
        french.confirm("Effacer la base ?")

    answer = CliRunner().invoke(asks, input=typed)
    assert answer.exit_code == code
    assert "Effacer la base ? Écrivez oui ou non : " in answer.output
    assert english_in(answer.output) == set()
