"""Lists of the tests, loaded by the same verbs as a file."""

from __future__ import annotations

import datetime as dt

from passerelles.linkage.models import ExternalList
from passerelles.linkage.services import add_records, close_list, open_list


def load(actor, *rows, register="ft", as_of=dt.date(2026, 3, 1), direction="metz") -> ExternalList:
    """A complete list of these rows: (family name, given names, birth date) and what else is known."""
    found = open_list(actor, register=register, direction=direction, as_of=as_of, filename=f"{register}.xlsx")
    add_records(actor, found, [{"line": number, **row} for number, row in enumerate(rows, start=2)])
    close_list(actor, found)
    return found


def row_of(person, **changes):
    """The line that is exactly this person."""
    return {
        "family_name": person.family_name,
        "given_names": person.given_names,
        "birth_date": person.birth_date,
        "sex": person.sex,
    } | changes
