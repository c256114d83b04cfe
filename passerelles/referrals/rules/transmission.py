"""Which data leave for which receiver: the least that A.6 allows, item by item. Pure.

E-001 to E-007, E-012, E-013, K-002, K-004. The health or violence of a person is never an item; the barrier “santé”
goes to an employment service only when the person agrees, without any detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passerelles.core.errors import Impossible
from passerelles.referrals.rules.words import SENSITIVE, Basis, Purpose, Word


class Item(Word):
    """One item of the transmitted set, in the order in which it is shown."""

    FAMILY_NAME = "family_name", "Nom de famille"
    GIVEN_NAMES = "given_names", "Prénoms"
    SEX = "sex", "Sexe"
    BIRTH_DATE = "birth_date", "Date de naissance"
    NATIONALITY = "nationality", "Nationalité"
    PHONE = "phone", "Téléphone"
    EMAIL = "email", "Courriel"
    ADDRESS = "address", "Adresse"
    CITY = "city", "Commune"
    LANGUAGE = "language", "Langue de contact"
    INTERPRETER = "interpreter", "Interprète nécessaire"
    FT_NUMBER = "ft_number", "Identifiant France Travail"
    REGISTRATIONS = "registrations", "Inscriptions connues"
    CONTRACT = "contract", "Contrat signé"
    LEVEL_WRITTEN = "level_written", "Français écrit"
    LEVEL_ORAL = "level_oral", "Français oral"
    LEVEL_OVERALL = "level_overall", "Niveau de français"
    SITUATION = "situation", "Situation"
    OCCUPATION = "occupation", "Métier recherché"
    EXPERIENCE = "experience", "Parcours professionnel"
    QUALIFICATIONS = "qualifications", "Qualifications"
    DIPLOMAS = "diplomas", "Diplômes"
    TRAININGS = "trainings", "Formations suivies"
    NEEDS = "needs", "Besoins (emploi, logement)"
    BARRIERS = "barriers", "Freins"
    MESSAGE = "message", "Message"


_NAMES = (Item.FAMILY_NAME, Item.GIVEN_NAMES)
_CONTACT = (Item.PHONE, Item.EMAIL, Item.LANGUAGE, Item.INTERPRETER)
_LEVELS = (Item.LEVEL_WRITTEN, Item.LEVEL_ORAL, Item.LEVEL_OVERALL)
_EMPLOYMENT = (
    *_NAMES,
    Item.SEX,
    Item.BIRTH_DATE,
    Item.NATIONALITY,
    *_CONTACT,
    Item.ADDRESS,
    Item.CITY,
    Item.CONTRACT,
    *_LEVELS,
    Item.SITUATION,
    Item.OCCUPATION,
    Item.EXPERIENCE,
    Item.QUALIFICATIONS,
    Item.DIPLOMAS,
    Item.TRAININGS,
    Item.BARRIERS,
    Item.MESSAGE,
)
LEAST = frozenset({*_NAMES, *_CONTACT, Item.CITY, Item.MESSAGE})
"""Enough to call the person in their language."""
SETS: Mapping[str, frozenset[Item]] = {
    "france_travail": frozenset({*_EMPLOYMENT, Item.FT_NUMBER, Item.REGISTRATIONS}),
    "mission_locale": frozenset(_EMPLOYMENT),
    "cap_emploi": frozenset(_EMPLOYMENT),
    "apec": frozenset(_EMPLOYMENT),
    "department_council": frozenset(_EMPLOYMENT),
    "operator": frozenset({*_EMPLOYMENT, Item.REGISTRATIONS, Item.NEEDS}),
    "ofii_dt": frozenset(_EMPLOYMENT),
    "training_body": LEAST | {Item.BIRTH_DATE, *_LEVELS},
    "siae": LEAST | {Item.LEVEL_OVERALL, Item.OCCUPATION},
    "employer": LEAST | {Item.LEVEL_OVERALL, Item.OCCUPATION},
    "caf": LEAST | {Item.BIRTH_DATE, Item.ADDRESS},
    "association": LEAST,
}
"""What each kind of organisation may receive; the kinds that are not here receive nobody."""
CONSENT_ONLY = frozenset({"siae", "employer", "association", "training_body", "caf"})
"""Outside the public employment service the person's agreement is the only ground (A.6, K-005)."""
HEALTH_BARRIER = "health"


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it leaves."""

    item: str
    label: str
    value: str


def may_receive(kind: str) -> bool:
    """Can a referral be sent to an organisation of this kind?"""
    return kind in SETS


def allowed(kind: str, purpose: str) -> frozenset[Item]:
    """The items that a receiver of `kind` may get for `purpose`; empty when it receives nobody."""
    items = SETS.get(kind, frozenset())
    return items & LEAST if Purpose(purpose) in SENSITIVE else items


def transmitted(kind: str, purpose: str, known: Mapping[str, Any], *, health_agreed: bool = False) -> tuple[Line, ...]:
    """The lines that leave, in the order of the items; what is not known has no line.

    `known`: item → text, or list of texts (barriers: {code: label}).
    """
    items = allowed(kind, purpose)
    lines = []
    for item in Item:
        value = known.get(item.value)
        if item not in items or not value:
            continue
        if item is Item.BARRIERS:
            value = [label for code, label in dict(value).items() if health_agreed or code != HEALTH_BARRIER]
        text = ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
        if text:
            lines.append(Line(item.value, item.label, text))
    return tuple(lines)


def bases_open_to(kind: str, purpose: str) -> tuple[Basis, ...]:
    """The grounds that may be given for this receiver and purpose."""
    if kind in CONSENT_ONLY or Purpose(purpose) in SENSITIVE:
        return (Basis.CONSENT,)
    return (Basis.PUBLIC_MISSION, Basis.CONSENT)


def require_basis(kind: str, purpose: str, basis: str) -> None:
    """Raises Impossible when the ground given does not allow the transmission."""
    open_to = bases_open_to(kind, purpose)
    if basis not in open_to:
        raise Impossible(
            "Cet organisme ne peut recevoir ces données qu’avec l’accord de la personne.",
            remedy="Recueillez son accord, cochez-le, puis envoyez.",
        )


def as_data(lines: Iterable[Line]) -> list[list[str]]:
    """The set as it is stored: never read again from the person's file."""
    return [[line.item, line.label, line.value] for line in lines]


def from_data(stored: Iterable[Sequence[str]]) -> tuple[Line, ...]:
    return tuple(Line(*each) for each in stored)
