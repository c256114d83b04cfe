"""The whole case load of an agent who leaves: referrals and alerts, in one go, inside the organisation."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Access, Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.actors import actor_of
from passerelles.network.enums import Role
from passerelles.network.models import Agent, Membership
from passerelles.pathway.models import FollowUp
from passerelles.pathway.services import follow_ups, recognitions
from passerelles.pathway.services.handover import hand_over
from passerelles.referrals.models import Referral
from passerelles.referrals.services import answers, sending
from passerelles.referrals.services.places import default_service
from tests.browsing import sign_in

TODAY = dt.date(2026, 3, 10)
LATER = dt.date(2026, 9, 1)


@pytest.fixture
def agency(world):
    """An administrator of the agency, and a second adviser."""
    made = {}
    for short, role in (("agency_admin", Role.ORGANISATION_ADMIN), ("ft_two", Role.SPE_ADVISER)):
        agent = Agent(email=f"{short}@exemple.example", name=f"Agent {short}")
        agent.set_unusable_password()
        agent.save()
        membership = Membership.objects.create(
            agent=agent, organisation=world.agency, role=role, starts_on=dt.date(2025, 12, 8)
        )
        world.memberships[short] = made[short] = membership
        world.actors[short] = actor_of(membership, TODAY)
    return made


@pytest.fixture
def load(world, agency):
    """Two referrals and one alert that the first adviser looks after; a third referral is a colleague's."""
    service = default_service(world.agency)
    cases = [
        sending.refer(
            world.auditor,
            person_id=world.person().pk,
            purpose="employment",
            basis="public_mission",
            service_id=service.pk,
        )
        for _ in range(3)
    ]
    for case, short in zip(cases, ("ft", "ft", "ft_two"), strict=True):
        answers.receive(world.ft, case.pk)
        answers.assign(world.ft, case.pk, agent_id=world.memberships[short].agent_id)
    asked = recognitions.request_recognition(
        world.ft, cases[0].person_id, procedure="vae", requested_on=TODAY, regulated=False
    )
    with clock.frozen(clock.paris(LATER, 9)):
        follow_ups.refresh([asked.person_id])
        follow_ups.take(world.ft, FollowUp.objects.get(kind="recognition").pk)
    return cases


def test_everything_goes_to_the_colleague_and_the_journal_says_who_did_it(world, agency, load):
    handed = hand_over(world.agency_admin, world.memberships["ft"].pk, to_id=agency["ft_two"].pk)
    assert (handed.referrals, handed.alerts) == (2, 1)
    assert set(Referral.objects.values_list("assignee", "owner")) == {(agency["ft_two"].agent_id, world.agency.pk)}
    assert FollowUp.objects.get(kind="recognition").agent == agency["ft_two"].agent
    told = Fact.objects.filter(kind=FactKind.REFERRAL_ASSIGNED, actor_id=world.agency_admin.agent_id)
    assert {fact.subject_id for fact in told} == {load[0].pk, load[1].pk}
    assert Access.objects.filter(actor_id=world.agency_admin.agent_id, action="write").exists()


def test_or_back_to_the_queue_and_twice_changes_nothing(world, agency, load):
    hand_over(world.agency_admin, world.memberships["ft"].pk, to_id=None)
    assert Referral.objects.filter(assignee=None).count() == 2
    again = hand_over(world.agency_admin, world.memberships["ft"].pk, to_id=None)
    assert (again.referrals, again.alerts) == (0, 0)


def test_only_to_somebody_in_post_in_the_same_organisation(world, agency, load):
    for short in ("ft_elsewhere", "auditor", "ft", "agency_admin"):
        with pytest.raises(Impossible, match="collègue en poste"):
            hand_over(world.agency_admin, world.memberships["ft"].pk, to_id=world.memberships[short].pk)
    agency["ft_two"].ends_on = TODAY - dt.timedelta(days=1)
    agency["ft_two"].save()
    with pytest.raises(Impossible, match="collègue en poste"):
        hand_over(world.agency_admin, world.memberships["ft"].pk, to_id=agency["ft_two"].pk)
    assert Referral.objects.filter(assignee=world.memberships["ft"].agent).count() == 2


def test_only_the_administrator_of_the_organisation_hands_over(world, agency, load):
    with pytest.raises(Unknown):
        hand_over(world.admin, world.memberships["ft"].pk, to_id=None)
    for short in ("ft", "ft_two", "auditor", "manager", "nation"):
        with pytest.raises((Refused, Unknown)):
            hand_over(world.actors[short], world.memberships["ft"].pk, to_id=None)


def test_the_administrator_sees_numbers_and_no_person(client, world, agency, load):
    visitor = sign_in(client, world, "agency_admin")
    pk = world.memberships["ft"].pk
    assert f"/parcours/passation/{pk}/" in visitor.get(f"/compte/organisme/agents/{pk}").content.decode()
    page = visitor.get(f"/parcours/passation/{pk}/").content.decode()
    assert "<strong>2</strong> orientations" in page and "<strong>1</strong> alerte" in page
    assert load[0].person.family_name not in page and load[0].person.family_name.upper() not in page
    assert "Agent ft_two, Conseiller" in page and "Agent agency_admin, Administrateur" not in page
    answer = visitor.post(f"/parcours/passation/{pk}/", {"to": str(agency["ft_two"].pk)}, follow=True)
    assert "2 orientation(s) et 1 alerte(s) confiés à Agent ft_two" in answer.content.decode()
    wrong = visitor.post(f"/parcours/passation/{pk}/", {"to": str(world.memberships["auditor"].pk)})
    assert wrong.status_code == 400
