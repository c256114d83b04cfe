"""Already known? as an answer for a program: asked before any creation, by a signed-in agent (C-021, K-004)."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from passerelles.linkage.forms import DescribedForm
from passerelles.linkage.services import known
from passerelles.network.enums import Resource
from passerelles.network.http import asks

WINDOW = 600
"""Seconds."""
MOST_ASKED = 120
"""Questions of one agent in a window, counted in each process: more than anybody records, less than a list needs."""


@never_cache
@require_POST
@asks(Resource.CHECK)
def already_known(request: HttpRequest) -> JsonResponse:
    """The minimal answer: the addresses of the records in one's scope, likeliest first, and are there others."""
    if _asked(request) > MOST_ASKED:
        return JsonResponse({"error": "Trop de questions : recommencez dans dix minutes."}, status=429)
    form = DescribedForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": {name: list(texts) for name, texts in form.errors.items()}}, status=400)
    answers = known(
        request.actor, form.person_values, form.person_identifiers, purpose="déjà connue ? question d’un programme"
    )
    here = [
        {"record": reverse("web:person", args=[each.person.pk]), "probability": round(each.probability, 3)}
        for each in answers.people
    ]
    return JsonResponse({"known": bool(answers), "records": here, "elsewhere": answers.elsewhere})


def _asked(request: HttpRequest) -> int:
    """One more question of this agent in the window; how many so far."""
    key = f"linkage:already-known:{request.actor.agent_id}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two
        return 1
