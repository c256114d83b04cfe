"""Figures as they leave: every table of a figure protected together, small counts and what gives them hidden. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from passerelles.indicators.definitions.base import Definition, Measure
from passerelles.indicators.disclosure import audit
from passerelles.indicators.disclosure.protection import DEFAULT_THRESHOLD, protect
from passerelles.indicators.disclosure.systems import TOTAL, Dimension, System, Unprotectable, crossing
from passerelles.indicators.disclosure.timeline import Window, timeline
from passerelles.indicators.engine.table import FigureTable, value_of
from passerelles.reports.sheets import CROSS, HIDDEN, SheetLine
from passerelles.reports.sheets import TOTAL as EVERYBODY

YES, NO = "oui", "non"
EXACT_MOST = 60
"""Certificates keep the bounds of that many cells; the count of the others."""

REST = "…"
"""The departments of a region that have published nothing, as one place."""

Codes = tuple[str, ...]
Pattern = frozenset[Codes]


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure and the tables wanted of it: each a tuple of dimensions; the empty one is the figure of everybody.

    `like`: another figure of the same return whose people are those of this numerator: hidden alike.
    """

    code: str
    tables: tuple[tuple[str, ...], ...]
    like: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension of its tables, once."""
        return tuple(dict.fromkeys(name for table in self.tables for name in table))


@dataclass(frozen=True)
class Published:
    """What may be printed of a figure: `hidden` cells by their codes (one per dimension, then the outcome)."""

    table: FigureTable
    asked: Asked
    hidden: Pattern
    refused: str = ""
    certificate: Mapping[str, Any] | None = None

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.asked.code,
            "hidden": sorted(list(codes) for codes in self.hidden),
            "refused": self.refused,
            "certificate": self.certificate,
        }


@dataclass(frozen=True)
class Neighbours:
    """The same figure over a region, by department first: `whole` is the region, whose parts are `departments`.

    `place`: the code of the department that is published, or `whole`. `public`: what is hidden of the places whose
    version of the period is frozen already.
    """

    table: FigureTable
    whole: str
    place: str
    public: Mapping[str, Pattern]


def publish(
    table: FigureTable,
    asked: Asked,
    *,
    pattern: Pattern | None = None,
    threshold: int = DEFAULT_THRESHOLD,
    earlier: Sequence[tuple[FigureTable, Pattern]] = (),
    before: Pattern = frozenset(),
    neighbours: Neighbours | None = None,
) -> Published:
    """Protect the tables of a figure together. `table`: by all the dimensions of `asked`.

    `pattern`: all that is hidden, to print the same version again. `before`: what was hidden in an earlier version of
    the same period, and stays so. `earlier`: tables of the same figure over periods that this one contains, oldest
    first, with what was hidden of each (cumulative figures). `neighbours`: the region and its departments, when some
    are published: a department is the region less the others.
    """
    if not table.definition.persons or not any(row.num or row.den for row in table.rows):
        return Published(table, asked, frozenset())
    if pattern is not None:
        return Published(table, asked, pattern)
    if earlier and neighbours is not None:
        raise ValueError("a cumulative figure of linked places would need both protections at once")
    if neighbours is not None:
        system = _among(neighbours, asked, before)
    else:
        system = _linked(table, asked, earlier) if earlier else _system(table, asked, before)
    try:
        protection = protect(system, threshold)
    except Unprotectable as refusal:
        everything = frozenset(codes for codes in _labels(table, asked))
        return Published(table, asked, everything, refused=str(refusal))
    certificate = audit.certify(protection)
    if not certificate.holds:
        raise AssertionError(f"unsafe publication of {asked.code}: {certificate.faults}")
    several = bool(earlier) or neighbours is not None
    here = neighbours.place if neighbours is not None else ""
    own = [label[1:] if several else label for label in system.labels]
    mine = [not several or label[0] == here for label in system.labels]
    hidden = frozenset(
        codes
        for codes, is_mine, hid, offered in zip(own, mine, protection.hidden, system.offered, strict=True)
        if is_mine and hid and offered
    )
    data = certificate.as_data()
    data["audits"] = data["audits"][:EXACT_MOST]
    return Published(table, asked, hidden, certificate=data)


def lines(found: Published, period: str) -> Iterator[SheetLine]:
    """The lines of the file: each table asked, in its order, with its totals."""
    table, definition = found.table, found.table.definition
    for names in found.asked.tables:
        dims = [dim for name in names for dim in table.dims if dim.code == name]
        for members in product(*([*dim.labels, TOTAL] for dim in dims)):
            chosen = dict(zip(names, members, strict=True))
            codes = tuple(chosen.get(dim.code, TOTAL) for dim in table.dims)
            labels = [
                EVERYBODY if member == TOTAL else dim.labels[member] for dim, member in zip(dims, members, strict=True)
            ]
            yield _line(found, period, CROSS.join(dim.name for dim in dims), CROSS.join(labels), codes, definition)


def _line(
    found: Published, period: str, dimensions: str, members: str, codes: Codes, definition: Definition
) -> SheetLine:
    num, den = _sums(found.table, codes)
    share = definition.measure is not Measure.COUNT
    asked_num, asked_den = ((*codes, YES), (*codes, TOTAL)) if _divided(definition) else (codes, codes)
    if definition.measure is Measure.MEAN:
        no_num = no_den = codes in found.hidden
    else:
        no_num, no_den = asked_num in found.hidden, _divided(definition) and asked_den in found.hidden
    value = value_of(definition.measure, num, den)
    printed = HIDDEN if no_num or no_den else "" if value is None else str(value).replace(".", ",")
    return SheetLine(
        period=period,
        territory=found.table.territory,
        code=definition.code,
        name=definition.name,
        dimensions=dimensions,
        members=members,
        numerator=(HIDDEN if no_num else str(num)) if share and definition.measure is not Measure.MEAN else "",
        denominator=(HIDDEN if no_den else str(den)) if share else "",
        value=printed,
        formula=f"{definition.numerator}{f' / {definition.denominator}' if definition.denominator else ''} "
        f"(formule {definition.status.label_fr})",
    )


def _divided(definition: Definition) -> bool:
    """Is the numerator a part of the people of the denominator?"""
    return definition.measure is Measure.SHARE


def _sums(table: FigureTable, codes: Codes) -> tuple[int, int]:
    num = den = 0
    for row in table.rows:
        if all(code in (TOTAL, own) for code, own in zip(codes, row.key, strict=True)):
            num, den = num + row.num, den + row.den
    return num, den


def _people(table: FigureTable) -> tuple[list[Dimension], np.ndarray]:
    """The dimensions of the people of a table, with the outcome of a share, and how many they are by leaf."""
    definition = table.definition
    dimensions = [Dimension.flat(dim.code, list(dim.labels), TOTAL) for dim in table.dims]
    shape = tuple(len(dim.labels) for dim in table.dims)
    ranks = [{code: rank for rank, code in enumerate(dim.labels)} for dim in table.dims]
    num, den = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row in table.rows:
        place = tuple(rank[code] for rank, code in zip(ranks, row.key, strict=True))
        num[place] += row.num
        den[place] += row.den
    if _divided(definition):
        return [*dimensions, Dimension.flat("issue", (YES, NO), TOTAL)], np.stack([num, den - num], axis=-1)
    return dimensions, den if definition.measure is Measure.MEAN else num


def _wanted(table: FigureTable, asked: Asked, codes: Codes) -> bool:
    named = {dim.code for dim, code in zip(table.dims, codes, strict=False) if code != TOTAL}
    return any(named <= set(names) for names in asked.tables)


def _labels(table: FigureTable, asked: Asked) -> Iterator[Codes]:
    dimensions, _ = _people(table)
    for codes in product(*([code for code, _ in each.nodes] for each in dimensions)):
        if _wanted(table, asked, codes):
            yield codes


def projected(pattern: Pattern, names: Sequence[str], onto: Sequence[str]) -> Pattern:
    """What is hidden of a figure by `names`, told for one by `onto` (some of `names`): where the others are summed."""
    ranks = [names.index(name) for name in onto]
    rest = [rank for rank in range(len(names)) if rank not in ranks]
    return frozenset(
        tuple(codes[rank] for rank in ranks) for codes in pattern if all(codes[rank] == TOTAL for rank in rest)
    )


def _system(table: FigureTable, asked: Asked, before: Pattern) -> System:
    dimensions, counts = _people(table)
    system = crossing(dimensions, counts, only=lambda codes: _wanted(table, asked, codes))
    hidden = np.array([label in before for label in system.labels]) & (system.values > 0)
    system = replace(system, hidden=hidden, keep=system.keep & ~hidden)
    return _unprinted_outcome(system, table)


def _linked(table: FigureTable, asked: Asked, earlier: Sequence[tuple[FigureTable, Pattern]]) -> System:
    """This period and those it contains, as windows over what each one added to the one before."""
    dimensions, last = _people(table)
    so_far = [_people(each)[1] for each, _ in earlier]
    added = np.diff(np.stack([np.zeros_like(last), *so_far, last]), axis=0).clip(min=0)
    windows = [Window(f"+{n}", tuple(range(n + 1))) for n in range(len(earlier))]
    system = timeline(dimensions, list(added), [*windows, Window("", tuple(range(len(added))))])
    kept = np.array([_wanted(table, asked, label[1:]) for label in system.labels])
    patterns = {window.name: pattern for window, (_, pattern) in zip(windows, earlier, strict=True)}
    old = np.array([label[0] != "" for label in system.labels])
    hidden = np.array([label[0] in patterns and label[1:] in patterns[label[0]] for label in system.labels])
    system = replace(
        system,
        labels=tuple(label for label, keep in zip(system.labels, kept, strict=True) if keep),
        matrix=system.matrix[np.flatnonzero(kept)],
        offered=system.offered[kept],
        published=(old & ~hidden)[kept],
        hidden=hidden[kept],
        keep=system.keep[kept],
    )
    return _unprinted_outcome(system, table)


def _among(neighbours: Neighbours, asked: Asked, before: Pattern) -> System:
    """The region and its departments together: those published stay so; the others are protected as one place, which
    nobody prints and which may be empty for all one knows.

    People are first moved inside one place, so that a witness of one says nothing of the others.
    """
    wide, whole = neighbours.table, neighbours.whole
    inner, counts = _people(wide)
    printed = {*neighbours.public, neighbours.place}
    codes = list(wide.dims[0].labels)
    apart = [code for code in codes if code in printed]
    together = [rank for rank, code in enumerate(codes) if code not in printed]
    parts = [counts[codes.index(code)] for code in apart]
    if together:
        apart.append(REST)
        parts.append(counts[together].sum(axis=0))
    nodes = [*((code, (rank,)) for rank, code in enumerate(apart)), (whole, tuple(range(len(apart))))]
    places = Dimension("territoire", tuple(apart), tuple(nodes), tuple(range(len(apart))))
    own = replace(wide, dims=wide.dims[1:])
    system = crossing([places, *inner[1:]], np.stack(parts), only=lambda codes: _wanted(own, asked, codes[1:]))
    place = np.array([label[0] for label in system.labels])
    mine, public = place == neighbours.place, np.isin(place, list(neighbours.public))
    patterns = {**neighbours.public, neighbours.place: before}
    hidden = np.array([label[1:] in patterns.get(label[0], ()) for label in system.labels]) & (system.values > 0)
    totals = np.array([set(label[1:]) <= {TOTAL} for label in system.labels])
    system = replace(
        system,
        offered=mine | public,
        published=public & ~mine & ~hidden,
        hidden=hidden,
        keep=mine & totals & ~hidden,
        unseen=np.repeat([code == REST for code in apart], parts[0].size),
    )
    return _unprinted_outcome(system, own)


def _unprinted_outcome(system: System, table: FigureTable) -> System:
    """The people of a share who are not in its numerator are printed nowhere: protected, never offered."""
    if not _divided(table.definition):
        return system
    printed = np.array([label[-1] != NO for label in system.labels])
    return replace(system, offered=system.offered & printed, published=system.published & printed)
