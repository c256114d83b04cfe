"""Statutory returns: drafted from figures, validated, sent, frozen and numbered. A correction is a new version."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from passerelles.core import clock
from passerelles.core.models import Record, retention
from passerelles.reference.territory import Kind, Territory
from passerelles.reports.catalogue import ReturnType, return_type
from passerelles.reports.schedule import ReturnPeriod


class ReturnStatus(models.TextChoices):
    DRAFTED = "drafted", "Brouillon"
    VALIDATED = "validated", "Validée"
    SENT = "sent", "Envoyée"
    ACKNOWLEDGED = "acknowledged", "Reçue"


GONE = (ReturnStatus.SENT, ReturnStatus.ACKNOWLEDGED)
"""The states of what has left."""

FROZEN = "kind territory period version definition operator_name position known_at content sha256 certificate".split()
AFTER = "status comment drafted_by validated_by validated_at sent_by sent_at recipients deposit".split()


def _changed(columns: list[str]) -> pgtrigger.Q:
    """True for the database when one of `columns` is not what it was."""
    condition = pgtrigger.Q()
    for column in columns:
        condition |= pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})
    return condition


class Return(Record):
    """One version of one return, as known when the journal stood at `position` (F-001, F-011, F.8)."""

    kind = models.CharField("nature", max_length=40)
    territory = models.CharField("territoire", max_length=40)
    period = models.CharField("période", max_length=7)
    version = models.PositiveSmallIntegerField("version")
    definition = models.CharField("définition", max_length=60)
    operator_name = models.CharField("opérateur", max_length=200, blank=True)
    position = models.BigIntegerField("position dans le journal")
    known_at = models.DateTimeField("connu au")
    content = models.BinaryField("contenu figé")
    sha256 = models.CharField("empreinte", max_length=64)
    certificate = models.JSONField("certificat de confidentialité", null=True, blank=True)
    status = models.CharField("état", max_length=12, choices=ReturnStatus.choices, default=ReturnStatus.DRAFTED)
    comment = models.TextField("commentaire", blank=True)
    drafted_by = models.UUIDField("établie par", null=True)
    validated_by = models.UUIDField("validée par", null=True)
    validated_at = models.DateTimeField("validée le", null=True)
    sent_by = models.UUIDField("envoyée par", null=True)
    sent_at = models.DateTimeField("envoyée le", null=True)
    recipients = ArrayField(models.CharField(max_length=200), verbose_name="destinataires", default=list, blank=True)
    deposit = models.CharField("déposée où", max_length=200, blank=True)
    acknowledged_by = models.UUIDField("reçue par", null=True)
    acknowledged_at = models.DateTimeField("reçue le", null=True)

    retention = retention(
        keep="kind territory period version definition operator_name position known_at content sha256 certificate "
        "status comment validated_at sent_at recipients deposit acknowledged_at",
        pseudonymise="drafted_by validated_by sent_by acknowledged_by",
    )

    class Meta:
        verbose_name = "remontée"
        ordering = ("-period", "territory", "kind", "-version", "id")
        constraints = [
            models.UniqueConstraint(fields=("kind", "territory", "period", "version"), name="return_version_once"),
            models.CheckConstraint(
                name="return_sent_is_validated",
                condition=~Q(status__in=["sent", "acknowledged"])
                | Q(validated_at__isnull=False, sent_at__gte=F("validated_at")),
            ),
            models.CheckConstraint(
                name="return_acknowledged_is_sent",
                condition=~Q(status="acknowledged") | Q(acknowledged_at__gte=F("sent_at")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="return_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="return_frozen",
                operation=pgtrigger.Update,
                condition=_changed(FROZEN)
                | pgtrigger.Q(old__status="acknowledged")
                | (pgtrigger.Q(old__status="sent") & (~pgtrigger.Q(new__status="acknowledged") | _changed(AFTER[1:]))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type.name} {self.period} v{self.version}"

    @property
    def type(self) -> ReturnType:
        return return_type(self.kind)

    @property
    def place(self) -> Territory:
        return Territory.parse(self.territory)

    @property
    def span(self) -> ReturnPeriod:
        return ReturnPeriod.parse(self.period)

    @property
    def direction(self) -> str:
        """The slug of the DT, empty for a return of another territory."""
        return self.place.code if self.place.kind is Kind.DIRECTION else ""


class StoredFigure(models.Model):
    """A figure of one month and one territory, as the dashboards show it; `sex` empty: everybody.

    Derived from the lines of figures: may be emptied and computed again. `hidden_*`: not for readers without access to
    lists of persons.
    """

    code = models.CharField("chiffre", max_length=60)
    month = models.CharField("mois", max_length=7)
    territory = models.CharField("territoire", max_length=40)
    sex = models.CharField("sexe", max_length=10, blank=True)
    num = models.IntegerField("numérateur")
    den = models.IntegerField("dénominateur")
    hidden_num = models.BooleanField("numérateur masqué", default=False)
    hidden_den = models.BooleanField("dénominateur masqué", default=False)

    retention = retention(keep="code month territory sex num den hidden_num hidden_den")

    class Meta:
        verbose_name = "chiffre de tableau de bord"
        ordering = ("territory", "code", "month", "sex", "id")
        constraints = [
            models.UniqueConstraint(fields=("territory", "code", "month", "sex"), name="stored_figure_once"),
        ]
        indexes = [models.Index(fields=("code", "month"), name="stored_figure_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.month} {self.territory}"


class Cutoff(models.Model):
    """When the dashboards were computed, and up to which fact of the journal: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField("position dans le journal", default=0)
    computed_at = models.DateTimeField("calculés le", default=clock.now)

    retention = retention(keep="position computed_at")

    class Meta:
        verbose_name = "arrêté des chiffres"
        ordering = ("id",)
        constraints = [models.CheckConstraint(name="cutoff_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.position)
