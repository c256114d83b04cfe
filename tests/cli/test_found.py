"""A production base is founded once: an organisation, and the administrator who invites everybody else."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner

from passerelles.cli.main import OK, PROBLEM, REFUSED, WRONG_USE, main
from passerelles.core import clock
from passerelles.network.actors import actor_of
from passerelles.network.enums import Role
from passerelles.network.models import Agent, Delegation, Membership, Organisation
from passerelles.network.services import invite_agent
from tests.cli.installation import Installation

pytestmark = pytest.mark.django_db
MINISTRY = ["--organisation", "Direction générale des étrangers", "--agent", "Agnès Dubourg"]
ADDRESS = ["--email", "Agnes.Dubourg@exemple.example"]
PASSWORD = "une phrase de passe solide"


def found(*arguments: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n"):
    return CliRunner().invoke(main, ["found", *arguments], input=typed)


def test_the_first_organisation_and_its_administrator_are_created(frozen):
    answer = found(*MINISTRY, *ADDRESS)
    assert answer.exit_code == OK, answer.output
    assert PASSWORD not in answer.output
    membership = Membership.objects.select_related("agent", "organisation").get()
    assert (membership.role, membership.starts_on) == (Role.ORGANISATION_ADMIN, frozen)
    assert (membership.organisation.name, membership.organisation.kind) == (MINISTRY[1], "ministry")
    assert membership.agent.email == "agnes.dubourg@exemple.example"
    assert membership.agent.check_password(PASSWORD)
    invited, new = invite_agent(
        actor_of(membership, frozen), name="Paul", email="p@exemple.example", role="national_state", starts_on=frozen
    )
    assert (new, invited.role) == (True, Role.NATIONAL_STATE)


def test_a_second_run_changes_nothing(frozen):
    found(*MINISTRY, *ADDRESS)
    before = Agent.objects.get().password
    again = found(*MINISTRY, *ADDRESS, "--generate", typed="")
    assert again.exit_code == OK
    assert "Rien à faire" in again.output
    assert "Mot de passe" not in again.output
    assert (Agent.objects.get().password, Organisation.objects.count()) == (before, 1)


def test_the_generated_password_is_shown_once_and_opens_the_account(frozen):
    answer = found(*MINISTRY, *ADDRESS, "--generate", typed="")
    assert answer.exit_code == OK, answer.output
    (line,) = [line for line in answer.output.splitlines() if line.startswith("Mot de passe")]
    shown = line.rsplit(" : ", 1)[1]
    assert len(shown) >= 20
    assert Agent.objects.get().check_password(shown)


def test_a_weak_or_mistyped_password_is_asked_again(frozen):
    answer = found(*MINISTRY, *ADDRESS, typed=f"court\n{PASSWORD}\nautre chose\n{PASSWORD}\n{PASSWORD}\n")
    assert answer.exit_code == OK, answer.output
    assert "12 caractères" in answer.output
    assert "Les deux saisies diffèrent" in answer.output
    assert Agent.objects.get().check_password(PASSWORD)


def test_nothing_is_created_when_no_password_comes(frozen):
    answer = found(*MINISTRY, *ADDRESS, typed="")
    assert answer.exit_code == PROBLEM
    assert not Organisation.objects.exists()
    assert not Agent.objects.exists()


def test_a_base_that_has_accounts_is_refused_unless_forced(frozen):
    found(*MINISTRY, *ADDRESS)
    metz = ["--kind", "direction-territoriale", "--direction", "metz", "--agent", "Luc Hame", "--generate"]
    refused = found(*metz, "--email", "luc@exemple.example")
    assert refused.exit_code == REFUSED
    assert "déjà 1 compte(s)" in refused.output
    assert "--force" in refused.output
    assert Organisation.objects.count() == 1
    forced = found(*metz, "--email", "luc@exemple.example", "--force")
    assert forced.exit_code == OK, forced.output
    direction = Organisation.objects.get(kind="ofii_dt")
    assert (direction.name, direction.direction, direction.department_code, direction.region_code) == (
        "DT OFII Metz",
        "metz",
        "57",
        "44",
    )
    taken = found(*metz[:3], "strasbourg", *metz[4:], "--email", "luc@exemple.example", "--force")
    assert taken.exit_code == PROBLEM
    assert "existe déjà" in taken.output
    assert not Organisation.objects.filter(direction="strasbourg").exists()


def test_an_operator_is_delegated_to_a_directorate(frozen):
    answer = found(
        *"--kind operateur --direction metz --department 57 --since 2025-12-08 --generate".split(),
        *["--organisation", "Les Ponts de Moselle", "--legal-basis", "convention du 8 décembre 2025"],
        *["--agent", "Ida Mertz", *ADDRESS],
    )
    assert answer.exit_code == OK, answer.output
    delegation = Delegation.objects.select_related("operator").get()
    assert (delegation.direction, delegation.starts_on) == ("metz", dt.date(2025, 12, 8))
    assert (delegation.operator.direction, delegation.operator.department_code) == ("", "57")


@pytest.mark.parametrize(
    ("kind", "given", "place"),
    [
        ("dreets", ["--region", "44"], ("", "", "44")),
        ("ddets", ["--department", "57"], ("metz", "57", "44")),
        ("france-travail", ["--department", "67"], ("strasbourg", "67", "44")),
    ],
)
def test_the_wider_places_are_deduced(frozen, kind, given, place):
    answer = found("--kind", kind, *given, *MINISTRY, *ADDRESS, "--generate")
    assert answer.exit_code == OK, answer.output
    organisation = Organisation.objects.get()
    assert (organisation.direction, organisation.department_code, organisation.region_code) == place


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([*MINISTRY, "--email", "pas une adresse"], PROBLEM),
        (["--agent", "A", *ADDRESS], WRONG_USE),
        (["--kind", "direction-territoriale", "--agent", "A", *ADDRESS], WRONG_USE),
        (["--kind", "direction-territoriale", "--direction", "atlantide", "--agent", "A", *ADDRESS], PROBLEM),
        (["--kind", "operateur", "--direction", "metz", *MINISTRY, *ADDRESS], WRONG_USE),
        (["--legal-basis", "convention", *MINISTRY, *ADDRESS], WRONG_USE),
        (["--region", "44", *MINISTRY, *ADDRESS], WRONG_USE),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_created(frozen, arguments, code):
    answer = found(*arguments)
    assert answer.exit_code == code, answer.output
    assert "Traceback" not in answer.output
    assert not Organisation.objects.exists()


def test_the_administrator_begins_today(frozen):
    with clock.frozen(clock.paris(dt.date(2026, 5, 4), 9)):
        found(*MINISTRY, *ADDRESS)
    assert Membership.objects.get().starts_on == dt.date(2026, 5, 4)


@pytest.mark.slow
def test_a_real_installation_is_migrated_then_founded(tmp_path):
    here = Installation(tmp_path)
    here.server.start()
    try:
        early = here.run("found", *MINISTRY, *ADDRESS, "--generate")
        assert early.returncode == PROBLEM
        assert "passerelles migrate" in early.stderr
        assert here.run("migrate").returncode == OK
        done = here.run("found", *MINISTRY, *ADDRESS, "--generate")
        assert done.returncode == OK, done.stderr
        assert here.ask("SELECT count(*) FROM network_agent") == 1
        assert here.run("found", *MINISTRY, "--email", "b@exemple.example", "--generate").returncode == REFUSED
        assert here.run("demo", "--reset", "--no-serve").returncode == REFUSED
    finally:
        here.server.stop("immediate")
