"""Finds the header row of a sheet and says which column holds which field. Nothing is read below it here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from passerelles.core.dates import MONTHS
from passerelles.core.text import ascii_key, clean
from passerelles.exchange.readers.fields import COMBINED_NAME, Layout, header_key
from passerelles.exchange.readers.values import text_of

SEARCHED_ROWS = 30
FEWEST_HEADERS = 2
_NAMES_IN_USE = frozenset(map(header_key, ("Nom d’usage", "Nom usuel", "Nom marital", "Nom d’épouse", "Nom époux")))
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](20\d{2}|\d{2})(?!\d)")
_WRITTEN_DATE = re.compile(rf"\b(\d{{1,2}})(?:er)? ({'|'.join(MONTHS)}) (20\d{{2}})\b")
_TIME = re.compile(r"(?<![\d/.\-])(\d{1,2})\s?(?:[hH]|:(?=\d))\s?(\d{2})?(?!\d)")
_ABOUT_SOMETHING_ELSE = re.compile(r"naissance|conjoint|epou[sx]|enfant|referent|agent|pere\b|mere\b|prescri|employeur")
_ABOUT_A_SESSION = re.compile(r"convo|session|rdv|rendez|demi journee|accueil|seance")


@dataclass(slots=True)
class Mapping:
    """Field → column (0-based). `missing` and the keys of `columns` are field names, the rest headers as written.

    `last_row`: last row of the header, the same as `header_row` unless it has two lines.
    `session_date`, `session_time`: found in a title above the header.
    `told_alone`: fields recognised by the second line of a header without the first.
    """

    header_row: int
    columns: dict[str, int]
    headers: list[str]
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    last_row: int = 0
    session_date: dt.date | None = None
    session_time: dt.time | None = None
    told_alone: set[str] = field(default_factory=set, repr=False)


def guess(
    rows: Sequence[tuple[int, Sequence[object]]], layout: Layout, explicit: MappingOf[str, str] | None = None
) -> Mapping | None:
    """The header among the first rows of a sheet; None when nothing looks like one.

    `explicit`: field name → header as written; it wins over what is recognised. An empty header leaves the field out.
    """
    rows = rows[:SEARCHED_ROWS]
    lines = [[clean(text_of(cell)) for cell in cells] for _, cells in rows]
    best: tuple[float, int, Mapping] | None = None
    for position, line in enumerate(lines):
        for height in (1, 2):
            if height == 2 and not _may_be_second_line(rows, position + 1):
                continue
            spellings = [[text] for text in line] if height == 1 else _two_lines(line, lines[position + 1])
            found = _assign(spellings, layout, explicit or {})
            if height == 2 and not _reads_across(found, spellings):
                continue
            score = len(found.columns) + (height - 1) / 2
            if len(found.columns) >= FEWEST_HEADERS and (best is None or score > best[0]):
                found.header_row, found.last_row = rows[position][0], rows[position + height - 1][0]
                best = score, position, found
    if best is None:
        return None
    _, position, mapping = best
    mapping.session_date, mapping.session_time = session_in([" ".join(line) for line in lines[:position]])
    if mapping.session_date and "session_date" in mapping.missing:
        mapping.missing.remove("session_date")
    return mapping


def _may_be_second_line(rows: Sequence[tuple[int, Sequence[object]]], position: int) -> bool:
    """A second header line directly follows and holds words only; a row of data has dates or numbers."""
    if position >= len(rows) or rows[position][0] != rows[position - 1][0] + 1:
        return False
    filled = [cell for cell in rows[position][1] if cell not in (None, "")]
    return bool(filled) and all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in filled)


def _two_lines(top: list[str], bottom: list[str]) -> list[list[str]]:
    """For each column, what its header may read: both lines together, or one; merged groups spread rightwards."""
    width = max(len(top), len(bottom))
    top, bottom = top + [""] * (width - len(top)), bottom + [""] * (width - len(bottom))
    spellings, group = [], ""
    for over, under in zip(top, bottom, strict=True):
        group = over or group
        if not under or not group:
            spellings.append([over or under])
        else:
            alone = [] if _ABOUT_SOMETHING_ELSE.search(ascii_key(group)) else [under]
            spellings.append([f"{group} {under}", f"{under} {group}", *alone])
    return spellings


def _reads_across(found: Mapping, spellings: list[list[str]]) -> bool:
    """Some field is told by both lines together: « Naissance » above « Date »."""
    return any(len(spellings[column]) > 1 and name not in found.told_alone for name, column in found.columns.items())


@lru_cache(maxsize=8)
def _fields_by_key(layout: Layout) -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for entry in layout.fields:
        for alias in (entry.label, *entry.aliases):
            key = header_key(alias)
            rank = entry.rank_of(key)
            if rank is not None:
                table.setdefault(key, (entry.name, rank))
    return table


def _assign(spellings: list[list[str]], layout: Layout, explicit: MappingOf[str, str]) -> Mapping:
    headers = [options[0] for options in spellings]
    columns = _explicit_columns(headers, explicit)
    told_alone = set(columns)
    taken = set(columns.values())
    table = _fields_by_key(layout)
    candidates: dict[str, list[tuple[int, int, str]]] = {}
    for column, options in enumerate(spellings):
        if column in taken:
            continue
        for choice, text in enumerate(options):
            key = header_key(text)
            if key in table:
                name, rank = table[key]
                if choice == 2:
                    told_alone.add(name)
                candidates.setdefault(name, []).append((rank, column, key))
                break
    duplicates = []
    for name, found in candidates.items():
        found.sort()
        if name not in explicit:
            columns[name] = found[0][1]
            duplicates += [column for _, column, _ in found[1:]]
    _settle_names(columns, candidates, duplicates, explicit)
    used = set(columns.values())
    return Mapping(
        header_row=0,
        columns=columns,
        headers=headers,
        unknown=[text for column, text in enumerate(headers) if text and column not in used | set(duplicates)],
        missing=[entry.name for entry in layout.required if not _provided(entry.name, columns)],
        duplicates=[headers[column] for column in sorted(duplicates) if column not in used],
        told_alone=told_alone,
    )


def _provided(name: str, columns: MappingOf[str, int]) -> bool:
    return name in columns or (name in {"family_name", "given_names"} and COMBINED_NAME in columns)


def _explicit_columns(headers: list[str], explicit: MappingOf[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name, wanted in explicit.items():
        wanted = clean(wanted)
        if not wanted:
            continue
        same = [column for column, text in enumerate(headers) if text == wanted]
        same = same or [column for column, text in enumerate(headers) if text and ascii_key(text) == ascii_key(wanted)]
        if same and ascii_key(wanted):
            columns[name] = same[0]
    return columns


def _settle_names(
    columns: dict[str, int],
    candidates: MappingOf[str, list[tuple[int, int, str]]],
    duplicates: list[int],
    explicit: MappingOf[str, str],
) -> None:
    """`Nom` beside `Nom d’usage` is the birth name; `Nom de naissance` alone is the family name."""
    found = candidates.get("family_name", [])
    in_use = [column for _, column, key in found if key in _NAMES_IN_USE]
    plain = [column for _, column, key in found if key not in _NAMES_IN_USE]
    if in_use and plain and not {"family_name", "birth_name"} & ({*explicit} | ({"birth_name"} & {*columns})):
        columns["family_name"], columns["birth_name"] = in_use[0], plain[0]
        duplicates[:] = [column for column in duplicates if column not in (in_use[0], plain[0])]
    no_family_name = not {"family_name", COMBINED_NAME} & ({*columns} | {*explicit})
    if no_family_name and "birth_name" in columns and "birth_name" not in explicit:
        columns["family_name"] = columns.pop("birth_name")
    if {"family_name", "given_names"} <= {*columns} and COMBINED_NAME in columns and COMBINED_NAME not in explicit:
        duplicates.append(columns.pop(COMBINED_NAME))


def session_in(titles: list[str]) -> tuple[dt.date | None, dt.time | None]:
    """The one session date (and time) that titles speak of: « Convocations du mardi 10 mars 2026 à 9h »."""
    dated = [(text, day) for text in titles for day in _dates_in(text)]
    about = [(text, day) for text, day in dated if _ABOUT_A_SESSION.search(ascii_key(text))]
    days = {day for _, day in about or dated}
    if len(days) != 1:
        return None, None
    for text, _ in about or dated:
        for match in _TIME.finditer(_NUMERIC_DATE.sub(" ", text)):
            hour, minute = int(match[1]), int(match[2] or 0)
            if hour < 24 and minute < 60:
                return days.pop(), dt.time(hour, minute)
    return days.pop(), None


def _dates_in(text: str) -> list[dt.date]:
    found = []
    for day, month, year in _NUMERIC_DATE.findall(text):
        found.append((int(year) % 100 + 2000, int(month), int(day)))
    for day, month, year in _WRITTEN_DATE.findall(ascii_key(text)):
        found.append((int(year), MONTHS[month], int(day)))
    days = []
    for year, month, day in found:
        try:
            days.append(dt.date(year, month, day))
        except ValueError:
            continue
    return days
