"""The identity of people as OFII wrote it: names, birth, languages, contact details, numbers. Pure."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from passerelles.core.text import ascii_key
from passerelles.reference import languages
from passerelles.reference.schooling import Schooling
from passerelles.synthetic.names.births import birth_dates
from passerelles.synthetic.names.contacts import draw_phones, emails
from passerelles.synthetic.names.cultures import WRITERS, Root, Written
from passerelles.synthetic.names.families import Kin, Roots, roots
from passerelles.synthetic.names.numbers import (
    SIGNATORY,
    definitive_nirs,
    file_numbers,
    foreigner_numbers,
    ft_numbers,
    known_or_blank,
    temporary_nirs,
)
from passerelles.synthetic.names.places import domiciliate, draw_addresses, draw_places, of_head
from passerelles.synthetic.names.stock import Bools, defects, lines_by, stocks

NEEDED = ("number", "nationality", "sex", "age", "signed_on", "department")
WHEN_ABSENT = {
    "household": pl.lit(None, dtype=pl.UInt32),
    "motive": pl.lit(""),
    "schooling": pl.lit(""),
    "ft": pl.lit(False),
}
READS_AFTER_PRIMARY = 0.6


def identities(people: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """`people` with the columns of names, birth, language, contact and identifiers filled, as frames.PEOPLE says.

    Needs number, nationality, sex, age, signed_on, department; household, motive, schooling and ft are taken into
    account when they are there. Raises ValueError when a needed column is missing.
    """
    return described(people, rng)


def described(
    people: pl.DataFrame, rng: np.random.Generator, *, prefix: str = SIGNATORY, long_phones: bool = False
) -> pl.DataFrame:
    """As `identities`; `prefix` tells signatories from the strangers of other lists, `long_phones` see `contacts`."""
    if missing := [name for name in NEEDED if name not in people.columns]:
        raise ValueError(f"identities: columns missing: {', '.join(missing)}")
    told = people.with_columns(**{name: value for name, value in WHEN_ABSENT.items() if name not in people.columns})
    drawn = roots(told, rng)
    named = _names(told, drawn, rng)
    born, known = birth_dates(told, rng)
    told = told.with_columns(*named, born, known)
    told = told.with_columns(*_languages(told, drawn, rng))
    told = told.with_columns(*_contacts(told, drawn, rng, long_phones))
    told = told.with_columns(*_numbers(told, rng, prefix))
    return told.drop([name for name in WHEN_ABSENT if name not in people.columns])


def _names(people: pl.DataFrame, drawn: Roots, rng: np.random.Generator) -> list[pl.Series]:
    habits, size = defects()["ofii"], people.height
    written = compose(drawn, people["sex"].to_list(), rng)
    family, birth, given = (list(column) for column in zip(*written, strict=True)) if size else ([], [], [])
    conventions = habits["no_name"]
    which = rng.integers(0, len(conventions), size)
    for line in np.flatnonzero(drawn.single != "").tolist():
        given[line], birth[line] = drawn.single[line], ""
        family[line] = conventions[which[line]] if conventions[which[line]] != "=" else given[line]
    plain = rng.random(size) < habits["diacritics_lost"]
    for line in np.flatnonzero(plain).tolist():
        family[line], birth[line], given[line] = map(without_marks, (family[line], birth[line], given[line]))
    swapped = (rng.random(size) < habits["swapped"]) & (drawn.single == "")
    for line in np.flatnonzero(swapped).tolist():
        family[line], given[line] = given[line], family[line]
    columns = {"family_name": family, "birth_name": birth, "given_names": given}
    return [pl.Series(name, values, dtype=pl.String) for name, values in columns.items()]


def compose(drawn: Roots, sexes: list[str], rng: np.random.Generator) -> list[Written]:
    """The names that each one's culture makes of the roots."""
    size = len(sexes)
    chance, other = rng.random((2, size)).tolist() if size else ([], [])
    cultures = {code: WRITERS[stock.culture] for code, stock in stocks().items()}
    texts = (
        drawn.given,
        drawn.second,
        drawn.father,
        drawn.grandfather,
        drawn.family,
        drawn.other_family,
        drawn.husband,
    )
    lines = zip(sexes, drawn.stock.tolist(), *(text.tolist() for text in texts), chance, other, strict=True)
    return [cultures[line[1]](Root(*line)) for line in lines]


@lru_cache(maxsize=200_000)
def without_marks(name: str) -> str:
    """The name in plain Latin letters, as a keyboard without accents writes it."""
    if name.isascii():
        return name
    plain = "".join(_PLAIN.get(letter, letter) for letter in name)
    return plain if plain.isascii() else " ".join(word.capitalize() for word in ascii_key(plain).split())


_PLAIN = {
    accented: plain
    for plain, letters in {
        "a": "áàâãäåăắằẳẵặấầẩẫậảạā", "e": "éèêëếềểễệẻẽẹěē", "i": "íìîïıỉĩịī", "o": "óòôõöốồổỗộơớờởỡợỏọō",
        "u": "úùûüưứừửữựủũụū", "y": "ýỳỷỹỵÿ", "c": "çćč", "n": "ñńň", "s": "şšśș", "g": "ğ", "z": "žźż", "d": "đ",
        "t": "țţ", "l": "ł", "'": "’",
    }.items()
    for accented in letters
}  # fmt: skip
_PLAIN |= {accented.upper(): plain.upper() for accented, plain in _PLAIN.items() if len(accented.upper()) == 1}
_PLAIN["İ"] = "I"


