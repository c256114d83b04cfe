"""Lists of the tests, loaded by the same verbs as a file, and pairs that are far from the thresholds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from passerelles.linkage.models import ExternalList
from passerelles.linkage.services import add_records, close_list, open_list

NUMBER = "9999999999"


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


def namesake(**changes) -> dict[str, Any]:
    """The columns of a person whose names are borne by many, born on 1 January: no more than an estimate."""
    return {"family_name": "Diallo", "given_names": "Fatoumata", "birth_date": dt.date(1990, 1, 1)} | changes


def doubtful(person, **changes):
    """The line of a namesake of the same year: perhaps the same person, perhaps not."""
    return row_of(person, birth_date=dt.date(person.birth_date.year, 5, 3)) | changes


def twin_lines(person) -> list[dict[str, Any]]:
    """Two lines that both bear everything of this person."""
    line = row_of(person, foreigner_number=NUMBER)
    return [line, line | {"given_names": f"{person.given_names} Marie"}]
