"""A small partnership in which the tests live. All persons are fictitious."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from passerelles.network.actors import actor_of
from passerelles.network.enums import OrganisationKind as Kind
from passerelles.network.enums import Role
from passerelles.network.models import Agent, Delegation, Membership, Organisation
from passerelles.network.policy import Actor
from passerelles.people.models import Person
from passerelles.people.services import record_person
from passerelles.reception.models import Convocation, Session
from passerelles.reception.services.convocations import convoke
from passerelles.reception.services.planning import assign_slots, plan_session

PASSWORD = "une phrase de passe solide"
SESSION_DAY = dt.date(2026, 3, 10)
_numbers = itertools.count(1)


@dataclass
class World:
    """Organisations by short name and actors by short name ("cip", "auditor", "ft", …)."""

    day: dt.date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        for table in ("actors", "organisations"):
            found = self.__dict__.get(table, {})
            if name in found:
                return found[name]
        raise AttributeError(name)

    def person(self, actor: Actor | None = None, **values: Any) -> Person:
        """A fictitious person of DT Metz."""
        number = next(_numbers)
        defaults: dict[str, Any] = {
            "family_name": f"Kadirov{number}",
            "given_names": "Zarina",
            "birth_date": dt.date(1992, 4, 12),
            "sex": "F",
            "nationality": "TJ",
        }
        direction = values.pop("direction", "metz")
        return record_person(actor or self.auditor, direction=direction, recorded_on=self.day, **(defaults | values))

    def session(self, day: dt.date | None = None, half_day: str = "am", **values: Any) -> Session:
        """A session of DT Metz held by the operator."""
        defaults = {"organisation": self.dt_metz, "operator": self.operator, "desks": 2}
        return plan_session(self.auditor, held_on=day or self.day, half_day=half_day, **(defaults | values))

    def convoked(self, session: Session, count: int = 1, **values: Any) -> list[Convocation]:
        """`count` persons convoked to `session`, with their slots."""
        made = []
        for _ in range(count):
            made.append(convoke(self.auditor, session.pk, self.person(**values)))
            assign_slots(self.auditor, session.pk)
        for convocation in made:
            convocation.refresh_from_db()
        return made


ORGANISATIONS = {
    "dt_metz": ("DT OFII Metz", Kind.OFII_DT, "metz", "57", "44"),
    "dt_strasbourg": ("DT OFII Strasbourg", Kind.OFII_DT, "strasbourg", "67", "44"),
    "operator": ("Les Ponts de Moselle", Kind.OPERATOR, "", "57", "44"),
    "other_operator": ("Le Relais du Rhin", Kind.OPERATOR, "", "67", "44"),
    "agency": ("France Travail Metz-Queuleu", Kind.FRANCE_TRAVAIL, "metz", "57", "44"),
    "other_agency": ("France Travail Thionville", Kind.FRANCE_TRAVAIL, "metz", "57", "44"),
    "dreets": ("DREETS Grand Est", Kind.DREETS, "", "67", "44"),
    "ddets": ("DDETS de la Moselle", Kind.DDETS, "metz", "57", "44"),
    "ministry": ("DGEF", Kind.MINISTRY, "", "", ""),
    "test_centre": ("Langues en Lorraine", Kind.TEST_PROVIDER, "metz", "57", "44"),
    "training_body": ("Atelier des mots", Kind.TRAINING_BODY, "metz", "57", "44"),
    "siae": ("Jardins d’Insertion mosellans", Kind.SIAE, "metz", "57", "44"),
}
ACTORS = {
    "auditor": ("dt_metz", Role.OFII_AUDITOR),
    "auditor_elsewhere": ("dt_strasbourg", Role.OFII_AUDITOR),
    "manager": ("dt_metz", Role.DT_MANAGER),
    "cip": ("operator", Role.CIP),
    "cip_two": ("operator", Role.CIP),
    "cip_elsewhere": ("other_operator", Role.CIP),
    "agir": ("operator", Role.AGIR_OPERATOR),
    "admin": ("operator", Role.ORGANISATION_ADMIN),
    "ft": ("agency", Role.SPE_ADVISER),
    "ft_elsewhere": ("other_agency", Role.SPE_ADVISER),
    "region": ("dreets", Role.REGION_STATE),
    "department": ("ddets", Role.DEPARTMENT_STATE),
    "nation": ("ministry", Role.NATIONAL_STATE),
    "tester": ("test_centre", Role.TEST_PROVIDER),
    "trainer": ("training_body", Role.TRAINING_BODY),
    "employer": ("siae", Role.SIAE_EMPLOYER),
}


def build_world(day: dt.date) -> World:
    """The whole small world, as on `day`."""
    world = World(day)
    for short, (name, kind, direction, department, region) in ORGANISATIONS.items():
        world.organisations[short] = Organisation.objects.create(
            name=name,
            kind=kind,
            direction=direction,
            department_code=department,
            region_code=region,
            mailbox=f"{short.replace('_', '-')}@exemple.example",
        )
    begin = dt.date(2025, 12, 8)
    for operator, direction in (("operator", "metz"), ("other_operator", "strasbourg")):
        Delegation.objects.create(
            operator=world.organisations[operator], direction=direction, starts_on=begin, legal_basis="convention"
        )
    for short, (organisation, role) in ACTORS.items():
        agent = Agent(email=f"{short}@exemple.example", name=f"Agent {short}")
        agent.set_unusable_password()
        agent.save()
        membership = Membership.objects.create(
            agent=agent, organisation=world.organisations[organisation], role=role, starts_on=begin
        )
        world.memberships[short] = membership
        world.actors[short] = actor_of(membership, day)
    return world
