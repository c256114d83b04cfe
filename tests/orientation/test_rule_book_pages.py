"""The rule book is a public page: every rule can be read by anybody, on any day, without an account."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.orientation.rules import BOOK

CODES = list(dict.fromkeys(version.code for version in BOOK.versions))


def text(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_anybody_reads_every_rule_of_the_book(client, db, frozen):
    page = text(client, "/regles/")
    assert [code for code in CODES if f"/regles/{code}/?le=2026-03-10" not in page] == []
    assert f"{len(CODES)} règles" in page


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_its_page(client, db, frozen, code):
    page = text(client, f"/regles/{code}/")
    assert "Cas d’essai" in page and "Confiance" in page


def test_a_rule_that_does_not_exist_is_a_page_in_french(client, db):
    assert "Aucune règle « rien.du.tout »" in text(client, "/regles/rien.du.tout/", 404)


@pytest.mark.parametrize("typed", ["demain", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_read_gets_a_sentence(client, db, frozen, typed):
    page = text(client, f"/regles/?le={typed}")
    assert "n’est pas une date du livre" in page and "10 mars 2026" in page


def test_words_are_found_without_their_accents_and_narrow_the_book(client, db, frozen):
    page = text(client, "/regles/?q=eligibilite+agir")
    assert "/regles/agir.eligible/" in page and "/regles/agir.maintien/" not in page
    assert "Aucune règle ne correspond" in text(client, "/regles/?q=zzzz")


def test_a_group_is_shown_alone(client, db, frozen):
    page = text(client, "/regles/?groupe=B.4")
    assert "/regles/agir.maintien/" in page and "/regles/ft.acces_direct/" not in page


def test_a_rule_outside_its_dates_is_not_in_force(client, db, frozen):
    assert "pas en vigueur</p>" in text(client, "/regles/agir.eligible/?le=2022-02-07")
    assert "pas en vigueur</p>" not in text(client, "/regles/agir.eligible/?le=2022-02-08")


def test_a_parameter_shows_its_confidence_and_says_when_no_source_sets_it(client, db, frozen):
    assert "confiance faible" in text(client, "/regles/ft.acces_direct/")
    assert "non configuré" in text(client, "/regles/ft.auto_cir/?le=2026-01-15")


@pytest.mark.parametrize("address", ["/regles/", "/regles/agir.eligible/", "/regles/?le=2023-01-01&territoire=57"])
def test_the_decisions_of_the_state_are_read_once(client, db, frozen, address):
    with CaptureQueriesContext(connection) as queries:
        text(client, address)
    assert sum("parameters_override" in query["sql"] for query in queries) <= 1
    assert len(queries) <= 1
