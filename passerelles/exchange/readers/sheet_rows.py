"""Reads the data rows of one sheet, below its header: cells, values carried down, lines that are not persons."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, cast

from passerelles.core.identifiers import nir_contradiction
from passerelles.core.text import ascii_key, clean
from passerelles.exchange.readers.fields import COMBINED_NAME, Field, Layout, header_key
from passerelles.exchange.readers.header import Mapping, session_in
from passerelles.exchange.readers.parsers import Noted, Parser, parser_of
from passerelles.exchange.readers.problems import Problem
from passerelles.exchange.readers.row import Row
from passerelles.exchange.readers.values import text_of

LONGEST_VALUE = 300
LONGEST_RECEIVED = 1000
MOST_CACHED = 8192
LONGEST_CACHED = 100
SHORTEST_TITLE = 12
_SESSION_FIELDS = ("session_date", "session_time", "session_place")
_DATE_KINDS = frozenset({"birth_date", "past_date", "session_date"})
_DAYS_FROM_1904 = 1462
_NOT_SEEN = object()
_NOT_A_PERSON = re.compile(
    r"(?:sous )?tota(?:l|ux)\b|effectif|(?:nombre|nb|soit) |page \d|signature|source |legende|note |nota|"
    r"confidentiel|fin$|(?:edite|imprime|extrait|genere|mis a jour|fait|document) |"
    r"\d+ (?:personne|convoque|inscrit|usager|signataire|ligne|beneficiaire|dossier|femme|homme)"
)

Skipped = Literal["repeated_header", "total", "useless", "session_title"]
_SKIPPED_REASONS: dict[Skipped, tuple[str, str]] = {
    "repeated_header": ("En-têtes répétés au milieu des données : ignorés", "Rien à faire."),
    "total": ("Lignes de total ou de bas de page : ignorées", "Vérifiez qu’aucune personne n’y figure."),
    "useless": ("Lignes sans aucune donnée utile : ignorées", "Vérifiez qu’aucune personne n’y figure."),
    "session_title": (
        "Lignes de titre donnant la date de convocation des lignes suivantes",
        "Vérifiez la date, ou ajoutez une colonne « Date de convocation ».",
    ),
}


class _Column:
    """A mapped column; the cells already read are remembered, within bounds."""

    __slots__ = ("cache", "field", "header", "index", "name", "parse")

    def __init__(self, field: Field, index: int, header: str, on: dt.date, epoch1904: bool) -> None:
        self.field, self.name, self.index, self.header = field, field.name, index, header
        self.cache: dict[object, object] = {}
        parse = parser_of(field, on)
        if epoch1904 and field.kind in _DATE_KINDS:
            parse = _counting_from_1904(parse)
        self.parse = parse

    def read(self, cell: object) -> object:
        found = self.parse(cell)
        if len(self.cache) < MOST_CACHED and (not isinstance(cell, str) or len(cell) <= LONGEST_CACHED):
            self.cache[cell] = found
        return found


def _counting_from_1904(parse: Parser) -> Parser:
    """Serial dates of a workbook made on an old Mac; a number like 1990 stays a year."""

    def read(cell: object) -> object:
        if isinstance(cell, int | float) and not isinstance(cell, bool) and not 1900 <= cell <= 2100:
            cell += _DAYS_FROM_1904
        return parse(cell)

    return read


class SheetReader:
    """Rows of one sheet. After `read` is exhausted, `remarks` tells what concerns the whole sheet."""

    def __init__(self, sheet: str, mapping: Mapping, layout: Layout, on: dt.date, *, epoch1904: bool = False) -> None:
        self.sheet, self.mapping, self.layout = sheet, mapping, layout
        self.headers = mapping.headers
        self.columns = [
            _Column(entry, mapping.columns[entry.name], mapping.headers[mapping.columns[entry.name]], on, epoch1904)
            for entry in layout.fields
            if entry.name in mapping.columns
        ]
        self.by_name = {column.name: column for column in self.columns}
        self.required = frozenset(entry.name for entry in layout.required)
        self.header_keys = {header_key(text) for text in mapping.headers if text}
        self.width = max(column.index for column in self.columns) + 1
        self.dated = layout.dated_by == "session_date"
        self.carried: dict[str, object] = {}
        self.first_carried = 0
        self.title_used = False
        if mapping.session_date and "session_date" not in mapping.columns:
            self.carried["session_date"] = mapping.session_date
            if mapping.session_time:
                self.carried["session_time"] = mapping.session_time
        self.skipped: dict[Skipped, list[int]] = {}

    def read(self, rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[Row]:
        plan = [(column.name, column.index, column.cache, column) for column in self.columns]
        required, width, dated = self.required, self.width, self.dated
        described = required - {*_SESSION_FIELDS}
        sheet, headers = self.sheet, self.headers
        for number, cells in rows:
            padded = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
            values: dict[str, object] = {}
            problems: list[Problem] = []
            for name, index, cache, column in plan:
                cell = padded[index]
                if cell == "" or cell is None:
                    continue
                found = cache.get(cell, _NOT_SEEN)
                if found is _NOT_SEEN:
                    found = column.read(cell)
                if found is None:
                    continue
                if found.__class__ is str or not isinstance(found, Noted):
                    values[name] = found
                else:
                    self._note(number, column, cell, found, values, problems)
            if "family_name" not in values and "birth_name" in values:
                self._name_from_birth(values, problems)
            if not described <= values.keys() and self._is_no_person(number, cells, values, problems):
                continue
            if dated:
                cells = self._carry(number, padded, values)
            if not required <= values.keys():
                self._refuse_missing(number, values, problems)
            if "birth_date" in values:
                values.setdefault("birth_date_precision", "day")
            if "nir" in values:
                self._compare_nir(number, values, problems)
            yield Row(sheet, number, values, cells, problems, headers)

    def _note(
        self,
        number: int,
        column: _Column,
        cell: object,
        noted: Noted,
        values: dict[str, object],
        problems: list[Problem],
    ) -> None:
        if noted.value is not None:
            values[column.name] = noted.value
        for name, value in noted.extra.items():
            values.setdefault(name, value)
        if noted.severity:
            problems.append(self._problem(noted.severity, number, column, cell, noted.reason, noted.remedy, noted.code))
            if noted.value is None and noted.severity == "warning":
                received = cast(dict[str, str], values.setdefault("as_received", {}))
                received[column.name] = text_of(cell)[:LONGEST_RECEIVED]

    def _problem(
        self,
        severity: Literal["reject", "warning"],
        number: int,
        column: _Column | None,
        cell: object,
        reason: str,
        remedy: str,
        code: str,
    ) -> Problem:
        text = text_of(cell)[:LONGEST_VALUE]
        return Problem(severity, self.sheet, number, column.header if column else "", text, reason, remedy, code)

    def _carry(self, number: int, cells: Sequence[object], values: dict[str, object]) -> Sequence[object]:
        """Carry the session down merged cells, and from a title; the cells as filled, for the file of rejects."""
        carried, filled = self.carried, cells
        if "session_date" in values and values["session_date"] != carried.get("session_date"):
            carried.clear()
        for name in _SESSION_FIELDS:
            if name in values:
                carried[name] = values[name]
            elif name in carried and self._is_blank(name, cells):
                values[name] = carried[name]
                column = self.by_name.get(name)
                if column is None:
                    self.title_used = True
                    continue
                filled = [*filled[: column.index], carried[name], *filled[column.index + 1 :]]
                self.first_carried = self.first_carried or number
        return filled

    def _is_blank(self, name: str, cells: Sequence[object]) -> bool:
        column = self.by_name.get(name)
        return column is None or not clean(text_of(cells[column.index]))

    def _name_from_birth(self, values: dict[str, object], problems: list[Problem]) -> None:
        """The name in use is left blank when it is the name of birth."""
        column = self.by_name.get("family_name")
        if column is None or not any(problem.column == column.header for problem in problems):
            values["family_name"] = values["birth_name"]

    def _refuse_missing(self, number: int, values: dict[str, object], problems: list[Problem]) -> None:
        told = {problem.column for problem in problems if problem.severity == "reject"}
        for entry in self.layout.required:
            if entry.name in values:
                continue
            column = self.by_name.get(entry.name) or self.by_name.get(COMBINED_NAME)
            if column is not None and column.header in told:
                continue
            reason = f"« {entry.label} » est obligatoire et la cellule est vide."
            remedy = entry.help or "Complétez la cellule."
            problems.append(self._problem("reject", number, column, "", reason, remedy, "missing"))

    def _is_no_person(
        self, number: int, cells: Sequence[object], values: dict[str, object], problems: list[Problem]
    ) -> bool:
        """A blank line, a header again, a total, a footer, or the title of a session: left out, and counted."""
        texts = [text for cell in cells if (text := clean(text_of(cell)))]
        kind = self._kind_of_line(texts, values, problems) if texts else None
        if kind:
            self.skipped.setdefault(kind, []).append(number)
        return not texts or kind is not None

    def _kind_of_line(self, texts: list[str], values: dict[str, object], problems: list[Problem]) -> Skipped | None:
        alike = sum(header_key(text) in self.header_keys for text in texts)
        if alike >= 2 and alike * 2 >= len(texts):
            return "repeated_header"
        if len(texts) <= 4 and "birth_date" not in values and _NOT_A_PERSON.match(ascii_key(texts[0])):
            return "total"
        if len(texts) == 1 and self._session_title(texts[0]):
            return "session_title"
        if not problems and values.keys() <= {*_SESSION_FIELDS}:
            self.carried.update(values)
            return "session_title" if "session_date" in values else "useless"
        return None

    def _session_title(self, text: str) -> bool:
        """« Mercredi 11 mars 2026 à 14h », alone on its line, dates the rows that follow."""
        day, time = session_in([text]) if self.dated and len(text) >= SHORTEST_TITLE else (None, None)
        if day is None:
            return False
        self.carried = {"session_date": day} if time is None else {"session_date": day, "session_time": time}
        return True

    def _compare_nir(self, number: int, values: dict[str, object], problems: list[Problem]) -> None:
        exact = values.get("birth_date_precision") == "day"
        birth_date = cast("dt.date | None", values.get("birth_date") if exact else None)
        told = nir_contradiction(cast(str, values["nir"]), cast(str, values.get("sex", "")), birth_date)
        if told:
            column = self.by_name["nir"]
            reason = told[:1].upper() + told[1:] + "."
            remedy = "Vérifiez le NIR, le sexe et la date de naissance ; la ligne est acceptée."
            text = cast(str, values["nir"])
            problems.append(self._problem("warning", number, column, text, reason, remedy, "nir_contradiction"))

    def remarks(self) -> list[Problem]:
        """What concerns the whole sheet: duplicated headers, values carried down, lines left out."""
        found = []
        row = self.mapping.header_row
        for text in self.mapping.duplicates:
            reason = f"La colonne « {text} » dit la même chose qu’une autre, qui seule est lue."
            remedy = "Supprimez-la, ou choisissez la bonne à l’étape « Correspondance »."
            found.append(
                Problem("warning", self.sheet, row, text[:LONGEST_VALUE], "", reason, remedy, "duplicate_header")
            )
        if self.first_carried:
            reason = "Date, heure ou lieu de convocation vides : repris de la ligne au-dessus (cellules fusionnées)."
            remedy = "Vérifiez les convocations, ou remplissez chaque ligne."
            found.append(Problem("warning", self.sheet, self.first_carried, "", "", reason, remedy, "carried_down"))
        if self.title_used:
            reason = "La date ou l’heure de convocation a été lue dans un titre, faute de colonne."
            remedy = "Vérifiez la date, ou ajoutez une colonne « Date de convocation »."
            day = text_of(self.mapping.session_date)
            found.append(Problem("warning", self.sheet, row, "", day, reason, remedy, "session_from_title"))
        for kind, numbers in self.skipped.items():
            reason, remedy = _SKIPPED_REASONS[kind]
            listed = ", ".join(map(str, numbers[:10])) + (f"… ({len(numbers)} lignes)" if len(numbers) > 10 else "")
            found.append(
                Problem("warning", self.sheet, numbers[0], "", "", f"{reason} (lignes {listed}).", remedy, kind)
            )
        return found
