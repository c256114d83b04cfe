"""The diagnosis on one page: each item with what is known, from whom and since when, and what may be stated of it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from passerelles.network.enums import Action
from passerelles.network.policy import Actor
from passerelles.orientation.engine.facts import FactType, Value
from passerelles.orientation.models import Statement
from passerelles.orientation.policy import items
from passerelles.orientation.queries.facts import facts_and_statements
from passerelles.orientation.queries.occupations import nomenclature
from passerelles.orientation.queries.recommendation import consents_to_health
from passerelles.orientation.rules.diagnosis import ITEMS, LABELS, SECTIONS
from passerelles.people.models import Person
from passerelles.reference.occupations import Occupations

ARTICLES = ("le ", "la ", "les ", "l'", "l’")


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `elsewhere`: another room of the platform says it, which is newer than anything stated here."""

    code: str
    label: str
    question: str
    value: Value | None
    shown: str
    source: str
    since: dt.date | None
    by: str
    editable: bool
    elsewhere: bool
    statement: Statement | None
    occupations: tuple[tuple[str, str], ...] = ()

    @property
    def is_occupations(self) -> bool:
        return ITEMS[self.code].type is FactType.OCCUPATIONS

    @property
    def is_barrier(self) -> bool:
        return self.code.startswith("frein.") and self.code != "frein.obstacle"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page, with the items this role may see."""

    code: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The whole page. `names`: the occupations of the nomenclature in force."""

    person: Person
    on: dt.date
    parts: tuple[Part, ...]
    names: Occupations
    consents: bool
    editable: bool

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for part in self.parts for item in part.items)

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items of the form."""
        return tuple(item for item in self.items if item.editable)

    @property
    def values(self) -> dict[str, Value]:
        return {item.code: item.value for item in self.items if item.value is not None}

    @property
    def read(self) -> dict[str, uuid.UUID]:
        return {item.code: item.statement.pk for item in self.items if item.statement}


def diagnosis_of(actor: Actor, person: Person, on: dt.date) -> Diagnosis:
    """The caller has asked the policy for the person. A fixed number of queries."""
    consents = consents_to_health(person)
    seen, editable = (items(actor, action, consents=consents) for action in (Action.VIEW, Action.EDIT))
    (facts, stated), names = facts_and_statements(person, on), nomenclature()
    parts = []
    for section in SECTIONS:
        found = []
        for code in section.items:
            if code not in seen:
                continue
            row, known = stated.get(code), facts.get(code)
            said = row is not None and row.value is not None
            elsewhere = known is not None and not (said and (known.source, known.since) == (row.source, row.as_of))
            if elsewhere:
                value, source, since, by = known.value, known.source, known.since, ""
            elif said:
                value = ITEMS[code].read(row.value)
                source, since, by = row.source, row.as_of, row.by_name or ""
            else:
                value, source, since, by = None, "", None, ""
            found.append(
                Item(
                    code=code,
                    label=LABELS.get(code) or short(ITEMS[code].label),
                    question=ITEMS[code].question,
                    value=value,
                    shown=shown(code, value, names),
                    source=source,
                    since=since,
                    by=by,
                    editable=code in editable and not elsewhere,
                    elsewhere=elsewhere,
                    statement=row,
                    occupations=_named(code, value, names),
                )
            )
        if found:
            parts.append(Part(section.code, section.title, tuple(found)))
    return Diagnosis(person, on, tuple(parts), names, consents, bool(editable))


def shown(code: str, value: Value | None, names: Occupations) -> str:
    """The value in French; the occupations by their name."""
    if value is None:
        return ""
    if isinstance(value, frozenset) and ITEMS[code].type is FactType.OCCUPATIONS:
        return ", ".join(sorted(names.label(each) for each in value))
    return ITEMS[code].shown(value)


def short(label: str) -> str:
    """`le niveau d'études` → `Niveau d'études`; `le frein « mobilité »` → `Mobilité`."""
    if "«" in label and label.startswith("le frein"):
        label = label.split("«")[1].split("»")[0].strip()
    for article in ARTICLES:
        label = label.removeprefix(article)
    return label[:1].upper() + label[1:]


def _named(code: str, value: Value | None, names: Occupations) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, frozenset) or ITEMS[code].type is not FactType.OCCUPATIONS:
        return ()
    return tuple(sorted(((each, names.label(each)) for each in value), key=lambda pair: pair[1]))
