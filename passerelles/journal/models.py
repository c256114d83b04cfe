"""The append-only record of what happened (`occurred_on`) and when it became known (`recorded_at`)."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q

from passerelles.core import clock
from passerelles.core.models import retention
from passerelles.journal.vocabulary import FactKind

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
RETRACTS_A_FACT = pgtrigger.Trigger(
    name="retracts_a_fact",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__retracts__isnull=False),
    func="""
        IF NOT EXISTS (SELECT FROM journal_fact WHERE id = NEW.retracts_id) THEN
          RAISE foreign_key_violation USING MESSAGE = 'no fact ' || NEW.retracts_id || ' to retract';
        END IF;
        RETURN NULL;
    """,
)
"""Instead of a foreign key: a fact never leaves, so looking once is enough, and only for the few that retract."""
APPEND_ONLY_TABLES = ("journal_fact", "journal_access")


class FactQuerySet(models.QuerySet):
    """Business questions asked of the journal."""

    def known_at(self, instant: dt.datetime) -> FactQuerySet:
        """What was known at `instant`: recorded by then, and not retracted by then."""
        later = Fact.objects.filter(retracts=OuterRef("pk"), recorded_at__lte=instant)
        return self.filter(recorded_at__lte=instant).exclude(Exists(later))

    def known_up_to(self, position: int) -> FactQuerySet:
        """What was known when the last fact of the journal was number `position`."""
        later = Fact.objects.filter(retracts=OuterRef("pk"), pk__lte=position)
        return self.filter(pk__lte=position).exclude(Exists(later))

    def standing(self) -> FactQuerySet:
        """What is held true now: facts that no later fact retracts."""
        return self.exclude(Exists(Fact.objects.filter(retracts=OuterRef("pk"))))


class Fact(models.Model):
    """Something that happened. Never updated, never deleted: a correction is a new fact that retracts this one.

    The database refuses UPDATE and DELETE by trigger; the role of the application has no right to them, nor to
    TRUNCATE.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField("nature", max_length=40, choices=[(k.value, k.value) for k in FactKind])
    person_id = models.UUIDField("personne", null=True)
    subject_id = models.UUIDField("objet", null=True)
    organisation_id = models.UUIDField("organisme", null=True)
    direction = models.CharField("direction territoriale", max_length=40, blank=True)
    actor_id = models.UUIDField("auteur", null=True)
    occurred_on = models.DateField("survenu le")
    recorded_at = models.DateTimeField("connu le", default=clock.now)
    data = models.JSONField("contenu", default=dict, encoder=DjangoJSONEncoder)
    retracts = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )

    objects = FactQuerySet.as_manager()
    retention = retention(
        keep="kind subject_id organisation_id direction occurred_on recorded_at retracts",
        pseudonymise="person_id actor_id data",
    )

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=("direction", "kind", "occurred_on"), name="fact_by_direction"),
            models.Index(fields=("person_id", "kind"), name="fact_by_person", condition=Q(person_id__isnull=False)),
            models.Index(fields=("subject_id",), name="fact_by_subject", condition=Q(subject_id__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("retracts",), condition=Q(retracts__isnull=False), name="fact_retracted_once"
            )
        ]
        triggers = [APPEND_ONLY, RETRACTS_A_FACT]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_on}"


class Access(models.Model):
    """Who read or wrote which persons, why and when (K-004). Append-only like the journal."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("le", default=clock.now)
    actor_id = models.UUIDField("agent", null=True)
    organisation_id = models.UUIDField("organisme", null=True)
    role = models.CharField("rôle", max_length=30, blank=True)
    action = models.CharField("action", max_length=20)
    purpose = models.CharField("motif", max_length=200)
    people = ArrayField(models.UUIDField(), verbose_name="personnes")

    retention = retention(keep="at organisation_id role action purpose", pseudonymise="actor_id people")

    class Meta:
        ordering = ("-id",)
        indexes = [GinIndex(fields=("people",), name="access_by_person")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"
