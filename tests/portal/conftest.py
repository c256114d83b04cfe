"""A person of DT Metz who reads Arabic, sent to a mission locale that has no account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from passerelles.messages.backends import Outgoing
from passerelles.messages.models import Message
from passerelles.messages.services import links, send_due
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Organisation
from passerelles.people.models import Person
from passerelles.referrals.models import Referral
from passerelles.referrals.services import sending
from passerelles.referrals.services.places import default_service
from tests.world import World


class Postman:
    """Keeps what leaves; reads the address in a message as its receiver does."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> None:
        self.sent.append(message)

    def deliver(self) -> None:
        while send_due(limit=100, backend=self):
            pass

    def link_to(self, recipient: str) -> str:
        """The path of the last link received at this address."""
        self.deliver()
        bodies = "\n".join(each.body for each in self.sent if each.recipient == recipient)
        return re.findall(r"https?://[^/\s]+(/[mr]/[\w-]+)", bodies)[-1]


@dataclass
class Story:
    world: World
    person: Person
    mission_locale: Organisation
    post: Postman

    def refer(self, person: Person | None = None, **values: Any) -> Referral:
        service = default_service(self.mission_locale)
        given = {"purpose": "employment", "basis": "public_mission", "service_id": service.pk} | values
        return sending.refer(self.world.auditor, person_id=(person or self.person).pk, **given)

    def partner_path(self) -> str:
        return self.post.link_to(self.mission_locale.mailbox)

    def person_path(self, person: Person | None = None) -> str:
        return f"/m/{links.token_of(links.person_link(self.world.auditor, (person or self.person).pk))}"


def tell(world: World) -> Story:
    """The story in `world`, committed or not."""
    mission_locale = Organisation.objects.create(
        name="Mission locale des Trois-Rives",
        kind=OrganisationKind.MISSION_LOCALE,
        direction="metz",
        department_code="57",
        region_code="44",
        mailbox="accueil@mission-locale.example",
        address="12 rue des Ponts, 57000 Metz",
        phone="03 87 00 00 00",
    )
    person = world.person(given_names="Salma", language="ara", phone="+33612345678")
    return Story(world, person, mission_locale, Postman())


@pytest.fixture(autouse=True)
def no_limit_left_over():
    cache.clear()


@pytest.fixture
def story(world) -> Story:
    return tell(world)


@pytest.fixture
def visitor() -> Client:
    """Somebody without account nor cookie, whose forms carry the protection of the site."""
    return Client(enforce_csrf_checks=False)


def messages_to(person: Person) -> list[str]:
    return list(Message.objects.filter(person_id=person.pk, link__purpose="person_page").values_list("kind", flat=True))


def writes(queries) -> list[str]:
    """The statements that change a table other than by COPY (the access log)."""
    return [q["sql"] for q in queries if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
