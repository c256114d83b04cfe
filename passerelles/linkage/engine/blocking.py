"""Which pairs are worth a comparison: two records are candidates when they share a blocking key. Pure.

Rules of the linkage study, and the address with a part of the birth date, for names that all bear or that one list
lost. A key is a 64-bit number, so that PostgreSQL finds candidates with one GIN index and the batch with one join.
"""

from __future__ import annotations

from passerelles.linkage.engine.records import Row, number_of

RULES = {
    "agdref": "même numéro étranger",
    "nir": "même NIR",
    "ft": "même identifiant France Travail",
    "email": "même adresse électronique",
    "phone": "même téléphone",
    "names_year": "nom et prénom proches, même année de naissance",
    "names_place": "nom et prénom proches, même département",
    "born_place": "même date de naissance, même sexe, même département",
    "name_born": "un nom proche et même date de naissance",
    "address_year": "même adresse, même année de naissance",
    "address_day": "même adresse, mêmes jour et mois de naissance",
}


def block_keys(row: Row) -> list[int]:
    """The blocking keys of a prepared record, sorted, without doubles."""
    found: set[int] = set()
    for rule in ("agdref", "nir", "ft", "email", "phone"):
        if row[rule]:
            found.add(number_of(f"{rule}|{row[rule]}"))
    born, year, department = row["born"], row["born_year"], row["department"]
    for family in row["family_keys"] | row["birth_keys"]:
        for first in row["first_keys"]:
            low, high = min(family, first), max(family, first)
            if year:
                found.add(number_of(f"names_year|{low}|{high}|{year}"))
            if department:
                found.add(number_of(f"names_place|{low}|{high}|{department}"))
    if born and not row["estimated"] and department and row["sex"]:
        found.add(number_of(f"born_place|{born}|{row['sex']}|{department}"))
    if born:
        for name in row["family_keys"] | row["birth_keys"] | row["given_keys"]:
            found.add(number_of(f"name_born|{name}|{born}"))
    if born and row["postcode"] and row["address"]:
        home = f"{row['postcode']}|{row['address']}"
        found.add(number_of(f"address_year|{home}|{year}"))
        found.add(number_of(f"address_day|{home}|{row['born_md']}"))
    return sorted(found)
