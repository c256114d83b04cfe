"""Opens xlsx, ods, xls or delimited text as sheets of numbered rows, streamed. Blank rows are left out."""

from __future__ import annotations

import contextlib
import importlib.util
import marshal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from passerelles.exchange.readers import workbook_process
from passerelles.exchange.readers.delimited import Cell, read_delimited, too_many_columns
from passerelles.exchange.readers.detect import SAVE_AS_XLSX, FileType, Source, damaged, type_of
from passerelles.exchange.readers.problems import FileProblem
from passerelles.exchange.readers.xlsx_scan import scan

MAX_ROWS = 200_000
MAX_COLUMNS = 200
_PIPE_BYTES = 1 << 20

NumberedRow: TypeAlias = tuple[int, list[Cell]]


@dataclass(slots=True)
class Sheet:
    """`rows` is read once, before the next sheet is asked for. `height`: rows expected, None when unknown.

    A hidden sheet has no rows. Serial dates of a `epoch1904` sheet count from 1 January 1904.
    """

    name: str
    rows: Iterator[NumberedRow]
    height: int | None = None
    epoch1904: bool = False
    hidden: bool = False


def open_table(source: Source, filename: str, *, max_rows: int = MAX_ROWS) -> Iterator[Sheet]:
    """The sheets of the file, its type told by its content. Raises FileProblem, also while rows are read."""
    kind = type_of(source, filename)
    budget = _Budget(filename, max_rows)
    if kind == "csv":
        yield Sheet("", budget.count(read_delimited(source, filename, MAX_COLUMNS)))
    else:
        yield from _open_workbook(source, filename, kind, budget)


class _Budget:
    """Counts the rows of the whole file."""

    def __init__(self, filename: str, max_rows: int) -> None:
        self.filename, self.max_rows, self.read = filename, max_rows, 0

    def count(self, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
        for row in rows:
            self.read += 1
            if self.read > self.max_rows:
                limit = f"{self.max_rows:,}".replace(",", " ")
                raise FileProblem(
                    f"Le fichier « {self.filename} » a plus de {limit} lignes.",
                    remedy="Découpez-le en plusieurs fichiers et envoyez-les l’un après l’autre.",
                    code="rows",
                )
            yield row


def _open_workbook(source: Source, filename: str, kind: FileType, budget: _Budget) -> Iterator[Sheet]:
    with _decoder(source) as output:
        errors, epoch1904 = scan(source) if kind == "xlsx" else ({}, False)
        frames = _frames(output, filename)
        pending = next(frames, None)
        while pending is not None:
            what, name = pending[0], pending[1]
            if what == "hidden":
                yield Sheet(name, iter(()), hidden=True)
                pending = next(frames, None)
                continue
            reader = _SheetRows(frames, errors.get(name))
            yield Sheet(name, budget.count(reader), height=pending[2], epoch1904=epoch1904)
            pending = reader.following()


class _SheetRows:
    """Rows of one sheet taken from the frames; stops at the frame that opens another sheet, and keeps it."""

    def __init__(self, frames: Iterator[tuple[Any, ...]], errors: dict[tuple[int, int], str] | None) -> None:
        self._frames, self._errors = frames, errors
        self._next: tuple[Any, ...] | None = None
        self._finished = False

    def __iter__(self) -> Iterator[NumberedRow]:
        for frame in self._frames:
            if frame[0] != "rows":
                self._next = frame
                break
            if self._errors:
                _put_errors_back(frame[1], frame[2], self._errors)
            yield from zip(frame[1], frame[2], strict=True)
        self._finished = True

    def following(self) -> tuple[Any, ...] | None:
        if not self._finished:
            for frame in self._frames:
                if frame[0] != "rows":
                    return frame
            return None
        return self._next


def _put_errors_back(numbers: list[int], rows: list[list[Cell]], errors: dict[tuple[int, int], str]) -> None:
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (number, column), value in errors.items():
        if numbers[0] <= number <= numbers[-1]:
            by_row.setdefault(number, []).append((column, value))
    if not by_row:
        return
    for number, cells in zip(numbers, rows, strict=True):
        for column, value in by_row.get(number, ()):
            if column < len(cells) and cells[column] == "":
                cells[column] = value


@contextlib.contextmanager
def _decoder(source: Source) -> Iterator[IO[bytes]]:
    """The output of a child process that decodes the workbook within bounds; it ends with the block."""
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise RuntimeError("python-calamine is not installed")
    command = [
        sys.executable,
        "-I",
        "-S",
        str(Path(workbook_process.__file__)),
        str(Path(spec.origin).parent.parent),
        str(MAX_COLUMNS),
    ]
    with contextlib.ExitStack() as stack:
        if isinstance(source, bytes):
            given: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
            given.write(source)
            given.seek(0)
        else:
            given = stack.enter_context(source.open("rb"))
        child = subprocess.Popen(  # noqa: S603
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pipesize=_PIPE_BYTES
        )
        try:
            yield child.stdout  # type: ignore[misc]
        finally:
            child.kill()
            child.communicate()


def _frames(output: IO[bytes], filename: str) -> Iterator[tuple[Any, ...]]:
    while True:
        head = output.read(4)
        size = int.from_bytes(head, "little")
        frame = output.read(size)
        if len(head) < 4 or len(frame) < size:  # the child was stopped, perhaps in the middle of a frame
            raise _too_greedy(filename)
        message = marshal.loads(frame)  # noqa: S302  (written by our own child process)
        if message[0] == "end":
            return
        if message[0] == "problem":
            raise _told_by_decoder(message[1], message[2], filename)
        yield message


def _told_by_decoder(code: str, sheet: str, filename: str) -> FileProblem:
    if code == "columns":
        return too_many_columns(filename, sheet, MAX_COLUMNS)
    if code == "password":
        return FileProblem(
            f"Le fichier « {filename} » est protégé par un mot de passe.",
            remedy="Ouvrez-le, retirez le mot de passe, puis enregistrez-le.",
            code="password",
        )
    if code == "memory":
        return _too_greedy(filename)
    return damaged(filename)


def _too_greedy(filename: str) -> FileProblem:
    return FileProblem(
        f"Le fichier « {filename} » demande trop de mémoire : il est abîmé, ou une cellule est écrite très loin "
        "du tableau.",
        remedy="Copiez seulement le tableau (en-têtes et lignes utiles) dans un nouveau classeur et enregistrez-le. "
        + SAVE_AS_XLSX,
        code="memory",
    )
