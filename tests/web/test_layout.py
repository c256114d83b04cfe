"""The layout: who may enter, what the browser may run, whose marks are shown."""

from __future__ import annotations

import re
import uuid
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.browsing import sign_in
from tests.house.test_exemptions import WITHOUT_ACCOUNT
from tests.world import ACTORS

SAMPLES = {"uuid": uuid.uuid4(), "str": "x", "slug": "x", "int": 1, "path": "x"}


def routes(resolver=None, prefix: str = "") -> list[tuple[str, dict]]:
    """(full name, sample arguments) of every address of the platform."""
    found = []
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            name = f"{prefix}{each.namespace}:" if each.namespace else prefix
            found += routes(each, name)
        elif isinstance(each, URLPattern) and each.name:
            kinds = {key: type(kind).__name__ for key, kind in each.pattern.converters.items()}
            sample = {
                key: SAMPLES[kind.removesuffix("Converter").lower().replace("string", "str")]
                for key, kind in kinds.items()
            }
            found.append((f"{prefix}{each.name}", sample))
    return found


ROUTES = routes()
PLAIN = [name for name, sample in ROUTES if not sample]


class Inline(HTMLParser):
    """Collects what the content security policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "h1":
            self.headings += 1
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]


@pytest.mark.parametrize(("name", "sample"), ROUTES, ids=[name for name, _ in ROUTES])
def test_every_address_asks_who_you_are(client, db, name, sample):
    cache.clear()  # these addresses are counted
    answer = client.get(reverse(name, kwargs=sample))
    if name in WITHOUT_ACCOUNT:
        assert answer.status_code in {200, 404, 405}
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/compte/connexion?next=")


def test_the_health_check_answers_without_an_account(client, db):
    answer = client.get("/sante")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.parametrize("page", ["/compte/connexion", "/accessibilite", "/sante", "/rien-ici"])
def test_the_browser_may_run_nothing_inline(client, db, page):
    policy = client.get(page)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_no_page_holds_anything_inline(client, world, short):
    """Whatever the role, an address without arguments answers, and what it shows obeys the policy."""
    sign_in(client, world, short)
    for name in PLAIN:
        answer = client.get(reverse(name))
        assert answer.status_code in {200, 302, 403, 404, 405, 409}, name
        if "text/html" in answer.get("Content-Type", "") and answer.content:
            page = Inline()
            page.feed(answer.content.decode())
            assert page.found == [], name
            assert page.headings == 1, name


def test_an_unknown_page_says_so_in_french(client, world):
    sign_in(client, world, "cip")
    answer = client.get("/rien-ici")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.content.decode()


def menu(client) -> list[str]:
    page = client.get("/").content.decode()
    nav = page[page.index('id="navigation"') : page.index("</nav>", page.index('id="navigation"'))]
    return re.findall(r">([^<>]+)</a>", nav)


@pytest.mark.parametrize(
    ("short", "shown", "hidden"),
    [
        ("cip", {"Ma journée", "Personnes", "Paramètres"}, {"Organisme"}),
        ("auditor", {"Ma journée", "Personnes", "Paramètres"}, {"Organisme"}),
        ("ft", {"Ma journée", "Personnes"}, {"Organisme", "Paramètres", "Séances", "Remontées", "Fichiers"}),
        ("region", {"Ma journée", "Paramètres"}, {"Personnes", "Séances", "Premiers rendez-vous", "Vérifications"}),
        ("admin", {"Ma journée", "Organisme"}, {"Personnes", "Séances"}),
        ("employer", {"Ma journée"}, {"Personnes", "Paramètres", "Organisme", "Séances"}),
    ],
)
def test_the_menu_holds_only_what_the_role_may_open(client, world, short, shown, hidden):
    sign_in(client, world, short)
    entries = set(menu(client))
    assert shown <= entries
    assert not hidden & entries


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_no_entry_of_the_menu_is_refused(client, world, short):
    sign_in(client, world, short)
    page = client.get("/")
    for entry in page.context["navigation"]:
        assert client.get(entry["url"], follow=True).status_code == 200, entry["label"]


def test_a_deployer_that_is_not_the_state_shows_none_of_its_marks(client, db):
    page = client.get("/compte/connexion").content.decode()
    assert "fr-logo" not in page
    assert "web/neutral.css" in page


def test_a_service_of_the_state_shows_its_marks(client, db, settings):
    settings.STATE_SERVICE = True
    page = client.get("/compte/connexion").content.decode()
    assert "République<br />Française" in page
    assert "web/neutral.css" not in page


def test_the_demonstration_says_that_everyone_is_fictitious(client, db, settings):
    sentence = "toutes les personnes sont fictives"
    assert sentence not in client.get("/compte/connexion").content.decode()
    settings.DEMO = True
    assert sentence in client.get("/compte/connexion").content.decode()


@pytest.mark.parametrize("page", ["/accessibilite", "/donnees-personnelles", "/mentions-legales", "/aide"])
def test_anyone_reads_the_legal_pages(client, db, page):
    assert client.get(page).status_code == 200
