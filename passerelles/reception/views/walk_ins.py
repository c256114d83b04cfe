"""Receive somebody whom nobody convoked: search first, then the short record (C-021); take back one's mistake."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.linkage.forms import DespiteForm
from passerelles.linkage.services import Known, check_people, find_doubles_now, known
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.people.models import Person
from passerelles.reception.forms.day import WalkInForm, WithdrawForm
from passerelles.reception.models import Convocation, Session
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
    form, despite = WalkInForm(initial=_from_words(words)), DespiteForm()
    answers, reason, status = None, "", 200
    if request.method == "POST":
        person, form = _described(request)
        despite = DespiteForm(request.POST)
        if person is None and form.is_valid():
            answers = _known(request, session, form)
            reason = despite.cleaned_data["despite"] if despite.is_valid() else ""
        if person is not None or (form.is_valid() and (reason or answers is None)):
            try:
                convocation = attendance.welcome_walk_in(
                    request.actor,
                    pk,
                    person=person,
                    identifiers={} if person else form.person_identifiers,
                    despite=(answers, reason) if answers else None,
                    **({} if person else form.person_values),
                )
            except (Refused, Unknown):
                raise
            except UserError as error:
                tell(request, error)
            else:
                check_people(request.actor, [convocation.person_id])
                find_doubles_now([convocation.person_id])  # the desk beside may have made the same record meanwhile
                messages.success(request, f"{convocation.person} est reçue sans convocation.")
                return redirect(reverse("reception:session", args=[pk]) + f"#c-{convocation.pk}")
        status = 400
    note_access(request.actor, [person.pk for person in found], action="read", purpose="recherche à l’accueil")
    context = {
        "session": session,
        "form": form,
        "words": words,
        "found": found,
        "known": answers,
        "despite": despite,
    }
    return render(request, "reception/walk_in.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.SESSION, Action.EDIT)
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back somebody entered at the door by mistake; the page says first what becomes of their record."""
    convocation = policy.get_or_404(
        request.actor,
        Convocation.objects.select_related("session", "person"),
        Resource.SESSION,
        pk,
        Action.EDIT,
    )
    person = convocation.person
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            gone = attendance.withdraw_walk_in(request.actor, pk, **form.cleaned_data)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            record = "La fiche créée à l’accueil est retirée aussi." if gone else "Sa fiche est conservée."
            messages.success(request, f"{person} est retirée de la séance. {record}")
            return redirect("reception:session", convocation.session_id)
    note_access(request.actor, [person.pk], action="read", purpose="retrait d’une personne venue sans convocation")
    context = {
        "form": form,
        "convocation": convocation,
        "session": convocation.session,
        "record_goes_too": attendance.record_goes_too(convocation),
    }
    return render(request, "reception/withdraw.html", context, status=400 if form.errors else 200)


def _described(request: HttpRequest) -> tuple[Person | None, WalkInForm]:
    """The known person who was chosen, or the form that was filled."""
    if not request.POST.get("person"):
        return None, WalkInForm(request.POST)
    try:
        chosen = uuid.UUID(request.POST["person"])
    except ValueError:
        raise Unknown("Cette personne n’existe pas, ou elle n’est pas dans votre périmètre.") from None
    return policy.get_or_404(request.actor, Person.objects.all(), Resource.PERSON, chosen), WalkInForm()


def _known(request: HttpRequest, session: Session, form: WalkInForm) -> Known | None:
    """Who looks like the person described; None when nobody does, or when they are exactly a person of the DT."""
    values, identifiers = form.person_values, form.person_identifiers
    if attendance.exactly_known(session.direction, identifiers, values):
        return None
    answers = known(request.actor, values, identifiers, purpose="déjà connue ? avant création à l’accueil")
    return answers or None


def _from_words(words: str) -> dict[str, str]:
    """What was searched becomes the start of the record: the first word as family name, the rest as given names."""
    family, _, given = words.partition(" ")
    return {"family_name": family, "given_names": given}
