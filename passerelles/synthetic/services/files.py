"""The stream as files: one folder per frame, `department=…/year=…` below it, Parquet or CSV. No database.

`records` holds the lines of the lists without saying whose they are; `truth` says it, apart. `facts` is the journal
that the database would hold. A file appears whole or not at all, so that a killed run is taken up where it was.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import polars as pl

from passerelles.core.errors import Refused
from passerelles.synthetic import chunks, workers
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.frames import Chunk, Network
from passerelles.synthetic.tables.facts import facts
from passerelles.synthetic.tables.story import story
from passerelles.synthetic.workers import Task

FORMATS = ("parquet", "csv")
MANIFEST = "manifest.json"
DONE = "chunks"
WORKERS, AHEAD = 2, 4
TRUTH = ("list", "record", "person")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What the folder holds of the order, and the seconds this call took."""

    people: int
    facts: int
    chunks: int
    written_now: int
    seconds: float


def _silent(what: str, done: int, total: int) -> None:
    return None


def to_files(order: Order, folder: Path, suffix: str, *, progress: Progress = _silent) -> Written:
    """Every chunk of `order` under `folder`; those already there are left. Raises `Refused` when it holds another."""
    begun = time.monotonic()
    _claim(order, folder, suffix)
    network = chunks.network_of(chunks.whole_network(order.seed, order.horizon), order.departments())
    for field in fields(Network):
        _write(getattr(network, field.name), folder / f"{field.name}.{suffix}")
    tasks = order.chunks()
    missing = [task for task in tasks if not _mark(folder, task[0], task[1]).exists()]
    progress("chunks", len(tasks) - len(missing), len(tasks))
    work = partial(write_chunk, str(folder), suffix)
    made = workers.in_order(work, missing, order, secret="", workers=WORKERS, ahead=AHEAD)
    for rank, _ in enumerate(made, start=len(tasks) - len(missing) + 1):
        progress("chunks", rank, len(tasks))
    marks = [json.loads(_mark(folder, department, year).read_text()) for department, year, _ in tasks]
    people, journal = (sum(mark[name] for mark in marks) for name in ("people", "facts"))
    return Written(people, journal, len(tasks), len(missing), time.monotonic() - begun)


def write_chunk(folder: str, suffix: str, task: Task) -> None:
    """Make one chunk and write it; its mark comes last. Runs in a worker."""
    root, (department, year, _) = Path(folder), task
    chunk = workers.made_chunk(task)
    journal = facts(story(chunk, workers.workshop().cast))
    for name, frame in _frames(chunk, journal).items():
        below = root / name / f"department={department}" / f"year={year}"
        below.mkdir(parents=True, exist_ok=True)
        _write(frame, below / f"part.{suffix}")
    mark = _mark(root, department, year)
    mark.parent.mkdir(parents=True, exist_ok=True)
    _replace(mark, lambda path: path.write_text(json.dumps({"people": chunk.people.height, "facts": journal.height})))


def _frames(chunk: Chunk, journal: pl.DataFrame) -> dict[str, pl.DataFrame]:
    frames = {field.name: getattr(chunk, field.name) for field in fields(Chunk)}
    records = frames["records"]
    return frames | {"records": records.drop("person"), "truth": records.select(TRUTH), "facts": journal}


def horizon_of(folder: Path) -> dt.date | None:
    """The last day of what the folder knows; None for a new folder."""
    manifest = folder / MANIFEST
    return dt.date.fromisoformat(json.loads(manifest.read_text())["horizon"]) if manifest.exists() else None


def _claim(order: Order, folder: Path, suffix: str) -> None:
    """The folder is new, or it holds this very run."""
    ours = {
        "seed": order.seed,
        "version": chunks.VERSION,
        "size": str(order.size),
        "first_year": order.first_year,
        "last_year": order.last_year,
        "territory": order.territory,
        "horizon": order.horizon.isoformat(),
        "format": suffix,
    }
    manifest = folder / MANIFEST
    if manifest.exists():
        theirs = json.loads(manifest.read_text())
        if theirs != ours:
            odd = ", ".join(f"{name} {theirs.get(name)}" for name in ours if theirs.get(name) != ours[name])
            raise Refused(
                f"Le dossier {folder} contient une autre population fictive ({odd}).",
                remedy="Donnez les mêmes options pour la reprendre, ou un dossier neuf.",
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"Le dossier {folder} n’est pas vide.", remedy="Donnez un dossier neuf.")
    folder.mkdir(parents=True, exist_ok=True)
    _replace(manifest, lambda path: path.write_text(json.dumps(ours, indent=2) + "\n"))


def _mark(folder: Path, department: str, year: int) -> Path:
    return folder / DONE / f"{department}-{year}.json"


def _write(frame: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        _replace(path, frame.write_parquet)
    else:
        lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
        flat = frame.with_columns(pl.col(name).list.join(" ") for name in lists)
        _replace(path, lambda unfinished: flat.write_csv(unfinished, datetime_format="%Y-%m-%dT%H:%M:%SZ"))


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    unfinished = path.with_name(f".{path.name}.partiel")
    write(unfinished)
    os.replace(unfinished, path)
