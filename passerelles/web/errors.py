"""When a page breaks: a database that does not answer is told from a mistake of ours, and what was typed is kept."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger("passerelles.web")

RETRY_AFTER_SECONDS = 30
DATABASE_IS_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
SECRETS = frozenset({"code", "token"})
"""Fields, with every "password", that no page ever sends back."""


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database is away, and what was typed can be sent again from the page itself; 500 otherwise.

    The page reads neither the database nor the session.
    """
    error = sys.exc_info()[1]
    away = any(isinstance(each, DATABASE_IS_AWAY) for each in _causes(error))
    if away:
        log.error("base de données injoignable : %s %s (%s)", request.method, request.path, type(error).__name__)
    typed = typed_in(request)
    context = {
        "site_name": settings.SITE_NAME,
        "state_service": settings.STATE_SERVICE,
        "away": away,
        "address": request.get_full_path(),
        "sent": request.method == "POST",
        "typed": typed,
        "with_file": request.method == "POST" and bool(typed) and bool(request.FILES),
    }
    response = HttpResponse(render_to_string("web/unavailable.html", context), status=503 if away else 500)
    response["Cache-Control"] = "no-store"
    if away:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form that was sent; none when it holds a secret or cannot be read."""
    if request.method != "POST":
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (OSError, SuspiciousOperation):
        return []
    if any(name in SECRETS or "password" in name for name, _ in fields):
        return []
    return fields


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
