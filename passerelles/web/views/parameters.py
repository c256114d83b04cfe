"""The dated parameters in force in a territory of the actor. Decisions on them are in the room `parameters`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from passerelles.core import clock
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.web.queries.settings import settings_of, territories_of


@require_safe
@asks(Resource.PARAMETER, Action.VIEW)
def parameters(request: HttpRequest) -> HttpResponse:
    """Value, unit, reference and confidence of each parameter on today's date (L.4)."""
    choices = territories_of(request.actor)
    asked = request.GET.get("territoire", "")
    territory = asked if asked in dict(choices) else choices[0][0]
    rows = settings_of(territory, clock.today())
    missing = request.GET.get("etat") == "manquants"
    context = {
        "today": clock.today(),
        "rows": [row for row in rows if not row.configured] if missing else rows,
        "choices": choices,
        "territory": territory,
        "missing_only": missing,
        "missing": sum(not row.configured for row in rows),
        "may_decide": request.actor.may(Resource.PARAMETER, Action.EDIT),
    }
    return render(request, "web/parameters.html", context)
