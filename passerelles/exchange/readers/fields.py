"""A field of a nominative file, how its header is recognised, and the fields every person has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from passerelles.core.errors import Unknown
from passerelles.core.text import ascii_key

_HINT = re.compile(
    r"\((?:[^()]*(?:jj|aa|chiffre|majuscule|capitale|obligatoire|facultati|texte|format|agdref|si |ex)[^()]*"
    r"|[fhm] ?/ ?[fhm])\)",
    re.IGNORECASE,
)
_FEMININE_OR_PLURAL = re.compile(r"\((?:e|s|es)\)|[·/-]e\b", re.IGNORECASE)
_DEGREE = re.compile(r"\bn\s?[°º]|№", re.IGNORECASE)
_EMPTY_WORDS = frozenset("de du des d le la les l et au a".split())
_SAME_WORD = {
    "numero": "n",
    "num": "n",
    "no": "n",
    "tel": "telephone",
    "rendez": "rdv",
    "vous": "",
    "naiss": "naissance",
}

COMBINED_NAME = "full_name"
"""« NOM Prénom » in one column: read when it is there, never asked for."""


@dataclass(frozen=True, slots=True)
class Field:
    """`aliases` go from the most to the least telling; `kind` names a parser of `cells.py`."""

    name: str
    label: str
    required: bool
    aliases: tuple[str, ...]
    kind: str
    help: str = ""

    def rank_of(self, key: str) -> int | None:
        """How telling a header (as a `header_key`) is for this field, 0 the best; None: it says something else."""
        return _ranks(self).get(key)


@dataclass(frozen=True, slots=True)
class Layout:
    """`dated_by`: the field that tells two rows of one person apart (a session, a registration)."""

    kind: str
    label: str
    fields: tuple[Field, ...]
    dated_by: str

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    @property
    def columns(self) -> tuple[Field, ...]:
        """The columns of an empty file to fill: family and given names apart."""
        return tuple(field for field in self.fields if field.name != COMBINED_NAME)

    def field(self, name: str) -> Field:
        for field in self.fields:
            if field.name == name:
                return field
        raise Unknown(f"Le champ « {name} » n’existe pas dans un fichier « {self.label} ».")


def header_key(text: str) -> str:
    """A header as it is compared: `Numéro d’étranger (10 chiffres)` and `N° étranger` are the same."""
    plain = ascii_key(_DEGREE.sub("n ", _FEMININE_OR_PLURAL.sub("", _HINT.sub(" ", text))))
    words = (_SAME_WORD.get(word, word) for word in plain.split() if word not in _EMPTY_WORDS)
    return " ".join(filter(None, words))


@lru_cache(maxsize=256)
def _ranks(field: Field) -> Mapping[str, int]:
    ranks: dict[str, int] = {}
    for spelling in (field.label, *field.aliases):
        ranks.setdefault(header_key(spelling), len(ranks))
    return ranks


def _aliases(text: str) -> tuple[str, ...]:
    return tuple(alias.strip() for alias in text.split("|") if alias.strip())


def field(name: str, label: str, kind: str, aliases: str, help: str = "", *, required: bool = False) -> Field:
    return Field(name, label, required, _aliases(aliases), kind, help)


FOREIGNER_NUMBER = field(
    "foreigner_number",
    "N° étranger",
    "foreigner_number",
    "AGDREF | N° AGDREF | Numéro étranger | Identifiant AGDREF | Id AGDREF | Identifiant étranger | N° ANEF | N° "
    "usager étranger | N° étranger AGDREF | Numéro personnel | N° personnel étranger | N° titre de séjour",
    "9 ou 10 chiffres, en texte pour garder les zéros de tête.",
)
FAMILY_NAME = field(
    "family_name",
    "Nom de famille",
    "family_name",
    "Nom d’usage | Nom usuel | Nom marital | Nom d’épouse | Nom époux | Nom | Nom famille | Nom patronymique | "
    "Nom de la personne | Nom du bénéficiaire | Nom signataire | Nom stagiaire | Nom allocataire | Nom du demandeur | "
    "Patronyme | Family name | Last name | Surname",
    "Une personne à un seul nom : écrivez-le ici et « SANS PRENOM » dans la colonne des prénoms.",
    required=True,
)
BIRTH_NAME = field(
    "birth_name",
    "Nom de naissance",
    "birth_name",
    "Nom naissance | Nom de jeune fille | NJF | Né(e) nom | Nom natal | Nom d’origine | Birth name | Maiden name",
)
GIVEN_NAMES = field(
    "given_names",
    "Prénom(s)",
    "given_names",
    "Prénoms | Prénom | Prénom usuel | Prénom d’usage | Prénom de la personne | Prénom du bénéficiaire | Prénom "
    "signataire | Prénom stagiaire | Prénom allocataire | Prénom du demandeur | Given names | First name",
    required=True,
)
FULL_NAME = field(
    COMBINED_NAME,
    "NOM Prénom",
    "full_name",
    "Nom et prénom | Nom et prénoms | Noms et prénoms | Noms | Identité | Nom complet | Bénéficiaire | Signataire | "
    "Stagiaire | Personne | Personne convoquée | Usager | Demandeur | Full name",
    "Le nom de famille en capitales, puis les prénoms : « DIALLO Mamadou ».",
)
BIRTH_DATE = field(
    "birth_date",
    "Date de naissance",
    "birth_date",
    "DDN | Date naissance | D. naissance | DN | DNaiss | Né(e) le | Née le | Naissance date | Date de "
    "naissance jj/mm/aaaa | Date of birth | Birth date | DOB",
    "jj/mm/aaaa. Si seule l’année est connue, écrivez-la seule : 1990.",
    required=True,
)
_SEX_ALIASES = (
    "Civilité | Genre | Sexe (F/H) | Sexe F/H | Sexe H/F | Sexe M/F | F/H | H/F | M/F | Civ | Titre civilité | Mme/M. "
    "| M./Mme | Gender | Sex"
)
SEX = field("sex", "Sexe", "sex", _SEX_ALIASES, "F ou H (Mme ou M. est accepté).")
SEX_REQUIRED = field("sex", "Sexe", "sex", _SEX_ALIASES, "F ou H (Mme ou M. est accepté).", required=True)
NIR = field(
    "nir",
    "NIR",
    "nir",
    "N° NIR | N° de sécurité sociale | N° sécu | Sécurité sociale | N° SS | NSS | Numéro d’inscription au répertoire",
    "15 caractères, en texte.",
)
