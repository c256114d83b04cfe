"""One form, one verb: the page of every act of this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network.enums import Action, Resource
from passerelles.people.models import Person


def form_page(
    request: HttpRequest,
    *,
    person: Person,
    form: forms.Form,
    title: str,
    button: str,
    do: Callable[[dict[str, Any]], object],
    done: str,
    note: str = "",
    back: str = "",
) -> HttpResponse:
    """Show the form; on a valid POST call `do` with what was typed, and go back to `back`.

    Left out: to the pathway of the person, or to the list of learners for who may not open a person.
    """
    sees_person = request.actor.may(Resource.PERSON, Action.VIEW)
    address = reverse(back) if back else reverse("pathway:pathway", args=[person.pk])
    if not sees_person:
        address = reverse("pathway:learners")
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(address)
    note_access(request.actor, [person.pk], action="read", purpose=title)
    context = {"person": person, "form": form, "title": title, "button": button, "note": note}
    context |= {"back": address, "sees_person": sees_person}
    return render(request, "pathway/form.html", context, status=400 if form.errors else 200)


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
