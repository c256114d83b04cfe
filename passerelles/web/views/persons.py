"""Find a person, read their file, correct it. Every reading and writing is noted (K-004)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.core.text import clean
from passerelles.journal.services import note_access
from passerelles.linkage.queries.look_up import elsewhere, near
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of
from passerelles.people.models import Person
from passerelles.people.queries import search
from passerelles.people.services import correct_person
from passerelles.web.forms import PersonForm, SearchForm
from passerelles.web.queries.person import person_file


@never_cache
@require_safe
@asks(Resource.PERSON, Action.VIEW)
def persons(request: HttpRequest) -> HttpResponse:
    """Search first: no name is shown before something is asked."""
    text, today = clean(request.GET.get("q", ""))[:120], clock.today()
    page = page_of(request, search(request.actor, text, on=today))
    here = [person.pk for person in page]
    alike = []
    if text and page.number == 1 and not page.has_next():
        alike = near(request.actor, text, on=today, without=here)
    masked = elsewhere(request.actor, text, on=today) if text and not page.paginator.count else []
    seen = [*here, *(each.person.pk for each in alike)]
    note_access(request.actor, [*seen, *masked], action="read", purpose="recherche de personnes")
    context = {
        "form": SearchForm(initial={"q": text}),
        "text": text,
        "page": page,
        "alike": alike,
        "masked": bool(masked),
    }
    return render(request, "web/persons/results.html" if request.htmx else "web/persons/list.html", context)


@never_cache
@require_safe
@asks(Resource.PERSON, Action.VIEW)
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The file of a person, cut to the role (A.6)."""
    file = person_file(request.actor, pk)
    note_access(request.actor, [file.person.pk], action="read", purpose="fiche de la personne")
    context = {"file": file, "person": file.person, "counts": request.actor.may(Resource.INDICATOR, Action.VIEW)}
    return render(request, "web/persons/person.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.PERSON, Action.EDIT)
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct identity and contact details."""
    found = policy.get_or_404(request.actor, Person.objects, Resource.PERSON, pk, Action.EDIT)
    form = PersonForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = correct_person(request.actor, pk, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "La fiche est corrigée." if changed else "Rien n’a changé.")
            return redirect("web:person", pk)
    if request.method != "POST":
        note_access(request.actor, [pk], action="read", purpose="correction de la fiche")
    return render(request, "web/persons/edit.html", {"form": form, "person": found})
