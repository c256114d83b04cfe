"""The verbs of the network: open and close access, name référents, second factor. pghistory traces memberships.

The journal stands above this room: nothing here appends to it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp.plugins.otp_totp.models import TOTPDevice

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused
from passerelles.core.periods import date_fr
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Agent, Delegation, Exchange, Membership, Organisation, Referent
from passerelles.network.policy import Actor
from passerelles.network.queries import roles_offered

DEVICE_NAME = "application d’authentification"


def _platform_only(actor: Actor) -> None:
    if not actor.system:
        raise Refused("Seule la plateforme crée les organismes et leurs premiers comptes.")


@transaction.atomic
def found_organisation(actor: Actor, **values: Any) -> Organisation:
    """A new member of the partnership (columns of `Organisation`): set-up of a base, by the platform itself."""
    _platform_only(actor)
    return Organisation.objects.create(**values)


@transaction.atomic
def open_account(
    actor: Actor,
    *,
    organisation: Organisation,
    name: str,
    email: str,
    password: str,
    roles: Sequence[str],
    starts_on: dt.date,
    second_factor: bytes | None = None,
) -> Agent:
    """The account of an agent with its roles, and a second factor already confirmed when its key is given."""
    _platform_only(actor)
    agent = Agent(email=email, name=name)
    agent.set_password(password)
    agent.save()
    for role in roles:
        Membership.objects.create(agent=agent, organisation=organisation, role=role, starts_on=starts_on)
    if second_factor is not None:
        TOTPDevice.objects.create(user=agent, name=DEVICE_NAME, key=second_factor.hex(), confirmed=True)
    return agent


@transaction.atomic
def delegate(actor: Actor, *, operator: Organisation, direction: str, starts_on: dt.date, **values: Any) -> Delegation:
    """An operator works at the platform of a DT (C-022, D-034); other columns of `Delegation` in `values`."""
    _platform_only(actor)
    return Delegation.objects.create(operator=operator, direction=direction, starts_on=starts_on, **values)


@transaction.atomic
def invite_agent(
    actor: Actor, *, name: str, email: str, role: str, starts_on: dt.date, ends_on: dt.date | None = None
) -> tuple[Membership, bool]:
    """Give `role` in one's organisation to the agent of this address; (membership, is the account new).

    A new account has no password: the agent chooses it through the link of `access_link`.
    """
    policy.require(actor, Resource.MEMBERSHIP, Action.EDIT)
    _refuse_role(actor, role)
    agent = Agent.objects.filter(email__iexact=email).first()
    created = agent is None
    if agent is None:
        agent = Agent(email=email.lower(), name=name)
        agent.set_unusable_password()
        agent.save()
    return _add(actor, agent, role, starts_on, ends_on), created


@transaction.atomic
def add_membership(
    actor: Actor, membership_id: uuid.UUID, *, role: str, starts_on: dt.date, ends_on: dt.date | None = None
) -> Membership:
    """Another role for an agent who already has one in the organisation."""
    known = policy.get_or_404(
        actor, Membership.objects.select_related("agent"), Resource.MEMBERSHIP, membership_id, Action.EDIT
    )
    _refuse_role(actor, role)
    return _add(actor, known.agent, role, starts_on, ends_on)


def _refuse_role(actor: Actor, role: str) -> None:
    if role not in roles_offered(actor.organisation):
        raise Refused("Ce rôle ne peut pas être donné par votre organisme.")


def _add(actor: Actor, agent: Agent, role: str, starts_on: dt.date, ends_on: dt.date | None) -> Membership:
    if ends_on and ends_on < starts_on:
        raise Impossible("La date de fin est avant la date de début.", remedy="Corrigez l’une des deux.")
    running = Membership.objects.filter(agent=agent, organisation=actor.organisation, role=role)
    if running.exclude(ends_on__lt=starts_on).exists():
        raise Impossible(f"{agent} a déjà ce rôle dans votre organisme sur cette période.")
    try:
        with transaction.atomic():
            return Membership.objects.create(
                agent=agent, organisation=actor.organisation, role=role, starts_on=starts_on, ends_on=ends_on
            )
    except IntegrityError as error:
        raise Impossible(f"{agent} a déjà ce rôle dans votre organisme.") from error


@transaction.atomic
def end_membership(actor: Actor, membership_id: uuid.UUID, *, ends_on: dt.date) -> Membership:
    """Close an access at the end of the day `ends_on`; yesterday closes it at once."""
    membership = policy.get_or_404(
        actor,
        Membership.objects.select_for_update(of=("self",)).select_related("agent"),
        Resource.MEMBERSHIP,
        membership_id,
        Action.EDIT,
    )
    if membership.agent_id == actor.agent_id:
        raise Impossible(
            "Vous ne pouvez pas fermer votre propre accès.", remedy="Demandez-le à un autre administrateur."
        )
    if membership.ends_on and membership.ends_on < clock.today():
        raise Impossible(f"Cet accès est fermé depuis le {date_fr(membership.ends_on)}.")
    if ends_on < membership.starts_on:
        try:
            membership.delete()
        except ProtectedError as error:
            raise Impossible("Cet accès a déjà servi aujourd’hui.", remedy="Fermez-le à la date du jour.") from error
        return membership
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    return membership


def access_link(actor: Actor, membership_id: uuid.UUID) -> tuple[str, str]:
    """(uid, token) of a link by which an agent of one's organisation chooses a password; valid once, three days."""
    agent = _own_agent(actor, membership_id)
    return urlsafe_base64_encode(force_bytes(agent.pk)), default_token_generator.make_token(agent)


