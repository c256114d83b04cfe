"""The page shown when something breaks: 503 when the database is away, 500 otherwise, and what was typed is kept."""

from __future__ import annotations

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import RequestFactory
from django.urls import get_resolver

from passerelles.web.errors import server_error


def broken_by(error: BaseException, request):
    try:
        raise error
    except type(error):
        return get_resolver().resolve_error_handler(500)(request)


def get(path: str = "/accueil/seances?semaine=2026-W11"):
    return RequestFactory().get(path)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503),
        (InterfaceError("connection already closed"), 503),
        (psycopg.errors.AdminShutdown("terminating connection"), 503),
        (ValueError("une faute de notre côté"), 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_database_that_is_away_is_told_from_a_mistake_of_ours(error, status):
    answer = broken_by(error, get())
    assert answer.status_code == status
    assert ("Retry-After" in answer) is (status == 503)
    assert f"Code {status}" in answer.content.decode()
    assert "semaine=2026-W11" in answer.content.decode()


def test_an_error_that_comes_from_the_database_is_told_as_such():
    error = RuntimeError("tâche non confiée")
    error.__cause__ = OperationalError("connection refused")
    assert broken_by(error, get()).status_code == 503


@pytest.mark.django_db
def test_the_page_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        broken_by(OperationalError("away"), RequestFactory().post("/x", {"a": "b"}))
    assert connection.is_usable()


def test_everything_typed_is_in_the_page_escaped_and_in_order():
    typed = {"nom": '"><script>alert(1)</script>', "freins": ["langue", "mobilité"], "vide": ""}
    page = broken_by(OperationalError("away"), RequestFactory().post("/accueil/x?bureau=1", typed)).content.decode()
    assert "<script>" not in page
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert page.index('value="langue"') < page.index('value="mobilité"')
    assert 'name="vide" value=""' in page
    assert 'action="/accueil/x?bureau=1"' in page


@pytest.mark.parametrize("secret", ["password", "old_password", "new_password1", "code", "token"])
def test_a_form_that_holds_a_secret_is_not_sent_back(secret):
    request = RequestFactory().post("/compte/x", {"username": "marie", secret: "s3cr3t"})
    page = broken_by(OperationalError("away"), request).content.decode()
    assert "s3cr3t" not in page and "marie" not in page
    assert "Renvoyer" not in page


def test_a_file_is_asked_again():
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"kind": "convocations", "file": SimpleUploadedFile("liste.csv", b"Nom;\n")}
    page = broken_by(OperationalError("away"), RequestFactory().post("/fichiers/deposer/", sent)).content.decode()
    assert "déposez-le de nouveau" in page


def test_a_body_that_cannot_be_read_still_gets_the_page(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    request = RequestFactory().post("/x", {"a": "b" * 100}, content_type="application/x-www-form-urlencoded")
    assert broken_by(OperationalError("away"), request).status_code == 503


def test_the_page_is_the_one_of_the_platform():
    assert get_resolver().resolve_error_handler(500) is server_error
