"""The list of a training body: who is prescribed to it, and what became of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from passerelles.journal.services import note_access
from passerelles.network.enums import Resource
from passerelles.network.http import asks, page_of
from passerelles.pathway.queries import learners as queries


@never_cache
@require_safe
@asks(Resource.LEARNER)
def learners(request: HttpRequest) -> HttpResponse:
    """25 by page; a tab for each moment of a training."""
    totals = queries.totals(request.actor)
    asked = request.GET.get("etat", "")
    state = asked if asked in queries.STATES else next((each for each in queries.STATES if totals[each]), "a_commencer")
    page = page_of(request, queries.learners(request.actor, state))
    note_access(request.actor, [each.person_id for each in page], action="read", purpose="stagiaires")
    context = {
        "page": page,
        "lines": [queries.line(each) for each in page],
        "state": state,
        "tabs": [(name, label, totals[name]) for name, (label, _) in queries.STATES.items()],
    }
    return render(request, "pathway/learners.html", context)
