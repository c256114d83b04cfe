"""How each kind of field is read in a cell: a value, nothing, or a value with a remark in French.

A parser never raises and never guesses: what cannot be read is refused (required field) or left out with a warning.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from passerelles.core import identifiers
from passerelles.core.dates import ParsedDate, parse_date, parse_time
from passerelles.core.text import ascii_key, clean, in_sentence
from passerelles.exchange.readers import answer_words, references, vocabulary
from passerelles.exchange.readers import people_names as names
from passerelles.exchange.readers.fields import Field
from passerelles.exchange.readers.values import text_of
from passerelles.reference import countries, languages, levels, territories
from passerelles.reference.tables import UnknownCode

OLDEST_AGE = 110
LONGEST_TEXT = 300
LONGEST_DATE = 60
LONGEST_NOTHING = 16
FARTHEST_SESSION_YEARS = 2
_ERROR = re.compile(r"#[A-Za-zÉé/0-9]+[!?]?|#+|Err:\d{3}")
_NOTHING = re.compile(
    r"[\s\-–—_/\\.?*x,;:]*|n/a|néant|neant|\(?vide\)?|null|sans objet|non renseigné?e?", re.IGNORECASE
)
_NO_CONTACT = re.compile(r"(?:pas d|sans |aucun|non |nc$|nr$|ras$|so$|inconnu)", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:[/;,]|\bou\b|\bet\b)\s*")
_RANGE = re.compile(r"\s*(?:[-–à]|\bet\b)\s*")
_TIME_AFTER_DATE = re.compile(r"\d[ ,T]+(?:[àa] )?(\d{1,2}\s?[:hH]\s?(?:\d{2})?)(?::\d\d(?:\.\d+)?)?\s*$")


@dataclass(slots=True, frozen=True)
class Noted:
    """What a cell gave when it is not a plain value: the value kept (or None), a remark, other fields it tells."""

    value: object = None
    severity: Literal["", "reject", "warning"] = ""
    reason: str = ""
    remedy: str = ""
    code: str = ""
    extra: dict[str, object] = field(default_factory=dict)


Parser: TypeAlias = Callable[[object], object]
"""From a cell to None (blank), a plain value, or a Noted."""


_PLAIN_NUMBER = re.compile(r"(?!0{10})\d{10}", re.ASCII)
_PLAIN_CODE = re.compile(r"[A-Za-z]{0,8}\d[A-Za-z0-9]{0,30}", re.ASCII)
_PLAIN_PHONE = re.compile(r"0[1-9]\d{8}", re.ASCII)
_PLAIN_EMAIL = re.compile(r"[a-z0-9_]{1,30}(?:[.-][a-z0-9_]{1,30})?@(?:[a-z0-9]{1,30}[.-]){1,3}[a-z]{2,24}", re.ASCII)


def _as_it_is(form: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda cell: cell if form.fullmatch(cell) else None


PLAIN: dict[str, Callable[[str], str | None]] = {
    "foreigner_number": _as_it_is(_PLAIN_NUMBER),
    "code": _as_it_is(_PLAIN_CODE),
    "email": _as_it_is(_PLAIN_EMAIL),
    "phone": lambda cell: f"+33{cell[1:]}" if _PLAIN_PHONE.fullmatch(cell) else None,
}
"""Columns whose every cell differs: a cell already in its plainest form is what the parser would give, at once."""


def parser_of(entry: Field, on: dt.date) -> Parser:
    """The parser of a column; `on` is the reference date of the file."""
    read = _READERS[entry.kind](entry, on)
    is_name = entry.kind in {"family_name", "birth_name", "given_names", "full_name"}

    plain = PLAIN.get(entry.kind)

    def parse(cell: object) -> object:
        if plain is not None and isinstance(cell, str) and (found := plain(cell)) is not None:
            return found
        text = clean(cell if isinstance(cell, str) else text_of(cell))
        if not text:
            return None
        if not is_name and len(text) <= LONGEST_NOTHING and not text[0].isdigit() and _NOTHING.fullmatch(text):
            return None
        if text[0] in "#E" and _ERROR.fullmatch(text):
            return _error_value(entry, text)
        return read(cell, text)

    return parse


_Reader: TypeAlias = Callable[[object, str], object]


def _refused(entry: Field, reason: str, remedy: str, code: str) -> Noted:
    return Noted(None, "reject" if entry.required else "warning", _sentence(reason), remedy, code)


def _kept(value: object, reason: str, remedy: str, code: str, **extra: object) -> Noted:
    return Noted(value, "warning", _sentence(reason), remedy, code, extra)


def _sentence(fragment: str) -> str:
    text = fragment[:1].upper() + fragment[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _error_value(entry: Field, text: str) -> Noted:
    if text.startswith("#FORMULE"):
        return _refused(
            entry,
            "la cellule contient une formule dont le résultat n’est pas enregistré",
            "Ouvrez le fichier dans un tableur, enregistrez-le, puis envoyez-le de nouveau.",
            "formula",
        )
    return _refused(
        entry,
        f"la cellule contient une erreur de calcul ({text[:20]})",
        "Remplacez la formule par la valeur elle-même.",
        "error_value",
    )


def _name(entry: Field, on: dt.date) -> _Reader:
    longest = 160 if entry.kind == "given_names" else 120

    def read(cell: object, text: str) -> object:
        if isinstance(cell, bool):
            text = "VRAI" if cell else "FAUX"
        fault = names.fault(text, longest)
        if fault:
            return _refused(entry, fault.reason, fault.remedy, fault.code)
        if not text[0].isalpha() and not any(map(str.isalpha, text)):
            return None
        if names.stands_for_no_name(text):
            return _kept(
                text,
                f"personne à un seul nom (« {text[:40]} » tient lieu de {in_sentence(entry.label)})",
                "Vérifiez le nom sur le titre de séjour ; la ligne est acceptée.",
                "single_name",
            )
        return text

    return read


def _full_name(entry: Field, on: dt.date) -> _Reader:
    def read(cell: object, text: str) -> object:
        fault = names.fault(text, 280)
        if fault:
            return Noted(None, "reject", _sentence(fault.reason), fault.remedy, fault.code)
        parts = names.split(text)
        if parts is None or len(parts.family_name) > 120 or len(parts.given_names) > 160:
            return Noted(
                None,
                "reject",
                "Impossible de séparer le nom de famille des prénoms.",
                "Écrivez le nom en capitales puis les prénoms (« DIALLO Mamadou »), ou faites deux colonnes.",
                "full_name",
            )
        extra: dict[str, object] = {"family_name": parts.family_name, "given_names": parts.given_names}
        if parts.sex:
            extra["sex"] = parts.sex
        return Noted(extra=extra)

    return read


def _parse_date(cell: object, text: str, pivot_year: int) -> ParsedDate:
    try:
        return parse_date(cell if len(text) <= LONGEST_DATE else text[:LONGEST_DATE], pivot_year=pivot_year)
    except (OverflowError, ValueError):
        return ParsedDate(None, problem=f"date illisible : « {text[:LONGEST_DATE]} »")


def _birth_date(entry: Field, on: dt.date) -> _Reader:
    def read(cell: object, text: str) -> object:
        parsed = _parse_date(cell, text, on.year)
        if parsed.day is None:
            return _refused(
                entry,
                parsed.problem or "date de naissance illisible",
                "Écrivez la date sous la forme jj/mm/aaaa ; si seule l’année est connue, écrivez l’année.",
                "birth_date",
            )
        if parsed.day > on:
            return _refused(
                entry, "la date de naissance est dans l’avenir", "Corrigez l’année de naissance.", "birth_date_future"
            )
        if (on.year - parsed.day.year, (on.month, on.day) >= (parsed.day.month, parsed.day.day)) > (OLDEST_AGE, False):
            return _refused(
                entry,
                f"la personne aurait plus de {OLDEST_AGE} ans",
                "Corrigez l’année de naissance.",
                "birth_date_old",
            )
        if parsed.precision == "day":
            return parsed.day
        known = "seule l’année" if parsed.precision == "year" else "seuls le mois et l’année"
        return _kept(
            parsed.day,
            f"{known} de naissance est connue" if parsed.precision == "year" else f"{known} de naissance sont connus",
            f"La date est enregistrée au {parsed.day:%d/%m} et marquée incomplète ; complétez-la si possible.",
            "birth_date_partial",
            birth_date_precision=parsed.precision,
        )

    return read


def _date(entry: Field, on: dt.date) -> _Reader:
    """A past date: registration, signature. In the future it is kept, with a warning."""

    def read(cell: object, text: str) -> object:
        parsed = _parse_date(cell, text, on.year + 10)
        if parsed.day is None or parsed.precision != "day" or parsed.day.year < on.year - OLDEST_AGE:
            reason = parsed.problem or "la date est incomplète ou invraisemblable"
            return _refused(entry, reason, "Écrivez la date sous la forme jj/mm/aaaa.", "date")
        if parsed.day > on:
            return _kept(parsed.day, "la date est dans l’avenir", "Vérifiez la date.", "date_future")
        return parsed.day

    return read


def _session_date(entry: Field, on: dt.date) -> _Reader:
    """The day of a session or of an appointment; the hour written after it goes to the field of the hour."""
    hour_field = entry.name.replace("date", "time")

    def read(cell: object, text: str) -> object:
        parsed = _parse_date(cell, text, on.year + 10)
        if parsed.day is None or parsed.precision != "day":
            reason = parsed.problem or f"la {in_sentence(entry.label)} est incomplète"
            return _refused(entry, reason, "Écrivez la date sous la forme jj/mm/aaaa.", "session_date")
        extra: dict[str, object] = {}
        match = _TIME_AFTER_DATE.search(text)
        time = parse_time(match[1]).time if match else None
        if time is not None and time != dt.time():
            extra[hour_field] = time
        if abs((parsed.day - on).days) > FARTHEST_SESSION_YEARS * 366:
            reason = f"la {in_sentence(entry.label)} est à plus de {FARTHEST_SESSION_YEARS} ans"
            return _kept(parsed.day, reason, "Vérifiez l’année.", "session_date_far", **extra)
        return Noted(parsed.day, extra=extra) if extra else parsed.day

    return read


def _time(entry: Field, on: dt.date) -> _Reader:
    def read(cell: object, text: str) -> object:
        parsed = parse_time(cell)
        if parsed.time is None:
            start = _RANGE.split(text, maxsplit=1)[0]
            parsed = parse_time(start) if start else parsed
        if parsed.time is None:
            hour_of_datetime = _TIME_AFTER_DATE.search(text)
            parsed = parse_time(hour_of_datetime[1]) if hour_of_datetime else parsed
        if parsed.time is None:
            reason = parsed.problem or "heure illisible"
            return _refused(entry, reason, "Écrivez l’heure sous la forme 09:00 ou 9h.", "time")
        return parsed.time

    return read


def _checked(check: Callable[[object], identifiers.Checked]) -> Callable[[Field, dt.date], _Reader]:
    """A reader from a check of `core.identifiers`."""

    def make(entry: Field, on: dt.date) -> _Reader:
        remedy = entry.help or "Corrigez la valeur ou laissez la cellule vide."

        def read(cell: object, text: str) -> object:
            if cell.__class__ is str:
                cell = text if text.isascii() else _ascii_digits(text)
            checked = check(cell)
            if checked.problem:
                return _refused(entry, checked.problem, remedy, entry.kind)
            if checked.warning:
                return _kept(checked.value, checked.warning, "Vérifiez la valeur ; elle est enregistrée.", entry.kind)
            return checked.value or None

        return read

    return make


def _ascii_digits(text: str) -> str:
    """`٠٦١٢` → `0612`: digits of other scripts."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _contact(check: Callable[[object], identifiers.Checked]) -> Callable[[Field, dt.date], _Reader]:
    """A telephone number or an e-mail address; of several in one cell the first is kept."""
    make_one = _checked(check)

    def make(entry: Field, on: dt.date) -> _Reader:
        read_one = make_one(entry, on)

        def read(cell: object, text: str) -> object:
            found = read_one(cell, text)
            if found.__class__ is str or found is None:
                return found
            if _NO_CONTACT.match(text):
                return None
            for part in _SEVERAL.split(text)[:4] if len(text) <= LONGEST_TEXT else ():
                first = check(part)
                if first.value and part != text and len(first.value) > 6:
                    reason = f"plusieurs valeurs dans une cellule : seule « {part} » est enregistrée"
                    return _kept(first.value, reason, "Ne laissez qu’une valeur par cellule.", "several_values")
            return found

        return read

    return make


