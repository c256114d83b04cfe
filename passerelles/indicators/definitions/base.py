"""What a figure is, for the reader as much as for the machine: one object per figure. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from passerelles.indicators.engine.relations import Expr, Tables


class Measure(StrEnum):
    """What the two additive counts of a row make: `num` alone, or divided by `den`."""

    COUNT = "count"
    SHARE = "share"
    COVERAGE = "coverage"
    MEAN = "mean"


class Nature(StrEnum):
    FLOW = "flow"
    CUMULATIVE = "cumulative"
    STOCK = "stock"


class Status(StrEnum):
    """Is the formula in the documents, or proposed by the platform?"""

    STATED = "stated"
    PROPOSED = "proposed"

    @property
    def label_fr(self) -> str:
        return "énoncée par le document" if self is Status.STATED else "proposée, à valider"


class Counted(StrEnum):
    PERSONS = "personnes"
    EVENTS = "événements"
    PLACES = "postes"
    EUROS = "euros"


NATURES_FR = {
    Nature.FLOW: "Ce qui s’est passé du premier au dernier jour de la période",
    Nature.CUMULATIVE: "Cumul depuis le premier jour de la période",
    Nature.STOCK: "Situation au dernier jour de la période",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """The dates a figure may use: first and last day of the period, and the day up to which things are known."""

    start: Expr
    end: Expr
    seen: Expr


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure (requirements F). `units` gives the lines counted, in the columns of `UNITS`.

    `distinct`: a person counts once per period, at their first line. `details`: dimensions of this figure alone,
    as column of the units -> French name. `day`: the day whose date decides the period and the age.
    """

    code: str
    name: str
    family: str
    requirement: str
    counted: Counted
    population: str
    numerator: str
    day: str
    units: Callable[[Tables, Moment], Expr]
    denominator: str = ""
    measure: Measure = Measure.COUNT
    nature: Nature = Nature.FLOW
    status: Status = Status.PROPOSED
    distinct: bool = False
    cohort: str = ""
    target: str = ""
    note: str = ""
    details: tuple[tuple[str, str], ...] = ()
    persons: bool = True
    """False for what is about no person (needs): no dimension of persons, nobody behind the cells."""
    listed: bool = True
    """False where being in the list would tell what only some roles may know (A.6): counts, never names."""
    awaits: str = ""
    """What the journal would have to hold, for a figure that nothing can be counted of yet."""

    @property
    def unit(self) -> str:
        match self.measure:
            case Measure.COUNT:
                return self.counted.value
            case Measure.MEAN:
                return "euros" if self.counted is Counted.EUROS else "jours"
            case _:
                return "%"

    @property
    def nature_fr(self) -> str:
        return NATURES_FR[self.nature]

    @property
    def formula(self) -> str:
        return f"{self.numerator} ÷ {self.denominator}" if self.denominator else self.numerator


OF_PERSON = (
    "sex",
    "birth_date",
    "nationality",
    "motive",
    "schooling",
    "bpi",
    "signed_on",
    "level",
    "prescribed_on",
    "prescribed_hours",
)
"""Columns of the person that dimensions read."""
UNITS = ("unit_id", "person_id", "on", "num", "den", "direction", "department", "organisation_id", "occupation")


def lines(table: Expr, *, unit: str, on: Any, num: Any = 1, den: Any = 0, until: Any = None, **details: Any) -> Expr:
    """The columns of UNITS from a relation of persons or episodes; `until`: first day out of a stock."""
    import ibis

    of_person = "organisation_id" not in table.columns
    columns: dict[str, Any] = {
        "unit_id": table[unit],
        "person_id": table.person_id,
        "on": table[on] if isinstance(on, str) else on,
        "num": _whole(num),
        "den": _whole(den),
        "direction": table.direction,
        "department": table.department,
        "organisation_id": ibis.null("string") if of_person else table.organisation_id,
        **({name: table[name] for name in OF_PERSON} if of_person else {}),
        "occupation": details.pop("occupation", ibis.null("string")),
    }
    if until is not None:
        columns["until"] = table[until] if isinstance(until, str) else until
    found = table.select(**columns, **details)
    return found.filter(found["on"].notnull())


def _whole(value: Any) -> Any:
    import ibis

    if isinstance(value, int):
        return ibis.literal(value, "int64")
    return ibis.ifelse(value, 1, 0) if value.type().is_boolean() else value.cast("int64")
