"""The outbox: a message is written in the transaction of the change it tells, and sent by the worker."""

from __future__ import annotations

from django.db import models

from passerelles.core import clock
from passerelles.core.models import Record, retention


class MessageState(models.TextChoices):
    QUEUED = "queued", "À envoyer"
    SENT = "sent", "Envoyé"
    DEAD = "dead", "Abandonné"


class Message(Record):
    """One message as written and as sent. `key` makes the same message impossible to queue twice."""

    key = models.CharField("clé", max_length=200, unique=True)
    kind = models.CharField("situation", max_length=40)
    channel = models.CharField("canal", max_length=10, default="email")
    recipient = models.CharField("destinataire", max_length=200)
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    attachment_name = models.CharField("pièce jointe", max_length=200, blank=True)
    attachment = models.BinaryField("contenu de la pièce jointe", null=True)
    person_id = models.UUIDField("personne", null=True)
    state = models.CharField("état", max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_attempt_at = models.DateTimeField("prochain essai", default=clock.now)
    sent_at = models.DateTimeField("envoyé le", null=True)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)

    retention = retention(
        keep="key kind channel state attempts next_attempt_at sent_at last_error attachment_name",
        pseudonymise="person_id",
        erase="recipient subject body attachment",
    )

    class Meta:
        verbose_name = "message"
        ordering = ("created_at", "id")
        indexes = [models.Index(fields=("next_attempt_at",), name="message_due", condition=models.Q(state="queued"))]

    def __str__(self) -> str:
        return self.subject
