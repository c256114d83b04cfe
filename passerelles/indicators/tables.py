"""Figures asked of the database: a table by dimensions, the persons behind a cell, the figures a person counts in.

Live figures read the lines kept by `services.refresh`; as known on a day, the lines are built from the journal as it
was known then. No policy here: the caller says which territory may be asked, and shows people through its own.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from passerelles.core import clock
from passerelles.core.errors import Unknown, UserError
from passerelles.core.periods import MONTHS_FR, Period
from passerelles.indicators import experiment
from passerelles.indicators.definitions import AWAITED, CATALOGUE, definition
from passerelles.indicators.definitions.base import Definition, Nature
from passerelles.indicators.definitions.dimensions import Dimension, members_of
from passerelles.indicators.engine import dialects, sources
from passerelles.indicators.engine.compute import PERIOD, Question, Step, dimension_of, dimensions
from passerelles.indicators.engine.dialects import Dialect
from passerelles.indicators.engine.relations import SAME_TABLE
from passerelles.indicators.engine.table import Dim, FigureTable, Row, added
from passerelles.indicators.models import Progress
from passerelles.indicators.queries import NOW, Known
from passerelles.indicators.services import WHOLE_JOURNAL
from passerelles.journal.models import Fact
from passerelles.reference import territories
from passerelles.reference.territory import NATIONAL, Kind, Territory

MOST_CELLS = 5_000
"""Above this many combinations, only those that hold something are shown."""


class WrongPeriod(UserError):
    """The period has no end: a figure needs a first and a last day."""


class Behind(NamedTuple):
    """A unit behind a cell: a person, or an event of a person; what it brings to the counts."""

    unit: UUID
    person: UUID | None
    day: dt.date
    num: int
    den: int


class CountsIn(NamedTuple):
    """A figure in which a person counts, and the days."""

    definition: Definition
    units: tuple[Behind, ...]


def figure(
    code: str,
    period: Period,
    *,
    by: Iterable[str] = (),
    territory: Territory | str = NATIONAL,
    known: Known = NOW,
    step: Step | str | None = None,
    organisations: Iterable[UUID] | None = None,
    where: Mapping[str, str] | None = None,
) -> FigureTable:
    """The figure `code` over `period`, by dimensions; `step` cuts the period in months, quarters or years.

    One query (two for a live figure: how far the lines are). Raises Unknown for the code, NoSuchDimension,
    UnknownCode for the territory, WrongPeriod.
    """
    if code in experiment.FIGURES:
        return experiment.figure(code, period, by, question_territory(territory), known, where)
    asked = definition(code)
    question = _question(asked, by, territory, step, organisations, where)
    values = _run(asked, question, period, known, "counts")
    rows = [Row(tuple(map(_key, found[:-2])), int(found[-2] or 0), int(found[-1] or 0)) for found in values]
    return _assembled(asked, question, period, known, territory, rows)


def guarded(
    code: str,
    period: Period,
    secret: bytes,
    *,
    by: Iterable[str] = (),
    territory: Territory | str = NATIONAL,
    known: Known = NOW,
    step: Step | str | None = None,
    organisations: Iterable[UUID] | None = None,
) -> FigureTable:
    """The same figure for readers who may not list persons: perturbed by the keys that `secret` gives (K-025)."""
    from passerelles.indicators import guard
    from passerelles.indicators.disclosure.cellkeys import record_keys

    if code in experiment.FIGURES:
        return guard.readable(experiment.figure(code, period, by, question_territory(territory), known))
    asked = definition(code)
    question = _question(asked, by, territory, step, organisations, None)
    values = _run(asked, question, period, known, "cells")
    units = record_keys((str(found[-3]).encode() for found in values), secret).tolist()
    rows, keys = [], []
    for (*key, _, num, den), unit in zip(values, units, strict=True):
        codes = tuple(map(_key, key))
        rows.append(Row(codes, int(num), int(den)))
        keys.append(Row(codes, _sign(num) * unit, _sign(den) * unit))
    counts, of_keys = (
        _assembled(asked, question, period, known, territory, list(added(each))) for each in (rows, keys)
    )
    return guard.perturbed(counts, of_keys)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _assembled(
    asked: Definition, question: Question, period: Period, known: Known, territory: Territory | str, found: list[Row]
) -> FigureTable:
    """Rows put in order, running totals of stocks, empty cells, labels."""
    dims = [dimension_of(asked, code) for code in question.by]
    labels = [members_of(dim, {row.key[rank + bool(question.step)] for row in found}) for rank, dim in enumerate(dims)]
    shown = [Dim(dim.code, dim.name, names) for dim, names in zip(dims, labels, strict=True)]
    if question.step:
        periods = dict(_steps(period, question.step))
        shown.insert(0, Dim(PERIOD, "Période", periods))
        if asked.nature is not Nature.FLOW:
            found = _running(found, list(periods))
    return FigureTable(
        asked,
        period.start,
        _end(period),
        tuple(shown),
        tuple(_every_cell(found, shown, dims)),
        str(question_territory(territory)),
        clock.paris_date(known.instant) if known.instant else None,
        _position(known),
    )


def people(
    code: str,
    period: Period,
    *,
    where: Mapping[str, str] | None = None,
    territory: Territory | str = NATIONAL,
    known: Known = NOW,
    organisations: Iterable[UUID] | None = None,
) -> tuple[Behind, ...]:
    """The units behind a cell (`where`: dimension -> code), in order of day. The caller applies the policy.

    Raises Unknown for a figure whose persons are never listed.
    """
    if not described(code).listed:
        raise Unknown("Ce chiffre n’a pas de liste : y figurer dirait ce que seuls certains rôles peuvent savoir.")
    if code in experiment.FIGURES:
        found = experiment.units(code, period, question_territory(territory), known, where or {})
        return tuple(Behind(*values) for values in found)  # type: ignore[arg-type]
    asked = definition(code)
    question = _question(asked, (), territory, None, organisations, where)
    return tuple(Behind(*values) for values in _run(asked, question, period, known, "behind"))


def counts_in(person: UUID, period: Period, known: Known = NOW) -> tuple[CountsIn, ...]:
    """Every figure in which `person` counts over `period`, with what counts, under whichever of their records.

    Two queries.
    """
    same = records_of([person], known)
    text = dialects.compiled_person(str(same.get(person, person)), Dialect.POSTGRES, _days(period, known))
    of_them = ", ".join(f"'{record}'" for record in same or [person])
    found: dict[str, list[Behind]] = {}
    for code, *values in fetched(text, known, f"f.person_id IN ({of_them})"):
        found.setdefault(code, []).append(Behind(*values))
    return tuple(CountsIn(each, tuple(found[code])) for code, each in CATALOGUE.items() if code in found)


def records_of(persons: Iterable[UUID], known: Known = NOW) -> dict[UUID, UUID]:
    """{record: the record under which its person is counted}, for every record of these persons linked to another.

    `persons`: any of their records. One query.
    """
    asked = "SELECT identity FROM same WHERE person_id = ANY(%s)"
    source = f"SELECT * FROM {SAME_TABLE}" if not _rebuilt(known) else sources.identities(_was_known(known))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH same AS ({source}) SELECT person_id, stands_for FROM same WHERE identity IN ({asked})",
            [list(persons)],
        )
        return dict(cursor.fetchall())


def progress() -> Progress:
    """How far the lines are; position 0 before they were first built."""
    return Progress.objects.filter(pk=1).first() or Progress(position=0)


def catalogue() -> dict[str, list[Definition]]:
    """Every figure by family, those of the experiment first."""
    found: dict[str, list[Definition]] = {experiment.FAMILY: list(experiment.FIGURES.values())}
    for each in (*CATALOGUE.values(), *AWAITED.values()):
        found.setdefault(each.family, []).append(each)
    return found


def described(code: str) -> Definition:
    """The definition of any figure; raises Unknown."""
    return experiment.FIGURES.get(code) or AWAITED.get(code) or definition(code)


def dimensions_of(code: str) -> dict[str, str]:
    """The dimensions a figure can be cut by: code -> name."""
    if code in experiment.FIGURES:
        return dict(experiment.DIMENSIONS)
    if code in AWAITED:
        return {}
    return {name: each.name for name, each in dimensions(definition(code)).items()}


def label_of(code: str, dimension: str, value: str) -> str:
    """What a code of a dimension is called."""
    if code in experiment.FIGURES:
        return experiment.label_of(dimension, value)
    return dimension_of(definition(code), dimension).label_of(value)


def question_territory(territory: Territory | str) -> Territory:
    return Territory.parse(territory) if isinstance(territory, str) else territory


def places(place: Territory) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """The departments, or the DTs, that make a territory; both None for the nation. Raises UserError."""
    match place.kind:
        case Kind.NATIONAL:
            return None, None
        case Kind.DEPARTMENT:
            return (place.code,), None
        case Kind.REGION:
            return tuple(found.code for found in territories.departments_of_region(place.code)), None
        case Kind.DIRECTION:
            return None, (place.code,)
    raise UserError(f"Aucun chiffre ne se calcule pour « {place} ».")


def _question(
    asked: Definition,
    by: Iterable[str],
    territory: Territory | str,
    step: Step | str | None,
    organisations: Iterable[UUID] | None,
    where: Mapping[str, str] | None,
) -> Question:
    departments, directions = places(question_territory(territory))
    dims = tuple(dict.fromkeys(by))
    for code in (*dims, *(where or {})):
        dimension_of(asked, code)
    return Question(
        by=dims,
        step=Step(step) if step else None,
        departments=departments,
        directions=directions,
        organisations=None if organisations is None else tuple(sorted(map(str, organisations))),
        where=tuple(sorted((where or {}).items())),
    )


def _run(asked: Definition, question: Question, period: Period, known: Known, what: str) -> list[tuple[Any, ...]]:
    text = dialects.compiled(asked.code, question, Dialect.POSTGRES, _days(period, known), what=what)
    return fetched(text, known)


def fetched(text: str, known: Known, touched: str = "true") -> list[tuple[Any, ...]]:
    """The rows of a compiled query over the lines, as they are or as they would have been when known so."""
    if _rebuilt(known):
        text = dialects.over_journal(text, _was_known(known), touched=touched)
    with transaction.atomic(), connection.cursor() as cursor:
        if _rebuilt(known):
            for setting in WHOLE_JOURNAL:
                cursor.execute(setting)
        # In a request that writes, pghistory adds parameters of its own: the text must be ready for them.
        cursor.execute(text.replace("%", "%%"), ())
        return list(cursor.fetchall())


def _rebuilt(known: Known) -> bool:
    """Are the lines built from the journal for this question?"""
    return known != NOW


def _was_known(known: Known) -> str:
    if known.position is not None:
        return f"{{fact}}.id <= {int(known.position)}"
    assert known.instant is not None
    return f"{{fact}}.recorded_at <= '{known.instant.isoformat()}'::timestamptz"


def _days(period: Period, known: Known) -> tuple[dt.date, dt.date, dt.date]:
    seen = _seen(known)
    return period.start, _end(period), seen


def _seen(known: Known) -> dt.date:
    """The day of observation: the day asked, or that of the last fact of the position, or today."""
    if known.instant is not None:
        return clock.paris_date(known.instant)
    if known.position is not None:
        last = Fact.objects.filter(pk__lte=known.position).order_by("-pk").values_list("recorded_at", flat=True).first()
        return clock.paris_date(last) if last else clock.today()
    return clock.today()


def _end(period: Period) -> dt.date:
    if period.end is None:
        raise WrongPeriod("La période n’a pas de dernier jour.", remedy="Donnez les deux dates.")
    return period.end


def _position(known: Known) -> int | None:
    if known == NOW:
        return progress().position
    return known.position


def _key(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def steps(period: Period, step: Step) -> Iterator[Period]:
    """The calendar months, quarters or years that `period` touches, cut at its ends."""
    end = _end(period)
    for key, _ in _steps(period, step):
        first = dt.date.fromisoformat(key)
        last = _step_after(first, step) - dt.timedelta(days=1)
        yield Period(max(first, period.start), min(last, end))


def _steps(period: Period, step: Step) -> Iterator[tuple[str, str]]:
    """First day of each step -> its name."""
    end = _end(period)
    month = period.start.month
    first = {Step.MONTH: month, Step.QUARTER: (month - 1) // 3 * 3 + 1, Step.YEAR: 1}[step]
    day = dt.date(period.start.year, first, 1)
    while day <= end:
        yield day.isoformat(), _step_name(day, step)
        day = _step_after(day, step)


def _step_after(day: dt.date, step: Step) -> dt.date:
    months = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}[step]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)


def _step_name(day: dt.date, step: Step) -> str:
    if step is Step.MONTH:
        return f"{MONTHS_FR[day.month - 1]} {day.year}"
    if step is Step.QUARTER:
        return f"{(day.month + 2) // 3}e trimestre {day.year}".replace("1e t", "1er t")
    return str(day.year)


def _running(rows: list[Row], periods: list[str]) -> list[Row]:
    """Stocks and cumulative figures: each step holds all that came before it, whatever is before the first."""
    cells: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows:
        period = max(row.key[0], periods[0])
        of_cell = cells.setdefault(row.key[1:], {})
        before = of_cell.get(period, row._replace(num=0, den=0))
        of_cell[period] = Row((), before.num + row.num, before.den + row.den)
    found = []
    for key, by_period in cells.items():
        num = den = 0
        for period in periods:
            brought = by_period.get(period, Row((), 0, 0))
            num, den = num + brought.num, den + brought.den
            found.append(Row((period, *key), num, den))
    return found


def _every_cell(rows: list[Row], dims: list[Dim], asked: list[Dimension]) -> Iterator[Row]:
    """Rows in the order of the labels; with the empty cells when all the lists are closed ones and not too long."""
    cells = {row.key: row for row in added(rows)}
    complete = all(dim.fixed for dim in asked)
    product = itertools.product(*(dim.labels for dim in dims))
    size = 1
    for dim in dims:
        size *= len(dim.labels)
    if complete and size <= MOST_CELLS:
        yield from (cells.get(key, Row(key, 0, 0)) for key in product)
        return
    ranks = [{code: rank for rank, code in enumerate(dim.labels)} for dim in dims]
    yield from sorted(
        cells.values(), key=lambda row: tuple(rank[code] for rank, code in zip(ranks, row.key, strict=True))
    )
