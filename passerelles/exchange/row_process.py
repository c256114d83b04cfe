"""Rows of a file read, checked and made ready chunk by chunk, here or in a child process. Without Django.

A large file is read by a child while the parent and PostgreSQL write the former chunk. The job and the chunks go
through pipes; a child whose parent is killed ends at its next chunk.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from passerelles.exchange.readers.check import checked_rows
from passerelles.exchange.readers.problems import FileProblem
from passerelles.exchange.readers.row import Row
from passerelles.reception.rules.file_rows import FileRow, prepared

_ROOT = Path(__file__).resolve().parents[2]


class Job(NamedTuple):
    """What to read and how. `on`: reference date; `mapping`: field → header, or None; `secret`: seals the numbers."""

    content: bytes
    filename: str
    kind: str
    on: dt.date
    mapping: dict[str, str] | None
    size: int
    secret: str


class Chunk(NamedTuple):
    """`size` consecutive rows of the file; `accepted`: those to write, with their place in the chunk."""

    size: int
    accepted: list[tuple[int, FileRow]]


class _Refusal(NamedTuple):
    sentence: str
    remedy: str
    code: str


def chunks(job: Job) -> Iterator[Chunk]:
    """The rows in this process. Raises FileProblem."""
    rows = checked_rows(job.content, job.filename, job.kind, job.on, job.mapping)
    while taken := list(islice(rows, job.size)):
        accepted = [(place, _file_row(row, job)) for place, row in enumerate(taken) if row.accepted]
        yield Chunk(len(taken), accepted)


def _file_row(row: Row, job: Job) -> FileRow:
    if job.kind == "convocations":
        return prepared(row.values, line=row.number, sheet=row.sheet, secret=job.secret)
    return FileRow(row.number, row.sheet, row.values)


def chunks_by_child(job: Job) -> Iterator[Chunk]:
    """The same rows read by a child process, at most two chunks ahead. Raises FileProblem; RuntimeError if it died."""
    command = [sys.executable, "-P", "-m", __name__]
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}
    ) as child:
        try:
            with suppress(BrokenPipeError):  # a child that died at once: told when its rows are asked for
                pickle.dump(job, cast(BinaryIO, child.stdin), pickle.HIGHEST_PROTOCOL)
                cast(BinaryIO, child.stdin).close()
            yield from _received(cast(BinaryIO, child.stdout))
        finally:
            child.kill()


def _received(output: BinaryIO) -> Iterator[Chunk]:
    while True:
        try:
            message = pickle.load(output)  # noqa: S301  (written by our own child process)
        except (EOFError, pickle.UnpicklingError) as error:
            raise RuntimeError("the process that reads the file has died") from error
        if message is None:
            return
        if isinstance(message, _Refusal):
            raise FileProblem(message.sentence, remedy=message.remedy, code=message.code)
        yield message


def main() -> None:
    """The child: a pickled Job on the input, pickled chunks on the output, then None."""
    gc.disable()  # rows hold no cycle, and the process ends with the file
    job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301  (written by our own parent process)
    output = sys.stdout.buffer
    last: _Refusal | None = None
    try:
        for chunk in chunks(job):
            pickle.dump(chunk, output, pickle.HIGHEST_PROTOCOL)
            output.flush()
    except FileProblem as problem:
        last = _Refusal(problem.sentence, problem.remedy, problem.code)
    except BrokenPipeError:  # the parent has gone: nobody to tell
        os._exit(1)
    pickle.dump(last, output, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    # Pickled classes must bear the name under which the parent knows them, not `__main__`.
    from passerelles.exchange.row_process import main as run

    run()
