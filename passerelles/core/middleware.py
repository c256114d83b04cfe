"""One place that turns mistakes into pages: 403, 404 or 409, with the sentence in French."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render

from passerelles.core.errors import Refused, Unknown, UserError


class SentenceMiddleware:
    """Answer an uncaught `UserError` with its sentence instead of a stack trace."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, UserError):
            return None
        status = 404 if isinstance(exception, Unknown) else 403 if isinstance(exception, Refused) else 409
        return render(request, "web/error.html", {"error": exception, "status": status}, status=status)


def not_found(request, exception: Http404 | None = None):
    """The 404 page in French."""
    sentence = Unknown("Cette page n’existe pas, ou vous n’y avez pas accès.")
    return render(request, "web/error.html", {"error": sentence, "status": 404}, status=404)


def forbidden(request, exception=None, reason: str = ""):
    """The 403 page in French."""
    sentence = Refused("Votre rôle ne permet pas cette action.")
    return render(request, "web/error.html", {"error": sentence, "status": 403}, status=403)
