"""What the platform knows of a person, as the rules read it: each fact with its source and its date.

The only door between the tables and the rules. Whatever no table says stays unknown: a missing row never becomes a
« non ». Of two rooms that speak of the same fact, the newer date is right; on the same day, the table of its room is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import DateField, F, Model, QuerySet, TextField
from django.db.models import Value as Constant
from django.db.models.functions import Cast, Coalesce

from passerelles.core import clock
from passerelles.core.text import in_sentence
from passerelles.linkage.models import Check, CheckResult
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Organisation
from passerelles.network.queries import name_of_agent
from passerelles.orientation.engine.facts import Facts, Known, Value
from passerelles.orientation.models import Statement
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.rules.facts import FACTS
from passerelles.people.enums import AssessmentKind, RegisteredBy
from passerelles.people.models import Assessment, Contract, OptOut, Person, Registration, Situation
from passerelles.reference import countries, levels, territories
from passerelles.reference.tables import UnknownCode
from passerelles.reference.territory import Kind, Territory

RECORD = "fiche de la personne"
Text = partial(Constant, output_field=TextField())
REGISTER_FACTS = {"ft": "ft.inscrit", "rsa": "rsa.beneficiaire", "agir": "agir.suivi"}
HOUSED_BY_OTHERS = frozenset({"tiers", "structure", "hotel", "sans"})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing said of a fact. On the same day the higher `rank` is right: the table of the room before a statement.

    What the record of the person says is corrected there, and nowhere else: it holds whatever is stated beside it.
    `gives_way`: what is said for want of anything else, whatever the days.
    """

    code: str
    value: Value
    source: str
    since: dt.date
    rank: int = 1
    gives_way: bool = False

    @property
    def order(self) -> tuple[dt.date, int]:
        if self.gives_way:
            return dt.date.min, self.rank
        return (dt.date.max if self.source == RECORD else self.since), self.rank


def facts_of(person: Person, on: dt.date) -> Facts:
    """Everything known of the person on the day, in three queries."""
    return facts_of_many([person], on)[person.pk]


def facts_and_statements(person: Person, on: dt.date) -> tuple[Facts, dict[str, Statement]]:
    """`facts_of` and `stated_of`, in the same three queries."""
    stated = stated_of(person, on)
    return facts_of_many([person], on, stated.values())[person.pk], stated


def facts_of_many(
    persons: Iterable[Person], on: dt.date, stated: Iterable[Statement] | None = None
) -> dict[uuid.UUID, Facts]:
    """The same for many persons, in the same number of queries. `stated`: what stands, when it has been read."""
    people = list(persons)
    said: dict[uuid.UUID, list[Told]] = defaultdict(list)
    for person in people:
        said[person.pk] += _identity(person)
    ids = [person.pk for person in people]
    _signatories(people, said)
    for person_id, told in (*_tables(ids, on), *_stated(_standing(ids, on) if stated is None else stated)):
        said[person_id].append(told)
    return {person.pk: _settled(said[person.pk]) for person in people}


def territory_of(person: Person, facts: Facts) -> Territory:
    """Where the rules are read for this person: the department, else the whole of the DT that follows them."""
    department = facts.get("departement")
    if department is not None:
        return Territory(Kind.DEPARTMENT, str(department.value))
    return Territory(Kind.DIRECTION, person.direction)


def stated_of(person: Person, on: dt.date) -> dict[str, Statement]:
    """{item: what stands on the day}, withdrawn ones included (their value is None); `by_name`: who stated it."""
    return {row.code: row for row in _standing([person.pk], on).annotate(by_name=name_of_agent("by"))}


def _settled(told: Iterable[Told]) -> Facts:
    newest: dict[str, Told] = {}
    for each in told:
        best = newest.get(each.code)
        if best is None or each.order >= best.order:
            newest[each.code] = each
    _derive(newest)
    return Facts(
        {code: Known(newest[code].value, newest[code].source, newest[code].since) for code in FACTS if code in newest}
    )


