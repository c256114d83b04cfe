"""Tell a person or an organisation what changes for them: language, channel, text and link are chosen here."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from passerelles.core import clock
from passerelles.messages import catalogue, rules
from passerelles.messages.models import Link, Message
from passerelles.messages.rules import Channel, Contact
from passerelles.messages.services import links
from passerelles.messages.services.outbox import LINK_MARK, drop, has_stopped, queue
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.people.models import Person

TEXTS = Path(__file__).resolve().parent.parent / "texts"
REMINDER_HOUR = 10
BY_LETTER = frozenset({"appointment_fixed", "appointment_moved", "appointment_cancelled", "page_link", "permit_expiry"})
"""Situations worth a letter when there is no other way: missing them would cost the person something."""


def texts_in(language: str) -> catalogue.Texts:
    """The texts of the outbox in the language nearest to `language` (ISO 639-3)."""
    return catalogue.load(TEXTS)[catalogue.language_of(language)]


def contact_of(person: Person) -> Contact:
    """How the person can be reached."""
    place = " ".join(filter(None, (person.postcode, person.city)))
    return Contact(
        phone=person.phone,
        email=person.email,
        address=", ".join(filter(None, (person.address, place))) if person.address and place else "",
        stopped=has_stopped(person.pk),
    )


def tell_person(
    actor: Actor,
    person: Person,
    situation: str,
    *,
    key: str,
    at: dt.datetime | None = None,
    on: dt.date | None = None,
    place: str = "",
    organisation: str = "",
    not_before: dt.datetime | None = None,
) -> Message | None:
    """Queue the message of `situation` to a person, in their language; None when there is no way to reach them.

    `at`: the instant of the appointment; `on`: a day without an hour. Call inside the transaction of the change. An
    SMS holds the date, the place and the link, nothing else (K-018).
    """
    contact = contact_of(person)
    channel = rules.channel_of(contact, by_letter=situation in BY_LETTER)
    if channel is None:
        return None
    texts = texts_in(person.language)
    local = at.astimezone(clock.PARIS) if at else None
    day = local.date() if local else on
    values = {
        "date": texts.date(day) if day else "",
        "short_date": catalogue.short_date(day) if day else "",
        "time": catalogue.hour(local) if local else "",
        "place": place,
        "organisation": organisation,
        "link": LINK_MARK,
    }
    return queue(
        key=key,
        kind=situation,
        channel=channel,
        language=texts.language,
        recipient=_recipient(person, contact, channel),
        subject=texts(f"{situation}.subject", **values),
        body=body_of(texts, situation, channel, values, texts_in(catalogue.ORIGINAL), day),
        person_id=person.pk,
        link=links.person_link(actor, person.pk),
        not_before=not_before,
    )


def _recipient(person: Person, contact: Contact, channel: Channel) -> str:
    if channel is Channel.SMS:
        return contact.phone
    if channel is Channel.EMAIL:
        return contact.email
    return f"{person.given_names} {person.family_name.upper()}, {contact.address}"[:200]


def body_of(
    texts: catalogue.Texts,
    situation: str,
    channel: Channel,
    values: dict[str, str],
    french: catalogue.Texts,
    day: dt.date | None,
) -> str:
    """The text as sent. A letter in another language carries the French text below a form feed."""
    if channel is Channel.SMS:
        return texts(f"{situation}.sms", **values)
    said = texts(f"{situation}.body", **values)
    if channel is Channel.EMAIL:
        parts = (texts("common.greeting"), said, texts("common.link", **values), texts("common.ending"))
        return "\n\n".join(parts)
    letter = "\n\n".join((texts("common.greeting"), said))
    if texts.language == french.language:
        return letter
    in_french = values | {"date": french.date(day) if day else ""}
    return f"{letter}\f{french(f'{situation}.body', **in_french)}"


def tell_organisation(
    actor: Actor,
    organisation: Organisation,
    *,
    key: str,
    kind: str,
    subject: str,
    lines: list[str],
    person_id: uuid.UUID | None = None,
    answer_about: uuid.UUID | None = None,
    not_before: dt.datetime | None = None,
) -> Message | None:
    """Queue an e-mail to the functional mailbox, in French, without anything personal; None when there is no mailbox.

    `answer_about`: what the organisation answers about through the link that the message then holds.
    """
    if not organisation.mailbox:
        return None
    link: Link | None = None
    text = ["Bonjour,", "\n".join(lines)]
    if answer_about is not None and person_id is not None:
        link = links.partner_link(actor, subject_id=answer_about, person_id=person_id, organisation=organisation)
        text.append(f"Répondre sans compte, depuis un téléphone ou un ordinateur :\n{LINK_MARK}")
        text.append(
            f"Ce lien est réservé à {organisation.name} ({organisation.mailbox}). Ne le transférez pas hors de votre "
            "organisme."
        )
    text.append("Ce message ne contient aucune donnée personnelle.")
    return queue(
        key=key,
        kind=kind,
        recipient=organisation.mailbox,
        subject=subject,
        body="\n\n".join(text),
        person_id=person_id,
        link=link,
        not_before=not_before,
    )


def tell_appointment(
    actor: Actor,
    person: Person,
    appointment_id: uuid.UUID,
    *,
    at: dt.datetime,
    place: str,
    moved: bool = False,
    version: str = "",
) -> None:
    """The appointment is given (or its date changed), a reminder the day before, the question the day after.

    `drop_appointment` takes back those that have not left. `version`: the same appointment told again with another
    date or place; without it the same message is never queued twice.
    """
    key, end = f"appointment-of-person:{appointment_id}", f":{version}" if version else ""
    situation = "appointment_moved" if moved else "appointment_fixed"
    tell_person(actor, person, situation, key=f"{key}:given{end}", at=at, place=place)
    day = clock.paris_date(at)
    before, after = (clock.paris(day + dt.timedelta(days=days), REMINDER_HOUR) for days in (-1, 1))
    if before > clock.now():
        tell_person(
            actor, person, "appointment_reminder", key=f"{key}:reminder{end}", at=at, place=place, not_before=before
        )
    tell_person(actor, person, "appointment_question", key=f"{key}:question{end}", at=at, not_before=after)


def drop_appointment(appointment_id: uuid.UUID, *, question_only: bool = False) -> None:
    """What is still to leave about this appointment has no object any more."""
    drop(f"appointment-of-person:{appointment_id}:{'question' if question_only else ''}")
