"""What a person follows after the reception day: trainings, appointments with OFII, recognitions, documents, alerts.

The states and their transitions are in `rules.flows`; the tables hold the present, the journal what happened.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q

from passerelles.core.models import Record, retention
from passerelles.core.text import in_sentence
from passerelles.network.models import Agent, Organisation
from passerelles.pathway import enums
from passerelles.people.models import Person

OPEN_TRAININGS = (enums.TrainingStatus.PRESCRIBED, enums.TrainingStatus.STARTED)


class Training(Record):
    """A language or civic training prescribed by OFII (C-004, C-024 to C-026, D-020, D-021, D-026).

    `rule` and `reference` say under which rule and which article it was prescribed, nothing when it was elsewhere.
    `path` is that of the journal.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trainings")
    kind = models.CharField("nature", max_length=10, choices=enums.TrainingKind.choices)
    status = models.CharField("état", max_length=12, choices=enums.TrainingStatus.choices)
    path = models.CharField("parcours", max_length=20, blank=True)
    mode = models.CharField("modalité", max_length=12, choices=enums.Mode.choices, blank=True)
    hours = models.PositiveSmallIntegerField("heures", null=True, blank=True)
    days = models.PositiveSmallIntegerField("journées", null=True, blank=True)
    target = models.CharField("niveau visé", max_length=12, blank=True)
    compulsory = models.BooleanField("obligatoire", default=True)
    rule = models.CharField("règle", max_length=60, blank=True)
    reference = models.CharField("texte", max_length=300, blank=True)
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisme"
    )
    prescribed_on = models.DateField("prescrite le")
    started_on = models.DateField("commencée le", null=True, blank=True)
    ended_on = models.DateField("finie le", null=True, blank=True)
    hours_attended = models.PositiveSmallIntegerField("heures suivies", null=True, blank=True)
    days_attended = models.PositiveSmallIntegerField("journées suivies", null=True, blank=True)
    written = models.CharField("écrit atteint", max_length=12, blank=True)
    oral = models.CharField("oral atteint", max_length=12, blank=True)

    retention = retention(
        keep="kind status path mode hours days target compulsory rule reference provider prescribed_on started_on "
        "ended_on hours_attended days_attended written oral",
        pseudonymise="person",
    )

    class Meta:
        verbose_name = "formation prescrite"
        ordering = ("-prescribed_on", "-created_at", "id")
        indexes = [models.Index(fields=("status", "prescribed_on"), name="training_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=("person", "kind"), condition=Q(status__in=OPEN_TRAININGS), name="training_one_open"
            ),
            models.CheckConstraint(
                name="training_started_when", condition=~Q(status="started") | Q(started_on__isnull=False)
            ),
            models.CheckConstraint(
                name="training_ended_when",
                condition=~Q(status__in=("completed", "dropped")) | Q(ended_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} prescrite le {self.prescribed_on:%d/%m/%Y}"


class ExamQuerySet(models.QuerySet):
    """Business questions asked of the exams."""

    def standing(self) -> ExamQuerySet:
        """Those that were not noted by mistake."""
        return self.filter(withdrawn_on__isnull=True)

    def counting(self, on: dt.date) -> ExamQuerySet:
        """What the rules read on a day: an exam passed, unless a higher one is; a failure, unless one is passed."""
        passed = Exam.objects.standing().filter(person=OuterRef("person"), passed=True, taken_on__lte=on).order_by()
        purposes = enums.ExamPurpose
        first, second = Q(purpose=purposes.MULTI_YEAR_CARD), Q(purpose=purposes.RESIDENT_CARD)
        return (
            self.standing()
            .exclude(Exists(passed), passed=False)
            .exclude(Exists(passed.exclude(first)), first)
            .exclude(Exists(passed.exclude(first | second)), second)
        )


class Exam(Record):
    """A civic exam taken, for which card, and its result (B-027, D-027). Several attempts are several rows."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exams")
    purpose = models.CharField("pour", max_length=16, choices=enums.ExamPurpose.choices)
    taken_on = models.DateField("passé le")
    passed = models.BooleanField("réussi")
    attempt = models.PositiveSmallIntegerField("tentative", default=1)
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)

    objects = ExamQuerySet.as_manager()
    retention = retention(keep="purpose taken_on passed attempt withdrawn_on", pseudonymise="person")

    class Meta:
        verbose_name = "examen civique"
        ordering = ("-taken_on", "-attempt", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "purpose", "taken_on"),
                condition=Q(withdrawn_on__isnull=True),
                name="exam_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Examen civique du {self.taken_on:%d/%m/%Y}, {'réussi' if self.passed else 'pas réussi'}"


class Meeting(Record):
    """An appointment of assessment, or the end-of-CIR interview with what it observed (C-002, C-051, D-023)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField("nature", max_length=12, choices=enums.MeetingKind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="avec")
    fixed_for = models.DateTimeField("rendez-vous le")
    place = models.CharField("lieu", max_length=200, blank=True)
    status = models.CharField(
        "état", max_length=12, choices=enums.MeetingStatus.choices, default=enums.MeetingStatus.FIXED
    )
    level = models.CharField("niveau de français", max_length=12, blank=True)
    situation = models.CharField("situation", max_length=12, blank=True)
    wants_orientation = models.BooleanField("nouvelle orientation souhaitée", null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    retention = retention(
        keep="kind organisation fixed_for place status level situation wants_orientation replaces",
        pseudonymise="person",
    )

    class Meta:
        verbose_name = "rendez-vous de l’OFII"
        ordering = ("-fixed_for", "id")
        constraints = [
            models.UniqueConstraint(fields=("person", "kind"), condition=Q(status="fixed"), name="meeting_one_fixed"),
            models.CheckConstraint(
                name="meeting_end_of_cir_observed",
                condition=~Q(kind="end_of_cir", status="attended") | ~Q(situation=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.fixed_for:%d/%m/%Y}"


class Recognition(Record):
    """A request of recognition of a diploma or of an experience (B-056, C-031, D-008)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recognitions")
    procedure = models.CharField("démarche", max_length=24, choices=enums.Procedure.choices)
    title = models.CharField("diplôme ou expérience", max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="suivie par"
    )
    status = models.CharField(
        "état", max_length=12, choices=enums.RecognitionStatus.choices, default=enums.RecognitionStatus.REQUESTED
    )
    requested_on = models.DateField("demandée le")
    answered_on = models.DateField("répondue le", null=True, blank=True)
    result = models.CharField("réponse", max_length=12, choices=enums.RecognitionResult.choices, blank=True)

    retention = retention(
        keep="procedure organisation status requested_on answered_on result", pseudonymise="person", erase="title"
    )

    class Meta:
        verbose_name = "demande de reconnaissance"
        ordering = ("-requested_on", "-created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "procedure"), condition=Q(status="requested"), name="recognition_one_waiting"
            ),
            models.CheckConstraint(
                name="recognition_answer_dated",
                condition=Q(status="answered") & ~Q(result="") & Q(answered_on__isnull=False)
                | ~Q(status="answered") & Q(result=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_procedure_display()}, {in_sentence(self.get_status_display())}"


class Document(Record):
    """A document and the last day on which it holds (D-006). A new one replaces the one of the same nature."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField("document", max_length=20, choices=enums.DocumentKind.choices)
    expires_on = models.DateField("valable jusqu’au")
    noted_on = models.DateField("relevé le")
    replaced_on = models.DateField("remplacé le", null=True, blank=True)

    retention = retention(keep="kind expires_on noted_on replaced_on", pseudonymise="person")

    class Meta:
        verbose_name = "document"
        ordering = ("expires_on", "id")
        indexes = [
            models.Index(fields=("expires_on",), name="document_expiring", condition=Q(replaced_on__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, jusqu’au {self.expires_on:%d/%m/%Y}"


class FollowUp(Record):
    """Somebody must look at a person again: why, whose turn, by when (C-035, D-017). One open alert per thing."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField("alerte", max_length=20, choices=enums.FollowUpKind.choices)
    about = models.UUIDField("objet")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="à faire par"
    )
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prise par"
    )
    due_on = models.DateField("échéance")
    next_on = models.DateField("à reprendre le")
    status = models.CharField(
        "état", max_length=10, choices=enums.FollowUpStatus.choices, default=enums.FollowUpStatus.OPEN
    )
    treatment = models.CharField("suite", max_length=16, choices=enums.Treatment.choices, blank=True)
    closed_on = models.DateField("close le", null=True, blank=True)

    retention = retention(
        keep="kind about organisation agent due_on next_on status treatment closed_on", pseudonymise="person"
    )

    class Meta:
        verbose_name = "alerte de suivi"
        ordering = ("next_on", "due_on", "id")
        indexes = [
            models.Index(fields=("organisation", "next_on"), name="follow_up_waiting", condition=Q(status="open"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("person", "kind", "about"), condition=Q(status="open"), name="follow_up_one_open"
            ),
            models.CheckConstraint(
                name="follow_up_closed_when", condition=Q(status="open") ^ Q(closed_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, le {self.due_on:%d/%m/%Y}"
