"""What the fast decoder does not tell about an xlsx: error values, formulas never computed, the 1904 calendar."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator

from passerelles.exchange.readers.detect import Source, open_zip

FORMULA_WITHOUT_RESULT = "#FORMULE"
"""Stands in a cell whose formula was never computed (file written by a program, not by a spreadsheet)."""

ErrorCells = dict[str, dict[tuple[int, int], str]]
"""Sheet name → (row number, column index) → error value."""

MAX_ERRORS = 50_000
_CHUNK = 1 << 18
_OVERLAP = 4096
_TRACES = (b't="e"', b"</f></c>", b"<v/></c>", b"<v></v></c>", b"<v /></c>")
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]{1,20})</v>'
    rb"|[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>)"
)
_SHEET = re.compile(r"<sheet\b([^>]*)>")
_RELATION = re.compile(r"<Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


def scan(source: Source) -> tuple[ErrorCells, bool]:
    """Error cells by sheet, and whether serial dates count from 1904. Never fails: a doubt finds nothing."""
    try:
        with open_zip(source) as archive:
            workbook = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
            is_1904 = bool(re.search(r'date1904="(?:1|true)"', workbook))
            found: ErrorCells = {}
            for name, path in _sheet_paths(archive, workbook):
                cells = dict(_errors_of(archive, path))
                if cells:
                    found[name] = cells
            return found, is_1904
    except Exception:  # the decoder itself will tell what is wrong with the file
        return {}, False


def _sheet_paths(archive: zipfile.ZipFile, workbook: str) -> Iterator[tuple[str, str]]:
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    targets = {}
    for match in _RELATION.finditer(relations):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        targets[attributes.get("Id", "")] = attributes.get("Target", "")
    for match in _SHEET.finditer(workbook):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        target = targets.get(attributes.get("r:id", ""), "")
        if target:
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            yield html.unescape(attributes.get("name", "")), path


def _errors_of(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[tuple[int, int], str]]:
    count = 0
    with archive.open(path) as file:
        kept = b""
        while chunk := file.read(_CHUNK):
            window = kept + chunk
            kept = window[-_OVERLAP:]
            if not any(trace in window for trace in _TRACES):
                continue
            for match in _ERROR.finditer(window):
                value = match[3].decode("utf-8", errors="replace") if match[3] else FORMULA_WITHOUT_RESULT
                yield (int(match[2]), _column_index(match[1].decode())), html.unescape(value)
                count += 1
                if count > MAX_ERRORS:
                    return


def _column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
