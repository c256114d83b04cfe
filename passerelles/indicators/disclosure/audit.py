"""The attacker's work, done before publication: what can be found again of each hidden cell. Pure.

Two attackers: the outsider knows what is printed; the informed one also knows that empty cells are printed as empty,
so that a hidden one is not. The certificate is stored with the publication.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, sparse

from passerelles.indicators.disclosure.protection import Protection, requirements
from passerelles.indicators.disclosure.systems import Flags, System

EXACT_PROGRAMS = 400
"""Beyond this number of sensitive cells the certificate gives proven bounds, not the exact ones."""
EXACT_COUNTS = 1_500

Bound = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class CellAudit:
    """What can be known of one hidden sensitive cell: least and greatest value for each attacker (None: no limit)."""

    label: tuple[str, ...]
    outsider: Bound
    informed: Bound
    safe: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """The result of an audit. `exact`: bounds computed for each cell; else proven, the real ones are no narrower."""

    threshold: int
    cells: int
    sensitive: int
    complementary: int
    witnesses: int
    exact: bool
    fingerprint: str
    audits: tuple[CellAudit, ...]
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults and all(audit.safe for audit in self.audits)

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON. The true counts are not in it; the file stays inside all the same."""
        return {
            "holds": self.holds,
            "threshold": self.threshold,
            "cells": self.cells,
            "sensitive": self.sensitive,
            "complementary": self.complementary,
            "witnesses": self.witnesses,
            "bounds": "exact" if self.exact else "proven",
            "fingerprint": self.fingerprint,
            "faults": list(self.faults),
            "audits": [
                {
                    "cell": list(audit.label),
                    "outsider": list(audit.outsider),
                    "informed": list(audit.informed),
                    "safe": audit.safe,
                }
                for audit in self.audits
            ],
        }


def certify(protection: Protection) -> Certificate:
    """Attack `protection`: check each witness against what is printed, then bound every sensitive cell."""
    system = protection.system
    cells = np.flatnonzero(protection.sensitive)
    exact = len(cells) <= EXACT_PROGRAMS and len(system.counts) <= EXACT_COUNTS
    more, fewer = requirements(system, protection.threshold)
    low, high = protection.proven
    if exact:
        outsider = dict(zip(cells.tolist(), bounds(system, protection.hidden, cells.tolist()), strict=True))
        informed = dict(
            zip(cells.tolist(), bounds(system, protection.hidden, cells.tolist(), informed=True), strict=True)
        )
    else:
        informed = {int(cell): (int(low[cell]), int(high[cell])) for cell in cells}
        outsider = informed
    audits = []
    for cell in cells.tolist():
        least, greatest = informed[cell]
        value = int(system.values[cell])
        wide = greatest is None or greatest >= value + more[cell]
        safe = wide and least <= value - fewer[cell] and low[cell] <= value - fewer[cell]
        audits.append(CellAudit(system.labels[cell], outsider[cell], informed[cell], bool(safe)))
    return Certificate(
        threshold=protection.threshold,
        cells=int(system.offered.sum()),
        sensitive=len(cells),
        complementary=int((protection.hidden & ~protection.sensitive & system.offered).sum()),
        witnesses=len(protection.witnesses),
        exact=exact,
        fingerprint=protection.fingerprint,
        audits=tuple(audits),
        faults=tuple(faults(protection)),
    )


def faults(protection: Protection) -> list[str]:
    """What is wrong with the proof, in French; nothing when it holds. Trusts neither the programs nor the pattern."""
    system = protection.system
    found = []
    shown = protection.published
    uncovered = np.flatnonzero(protection.sensitive & shown)
    found += [f"La case « {system.name(int(cell))} » est sensible et publiée." for cell in uncovered]
    withdrawn = np.flatnonzero(system.published & protection.hidden)
    found += [f"La case « {system.name(int(cell))} » est déjà publique et serait masquée." for cell in withdrawn]
    for number, witness in enumerate(protection.witnesses, start=1):
        other = system.counts.copy()
        other[witness.elements] += witness.change
        if (other < system.least).any() or (other[~system.loose] != 0).any():
            found.append(f"Le témoin {number} vide une case pleine ou remplit une case vide.")
        if (witness.moved(system)[shown] != 0).any():
            found.append(f"Le témoin {number} change une case publiée.")
    more, fewer = requirements(system, protection.threshold)
    low, high = protection.proven
    unproved = np.flatnonzero((high - system.values < more) | (system.values - low < fewer))
    found += [f"Aucun témoin ne protège la case « {system.name(int(cell))} »." for cell in unproved]
    return found


def bounds(system: System, hidden: Flags, cells: Iterable[int], *, informed: bool = False) -> list[Bound]:
    """Least and greatest value of each of `cells` for an attacker, by linear programs (whole numbers)."""
    shown = np.flatnonzero(system.offered & ~hidden)
    matrix = system.matrix[shown].astype(float)
    values = system.values[shown].astype(float)
    size = len(system.counts)
    if informed:
        least = system.least.astype(float)
        most = np.where(system.loose, np.inf, 0.0)
    else:
        least, most = np.zeros(size), np.full(size, np.inf)
    found: list[Bound] = []
    for cell in cells:
        aim = sparse.csr_array(system.matrix[[cell]]).toarray().ravel().astype(float)
        ends: list[int | None] = []
        for sign in (1.0, -1.0):
            constraint = optimize.LinearConstraint(matrix, values, values)
            result = optimize.milp(sign * aim, constraints=constraint, bounds=optimize.Bounds(least, most))
            ends.append(None if result.x is None else _rounded(sign, sign * float(result.fun)))
        found.append((ends[0] or 0, ends[1]))
    return found


def _rounded(sign: float, value: float) -> int:
    """People are whole: a least of 1.5 is 2, a greatest of 2.5 is 2."""
    return int(np.ceil(value - 1e-6)) if sign > 0 else int(np.floor(value + 1e-6))
