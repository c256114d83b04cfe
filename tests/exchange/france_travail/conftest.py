"""The platform configured for the local server, a mission locale, and a person whom France Travail knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from passerelles.core import clock
from passerelles.exchange.models import PartnerAppointment
from passerelles.exchange.services import partner_appointments
from passerelles.network.actors import actor_of
from passerelles.network.models import Agent, Membership, Organisation
from passerelles.network.policy import Actor
from passerelles.people.services import add_identifier
from passerelles.referrals.models import Referral
from passerelles.referrals.services import sending
from passerelles.referrals.services.places import default_service
from tests.exchange.france_travail.server import CLIENT, SECRET, Server, State
from tests.world import World

NUMBER = "12345678901"


@pytest.fixture
def server(settings):
    with Server(State(by_number={NUMBER: "usager-1"})) as running:
        settings.FT_AUTH_URL = settings.FT_API_URL = running.address
        settings.FT_CLIENT_ID, settings.FT_CLIENT_SECRET, settings.FT_TIMEOUT = CLIENT, SECRET, 0.4
        yield running


@dataclass
class Case:
    """One person, referred to a mission locale or to another organisation; what the server knows of them."""

    world: World
    server: Server

    def __post_init__(self) -> None:
        self.mission = Organisation.objects.create(
            name="Mission locale de Metz",
            kind="mission_locale",
            department_code="57",
            direction="metz",
            mailbox="ml@exemple.example",
            address="15 rue de l’Exemple, 57000 Metz",
        )
        agent = Agent(email="ml@agent.example", name="Agent ml")
        agent.set_unusable_password()
        agent.save()
        membership = Membership.objects.create(
            agent=agent, organisation=self.mission, role="spe_adviser", starts_on=dt.date(2025, 1, 1)
        )
        self.by: Actor = actor_of(membership, self.world.day)

    def person(self, number: str = NUMBER) -> Any:
        person = self.world.person(family_name="Zadranovitch")
        if number:
            add_identifier(person, "ft", number, source="essai")
        return person

    def refer(self, person: Any = None, receiver: Organisation | None = None, **values: Any) -> Referral:
        given = {
            "purpose": "employment",
            "basis": "public_mission",
            "service_id": default_service(receiver or self.mission).pk,
        }
        return sending.refer(self.world.auditor, person_id=(person or self.person()).pk, **(given | values))

    def at(self, days: int, hour: int = 10) -> dt.datetime:
        return clock.paris(self.world.day + dt.timedelta(days=days), hour)

    def told(self, limit: int = 50) -> int:
        return partner_appointments.send_due(limit)

    @property
    def statuses(self) -> list[str]:
        return [each["statut"] for each in self.server.state.appointments.values()]

    def statut(self, about: Any) -> str:
        """What the server holds of one appointment; empty when it has none, or no more."""
        row = PartnerAppointment.objects.filter(about=about).first()
        return self.server.state.appointments.get(row.remote_id, {}).get("statut", "") if row else ""

    @property
    def states(self) -> list[str]:
        return list(PartnerAppointment.objects.order_by("created_at", "id").values_list("state", flat=True))


@pytest.fixture
def case(world, server):
    return Case(world, server)