def _derive(newest: dict[str, Told]) -> None:
    """Housed by others, or not at all, answers the question of B-044; an own home says nothing of the past."""
    housing = newest.get("logement.type")
    if housing is not None and housing.value in HOUSED_BY_OTHERS:
        told = Told("logement.sans_hebergement", True, housing.source, housing.since)
        stated = newest.get(told.code)
        if stated is None or told.order >= stated.order:
            newest[told.code] = told


def _identity(person: Person) -> Iterator[Told]:
    """What the record says, dated of the day it was made. A birth date known to the year only is not known."""
    since = clock.paris_date(person.created_at)
    country = countries.find(person.nationality) if person.nationality else None
    said: dict[str, Value | None] = {
        "naissance": person.birth_date if person.birth_date_precision == "day" else None,
        "sexe": person.sex,
        "nationalite": country.iso2 if country else None,
        "sejour.motif": person.motive,
        "departement": _department_of(person),
    }
    for code, value in said.items():
        if value:
            yield Told(code, value, RECORD, since, rank=2)


def _signatories(people: Iterable[Person], said: dict[uuid.UUID, list[Told]]) -> None:
    """An Apec that works on the platform in the department is a party to its agreement (A-041); none says nothing."""
    places = {told.value for each in said.values() for told in each if told.code == "departement"}
    houses = Organisation.objects.filter(kind=OrganisationKind.APEC, department_code__in=places, closed_on=None)
    since = {
        code: clock.paris_date(made) for code, made in houses.order_by().values_list("department_code", "created_at")
    }
    for person in people:
        for told in tuple(said[person.pk]):
            if told.code == "departement" and told.value in since:
                said[person.pk].append(Told("apec.signataire", True, "organismes de la plateforme", since[told.value]))


def _department_of(person: Person) -> str | None:
    """From the commune, else from a postcode that serves one department only."""
    if person.commune_code:
        try:
            return territories.commune(person.commune_code).department_code
        except UnknownCode:
            pass
    found = {commune.department_code for commune in territories.communes_by_postcode(person.postcode)}
    return found.pop() if len(found) == 1 else None