@transaction.atomic
def forget_second_factor(actor: Actor, membership_id: uuid.UUID) -> Agent:
    """The telephone is lost: the agent enrols another one at the next sign-in (K-004)."""
    agent = _own_agent(actor, membership_id)
    TOTPDevice.objects.filter(user=agent).delete()
    return agent


def _own_agent(actor: Actor, membership_id: uuid.UUID) -> Agent:
    membership = policy.get_or_404(
        actor, Membership.objects.select_related("agent"), Resource.MEMBERSHIP, membership_id, Action.EDIT
    )
    elsewhere = Membership.objects.in_force(clock.today()).filter(agent=membership.agent)
    if elsewhere.exclude(organisation_id=actor.organisation_id).exists():
        raise Refused(
            "Cette personne agit aussi pour un autre organisme : son accès ne peut pas être rouvert par un seul.",
            remedy="Adressez-vous à l’exploitant de la plateforme.",
        )
    return membership.agent


@transaction.atomic
def update_organisation(actor: Actor, **values: Any) -> Organisation:
    """Correct the functional mailbox, the telephone and the address of one's organisation."""
    organisation = policy.get_or_404(
        actor, Organisation.objects.select_for_update(), Resource.MEMBERSHIP, actor.organisation_id, Action.EDIT
    )
    for name in ("mailbox", "phone", "address"):
        setattr(organisation, name, values[name])
    organisation.save(update_fields=["mailbox", "phone", "address"])
    return organisation


ReferentWatcher = Callable[[Actor, Referent, str], None]
_referent_watchers: list[ReferentWatcher] = []


def watch_referents(watcher: ReferentWatcher) -> None:
    """Register what a room above does when a référent is "named" or "ended", in the same transaction (A-063)."""
    if watcher not in _referent_watchers:
        _referent_watchers.append(watcher)


def _tell_watchers(actor: Actor, referent: Referent, what: str) -> None:
    for watcher in _referent_watchers:
        watcher(actor, referent, what)


@transaction.atomic
def name_referent(
    actor: Actor,
    *,
    function: str,
    starts_on: dt.date,
    agent: Agent | None = None,
    mailbox: str = "",
    trained_on: dt.date | None = None,
) -> Referent:
    """Name the référent for newcomers of one's organisation (A-055, D-053)."""
    policy.require(actor, Resource.MEMBERSHIP, Action.EDIT)
    if agent and not Membership.objects.filter(agent=agent, organisation=actor.organisation).exists():
        raise Refused("Cette personne n’est pas un agent de votre organisme.")
    referent = Referent.objects.create(
        organisation=actor.organisation,
        function=function,
        agent=agent,
        mailbox=mailbox,
        starts_on=starts_on,
        trained_on=trained_on,
    )
    _tell_watchers(actor, referent, "named")
    return referent


@transaction.atomic
def record_exchange(
    actor: Actor, *, kind: str, held_on: dt.date, host: Organisation | None = None, days: int = 1, people: int = 1
) -> Exchange:
    """An immersion, a training session or a meeting in which one's organisation took part; twice is once (G-021)."""
    policy.require(actor, Resource.MEMBERSHIP, Action.EDIT)
    if held_on > clock.today():
        raise Impossible("Notez ce qui a eu lieu : la date est à venir.")
    if kind == Exchange.Kind.IMMERSION and (host is None or host.pk == actor.organisation_id):
        raise Impossible("Une immersion se fait chez un autre organisme.", remedy="Choisissez-le.")
    found, _ = Exchange.objects.get_or_create(
        organisation=actor.organisation,
        kind=Exchange.Kind(kind),
        host=host,
        held_on=held_on,
        defaults={"days": days, "people": people},
    )
    return found


@transaction.atomic
def end_referent(actor: Actor, referent_id: uuid.UUID, *, ends_on: dt.date) -> Referent:
    """The référent stops on `ends_on`; without a successor the vacancy is shown (A-063)."""
    referent = policy.get_or_404(
        actor, Referent.objects.select_for_update(of=("self",)), Resource.MEMBERSHIP, referent_id, Action.EDIT
    )
    if ends_on < referent.starts_on:
        raise Impossible(
            f"Cette personne est référente depuis le {date_fr(referent.starts_on)} : choisissez une date après."
        )
    referent.ends_on = ends_on
    referent.save(update_fields=["ends_on"])
    _tell_watchers(actor, referent, "ended")
    return referent


@transaction.atomic
def set_password(agent: Agent, password: str) -> None:
    """The password chosen by the agent, already validated; the other sessions of the account end."""
    agent.set_password(password)
    agent.save(update_fields=["password"])


@transaction.atomic
def begin_enrolment(agent: Agent) -> TOTPDevice | None:
    """The second factor to confirm; None when the agent already has a confirmed one."""
    Agent.objects.select_for_update().get(pk=agent.pk)
    devices = TOTPDevice.objects.filter(user=agent)
    if devices.filter(confirmed=True).exists():
        return None
    return devices.filter(confirmed=False).first() or TOTPDevice.objects.create(
        user=agent, name=DEVICE_NAME, confirmed=False
    )


@transaction.atomic
def confirm_enrolment(agent: Agent, token: str) -> TOTPDevice | None:
    """The device, now confirmed, when `token` is its code; None otherwise."""
    devices = TOTPDevice.objects.select_for_update().filter(user=agent, confirmed=False)
    device = devices.first()
    if device is None or not device.verify_token(token):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return device