def _languages(people: pl.DataFrame, drawn: Roots, rng: np.random.Generator) -> list[pl.Series]:
    """Contact language, languages spoken, languages read (none for who never went to school)."""
    size = people.height
    uniforms = rng.random((2 + max(len(stock.also) for stock in stocks().values()), size))
    contact = np.empty(size, dtype=object)
    speaks = np.full(size, "", dtype=object)
    for code, lines in lines_by(pl.Series(drawn.stock, dtype=pl.String)):
        stock = stocks()[code]
        contact[lines] = speaks[lines] = stock.languages.draw(uniforms[0, lines])
        for rank, (language, share) in enumerate(stock.also.items(), 2):
            added = lines[(uniforms[rank, lines] < share) & (contact[lines] != language)]
            speaks[added] += f" {language}"
    oral = [language.bcp47 for language in languages.all_languages() if language.is_mostly_oral]
    schooling = people["schooling"].fill_null("").to_list()
    reads = np.array([_reads(level, chance) for level, chance in zip(schooling, uniforms[1].tolist(), strict=True)])
    spoken = pl.Series("speaks", speaks, dtype=pl.String).str.split(" ")
    written = pl.element().filter(~pl.element().is_in(oral))
    none: list[str] = []
    return [
        pl.Series("language", contact, dtype=pl.String),
        spoken,
        pl.select(
            pl.when(pl.Series(reads, dtype=pl.Boolean))
            .then(spoken.list.eval(written))
            .otherwise(pl.lit(none, dtype=pl.List(pl.String)))
            .alias("reads")
        ).to_series(),
    ]


def _reads(schooling: str, chance: float) -> bool:
    if schooling == Schooling.NONE:
        return False
    return schooling != Schooling.PRIMARY or chance < READS_AFTER_PRIMARY


def _contacts(people: pl.DataFrame, drawn: Roots, rng: np.random.Generator, long_phones: bool) -> list[pl.Series]:
    habits, size = defects()["ofii"], people.height
    places, addresses = draw_places(people["department"], rng), draw_addresses(size, rng)
    domiciliate(places, addresses, people["department"], _without_address(people, drawn, rng), rng)
    departments = people["department"].to_numpy()
    head = np.where(departments == departments[drawn.head.clip(0)], drawn.head, -1) if size else drawn.head
    places, addresses = of_head(places, head), of_head(addresses, head)
    phones = draw_phones(size, rng, long=long_phones)
    own_phone = rng.random(size) < habits["own_phone"]
    phones = np.where(own_phone, phones, of_head(phones, head))
    hosted = rng.random(size) < habits["shared_phone"]
    phones = np.where(hosted, phones[rng.integers(0, size, size)] if size else phones, phones)
    mails = emails(people["given_names"].to_numpy(), people["family_name"].to_numpy(), people["number"].to_numpy())
    columns = {
        "phone": np.where(rng.random(size) < habits["phone"], phones, ""),
        "email": np.where(rng.random(size) < habits["email"], mails, ""),
        "address": addresses,
    }
    parts = dict(zip(("commune_code", "postcode", "city"), zip(*places, strict=True), strict=True)) if size else {}
    return [
        *(pl.Series(name, values.tolist(), dtype=pl.String) for name, values in columns.items()),
        *(pl.Series(n, list(parts.get(n, [])), dtype=pl.String) for n in ("commune_code", "postcode", "city")),
    ]


def _without_address(people: pl.DataFrame, drawn: Roots, rng: np.random.Generator) -> Bools:
    shares = defects()["ofii"]["domiciliation"]
    share = (
        people["motive"]
        .fill_null("")
        .replace_strict(
            list(shares),
            [float(share) for share in shares.values()],
            default=float(shares["default"]),
            return_dtype=pl.Float64,
        )
    )
    chosen: Bools = (rng.random(people.height) < share.to_numpy()) & (drawn.kin <= Kin.HEAD)
    return chosen


def _numbers(people: pl.DataFrame, rng: np.random.Generator, prefix: str) -> list[pl.Series]:
    habits, size = defects()["ofii"], people.height
    definitive = definitive_nirs(people, prefix)
    stage = rng.random(size)
    settled = habits["nir"]["definitive"]
    waiting = settled + habits["nir"]["temporary"]
    nir = pl.select(
        pl.when(pl.Series(stage < settled))
        .then(definitive)
        .when(pl.Series(stage < waiting))
        .then(temporary_nirs(definitive))
        .otherwise(pl.lit(""))
    ).to_series()
    registered = people["ft"].fill_null(False).to_numpy()
    told = registered & (rng.random(size) < habits["ft_number"])
    foreigner = rng.random(size) < habits["foreigner_number"]
    where = (people["number"], people["department"], people["signed_on"])
    return [
        known_or_blank(foreigner_numbers(people["number"], prefix), foreigner).alias("foreigner_number"),
        file_numbers(*where, "OFII").alias("ofii_number"),
        nir.alias("nir"),
        known_or_blank(ft_numbers(people["number"], prefix), told).alias("ft_number"),
        file_numbers(*where, "CIR").alias("cir_number"),
    ]
