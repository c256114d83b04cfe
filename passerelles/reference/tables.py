"""Reads the semicolon-separated tables of `data/` and names the mistake of asking for an unknown code."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files

from passerelles.core.errors import UserError

SEPARATOR_OF_ALIASES = "|"


class UnknownCode(UserError):
    """No line of the reference table carries this code."""

    def __init__(self, what: str, code: str, remedy: str = "") -> None:
        super().__init__(
            f"{what} « {code} » : ce code est inconnu du référentiel.",
            remedy=remedy or "Vérifiez le code, ou mettez le référentiel à jour.",
        )
        self.code = code


def rows(table: str) -> Iterator[dict[str, str]]:
    """The lines of `data/<table>.csv`, header names as keys; empty cells are empty strings."""
    path = files("passerelles.reference").joinpath(f"data/{table}.csv")
    with path.open(encoding="utf-8") as source:
        yield from csv.DictReader(source, delimiter=";")
