"""A whole order into the database: taken up where it was, the next chunk made while the present one is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from passerelles.core import clock
from passerelles.journal.models import Fact
from passerelles.network.policy import Actor
from passerelles.people.models import Person
from passerelles.synthetic import chunks, workers
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.frames import Chunk
from passerelles.synthetic.models import IndexSetAside, Run, StoredChunk
from passerelles.synthetic.population import Size
from passerelles.synthetic.services import bulk, by_verbs, indexes, lists, runs
from passerelles.synthetic.tables.cast import Cast, cast
from passerelles.synthetic.tables.story import story
from passerelles.synthetic.workers import Made

Progress = Callable[[str, int, int], None]
"""What is under way, how many chunks are done, of how many."""
AsOwner = Callable[[], AbstractContextManager[None]]
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Stored:
    """What the base holds of the order, and the seconds this call took."""

    people: int
    facts: int
    chunks: int
    written_now: int
    seconds: float


def _silent(what: str, done: int, total: int) -> None:
    return None


def to_database(
    order: Order,
    *,
    verbs: bool = False,
    beside_accounts: bool = False,
    as_owner: AsOwner = nullcontext,
    progress: Progress = _silent,
) -> Stored:
    """Every chunk of `order` in the base; those already there are left as they are.

    `verbs`: through the verbs of the rooms, slowly. `as_owner`: makes the connection the owner's, to set indexes aside
    and to gather statistics. Raises what `runs.begin` and `runs.alone` raise.
    """
    begun = time.monotonic()
    with runs.alone():
        run = runs.begin(order, beside_accounts=beside_accounts, verbs=verbs)
    tasks = runs.missing(run, order)
    total = len(order.chunks())
    if order.size is Size.NATIONAL and not Person.objects.exists():
        with as_owner():
            indexes.set_aside()
    with runs.alone():
        (_by_verbs if verbs else _in_bulk)(run, order, tasks, total, progress)
        progress("lists", total, total)
        runs.finish(run)
    if tasks or IndexSetAside.objects.exists():
        with as_owner():
            for name in indexes.put_back():
                progress(name, total, total)
            indexes.analyze()
    sums = StoredChunk.objects.filter(run=run).aggregate(people=Sum("people"), facts=Sum("facts"))
    return Stored(sums["people"] or 0, sums["facts"] or 0, total, len(tasks), time.monotonic() - begun)


def _in_bulk(run: Run, order: Order, tasks: list[workers.Task], total: int, progress: Progress) -> None:
    done = total - len(tasks)
    progress("chunks", done, total)
    made = workers.in_order(workers.made_tables, tasks, order, secret=settings.SECRET_KEY, workers=1, ahead=AHEAD)
    for each in made:
        _store(run, order, each)
        done += 1
        progress("chunks", done, total)


@transaction.atomic
def _store(run: Run, order: Order, made: Made) -> None:
    facts = bulk.store_chunk(made.tables, made.people, clock.paris(order.horizon, 19))
    _add_lines(order, made.department, made.year, made.records)
    runs.note_done(run, made.department, made.year, people=len(made.people), facts=facts)


def _add_lines(order: Order, department: str, year: int, records: pl.DataFrame) -> None:
    if order.size in chunks.WITH_LISTS:
        with clock.at(clock.paris(order.horizon, 19)):
            lists.add_lines(records, chunks.direction_of(department), order.horizon, f"{department}-{year}")


def _by_verbs(run: Run, order: Order, tasks: list[workers.Task], total: int, progress: Progress) -> None:
    whole = chunks.whole_network(order.seed, order.horizon)
    network = chunks.network_of(whole, order.departments())
    actors, troupe = by_verbs.actors(network), cast(network)
    done = total - len(tasks)
    progress("chunks", done, total)
    for task in tasks:
        _play(run, order, chunks.chunk(order, *task, whole), troupe, actors)
        done += 1
        progress("chunks", done, total)


@transaction.atomic
def _play(run: Run, order: Order, chunk: Chunk, troupe: Cast, actors: dict[str, Actor]) -> None:
    (department,), year = set(chunk.people["department"]), chunk.people["signed_on"][0].year
    before = Fact.objects.count()
    by_verbs.play(story(chunk, troupe), actors)
    _add_lines(order, department, year, chunk.records)
    runs.note_done(run, department, year, people=chunk.people.height, facts=Fact.objects.count() - before)
