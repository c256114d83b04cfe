"""The administrator of an organisation opens and closes accesses, and names référents."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.network import services
from passerelles.network.models import Agent, Membership, Referent
from passerelles.network.queries import organisation_file, referent_vacancies, roles_offered
from tests.browsing import sign_in
from tests.world import ACTORS, PASSWORD

PAGE = "/compte/organisme"
INVITATION = {"name": "Nora Fictive", "email": "nora@exemple.example", "role": "cip", "starts_on": "2026-03-10"}


def invite(world, **values):
    given = {"name": "Nora Fictive", "email": "nora@exemple.example", "role": "cip", "starts_on": world.day} | values
    return services.invite_agent(world.admin, **given)


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_only_the_administrator_reads_the_agents_of_the_organisation(client, world, short):
    sign_in(client, world, short)
    expected = 200 if short == "admin" else 403
    assert client.get(PAGE).status_code == expected
    assert client.get(f"{PAGE}/agents/nouveau").status_code == expected


def test_the_administrator_sees_only_their_own_organisation(client, world):
    sign_in(client, world, "admin")
    page = client.get(PAGE).content.decode()
    assert "Agent cip_two" in page
    assert "Agent cip_elsewhere" not in page
    assert client.get(f"{PAGE}/agents/{world.memberships['auditor'].pk}").status_code == 404


def test_a_new_agent_gets_a_link_shown_once_and_chooses_a_password(client, world):
    sign_in(client, world, "admin")
    page = client.post(f"{PAGE}/agents/nouveau", INVITATION).content.decode()
    link = re.search(r"http://testserver(/compte/bienvenue/[^\s<]+)", page)[1]
    newcomer = Client()
    assert "Choisir votre mot de passe" in newcomer.get(link).content.decode()
    answer = newcomer.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer["Location"] == "/compte/connexion"
    agent = Agent.objects.get(email="nora@exemple.example")
    assert agent.check_password(PASSWORD)
    assert newcomer.get(link).status_code == 404, "the link serves once"


@pytest.mark.parametrize("link", ["x/y", "MDE/abc-def", "!!/!!"])
def test_a_made_up_link_says_nothing(client, world, link):
    assert client.get(f"/compte/bienvenue/{link}").status_code == 404


def test_an_agent_already_known_elsewhere_keeps_their_password(client, world):
    sign_in(client, world, "admin")
    known = world.memberships["tester"].agent
    answer = client.post(f"{PAGE}/agents/nouveau", INVITATION | {"email": known.email.upper()})
    assert answer["Location"] == PAGE
    assert known.memberships.count() == 2


@pytest.mark.parametrize("role", ["dt_manager", "ofii_auditor", "region_state", "spe_adviser"])
def test_an_operator_cannot_give_the_role_of_another_kind_of_organisation(world, role):
    assert role not in roles_offered(world.operator)
    with pytest.raises(Refused):
        invite(world, role=role)


def test_the_same_role_is_not_opened_twice(world):
    invite(world)
    with pytest.raises(Impossible, match="déjà ce rôle"):
        invite(world)


def test_closing_an_access_at_once(client, world):
    sign_in(client, world, "admin")
    other = Client()
    sign_in(other, world, "cip_two")
    client.post(f"{PAGE}/agents/{world.memberships['cip_two'].pk}/fin", {"now": "1"})
    assert "n’a pas d’habilitation en cours" in other.get("/").content.decode()


def test_closing_an_access_opened_today_leaves_none(world):
    membership, _ = invite(world)
    services.end_membership(world.admin, membership.pk, ends_on=world.day - dt.timedelta(days=1))
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_an_access_closed_at_a_date_lasts_until_that_evening(world):
    services.end_membership(world.admin, world.memberships["cip_two"].pk, ends_on=world.day)
    assert world.memberships["cip_two"].agent.memberships.in_force(world.day).exists()
    assert not world.memberships["cip_two"].agent.memberships.in_force(world.day + dt.timedelta(days=1)).exists()


def test_nobody_closes_their_own_access(world):
    with pytest.raises(Impossible, match="votre propre accès"):
        services.end_membership(world.admin, world.memberships["admin"].pk, ends_on=world.day)


def test_nobody_closes_the_access_of_another_organisation(world):
    with pytest.raises(Unknown):
        services.end_membership(world.admin, world.memberships["ft"].pk, ends_on=world.day)


def test_an_access_shared_with_another_organisation_is_not_reopened_by_one(world):
    Membership.objects.create(
        agent=world.memberships["cip"].agent, organisation=world.agency, role="spe_adviser", starts_on=world.day
    )
    with pytest.raises(Refused, match="autre organisme"):
        services.access_link(world.admin, world.memberships["cip"].pk)
    with pytest.raises(Refused):
        services.forget_second_factor(world.admin, world.memberships["cip"].pk)


def test_a_lost_telephone_is_forgotten(client, world):
    sign_in(Client(), world, "cip")
    sign_in(client, world, "admin")
    pk = world.memberships["cip"].pk
    assert client.post(f"{PAGE}/agents/{pk}/second-facteur")["Location"] == PAGE
    assert not world.memberships["cip"].agent.totpdevice_set.exists()


def test_another_role_for_an_agent_of_the_organisation(client, world):
    sign_in(client, world, "admin")
    pk = world.memberships["cip"].pk
    assert client.get(f"{PAGE}/agents/{pk}").status_code == 200
    client.post(f"{PAGE}/agents/{pk}", {"role": "agir_operator", "starts_on": "2026-03-10"})
    assert world.memberships["cip"].agent.memberships.filter(role="agir_operator").exists()


def test_the_functional_mailbox_is_kept_up_to_date(client, world):
    sign_in(client, world, "admin")
    assert client.get(f"{PAGE}/coordonnees").status_code == 200
    client.post(f"{PAGE}/coordonnees", {"mailbox": "accueil@exemple.example", "phone": "03 87 00 00 00", "address": ""})
    world.operator.refresh_from_db()
    assert (world.operator.mailbox, world.operator.phone) == ("accueil@exemple.example", "+33387000000")


def test_an_organisation_without_a_referent_is_warned_until_one_is_named(client, world):
    sign_in(client, world, "admin")
    assert "Aucune personne n’est référente" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}/referents/nouveau", {"function": "Conseillère référente", "starts_on": "2026-03-10"})
    page = client.get(PAGE).content.decode()
    assert "Conseillère référente" in page
    assert "Aucune personne n’est référente" not in page
    referent = Referent.objects.get()
    assert client.get(f"{PAGE}/referents/{referent.pk}/fin").status_code == 200
    with pytest.raises(Impossible):
        services.end_referent(world.admin, referent.pk, ends_on=world.day - dt.timedelta(days=1))
    services.end_referent(world.admin, referent.pk, ends_on=world.day)
    assert organisation_file(world.admin, world.day + dt.timedelta(days=1)).referent_vacant


def test_a_referent_is_an_agent_of_the_organisation(world):
    with pytest.raises(Refused):
        services.name_referent(
            world.admin, function="Référent", starts_on=world.day, agent=world.memberships["ft"].agent
        )


def test_the_directorate_sees_the_vacancies_of_its_own_partners(world):
    names = {each.name for each in referent_vacancies(world.manager, world.day)}
    assert "France Travail Metz-Queuleu" in names
    assert "DT OFII Strasbourg" not in names
    assert not referent_vacancies(world.cip, world.day).exists()


def test_the_list_of_agents_costs_the_same_for_three_and_for_thirty(client, world, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, world, "admin")
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(PAGE)
    for number in range(30):
        invite(world, email=f"agent{number}@exemple.example")
    with django_assert_num_queries(len(few)):
        client.get(PAGE)
