"""What people without account write: the person on their page, the organisation by its link. The link is traced.

Each verb opens one transaction: the verb of the room that holds the state, then the use of the link.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.exchange.services.answers import Guest
from passerelles.messages.models import Link, LinkPurpose
from passerelles.messages.services import has_stopped, links, queue, tell_person
from passerelles.messages.services.outbox import LINK_MARK
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import SYSTEM, Actor
from passerelles.people import services as people
from passerelles.people.enums import ConsentPurpose
from passerelles.people.models import Person
from passerelles.reception.enums import Word
from passerelles.reception.models import FirstAppointment
from passerelles.reception.services import appointment_words
from passerelles.referrals.queries.outside import outsider_of
from passerelles.referrals.rules.words import MissReason, Party, PostponeReason, WithdrawReason
from passerelles.referrals.services import answers, appointments, sending
from passerelles.referrals.speakers import Outsider

ABSENT, NOBODY = MissReason.OTHER, MissReason.NOT_HELD
PERSON_VERBS: dict[str, Callable[[Outsider, uuid.UUID, str], Any]] = {
    "confirm": lambda by, pk, _: appointments.confirm(by, pk),
    "postpone": lambda by, pk, reason: appointments.postpone(by, pk, reason=PostponeReason(reason).value),
    "attend": lambda by, pk, _: appointments.declare_attended(by, pk),
    "absent": lambda by, pk, _: appointments.declare_missed(by, pk, reason=ABSENT.value),
    "nobody": lambda by, pk, _: appointments.declare_missed(by, pk, reason=NOBODY.value),
    "withdraw": lambda by, pk, _: sending.withdraw(by, pk, reason=WithdrawReason.REFUSED.value),
}
"""What a person may say, and the verb of referrals that hears it."""


FIRST_WORDS = {
    "confirm": Word.CONFIRMED,
    "postpone": Word.CANNOT_COME,
    "attend": Word.HELD,
    "absent": Word.ABSENT,
    "nobody": Word.NOBODY,
}
"""The same, said of the first appointment fixed at the platform."""


@transaction.atomic
def person_says(link: Link, step_id: uuid.UUID, said: str, *, reason: str = "") -> None:
    """A word of the person on one of their own steps: a referral, or their first appointment.

    Raises Unknown, Impossible.
    """
    verb = PERSON_VERBS.get(said)
    if verb is None or link.purpose != LinkPurpose.PERSON_PAGE:
        raise Unknown("Cette réponse n’existe pas.")
    if FirstAppointment.objects.filter(pk=step_id, person_id=link.subject_id).exists() and said in FIRST_WORDS:
        appointment_words.person_says(link.subject_id, step_id, FIRST_WORDS[said], reason=reason)
    else:
        verb(outsider_of(link.subject_id, step_id), step_id, reason)
    links.note_use(link, said)


PARTNER_VERBS: dict[str, Callable[[Outsider, uuid.UUID, dict[str, Any]], Any]] = {
    "study": lambda by, pk, _: answers.study(by, pk),
    "accept": lambda by, pk, _: answers.accept(by, pk),
    "decline": lambda by, pk, given: answers.decline(by, pk, reason=given["reason"], note=given["note"]),
    "fix": lambda by, pk, given: appointments.fix(by, pk, **given),
    "postpone": lambda by, pk, _: appointments.postpone(by, pk, reason=PostponeReason.SERVICE.value),
    "attend": lambda by, pk, _: appointments.declare_attended(by, pk),
    "miss": lambda by, pk, given: appointments.declare_missed(by, pk, reason=given["reason"]),
}
"""What an organisation may answer by its link."""


def outsider(link: Link) -> Outsider:
    """The organisation that speaks by its link, on the one referral it opens."""
    if link.purpose != LinkPurpose.PARTNER_ANSWER:
        raise Unknown("Cette page n’existe pas.")
    return Outsider(Party.RECEIVER, link.subject_id)


@transaction.atomic
def partner_answers(link: Link, answer: str, given: dict[str, Any] | None = None) -> None:
    """The answer of an organisation, recognised by its mailbox. Raises Unknown, Impossible."""
    verb = PARTNER_VERBS.get(answer)
    if verb is None:
        raise Unknown("Cette réponse n’existe pas.")
    verb(outsider(link), link.subject_id, given or {})
    links.note_use(link, answer)


def guest(link: Link) -> Guest:
    """The organisation that answers by its file, known by its link."""
    if link.purpose != LinkPurpose.PARTNER_FILE or link.organisation is None:
        raise Unknown("Cette page n’existe pas.")
    return Guest(link.organisation, link)


@transaction.atomic
def ask_file(link: Link) -> None:
    """Send the link of the table of answers to the mailbox of the directory, and nowhere else; once an hour.

    Whoever holds the link of one referral learns nothing of the others: it must be read in the mailbox.
    """
    organisation = link.organisation
    if link.purpose != LinkPurpose.PARTNER_ANSWER or organisation is None:
        raise Unknown("Cette page n’existe pas.")
    actor = Actor(agent=None, organisation=organisation, role=None)
    to_file = links.file_link(actor, organisation)
    queue(
        key=f"answers-file:{to_file.pk}:{clock.now():%Y-%m-%dT%H}",
        kind="answers_file",
        recipient=organisation.mailbox,
        subject="Passerelles : répondre à plusieurs orientations par un tableau",
        body="\n\n".join(
            (
                "Bonjour,",
                "Voici l’adresse où télécharger le tableau des orientations qui attendent votre réponse, "
                f"et où le renvoyer une fois rempli :\n{LINK_MARK}",
                f"Ce lien est réservé à {organisation.name} ({organisation.mailbox}) et marche jusqu’au "
                f"{clock.paris_date(to_file.expires_at):%d/%m/%Y}. Il ouvre les données de plusieurs personnes : ne le "
                "transférez pas hors de votre organisme.",
                "Ce message ne contient aucune donnée personnelle.",
            )
        ),
        link=to_file,
    )
    links.note_use(link, "ask_file")


@transaction.atomic
def correct_contact(link: Link, *, phone: str, email: str, language: str, messages: bool) -> list[str]:
    """The person corrects how they are reached, and says whether they want messages; what changed (A.6, K-005)."""
    if link.purpose != LinkPurpose.PERSON_PAGE:
        raise Unknown("Cette page n’existe pas.")
    person = Person.objects.get(pk=link.subject_id)
    changed = people.correct_person(SYSTEM, person.pk, phone=phone, email=email, language=language)
    if messages == has_stopped(person.pk):
        purpose = ConsentPurpose.MESSAGES
        people.give_consent(SYSTEM, person, purpose=purpose, given_on=clock.today())
        if not messages:
            people.withdraw_consent(SYSTEM, person, purpose=purpose, on=clock.today())
        changed.append("messages")
    links.note_use(link, "contact")
    return changed


def require_giver(actor: Actor, person_id: uuid.UUID) -> Person:
    """The person to whom this agent may give a page: those who write the person, or receive them in a session."""
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    if not actor.may(Resource.SESSION, Action.EDIT):
        policy.require(actor, Resource.PERSON, Action.EDIT)
    return person


@transaction.atomic
def give_page(actor: Actor, person_id: uuid.UUID) -> Link:
    """The person gets a page; the access log says who gave it."""
    return links.person_link(actor, require_giver(actor, person_id).pk)


@transaction.atomic
def close_page(actor: Actor, person_id: uuid.UUID, *, reason: str) -> int:
    """Every link to the page is revoked: the telephone was lost, the link was shown to somebody else."""
    person = require_giver(actor, person_id)
    return links.revoke_for(actor, person.pk, LinkPurpose.PERSON_PAGE, reason=reason)


@transaction.atomic
def send_page(actor: Actor, person_id: uuid.UUID) -> str:
    """The link leaves by the way known for this person; the channel, "" when there is none."""
    person = require_giver(actor, person_id)
    link = links.person_link(actor, person.pk)
    day = clock.today().isoformat()
    message = tell_person(actor, person, "page_link", key=f"page:{link.pk}:{day}")
    return message.channel if message else ""
