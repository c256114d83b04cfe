"""Queue a message in the transaction of the change; send what is due, each at most once per attempt."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.messages.backends import Backend, chosen
from passerelles.messages.models import Message, MessageState

MAX_ATTEMPTS = 8
FIRST_DELAY = dt.timedelta(minutes=1)


def queue(
    *,
    key: str,
    kind: str,
    recipient: str,
    subject: str,
    body: str,
    person_id: uuid.UUID | None = None,
    attachment_name: str = "",
    attachment: bytes | None = None,
) -> Message:
    """Write a message in the outbox; the same `key` twice is one message."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a message is queued in the transaction of the change it tells")
    message, _ = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "recipient": recipient,
            "subject": subject,
            "body": body,
            "person_id": person_id,
            "attachment_name": attachment_name,
            "attachment": attachment,
        },
    )
    return message


def send_due(limit: int = 100, backend: Backend | None = None) -> int:
    """Send the messages that are due; how many left. Two workers never take the same one (SKIP LOCKED)."""
    sent = 0
    backend = backend or chosen()
    for _ in range(limit):
        outcome = _send_next(backend)
        if outcome is None:
            break
        sent += outcome
    return sent


@transaction.atomic
def _send_next(backend: Backend) -> int | None:
    message = (
        Message.objects.select_for_update(skip_locked=True)
        .filter(state=MessageState.QUEUED, next_attempt_at__lte=clock.now())
        .order_by("next_attempt_at", "id")
        .first()
    )
    if message is None:
        return None
    message.attempts += 1
    try:
        backend.send(message)
    except Exception as error:
        message.last_error = f"{type(error).__name__}: {error}"[:300]
        message.next_attempt_at = clock.now() + FIRST_DELAY * 2 ** (message.attempts - 1)
        if message.attempts >= MAX_ATTEMPTS:
            message.state = MessageState.DEAD
        message.save()
        return 0
    message.state, message.sent_at, message.last_error = MessageState.SENT, clock.now(), ""
    message.save()
    return 1


@transaction.atomic
def revive(message_id: uuid.UUID) -> None:
    """Give a dead message another chance."""
    Message.objects.filter(pk=message_id, state=MessageState.DEAD).update(
        state=MessageState.QUEUED, attempts=0, next_attempt_at=clock.now()
    )
