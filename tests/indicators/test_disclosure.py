"""What is hidden stays hidden: elimination, repair, witnesses, audit, against attackers that try everything (F, K)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from passerelles.indicators.disclosure import audit
from passerelles.indicators.disclosure.elimination import eliminate
from passerelles.indicators.disclosure.protection import protect
from passerelles.indicators.disclosure.systems import Dimension, System, Unprotectable, crossing, stacked

SEX = Dimension.flat("sexe", "FH")


def two_ways(rows: int, columns: int, counts: np.ndarray) -> System:
    return crossing(
        [Dimension.flat("a", [f"a{n}" for n in range(rows)]), Dimension.flat("b", [f"b{n}" for n in range(columns)])],
        counts,
    )


def tables_like(system: System, hidden: np.ndarray, *, informed: bool, most: int = 20_000) -> list[np.ndarray] | None:
    """Every table of whole people with the same published cells, found by trying; None when there are too many.

    The attacker of the tests: no linear program, no algebra.
    """
    matrix = system.matrix.toarray()
    shown = np.flatnonzero(system.offered & ~hidden)
    equations = [(np.flatnonzero(matrix[cell]), int(system.values[cell])) for cell in shown]
    size = matrix.shape[1]
    least = [1 if informed and system.counts[n] else 0 for n in range(size)]
    if any(all(n not in members for members, _ in equations) for n in range(size)):
        return None
    most_of = [min(total for members, total in equations if n in members) for n in range(size)]
    if informed:
        most_of = [0 if not system.counts[n] else most_of[n] for n in range(size)]
    closing = {n: [(m, t) for m, t in equations if m.max() == n] for n in range(size)}
    opening = {n: [(m, t) for m, t in equations if n in m] for n in range(size)}
    found: list[np.ndarray] = []
    trials = 0
    table = np.zeros(size, dtype=int)

    def fill(n: int) -> bool:
        nonlocal trials
        trials += 1
        if trials > most:
            return False
        if n == size:
            found.append(table.copy())
            return True
        room = min(t - table[m[m < n]].sum() for m, t in opening[n])
        for value in range(least[n], min(most_of[n], room) + 1):
            table[n] = value
            if all(table[m].sum() == t for m, t in closing[n]) and not fill(n + 1):
                return False
        table[n] = 0
        return True

    return found if fill(0) else None


def assert_nothing_found(system: System, hidden: np.ndarray, threshold: int, *, informed: bool) -> None:
    tables = tables_like(system, hidden, informed=informed)
    assume(tables is not None)
    assert tables, "the true table is always among those that an attacker finds"
    for cell in np.flatnonzero(system.sensitive(threshold)):
        value = system.values[cell]
        values = [int(system.matrix[[cell]].toarray().ravel() @ table) for table in tables]
        assert max(values) >= max(value + 1, threshold), system.name(cell)
        if value > system.floors[cell] or not informed:
            assert min(values) < value, system.name(cell)


small_counts = arrays(np.int64, st.tuples(st.integers(2, 3), st.integers(2, 4)), elements=st.integers(0, 9))


@settings(max_examples=50, deadline=None)
@given(small_counts)
def test_an_attacker_who_tries_every_table_finds_nothing_exact_and_nothing_too_narrow(counts: np.ndarray) -> None:
    system = two_ways(*counts.shape, counts)
    try:
        protection = protect(system, 3)
    except Unprotectable:
        return
    assert audit.certify(protection).holds
    assert_nothing_found(system, protection.hidden, 3, informed=True)
    assert_nothing_found(system, protection.hidden, 3, informed=False)


@settings(max_examples=30, deadline=None)
@given(arrays(np.int64, (2, 2, 3), elements=st.integers(0, 7)))
def test_the_same_in_three_dimensions_with_all_totals(counts: np.ndarray) -> None:
    system = crossing([SEX, Dimension.flat("b", "xy"), Dimension.flat("c", "uvw")], counts)
    try:
        protection = protect(system, 3)
    except Unprotectable:
        return
    assert_nothing_found(system, protection.hidden, 3, informed=True)


@settings(max_examples=40, deadline=None)
@given(small_counts)
def test_what_is_printed_is_true_and_the_sensitive_is_never_printed(counts: np.ndarray) -> None:
    system = two_ways(*counts.shape, counts)
    try:
        protection = protect(system, 4)
    except Unprotectable:
        return
    assert not (protection.published & protection.sensitive).any()
    assert protection.published[system.values == 0].all(), "an empty cell is printed as empty"
    assert audit.faults(protection) == []


@settings(max_examples=40, deadline=None)
@given(small_counts)
def test_the_audit_gives_the_bounds_that_trying_gives(counts: np.ndarray) -> None:
    system = two_ways(*counts.shape, counts)
    hidden = system.sensitive(4)
    tables = tables_like(system, hidden, informed=True)
    assume(tables is not None and hidden.any())
    for cell, bound in zip(
        np.flatnonzero(hidden), audit.bounds(system, hidden, np.flatnonzero(hidden), informed=True), strict=True
    ):
        values = [int(system.matrix[[cell]].toarray().ravel() @ table) for table in tables]
        assert bound == (min(values), max(values)), "a two-way table has whole vertices"


def test_without_complementary_cells_a_hidden_cell_is_found_by_subtraction() -> None:
    system = two_ways(2, 2, np.array([[2, 20], [30, 40]]))
    hidden = system.sensitive(5)
    assert hidden.sum() == 1
    assert audit.bounds(system, hidden, np.flatnonzero(hidden)) == [(2, 2)]
    eliminated = eliminate(system, 5)
    assert eliminated.sum() == 4


def test_hidden_cells_that_are_all_ones_are_not_given_away_by_their_number() -> None:
    """The singleton attack: 2 people in 2 cells that are not empty can only be 1 and 1."""
    system = two_ways(3, 3, np.array([[1, 1, 30], [1, 1, 40], [25, 35, 45]]))
    pattern = eliminate(system, 5)
    cells = np.flatnonzero(system.sensitive(5))
    before = audit.bounds(system, pattern, cells, informed=True)
    assert any(low == high for low, high in before), "elimination alone is found out by who knows hidden is not 0"
    after = protect(system, 5, hidden=pattern)
    assert all(low < high and high >= 5 for low, high in audit.bounds(system, after.hidden, cells, informed=True))


def test_a_total_that_is_small_itself_is_refused_with_the_reason() -> None:
    with pytest.raises(Unprotectable, match="Le total « Total × Total » compte moins de 5 personnes"):
        protect(two_ways(2, 2, np.array([[1, 0], [2, 0]])), 5)


def test_a_table_that_cannot_be_protected_is_refused_with_the_cell() -> None:
    with pytest.raises(Unprotectable, match="se retrouverait à partir des totaux"):
        protect(two_ways(2, 2, np.array([[2, 3], [0, 0]])), 5)


def test_linked_tables_are_protected_together() -> None:
    """Sex × motive and sex × age of the same people, printed apart: one cell of one may give one of the other."""
    rng = np.random.default_rng(7)
    dimensions = [SEX, Dimension.flat("motif", "abcd"), Dimension.flat("age", "xyz")]
    counts = rng.poisson(4, (2, 4, 3))
    by_motive = crossing(dimensions, counts, only=lambda codes: codes[2] == "Total")
    by_age = crossing(dimensions, counts, only=lambda codes: codes[1] == "Total")
    system = stacked([by_motive, by_age])
    protection = protect(system, 12)
    certificate = audit.certify(protection)
    assert certificate.holds and certificate.exact and certificate.sensitive > 0


def test_a_certificate_tells_the_attackers_apart_and_never_the_count() -> None:
    system = two_ways(3, 3, np.array([[2, 9, 30], [6, 4, 40], [25, 35, 45]]))
    certificate = audit.certify(protect(system, 5))
    assert certificate.holds
    data = certificate.as_data()
    assert {tuple(each["cell"]) for each in data["audits"]} == {("a0", "b0"), ("a1", "b1")}
    for each in certificate.audits:
        assert each.outsider[0] <= each.informed[0] < each.informed[1] <= each.outsider[1]
    assert "value" not in str(data)


def test_a_forged_proof_is_found_out() -> None:
    from dataclasses import replace

    system = two_ways(3, 3, np.array([[2, 9, 30], [6, 4, 40], [25, 35, 45]]))
    protection = protect(system, 5)
    shown = protection.hidden.copy()
    shown[np.flatnonzero(protection.hidden & ~protection.sensitive)[0]] = False
    assert any("change une case publiée" in fault for fault in audit.faults(replace(protection, hidden=shown)))
    assert not audit.certify(replace(protection, witnesses=())).holds


def test_a_territory_is_protected_within_its_region_and_region_totals_may_be_kept() -> None:
    rng = np.random.default_rng(3)
    place = Dimension.nested("territoire", {f"d{n}": f"r{n // 4}" for n in range(12)})
    system = crossing([place, SEX, Dimension.flat("age", "abcd")], rng.poisson(5, (12, 2, 4)))
    tops = {"r0", "r1", "r2", "Total"}
    kept = system.kept(lambda codes: codes[0] in tops and codes[1:] == ("Total", "Total"))
    protection = protect(kept, 5)
    assert audit.certify(protection).holds
    for cell, label in enumerate(kept.labels):
        if label[0] in tops and label[1:] == ("Total", "Total"):
            assert not protection.hidden[cell]
