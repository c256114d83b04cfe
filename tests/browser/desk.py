"""A real Chromium against a real server: signing in as a person does, axe and the console watched on every page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, Page, expect, sync_playwright

from passerelles.core import clock
from tests.browsing import sign_in as signed_in
from tests.world import SESSION_DAY, World, build_world

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter(e => e.getBoundingClientRect().right > width + 0.5 && !e.closest(".fr-table__container"))
    .map(e => e.outerHTML.slice(0, 120));
}"""
PATIENCE = 60_000
"""Milliseconds: a loaded machine is slow, not wrong."""
PASSWORD = "une phrase de passe solide"
SHOTS = Path(os.environ.get("PASSERELLES_SCREENSHOTS", "var/screenshots"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the machine (Debian's chromium, or PASSERELLES_CHROMIUM)."""
    path = os.environ.get("PASSERELLES_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("Chromium est absent : « make test » l’installe, ou donnez son chemin par PASSERELLES_CHROMIUM.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def shared_world(transactional_db) -> Iterator[World]:
    """The small world, committed, on 10 March 2026 at 9:00 for every thread."""
    with clock.frozen(clock.paris(SESSION_DAY, 9)):
        yield build_world(SESSION_DAY)


class Desk:
    """One person at one browser: what they see is checked by axe, and the console must stay silent."""

    def __init__(self, browser: Browser, base: str, world: World, short: str, width: int = 1280) -> None:
        self.context = browser.new_context(locale="fr-FR", viewport={"width": width, "height": 900}, base_url=base)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: m.type in {"error", "warning"} and self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.base, self.world, self.short = base, world, short

    def sign_in(self) -> Page:
        """With the session that the two pages of `sign_in_by_hand` would have opened."""
        signed_in(client := Client(), self.world, self.short)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.base}
        self.context.add_cookies([cookie])
        return self.page

    def sign_in_by_hand(self) -> Page:
        """Password, then the code of the telephone."""
        membership = self.world.memberships[self.short]
        agent = membership.agent
        agent.set_password(PASSWORD)
        agent.save()
        device, _ = TOTPDevice.objects.get_or_create(user=agent, name="téléphone", defaults={"confirmed": True})
        self.page.goto("/")
        self.page.get_by_label("Adresse de messagerie").fill(agent.email)
        self.page.get_by_label("Mot de passe").fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.get_by_label("Code à 6 chiffres").fill(f"{totp(device.bin_key):06d}")
        self.page.get_by_role("button", name="Valider").click()
        self.page.wait_for_url("**/")
        return self.page

    def check(self, name: str) -> None:
        """axe finds nothing serious, the console is silent, nothing overflows; a picture is kept to be looked at."""
        self.page.wait_for_load_state("load")
        found = Axe().run(self.page)
        serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
        assert serious == [], [(v["id"], [n["target"] for n in v["nodes"]][:5]) for v in serious]
        assert self.complaints == [], self.complaints
        expect(self.page.locator("h1")).to_have_count(1)
        assert self.page.evaluate(TOO_WIDE) == [], f"{name} is wider than the screen"
        SHOTS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def desk(chromium, live_server, shared_world) -> Iterator[Callable[..., Desk]]:
    """`desk("cip")`: a browser signed in as that actor."""
    opened: list[Desk] = []

    def open_desk(short: str, width: int = 1280, *, by_hand: bool = False) -> Desk:
        here = Desk(chromium, live_server.url, shared_world, short, width)
        opened.append(here)
        if by_hand:
            here.sign_in_by_hand()
        else:
            here.sign_in()
        return here

    yield open_desk
    for each in opened:
        each.context.close()
