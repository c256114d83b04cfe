"""What is told by e-mail to organisations: one short text per situation, without any personal data.

A room above may give the signed link by which a receiver answers without an account (`use_answer_link`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from passerelles.core import clock
from passerelles.messages import services as outbox
from passerelles.network.models import Organisation
from passerelles.referrals.models import Referral

AnswerLink = Callable[[Referral], str]
_answer_link: AnswerLink | None = None
_FOOT = "\n\nCe message ne contient aucune donnée personnelle."


def use_answer_link(maker: AnswerLink | None) -> AnswerLink | None:
    """Register what makes the address of the partner's answer page; the former one is returned."""
    global _answer_link
    former, _answer_link = _answer_link, maker
    return former


def _how_to_answer(referral: Referral) -> str:
    if _answer_link is not None:
        return f"Répondez sans compte, en moins d’une minute :\n{_answer_link(referral)}"
    return "Connectez-vous à Passerelles, rubrique « Orientations reçues », pour répondre."


def _queue(key: str, kind: str, to: Organisation, subject: str, body: str, referral: Referral | None = None) -> None:
    if not to.mailbox:
        return
    outbox.queue(
        key=key,
        kind=kind,
        recipient=to.mailbox,
        subject=f"Passerelles : {subject}",
        body=f"Bonjour,\n\n{body}{_FOOT}",
        person_id=referral.person_id if referral else None,
    )


def referral_sent(referral: Referral) -> None:
    """The receiver learns that a person is addressed to its service, and by when an answer is expected."""
    due = f" Une réponse est attendue au plus tard le {referral.next_on:%d/%m/%Y}." if referral.next_on else ""
    _queue(
        f"referral:{referral.pk}:sent",
        "referral_sent",
        referral.receiver,
        "une personne vous est adressée",
        f"{referral.sender} adresse une personne à votre service « {referral.service.name} » "
        f"({referral.get_purpose_display().lower()}).{due}\n{_how_to_answer(referral)}",
        referral,
    )


def referral_proposed(referral: Referral) -> None:
    """The DT has a proposal to validate (B-045)."""
    if referral.owner is not None:
        _queue(
            f"referral:{referral.pk}:proposed",
            "referral_proposed",
            referral.owner,
            "une orientation AGIR est à valider",
            f"{referral.sender} propose une orientation vers AGIR. "
            "Connectez-vous à Passerelles, rubrique « Orientations », pour la valider ou la refuser.",
            referral,
        )


def told_to_sender(referral: Referral, situation: str, sentence: str) -> None:
    """The sender learns what became of it; once per situation and per day."""
    _queue(
        f"referral:{referral.pk}:{situation}:{clock.now().isoformat()}",
        f"referral_{situation}",
        referral.sender,
        "une orientation a reçu une réponse",
        f"{referral.receiver} : {sentence} Connectez-vous à Passerelles, rubrique « Orientations envoyées ».",
        referral,
    )


def told_to_receiver(referral: Referral, situation: str, sentence: str) -> None:
    """The receiver learns what the person or the sender says."""
    _queue(
        f"referral:{referral.pk}:{situation}:{clock.now().isoformat()}",
        f"referral_{situation}",
        referral.receiver,
        "une orientation a changé",
        f"{sentence}\n{_how_to_answer(referral)}",
        referral,
    )


def appointment_words(starts_at: dt.datetime) -> str:
    """`le 12/03/2026 à 10 h 00`."""
    when = starts_at.astimezone(clock.PARIS)
    return f"le {when:%d/%m/%Y} à {when:%H h %M}"
