"""Names as offices type them: what cannot be a name, what stands for no name, and « NOM Prénom » taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from passerelles.core.text import ascii_key
from passerelles.exchange.readers.vocabulary import sex

_NOT_IN_A_NAME = re.compile(r"[\d<>{}\[\]|\\=@#$%^~]|^\+")
_NO_NAME = re.compile(
    r"x+|snu|fnu|lnu|sans (?:nom|prenom)s?|sans nom de famille|(?:nom|prenom)s? inconnus?|nom unique|inconnue?"
)
_FIRST_OF_NO_NAME = frozenset("xsflnpiXSFLNPI")
_CIVILITY = re.compile(r"(?:mme|mlle|madame|mademoiselle|monsieur|mr|m)\b\.?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    reason: str
    remedy: str
    code: str


@dataclass(frozen=True, slots=True)
class Parts:
    family_name: str
    given_names: str
    sex: str = ""


def fault(text: str, longest: int) -> Fault | None:
    """Why this cannot be a name: a formula, digits, signs, or too long. Spelling is never changed."""
    if len(text) > longest:
        return Fault(
            f"le nom dépasse {longest} caractères", "Vérifiez que la cellule ne contient qu’un nom.", "too_long"
        )
    match = _NOT_IN_A_NAME.search(text)
    if match is None:
        return None
    if text[0] in "=+@":
        return Fault("le nom ressemble à une formule", "Retirez le signe au début du nom.", "formula")
    if match[0].isdigit():
        return Fault("un nom ne contient pas de chiffre", "Retirez le chiffre, ou vérifiez la colonne.", "name_digit")
    return Fault(f"un nom ne contient pas le signe « {match[0]} »", "Retirez ce signe.", "name_sign")


def stands_for_no_name(text: str) -> bool:
    """`XXX`, `SNU`, `FNU`, `SANS NOM`: the office had one name only to write."""
    return text[0] in _FIRST_OF_NO_NAME and _NO_NAME.fullmatch(ascii_key(text)) is not None


def split(text: str) -> Parts | None:
    """`DIALLO Mamadou Alpha` → family name in capitals, then given names; None when it is not so plain.

    >>> split("Mme EL AMRANI Fatima Zahra")
    Parts(family_name='EL AMRANI', given_names='Fatima Zahra', sex='F')
    """
    civility = _CIVILITY.match(text)
    told = ""
    if (
        civility
        and not civility[0].strip().isupper()
        or civility
        and civility[0].strip().upper() in {"M.", "MME", "MR"}
    ):
        told, text = sex(civility[0]) or "", text[civility.end() :]
    words = text.replace(",", " ").split()
    count = 0
    while count < len(words) and _is_in_capitals(words[count]):
        count += 1
    family, given = words[:count], words[count:]
    if not family or not given or not any(len(word) > 1 for word in family):
        return None
    if any(len(word.strip(".")) > 1 and _is_in_capitals(word) for word in given):
        return None
    if ascii_key(given[0]) in {"ne", "nee", "epouse", "ep", "epoux", "veuve", "vve", "dit", "dite"}:
        return None
    return Parts(" ".join(family), " ".join(given), told)


def _is_in_capitals(word: str) -> bool:
    return word.isupper() and not word.endswith(".")
