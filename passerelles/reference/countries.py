"""Countries and nationalities, found from what people write: names, nationalities, ISO and INSEE codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from passerelles.core.text import ascii_key
from passerelles.reference.matching import index_of
from passerelles.reference.tables import SEPARATOR_OF_ALIASES, UnknownCode, rows

STATELESS = "XA"
"""Statelessness stands in the table like a country, under a user-assigned ISO code (ICAO: XXA)."""


@dataclass(frozen=True, slots=True)
class Country:
    """`status`: pays-tiers, ue, eee, suisse, france. Territories may lack an INSEE code and nationalities."""

    iso2: str
    iso3: str
    insee_code: str
    name: str
    name_en: str
    nationality_m: str
    nationality_f: str
    is_third_country: bool
    status: str
    aliases: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, Country]:
    return {
        row["iso2"]: Country(
            iso2=row["iso2"],
            iso3=row["iso3"],
            insee_code=row["insee"],
            name=row["name"],
            name_en=row["name_en"],
            nationality_m=row["nationality_m"],
            nationality_f=row["nationality_f"],
            is_third_country=row["third_country"] == "oui",
            status=row["status"],
            aliases=tuple(filter(None, row["aliases"].split(SEPARATOR_OF_ALIASES))),
        )
        for row in rows("countries")
    }


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Country]:
    """Codes and names first; a nationality shared by several countries (`congolais`) finds none of them."""
    countries = _countries().values()
    with_own_nationality = [country for country in countries if country.status != "france" or country.iso2 == "FR"]
    return index_of(
        ((country, (country.iso2, country.iso3, country.insee_code, country.name)) for country in countries),
        ((country, (country.name_en, *country.aliases)) for country in countries),
        ((country, (country.nationality_m, country.nationality_f)) for country in with_own_nationality),
    )


def all_countries() -> tuple[Country, ...]:
    return tuple(_countries().values())


def get(iso2: str) -> Country:
    """Raises UnknownCode."""
    try:
        return _countries()[iso2]
    except KeyError:
        raise UnknownCode("Pays (code ISO à deux lettres)", iso2) from None


@lru_cache(maxsize=8192)
def find(text: str) -> Country | None:
    """The country meant by `text`, accents and case ignored; None when unknown or ambiguous (`Congolais`)."""
    return _index().get(ascii_key(text))
