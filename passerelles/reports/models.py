"""Statutory returns: drafted from figures, validated, sent, frozen and numbered. A correction is a new version."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from passerelles.core.models import Record, retention


class ReturnKind(models.TextChoices):
    METZ_MONTHLY = "metz-monthly", "Remontée mensuelle de l’expérimentation (REP-01)"


class ReturnStatus(models.TextChoices):
    DRAFTED = "drafted", "Brouillon"
    VALIDATED = "validated", "Validée"
    SENT = "sent", "Envoyée"


def _changed(columns: list[str]) -> pgtrigger.Q:
    """True for the database when one of `columns` is not what it was."""
    condition = pgtrigger.Q()
    for column in columns:
        condition |= pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})
    return condition


class Return(Record):
    """One version of one return, as known when the journal stood at `position` (F-001, F-011)."""

    kind = models.CharField("nature", max_length=20, choices=ReturnKind.choices)
    direction = models.CharField("direction territoriale", max_length=40)
    month = models.CharField("mois", max_length=7)
    version = models.PositiveSmallIntegerField("version")
    definition = models.CharField("définition", max_length=60)
    operator_name = models.CharField("opérateur", max_length=200, blank=True)
    position = models.BigIntegerField("position dans le journal")
    known_at = models.DateTimeField("connu au")
    content = models.BinaryField("contenu figé (CSV)")
    sha256 = models.CharField("empreinte", max_length=64)
    status = models.CharField("état", max_length=10, choices=ReturnStatus.choices, default=ReturnStatus.DRAFTED)
    comment = models.TextField("commentaire", blank=True)
    drafted_by = models.UUIDField("établie par", null=True)
    validated_by = models.UUIDField("validée par", null=True)
    validated_at = models.DateTimeField("validée le", null=True)
    sent_by = models.UUIDField("envoyée par", null=True)
    sent_at = models.DateTimeField("envoyée le", null=True)
    recipients = ArrayField(models.CharField(max_length=200), verbose_name="destinataires", default=list, blank=True)

    retention = retention(
        keep="kind direction month version definition operator_name position known_at content sha256 status comment "
        "validated_at sent_at recipients",
        pseudonymise="drafted_by validated_by sent_by",
    )

    class Meta:
        verbose_name = "remontée"
        ordering = ("-month", "direction", "-version", "id")
        constraints = [
            models.UniqueConstraint(fields=("kind", "direction", "month", "version"), name="return_version_once"),
            models.CheckConstraint(
                name="return_sent_is_validated",
                condition=~Q(status="sent") | Q(validated_at__isnull=False, sent_at__gte=F("validated_at")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="return_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="return_frozen",
                operation=pgtrigger.Update,
                condition=_changed(
                    "kind direction month version definition operator_name position known_at content sha256".split()
                )
                | pgtrigger.Q(old__status="sent"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.month} v{self.version}"
