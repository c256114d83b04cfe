"""What was stated of a person for their orientation, and what was decided: only ever added to, never rewritten."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from passerelles.core.models import Record, retention
from passerelles.network.models import Organisation
from passerelles.orientation.engine.recommendation import Kind, Proposal
from passerelles.orientation.rules.proposals import BY_CODE
from passerelles.people.models import Person

NEVER_REWRITTEN = pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)


class Statement(Record):
    """One item of the diagnosis as somebody stated it: a value, from which source, true since when (D.1, D-046).

    `code`: a fact of `rules.facts` or an item of `rules.diagnosis`. `value`: as JSON holds it; null when what was
    stated is withdrawn and the item is unknown again. A new statement has the next `number` of its item and the former
    ones stay readable; two desks never write the same number.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="statements", db_index=False)
    code = models.CharField("élément", max_length=60)
    value = models.JSONField("valeur", null=True)
    as_of = models.DateField("vrai depuis le")
    source = models.CharField("source", max_length=60)
    by = models.UUIDField("saisi par", null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField("rang", default=1)

    retention = retention(
        keep="code as_of source organisation number",
        pseudonymise="person by",
        erase="value",
    )

    class Meta:
        verbose_name = "élément de diagnostic"
        ordering = ("person", "code", "-number")
        indexes = [models.Index(fields=("person", "code", "-as_of", "-number"), name="statement_of_person")]
        constraints = [models.UniqueConstraint(fields=("person", "code", "number"), name="statement_in_order")]
        triggers = [NEVER_REWRITTEN]

    def __str__(self) -> str:
        return f"{self.code} au {self.as_of:%d/%m/%Y}"


class Nomenclature(Record):
    """A list of occupations imported by the deployer (ROME): the newest is the one that is searched.

    `entries`: [[code, label], …], several labels for a code.
    """

    version = models.CharField("version", max_length=80)
    entries = models.JSONField("métiers", default=list)

    retention = retention(keep="version entries")

    class Meta:
        verbose_name = "nomenclature des métiers"
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        return self.version


class DecisionKind(models.TextChoices):
    """Did the agent follow the recommendation (B-037: it suggests, the agent decides)?"""

    AGREED = "agreed", "Recommandation suivie"
    OVERRIDDEN = "overridden", "Autre choix, motivé"


class DecisionQuerySet(models.QuerySet):
    """Business questions asked of the decisions."""

    def standing(self) -> DecisionQuerySet:
        """The last decision of each person."""
        later = Decision.objects.filter(person=OuterRef("person"), number__gt=OuterRef("number"))
        return self.exclude(Exists(later))


class Decision(Record):
    """The orientation decided for a person, with what the rules said, under which versions, from which facts.

    `chosen`: codes of `rules.proposals.PROPOSALS`. `recommended`: what the platform proposed, line by line, as shown.
    `rules`: {rule: version}. `facts`: {code: {valeur, source, date}}. A new decision has the next `number` and the
    former ones stay readable; two agents never write the same number.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="orientation_decisions")
    made_on = models.DateField("décidée le")
    kind = models.CharField("nature", max_length=10, choices=DecisionKind.choices)
    chosen = ArrayField(models.CharField(max_length=40), verbose_name="choix", default=list)
    reason = models.CharField("motif", max_length=500, blank=True)
    recommended = models.JSONField("recommandation", default=list)
    rules = models.JSONField("versions des règles", default=dict)
    facts = models.JSONField("faits utilisés", default=dict)
    territory = models.CharField("territoire", max_length=40)
    by = models.UUIDField("décidée par", null=True)
    role = models.CharField("rôle", max_length=30, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField("rang", default=1)

    objects = DecisionQuerySet.as_manager()
    retention = retention(
        keep="made_on kind chosen recommended rules territory role organisation number",
        pseudonymise="person by facts",
        erase="reason",
    )

    class Meta:
        verbose_name = "décision d’orientation"
        ordering = ("person", "-number")
        constraints = [
            models.CheckConstraint(name="decision_override_has_a_reason", condition=Q(kind="agreed") | ~Q(reason="")),
            models.UniqueConstraint(fields=("person", "number"), name="decision_in_order"),
        ]
        triggers = [NEVER_REWRITTEN]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} le {self.made_on:%d/%m/%Y}"

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The bodies and actions chosen, in the order of the list of proposals."""
        return tuple(proposal for code, proposal in BY_CODE.items() if code in self.chosen)

    @property
    def bodies(self) -> tuple[Proposal, ...]:
        """The bodies to which the person is oriented."""
        return tuple(proposal for proposal in self.proposals if proposal.kind is Kind.BODY)

    @property
    def is_override(self) -> bool:
        return self.kind == DecisionKind.OVERRIDDEN


class ReviewQuerySet(models.QuerySet):
    """Business questions asked of the reviews."""

    def standing(self) -> ReviewQuerySet:
        """Those of a decision that nobody has replaced."""
        later = Decision.objects.filter(person=OuterRef("decision__person"), number__gt=OuterRef("decision__number"))
        return self.exclude(Exists(later))


class Review(models.Model):
    """What the rules would say today where a decision stands: looked at again every night, replaced each time.

    `lost`: proposals chosen that are no longer proposed. `gained`: proposals newly recommended and not chosen.
    """

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, primary_key=True, related_name="review")
    reviewed_at = models.DateTimeField("revue le")
    differs = models.BooleanField("serait différente", default=False)
    lost = ArrayField(models.CharField(max_length=40), verbose_name="n’est plus proposé", default=list)
    gained = ArrayField(models.CharField(max_length=40), verbose_name="désormais recommandé", default=list)
    why = models.JSONField("pourquoi", default=list)

    objects = ReviewQuerySet.as_manager()
    retention = {
        "decision": "keep",
        "reviewed_at": "keep",
        "differs": "keep",
        "lost": "keep",
        "gained": "keep",
        "why": "erase",
    }

    class Meta:
        verbose_name = "réexamen d’une décision"
        ordering = ("decision",)
        indexes = [models.Index(fields=("reviewed_at",), name="review_to_read", condition=Q(differs=True))]

    def __str__(self) -> str:
        return f"réexamen du {self.reviewed_at:%d/%m/%Y}"
