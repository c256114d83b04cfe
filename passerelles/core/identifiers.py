"""Check rules of the identifiers and contact details found in files and forms.

A form check never proves an identity. Spreadsheets drop leading zeros and turn long numbers into 1,90E+14: what can
be repaired without a doubt is repaired, the rest is refused with the reason.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from passerelles.core.text import clean

_SEPARATORS = re.compile(r"[\s.\-_/’']")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_NIR = re.compile(r"([123478])(\d\d)(\d\d)(\d\d|2A|2B)(\d{3})(\d{3})(\d\d)?", re.ASCII)
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_FRENCH_PHONE = re.compile(r"0[1-9]\d{8}", re.ASCII)
_LOST_DIGITS = "le tableur a remplacé des chiffres par une notation scientifique"


@dataclass(frozen=True, slots=True)
class Checked:
    """The value as it will be kept ("" when blank or refused), a problem or a warning in French."""

    value: str = ""
    problem: str = ""
    warning: str = ""


BLANK = Checked()


def digits_of(raw: object) -> str:
    """The cell as text without separators, digits of other scripts as ours; a whole float loses its `.0`."""
    if raw is None or isinstance(raw, bool):
        return ""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
        return str(int(raw))
    text = _SEPARATORS.sub("", clean(str(raw)))
    return text if text.isascii() else "".join(str(unicodedata.digit(c, c)) for c in text)


def foreigner_number(raw: object) -> Checked:
    """AGDREF number: ten digits, nine for the oldest; a nine-digit one is completed with a zero."""
    text = digits_of(raw)
    if not text:
        return BLANK
    if _SCIENTIFIC.fullmatch(text):
        return Checked(problem=f"numéro étranger illisible : {_LOST_DIGITS}")
    if not text.isascii() or not text.isdigit():
        return Checked(problem="le numéro étranger s’écrit avec des chiffres seulement")
    if len(text) == 10:
        return Checked(text) if int(text) else Checked(problem="le numéro étranger ne peut pas être nul")
    if len(text) == 9 and int(text):
        return Checked(text.zfill(10), warning="numéro étranger à 9 chiffres : complété par un zéro à gauche")
    return Checked(problem=f"le numéro étranger a {len(text)} chiffres au lieu de 10")


def nir(raw: object) -> Checked:
    """NIR: 13 characters and a two-digit key (Corsica 2A/2B, temporary 3, 4, 7, 8). Without the key: a warning."""
    text = digits_of(raw).upper()
    if not text:
        return BLANK
    if _SCIENTIFIC.fullmatch(text):
        return Checked(problem=f"NIR illisible : {_LOST_DIGITS}")
    match = _NIR.fullmatch(text)
    if match is None:
        return Checked(problem="le NIR a 13 caractères suivis d’une clé de 2 chiffres")
    key = nir_key(text[:13])
    if match[7] is None:
        return Checked(f"{text}{key:02d}", warning="NIR sans clé : la clé a été calculée")
    if int(match[7]) != key:
        return Checked(problem="la clé du NIR est fausse : un chiffre a été mal saisi")
    return Checked(text)


def nir_key(body: str) -> int:
    """The key of the 13 first characters: 97 − (n mod 97), with 2A read as 19 and 2B as 18."""
    return 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97


def nir_contradiction(number: str, sex: str, birth_date: dt.date | None) -> str:
    """A sentence when the NIR tells another sex, year or month of birth; months 20 and over say nothing."""
    if sex and number[:1] in "1234":
        told = "H" if number[0] in "13" else "F"
        if told != sex:
            return "le NIR indique un autre sexe"
    if birth_date is not None:
        if int(number[1:3]) != birth_date.year % 100:
            return "le NIR indique une autre année de naissance"
        month = int(number[3:5])
        if 1 <= month <= 12 and month != birth_date.month:
            return "le NIR indique un autre mois de naissance"
    return ""


def france_travail(raw: object) -> Checked:
    """France Travail identifier: eleven digits, or the former seven digits and one character."""
    text = digits_of(raw).upper()
    if not text:
        return BLANK
    if _SCIENTIFIC.fullmatch(text) and "E" in text and "+" in text:
        return Checked(problem=f"identifiant France Travail illisible : {_LOST_DIGITS}")
    if re.fullmatch(r"\d{11}", text):
        return Checked(text)
    if re.fullmatch(r"\d{7}[0-9A-Z]", text):
        return Checked(text, warning="ancien identifiant France Travail à 8 caractères")
    return Checked(problem="l’identifiant France Travail a 11 chiffres (ou 8 caractères pour l’ancien)")


def caf_number(raw: object) -> Checked:
    """Number of the family allowance fund: seven digits, and a letter if any."""
    text = digits_of(raw).upper()
    if not text:
        return BLANK
    if re.fullmatch(r"\d{7}[A-Z]?", text):
        return Checked(text)
    if re.fullmatch(r"\d{5,6}", text):
        return Checked(text.zfill(7), warning="numéro d’allocataire complété par des zéros à gauche")
    return Checked(problem="le numéro d’allocataire a 7 chiffres")


def file_number(raw: object) -> Checked:
    """A file number proper to one system (OFII, CIR): letters, digits, dashes, 40 characters at most."""
    text = clean(str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw or ""))
    if not text:
        return BLANK
    if not re.fullmatch(r"[A-Za-z0-9 ./\-_°]{1,40}", text) or text[0] in "-.":
        return Checked(problem="ce numéro contient des caractères inattendus ou dépasse 40 caractères")
    return Checked(text)


def email(raw: object) -> Checked:
    """An e-mail address in its plain form, lower-cased."""
    text = clean(str(raw or "")).removeprefix("mailto:").strip("<>; ").lower()
    if not text:
        return BLANK
    if len(text) > 200 or ".." in text or not _EMAIL.fullmatch(text):
        return Checked(problem=f"adresse de messagerie incorrecte : « {text[:60]} »")
    return Checked(text)


def phone(raw: object) -> Checked:
    """A telephone number in E.164; a French number that lost its first zero is repaired."""
    if raw is None or isinstance(raw, bool):
        return BLANK
    text = _SEPARATORS.sub("", clean(str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)))
    text = text.replace("(0)", "").replace("(", "").replace(")", "")
    if not text:
        return BLANK
    if _FRENCH_PHONE.fullmatch(text):
        return Checked(f"+33{text[1:]}")
    if re.fullmatch(r"[1-9]\d{8}", text):
        return Checked(f"+33{text}", warning="numéro à 9 chiffres : le zéro de tête a été rétabli")
    return _any_phone(text)


@lru_cache(maxsize=20_000)
def _any_phone(text: str) -> Checked:
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return Checked(problem=f"numéro de téléphone illisible : « {text[:30]} »")
    if not phonenumbers.is_possible_number(number):
        return Checked(problem=f"numéro de téléphone incomplet ou trop long : « {text[:30]} »")
    return Checked(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def postcode(raw: object) -> Checked:
    """A French postcode; four digits are one that lost its first zero."""
    text = digits_of(raw)
    if not text:
        return BLANK
    if re.fullmatch(r"\d{5}", text):
        return Checked(text)
    if re.fullmatch(r"\d{4}", text):
        return Checked(f"0{text}", warning="code postal à 4 chiffres : le zéro de tête a été rétabli")
    return Checked(problem=f"le code postal a 5 chiffres : « {text[:20]} »")


def commune_code(raw: object) -> Checked:
    """An INSEE commune code: five characters, 2A and 2B in Corsica."""
    text = digits_of(raw).upper()
    if not text:
        return BLANK
    if re.fullmatch(r"\d{4}", text):
        return Checked(f"0{text}", warning="code commune à 4 caractères : le zéro de tête a été rétabli")
    if re.fullmatch(r"(?:\d{2}|2A|2B)\d{3}", text):
        return Checked(text)
    return Checked(problem=f"le code commune a 5 caractères : « {text[:20]} »")
