"""Ways a message leaves: the console (demonstration, tests) and SMTP. Each raises when the message did not leave."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from passerelles.messages.models import Message

log = logging.getLogger("passerelles.messages")


class Backend(Protocol):
    def send(self, message: Message) -> None: ...


class Console:
    """Writes the message in the log of the worker."""

    def send(self, message: Message) -> None:
        log.warning("message à %s : %s\n%s", message.recipient, message.subject, message.body)


class Smtp:
    """Sends by the SMTP server of the settings, with a Message-ID that does not change between attempts."""

    def send(self, message: Message) -> None:
        mail = EmailMessage(
            subject=message.subject,
            body=message.body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.recipient],
            headers={"Message-ID": f"<{message.pk}@passerelles>"},
            connection=get_connection("django.core.mail.backends.smtp.EmailBackend"),
        )
        if message.attachment is not None:
            mail.attach(message.attachment_name, bytes(message.attachment))
        mail.send()


BACKENDS: dict[str, type[Backend]] = {"console": Console, "smtp": Smtp}


def chosen() -> Backend:
    """The back-end named by PASSERELLES_MESSAGES."""
    return BACKENDS[settings.MESSAGE_BACKEND]()
