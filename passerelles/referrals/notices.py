"""What is told to organisations by e-mail, in French, and to the person in their language: nothing personal in either.

The receiver answers by the signed link of its message, without account.
"""

from __future__ import annotations

import datetime as dt

from passerelles.core import clock
from passerelles.core.text import in_sentence
from passerelles.messages import services as outbox
from passerelles.network.models import Organisation
from passerelles.network.policy import SYSTEM
from passerelles.referrals.models import Appointment, Referral
from passerelles.referrals.rules.words import CLOSED, SENSITIVE


def _queue(
    key: str, kind: str, to: Organisation, subject: str, body: str, referral: Referral, *, answers: bool = False
) -> None:
    outbox.tell_organisation(
        SYSTEM,
        to,
        key=key,
        kind=kind,
        subject=f"Passerelles : {subject}",
        lines=[body],
        person_id=referral.person_id,
        answer_about=referral.pk if answers else None,
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
        f"({in_sentence(referral.get_purpose_display())}).{due}",
        referral,
        answers=True,
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
        sentence,
        referral,
        answers=referral.state not in CLOSED,
    )


def appointment_words(starts_at: dt.datetime) -> str:
    """`le 12/03/2026 à 10 h 00`."""
    when = starts_at.astimezone(clock.PARIS)
    return f"le {when:%d/%m/%Y} à {when:%H h %M}"


def person_sent(referral: Referral) -> None:
    """The person learns to whom they are sent; for health and violence, only that their page has something new."""
    _tell_person(referral, "referral_sent", f"referral-of-person:{referral.pk}:sent:{referral.sent_at}")


def person_given_back(referral: Referral) -> None:
    """The organisation does not take the person, or stays silent: another place is looked for."""
    _tell_person(
        referral, "referral_taken_over", f"referral-of-person:{referral.pk}:back:{referral.state}:{referral.entered_on}"
    )


def _tell_person(referral: Referral, situation: str, key: str) -> None:
    outbox.tell_person(
        SYSTEM,
        referral.person,
        "page_link" if referral.purpose in SENSITIVE else situation,
        key=key[:200],
        organisation=referral.receiver.name,
    )


def appointment_given(referral: Referral, appointment: Appointment, former: Appointment | None) -> None:
    """The person learns the date; it is recalled the day before, and asked the day after whether it was held."""
    if former is not None:
        outbox.drop_appointment(former.pk)
    place = appointment.where or referral.receiver.address
    if not place or referral.purpose not in SENSITIVE and referral.receiver.name not in place:
        place = ", ".join(filter(None, (referral.receiver.name, place)))
    outbox.tell_appointment(
        SYSTEM, referral.person, appointment.pk, at=appointment.starts_at, place=place, moved=former is not None
    )


def appointment_cancelled(referral: Referral, appointment: Appointment) -> None:
    """The person must not come; said only of an appointment still to come."""
    outbox.drop_appointment(appointment.pk)
    if appointment.starts_at > clock.now():
        _about(referral, appointment, "appointment_cancelled")


def appointment_missed(referral: Referral, appointment: Appointment) -> None:
    """The receiver says that the person did not come: they may say otherwise."""
    outbox.drop_appointment(appointment.pk)
    _about(referral, appointment, "appointment_missed")


def _about(referral: Referral, appointment: Appointment, situation: str) -> None:
    key = f"appointment-of-person:{appointment.pk}:{situation}"
    outbox.tell_person(SYSTEM, referral.person, situation, key=key, at=appointment.starts_at)
