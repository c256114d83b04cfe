"""The partnership of a synthetic France: enough organisations, believable, fictitious, as the rooms allow them."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import polars as pl
import pytest

from passerelles.network.enums import OrganisationKind, Role
from passerelles.network.queries import ROLES_OF
from passerelles.reference import territories
from passerelles.synthetic.frames import ORGANISATIONS, Network
from passerelles.synthetic.network import agents, delegations, organisations, referents
from passerelles.synthetic.network.organisations import silent_or_late

HORIZON = dt.date(2026, 11, 20)
DEPARTMENTS = [code for direction in territories.directions() for code in direction.departments]
FICTION = re.compile(r"\+33(19900|26191|35301|46571|53649)\d{4}")


def network(departments: list[str], rng: np.random.Generator, horizon: dt.date) -> Network:
    bodies = organisations(departments, rng)
    staff = agents(bodies, rng, horizon)
    return Network(bodies, staff, referents(bodies, staff, rng, horizon), delegations(bodies, rng))


@pytest.fixture(scope="module")
def nation() -> Network:
    return network(DEPARTMENTS, np.random.default_rng(11), HORIZON)


def test_about_two_thousand_organisations_and_twenty_thousand_agents(nation: Network) -> None:
    assert len(DEPARTMENTS) == 101
    assert 1_900 <= len(nation.organisations) <= 2_200
    assert 18_000 <= len(nation.agents) <= 22_000


def test_every_department_has_its_partners(nation: Network) -> None:
    compulsory = (
        "prefecture ddets department_council caf cap_emploi operator france_travail mission_locale training_body siae "
        "association employer"
    ).split()
    by_department = nation.organisations.group_by("department").agg(pl.col("kind").unique())
    for department, kinds in by_department.filter(pl.col("department") != "").iter_rows():
        assert set(compulsory) <= set(kinds), department
    agencies = nation.organisations.filter(pl.col("kind") == "france_travail").group_by("department").len()
    assert agencies["len"].min() >= 2
    offices = nation.organisations.filter(pl.col("kind") == "ofii_dt")
    assert set(offices["direction"]) == {direction.code for direction in territories.directions()}


def test_the_dt_of_a_lone_department_is_there_even_when_its_seat_is_not() -> None:
    lone = organisations(["55"], np.random.default_rng(1))
    assert lone.filter(pl.col("kind") == "ofii_dt")["direction"].to_list() == ["metz"]


def test_names_are_unique_within_a_kind_and_numbers_begin_at_one(nation: Network) -> None:
    found = nation.organisations
    assert found.select("kind", pl.col("name").str.to_lowercase()).is_unique().all()
    assert found["number"].to_list() == list(range(1, len(found) + 1))
    assert dict(found.schema) == ORGANISATIONS
    assert set(found["kind"]) <= set(OrganisationKind.values)


def test_addresses_and_telephones_cannot_exist(nation: Network) -> None:
    """RFC 2606 and the ranges that ARCEP keeps for fiction."""
    found = nation.organisations
    assert all(re.fullmatch(r"contact@[a-z0-9-]+\.example", mailbox) for mailbox in found["mailbox"])
    assert all(FICTION.fullmatch(phone) for phone in found["phone"])
    assert nation.agents["email"].is_unique().all()
    assert nation.agents["email"].str.ends_with(".example").all()


def test_about_thirty_percent_of_those_who_receive_referrals_are_mute_or_late(nation: Network) -> None:
    assert silent_or_late(nation.organisations) == pytest.approx(0.3, abs=0.04)
    offices = nation.organisations.filter(pl.col("kind").is_in(["prefecture", "ofii_dt", "ddets"]))
    assert not offices["mute"].any()


def test_an_agent_has_a_role_that_their_organisation_gives(nation: Network) -> None:
    kinds = dict(nation.organisations.select("number", "kind").iter_rows())
    for number, role in nation.agents.select("organisation", "role").unique().iter_rows():
        allowed = {*ROLES_OF.get(kinds[number], ()), Role.ORGANISATION_ADMIN}
        assert role in allowed, (kinds[number], role)


def test_posts_and_referents_are_dated_and_some_places_are_vacant(nation: Network) -> None:
    """A-055, A-063."""
    gone = nation.agents.filter(pl.col("ends_on").is_not_null())
    assert 0.05 < len(gone) / len(nation.agents) < 0.2
    assert (gone["ends_on"] > gone["starts_on"]).all()
    assert nation.agents["starts_on"].max() <= HORIZON
    ended = nation.referents.filter(pl.col("ends_on").is_not_null())
    assert 0.05 < len(ended) / len(nation.referents) < 0.3
    assert (ended["ends_on"] >= ended["starts_on"]).all()
    assert (ended["ends_on"] <= HORIZON).all()
    trained = nation.referents.filter(pl.col("trained_on").is_not_null())
    assert (trained["trained_on"] >= trained["starts_on"]).all()
    theirs = nation.referents.join(nation.agents, left_on="agent", right_on="number", suffix="_of_agent")
    assert (theirs["organisation"] == theirs["organisation_of_agent"]).all()


def test_an_operator_is_delegated_to_each_dt_of_the_experiment(nation: Network) -> None:
    """C-022, D-034."""
    found = nation.delegations.join(nation.organisations, left_on="operator", right_on="number", suffix="_of_body")
    assert found["direction"].to_list() == ["metz", "reims", "strasbourg"]
    assert found["kind"].to_list() == ["operator"] * 3
    assert found["department"].to_list() == [territories.direction(slug).seat_department for slug in found["direction"]]
    assert found["starts_on"].to_list() == [dt.date(2025, 12, 8)] * 3
    assert network(["31"], np.random.default_rng(1), HORIZON).delegations.is_empty()


def test_the_same_seed_gives_the_same_partnership() -> None:
    one, two = (network(["57", "54"], np.random.default_rng(5), HORIZON) for _ in range(2))
    assert one.organisations.equals(two.organisations)
    assert one.agents.equals(two.agents)
    assert one.referents.equals(two.referents)
