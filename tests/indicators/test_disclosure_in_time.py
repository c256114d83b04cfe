"""A year of monthly publications on the synthetic Bretagne: months, totals since January, last month's included."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from passerelles.indicators.disclosure import audit
from passerelles.indicators.disclosure.protection import Protection, protect
from passerelles.indicators.disclosure.systems import Dimension, Flags
from passerelles.indicators.disclosure.timeline import Window, next_publication, timeline
from tests.indicators import publications
from tests.indicators.publications import windows_up_to

THRESHOLD = 5
REGION = "53"


@cache
def signatories() -> tuple[list[Dimension], np.ndarray]:
    """Bretagne: its departments and their total."""
    return publications.signatories(REGION)


@cache
def year_of_publications() -> list[tuple[Protection, dict[str, Flags]]]:
    dimensions, counts = signatories()
    earlier: dict[str, Flags] = {}
    done = []
    for month in range(12):
        protection, earlier = next_publication(dimensions, list(counts[: month + 1]), windows_up_to(month), earlier)
        done.append((protection, earlier))
    return done


def test_every_month_has_its_proof_and_nothing_public_is_withdrawn() -> None:
    before: dict[str, Flags] = {}
    for protection, after in year_of_publications():
        assert audit.faults(protection) == []
        for window, hidden in before.items():
            assert np.array_equal(after[window], hidden), "a later month neither withdraws nor uncovers"
        before = after


def test_the_attacker_of_december_finds_no_cell_of_the_year() -> None:
    """All that was printed in the year at once; exact bounds of the sensitive cells of December and of the autumn."""
    protection, _ = year_of_publications()[-1]
    system = protection.system
    last = [
        int(cell) for cell in np.flatnonzero(protection.sensitive) if system.labels[cell][0] in {"2023-12", "2023-09"}
    ]
    assert len(last) > 20
    for informed in (False, True):
        for cell, (least, greatest) in zip(
            last, audit.bounds(system, protection.hidden, last, informed=informed), strict=True
        ):
            value = system.values[cell]
            assert greatest is not None and greatest >= THRESHOLD, system.name(cell)
            assert least < value or least == system.floors[cell], system.name(cell)
            assert least < greatest


def test_months_protected_each_on_their_own_are_given_away_by_subtraction() -> None:
    dimensions, counts = signatories()
    windows = [Window("janvier", (0,)), Window("février", (1,)), Window("janvier à février", (0, 1))]
    system = timeline(dimensions, list(counts[:2]), windows)
    alone = np.concatenate(
        [
            protect(timeline(dimensions, [counts[list(window.months)].sum(axis=0)], [Window(window.name, (0,))])).hidden
            for window in windows
        ]
    )
    cells = np.flatnonzero(system.sensitive(THRESHOLD))
    narrow = [low for low, high in audit.bounds(system, alone, cells, informed=True) if low == high or high < THRESHOLD]
    assert narrow, "the attack that linking the publications prevents"


def test_a_month_that_nobody_prints_is_protected_when_two_totals_give_it() -> None:
    dimensions, counts = signatories()
    windows = [Window("à mars", (0, 1, 2)), Window("à avril", (0, 1, 2, 3)), Window("avril", (3,))]
    system = timeline(dimensions, list(counts[:4]), windows, unprinted=frozenset({"avril"}))
    printed = system.offered
    unlinked = replace(system, offered=printed, published=~system.sensitive(THRESHOLD) & printed)
    april = [cell for cell in np.flatnonzero(system.sensitive(THRESHOLD)) if system.labels[cell][0] == "avril"]
    given = audit.bounds(unlinked, unlinked.sensitive(THRESHOLD) & printed, april)
    assert any(low == high for low, high in given), "the difference of two totals gives April away"
    protection = protect(system, THRESHOLD)
    for low, high in audit.bounds(system, protection.hidden, april):
        assert low < high and high >= THRESHOLD
