"""The platform as it runs, web processes and PostgreSQL of its own, and somebody who works on it without JavaScript."""

from __future__ import annotations

import http.cookiejar
import json
import re
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from passerelles.core import clock
from tests.cli.installation import DATABASE, Installation, wait_until


def populate() -> None:
    """Run inside the platform: a session today with four persons; prints what the tests need as JSON."""
    from django.test import Client

    from tests.browsing import sign_in
    from tests.world import build_world

    world = build_world(clock.today())
    session = world.session(day=clock.today())
    convoked = world.convoked(session, 4)
    cookie = sign_in(Client(), world, "cip").cookies["sessionid"].value
    print(  # noqa: T201
        json.dumps({"cookie": cookie, "session": str(session.pk), "convocations": [str(each.pk) for each in convoked]})
    )


@dataclass
class Running:
    """An installation that serves pages at `base`."""

    installation: Installation
    base: str
    log: Path
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def server(self):
        return self.installation.server

    def count(self, sql: str) -> int:
        return self.server.psql(sql, DATABASE)[0][0]

    def standing(self, kind: str) -> int:
        """How many facts of this kind stand."""
        return self.count(
            f"SELECT count(*) FROM journal_fact f WHERE kind = '{kind}' "
            "AND NOT EXISTS (SELECT FROM journal_fact r WHERE r.retracts_id = f.id)"
        )


def serving(installation: Installation, log: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve `installation` until the generator is closed: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    with log.open("w") as written:
        process = installation.start("serve", "--port", str(port), stdout=written, stderr=written)
        try:
            wait_until(lambda: process.poll() is not None or answers(f"{base}/sante"))
            assert process.poll() is None, log.read_text()
            yield base, process
        finally:
            process.terminate()
            process.wait(40)


def answers(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


@dataclass
class Page:
    """What was answered."""

    status: int
    text: str
    address: str
    headers: dict[str, str]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The hidden fields of the first form of the page, as a browser would send them."""
        form = re.search(r'<form method="post".*?</form>', self.text, re.DOTALL)
        assert form, self.text[:2000]
        found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0])
        return [(unescape(name), unescape(value)) for name, value in found]


class Clerk:
    """Somebody signed in, who clicks and types."""

    def __init__(self, running: Running, *, signed_in: bool = True) -> None:
        self.base = running.base
        jar = http.cookiejar.CookieJar()
        if signed_in:
            jar.set_cookie(_cookie("sessionid", str(running.facts["cookie"])))
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def open(self, path: str, fields: list[tuple[str, str]] | None = None, timeout: float = 30) -> Page:
        """Read a page, or send `fields` to it; redirections are followed as a browser does."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            answer = self.opener.open(urllib.parse.urljoin(self.base, path), data=data, timeout=timeout)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(answer.status, answer.read().decode(), answer.url, dict(answer.headers))

    def send(self, page: Page, path: str, **typed: str) -> Page:
        """Send a form of `page`, with its token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        return self.open(path, [("csrfmiddlewaretoken", token[1]), *typed.items()])


def _cookie(name: str, value: str) -> http.cookiejar.Cookie:
    return http.cookiejar.Cookie(
        version=0,
        name=name,
        value=value,
        port=None,
        port_specified=False,
        domain="127.0.0.1",
        domain_specified=False,
        domain_initial_dot=False,
        path="/",
        path_specified=True,
        secure=False,
        expires=None,
        discard=True,
        comment=None,
        comment_url=None,
        rest={},
    )
