"""Reads a file and marks its duplicates: what the import pipeline streams, and the result shown before importing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from passerelles.core.text import ascii_key
from passerelles.exchange.readers import answer_rows
from passerelles.exchange.readers.answer_words import ANSWERS
from passerelles.exchange.readers.layouts import layout
from passerelles.exchange.readers.problems import Problem
from passerelles.exchange.readers.row import Row
from passerelles.exchange.readers.rows import read_rows

_MOST_KEYS_KEPT = 16_384


@dataclass(slots=True)
class CheckResult:
    """What a file would bring. Counts are of rows and exact; with a `limit`, the lists stop at it."""

    filename: str
    kind: str
    accepted: list[dict[str, object]] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    duplicates: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    rows_with_warning: int = 0

    def as_json(self) -> dict[str, object]:
        """Plain values only: dates and times as ISO strings."""
        return {
            "file": {
                "name": self.filename,
                "kind": self.kind,
                "rows_read": self.rows_read,
                "accepted": self.rows_accepted,
                "rejected": self.rows_rejected,
                "duplicates": self.rows_duplicate,
                "with_warning": self.rows_with_warning,
            },
            "accepted": [{name: _plain(value) for name, value in entry.items()} for entry in self.accepted],
            "rejected": [problem.as_json() for problem in self.rejected],
            "duplicates": [problem.as_json() for problem in self.duplicates],
            "warnings": [problem.as_json() for problem in self.warnings],
        }


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.isoformat("minutes") if isinstance(value, dt.time) else value


def check_file(
    source: bytes | Path,
    filename: str,
    kind: str,
    on: dt.date,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
    limit: int | None = None,
) -> CheckResult:
    """Read the whole file. `limit` bounds each list, not the counts. Raises FileProblem."""
    result = CheckResult(filename, kind)
    for row in checked_rows(source, filename, kind, on, mapping, progress):
        result.rows_read += 1
        if row.rejected:
            result.rows_rejected += 1
        elif row.duplicate:
            result.rows_duplicate += 1
        else:
            result.rows_accepted += 1
            if limit is None or len(result.accepted) < limit:
                result.accepted.append({"sheet": row.sheet, "row": row.number, **row.values})
        if row.problems:
            _sort(row.problems, result, limit)
    return result


def _sort(problems: list[Problem], result: CheckResult, limit: int | None) -> None:
    lists = {"reject": result.rejected, "duplicate": result.duplicates, "warning": result.warnings}
    result.rows_with_warning += any(problem.severity == "warning" for problem in problems)
    for problem in problems:
        kept = lists[problem.severity]
        if limit is None or len(kept) < limit:
            kept.append(problem)


def checked_rows(
    source: bytes | Path,
    filename: str,
    kind: str,
    on: dt.date,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Row]:
    """Stream the rows; the later of two rows about one person on one date is marked `duplicate`. Raises FileProblem."""
    if kind == ANSWERS:
        yield from answer_rows.checked(read_rows(source, filename, kind, on, mapping, progress))
        return
    seen = _Seen(layout(kind).dated_by)
    for row in read_rows(source, filename, kind, on, mapping, progress):
        if not row.problems or not row.rejected:
            seen.compare(row)
        yield row


class _Seen:
    """Keys of the rows met so far: hashes and row numbers only, so that memory grows slowly with the file."""

    def __init__(self, dated_by: str) -> None:
        self.dated_by = dated_by
        self.sheets: list[str] = []
        self.by_number: dict[int, tuple[int, int, int]] = {}
        self.by_identity: dict[int, tuple[int, int, int]] = {}
        self.keys: dict[str, str] = {}

    def compare(self, row: Row) -> None:
        """Same foreigner number, or same identity unless two numbers tell two persons apart."""
        values = row.values
        day = values.get(self.dated_by)
        family, given = cast(str, values["family_name"]), cast(str, values["given_names"])
        identity = hash((self._key(family), self._key(given), values["birth_date"], day))
        number = values.get("foreigner_number")
        number_hash = hash((number, day)) if number else 0
        if not self.sheets or self.sheets[-1] != row.sheet:
            self.sheets.append(row.sheet)
        me = (len(self.sheets) - 1, row.number, identity)
        if number_hash:
            first = self.by_number.setdefault(number_hash, me)
            if first is not me:
                self._mark(row, first, "foreigner_number", same_person=first[2] == identity)
                return
        namesake = self.by_identity.setdefault(identity, (me[0], me[1], number_hash))
        if namesake[1] == row.number and namesake[0] == me[0]:
            return
        if number_hash and namesake[2] and namesake[2] != number_hash:
            self._warn_namesake(row, namesake)
        else:
            self._mark(row, namesake, "family_name", same_person=True)

    def _key(self, name: str) -> str:
        key = self.keys.get(name)
        if key is None:
            key = ascii_key(name) or name
            if len(self.keys) < _MOST_KEYS_KEPT:
                self.keys[name] = key
        return key

    def _place(self, row: Row, first: tuple[int, int, int]) -> str:
        sheet = self.sheets[first[0]]
        return f"ligne {first[1]}" if sheet == row.sheet else f"ligne {first[1]} de la feuille « {sheet} »"

    def _mark(self, row: Row, first: tuple[int, int, int], name: str, *, same_person: bool) -> None:
        row.duplicate = True
        where = self._place(row, first)
        value = str(row.values[name])
        if same_person:
            reason, code = f"Cette personne figure déjà à la {where} pour la même date.", "duplicate"
            remedy = "Rien à faire : la première ligne est gardée."
        else:
            reason, code = f"Le n° étranger est déjà celui d’une autre personne à la {where}.", "number_taken"
            remedy = "Vérifiez les deux numéros étrangers : si ce sont deux personnes, corrigez le numéro."
        row.problems.append(Problem("duplicate", row.sheet, row.number, "", value[:300], reason, remedy, code))

    def _warn_namesake(self, row: Row, first: tuple[int, int, int]) -> None:
        reason = f"Même nom, mêmes prénoms et même date de naissance qu’à la {self._place(row, first)}."
        remedy = "Les n° étrangers diffèrent : les deux personnes sont gardées. Vérifiez qu’il n’y en a pas qu’une."
        name = str(row.values["family_name"])
        row.problems.append(Problem("warning", row.sheet, row.number, "", name[:300], reason, remedy, "namesake"))
