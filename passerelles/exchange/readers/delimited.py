"""Delimited text: encoding, delimiter, quotes. Bytes that are not UTF-8 are read as cp1252, one by one."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import TextIO, TypeAlias, cast

from passerelles.exchange.readers.detect import Source, head_of
from passerelles.exchange.readers.problems import FileProblem

Cell: TypeAlias = str | int | float
"""Dates, times and booleans come as the text a French spreadsheet shows."""

DELIMITERS = ";,\t|"
_SAMPLE = 65_536
_ERRORS = "passerelles-cp1252"
_CONTROL = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r")


def _read_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    damaged = error.object[error.start : error.end]
    return damaged.decode("cp1252", errors="ignore"), error.end


codecs.register_error(_ERRORS, _read_as_cp1252)


def encoding_of(head: bytes) -> str:
    """UTF-16 by its mark or its alternate zeros; otherwise UTF-8, whose faults are read as cp1252."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[: len(head) // 2 * 2]
    if sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        half = len(sample) // 2
        if odd > half * 0.4 and even < half * 0.1:
            return "utf-16-le"
        if even > half * 0.4 and odd < half * 0.1:
            return "utf-16-be"
    return "utf-8-sig"


def read_delimited(source: Source, filename: str, max_columns: int) -> Iterator[tuple[int, list[Cell]]]:
    """Rows with the number a spreadsheet would show. Raises FileProblem."""
    head = head_of(source, _SAMPLE)
    encoding = encoding_of(head)
    if encoding == "utf-8-sig" and len(head.translate(None, _CONTROL)) < 0.9 * len(head):
        raise _not_text(filename)
    errors = _ERRORS if encoding == "utf-8-sig" else "replace"
    delimiter = sniff_delimiter(head.decode(encoding, errors=errors))
    raw = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="") as text:
        yield from _records(text, delimiter, filename, max_columns)


def _records(text: TextIO, delimiter: str, filename: str, max_columns: int) -> Iterator[tuple[int, list[Cell]]]:
    lines = _without_nul(text, filename)
    first = next(lines, "")
    if first.strip().lower() != f"sep={delimiter}":
        lines = chain([first], lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    try:
        for record in reader:
            number += 1
            if not any(record):
                continue
            if len(record) > max_columns:
                record = _without_trailing_blanks(record)
                if len(record) > max_columns:
                    raise too_many_columns(filename, "", max_columns)
            yield number, cast(list[Cell], record)
    except (csv.Error, UnicodeError):
        raise FileProblem(
            f"Le fichier « {filename} » ne peut pas être lu à partir de la ligne {number + 1} : un guillemet est "
            "ouvert et jamais refermé, ou le codage change en cours de fichier.",
            remedy="Ouvrez-le dans un tableur et enregistrez-le au format .xlsx, ou corrigez le guillemet.",
            code="csv",
        ) from None


def _without_nul(text: TextIO, filename: str) -> Iterator[str]:
    for line in text:
        if "\x00" in line:
            raise _not_text(filename)
        yield line


def _not_text(filename: str) -> FileProblem:
    return FileProblem(
        f"Le fichier « {filename} » n’est ni un tableau ni un texte lisible.",
        remedy="Envoyez le tableau au format .xlsx, .ods ou .csv.",
        code="type",
    )


def _without_trailing_blanks(record: list[str]) -> list[str]:
    end = len(record)
    while end and not record[end - 1].strip():
        end -= 1
    return record[:end]


def sniff_delimiter(sample: str) -> str:
    """The delimiter that cuts the most lines of the sample in the most columns; the `sep=` line wins."""
    lines = sample.splitlines()[:60]
    if lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[4] if lines[0].strip()[4] in DELIMITERS else ";"
    return max(DELIMITERS, key=lambda delimiter: _columns_with(delimiter, lines))


def _columns_with(delimiter: str, lines: list[str]) -> tuple[int, int]:
    """Median number of columns: first without the cells that start with a space, since a sentence has those too."""
    try:
        records = [record for record in csv.reader(lines, delimiter=delimiter) if any(record)]
    except csv.Error:
        return 0, 0
    if not records:
        return 0, 0
    certain = sorted(1 + sum(not cell.startswith(" ") for cell in record[1:]) for record in records)
    return certain[len(certain) // 2], sorted(map(len, records))[len(records) // 2]


def too_many_columns(filename: str, sheet: str, limit: int) -> FileProblem:
    where = f", feuille « {sheet} »," if sheet else ""
    return FileProblem(
        f"Le fichier « {filename} »{where} a plus de {limit} colonnes.",
        remedy="Supprimez les colonnes inutiles à droite du tableau (même vides en apparence), puis renvoyez-le.",
        code="columns",
    )
