"""Files received: kept as they came, with what was found in them and how far their import has gone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from passerelles.core import clock
from passerelles.core.models import Record, retention
from passerelles.core.text import in_sentence
from passerelles.messages.models import Link
from passerelles.network.models import Agent, Membership, Organisation
from passerelles.people.models import Person


class FileKind(models.TextChoices):
    """The layouts a reader knows."""

    CONVOCATIONS = "convocations", "Personnes convoquées"
    FRANCE_TRAVAIL = "france-travail", "Inscrits à France Travail"
    RSA = "rsa", "Bénéficiaires du RSA"
    AGIR = "agir", "Orientés vers AGIR"


class ImportStatus(models.TextChoices):
    RECEIVED = "received", "Reçu"
    CHECKING = "checking", "Contrôle en cours"
    CHECKED = "checked", "Contrôlé"
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Importé"
    REFUSED = "refused", "Illisible"


class Import(Record):
    """One file and its import. `applied_rows` grows in the same transaction as the rows: it can be killed anywhere."""

    kind = models.CharField("nature", max_length=20, choices=FileKind.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    dt = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="DT concernée")
    direction = models.CharField("direction territoriale", max_length=40)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    filename = models.CharField("nom du fichier", max_length=255)
    content = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte", max_length=64)
    as_of = models.DateField("date de la liste")
    mapping = models.JSONField("correspondance des colonnes", default=dict, blank=True)
    status = models.CharField("état", max_length=10, choices=ImportStatus.choices, default=ImportStatus.RECEIVED)
    refusal = models.CharField("refus", max_length=600, blank=True)
    total_rows = models.PositiveIntegerField("lignes lues", default=0)
    accepted_rows = models.PositiveIntegerField("lignes acceptées", default=0)
    rejected_rows = models.PositiveIntegerField("lignes rejetées", default=0)
    duplicate_rows = models.PositiveIntegerField("doublons", default=0)
    applied_rows = models.PositiveIntegerField("lignes traitées", default=0)
    summary = models.JSONField("bilan", default=dict, blank=True)
    external_list_id = models.UUIDField("liste chargée", null=True)
    finished_at = models.DateTimeField("terminé le", null=True)

    retention = retention(
        keep="kind organisation dt direction agent membership filename sha256 as_of mapping status refusal total_rows "
        "accepted_rows rejected_rows duplicate_rows applied_rows summary external_list_id finished_at",
        erase="content",
    )

    class Meta:
        verbose_name = "fichier importé"
        ordering = ("-created_at", "id")
        indexes = [models.Index(fields=("direction", "-created_at"), name="import_by_direction")]
        constraints = [
            models.UniqueConstraint(
                fields=("dt", "kind", "sha256"), condition=Q(status="done"), name="import_same_file_once"
            )
        ]

    def __str__(self) -> str:
        return self.filename


class ImportProblem(Record):
    """One problem of one line, with its remedy, as shown and as given back in the rejects file."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    severity = models.CharField("gravité", max_length=10)
    sheet = models.CharField("feuille", max_length=100, blank=True)
    row = models.PositiveIntegerField("ligne")
    column = models.CharField("colonne", max_length=200, blank=True)
    value = models.CharField("valeur", max_length=300, blank=True)
    reason = models.CharField("motif", max_length=400)
    remedy = models.CharField("comment corriger", max_length=400, blank=True)

    retention = retention(keep="source severity sheet row column reason remedy", erase="value")

    class Meta:
        verbose_name = "problème de ligne"
        ordering = ("sheet", "row", "id")

    def __str__(self) -> str:
        return f"ligne {self.row} : {self.reason}"


