"""The pathway of a person, and their timeline."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from passerelles.journal.services import note_access
from passerelles.network.enums import Resource
from passerelles.network.http import asks
from passerelles.pathway.queries.pathway import pathway_page
from passerelles.pathway.queries.timeline import timeline as timeline_of


@never_cache
@require_safe
@asks(Resource.PERSON)
def pathway(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Trainings, appointments, recognitions, documents, alerts."""
    page = pathway_page(request.actor, pk)
    note_access(request.actor, [pk], action="read", purpose="parcours de la personne")
    return render(request, "pathway/pathway.html", {"page": page, "person": page.person})


@never_cache
@require_safe
@asks(Resource.PERSON)
def timeline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What happened, in order, in plain French."""
    page = timeline_of(request.actor, pk, request.GET.get("theme", ""))
    note_access(request.actor, [pk], action="read", purpose="chronologie de la personne")
    return render(request, "pathway/timeline.html", {"page": page, "person": page.person})
