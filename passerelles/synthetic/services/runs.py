"""Begin, take up and end the one run of a base; refuse what would mix two populations, or people with fictions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import polars as pl
from django.db import Error, connection, transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused
from passerelles.network.models import Agent, Organisation
from passerelles.synthetic import chunks
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.frames import Network
from passerelles.synthetic.models import Run, StoredChunk
from passerelles.synthetic.services import bulk, by_verbs, lists

LOCK = 57_000_003
FICTITIOUS = ".example"
"""No real address ends so (RFC 2606): neither the demonstration's agents nor ours."""
ASIDE = " (population fictive)"


@contextmanager
def alone() -> Iterator[None]:
    """One run at a time in a base. Raises `Impossible`; a killed process frees the place with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Impossible(
                "Une population fictive est déjà en cours d’écriture dans cette base.",
                remedy="Attendez qu’elle finisse.",
            )
    try:
        yield
    finally:
        # A lost connection has given the place back already; its own error is the one to tell.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def standing() -> Run | None:
    """The run of this base, if any."""
    return Run.objects.first()


@transaction.atomic
def begin(order: Order, *, beside_accounts: bool = False, verbs: bool = False) -> Run:
    """The run of `order`: the one there, to be taken up, or a new one with its partnership.

    Raises `Refused` when the base holds another run, or real accounts unless `beside_accounts`.
    """
    run = standing()
    if run is not None:
        _refuse_another(run, order)
        return run
    if not beside_accounts:
        _refuse_real_accounts()
    network = _free_names(chunks.network_of(chunks.whole_network(order.seed, order.horizon), order.departments()))
    founded = clock.paris(dt.date(order.first_year, 1, 1), 8)
    if verbs:
        by_verbs.found_network(network, founded)
    else:
        bulk.store_network(network, founded)
    if order.size in chunks.WITH_LISTS:
        offices = network.organisations.filter(pl.col("kind") == "ofii_dt")["direction"].to_list()
        with clock.at(clock.paris(order.horizon, 19)):
            lists.open_lists(offices, order.horizon)
    return Run.objects.create(
        seed=order.seed,
        version=chunks.VERSION,
        size=order.size,
        first_year=order.first_year,
        last_year=order.last_year,
        territory=order.territory,
        horizon=order.horizon,
    )


def _refuse_another(run: Run, order: Order) -> None:
    asked = (order.seed, chunks.VERSION, order.size, order.first_year, order.last_year, order.territory, order.horizon)
    there = (run.seed, run.version, run.size, run.first_year, run.last_year, run.territory, run.horizon)
    if asked != there:
        where = f", {run.territory}" if run.territory else ""
        raise Refused(
            f"Cette base contient déjà une autre population fictive : graine {run.seed}, taille {run.size}, années "
            f"{run.first_year}-{run.last_year}{where}, connue au {run.horizon:%d/%m/%Y}, version {run.version}.",
            remedy="Reprenez celle-là avec les mêmes options, ou donnez une base neuve par PASSERELLES_VAR.",
        )


def _refuse_real_accounts() -> None:
    if Agent.objects.exclude(email__iendswith=FICTITIOUS).exists():
        raise Refused(
            "Cette base contient de vrais comptes : une population fictive ne s’y mêle pas.",
            remedy="Donnez un autre dossier par PASSERELLES_VAR, ou ajoutez --beside-accounts si c’est voulu.",
        )


def _free_names(network: Network) -> Network:
    """Organisations whose name is taken here (the demonstration's) get another."""
    taken = {(name.lower(), kind) for name, kind in Organisation.objects.order_by().values_list("name", "kind")}
    if not taken:
        return network
    names = [
        f"{name}{ASIDE}" if (name.lower(), kind) in taken else name
        for name, kind in network.organisations.select("name", "kind").iter_rows()
    ]
    renamed = network.organisations.with_columns(pl.Series("name", names, dtype=pl.String))
    return Network(renamed, network.agents, network.referents, network.delegations)


def missing(run: Run, order: Order) -> list[tuple[str, int, int]]:
    """The chunks of the order that are not in the base yet."""
    there = set(StoredChunk.objects.filter(run=run).values_list("department", "year"))
    return [task for task in order.chunks() if task[:2] not in there]


def note_done(run: Run, department: str, year: int, *, people: int, facts: int) -> None:
    """The chunk is in the base. In the transaction of its rows: a run killed at any instant is taken up from there."""
    StoredChunk.objects.create(run=run, department=department, year=year, people=people, facts=facts)


@transaction.atomic
def finish(run: Run) -> None:
    """Every chunk is there: the lists are closed and compared, once."""
    if run.finished_at is not None:
        return
    if run.size in chunks.WITH_LISTS:
        with clock.at(clock.paris(run.horizon, 19)):
            lists.close_lists(run.horizon)
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
