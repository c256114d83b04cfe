"""Receive somebody whom nobody convoked: search first, then the short record (C-021)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.linkage.services import check_people
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.people.models import Person
from passerelles.reception.forms.day import WalkInForm
from passerelles.reception.queries import walk_ins as queries
from passerelles.reception.queries.day import session_seen
from passerelles.reception.services import attendance


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.SESSION, Action.EDIT)
def walk_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Search among the known persons, or write a short record; then the person is in the session, arrived."""
    session = session_seen(request.actor, pk)
    words = request.GET.get("q", "").strip()
    found = queries.search(request.actor, session, words)
    form = WalkInForm(initial=_from_words(words))
    status = 200
    if request.method == "POST":
        person, form = _described(request)
        if person is not None or form.is_valid():
            try:
                convocation = attendance.welcome_walk_in(
                    request.actor,
                    pk,
                    person=person,
                    identifiers={} if person else form.person_identifiers,
                    **({} if person else form.person_values),
                )
            except (Refused, Unknown):
                raise
            except UserError as error:
                tell(request, error)
            else:
                check_people(request.actor, [convocation.person_id])
                messages.success(request, f"{convocation.person} est reçue sans convocation.")
                return redirect(reverse("reception:session", args=[pk]) + f"#c-{convocation.pk}")
        status = 400
    note_access(request.actor, [person.pk for person in found], action="read", purpose="recherche à l’accueil")
    context = {"session": session, "form": form, "words": words, "found": found}
    return render(request, "reception/walk_in.html", context, status=status)


def _described(request: HttpRequest) -> tuple[Person | None, WalkInForm]:
    """The known person who was chosen, or the form that was filled."""
    if not request.POST.get("person"):
        return None, WalkInForm(request.POST)
    try:
        chosen = uuid.UUID(request.POST["person"])
    except ValueError:
        raise Unknown("Cette personne n’existe pas, ou elle n’est pas dans votre périmètre.") from None
    return policy.get_or_404(request.actor, Person.objects.all(), Resource.PERSON, chosen), WalkInForm()


def _from_words(words: str) -> dict[str, str]:
    """What was searched becomes the start of the record: the first word as family name, the rest as given names."""
    family, _, given = words.partition(" ")
    return {"family_name": family, "given_names": given}
