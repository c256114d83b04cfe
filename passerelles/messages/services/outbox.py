"""Queue a message in the transaction of the change; send what is due, each at most once per attempt.

Never twice: a message is locked while it leaves, its state is written in the same transaction, and what leaves always
bears the same name (Message-ID, idempotency key, file name). Were the worker killed between the leaving and the
writing, the second attempt bears that same name and the receiver drops it.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.messages import rules
from passerelles.messages.backends import Backend, Outgoing, Permanent, backends
from passerelles.messages.models import Link, Message, MessageState
from passerelles.messages.rules import Channel
from passerelles.messages.services import links
from passerelles.people.enums import ConsentPurpose
from passerelles.people.models import Consent
from passerelles.reference import parameters
from passerelles.reference.parameters import BeforeFirstDate, NotConfigured
from passerelles.reference.territory import NATIONAL

QuietHours = tuple[int | None, int | None]
MAX_ATTEMPTS = 8
FIRST_DELAY = dt.timedelta(minutes=1)
LINK_MARK = "⟦lien⟧"
"""Stands in a kept text where the address goes when the message leaves."""


def queue(
    *,
    key: str,
    kind: str,
    recipient: str,
    subject: str,
    body: str,
    channel: str = Channel.EMAIL,
    language: str = "fra",
    person_id: uuid.UUID | None = None,
    link: Link | None = None,
    attachment_name: str = "",
    attachment: bytes | None = None,
    not_before: dt.datetime | None = None,
) -> Message:
    """Write a message in the outbox; the same `key` twice is one message. An SMS waits for the end of quiet hours."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a message is queued in the transaction of the change it tells")
    due = max(not_before or clock.now(), clock.now())
    message, _ = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "channel": channel,
            "language": language,
            "recipient": recipient,
            "subject": subject,
            "body": body,
            "person_id": person_id,
            "link": link,
            "attachment_name": attachment_name,
            "attachment": attachment,
            "next_attempt_at": _not_in_quiet_hours(channel, due),
        },
    )
    return message


def send_due(limit: int = 100, backend: Backend | None = None) -> int:
    """Send the messages that are due; how many left. Two workers never take the same one (SKIP LOCKED).

    `backend` sends every channel; without it each channel has its own (settings).
    """
    sent = 0
    quiet = _quiet_hours(clock.today())
    with backends(backend) as chosen:
        for _ in range(limit):
            outcome = _send_next(chosen, quiet)
            if outcome is None:
                break
            sent += outcome
    return sent


@transaction.atomic
def _send_next(chosen, quiet: QuietHours) -> int | None:
    now = clock.now()
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("link")
        .filter(state=MessageState.QUEUED, next_attempt_at__lte=now)
        .order_by("next_attempt_at", "id")
        .first()
    )
    if message is None:
        return None
    if _stopped(message):
        message.state = MessageState.STOPPED
        message.save(update_fields=["state"])
        return 0
    later = rules.after_quiet(now, *quiet) if message.channel == Channel.SMS else now
    if later > now:
        message.next_attempt_at = later
        message.save(update_fields=["next_attempt_at"])
        return 0
    message.attempts += 1
    try:
        receipt = chosen(message.channel).send(_outgoing(message))
    except Exception as error:
        _failed(message, error)
        return 0
    message.state, message.sent_at, message.last_error = MessageState.SENT, clock.now(), ""
    message.receipt = (receipt or "")[:100]
    message.save(update_fields=["state", "sent_at", "last_error", "attempts", "receipt"])
    return 1


def _failed(message: Message, error: Exception) -> None:
    """Wait twice as long each time; given up after `MAX_ATTEMPTS`, or at once when trying again is of no use."""
    message.last_error = f"{type(error).__name__}: {error}"[:300]
    later = clock.now() + FIRST_DELAY * 2 ** (message.attempts - 1)
    message.next_attempt_at = _not_in_quiet_hours(message.channel, later)
    if message.attempts >= MAX_ATTEMPTS or isinstance(error, Permanent):
        message.state = MessageState.DEAD
    message.save(update_fields=["last_error", "next_attempt_at", "state", "attempts"])


def _outgoing(message: Message) -> Outgoing:
    address = links.address_of(message.link) if message.link else ""
    return Outgoing(
        pk=message.pk,
        key=message.key,
        kind=message.kind,
        channel=message.channel,
        language=message.language,
        recipient=message.recipient,
        subject=message.subject,
        body=message.body.replace(LINK_MARK, address),
        address=address,
        written_at=message.created_at,
        attachment_name=message.attachment_name,
        attachment=bytes(message.attachment) if message.attachment is not None else None,
    )


def _stopped(message: Message) -> bool:
    """The person asked for no more SMS nor e-mail after the message was queued."""
    to_the_person = message.link is not None and message.link.organisation_id is None
    return to_the_person and message.channel != Channel.LETTER and has_stopped(message.person_id)


def has_stopped(person_id: uuid.UUID) -> bool:
    """Has the person withdrawn their agreement to SMS and e-mail? One query; without a word from them, they have not.

    The messages belong to the public service; the person may stop them at any time, from each of them (K-005).
    """
    said = Consent.objects.filter(person_id=person_id, purpose=ConsentPurpose.MESSAGES)
    withdrawals = set(said.order_by().values_list("withdrawn_on", flat=True))
    return bool(withdrawals) and None not in withdrawals


def _not_in_quiet_hours(channel: str, instant: dt.datetime) -> dt.datetime:
    if channel != Channel.SMS:
        return instant
    return rules.after_quiet(instant, *_quiet_hours(clock.paris_date(instant)))


def _quiet_hours(on: dt.date) -> QuietHours:
    """The hours of Paris between which no SMS leaves; read once for a batch."""
    return _hour("message_quiet_start", on), _hour("message_quiet_end", on)


def _hour(key: str, on: dt.date) -> int | None:
    try:
        return parameters.value(key, on, NATIONAL).as_int()
    except (NotConfigured, BeforeFirstDate):
        return None


@transaction.atomic
def revive(message_id: uuid.UUID) -> None:
    """Give a dead message another chance. Raises `Unknown` when none is given up under this name."""
    revived = Message.objects.filter(pk=message_id, state=MessageState.DEAD).update(
        state=MessageState.QUEUED, attempts=0, next_attempt_at=clock.now()
    )
    if not revived:
        raise Unknown(f"Aucun message abandonné ne porte l’identifiant {message_id}.")


@transaction.atomic
def drop(prefix: str) -> int:
    """The queued messages whose key begins with `prefix` will not leave: what they told is no longer true."""
    return Message.objects.filter(key__startswith=prefix, state=MessageState.QUEUED).update(state=MessageState.DROPPED)