def _commune(entry: Field, on: dt.date) -> _Reader:
    check = _checked(identifiers.commune_code)(entry, on)

    def read(cell: object, text: str) -> object:
        found = check(cell, text)
        code = found.value if isinstance(found, Noted) else found
        if isinstance(code, str):
            try:
                territories.commune(code)
            except UnknownCode:
                reason = f"le code commune {code} n’existe pas"
                return _refused(entry, reason, "Le code INSEE n’est pas le code postal.", "commune_unknown")
        return found

    return read


def _text(entry: Field, on: dt.date) -> _Reader:
    longest = {"address": 300, "city": 120, "session_place": 200}.get(entry.name, 200)

    def read(cell: object, text: str) -> object:
        if text[0] in "=@" or (text[0] in "+-" and "(" in text):
            return _refused(entry, "le texte ressemble à une formule", "Retirez le premier caractère.", "formula")
        if len(text) > longest:
            return _refused(entry, f"le texte dépasse {longest} caractères", "Raccourcissez le texte.", "too_long")
        return text

    return read


def _listed(find: Callable[[str], object], what: str, remedy: str, code: str) -> Callable[[Field, dt.date], _Reader]:
    """A value of a closed list."""

    def make(entry: Field, on: dt.date) -> _Reader:
        def read(cell: object, text: str) -> object:
            found = find(text) if len(text) <= LONGEST_TEXT else None
            if found is None:
                return _refused(entry, f"{what} : « {text[:60]} »", remedy, code)
            return found or None

        return read

    return make


