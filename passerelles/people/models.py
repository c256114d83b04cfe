"""Persons, their contracts (CIR), assessments, situations, registrations elsewhere, consents and opt-out.

A person is never merged with another (architecture, "People's identity"). Identifiers are sealed at rest and found
through keyed hashes.
"""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from passerelles.core import crypto
from passerelles.core.models import Record, retention
from passerelles.network.models import Organisation
from passerelles.people import enums


@pghistory.track(pghistory.UpdateEvent("replaced", row=pghistory.Old), pghistory.DeleteEvent())
class Person(Record):
    """A newly arrived foreigner as the platform knows them (D-001 to D-005, D-014)."""

    family_name = models.CharField("nom de famille", max_length=120)
    birth_name = models.CharField("nom de naissance", max_length=120, blank=True)
    given_names = models.CharField("prénoms", max_length=160)
    birth_date = models.DateField("date de naissance", null=True)
    birth_date_precision = models.CharField("précision", max_length=5, default="day")
    sex = models.CharField("sexe", max_length=1, choices=enums.Sex.choices)
    nationality = models.CharField("nationalité", max_length=2, blank=True)
    motive = models.CharField("motif d’admission", max_length=10, choices=enums.Motive.choices, blank=True)
    language = models.CharField("langue de contact", max_length=8, blank=True)
    needs_interpreter = models.BooleanField("interprète nécessaire", default=False)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("courriel", blank=True)
    address = models.CharField("adresse", max_length=300, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)
    commune_code = models.CharField("code commune", max_length=5, blank=True)
    direction = models.CharField("direction territoriale", max_length=40)
    identity_key = models.CharField("clé d’identité", max_length=300, editable=False)
    source = models.CharField("origine", max_length=200, blank=True)

    retention = retention(
        keep="sex nationality motive direction birth_date_precision needs_interpreter language source",
        pseudonymise="birth_date postcode commune_code city",
        erase="family_name birth_name given_names phone email address identity_key",
    )

    class Meta:
        verbose_name = "personne"
        ordering = ("family_name", "given_names", "id")
        indexes = [
            models.Index(fields=("identity_key",), name="person_by_identity"),
            models.Index(fields=("direction", "family_name", "given_names", "id"), name="person_by_direction"),
            GinIndex(OpClass(F("identity_key"), name="gin_trgm_ops"), name="person_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.family_name.upper()} {self.given_names}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Identifier(Record):
    """One identifier of a person: sealed value, keyed hash for search, and where it came from."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField("nature", max_length=10, choices=enums.IdentifierKind.choices)
    sealed = models.BinaryField("valeur chiffrée")
    search_hash = models.BinaryField("empreinte", max_length=16)
    source = models.CharField("origine", max_length=200, blank=True)

    retention = retention(keep="kind source", erase="person sealed search_hash")

    class Meta:
        verbose_name = "identifiant"
        ordering = ("kind", "id")
        constraints = [models.UniqueConstraint(fields=("search_hash", "kind", "person"), name="identifier_once")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def value(self) -> str:
        """The clear value. Reading it is reading the person: the caller notes the access."""
        return crypto.decrypt(self.sealed, secret=settings.SECRET_KEY)


class Contract(Record):
    """The CIR (residually CAI) of a person (D-018)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contracts", db_index=False)
    kind = models.CharField("nature", max_length=3, choices=enums.ContractKind.choices, default=enums.ContractKind.CIR)
    number = models.CharField("numéro", max_length=40, blank=True)
    signed_on = models.DateField("signé le")
    direction = models.CharField("direction territoriale", max_length=40)
    lot = models.CharField("lot", max_length=10, blank=True)

    retention = retention(keep="kind signed_on direction lot", pseudonymise="person", erase="number")

    class Meta:
        verbose_name = "contrat"
        ordering = ("-signed_on", "id")
        constraints = [models.UniqueConstraint(fields=("person", "kind", "signed_on"), name="contract_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.signed_on:%d/%m/%Y}"


class Assessment(Record):
    """A language assessment, written and oral apart (C-002, D-019). A new one never replaces an older one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assessments")
    kind = models.CharField("nature", max_length=15, choices=enums.AssessmentKind.choices)
    written = models.CharField("écrit", max_length=12, blank=True)
    oral = models.CharField("oral", max_length=12, blank=True)
    overall = models.CharField("global", max_length=12, blank=True)
    assessed_on = models.DateField("évalué le")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    retention = retention(keep="kind written oral overall assessed_on provider", pseudonymise="person")

    class Meta:
        verbose_name = "évaluation"
        ordering = ("-assessed_on", "-created_at", "id")

    def __str__(self) -> str:
        return f"{self.overall or self.oral} ({self.assessed_on:%d/%m/%Y})"


class Situation(Record):
    """The professional situation as observed on a date (D-012, D-023): dated versions, older ones stay readable."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="situations")
    kind = models.CharField("situation", max_length=12, choices=enums.SituationKind.choices)
    observed_on = models.DateField("constatée le")
    source = models.CharField("origine", max_length=200, blank=True)

    retention = retention(keep="kind observed_on source", pseudonymise="person")

    class Meta:
        verbose_name = "situation"
        ordering = ("-observed_on", "-created_at", "id")
        constraints = [models.UniqueConstraint(fields=("person", "observed_on", "source"), name="situation_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Registration(Record):
    """Registered at France Travail (or elsewhere) from a date (D-031); never twice over the same period."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="registrations")
    register = models.CharField("registre", max_length=5, choices=enums.Register.choices)
    starts_on = models.DateField("inscrit le")
    ends_on = models.DateField("cessation le", null=True, blank=True)
    registered_at = models.DateTimeField("date et heure", null=True, blank=True)
    by = models.CharField("par", max_length=5, choices=enums.RegisteredBy.choices)
    place = models.CharField("lieu", max_length=10, choices=enums.RegistrationPlace.choices, blank=True)
    declared = models.JSONField("éléments déclarés", default=dict, blank=True)

    retention = retention(
        keep="register starts_on ends_on registered_at by place", pseudonymise="person", erase="declared"
    )

    class Meta:
        verbose_name = "inscription"
        ordering = ("-starts_on", "id")
        constraints = [
            ExclusionConstraint(
                name="registration_once_per_period",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("register", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            Coalesce("ends_on", Value("infinity"), output_field=models.DateField()),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                name="registration_dates", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_register_display()} depuis le {self.starts_on:%d/%m/%Y}"


class Consent(Record):
    """Consent of a person to one purpose, with its withdrawal (K-005, C-018)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField("finalité", max_length=15, choices=enums.ConsentPurpose.choices)
    given_on = models.DateField("donné le")
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)

    retention = retention(keep="purpose given_on withdrawn_on", pseudonymise="person")

    class Meta:
        verbose_name = "consentement"
        ordering = ("-given_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "purpose"), condition=Q(withdrawn_on__isnull=True), name="consent_once"
            )
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OptOut(Record):
    """The person expressly asks to be exempt from the employment service (B-035, C-054, D-016). Reversible."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="opt_outs")
    since = models.DateField("depuis le")
    reason = models.CharField("motif", max_length=300)
    reversed_on = models.DateField("levé le", null=True, blank=True)

    retention = retention(keep="since reversed_on", pseudonymise="person", erase="reason")

    class Meta:
        verbose_name = "dispense demandée"
        ordering = ("-since", "id")
        constraints = [
            models.UniqueConstraint(fields=("person",), condition=Q(reversed_on__isnull=True), name="opt_out_once")
        ]

    def __str__(self) -> str:
        return f"Dispense demandée le {self.since:%d/%m/%Y}"
