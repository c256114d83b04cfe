"""Login by default: the addresses open without account are listed here, by hand."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from passerelles.messages.services.links import TOKEN_LENGTH

WITHOUT_ACCOUNT = {
    "web:health": "is the service alive",
    "web:accessibility": "legal page",
    "web:privacy": "legal page",
    "web:legal": "legal page",
    "web:help": "documentation",
    "network:login": "signing in",
    "network:logout": "signing out",
    "network:welcome": "choice of a password by the link of an administrator",
    "orientation:rule-book": "public rule book",
    "orientation:rule": "public rule book",
    "orientation:simulations": "public: what a change of rule would do, on fictitious persons",
    "orientation:simulation": "public: what a change of rule would do, on fictitious persons",
    "indicators:catalogue": "public catalogue of figures: definitions, no number",
    "indicators:figure": "public definition of a figure; its table needs an account",
    "portal:person": "opened by a signed link",
    "portal:person-answer": "opened by a signed link",
    "portal:person-contact": "opened by a signed link",
    "portal:person-calendar": "opened by a signed link",
    "portal:person-plan": "opened by a signed link",
    "portal:partner": "opened by a signed link",
    "portal:partner-answer": "opened by a signed link",
    "portal:answers-ask": "opened by a signed link",
    "portal:answers": "opened by a signed link",
    "portal:answers-sheet": "opened by a signed link",
    "portal:answers-file": "opened by a signed link",
    "portal:answers-rejects": "opened by a signed link",
}


def exempted() -> set[str]:
    found = set()

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, f"{prefix}{pattern.namespace or ''}:")
            elif not getattr(pattern.callback, "login_required", True):
                found.add(f"{prefix}{pattern.name}".lstrip(":"))

    walk(get_resolver().url_patterns)
    return found


def test_only_the_listed_addresses_open_without_account():
    assert exempted() == set(WITHOUT_ACCOUNT)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/m/{}", "/m/{}/plan.pdf", "/r/{}", "/t/{}", "/t/{}/tableau.xlsx"])
def test_a_page_opened_by_a_link_is_closed_without_it(client, address):
    for token in ("x", "A" * TOKEN_LENGTH, "-" * TOKEN_LENGTH, "%2e%2e", "0" * 500):
        assert client.get(address.format(token)).status_code in {404, 429}
