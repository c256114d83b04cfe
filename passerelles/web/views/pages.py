"""Pages that say something and ask nothing: health, accessibility, personal data, legal notice, help."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For the supervision of the service: 200 when a page can be served."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Accessibility statement."""
    return render(request, "web/pages/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Information of newcomers and of agents on their personal data (K-005)."""
    return render(request, "web/pages/privacy.html")


@login_not_required
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Who publishes and hosts this service."""
    return render(request, "web/pages/legal.html")


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Where the manual is, and the first gestures by role."""
    return render(request, "web/pages/help.html")
