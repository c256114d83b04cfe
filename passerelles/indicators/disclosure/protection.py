"""Second protection: hide what linear programs show must be hidden, until each sensitive cell has its proof. Pure.

Every sensitive cell gets witnesses that show it at the threshold or above, and below its value where it can be: an
attacker who knows all that is published, and that hidden cells are not empty, cannot narrow it further. What no
witness needed to move is published again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from passerelles.indicators.disclosure.elimination import eliminate
from passerelles.indicators.disclosure.systems import Counts, Flags, System, Unprotectable
from passerelles.indicators.disclosure.witnesses import REUSE, Area, Floats, Witness, areas, whole

DEFAULT_THRESHOLD = 5


@dataclass(frozen=True)
class Protection:
    """A system with what is hidden of it, and the witnesses that prove it."""

    system: System
    threshold: int
    hidden: Flags
    witnesses: tuple[Witness, ...]

    @cached_property
    def sensitive(self) -> Flags:
        return self.system.sensitive(self.threshold)

    @property
    def published(self) -> Flags:
        """Cells printed with their value."""
        return self.system.offered & ~self.hidden

    @cached_property
    def proven(self) -> tuple[Counts, Counts]:
        """For each cell, the smallest and the largest value that a witness gives it."""
        low = high = self.system.values
        for witness in self.witnesses:
            value = self.system.values + witness.moved(self.system)
            low, high = np.minimum(low, value), np.maximum(high, value)
        return low, high

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the codes, what is hidden and the values printed."""
        text = "\n".join(
            f"{'|'.join(label)};{'masqué' if hidden else value}"
            for label, hidden, value, offered in zip(
                self.system.labels, self.hidden, self.system.values, self.system.offered, strict=True
            )
            if offered
        )
        return hashlib.sha256(text.encode()).hexdigest()


def requirements(system: System, threshold: int) -> tuple[Counts, Counts]:
    """For each cell, how many more and how many fewer people its witnesses must show; 0 for cells not sensitive.

    Upper: the threshold or one more than the value; lower: one fewer, unless every elementary count below is 1.
    """
    sensitive = system.sensitive(threshold)
    more = np.where(sensitive, np.maximum(system.values + 1, threshold) - system.values, 0)
    fewer = np.where(sensitive & (system.values > system.floors), 1, 0)
    return more, fewer


def protect(system: System, threshold: int = DEFAULT_THRESHOLD, *, hidden: Flags | None = None) -> Protection:
    """Hide cells until nothing sensitive can be found again. `hidden`: the result of `eliminate` when already known.

    Raises Unprotectable, with the cell and the reason.
    """
    if threshold < 2:
        raise Unprotectable(f"Un seuil de {threshold} ne protège personne : le plus petit est 2.")
    start = eliminate(system, threshold) if hidden is None else hidden
    return _Repair(system, threshold, start).run()


class _Repair:
    def __init__(self, system: System, threshold: int, hidden: Flags) -> None:
        self.system, self.threshold = system, threshold
        self.sensitive = system.sensitive(threshold)
        self.more, self.fewer = requirements(system, threshold)
        self.free = self.sensitive | system.hidden | ~system.offered
        self.hidden = hidden.copy()
        self.used = self.free & (system.values > 0)
        self.frozen = (system.published | system.keep) & ~self.free
        self.high, self.low = np.zeros(system.size, dtype=np.int64), np.zeros(system.size, dtype=np.int64)
        self.witnesses: list[Witness] = []
        self.log = np.log1p(system.values)

    def run(self) -> Protection:
        stuck = np.flatnonzero(self.sensitive & self.system.keep)
        if stuck.size:
            raise Unprotectable(
                f"Le total « {self.system.name(int(stuck[0]))} » compte moins de {self.threshold} personnes.",
                remedy="Publiez une période ou un territoire plus large.",
            )
        inside = areas(self.system)
        home = self._homes()
        everything: Area | None = None
        for cell in self._order():
            for need in (int(self.more[cell]), -int(self.fewer[cell])):
                if not need or (self.high[cell] >= need if need > 0 else self.low[cell] <= need):
                    continue
                near = inside.get(int(home[cell]))
                found = near.witness(cell, need, self._price(), self.frozen) if near else None
                if found is None:
                    everything = everything or whole(self.system)
                    found = everything.witness(cell, need, self._price(), self.frozen)
                if found is None:
                    raise self._refusal(cell)
                self._accept(found)
        return Protection(self.system, self.threshold, self.used, tuple(self.witnesses))

    def _order(self) -> list[int]:
        """Area by area, the cells that need most first."""
        cells = np.flatnonzero(self.sensitive)
        return [int(cell) for cell in cells[np.lexsort((-self.more[cells], self._homes()[cells]))]]

    def _homes(self) -> Counts:
        """The block of each cell; −1 when it sees several."""
        filled = self.system.counts > 0
        matrix = self.system.matrix[:, np.flatnonzero(filled)].tocsr()
        block = self.system.block[filled][matrix.indices]
        starts, ends = matrix.indptr[:-1], matrix.indptr[1:]
        home = np.full(self.system.size, -1, dtype=np.int64)
        some = np.flatnonzero(ends > starts)
        low = np.minimum.reduceat(block, starts[some]) if some.size else block[:0]
        high = np.maximum.reduceat(block, starts[some]) if some.size else block[:0]
        home[some] = np.where(low == high, low, -1)
        return home

    def _price(self) -> Floats:
        price = np.where(self.hidden, REUSE * self.log, self.log)
        price[self.free | self.used] = 0.0
        return price

    def _accept(self, witness: Witness) -> None:
        moved = witness.moved(self.system)
        self.witnesses.append(witness)
        self.used |= moved != 0
        self.hidden |= moved != 0
        self.high = np.maximum(self.high, moved)
        self.low = np.minimum(self.low, moved)

    def _refusal(self, cell: int) -> Unprotectable:
        what = f"La case « {self.system.name(cell)} » compte moins de {self.threshold} personnes"
        if self.system.published.any():
            return Unprotectable(
                f"{what} et se retrouverait à partir de ce qui a déjà été publié, quoi que l’on masque.",
                remedy="Attendez la période suivante, ou publiez un découpage moins fin.",
            )
        return Unprotectable(
            f"{what} et se retrouverait à partir des totaux, quoi que l’on masque d’autre.",
            remedy="Publiez un découpage moins fin, ou masquez aussi le total.",
        )
