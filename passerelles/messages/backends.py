"""Ways a message leaves: console, SMTP, the HTTP interface of an SMS provider, a folder of letters.

Each raises when the message did not leave, `Permanent` when trying again is of no use. What leaves bears the identifier
of the message, the same at every attempt.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import logging
import smtplib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from passerelles.core.web_calls import call, own_or_https
from passerelles.messages.letters import write_letter
from passerelles.messages.rules import Channel

log = logging.getLogger("passerelles.messages")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it leaves: the link is in the text (`address` alone for a letter, "" without link)."""

    pk: uuid.UUID
    key: str
    kind: str
    channel: str
    language: str
    recipient: str
    subject: str
    body: str
    address: str
    written_at: dt.datetime
    attachment_name: str = ""
    attachment: bytes | None = None


class Permanent(Exception):
    """The receiver will never take this message: wrong number, unknown mailbox."""


class Backend(Protocol):
    def send(self, message: Outgoing) -> str | None:
        """Let it go; the receipt of the provider when it gives one."""
        ...


class Console:
    """Writes the message in the log of the worker."""

    def send(self, message: Outgoing) -> None:
        log.warning("%s à %s : %s\n%s", message.channel, message.recipient, message.subject, message.body)


class Smtp:
    """The SMTP server of the settings, one connection for a batch, a Message-ID that never changes."""

    def __init__(self) -> None:
        self.connection = get_connection("django.core.mail.backends.smtp.EmailBackend")

    def send(self, message: Outgoing) -> None:
        mail = EmailMessage(
            subject=message.subject,
            body=message.body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.recipient],
            headers={"Message-ID": f"<{message.pk}@passerelles>", "Auto-Submitted": "auto-generated"},
            connection=self.connection,
        )
        if message.attachment is not None:
            mail.attach(message.attachment_name, message.attachment)
        try:
            self.connection.open()
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            if all(500 <= code < 600 for code, _ in error.recipients.values()):
                raise Permanent(str(error.recipients)) from error
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.connection.close()


class HttpSms:
    """A provider that speaks the interface of docs/operations/sms.md: POST, JSON, idempotency key."""

    TIMEOUT = 10

    def send(self, message: Outgoing) -> str | None:
        body = {"id": str(message.pk), "to": message.recipient, "text": message.body, "sender": settings.SMS_SENDER}
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": f"Bearer {settings.SMS_TOKEN}",
            "Idempotency-Key": str(message.pk),
        }
        sent = json.dumps(body, ensure_ascii=False).encode()
        reply = call("POST", sms_address(), headers, sent, timeout=self.TIMEOUT)
        if 200 <= reply.status < 300 or reply.status == http.client.CONFLICT:
            return self._receipt(reply.body)
        said = f"HTTP {reply.status} {reply.body[:500].decode(errors='replace')}"
        if reply.status in {400, 404, 410, 422}:
            raise Permanent(said)
        raise OSError(said)

    @staticmethod
    def _receipt(body: bytes) -> str:
        """The identifier the provider gives; what is not JSON is no receipt, but the status said it was taken."""
        try:
            found = json.loads(body)
        except ValueError:
            return ""
        return str(found.get("id", "")) if isinstance(found, dict) else ""


def sms_address() -> str:
    """The address of the provider: https, or a machine of one's own; raises `ValueError` otherwise."""
    return own_or_https(settings.SMS_URL, "PASSERELLES_SMS_URL")


class LetterFolder:
    """Puts the PDF of a letter in the folder of the post room, under the identifier of the message."""

    def send(self, message: Outgoing) -> str:
        folder = Path(settings.LETTER_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{message.pk}.pdf"
        partial = path.with_suffix(".partial")
        partial.write_bytes(write_letter(message))
        partial.replace(path)
        return path.name


BY_NAME: dict[str, Callable[[], Backend]] = {
    "console": Console,
    "smtp": Smtp,
    "http": HttpSms,
    "folder": LetterFolder,
}


def _configured(channel: str) -> str:
    if channel == Channel.SMS:
        return settings.SMS_BACKEND
    if channel == Channel.LETTER:
        return settings.LETTER_BACKEND
    return settings.MESSAGE_BACKEND


@contextlib.contextmanager
def backends(every: Backend | None = None) -> Iterator[Callable[[str], Backend]]:
    """From a channel to its back-end, the same during a batch; connections are closed at the end."""
    made: dict[str, Backend] = {}

    def choose(channel: str) -> Backend:
        if every is not None:
            return every
        name = _configured(channel)
        if name not in made:
            made[name] = BY_NAME[name]()
        return made[name]

    try:
        yield choose
    finally:
        for backend in (*made.values(), *([every] if every is not None else [])):
            if close := getattr(backend, "close", None):
                close()