class RememberedMapping(Record):
    """The correspondence of columns an organisation chose for one kind of file, proposed again next time."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("nature", max_length=20, choices=FileKind.choices)
    columns = models.JSONField("colonnes", default=dict)

    retention = retention(keep="organisation kind columns")

    class Meta:
        verbose_name = "correspondance mémorisée"
        ordering = ("organisation", "kind", "id")
        constraints = [models.UniqueConstraint(fields=("organisation", "kind"), name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.organisation} : {self.get_kind_display()}"


class AnswerFile(Record):
    """The answers of one organisation to the referrals it receives, sent back in one file (D-035, A-054).

    `applied_rows` grows in the transaction of each row: it can be killed anywhere. `link`: sent without account.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="organisme")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="lien")
    filename = models.CharField("nom du fichier", max_length=255)
    content = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte", max_length=64)
    status = models.CharField("état", max_length=10, choices=ImportStatus.choices, default=ImportStatus.RECEIVED)
    refusal = models.CharField("refus", max_length=600, blank=True)
    total_rows = models.PositiveIntegerField("lignes lues", default=0)
    applied_rows = models.PositiveIntegerField("lignes traitées", default=0)
    summary = models.JSONField("bilan", default=dict, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True)

    retention = retention(
        keep="organisation agent membership link filename sha256 status refusal total_rows applied_rows summary "
        "finished_at",
        erase="content",
    )

    class Meta:
        verbose_name = "fichier de réponses"
        ordering = ("-created_at", "id")
        indexes = [models.Index(fields=("organisation", "-created_at"), name="answers_by_organisation")]

    def __str__(self) -> str:
        return self.filename


class LineOutcome(models.TextChoices):
    """What becomes of one line of answers."""

    READY = "ready", "À appliquer"
    DONE = "done", "Appliquée"
    SAME = "same", "Déjà connue"
    REJECT = "reject", "Rejetée"
    DUPLICATE = "duplicate", "En double"
    WARNING = "warning", "À savoir"


class AnswerLine(Record):
    """One remark about one line of a file of answers: what it does, or what is wrong and how to mend it."""

    source = models.ForeignKey(AnswerFile, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField("rang")
    rank = models.PositiveSmallIntegerField("rang de la remarque", default=0)
    sheet = models.CharField("feuille", max_length=100, blank=True)
    row = models.PositiveIntegerField("ligne")
    outcome = models.CharField("suite", max_length=10, choices=LineOutcome.choices)
    name = models.CharField("personne", max_length=300, blank=True)
    column = models.CharField("colonne", max_length=200, blank=True)
    value = models.CharField("valeur", max_length=300, blank=True)
    reason = models.CharField("motif", max_length=400)
    remedy = models.CharField("comment corriger", max_length=400, blank=True)

    retention = retention(keep="source position rank sheet row outcome column reason remedy", erase="name value")

    class Meta:
        verbose_name = "ligne de réponses"
        ordering = ("source", "position", "rank", "id")
        constraints = [models.UniqueConstraint(fields=("source", "position", "rank"), name="answer_line_once")]

    def __str__(self) -> str:
        return f"ligne {self.row} : {self.reason}"


class CallState(models.TextChoices):
    """Where the telling of an appointment stands."""

    QUEUED = "queued", "À dire"
    SENDING = "sending", "En cours d’envoi"
    TOLD = "told", "Dit"
    WAITING = "waiting", "En attente d’un identifiant"
    DOUBTFUL = "doubtful", "Peut-être créé : à vérifier"
    DEAD = "dead", "Abandonné"


class PartnerAppointment(Record):
    """What France Travail is to be told, and was told, of one appointment (« rendez-vous partenaire », E-003, E-006).

    Written in the transaction of the change it tells. `version` grows with what is to be told: what changes while a
    call is under way is told next. `about`: the appointment that stands now, the former ones of it having been moved.
    """

    about = models.UUIDField("rendez-vous", unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="organisme")
    status = models.CharField("statut à dire", max_length=10)
    wanted = models.JSONField("à dire", default=dict)
    erased = models.BooleanField("saisi par erreur", default=False)
    version = models.PositiveIntegerField("version", default=1)
    state = models.CharField("état", max_length=10, choices=CallState.choices, default=CallState.QUEUED)
    remote_id = models.CharField("identifiant France Travail", max_length=100, blank=True)
    told = models.JSONField("dit", default=dict, blank=True)
    told_at = models.DateTimeField("dit le", null=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_attempt_at = models.DateTimeField("prochain essai", default=clock.now)
    claimed_at = models.DateTimeField("pris par un envoi le", null=True)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)

    retention = retention(
        keep="about organisation status erased version state remote_id told_at attempts next_attempt_at claimed_at "
        "last_error",
        pseudonymise="person",
        erase="wanted told",
    )

    class Meta:
        verbose_name = "rendez-vous dit à France Travail"
        ordering = ("created_at", "id")
        indexes = [
            models.Index(fields=("next_attempt_at", "id"), name="partner_call_due", condition=Q(state="queued")),
            models.Index(
                fields=("id",),
                name="partner_call_open",
                condition=Q(state__in=["sending", "waiting", "doubtful", "dead"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status}, {in_sentence(self.get_state_display())}"
