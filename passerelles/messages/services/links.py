"""Signed links: made, found by their token, used, revoked. Only a keyed hash of the token is kept.

A token is the random identifier of the link and its signature (HMAC-SHA256 cut to 96 bits): it says nothing of
anybody. A forged one is refused before the database is asked; a real one is looked up by its keyed hash, so that the
time of the answer tells nothing. Reading through a link writes nothing here.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import uuid

from django.conf import settings
from django.db import transaction

from passerelles.core import clock, crypto
from passerelles.core.errors import Unknown, UserError
from passerelles.journal import services as journal
from passerelles.messages.models import Link, LinkPurpose, LinkUse
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor

PERSON_PAGE_LIFE = dt.timedelta(days=365)
PARTNER_LIFE = dt.timedelta(days=60)
FILE_LIFE = dt.timedelta(days=14)
SIGNATURE = 12
TOKEN_LENGTH = 38
_LETTERS = {LinkPurpose.PERSON_PAGE: "m", LinkPurpose.PARTNER_ANSWER: "r", LinkPurpose.PARTNER_FILE: "t"}


class DeadLink(Unknown):
    """The link does not open anything, or no longer does; which of the two is not told."""

    def __init__(self) -> None:
        super().__init__("Ce lien ne marche pas, ou ne marche plus.", remedy="Demandez-en un nouveau.")


class LinkUsed(UserError):
    """The link has already given its answer."""


def token_of(link: Link) -> str:
    """The token of a link: 38 characters that stand in an address."""
    return _text(link.pk.bytes) + _text(_signature(link.pk))


def address_of(link: Link) -> str:
    """The whole address to open, as it is sent or printed."""
    return f"{settings.SITE_ADDRESS}/{_LETTERS[LinkPurpose(link.purpose)]}/{token_of(link)}"


@transaction.atomic
def person_link(actor: Actor, person_id: uuid.UUID) -> Link:
    """The live link to the page of a person, made when there is none that lasts another month."""
    now = clock.now()
    lasting = Link.objects.filter(
        purpose=LinkPurpose.PERSON_PAGE,
        subject_id=person_id,
        revoked_at=None,
        expires_at__gt=now + dt.timedelta(days=30),
    ).order_by("-expires_at", "id")
    if found := lasting.first():
        return found
    link = _make(actor, LinkPurpose.PERSON_PAGE, person_id, person_id, now + PERSON_PAGE_LIFE)
    journal.note_access(actor, [person_id], action="write", purpose=f"lien de la page de la personne créé ({link.pk})")
    return link


@transaction.atomic
def partner_link(actor: Actor, *, subject_id: uuid.UUID, person_id: uuid.UUID, organisation: Organisation) -> Link:
    """The live link by which the functional mailbox of `organisation` answers about `subject_id`.

    Raises `UserError` when the directory has no mailbox: then nobody could be recognised by it.
    """
    _require_mailbox(organisation)
    now = clock.now()
    live = Link.objects.filter(
        purpose=LinkPurpose.PARTNER_ANSWER,
        subject_id=subject_id,
        organisation=organisation,
        mailbox=organisation.mailbox,
        revoked_at=None,
        expires_at__gt=now + dt.timedelta(days=7),
    ).order_by("-expires_at", "id")
    if found := live.first():
        return found
    link = _make(
        actor,
        LinkPurpose.PARTNER_ANSWER,
        subject_id,
        person_id,
        now + PARTNER_LIFE,
        organisation=organisation,
        mailbox=organisation.mailbox,
    )
    journal.note_access(actor, [person_id], action="write", purpose=f"lien de réponse de {organisation} ({link.pk})")
    return link


@transaction.atomic
def file_link(actor: Actor, organisation: Organisation) -> Link:
    """The live link by which the functional mailbox of `organisation` takes its file of answers out and sends it back.

    It opens more than one person: it lasts two weeks, and only leaves for the mailbox. Raises `UserError`.
    """
    _require_mailbox(organisation)
    now = clock.now()
    live = Link.objects.filter(
        purpose=LinkPurpose.PARTNER_FILE,
        subject_id=organisation.pk,
        mailbox=organisation.mailbox,
        revoked_at=None,
        expires_at__gt=now + dt.timedelta(days=7),
    ).order_by("-expires_at", "id")
    if found := live.first():
        return found
    return _make(
        actor,
        LinkPurpose.PARTNER_FILE,
        organisation.pk,
        None,
        now + FILE_LIFE,
        organisation=organisation,
        mailbox=organisation.mailbox,
    )


def _require_mailbox(organisation: Organisation) -> None:
    if not organisation.mailbox:
        raise UserError(
            f"{organisation} n’a pas de boîte fonctionnelle dans l’annuaire.",
            remedy="Demandez à l’administrateur de cet organisme de la renseigner.",
        )


def find(token: str, purpose: LinkPurpose) -> Link:
    """The live link of this token. Raises `DeadLink`: unknown, forged, of another purpose, expired or revoked."""
    link_id = _read(token)
    if link_id is None:
        raise DeadLink
    link = Link.objects.select_related("organisation").filter(token_hash=_hash(token), purpose=purpose).first()
    if link is None or link.pk != link_id or link.revoked_at or link.expires_at <= clock.now():
        raise DeadLink
    if link.organisation and (link.organisation.mailbox != link.mailbox or link.organisation.closed_on):
        raise DeadLink  # The mailbox that proved who answers is no longer that of the organisation.
    return link


@transaction.atomic
def note_use(link: Link, action: str) -> None:
    """Trace an answer given through the link, in the transaction of the answer."""
    LinkUse.objects.create(link=link, action=action)
    Link.objects.filter(pk=link.pk, used_at=None).update(used_at=clock.now())


@transaction.atomic
def revoke(actor: Actor, link: Link, *, reason: str) -> None:
    """The link opens nothing any more; twice changes nothing. The policy has been asked by the caller."""
    if Link.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=clock.now()):
        about = [link.person_id] if link.person_id else []
        journal.note_access(actor, about, action="write", purpose=f"lien révoqué ({link.pk}) : {reason}")


@transaction.atomic
def revoke_for(actor: Actor, subject_id: uuid.UUID, purpose: LinkPurpose, *, reason: str) -> int:
    """Revoke every live link of this purpose about `subject_id`; how many."""
    live = list(Link.objects.select_for_update().filter(subject_id=subject_id, purpose=purpose, revoked_at=None))
    for link in live:
        revoke(actor, link, reason=reason)
    return len(live)


def _make(
    actor: Actor, purpose: LinkPurpose, subject_id: uuid.UUID, person_id: uuid.UUID | None, expires_at, **more
) -> Link:
    link = Link(
        purpose=purpose,
        subject_id=subject_id,
        person_id=person_id,
        expires_at=expires_at,
        made_by=actor.agent_id,
        **more,
    )
    link.token_hash = _hash(token_of(link))
    link.save(force_insert=True)
    return link


def _hash(token: str) -> bytes:
    return crypto.keyed_hash("link", token, secret=settings.SECRET_KEY)


def _signature(link_id: uuid.UUID) -> bytes:
    return crypto.signature("link", link_id.bytes, secret=settings.SECRET_KEY)[:SIGNATURE]


def _read(token: str) -> uuid.UUID | None:
    """The identifier in a token whose signature is ours."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(f"{token[:22]}==")
        given = base64.urlsafe_b64decode(token[22:])
    except (binascii.Error, ValueError):
        return None
    if _text(raw) + _text(given) != token:  # Another writing of the same bytes is another address.
        return None
    link_id = uuid.UUID(bytes=raw)
    return link_id if hmac.compare_digest(given, _signature(link_id)) else None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
