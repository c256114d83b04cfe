"""The worker as a real process: killed, cut from its database, asked to stop. Nothing is lost, nothing sent twice."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiosmtpd.controller import Controller

from passerelles.messages.tasks import MOST_ATTEMPTS, _give_back
from tests.cli.installation import Installation, wait_until

QUEUE_ONE = """
    from django.db import transaction
    from passerelles.messages.services import queue
    with transaction.atomic():
        queue(key="{key}", kind="essai", recipient="a@exemple.example", subject="Bonjour", body="Bonjour.")
    from passerelles.messages.tasks import send_due_messages
    send_due_messages.defer(timestamp=0)
"""
RETRY_STALLED = "from passerelles.messages.tasks import retry_stalled; retry_stalled.defer(timestamp=0)"
SENT = "SELECT count(*) FROM outbox_message WHERE state = 'sent'"
AN_HOUR_LATER = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
ALIVE = "SELECT count(*) FROM procrastinate_workers"


class Gate:
    """A real SMTP server that can keep its client waiting."""

    def __init__(self) -> None:
        self.subjects: list[str] = []
        self.begun = threading.Event()
        self.open = threading.Event()

    async def handle_DATA(self, server, session, envelope):
        self.begun.set()
        while not self.open.is_set():
            await asyncio.sleep(0.05)
        self.subjects.append(envelope.content.decode())
        return "250 reçu"


@pytest.fixture(scope="module")
def gate():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Gate(), hostname="127.0.0.1", port=port)
    server.start()
    yield server
    server.handler.open.set()
    server.stop()


@pytest.fixture(scope="module")
def installation(tmp_path_factory, gate):
    here = Installation(
        tmp_path_factory.mktemp("installation"),
        {
            "PASSERELLES_MESSAGES": "smtp",
            "PASSERELLES_SMTP_HOST": "127.0.0.1",
            "PASSERELLES_SMTP_PORT": str(gate.port),
        },
    )
    here.server.start()
    assert here.run("migrate").returncode == 0
    yield here
    here.server.stop("immediate")


@pytest.fixture
def worker(installation):
    """A worker at work."""
    before = installation.ask(ALIVE)
    process = installation.start("worker")
    wait_until(lambda: installation.ask(ALIVE) > before)
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()


def test_a_worker_killed_while_sending_loses_nothing_and_sends_once(installation, gate, worker):
    box = gate.handler
    installation.python(QUEUE_ONE.format(key="tué").strip())
    assert box.begun.wait(60)
    worker.kill()
    worker.wait()
    assert installation.ask("SELECT state FROM outbox_message") == "queued"
    box.open.set()
    installation.server.psql(AN_HOUR_LATER, "passerelles")
    installation.python(RETRY_STALLED)
    assert installation.run("worker", "--once").returncode == 0
    assert installation.ask(SENT) == 1
    assert len(box.subjects) == 1
    assert installation.ask("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')") == 0


def test_a_worker_survives_the_crash_of_the_database(installation, gate, worker):
    gate.handler.open.set()
    sent = installation.ask(SENT)
    installation.server.restart("immediate")
    installation.python(QUEUE_ONE.format(key="coupure").strip())
    wait_until(lambda: installation.ask(SENT) == sent + 1)
    assert worker.poll() is None


def test_a_worker_asked_to_stop_ends_at_once_and_leaves_no_trace(installation, worker):
    here = installation.ask(ALIVE)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert installation.ask(ALIVE) == here - 1


def test_a_job_that_kills_every_worker_is_given_up():
    class Manager:
        def __init__(self) -> None:
            self.done: list[str] = []

        async def finish_job(self, job, *, status, delete_job):
            self.done.append(status.value)

        async def retry_job(self, job):
            self.done.append("retried")

    class Job:
        id, task_name, attempts = 1, "import", MOST_ATTEMPTS - 1

    manager, job = Manager(), Job()
    for _ in range(2):
        # In a thread: a browser test leaves its loop running in this one.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(asyncio.run, _give_back(manager, job)).result()
        job.attempts += 1
    assert manager.done == ["retried", "failed"]
