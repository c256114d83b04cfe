"""The set of data that would leave for a receiver: shown before sending, stored as shown (A.6)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from passerelles.core.periods import date_fr
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.people.enums import IdentifierKind, Sex
from passerelles.people.models import Person
from passerelles.reference import countries, languages
from passerelles.reference.tables import UnknownCode
from passerelles.referrals.rules import transmission
from passerelles.referrals.rules.transmission import Item, Line

DECLARED = frozenset(
    {Item.OCCUPATION, Item.EXPERIENCE, Item.QUALIFICATIONS, Item.DIPLOMAS, Item.TRAININGS, Item.NEEDS, Item.BARRIERS}
)
"""The items that come from the room above (interview, diagnosis) and not from the person's file."""


def preview(
    actor: Actor,
    person_id: uuid.UUID,
    receiver: Organisation,
    purpose: str,
    *,
    message: str = "",
    health_agreed: bool = False,
    declared: Mapping[str, Any] | None = None,
) -> tuple[Line, ...]:
    """What `receiver` would get about this person. Raises Unknown when the person does not exist for the actor."""
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    return lines_of(person, receiver, purpose, message=message, health_agreed=health_agreed, declared=declared)


def lines_of(
    person: Person,
    receiver: Organisation,
    purpose: str,
    *,
    message: str = "",
    health_agreed: bool = False,
    declared: Mapping[str, Any] | None = None,
) -> tuple[Line, ...]:
    """The same for a person already read through the policy. Four SQL queries at most."""
    items = transmission.allowed(receiver.kind, purpose)
    known = _known(person, items) | {"message": message}
    known |= {key: value for key, value in (declared or {}).items() if key in DECLARED}
    return transmission.transmitted(receiver.kind, purpose, known, health_agreed=health_agreed)


def _known(person: Person, items: frozenset[Item]) -> dict[str, Any]:
    known: dict[str, Any] = {
        "family_name": person.family_name,
        "given_names": person.given_names,
        "sex": Sex(person.sex).label,
        "birth_date": date_fr(person.birth_date) if person.birth_date else "",
        "nationality": _nationality(person),
        "phone": person.phone,
        "email": person.email,
        "address": person.address,
        "city": f"{person.postcode} {person.city}".strip(),
        "language": _language(person.language),
        "interpreter": "oui" if person.needs_interpreter else "",
    }
    if Item.LEVEL_OVERALL in items:
        level = person.assessments.order_by("-assessed_on", "-created_at", "id").first()
        if level is not None:
            known |= {"level_written": level.written, "level_oral": level.oral, "level_overall": level.overall}
    if Item.SITUATION in items:
        situation = person.situations.order_by("-observed_on", "-created_at", "id").first()
        contract = person.contracts.order_by("-signed_on", "id").first()
        known["situation"] = str(situation) if situation else ""
        known["contract"] = str(contract) if contract else ""
    if Item.REGISTRATIONS in items:
        known["registrations"] = [str(each) for each in person.registrations.filter(ends_on=None).order_by("register")]
    if Item.FT_NUMBER in items:
        number = person.identifiers.filter(kind=IdentifierKind.FRANCE_TRAVAIL).order_by("id").first()
        known["ft_number"] = number.value if number else ""
    return known


def _nationality(person: Person) -> str:
    try:
        country = countries.get(person.nationality) if person.nationality else None
    except UnknownCode:
        return person.nationality
    if country is None:
        return ""
    return (country.nationality_f if person.sex == Sex.WOMAN else country.nationality_m) or country.name


def _language(code: str) -> str:
    known = languages.find(code) if code else None
    return known.name if known else code
