"""Languages of newcomers: codes, names, script, direction, and which ones the screens are offered in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from passerelles.core.text import ascii_key
from passerelles.reference.matching import index_of
from passerelles.reference.tables import SEPARATOR_OF_ALIASES, UnknownCode, rows


@dataclass(frozen=True, slots=True)
class Language:
    """`script` is ISO 15924 and `direction` `ltr` or `rtl`; both are empty for sign language.

    `is_mostly_oral`: a spoken message serves better than a text.
    """

    iso639_3: str
    bcp47: str
    name: str
    endonym: str
    script: str
    direction: str
    is_interface: bool
    is_mostly_oral: bool
    aliases: tuple[str, ...] = ()

    @property
    def is_rtl(self) -> bool:
        return self.direction == "rtl"


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, Language]:
    return {
        row["iso639_3"]: Language(
            iso639_3=row["iso639_3"],
            bcp47=row["bcp47"],
            name=row["name"],
            endonym=row["endonym"],
            script=row["script"],
            direction=row["direction"],
            is_interface=row["interface"] == "oui",
            is_mostly_oral=row["mostly_oral"] == "oui",
            aliases=tuple(filter(None, row["aliases"].split(SEPARATOR_OF_ALIASES))),
        )
        for row in rows("languages")
    }


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Language]:
    languages = _languages().values()
    return index_of(
        ((language, (language.iso639_3, language.bcp47, language.name)) for language in languages),
        ((language, (language.endonym, *language.aliases)) for language in languages),
    )


def all_languages() -> tuple[Language, ...]:
    return tuple(_languages().values())


def interface_languages() -> tuple[Language, ...]:
    """The languages the newcomer's page is offered in, French first."""
    return tuple(language for language in all_languages() if language.is_interface)


def get(iso639_3: str) -> Language:
    """Raises UnknownCode."""
    try:
        return _languages()[iso639_3]
    except KeyError:
        raise UnknownCode("Langue (code ISO 639-3)", iso639_3) from None


@lru_cache(maxsize=4096)
def find(text: str) -> Language | None:
    """The language meant by `text` (name, endonym, code); None when unknown or ambiguous (`kurde`)."""
    return _index().get(ascii_key(text))
