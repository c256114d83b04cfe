"""The decisions that the rules would no longer propose, or would complete: to be looked at again by an agent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from passerelles.journal.services import note_access
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of
from passerelles.orientation.queries.changes import changed, titles
from passerelles.orientation.services.reviews import review_again


@never_cache
@require_safe
@asks(Resource.ORIENTATION, Action.EDIT)
def changes(request: HttpRequest) -> HttpResponse:
    """One line by person, 25 by page."""
    page = page_of(request, changed(request.actor))
    rows = [
        {
            "review": each,
            "lost": titles(each.lost),
            "gained": titles(each.gained),
            "chosen": titles(each.decision.chosen),
        }
        for each in page
    ]
    note_access(
        request.actor, [each.decision.person_id for each in page], action="read", purpose="décisions à réexaminer"
    )
    return render(request, "orientation/changes.html", {"page": page, "rows": rows})


@require_POST
@asks(Resource.ORIENTATION, Action.EDIT)
def review_now(request: HttpRequest) -> HttpResponse:
    """Without waiting for the night."""
    found = review_again(request.actor)
    told = "Aucune décision ne serait différente aujourd’hui."
    if found:
        told = f"Décisions qui seraient différentes aujourd’hui : {found}."
    messages.success(request, told)
    return redirect("orientation-person:changes")
