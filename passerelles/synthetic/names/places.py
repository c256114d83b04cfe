"""Where people live: real communes weighted by their population, invented streets, shared addresses. Pure."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from passerelles.reference import territories
from passerelles.synthetic.names.stock import Bools, Choice, Ints, Texts, lines_by, read_table

STREETS = (
    "rue des Lilas", "rue du Moulin", "avenue de la Gare", "rue des Écoles", "place de l’Église", "rue du Stade",
    "allée des Tilleuls", "rue des Acacias", "avenue de la République", "rue de la Fontaine",
    "boulevard de la Liberté", "rue des Jardins", "rue du Lavoir", "chemin des Vignes", "rue Victor-Hugo",
    "rue Pasteur", "rue des Peupliers", "place du Marché", "rue de Verdun", "avenue Jean-Moulin", "rue Émile-Zola",
    "rue des Cerisiers", "impasse des Rosiers", "rue de la Paix", "rue du Château", "rue des Prés", "cours Voltaire",
    "rue Marie-Curie", "square des Bouleaux", "rue du Pont", "rue de Bretagne", "avenue du Général-Leclerc",
    "rue des Tanneurs", "quai des Tisserands", "rue de la Poste", "résidence Les Hirondelles", "rue Louise-Michel",
    "rue des Mésanges", "allée du Parc",
)  # fmt: skip
RESIDENCES = ("appt 3", "bât. B", "esc. 2", "appt 27", "bât. C appt 14", "chambre 112", "3e étage")
HOUSES = ("CCAS, 1 place de la Mairie", "Domiciliation, 8 rue de la Solidarité", "SPADA, 21 rue de l’Accueil")
"""Where those who have no address of their own receive their letters: hundreds at each."""
Place = tuple[str, str, str]  # commune code, postcode, city


@lru_cache(maxsize=1)
def _communes() -> dict[str, str]:
    return {row["department"]: row["communes"] for row in read_table("names_communes")}


@lru_cache(maxsize=128)
def places_of(department: str) -> Choice:
    """Communes of a department, arrondissements of Paris, Lyon and Marseille as communes; raises UnknownCode."""
    listed = [item.split(":") for item in _communes().get(department, "").split()]
    if not listed:
        listed = [
            [commune.code, "1"] for commune in territories.communes_of_department(department) if commune.postcodes
        ]
    places: list[Place] = []
    weights: list[float] = []
    for code, thousands in listed:
        commune = territories.commune(code)
        city = territories.commune(commune.parent_code).name if commune.is_arrondissement else commune.name
        for postcode in commune.postcodes[:3]:
            places.append((code, postcode, city))
            weights.append(float(thousands) / min(len(commune.postcodes), 3))
    return Choice.of(places, np.array(weights))


def draw_places(departments: pl.Series, rng: np.random.Generator) -> Texts:
    """A (commune code, postcode, city) for each."""
    uniforms, found = rng.random(len(departments)), np.empty(len(departments), dtype=object)
    for department, there in lines_by(departments):
        found[there] = places_of(department).draw(uniforms[there])
    return found


def draw_addresses(size: int, rng: np.random.Generator) -> Texts:
    """`12 rue des Lilas`, one in six with a door or a floor."""
    number, street, detail = rng.integers(1, 140, size), rng.integers(0, len(STREETS), size), rng.integers(0, 42, size)
    found = np.empty(size, dtype=object)
    found[:] = [
        f"{n} {STREETS[s]}{f', {RESIDENCES[d]}' if d < len(RESIDENCES) else ''}"
        for n, s, d in zip(number.tolist(), street.tolist(), detail.tolist(), strict=True)
    ]
    return found


def domiciliate(
    places: Texts, addresses: Texts, departments: pl.Series, chosen: Bools, rng: np.random.Generator
) -> None:
    """Gives `chosen` lines, in place, one of three shared addresses in the main communes of their department."""
    house = rng.integers(0, len(HOUSES), len(departments))
    codes = departments.to_numpy()
    for line in np.flatnonzero(chosen).tolist():
        places[line] = _main_places(codes[line])[house[line] % len(_main_places(codes[line]))]
        addresses[line] = HOUSES[house[line]]


@lru_cache(maxsize=128)
def _main_places(department: str) -> list[Place]:
    first: dict[str, Place] = {}
    for place in places_of(department).values.tolist():
        first.setdefault(place[0], place)
    return list(first.values())[: len(HOUSES)]


def of_head(values: Texts, head: Ints) -> Texts:
    """Each one's value, or that of the head of the household."""
    return np.where(head >= 0, values[head.clip(0)], values)
