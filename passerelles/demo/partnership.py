"""The organisations, agents, delegation and référents of the demonstration: what an administrator sets up once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Refused
from passerelles.demo.accounts import ACCOUNTS, DOMAIN, HOUSES, SECOND_FACTOR_KEY
from passerelles.network import services as network
from passerelles.network.actors import actor_of
from passerelles.network.models import Agent, Delegation, Membership, Organisation
from passerelles.network.policy import SYSTEM, Actor

BEGINS = dt.date(2025, 12, 8)
ENDS = dt.date(2026, 11, 30)


@dataclass(frozen=True)
class Partnership:
    """Organisations by key of HOUSES, actors by key of ACCOUNTS (their first role)."""

    houses: dict[str, Organisation]
    actors: dict[str, Actor]

    def adviser_of(self, organisation: Organisation) -> Actor:
        """The adviser of an agency, or the CIP speaking for an agency where nobody signs in."""
        for actor in self.actors.values():
            if actor.organisation_id == organisation.pk:
                return actor
        return self.actors["cip"]


def exists() -> bool:
    """Has the demonstration been set up in this database?"""
    return Agent.objects.filter(email=ACCOUNTS[0].email).exists()


def refuse_real_accounts() -> None:
    """Known passwords never enter a base where people work: raises `Refused` when it has other accounts."""
    if not exists() and Agent.objects.exclude(email__endswith=f"@{DOMAIN}").exists():
        raise Refused(
            "Cette base contient de vrais comptes : la démonstration ne s’y installe pas.",
            remedy="Donnez un autre dossier par PASSERELLES_VAR.",
        )


@transaction.atomic
def found() -> None:
    """Create what the fictitious past has not brought already. Called once."""
    houses = {key: _house(key) for key in HOUSES}
    for account in ACCOUNTS:
        network.open_account(
            SYSTEM,
            organisation=houses[account.house],
            name=account.name,
            email=account.email,
            password=account.password,
            roles=account.roles,
            starts_on=BEGINS,
            second_factor=SECOND_FACTOR_KEY,
        )
    if Delegation.objects.filter(direction="metz").exists():
        return
    network.delegate(
        SYSTEM,
        operator=houses["operator"],
        direction="metz",
        starts_on=BEGINS,
        ends_on=ENDS,
        legal_basis="Convention attributive de subvention (démonstration)",
        amount_max=62_000,
        invited=4,
        applied=2,
    )


def _house(key: str) -> Organisation:
    """The organisation of this name and kind, founded where there is none."""
    house = HOUSES[key]
    if there := Organisation.objects.filter(name=house.name, kind=house.kind).first():
        return there
    mailbox = f"{key.replace('_', '-')}@{DOMAIN}"
    organisation = network.found_organisation(
        SYSTEM,
        name=house.name,
        kind=house.kind,
        direction=house.direction,
        department_code=house.department,
        region_code=house.region,
        mailbox=mailbox,
    )
    if house.referent and house.referent != "?":
        its_admin = Actor(agent=None, organisation=organisation, role=None, system=True)
        with clock.at(clock.paris(BEGINS, 9)):
            network.name_referent(its_admin, function=house.referent, mailbox=mailbox, starts_on=BEGINS)
    return organisation


def keep_open(today: dt.date) -> None:
    """After the convention, the operator stays at the platform so that the demonstration can be tried.

    The dated parameter still says that the convention is over: nobody can be registered, and the screen says why.
    """
    if today <= ENDS or Delegation.objects.filter(direction="metz", starts_on__gt=BEGINS).exists():
        return
    network.delegate(
        SYSTEM,
        operator=Organisation.objects.get(name=HOUSES["operator"].name),
        direction="metz",
        starts_on=ENDS + dt.timedelta(days=1),
        legal_basis="Prolongation fictive, pour essayer la plateforme après la convention",
    )


def load(today: dt.date) -> Partnership:
    """The partnership as it stands in the base, for the scenes."""
    by_name = {(organisation.name, organisation.kind): organisation for organisation in Organisation.objects.all()}
    memberships = {
        (m.agent.email, m.role): m
        for m in Membership.objects.filter(agent__email__endswith=f"@{DOMAIN}").select_related("agent", "organisation")
    }
    return Partnership(
        houses={key: by_name[house.name, house.kind] for key, house in HOUSES.items()},
        actors={a.key: actor_of(memberships[(a.email, a.roles[0])], today) for a in ACCOUNTS},
    )
