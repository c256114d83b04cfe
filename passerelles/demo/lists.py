"""The lists of France Travail, RSA and AGIR as received: sure matches, doubtful ones, people unknown here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from passerelles.demo.people import Crowd
from passerelles.linkage import services as linkage
from passerelles.network.policy import Actor
from passerelles.people.models import Identifier, Person

Line = dict[str, Any]
OTHERS = 25
"""Lines of each list about people who were never convoked."""
COLUMNS = ("family_name", "birth_name", "given_names", "birth_date", "sex")
MONTHS_KNOWN = dt.timedelta(days=120)


def load(
    actor: Actor, *, register: str, as_of: dt.date, lines: Iterable[Line], convoked: Collection[tuple[str, str]]
) -> None:
    """One list, through the verbs of an import. Lines about other people are added, none a namesake of `convoked`."""
    opened = linkage.open_list(
        actor, register=register, direction="metz", as_of=as_of, filename=f"{register}-{as_of:%Y-%m-%d}.csv"
    )
    others = Crowd(as_of, salt=register).rows(OTHERS)
    since = as_of - MONTHS_KNOWN
    strangers = [row for row in others if (row["family_name"], row["given_names"]) not in convoked]
    whole = [*lines, *(_line(row) for row in strangers)]
    linkage.add_records(
        actor, opened, [line | {"line": number, "since": since} for number, line in enumerate(whole, 2)]
    )
    linkage.close_list(actor, opened)


def for_people(people: Sequence[Person]) -> dict[str, list[Line]]:
    """{register: lines} that make some of these persons known and some doubtful, always the same ones."""
    lines: dict[str, list[Line]] = {"ft": [], "rsa": [], "agir": []}
    numbers = {
        identifier.person_id: identifier.value
        for identifier in Identifier.objects.filter(person__in=people, kind="agdref")
    }
    for index, person in enumerate(people):
        for place, register, variant in VARIANTS:
            if index % 12 == place:
                lines[register].append(variant(person, numbers.get(person.pk, "")))
    return lines


def _exact(person: Person, number: str) -> Line:
    return _line(vars(person))


def _with_number(person: Person, number: str) -> Line:
    return _line(vars(person)) | {"foreigner_number": number}


def _swapped(person: Person, number: str) -> Line:
    """Family and given names each in the other's column."""
    return _line(vars(person)) | {"family_name": person.given_names, "given_names": person.family_name}


def _other_given_name(person: Person, number: str) -> Line:
    return _line(vars(person)) | {"given_names": f"{person.given_names[:3]}ia"}


def _other_day(person: Person, number: str) -> Line:
    """The same person with another day of birth in the same year."""
    born = person.birth_date
    return _line(vars(person)) | {"birth_date": dt.date(born.year, 1, 1) if born else None}


VARIANTS: tuple[tuple[int, str, Callable[[Person, str], Line]], ...] = (
    (0, "ft", _with_number),
    (1, "rsa", _with_number),
    (2, "ft", _swapped),
    (3, "agir", _exact),
    (5, "ft", _exact),
    (6, "rsa", _other_given_name),
    (8, "ft", _other_day),
)


def _line(person: dict[str, Any]) -> Line:
    return {name: person[name] for name in COLUMNS}