Spoken = Iterator[tuple[uuid.UUID, Told]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one of the tables on persons: `a`, `b`, `c`, `d` are what that table says, `since` its day."""

    person_id: uuid.UUID
    table: str
    a: str
    b: str
    c: str
    d: str
    since: dt.date
    until: dt.date | None
    made: dt.datetime
    pk: uuid.UUID


Reader = Callable[[Row, dt.date], Iterator[Told]]
Rows = Callable[[list[uuid.UUID], dt.date], QuerySet[Any]]
_declared: dict[str, Rows] = {}


def tells(table: str, rows: Rows) -> Callable[[Reader], Reader]:
    """A room above declares what a table says of persons on a day: its rows (of `columns`), and how each is read.

    They are read with the others, in the same query.
    """

    def declare(reader: Reader) -> Reader:
        _declared[table], _READERS[table] = rows, reader
        return reader

    return declare


def _rows(ids: list[uuid.UUID], on: dt.date) -> list[Row]:
    """What the tables say of these persons until the day, oldest first, in one query."""
    first, *others = (
        columns(Contract, ids, "contract", "signed_on", a="kind", b="number"),
        columns(Assessment, ids, "assessment", "assessed_on", a="kind", b="written", c="oral", d="provider__name"),
        columns(Situation, ids, "situation", "observed_on", a="kind", b="source"),
        columns(Registration, ids, "registration", "starts_on", "ends_on", a="register", b="by"),
        columns(Check, ids, "check", "as_of", a="register", b="result", c="source"),
        columns(OptOut, ids, "wish", "since", "reversed_on"),
        *(rows(ids, on) for rows in _declared.values()),
    )
    found = (Row(*row) for row in first.union(*others, all=True))
    return sorted((row for row in found if row.since <= on), key=lambda row: (row.since, row.made, row.pk))


def columns(
    model: type[Model] | QuerySet[Any], ids: list[uuid.UUID], table: str, since: str, until: str = "", **texts: str
) -> QuerySet[Any]:
    """The rows of one table, or some of them, in the shape of `Row`."""
    columns: dict[str, Any] = {"row_table": Text(table)}
    for name in ("a", "b", "c", "d"):
        column = texts.get(name)
        columns[f"row_{name}"] = Coalesce(Cast(column, TextField()), Text("")) if column else Text("")
    columns["row_since"] = F(since)
    columns["row_until"] = F(until) if until else Cast(Text(None), DateField())
    all_rows = model if isinstance(model, QuerySet) else model._default_manager.all()
    rows = all_rows.filter(person__any=ids).order_by()
    return rows.annotate(**columns).values_list("person_id", *columns, "created_at", "pk")


def _tables(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    for row in _rows(ids, on):
        for told in _READERS[row.table](row, on):
            yield row.person_id, told


def _contract(row: Row, on: dt.date) -> Iterator[Told]:
    """The last contract signed. Nobody is known not to have signed for want of a row."""
    source = f"contrat {row.b}".strip()
    yield Told("cir.contrat", row.a, source, row.since, rank=2)
    yield Told("cir.date_signature", row.since, source, row.since, rank=2)


def _assessment(row: Row, on: dt.date) -> Iterator[Told]:
    kind = AssessmentKind(row.a)
    source = f"{in_sentence(kind.label)}{f', {row.d}' if row.d else ''}"
    if kind is AssessmentKind.INITIAL:
        yield Told("langue.evaluation", row.since, source, row.since, rank=2)
    for name, text in (("ecrit", row.b), ("oral", row.c)):
        level = levels.find(text) if text else None
        if level is None:
            continue
        yield Told(f"langue.{name}", level, source, row.since, rank=2)
        if kind is AssessmentKind.CERTIFICATION:
            yield Told(f"langue.certifie_{name}", level, source, row.since, rank=2)


def _situation(row: Row, on: dt.date) -> Iterator[Told]:
    yield Told("emploi.situation", row.a, row.b or "situation constatée", row.since, rank=2)


def _registration(row: Row, on: dt.date) -> Iterator[Told]:
    """Registered since a day; no longer since the day after the end, when there is one."""
    code, source = REGISTER_FACTS[row.a], f"inscription saisie par : {RegisteredBy(row.b).label}"
    yield Told(code, True, source, row.since, rank=3)
    if row.until is not None and row.until < on:
        yield Told(code, False, source, row.until + dt.timedelta(days=1), rank=3)


def _check(row: Row, on: dt.date) -> Iterator[Told]:
    """A list that was compared says yes or no; one still to be settled by an agent says nothing."""
    if row.b in (CheckResult.REGISTERED, CheckResult.NOT_FOUND):
        yield Told(REGISTER_FACTS[row.a], row.b == CheckResult.REGISTERED, row.c, row.since, rank=2)


def _wish(row: Row, on: dt.date) -> Iterator[Told]:
    yield Told("spe.dispense", True, "demande de la personne", row.since, rank=2)
    if row.until is not None and row.until <= on:
        yield Told("spe.dispense", False, "demande levée par la personne", row.until, rank=3)


_READERS: dict[str, Reader] = {
    "contract": _contract,
    "assessment": _assessment,
    "situation": _situation,
    "registration": _registration,
    "check": _check,
    "wish": _wish,
}


def _stated(rows: Iterable[Statement]) -> Spoken:
    for row in rows:
        if row.value is not None:
            yield row.person_id, Told(row.code, ITEMS[row.code].read(row.value), row.source, row.as_of)


def _standing(ids: list[uuid.UUID], on: dt.date) -> QuerySet[Statement]:
    """Of each item, what was said last on the newest day; an item the platform no longer knows is left out."""
    rows = Statement.objects.filter(person__any=ids, as_of__lte=on, code__in=list(ITEMS))
    return rows.order_by("person_id", "code", "-as_of", "-number").distinct("person_id", "code")
