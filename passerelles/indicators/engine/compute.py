"""From a question to one expression: additive counts by dimension, or the units behind a cell. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import ibis

from passerelles.core.errors import UserError
from passerelles.indicators.definitions.base import OF_PERSON, Definition, Moment, Nature
from passerelles.indicators.definitions.dimensions import DIMENSIONS, UNKNOWN, Dimension
from passerelles.indicators.engine.relations import Expr, Tables

PERIOD = "periode"


class Step(StrEnum):
    """The calendar steps by which a period may be cut."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_UNITS = {Step.MONTH: "M", Step.QUARTER: "Q", Step.YEAR: "Y"}


class NoSuchDimension(UserError):
    """The figure has no such dimension."""


@dataclass(frozen=True, slots=True)
class Question:
    """By what, where: everything of a question but its dates. `where`: dimension -> code asked for."""

    by: tuple[str, ...] = ()
    step: Step | None = None
    departments: tuple[str, ...] | None = None
    directions: tuple[str, ...] | None = None
    organisations: tuple[str, ...] | None = None
    where: tuple[tuple[str, str], ...] = ()


def dimension_of(definition: Definition, code: str) -> Dimension:
    """One of the common dimensions, or one of the figure's own; raises NoSuchDimension."""
    details = dict(definition.details)
    if code in details:
        return Dimension(code, details[code], lambda rows: rows[code], of_person=False)
    if code not in DIMENSIONS or (DIMENSIONS[code].of_person and not definition.persons):
        raise NoSuchDimension(
            f"Le chiffre « {definition.code} » n’a pas de dimension « {code} ».",
            remedy=f"Choisissez parmi : {', '.join(dimensions(definition))}.",
        )
    return DIMENSIONS[code]


def dimensions(definition: Definition) -> dict[str, Dimension]:
    """Every dimension this figure can be cut by."""
    details = {code: dimension_of(definition, code) for code, _ in definition.details}
    return details | {code: each for code, each in DIMENSIONS.items() if definition.persons or not each.of_person}


def _narrowed(units: Expr, question: Question) -> Expr:
    for column, kept in (
        ("department", question.departments),
        ("direction", question.directions),
        ("organisation_id", question.organisations),
    ):
        if kept is not None:
            units = units.filter(units[column].isin(list(kept)))
    return units


def _period(day: Expr, step: Step | None) -> Expr:
    return day.truncate(_UNITS[step]).cast("date") if step else None


def _flow(definition: Definition, units: Expr, moment: Moment, step: Step | None) -> Expr:
    units = units.filter(units["on"] >= moment.start, units["on"] <= moment.end)
    if step:
        units = units.mutate(**{PERIOD: _period(units["on"], step)})
    if definition.distinct:
        keys = [units.person_id]
        if step and definition.nature is Nature.FLOW:
            keys.append(units[PERIOD])
        ranked = units.mutate(rank=ibis.row_number().over(group_by=keys, order_by=[units["on"], units.unit_id]))
        units = ranked.filter(ranked["rank"] == 0).drop("rank")
    return units


def _stock(units: Expr, moment: Moment, step: Step | None) -> Expr:
    """Entries and exits up to the last day; with a step, each at its own period: the caller adds them up."""
    if not step:
        there = units.filter(units["on"] <= moment.end)
        return there.filter(there["until"].isnull() | (there["until"] > moment.end)).drop("until")
    came = units.filter(units["on"] <= moment.end)
    came = came.mutate(**{PERIOD: _period(came["on"], step)}).drop("until")
    left = units.filter(units["until"] <= moment.end)
    moved = ibis.ifelse(left["until"] > left["on"], left["until"], left["on"])
    left = left.mutate(**{PERIOD: _period(moved, step)}, num=-left.num, den=-left.den).drop("until")
    return ibis.union(came, left.select(*came.columns))


def units(definition: Definition, tables: Tables, moment: Moment, question: Question) -> Expr:
    """The lines counted, with a column for each dimension asked and for the period when there is a step."""
    found = _narrowed(definition.units(tables, moment), question)
    if definition.nature is Nature.STOCK:
        found = _stock(found, moment, question.step)
    else:
        found = _flow(definition, found, moment, question.step)
    asked = {code: dimension_of(definition, code) for code in (*question.by, *dict(question.where))}
    if any(each.of_person for each in asked.values()) and OF_PERSON[0] not in found.columns:
        people = tables.person.select("person_id", *OF_PERSON)
        found = found.left_join(people, "person_id").drop("person_id_right")
    columns = {f"by_{code}": _code(each, found) for code, each in asked.items()}
    found = found.mutate(**columns) if columns else found
    for code, value in question.where:
        found = found.filter(found[f"by_{code}"] == value)
    return found


def _code(dimension: Dimension, rows: Expr) -> Expr:
    """Its code for each line; a closed list says itself what is unknown."""
    if dimension.members:
        return dimension.column(rows)
    text = dimension.column(rows).cast("string")
    return ibis.ifelse(text.isnull() | (text == ""), UNKNOWN, text)


def counts(definition: Definition, tables: Tables, moment: Moment, question: Question) -> Expr:
    """Additive counts: the period when there is a step, each dimension of `by`, then `num` and `den`."""
    found = units(definition, tables, moment, question)
    keys: Mapping[str, Expr] = {code: found[f"by_{code}"] for code in question.by}
    if question.step:
        keys = {PERIOD: found[PERIOD], **keys}
    sums = {"num": found.num.sum().cast("int64"), "den": found.den.sum().cast("int64")}
    return found.group_by(**keys).agg(**sums) if keys else found.agg(**sums)


def cells(definition: Definition, tables: Tables, moment: Moment, question: Question) -> Expr:
    """The lines behind `counts`, not added up: the columns of its key, then the unit and what it brings."""
    found = units(definition, tables, moment, question)
    keys: dict[str, Expr] = {PERIOD: found[PERIOD]} if question.step else {}
    keys |= {code: found[f"by_{code}"] for code in question.by}
    return found.select(**keys, unit_id=found.unit_id, num=found.num, den=found.den)


def behind(definition: Definition, tables: Tables, moment: Moment, question: Question) -> Expr:
    """The units of a cell and their person, with what each brings to the counts."""
    found = units(definition, tables, moment, question)
    return found.select("unit_id", "person_id", day=found["on"], num=found.num, den=found.den).order_by(
        ["day", "unit_id"]
    )
