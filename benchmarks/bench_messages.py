"""Messages: 10,000 queued, then sent by one worker in at most 5 minutes, to a real SMTP and a real HTTP server.

Protocol: a base of its own (the test server), half e-mails to aiosmtpd in another process, half SMS to
an HTTP server in another process, each message with its link; one process sends, one transaction per message, durable
commits. Then the same number of bare deliveries (no database) gives the ratio: what the outbox costs.

Usage: python benchmarks/bench_messages.py [--count 10000]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

BUDGET = 300.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def smtp_server(port: int) -> None:
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    Controller(Sink(), hostname="127.0.0.1", port=port).start()
    time.sleep(3600)


def sms_server(port: int) -> None:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Provider(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            answer = b'{"id": "taken"}'
            self.send_response(202)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Provider).serve_forever()


@contextmanager
def servers():
    ports = free_port(), free_port()
    running = [
        multiprocessing.Process(target=serve, args=(port,), daemon=True)
        for serve, port in zip((smtp_server, sms_server), ports, strict=True)
    ]
    for each in running:
        each.start()
    for port in ports:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
    try:
        yield ports
    finally:
        for each in running:
            each.kill()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer, find_binaries

    binaries = find_binaries()
    server = EmbeddedServer(Path("var/bench-messages") / str(binaries.major), durable=True, binaries=binaries)
    started = server.start()
    os.environ["PASSERELLES_TESTING"] = "1"
    os.environ["PASSERELLES_DATABASE_URL"] = os.environ["PASSERELLES_OWNER_DATABASE_URL"] = server.dsn(
        "postgres", OWNER_ROLE
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "passerelles.config.settings"
    try:
        with servers() as (smtp, sms):
            measure(count, smtp, sms)
    finally:
        if started:
            server.stop()


def measure(count: int, smtp: int, sms: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp
    settings.MESSAGE_BACKEND, settings.SMS_BACKEND = "smtp", "http"
    settings.SMS_URL = f"http://127.0.0.1:{sms}/messages"
    old = setup_databases(verbosity=0, interactive=False)
    try:
        _measure(count)
    finally:
        teardown_databases(old, verbosity=0)


def _measure(count: int) -> None:
    import datetime as dt

    from django.db import transaction

    from passerelles.core import clock
    from passerelles.messages.backends import BY_NAME, Outgoing
    from passerelles.messages.models import Message
    from passerelles.messages.services import send_due, tell_person
    from passerelles.network.policy import SYSTEM
    from passerelles.people.services import record_person

    with clock.frozen(clock.paris(dt.date(2026, 3, 10), 9)):
        people = [
            record_person(
                SYSTEM,
                direction="metz",
                recorded_on=clock.today(),
                family_name=f"Kadirov{number}",
                given_names="Zarina",
                sex="F",
                language=("ara", "fra", "tam", "cmn")[number % 4],
                **({"phone": "+33612345678"} if number % 2 else {"email": f"p{number}@exemple.example"}),
            )
            for number in range(1000)
        ]
        at = clock.paris(dt.date(2026, 3, 24), 9, 30)
        began = time.perf_counter()
        for number in range(count):
            with transaction.atomic():
                tell_person(
                    SYSTEM, people[number % 1000], "appointment_fixed", key=f"bench:{number}", at=at, place="Metz"
                )
        queued = time.perf_counter() - began
        began, worked = time.perf_counter(), time.process_time()
        sent = 0
        while left := send_due(limit=10_000):
            sent += left
        sending, worked = time.perf_counter() - began, time.process_time() - worked
        assert sent == count == Message.objects.filter(state="sent").count(), sent
        mails, texts = BY_NAME["smtp"](), BY_NAME["http"]()
        began = time.perf_counter()
        for number in range(count):
            message = Outgoing(
                uuid.uuid4(), "", "", "", "fra", "+33612345678" if number % 2 else "p@exemple.example", "Objet",
                "Texte " * 30, "", clock.now(),
            )  # fmt: skip
            (texts if number % 2 else mails).send(message)
        bare = time.perf_counter() - began
    print(
        "| messages | queued (s) | sent by one worker (s) | its processor (s) | budget (s) | bare (s) | ratio | load |"
    )
    print("|---|---|---|---|---|---|---|---|")
    load = os.getloadavg()[0]
    budget = BUDGET * count / 10_000
    figures = f"{queued:.1f} | {sending:.1f} | {worked:.1f} | {budget:.0f} | {bare:.1f} | {sending / bare:.2f}"
    print(f"| {count} | {figures} | {load:.1f} |")


if __name__ == "__main__":
    main()
