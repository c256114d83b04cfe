"""The layout in Chromium: nothing blocked, no mark of the State, usable at 360 px, no serious accessibility fault."""

from __future__ import annotations

import datetime as dt
import os
import re
import warnings

import pytest
from playwright.sync_api import expect

from passerelles.core import clock
from passerelles.people import services as people
from passerelles.reception.services import attendance, interviews
from passerelles.reception.services.appointments import fix_appointment
from tests.browser.desk import PATIENCE
from tests.browsing import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PASSERELLES_SHOTS")


@pytest.fixture
def day(world):
    """A morning with three persons, one interview begun, two appointments."""
    session = world.session(place="Plateforme d’accueil, 1 rue des Ponts, Metz")
    first, second, _ = world.convoked(session, 3)
    people.record_assessment(world.auditor, first.person, assessed_on=world.day, written="A1", oral="A2", overall="A1")
    attendance.record_arrival(world.cip, first.pk)
    interviews.start_interview(world.cip, first.pk)
    fix_appointment(
        world.cip,
        person=second.person,
        organisation=world.agency,
        fixed_for=clock.paris(world.day + dt.timedelta(days=6), 10),
    )
    return first.person


THEME = "getComputedStyle(document.body).fontFamily"
TRIES = 3


def open_page(chromium, live_server, client, world, short: str, width: int, path: str):
    """(page, addresses requested, what the console complained of).

    A page whose theme did not arrive (a stylesheet dropped under load) is opened again, as a person would.
    """
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    if short:
        sign_in(client, world, short)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    for attempt in range(1, TRIES + 1):
        page = context.new_page()
        asked, complaints, lost = watched(page)
        page.goto(live_server.url + path, wait_until="networkidle")
        if "Marianne" not in page.evaluate(THEME):
            break
        warnings.warn(f"{path}, essai {attempt} : thème absent, {lost}, {complaints}", stacklevel=2)
    if SHOTS:
        name = f"{short or 'nobody'}{path.replace('/', '_')[:30]}-{width}.png"
        page.screenshot(path=f"{SHOTS}/{name}", full_page=True)
    return page, asked, complaints


def watched(page):
    """What the page asks, what its console says, and how its stylesheets ended, filled as it loads."""
    asked, complaints, sheets = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: sheets.append((request.url, request.failure)))
    page.on(
        "response",
        lambda answer: answer.url.endswith(".css") and sheets.append((answer.url, answer.status, answer.headers)),
    )
    return asked, complaints, sheets


SCREENS = [
    ("", "/compte/connexion"),
    ("", "/donnees-personnelles"),
    ("cip", "/"),
    ("auditor", "/"),
    ("manager", "/"),
    ("ft", "/"),
    ("admin", "/compte/organisme"),
    ("auditor", "/parametres/"),
    ("auditor", "/personnes/?q=zarina"),
    ("manager", "person"),
    ("ft", "/personnes/"),
    ("auditor", "edit"),
]


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screens_hold_in_a_browser(chromium, live_server, client, world, day, width):
    from axe_playwright_python.sync_playwright import Axe

    for short, path in SCREENS:
        path = {"person": f"/personnes/{day.pk}/", "edit": f"/personnes/{day.pk}/corriger/"}.get(path, path)
        page, asked, complaints = open_page(chromium, live_server, client, world, short, width, path)
        assert complaints == [], path
        assert not [url for url in asked if "Marianne" in url or "Spectral" in url], path
        assert all(url.startswith((live_server.url, "data:")) for url in asked), path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{short} {path} overflows at {width}"
        faults = [
            (fault["id"], [node["html"][:160] for node in fault["nodes"]][:3])
            for fault in Axe().run(page).response["violations"]
            if fault["impact"] in {"serious", "critical"}
        ]
        assert faults == [], f"{short} {path}"
        page.context.close()


def test_the_menu_is_reachable_without_javascript(chromium, live_server, client, world):
    sign_in(client, world, "cip")
    context = chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="Personnes", exact=True)).to_be_visible()


def test_the_search_answers_in_place(chromium, live_server, client, world, day):
    page, _, complaints = open_page(chromium, live_server, client, world, "auditor", 1280, "/personnes/")
    page.get_by_label("Nom, prénom").fill("zarina")
    page.keyboard.press("Enter")
    page.get_by_text("3 personnes").wait_for()
    expect(page).to_have_url(re.compile("q=zarina"))
    assert complaints == []
