"""A row of a file of convocations made ready to be written: keys, hashes and sealed numbers. Pure.

Nothing here depends on what the database holds, so that another process can do it while a former chunk is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from passerelles.core import crypto
from passerelles.people.identity import identity_key

NUMBER_FIELDS = {"agdref": "foreigner_number", "ofii": "ofii_number"}
"""Kind of identifier → the field of the file that holds it, the surest first."""


class Number(NamedTuple):
    """An identifier as it is searched and as it is kept; its clear value stays in the row."""

    kind: str
    search_hash: bytes
    sealed: bytes


class FileRow(NamedTuple):
    """One accepted row. `values`: field → checked value; `motive` is the name of `admission_motive` in the tables."""

    line: int
    sheet: str
    values: dict[str, Any]
    identity_key: str = ""
    numbers: tuple[Number, ...] = ()


def prepared(values: Mapping[str, Any], *, line: int, sheet: str, secret: str) -> FileRow:
    """The row with its identity key and its numbers hashed and sealed with `secret` (D-001, D-002)."""
    numbers = tuple(
        Number(kind, crypto.keyed_hash(kind, value, secret=secret), crypto.encrypt(value, secret=secret))
        for kind, field in NUMBER_FIELDS.items()
        if (value := cast("str | None", values.get(field)))
    )
    key = identity_key(values["family_name"], values["given_names"], values.get("birth_date"))
    return FileRow(line, sheet, {**values, "motive": values.get("admission_motive") or ""}, key, numbers)
