"""A region and its departments publish apart: their returns are protected together (F-012, K-025)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from passerelles.indicators.definitions import definition
from passerelles.indicators.disclosure import audit
from passerelles.indicators.disclosure.systems import Dimension, crossing
from passerelles.indicators.engine.table import Dim, FigureTable, Row
from passerelles.reports.published import Asked, Neighbours, Pattern, publish

PLACES, REGION = ("A", "B", "C", "D"), "region"
SEXES, PUBLICS = ("F", "H"), ("bpi", "cir", "autre")
ASKED = Asked("recrutements", ((), ("sexe",), ("sexe", "public")))
THRESHOLD = 5


def counts(seed: int) -> np.ndarray:
    """Small departments beside a large one: many cells of 1 to 4."""
    rng = np.random.default_rng(seed)
    return rng.poisson(np.array([30.0, 9.0, 6.0, 4.0])[:, None, None] * rng.uniform(0.2, 1.0, (1, 2, 3)))


def figure_of(numbers: np.ndarray, place: str = "") -> FigureTable:
    """By sex and public, of one place; by department first when `place` is empty."""
    dims = [Dim("sexe", "Sexe", dict.fromkeys(SEXES)), Dim("public", "Public", dict.fromkeys(PUBLICS))]
    if not place:
        dims.insert(0, Dim("departement", "Département", dict.fromkeys(PLACES)))
    else:
        numbers = numbers.sum(axis=0) if place == REGION else numbers[PLACES.index(place)]
    lists = [list(dim.labels) for dim in dims]
    rows = tuple(
        Row(tuple(codes[rank] for codes, rank in zip(lists, where, strict=True)), int(number), 0)
        for where, number in np.ndenumerate(numbers)
    )
    return FigureTable(definition(ASKED.code), dt.date(2025, 1, 1), dt.date(2025, 3, 31), tuple(dims), rows)


def published(numbers: np.ndarray, order: tuple[str, ...], *, linked: bool) -> dict[str, Pattern | None]:
    """What is hidden of each place, published one after the other; None when nothing of it is printed."""
    found: dict[str, Pattern | None] = {}
    for place in order:
        public = {each: pattern for each, pattern in found.items() if pattern is not None}
        around = Neighbours(figure_of(numbers), REGION, place, public) if linked and public else None
        made = publish(figure_of(numbers, place), ASKED, neighbours=around)
        found[place] = None if made.refused else made.hidden
    return found


def found_by_the_attacker(numbers: np.ndarray, patterns: dict[str, Pattern | None]) -> list[tuple[str, ...]]:
    """Small cells, printed or not, that all the publications together give exactly or bound under the threshold."""
    places = Dimension.nested("place", dict.fromkeys(PLACES, REGION), total="")
    system = crossing([places, Dimension.flat("sexe", SEXES), Dimension.flat("public", PUBLICS)], numbers)
    unseen = np.repeat([patterns.get(place) is None for place in PLACES], numbers[0].size)
    system = replace(system, unseen=unseen)
    hidden = np.array([(pattern := patterns.get(label[0])) is None or label[1:] in pattern for label in system.labels])
    small = np.flatnonzero(system.sensitive(THRESHOLD)).tolist()
    return [
        system.labels[cell]
        for informed in (False, True)
        for cell, (low, high) in zip(small, audit.bounds(system, hidden, small, informed=informed), strict=True)
        if low == high or (high is not None and high < THRESHOLD)
    ]


ORDERS = (("A", "B", "C", REGION, "D"), (REGION, "D", "C", "B", "A"), ("D", REGION, "A", "C", "B"))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_all_the_publications_together_give_no_small_cell(seed, order):
    numbers = counts(seed)
    patterns = published(numbers, order, linked=True)
    assert found_by_the_attacker(numbers, patterns) == []


def test_most_places_still_publish_something():
    refused = sum(
        pattern is None
        for seed in range(4)
        for order in ORDERS
        for pattern in published(counts(seed), order, linked=True).values()
    )
    assert refused <= 6, "of 60 publications"


def test_places_protected_each_on_their_own_are_given_away_by_subtraction():
    given = [
        found_by_the_attacker(counts(seed), published(counts(seed), order, linked=False))
        for seed in range(4)
        for order in ORDERS
    ]
    assert any(given), "the attack that linking the places prevents"
