"""Decisions of agents of the State that give a parameter another value in a territory, for a time."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Least

from passerelles.core.models import Record, retention
from passerelles.network.models import Agent, Organisation

WITHDRAWAL = ("withdrawn_at", "withdrawn_from", "withdrawn_by", "withdrawal_reason")


def _days_held() -> Func:
    """The days on which the decision holds; empty when it was withdrawn from its first day. LEAST ignores nulls."""
    day_after = models.ExpressionWrapper(F("valid_to") + Value(1), output_field=models.DateField())
    until = Least(day_after, F("withdrawn_from"))
    return Func(F("valid_from"), until, Value("[)"), function="daterange", output_field=DateRangeField())


class Override(Record):
    """One decision on one parameter in one territory (K-012, L.4). Never edited: withdrawn, and another is taken.

    `value` is what `rules.to_json` writes; null says that the parameter has no value there. `unit` is that of the
    register on the day of the decision. Both days of the validity are included.
    """

    parameter = models.CharField("paramètre", max_length=60)
    territory = models.CharField("territoire", max_length=40)
    valid_from = models.DateField("à partir du")
    valid_to = models.DateField("jusqu’au", null=True, blank=True)
    value = models.JSONField("valeur", null=True, encoder=DjangoJSONEncoder)
    unit = models.CharField("unité", max_length=80)
    reference = models.TextField("référence")
    decided_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+", verbose_name="décidé par")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("retiré le", null=True)
    withdrawn_from = models.DateField("ne s’applique plus à partir du", null=True)
    withdrawn_by = models.ForeignKey(
        Agent, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="retiré par"
    )
    withdrawal_reason = models.TextField("motif du retrait", blank=True)

    retention = retention(
        keep="parameter territory valid_from valid_to value unit reference decided_by organisation withdrawn_at "
        "withdrawn_from withdrawn_by withdrawal_reason"
    )

    class Meta:
        verbose_name = "décision sur un paramètre"
        ordering = ("parameter", "territory", "-valid_from", "-created_at", "id")
        constraints = [
            ExclusionConstraint(
                name="override_one_a_day",
                expressions=[
                    (F("parameter"), RangeOperators.EQUAL),
                    (F("territory"), RangeOperators.EQUAL),
                    (_days_held(), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="override_dates", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="override_has_reference", condition=~Q(reference="")),
            models.CheckConstraint(
                name="override_withdrawal_whole",
                condition=Q(withdrawn_at=None, withdrawn_from=None, withdrawn_by=None, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_from__gte=F("valid_from"), withdrawn_by__isnull=False)
                & ~Q(withdrawal_reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="override_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="override_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=WITHDRAWAL),
            ),
            pgtrigger.Protect(
                name="override_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} ({self.territory})"
