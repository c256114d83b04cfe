"""One definition per figure of the monthly return of the experiment (F-001 to F-007, L-021, L-022). Pure.

Sets of definitions are versioned and coexist (F-011): a return remembers the code of its own for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from passerelles.core.errors import UserError
from passerelles.indicators.engine.events import History, Interview
from passerelles.indicators.engine.figures import Counted, Definition, Unit

MONTHLY = "metz-monthly"
PERSONS = "personnes distinctes"
CATEGORIES = {
    "cdi": "CDI",
    "cdd": "CDD",
    "other_job": "Autre emploi",
    "training": "En formation",
    "student": "Étudiants",
    "rsa": "Allocataires du RSA",
    "agir": "Orientés vers AGIR",
    "ft": "Inscrits à France Travail",
    "unregistered": "Non inscrits",
    "other": "Autres",
}
INTERVIEWED = "Personnes ayant eu au moins un entretien individuel dans le mois"
AT_ARRIVAL = "vérification notée au premier entretien du mois"


class UnknownDefinition(UserError):
    """No set of definitions bears this code."""


@dataclass(frozen=True, slots=True)
class DefinitionSet:
    """The four official figures in their order, their parts, and the internal lines."""

    code: str
    version: int
    official: tuple[Definition, ...]
    parts: tuple[Definition, ...]
    internal: tuple[Definition, ...]
    breakdown: tuple[Definition, ...]

    @property
    def all(self) -> tuple[Definition, ...]:
        return self.official + self.parts + self.internal + self.breakdown


def _first_interviews(history: History) -> dict[UUID, Interview]:
    first: dict[UUID, Interview] = {}
    for interview in history.interviews:
        first.setdefault(interview.person, interview)
    return first


def _persons(keep: Callable[[Interview], bool]) -> Callable[[History], Iterator[Counted]]:
    """Distinct persons whose first interview of the month satisfies `keep`; the age is that of that day."""

    def count(history: History) -> Iterator[Counted]:
        for person, interview in _first_interviews(history).items():
            if keep(interview):
                yield Counted(Unit(person, person), interview.on)

    return count


def _accompanied(keep: Callable[[Interview], bool]) -> Callable[[History], Iterator[Counted]]:
    """Distinct persons with an interview of the month that satisfies `keep`; the first interview gives the age."""

    def count(history: History) -> Iterator[Counted]:
        kept = {interview.person for interview in history.interviews if keep(interview)}
        for person, interview in _first_interviews(history).items():
            if person in kept:
                yield Counted(Unit(person, person), interview.on)

    return count


def _interviews_held(history: History) -> Iterator[Counted]:
    for interview in history.interviews:
        yield Counted(Unit(interview.id, interview.person), interview.on)


def _accompaniments(history: History) -> Iterator[Counted]:
    for result in history.results:
        if result.result == "attended" and result.accompanied:
            yield Counted(Unit(result.id, result.person), result.on)


def _registrations_by_cip(history: History) -> Iterator[Counted]:
    for registration in history.registrations:
        if registration.by == "cip":
            yield Counted(Unit(registration.id, registration.person), registration.on)


M1_VARIANTS: dict[str, tuple[str, Callable[[History], Iterable[Counted]]]] = {
    "interview_in_scope_or_registered": (
        "Entretien individuel tenu et (personne dans le champ ou inscrite par le CIP)",
        _accompanied(lambda interview: interview.in_scope or interview.registered),
    ),
    "received": ("Entretien individuel tenu, dans le champ ou hors champ", _persons(lambda interview: True)),
}

M2 = Definition(
    code="M2_deja_inscrites_FT",
    name="Personnes déjà inscrites à France Travail à leur arrivée",
    requirement="F-003",
    unit=PERSONS,
    population=INTERVIEWED,
    formula=f"Inscrite à France Travail : {AT_ARRIVAL}",
    given=False,
    count=_persons(lambda interview: interview.ft),
)
M3 = Definition(
    code="M3_RSA_ou_AGIR",
    name="Personnes déjà inscrites au RSA ou orientées vers AGIR",
    requirement="F-004",
    unit=PERSONS,
    population=INTERVIEWED,
    formula=f"RSA ou AGIR : {AT_ARRIVAL} ; une personne dans les deux compte une fois",
    given=False,
    count=_persons(lambda interview: interview.rsa or interview.agir),
)
M3_PARTS = (
    Definition(
        code="M3_RSA",
        name="RSA ou AGIR : dont inscrites au RSA",
        requirement="F-004",
        unit=PERSONS,
        population=INTERVIEWED,
        formula=f"RSA : {AT_ARRIVAL}",
        given=False,
        count=_persons(lambda interview: interview.rsa),
    ),
    Definition(
        code="M3_AGIR",
        name="RSA ou AGIR : dont orientées vers AGIR",
        requirement="F-004",
        unit=PERSONS,
        population=INTERVIEWED,
        formula=f"AGIR : {AT_ARRIVAL}",
        given=False,
        count=_persons(lambda interview: interview.agir),
    ),
)
M4 = Definition(
    code="M4_accompagnements_premier_entretien_FT_realises",
    name="Accompagnements au premier entretien France Travail effectivement réalisés",
    requirement="F-005",
    unit="accompagnements",
    population="Premiers rendez-vous à France Travail dont la date est dans le mois",
    formula="Rendez-vous honoré et accompagnement réalisé ; un rendez-vous prévu ou manqué ne compte pas",
    given=True,
    count=_accompaniments,
)
INTERNAL = (
    Definition(
        code="personnes_recues",
        name="Personnes reçues en entretien individuel",
        requirement="L-021",
        unit=PERSONS,
        population="Ensemble des signataires présents",
        formula="Au moins un entretien individuel tenu dans le mois, dans le champ ou hors champ",
        given=False,
        count=_persons(lambda interview: True),
    ),
    Definition(
        code="entretiens_tenus",
        name="Entretiens individuels tenus",
        requirement="L-021",
        unit="entretiens",
        population="Ensemble des signataires présents",
        formula="Entretiens terminés dans le mois ; une personne reçue deux fois compte deux fois",
        given=False,
        count=_interviews_held,
    ),
    Definition(
        code="dans_le_champ",
        name="Personnes dans le champ de l’expérimentation",
        requirement="B-050",
        unit=PERSONS,
        population=INTERVIEWED,
        formula="Sans emploi, ni formation professionnelle, ni études, au premier entretien du mois",
        given=True,
        count=_persons(lambda interview: interview.in_scope),
    ),
    Definition(
        code="deja_couvertes",
        name="Personnes dans le champ déjà couvertes",
        requirement="L-021",
        unit=PERSONS,
        population="Personnes dans le champ",
        formula=f"Dans le champ et déjà connue du RSA, d’AGIR ou de France Travail : {AT_ARRIVAL}",
        given=False,
        count=_persons(lambda interview: interview.covered),
    ),
    Definition(
        code="M5_inscriptions_CIP",
        name="Inscriptions à France Travail réalisées par le CIP",
        requirement="F-006",
        unit="inscriptions",
        population="Inscriptions à France Travail dont la date est dans le mois",
        formula="Inscription faite par le CIP",
        given=False,
        count=_registrations_by_cip,
    ),
)


def _category(code: str, label: str) -> Definition:
    return Definition(
        code=f"M6_{code}",
        name=label,
        requirement="F-007",
        unit=PERSONS,
        population=INTERVIEWED,
        formula="Situation au premier entretien du mois ; chaque personne dans une seule ligne",
        given=False,
        count=_persons(lambda interview: category_of(interview) == code),
    )


def category_of(interview: Interview) -> str:
    """The line of the breakdown; a category that this version does not know goes to `other` (F-007)."""
    return interview.category if interview.category in CATEGORIES else "other"


BREAKDOWN = tuple(_category(code, label) for code, label in CATEGORIES.items())


def _version_one(variant: str) -> DefinitionSet:
    formula, count = M1_VARIANTS[variant]
    accompanied = Definition(
        code="M1_personnes_accompagnees",
        name="Personnes accompagnées",
        requirement="F-002, L-022",
        unit=PERSONS,
        population=INTERVIEWED,
        formula=formula,
        given=False,
        count=count,
    )
    return DefinitionSet(
        code=f"{MONTHLY}-v1:{variant}",
        version=1,
        official=(accompanied, M2, M3, M4),
        parts=M3_PARTS,
        internal=INTERNAL,
        breakdown=BREAKDOWN,
    )


SETS: dict[str, DefinitionSet] = {found.code: found for found in map(_version_one, M1_VARIANTS)}


def definition_set(code: str) -> DefinitionSet:
    """By the code that a return remembers; raises UnknownDefinition."""
    if code not in SETS:
        raise UnknownDefinition(f"La définition « {code} » n’est pas connue de cette version de la plateforme.")
    return SETS[code]


def latest(variant: str) -> DefinitionSet:
    """The newest set in which M1 is defined by `variant`; raises UnknownDefinition."""
    found = [each for each in SETS.values() if each.code.endswith(f":{variant}")]
    if not found:
        raise UnknownDefinition(
            f"La définition « {variant} » de M1 n’existe pas.",
            remedy=f"Choisissez dans les paramètres : {', '.join(M1_VARIANTS)}.",
        )
    return max(found, key=lambda each: each.version)
