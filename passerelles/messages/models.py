"""The outbox: a message is written in the transaction of the change it tells, and sent by the worker. Signed links."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from passerelles.core import clock
from passerelles.core.models import Record, retention
from passerelles.network.models import Organisation


class MessageState(models.TextChoices):
    QUEUED = "queued", "À envoyer"
    SENT = "sent", "Envoyé"
    DEAD = "dead", "Abandonné"
    DROPPED = "dropped", "Devenu sans objet"
    STOPPED = "stopped", "Non envoyé : la personne n’en veut plus"


class LinkPurpose(models.TextChoices):
    """What a link opens, and nothing else."""

    PERSON_PAGE = "person_page", "Page de la personne"
    PARTNER_ANSWER = "partner_answer", "Réponse de l’organisme"
    PARTNER_FILE = "partner_file", "Tableau des orientations de l’organisme"


class Link(Record):
    """An address that opens one thing without an account. The token is never kept: only its keyed hash is.

    `subject_id`: the person, what the organisation answers about, or the organisation itself (its file of answers).
    `mailbox`: where the link was sent, the proof of who answers. `used_at`: the first answer given by it.
    """

    purpose = models.CharField("objet", max_length=20, choices=LinkPurpose.choices)
    subject_id = models.UUIDField("sur")
    person_id = models.UUIDField("personne", null=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisme"
    )
    mailbox = models.EmailField("boîte fonctionnelle", blank=True)
    token_hash = models.BinaryField("empreinte du jeton", max_length=16)
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("révoqué le", null=True)
    used_at = models.DateTimeField("première réponse le", null=True)
    made_by = models.UUIDField("créé par", null=True)

    retention = retention(
        keep="purpose subject_id organisation mailbox expires_at revoked_at used_at made_by",
        pseudonymise="person_id",
        erase="token_hash",
    )

    class Meta:
        verbose_name = "lien"
        ordering = ("-created_at", "id")
        indexes = [models.Index(fields=("subject_id", "purpose"), name="link_by_subject")]
        constraints = [
            models.UniqueConstraint(fields=("token_hash",), name="link_token_once"),
            models.CheckConstraint(
                name="link_partner_has_mailbox",
                condition=~Q(purpose__in=["partner_answer", "partner_file"])
                | Q(organisation__isnull=False) & ~Q(mailbox=""),
            ),
            models.CheckConstraint(
                name="link_about_a_person", condition=Q(purpose="partner_file") | Q(person_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, jusqu’au {self.expires_at:%d/%m/%Y}"


class LinkUse(Record):
    """One answer given through a link: what, and when. Reading leaves nothing here."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="uses")
    action = models.CharField("réponse", max_length=40)

    retention = retention(keep="link action")

    class Meta:
        verbose_name = "usage d’un lien"
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.action} {self.created_at:%d/%m/%Y %H:%M}"


class Message(Record):
    """One message as written and as sent. `key` makes the same message impossible to queue twice.

    Where the text holds a link, `body` holds `LINK_MARK` in its place: the token is put in when the message leaves.
    """

    key = models.CharField("clé", max_length=200, unique=True)
    kind = models.CharField("situation", max_length=40)
    channel = models.CharField("canal", max_length=10, default="email")
    language = models.CharField("langue", max_length=3, blank=True, default="fra", db_default="fra")
    recipient = models.CharField("destinataire", max_length=200)
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    attachment_name = models.CharField("pièce jointe", max_length=200, blank=True)
    attachment = models.BinaryField("contenu de la pièce jointe", null=True)
    link = models.ForeignKey(Link, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="lien")
    person_id = models.UUIDField("personne", null=True)
    state = models.CharField("état", max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_attempt_at = models.DateTimeField("prochain essai", default=clock.now)
    sent_at = models.DateTimeField("envoyé le", null=True)
    receipt = models.CharField("reçu du prestataire", max_length=100, blank=True, default="", db_default="")
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)

    retention = retention(
        keep="key kind channel language state attempts next_attempt_at sent_at receipt last_error attachment_name link",
        pseudonymise="person_id",
        erase="recipient subject body attachment",
    )

    class Meta:
        verbose_name = "message"
        ordering = ("created_at", "id")
        indexes = [
            models.Index(fields=("next_attempt_at", "id"), name="message_next", condition=Q(state="queued")),
            models.Index(fields=("person_id", "-created_at"), name="message_by_person"),
        ]

    def __str__(self) -> str:
        return self.subject
