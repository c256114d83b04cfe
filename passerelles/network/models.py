"""Organisations, agents, memberships, delegations, référents. Who may do what is in `policy`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from passerelles.core.models import Record, retention
from passerelles.network.enums import OrganisationKind, Role
from passerelles.reference import territories


def in_force(on: dt.date) -> Q:
    """Rows whose `starts_on` … `ends_on` (inclusive) contains `on`."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class Organisation(Record):
    """A member of the partnership. `direction` is the slug of the OFII territorial directorate (DT)."""

    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=30, choices=OrganisationKind.choices)
    direction = models.CharField("direction territoriale", max_length=40, blank=True)
    department_code = models.CharField("département", max_length=3, blank=True)
    region_code = models.CharField("région", max_length=3, blank=True)
    mailbox = models.EmailField("boîte fonctionnelle", blank=True)
    address = models.CharField("adresse", max_length=300, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)

    retention = retention(keep="name kind direction department_code region_code mailbox address phone closed_on")

    class Meta:
        verbose_name = "organisme"
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(Lower("name"), "kind", name="organisation_once"),
            models.CheckConstraint(
                name="organisation_dt_has_direction",
                condition=~Q(kind=OrganisationKind.OFII_DT) | ~Q(direction=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgentManager(BaseUserManager):
    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(email__iexact=username)


class Agent(Record, AbstractBaseUser):
    """A person who signs in. What they may do comes from their memberships."""

    email = models.EmailField("adresse de messagerie", max_length=200)
    name = models.CharField("nom", max_length=150)
    is_active = models.BooleanField("actif", default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = AgentManager()
    retention = retention(keep="is_active", pseudonymise="email name", erase="password last_login")

    class Meta:
        verbose_name = "agent"
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(Lower("email"), name="agent_email_once")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet):
    def in_force(self, on: dt.date) -> MembershipQuerySet:
        return self.filter(in_force(on))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Membership(Record):
    """An agent's role in an organisation, dated."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("rôle", max_length=30, choices=Role.choices)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    retention = retention(keep="agent organisation role starts_on ends_on")

    class Meta:
        verbose_name = "habilitation"
        ordering = ("organisation__name", "role", "id")
        constraints = [
            models.CheckConstraint(
                name="membership_dates", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                fields=("agent", "organisation", "role"), condition=Q(ends_on__isnull=True), name="membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"


class Delegation(Record):
    """An operator works at the platform of a DT for a dated period (grant agreement, C-022, D-034)."""

    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="delegations")
    direction = models.CharField("direction territoriale", max_length=40)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    legal_basis = models.CharField("fondement", max_length=300)
    amount_max = models.PositiveIntegerField("montant maximal (euros)", null=True, blank=True)
    invited = models.PositiveSmallIntegerField("opérateurs invités", null=True, blank=True)
    applied = models.PositiveSmallIntegerField("opérateurs candidats", null=True, blank=True)

    retention = retention(keep="operator direction starts_on ends_on legal_basis amount_max invited applied")

    class Meta:
        verbose_name = "délégation"
        ordering = ("direction", "starts_on", "id")

    def __str__(self) -> str:
        return f"{self.operator} à {self.direction}"


class Referent(Record):
    """The named contact of an organisation for newcomers (A-055, A-063, D-053)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referents")
    function = models.CharField("fonction", max_length=150)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    mailbox = models.EmailField("boîte fonctionnelle", blank=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    trained_on = models.DateField("formé le", null=True, blank=True)

    retention = retention(keep="organisation function agent mailbox starts_on ends_on trained_on")

    class Meta:
        verbose_name = "référent primo-arrivants"
        ordering = ("organisation__name", "starts_on", "id")

    def __str__(self) -> str:
        return f"{self.function}, {self.organisation}"


class Exchange(Record):
    """A training session, an immersion or a meeting of référents (G-021, G-027): what makes the network work."""

    class Kind(models.TextChoices):
        IMMERSION = "immersion", "Immersion chez un partenaire"
        TRAINING = "training", "Formation des référents"
        MEETING = "meeting", "Rencontre des référents"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exchanges")
    kind = models.CharField("nature", max_length=10, choices=Kind.choices)
    host = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chez"
    )
    held_on = models.DateField("le")
    days = models.PositiveSmallIntegerField("jours", default=1)
    people = models.PositiveSmallIntegerField("participants", default=1)

    retention = retention(keep="organisation kind host held_on days people")

    class Meta:
        verbose_name = "échange entre partenaires"
        ordering = ("-held_on", "id")
        constraints = [
            models.UniqueConstraint(fields=("organisation", "kind", "host", "held_on"), name="exchange_once"),
            models.CheckConstraint(name="exchange_counts", condition=Q(days__gte=1, people__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.held_on:%d/%m/%Y}"


def directions_of(organisation: Organisation, on: dt.date, delegated: Iterable[str] | None = None) -> frozenset[str]:
    """The DTs in which `organisation` works on `on`: its own, those delegated to it, those of its region.

    `delegated`: the DTs delegated to it on that day when the caller has read them already.
    """
    if organisation.kind == OrganisationKind.MINISTRY:
        return frozenset(direction.code for direction in territories.directions())
    if organisation.kind in {OrganisationKind.DREETS} and organisation.region_code:
        return frozenset(d.code for d in territories.directions_of_region(organisation.region_code))
    slugs = {organisation.direction} - {""}
    if organisation.kind == OrganisationKind.OPERATOR:
        if delegated is None:
            delegated = organisation.delegations.filter(in_force(on)).order_by().values_list("direction", flat=True)
        slugs |= set(delegated)
    return frozenset(slugs)
