"""What figures are counted on, derived from the journal: one line per person, one per episode; how far it is read.

Nothing here is a source: everything can be emptied and built again (`services.rebuild`).
"""

from __future__ import annotations

from django.db import models

from passerelles.core import clock
from passerelles.core.models import retention


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
