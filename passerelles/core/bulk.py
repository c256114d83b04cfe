"""Rows into a table by COPY: row by row as the ORM adapts them, or whole columns of text ready to send."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import repeat
from typing import TypeAlias, cast

from django.db import connection, models

Column: TypeAlias = Sequence[str | None] | Sequence[bytes] | str | None
"""One text for each row, None for NULL; or one value of bytes for each; or one text (or None) for all the rows."""

_behind: ContextVar[_WriteBehind | None] = ContextVar("write_behind", default=None)
_NULL = "\\N"
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """COPY `rows` (tuples in the order of `columns`, which are field names) into `model`'s table; their number.

    Runs inside the caller's transaction. JSON values must be given as text. Constraint errors raise as usual.
    """
    count = 0
    with connection.cursor() as cursor, cursor.copy(_statement(model, columns)) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def copy_columns(model: type[models.Model], count: int, columns: Mapping[str, Column]) -> int:
    """COPY `count` rows given as columns of text, as PostgreSQL reads it; their number.

    The same result as `copy_rows` without adapting any value: dates are ISO texts, ranges and arrays literals.
    """
    if count:
        behind = _behind.get()
        statement, text = _statement(model, columns), copy_text(count, columns.values())
        if behind is None:
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                copy.write(text)
        else:
            behind.add(statement, text)
    return count


class _WriteBehind:
    """COPY statements sent by one thread, in the order they came, on the connection of the caller."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._session = connection.connection
        self._thread = ThreadPoolExecutor(1)
        self._sent: list[Future[None]] = []

    def add(self, statement: str, text: str) -> None:
        self._sent.append(self._thread.submit(self._send, statement, text))

    def _send(self, statement: str, text: str) -> None:
        with self._session.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(text)

    def finish(self) -> None:
        """Wait for all; raises the first error, as Django tells it."""
        self._thread.shutdown()
        with connection.wrap_database_errors:
            for sent in self._sent:
                sent.result()


@contextmanager
def write_behind() -> Iterator[None]:
    """Inside, `copy_columns` comes back before its rows are written: the next columns are prepared meanwhile.

    When the block ends all are written, or the first error is raised. Nothing else may use the connection inside.
    """
    behind = _WriteBehind()
    token = _behind.set(behind)
    try:
        yield
    finally:
        _behind.reset(token)
        behind.finish()


def copy_text(count: int, columns: Iterable[Column]) -> str:
    """`count` lines of COPY's text format. Raises ValueError when a column has another length."""
    written: list[Iterable[str]] = []
    for column in columns:
        if column is None or isinstance(column, str):
            written.append(repeat(_escaped(column), count))
        elif len(column) != count:
            raise ValueError(f"{len(column)} values for {count} rows")
        else:
            written.append(_escaped_all(column))
    return "\n".join(map("\t".join, zip(*written, strict=True))) + "\n"


def _escaped_all(column: Sequence[str | None] | Sequence[bytes]) -> Iterable[str]:
    """Most columns hold nothing to escape: looked for once in the whole column."""
    if column and isinstance(column[0], bytes):
        return [f"\\\\x{value.hex()}" for value in cast(Sequence[bytes], column)]
    texts = cast(Sequence[str | None], column)
    if None in texts:
        return [_escaped(value) for value in texts]
    given = "".join(cast(Sequence[str], texts))
    if any(sign in given for sign in _ESCAPES):
        return [_escaped(value) for value in texts]
    return cast(Sequence[str], texts)


def _escaped(value: str | None) -> str:
    if value is None:
        return _NULL
    if value.isalnum():
        return value
    for sign, escape in _ESCAPES.items():
        value = value.replace(sign, escape)
    return value


def new_ids(count: int) -> list[str]:
    """`count` random UUIDs (version 4) in rising order, the first three bytes in common: 96 bits of each are its own.

    Rows written together then lie together in the index of their key, which is twice as fast to write as at random
    places, and unlike a version 7 the identifier tells no date.
    """
    block = os.urandom(3).hex()
    digits = os.urandom(12 * count).hex()
    return sorted(
        f"{block}{d[:2]}-{d[2:6]}-4{d[6:9]}-a{d[9:12]}-{d[12:]}"
        for d in (digits[start : start + 24] for start in range(0, 24 * count, 24))
    )


def _statement(model: type[models.Model], columns: Iterable[str]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(model._meta.get_field(name).column) for name in columns)
    return f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN"
