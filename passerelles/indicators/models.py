"""What figures are counted on, derived from the journal: one line per person, one per episode; how far it is read.

Lines are no source: they can be emptied and built again (`services.rebuild`). Impact benchmarks and their measurements
are, and are never edited.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from passerelles.core import clock
from passerelles.core.models import Record, retention
from passerelles.indicators.impact.declaration import Benchmark
from passerelles.indicators.impact.findings import Finding
from passerelles.indicators.impact.protocol import HELPS, OUTCOMES, outcome_name
from passerelles.reference.territory import Territory


def _day(name: str) -> models.DateField:
    return models.DateField(name, null=True, editable=False)


def _code(name: str, length: int = 40) -> models.CharField:
    return models.CharField(name, max_length=length, null=True, editable=False)


class PersonLine(models.Model):
    """Dimensions and first dates of a person (`engine.persons`)."""

    person_id = models.UUIDField("personne", primary_key=True)
    direction = _code("direction territoriale")
    department = _code("département", 3)
    sex = _code("sexe", 1)
    birth_date = _day("date de naissance")
    nationality = _code("nationalité", 2)
    motive = _code("motif d’admission", 10)
    schooling = _code("niveau scolaire")
    wishes_work = models.BooleanField("souhaite travailler", null=True, editable=False)
    bpi = models.BooleanField("bénéficiaire de la protection internationale", null=True, editable=False)
    signed_on = _day("première signature")
    level = _code("niveau global")
    written = _code("écrit")
    oral = _code("oral")
    situation = _code("situation à la signature")
    prescribed_on = _day("formation prescrite le")
    prescribed_hours = models.IntegerField("heures prescrites", null=True, editable=False)
    prescribed_target = _code("niveau visé")
    registered_on = _day("inscription la plus proche de la signature")
    opted_out_on = _day("refus d’orientation")
    referred_on = _day("première orientation")
    attended_on = _day("premier rendez-vous honoré")
    trained_on = _day("première formation professionnelle")
    job_on = _day("premier emploi depuis la signature")
    agir_on = _day("entrée dans AGIR")
    closed_on = _day("entretien de fin de CIR")
    departed_on = _day("départ")

    retention = retention(
        keep="direction department sex nationality motive schooling wishes_work bpi signed_on level written oral "
        "situation prescribed_on prescribed_hours prescribed_target registered_on opted_out_on referred_on attended_on "
        "trained_on job_on agir_on closed_on departed_on",
        pseudonymise="person_id birth_date",
    )

    class Meta:
        db_table = "indicators_person"
        verbose_name = "ligne de personne"
        ordering = ("person_id",)
        indexes = [models.Index(fields=("signed_on", "department"), name="person_line_by_signature")]

    def __str__(self) -> str:
        return str(self.person_id)


class EpisodeLine(models.Model):
    """Milestones of a referral, a course, a job, a need… (`engine.episodes`). `person_id` is null for a need."""

    episode = models.CharField("nature", max_length=20, editable=False)
    subject_id = models.UUIDField("objet", editable=False)
    person_id = models.UUIDField("personne", null=True, editable=False)
    organisation_id = models.UUIDField("organisme", null=True, editable=False)
    direction = _code("direction territoriale")
    department = _code("département", 3)
    opened_on = _day("ouvert le")
    answered_on = _day("réponse le")
    answer = _code("réponse")
    started_on = _day("commencé le")
    ended_on = _day("terminé le")
    outcome = _code("issue", 100)
    what = _code("objet de l’épisode", 100)
    detail = _code("précision", 100)
    target = _code("niveau visé")
    amount = models.IntegerField("quantité", null=True, editable=False)
    flag = models.BooleanField("marque", null=True, editable=False)
    written = _code("écrit")
    oral = _code("oral")

    retention = retention(
        keep="episode subject_id organisation_id direction department opened_on answered_on answer started_on ended_on "
        "outcome what detail target amount flag written oral",
        pseudonymise="person_id",
    )

    class Meta:
        db_table = "indicators_episode"
        verbose_name = "ligne d’épisode"
        ordering = ("id",)
        indexes = [
            models.Index(fields=("person_id",), name="episode_by_person"),
            models.Index(fields=("subject_id",), name="episode_by_subject"),
            models.Index(fields=("episode", "department"), name="episode_by_department"),
        ]

    def __str__(self) -> str:
        return f"{self.episode} {self.subject_id}"


class RecordLine(models.Model):
    """A record that an agent linked to another: which of them stands for the person in the two other tables."""

    person_id = models.UUIDField("fiche", primary_key=True)
    identity = models.UUIDField("identité", db_index=True)
    stands_for = models.UUIDField("fiche qui représente la personne")

    retention = retention(keep="identity", pseudonymise="person_id stands_for")

    class Meta:
        db_table = "indicators_record"
        verbose_name = "ligne de fiche reliée"
        ordering = ("person_id",)

    def __str__(self) -> str:
        return f"{self.person_id} : {self.stands_for}"


class Progress(models.Model):
    """How far the journal has been read into the lines: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField("position dans le journal", default=0)
    read_at = models.DateTimeField("lu le", default=clock.now)

    retention = retention(keep="position read_at")

    class Meta:
        verbose_name = "avancement"
        ordering = ("id",)
        constraints = [models.CheckConstraint(name="progress_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.position)


def _append_only(name: str) -> list[pgtrigger.Protect]:
    return [pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)]


class Declaration(Record):
    """A *repère d’impact*, said before the experiment starts and never edited (F-037).

    `territory`: where the experiment runs. `compared_with`: where others signed, empty when the help marks the group.
    `starts_on`, `ends_on`: first and last day of the signatures that count. `days`: of follow-up of each person.
    """

    name = models.CharField("expérimentation", max_length=200)
    territory = models.CharField("territoire", max_length=40)
    help = models.CharField("personnes accompagnées", max_length=20, choices=list(HELPS.items()))
    compared_with = models.CharField("territoire de comparaison", max_length=40, blank=True)
    outcome = models.CharField("ce qui est mesuré", max_length=20, choices=list(OUTCOMES.items()))
    days = models.PositiveSmallIntegerField("suivi, en jours")
    baseline = models.DecimalField("valeur de départ", max_digits=4, decimal_places=3)
    target = models.DecimalField("cible", max_digits=4, decimal_places=3)
    minimum = models.PositiveIntegerField("effectif minimal de chaque groupe")
    starts_on = models.DateField("début")
    ends_on = models.DateField("dernière signature prise en compte")
    measured_on = models.DateField("date de mesure")
    declared_on = models.DateField("déclaré le")
    declared_by = models.UUIDField("déclaré par", null=True)
    organisation_id = models.UUIDField("organisme", null=True)

    retention = retention(
        keep="name territory help compared_with outcome days baseline target minimum starts_on ends_on measured_on "
        "declared_on organisation_id",
        pseudonymise="declared_by",
    )

    class Meta:
        verbose_name = "repère d’impact"
        ordering = ("-starts_on", "name", "id")
        constraints = [
            models.CheckConstraint(
                name="benchmark_declared_before", condition=models.Q(declared_on__lt=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="benchmark_days_in_order",
                condition=models.Q(ends_on__gte=models.F("starts_on"), measured_on__gt=models.F("ends_on")),
            ),
            models.CheckConstraint(
                name="benchmark_shares",
                condition=models.Q(baseline__gt=0, baseline__lt=1, target__gt=0, target__lt=1)
                & ~models.Q(baseline=models.F("target")),
            ),
        ]
        triggers = _append_only("benchmark_never_edited")

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Territory:
        return Territory.parse(self.territory)

    @property
    def last_measurement(self) -> Measurement | None:
        """The newest; reads what was prefetched."""
        found = list(self.measurements.all())
        return found[-1] if found else None

    @property
    def benchmark(self) -> Benchmark:
        """The same for the pure rules."""
        return Benchmark(
            outcome=outcome_name(self.outcome, self.days),
            baseline=float(self.baseline),
            target=float(self.target),
            declared_on=self.declared_on,
            starts_on=self.starts_on,
            measured_on=self.measured_on,
            minimum=self.minimum,
        )


class Measurement(Record):
    """The comparison made on or after the day declared, stored as found; a later one is another row, none is edited.

    `content`: the effect and the balance, exact; people of each group, too recent or already there.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="measurements")
    number = models.PositiveSmallIntegerField("numéro")
    position = models.BigIntegerField("position dans le journal")
    finding = models.CharField("constat", max_length=60)
    content = models.JSONField("comparaison")
    measured_on = models.DateField("mesuré le")
    measured_by = models.UUIDField("mesuré par", null=True)

    retention = retention(keep="declaration number position finding content measured_on", pseudonymise="measured_by")

    class Meta:
        verbose_name = "mesure d’impact"
        ordering = ("declaration", "number")
        constraints = [models.UniqueConstraint(fields=("declaration", "number"), name="measurement_number_once")]
        triggers = _append_only("measurement_never_edited")

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.number}"

    @property
    def found(self) -> Finding:
        return Finding.of(self.finding)
