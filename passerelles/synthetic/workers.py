"""Chunks made in other processes, a few ahead of whoever stores them. Pure: no Django in the workers."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from passerelles.synthetic import chunks
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.frames import Chunk, Network
from passerelles.synthetic.tables.cast import Cast, cast
from passerelles.synthetic.tables.copy_text import Prepared, prepare

Result = TypeVar("Result")
Task = tuple[str, int, int]
"""department, year, people."""

ORPHAN_CHECK = 2.0
"""Seconds between two looks at the parent: a worker does not outlive a killed run."""


@dataclass(frozen=True, slots=True)
class Made:
    """A chunk ready to be copied, the identifiers of its persons, and the lines of the other bodies' lists."""

    department: str
    year: int
    tables: list[Prepared]
    people: list[str]
    records: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Workshop:
    order: Order
    whole: Network
    cast: Cast
    secret: str


_workshop: _Workshop | None = None


def _open(order: Order, secret: str, parent: int) -> None:
    """What every chunk of a worker has in common, made once; `parent` is the process to die with."""
    global _workshop
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    whole = chunks.whole_network(order.seed, order.horizon)
    _workshop = _Workshop(order, whole, cast(chunks.network_of(whole, order.departments())), secret)


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK)
    os._exit(1)


def workshop() -> _Workshop:
    if _workshop is None:
        raise RuntimeError("a worker makes chunks only after it was opened")
    return _workshop


def made_chunk(task: Task, lists: Sequence[str] = chunks.LISTS) -> Chunk:
    """The chunk itself. Runs in a worker."""
    shop = workshop()
    return chunks.chunk(shop.order, *task, shop.whole, lists=lists)


def made_tables(task: Task) -> Made:
    """The chunk as text to copy. Runs in a worker."""
    shop, (department, year, _) = workshop(), task
    listed = shop.order.size in chunks.WITH_LISTS
    chunk = made_chunk(task, chunks.LISTS if listed else ())
    tables = prepare(chunk, shop.cast, shop.secret)
    lines = chunk.records.filter(pl.col("list").is_in(chunks.LOADED)).drop("person")
    return Made(department, year, tables, chunk.people["id"].to_list(), lines)


def in_order(
    work: Callable[[Task], Result], tasks: Sequence[Task], order: Order, *, secret: str, workers: int, ahead: int
) -> Iterator[Result]:
    """The results of `work` in the order of `tasks`, at most `ahead` of them waiting: memory stays bounded."""
    if not tasks:
        return
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_open, initargs=(order, secret, os.getpid())
    ) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(work, task))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
