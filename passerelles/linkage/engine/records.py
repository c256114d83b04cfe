"""A record of any list, prepared once for comparison: flat columns, the same for every executor. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from passerelles.core.text import ascii_key
from passerelles.linkage.engine import names, phonetics


@dataclass(frozen=True, slots=True)
class Record:
    """What a list says of a person; an empty text is unknown. Identifiers are values or keyed hashes as text."""

    family_name: str = ""
    given_names: str = ""
    birth_name: str = ""
    birth_date: dt.date | None = None
    birth_date_estimated: bool = False
    sex: str = ""
    country: str = ""
    postcode: str = ""
    city: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    foreigner_number: str = ""
    nir: str = ""
    ft_number: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Record:
        """From a mapping that may hold more; `None` is unknown."""
        return cls(**{f.name: values[f.name] for f in fields(cls) if values.get(f.name) not in (None, "")})


TEXTS = (
    "family birth given first born born_md born_dm born_year born_next sex country postcode department city address "
    "email phone agdref nir ft"
).split()
TOKEN_ARRAYS = "family_tokens given_tokens".split()
KEY_ARRAYS = "family_keys birth_keys given_keys first_keys".split()
ARRAYS = [*TOKEN_ARRAYS, *KEY_ARRAYS]
FLAGS = ["estimated", "nir_unsettled"]
LONGEST = 120
"""Letters of a place compared: PostgreSQL measures distances up to 255."""
WEIGHTED = {
    column: f"{column}_bits"
    for column in ("family", "first", "family_keys", "first_keys", "postcode", "department", "address")
}
"""Columns whose agreement weighs more when the value is rare, and the column that holds −log2 of its frequency; of
several keys, that of the most frequent."""
RARITIES = WEIGHTED | {"names": "names_bits", "names_keys": "names_keys_bits"}
"""The same for what a level may rest on; `names`: family name and first given name together, `names_keys`: their keys.
The only name of a person counts as a given name."""
SETTLED_NIR = re.compile(r"[12]\d{12}")
"""A definitive NIR, read in clear: a person has only one. A temporary one changes, a keyed hash does not tell."""

Row = dict[str, Any]


@lru_cache(maxsize=500_000)
def number_of(text: str) -> int:
    """A signed 64-bit number that stands for a text: what the indexes hold."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=500_000)
def name_keys(name: names.Name) -> frozenset[int]:
    """The keys of the whole name and of each of its parts of three letters or more."""
    if len(name.tokens) < 2:
        return whole_keys(name.glued)
    return whole_keys(name.glued).union(*(whole_keys(token) for token in name.tokens if len(token) >= 3))


@lru_cache(maxsize=500_000)
def whole_keys(word: str) -> frozenset[int]:
    """The keys of one word."""
    return frozenset(number_of(key) for key in phonetics.keys(word)) if word else frozenset()


def prepare(record: Record) -> Row:
    """The columns that every executor compares. Frequencies are added by the model (`Model.weigh`)."""
    family, given = names.family(record.family_name), names.given(record.given_names)
    birth = names.family(record.birth_name)
    if given.glued and family.glued in ("", given.glued):  # one name only, wherever the list wrote it
        family, given = names.family(record.given_names), names.EMPTY
    born = record.birth_date
    return {
        "family": family.glued,
        "birth": birth.glued,
        "given": given.glued,
        "first": given.first,
        "family_tokens": frozenset(token for token in family.tokens if len(token) > 1),
        "given_tokens": frozenset(token for token in given.tokens if len(token) > 1),
        "family_keys": name_keys(family),
        "birth_keys": name_keys(birth),
        "given_keys": name_keys(given),
        "first_keys": whole_keys(given.first),
        "born": born.isoformat() if born else "",
        "born_md": f"{born:%m-%d}" if born else "",
        "born_dm": f"{born:%d-%m}" if born else "",
        "born_year": str(born.year) if born else "",
        "born_next": str(born.year + 1) if born else "",
        "estimated": bool(born and (record.birth_date_estimated or (born.month, born.day) in {(1, 1), (12, 31)})),
        "sex": record.sex,
        "country": record.country,
        "postcode": record.postcode,
        "department": department_of(record.postcode),
        "city": glued(record.city),
        "address": glued(record.address),
        "email": record.email.lower(),
        "phone": record.phone,
        "agdref": record.foreigner_number,
        "nir": record.nir[:13],
        "ft": record.ft_number,
        "nir_unsettled": not SETTLED_NIR.fullmatch(record.nir[:13]),
    }


@lru_cache(maxsize=500_000)
def glued(text: str) -> str:
    """Letters and digits only: `12, rue de l’Église` and `12 RUE DE L EGLISE` are the same."""
    return ascii_key(text).replace(" ", "")[:LONGEST]


def department_of(postcode: str) -> str:
    """Two digits, three overseas; Corsica is one (`20`): enough to compare places."""
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]
