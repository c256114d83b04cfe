"""`passerelles figures`: the catalogue, a figure by dimensions, as known on a day, mistakes in one sentence."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from passerelles.cli import site
from passerelles.cli.main import NOT_FOUND, OK, WRONG_USE, main
from passerelles.core import clock
from passerelles.indicators.tables import catalogue
from passerelles.people.services import sign_contract
from tests.world import SESSION_DAY


@pytest.fixture
def run(monkeypatch):
    """The command over the base of the test."""
    from contextlib import nullcontext

    monkeypatch.setattr(site, "running", nullcontext)
    return lambda *arguments: CliRunner().invoke(main, ["figures", *arguments])


@pytest.fixture
def signed(world):
    for sex, rank in (("F", 0), ("F", 1), ("H", 2)):
        person = world.person(sex=sex, commune_code="57463")
        sign_contract(world.auditor, person, signed_on=dt.date(2026, 1, 10 + rank))


def test_the_catalogue_is_listed_with_the_unit_and_the_requirement(run, db):
    answer = run("list")
    assert answer.exit_code == OK
    for definitions in catalogue().values():
        assert all(f"  {each.code}" in answer.output and each.requirement in answer.output for each in definitions)
    every = json.loads(run("list", "--format", "json").output)
    assert all(each["formule"] in ("énoncée par le document", "proposée, à valider") for each in every)


def test_a_figure_by_sex_in_csv_and_with_its_definition_in_json(run, signed):
    asked = (
        "signataires",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-31",
        "--by",
        "sexe",
        "--territory",
        "department:57",
    )
    answer = run(*asked)
    assert answer.exit_code == OK, answer.output
    assert answer.output.splitlines() == [
        "chiffre;debut;fin;territoire;sexe;numerateur;denominateur;valeur",
        "signataires;2026-01-01;2026-01-31;department:57;F;2;;2",
        "signataires;2026-01-01;2026-01-31;department:57;H;1;;1",
    ]
    told = json.loads(run(*asked, "--format", "json").output)
    assert told["total"]["valeur"] == 3 and told["definition"]["exigence"] == "F-041, F-027" and told["position"] > 0


def test_as_known_before_the_facts_were_recorded_nothing_was_known(run, signed):
    asked = ("signataires", "--from", "2026-01-01", "--to", "2026-01-31", "--format", "json", "--as-known-on")
    day = clock.paris_date(clock.now())
    assert json.loads(run(*asked, f"{day:%Y-%m-%d}").output)["total"]["valeur"] == 3
    assert json.loads(run(*asked, f"{day - dt.timedelta(1):%Y-%m-%d}").output)["total"]["valeur"] == 0
    assert day == SESSION_DAY


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (("rien", "--from", "2026-01-01", "--to", "2026-01-31"), NOT_FOUND, "« rien » n’existe pas"),
        (("signataires",), WRONG_USE, "Donnez la période"),
        (("signataires", "--from", "2026-02-01", "--to", "2026-01-31"), WRONG_USE, "avant son début"),
        (("signataires", "--from", "2026-01-01", "--to", "2026-01-31", "--by", "taille"), WRONG_USE, "taille"),
        (("postes_en_tension", "--from", "2026-01-01", "--to", "2026-01-31", "--by", "sexe"), WRONG_USE, "metier"),
        (("signataires", "--from", "2026-01-01", "--to", "2026-01-31", "--territory", "lune"), WRONG_USE, "lune"),
        (("M2_deja_inscrites_FT", "--from", "2026-01-01", "--to", "2026-02-28"), WRONG_USE, "un mois entier"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(run, db, arguments, code, said):
    answer = run(*arguments)
    assert answer.exit_code == code
    assert said in answer.output
