"""The worker: takes the jobs of the rooms from the database, one at a time, and comes back after every break.

Jobs are written in each room's `tasks.py`. A job taken by a worker that was killed is retried by `retry_stalled`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time

import click

from passerelles.cli import site

log = logging.getLogger("passerelles.worker")

PAUSE_AFTER_BREAK = 2.0
HEARTBEAT = 10.0
STALLED_AFTER = 30.0


@click.command()
@click.option("--once", is_flag=True, help="Exécuter ce qui attend, puis s’arrêter.")
def worker(once: bool) -> None:
    """Exécute les tâches de fond, jusqu’à Ctrl-C. Une coupure de la base ne l’arrête pas."""
    with site.running():
        run(once=once)


def run(*, once: bool = False) -> None:
    """Work until SIGINT or SIGTERM (or until nothing waits, with `once`). Django is set up."""
    import psycopg
    from procrastinate import exceptions

    while True:
        try:
            if asyncio.run(_work(once=once)):
                return
            log.warning("La base de données a été coupée : nouvel essai.")
        except (exceptions.ConnectorException, psycopg.Error, OSError) as error:
            if once:
                raise
            log.warning("Base de données injoignable (%s) : nouvel essai.", type(error).__name__)
        time.sleep(PAUSE_AFTER_BREAK)


async def _work(*, once: bool) -> bool:
    """One life of the worker: True when it was asked to stop or had nothing left, False when it broke."""
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as working:
        async with working.open_async():
            task = asyncio.ensure_future(
                working.run_worker_async(
                    name="passerelles",
                    wait=not once,
                    listen_notify=not once,
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED_AFTER,
                    shutdown_graceful_timeout=20,
                )
            )
            asked = _stop_on_signal(task)
            with contextlib.suppress(asyncio.CancelledError):
                await task
            return once or asked.is_set()


def _stop_on_signal(task: asyncio.Future[None]) -> asyncio.Event:
    """SIGINT and SIGTERM let the job under way finish; the event tells that one came."""
    asked = asyncio.Event()

    def stop() -> None:
        asked.set()
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, stop)
    return asked