def _nationality(text: str) -> str | None:
    country = countries.find(text)
    return country.iso2 if country else None


def _language(text: str) -> str | None:
    if ascii_key(text) in vocabulary.NO_INTERPRETER:
        return ""
    language = languages.find(text)
    return language.iso639_3 if language else None


def _level(text: str) -> str | None:
    level = levels.find(text)
    return level.value if level else None


def _answer_reference(entry: Field, on: dt.date) -> _Reader:
    def read(cell: object, text: str) -> object:
        found = references.tidy(text)
        if references.unsigned(found) is None:
            return _refused(
                entry,
                "ce n’est pas une référence de la plateforme",
                "Repartez du tableau téléchargé et ne changez pas sa colonne « Référence ».",
                "reference",
            )
        return found

    return read


def _answer_list(name: str) -> Callable[[Field, dt.date], _Reader]:
    remedy = f"Choisissez : {answer_words.offered(name)}."
    return _listed(answer_words.finder(name), "réponse inconnue", remedy, name)


_READERS: dict[str, Callable[[Field, dt.date], _Reader]] = {
    "family_name": _name,
    "birth_name": _name,
    "given_names": _name,
    "full_name": _full_name,
    "birth_date": _birth_date,
    "past_date": _date,
    "session_date": _session_date,
    "time": _time,
    "foreigner_number": _checked(identifiers.foreigner_number),
    "nir": _checked(identifiers.nir),
    "ft_identifier": _checked(identifiers.france_travail),
    "caf_number": _checked(identifiers.caf_number),
    "code": _checked(identifiers.file_number),
    "postcode": _checked(identifiers.postcode),
    "phone": _contact(identifiers.phone),
    "email": _contact(identifiers.email),
    "commune": _commune,
    "text": _text,
    "sex": _listed(vocabulary.sex, "sexe inconnu", "Écrivez F ou H (Mme ou M. est accepté).", "sex"),
    "nationality": _listed(
        _nationality,
        "nationalité inconnue ou ambiguë",
        "Écrivez une seule nationalité, le nom du pays ou son code à deux lettres.",
        "nationality",
    ),
    "language": _listed(_language, "langue inconnue ou ambiguë", "Écrivez le nom d’une seule langue.", "language"),
    "motive": _listed(
        vocabulary.motive, "motif d’admission inconnu", "Écrivez Asile, Familial, Économique ou Autres.", "motive"
    ),
    "answer_reference": _answer_reference,
    **{name: _answer_list(name) for name in answer_words.LISTS},
    "level": _listed(_level, "niveau de français inconnu", "Écrivez un seul niveau, par exemple A1 ou A2.", "level"),
}
