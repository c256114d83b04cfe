"""The frozen bytes of the monthly return: the CSV template of F.1, always the same for the same figures. Pure.

UTF-8 with a byte-order mark, semicolons and CR LF: what the spreadsheets of the recipients open without a question.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from passerelles.core.periods import Month
from passerelles.core.text import safe_cell
from passerelles.indicators.engine.figures import BANDS, Cell, Figure, sexes_of
from passerelles.reference import territories

COLUMNS = ("periode", "dt_ofii", "operateur", "indicateur", "sexe", "tranche_age", "valeur")

Values = Mapping[Cell, int]


class Line(NamedTuple):
    """One line of the template."""

    period: str
    direction: str
    operator: str
    indicator: str
    sex: str
    band: str
    value: int


@dataclass(frozen=True, slots=True)
class Heading:
    """The three columns that are the same on every line: `2026-01`, `Metz`, the operator."""

    period: str
    direction: str
    operator: str


def heading(direction: str, month: Month, operator: str) -> Heading:
    """What stands at the beginning of each line of the file of the DT `direction`."""
    return Heading(str(month), territories.direction(direction).name, operator)


def lines(heading: Heading, figures: Iterable[Figure]) -> list[Line]:
    """The figures in their order; within each, F then H, and the four bands, `non_classe` last (F-009)."""
    return [
        Line(heading.period, heading.direction, heading.operator, figure.definition.code, sex, band, values[sex, band])
        for figure in figures
        for values in [figure.values]
        for sex in sexes_of(values)
        for band in BANDS
    ]


def canonical(heading: Heading, figures: Iterable[Figure]) -> bytes:
    """The bytes that are stored, sent and compared."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines(heading, figures):
        writer.writerow([safe_cell(value) if isinstance(value, str) else value for value in line])
    return text.getvalue().encode("utf-8-sig")


def parse(content: bytes) -> list[Line]:
    """The lines of a stored return."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    next(rows)
    return [Line(*row[:6], int(row[6])) for row in rows]


def values_of(content: bytes) -> dict[str, dict[Cell, int]]:
    """The cells of each indicator of a stored return, in the order of the file."""
    found: dict[str, dict[Cell, int]] = {}
    for line in parse(content):
        found.setdefault(line.indicator, {})[line.sex, line.band] = line.value
    return found


def fingerprint(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
