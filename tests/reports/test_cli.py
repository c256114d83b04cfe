"""`passerelles report metz-monthly`."""

from __future__ import annotations

import contextlib
import io

import openpyxl
import pytest
from click.testing import CliRunner

from passerelles.cli import report as command
from passerelles.reports import content


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(command.site, "running", contextlib.nullcontext)

    def run(*arguments):
        return CliRunner().invoke(command.report, ["metz-monthly", *map(str, arguments)])

    return run


def test_the_stored_version_comes_out_byte_for_byte(run, drafted, tmp_path):
    target = tmp_path / "janvier.csv"
    result = run("--month", "2026-01", "--territory", "metz", "--version", 1, "--output", target)
    assert result.exit_code == 0
    assert target.read_bytes() == bytes(drafted.content)


def test_the_live_figures_come_out_as_known_on_a_date(run, january):
    now = run("--month", "2026-01", "--territory", "metz")
    before = run("--month", "2026-01", "--territory", "metz", "--as-known-on", "2026-01-26")
    totals = [sum(line.value for line in content.parse(result.stdout_bytes)) for result in (now, before)]
    assert totals == [12, 0]


@pytest.mark.parametrize("suffix", ["xlsx", "pdf"])
def test_the_other_formats(run, drafted, tmp_path, suffix):
    for name, more in (("live", ()), ("stored", ("--version", 1))):
        target = tmp_path / f"{name}.{suffix}"
        result = run("--month", "2026-01", "--territory", "metz", "--format", suffix, "--output", target, *more)
        assert result.exit_code == 0
        made = target.read_bytes()
        assert made.startswith(b"%PDF") if suffix == "pdf" else openpyxl.load_workbook(io.BytesIO(made))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--month", "2026-13", "--territory", "metz"), 2),
        (("--month", "2026-01", "--territory", "atlantide"), 2),
        (("--month", "2026-01", "--territory", "metz", "--format", "doc"), 2),
        (("--month", "2026-01", "--territory", "metz", "--version", "1", "--as-known-on", "2026-01-01"), 2),
        (("--month", "2026-01", "--territory", "metz", "--version", "7"), 3),
        (("--month", "2025-01", "--territory", "metz"), 3),
        (("--month", "2026-01", "--territory", "strasbourg"), 3),
    ],
)
def test_the_exit_codes(run, january, arguments, code):
    result = run(*arguments)
    assert result.exit_code == code
    assert result.stderr


def test_the_catalogue_is_listed_without_a_database():
    done = CliRunner().invoke(command.report, ["list"])
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 26
    assert "REP-02  metiers-en-tension" in done.stdout


def test_a_live_return_has_no_other_format_than_csv():
    asked = ["write", "profil-signataires", "--territory", "department:57", "--period", "2025"]
    done = CliRunner().invoke(command.report, [*asked, "--format", "pdf"])
    assert done.exit_code == 2 and "établissez d’abord" in done.stderr
