"""Find a person among those the policy lets one see: by name, birth date or exact identifier."""

from __future__ import annotations

import datetime as dt
import re

from django.db.models import QuerySet

from passerelles.core.dates import parse_date
from passerelles.core.identifiers import file_number, foreigner_number, france_travail, nir
from passerelles.core.text import ascii_key
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.people.enums import IdentifierKind
from passerelles.people.models import Identifier, Person
from passerelles.people.services import hash_of

_DATE = re.compile(r"\b(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{1,2}-\d{1,2})\b")
_READERS = {
    IdentifierKind.AGDREF: foreigner_number,
    IdentifierKind.NIR: nir,
    IdentifierKind.FRANCE_TRAVAIL: france_travail,
    IdentifierKind.OFII: file_number,
}


def search(actor: Actor, text: str, *, on: dt.date) -> QuerySet[Person]:
    """The persons whose name holds every word of `text`, or who bear exactly this identifier; empty for no text.

    Accents, case and the order of the words do not count; a date in the text is the birth date.
    """
    people = policy.visible(actor, Person.objects.order_by("family_name", "given_names", "id"), Resource.PERSON)
    bearers = _bearers(text)
    if bearers:
        return people.filter(pk__in=bearers)
    words = _DATE.sub(" ", text)
    for written in _DATE.findall(text):
        day = parse_date(written, pivot_year=on.year).day
        people = people.filter(birth_date=day) if day else people.none()
    keys = ascii_key(words).split()
    for key in keys:
        people = people.filter(identity_key__contains=key)
    return people if keys or words != text else people.none()


def _bearers(text: str) -> list:
    """The persons who bear `text` as an identifier, whatever their scope: the caller narrows them."""
    if not any(character.isdigit() for character in text):
        return []
    hashes = []
    for kind, read in _READERS.items():
        value = read(text).value
        if value:
            hashes.append((kind, hash_of(kind, value)))
    if not hashes:
        return []
    found = Identifier.objects.filter(
        kind__in=[kind for kind, _ in hashes], search_hash__in=[digest for _, digest in hashes]
    )
    return list(found.order_by().values_list("person_id", flat=True).distinct())
