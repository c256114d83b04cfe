"""The recommendation of a person: read it, answer in place, follow it or choose otherwise."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Refused, Unknown, UserError
from passerelles.core.text import in_sentence
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, safe_address
from passerelles.orientation import services
from passerelles.orientation.forms import QuestionsForm, sources_of
from passerelles.orientation.queries.page import OrientationPage, orientation_page
from passerelles.orientation.queries.recommendation import Outlook, outlook_of
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.people.models import Person


@never_cache
@require_safe
@asks(Resource.ORIENTATION, Action.VIEW)
def orientation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page of the recommendation."""
    person = _person(request, pk)
    note_access(request.actor, [pk], action="read", purpose="orientation de la personne")
    return render(request, "orientation/person.html", _context(request, person))


@require_POST
@asks(Resource.DIAGNOSIS, Action.EDIT)
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One question answered in place; the list is evaluated again at once."""
    person = _person(request, pk)
    code = request.POST.get("code", "")
    if code not in ITEMS:
        raise Unknown("Cette question n’existe pas.")
    form = QuestionsForm([code], request.POST)
    spec = ITEMS[code]
    source = request.POST.get("source", "")
    status, failure = 200, None
    if form.is_valid() and form.answers:
        try:
            services.state(
                request.actor,
                pk,
                form.answers,
                source=source if source in spec.sources else sources_of(code)[0],
                as_of=clock.today(),
                read=form.read,
            )
        except (Refused, Unknown):
            raise
        except UserError as error:
            status, failure = 409 if isinstance(error, EditedElsewhere) else 400, error
        else:
            if not request.htmx:
                return redirect(_address(request, person))
    else:
        status = 400
        if not form.errors:
            form.add_error(next(iter(form.fields)), "Choisissez une réponse.")
    context = _context(request, person)
    if status != 200:
        wrong = [str(failure)] if failure else [error for errors in form.errors.values() for error in errors]
        context["mistakes"] = [f"{spec.question} {sentence}" for sentence in wrong]
    if request.htmx:
        return render(request, "orientation/parts/outlook.html", context | {"focus": True})
    return render(request, "orientation/person.html", context, status=status)


@require_POST
@asks(Resource.ORIENTATION, Action.EDIT)
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The decision: what is ticked, and why when it is not what is recommended."""
    person = _person(request, pk)
    chosen, reason = request.POST.getlist("choix"), request.POST.get("motif", "")
    try:
        made = services.decide(request.actor, pk, chosen=chosen, reason=reason, read=_read(request))
    except (Refused, Unknown):
        raise
    except UserError as error:
        context = _context(request, person)
        context |= {"decision_error": error, "ticked": chosen, "typed_reason": reason}
        status = 409 if isinstance(error, EditedElsewhere) else 400
        return render(request, "orientation/person.html", context, status=status)
    messages.success(request, f"Décision enregistrée : {in_sentence(made.get_kind_display())}.")
    return redirect(return_address(request) or reverse("orientation-person:orientation", args=[pk]))


def return_address(request: HttpRequest) -> str:
    """Where the agent came from, when it is a page of the platform."""
    return safe_address(request, request.POST.get("retour") or request.GET.get("retour", ""))


def question(
    code: str, outlook: Outlook, read: dict[str, uuid.UUID], form: QuestionsForm | None = None
) -> dict[str, Any]:
    """One question as a form of its own, with what the screen had read."""
    form = form or QuestionsForm([code], read={code: read[code]} if code in read else {})
    field, never, seen = form.parts(code)
    return {"code": code, "field": field, "never": never, "read": seen, "sources": sources_of(code), "form": form}


def _context(request: HttpRequest, person: Person) -> dict[str, Any]:
    today = clock.today()
    outlook = outlook_of(request.actor, person, today)
    page = orientation_page(request.actor, outlook)
    may_refer = request.actor.may(Resource.REFERRAL, Action.EDIT)
    context = {"person": person, "page": page, "retour": return_address(request), "may_refer": may_refer}
    return context | _questions(page, outlook)


def _questions(page: OrientationPage, outlook: Outlook) -> dict[str, Any]:
    """Each open question once, as a form; none for who may not state."""
    if not page.may_state:
        return {"questions": {}, "to_clarify": [{"line": line} for line in page.to_clarify]}
    read = {code: row.pk for code, row in outlook.stated.items()}
    codes = dict.fromkeys((*page.next_questions, *(code for line in page.to_clarify for code in line.questions)))
    questions = {code: question(code, outlook, read) for code in codes}
    return {"questions": questions, "to_clarify": _asked_once(page, questions)}


def _asked_once(page: OrientationPage, questions: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The proposals to clarify: each question is a form under the first that asks it, a link to it under the others."""
    places = dict.fromkeys(page.next_questions[:1], "suivante")
    lines = []
    for line in page.to_clarify:
        here = [code for code in line.questions if code not in places]
        above = [(places[code], questions[code]) for code in line.questions if code in places]
        places |= dict.fromkeys(here, line.code)
        lines.append({"line": line, "here": [questions[code] for code in here], "above": above})
    return lines


def _person(request: HttpRequest, pk: uuid.UUID) -> Person:
    return policy.get_or_404(request.actor, Person.objects, Resource.PERSON, pk)


def _read(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("lue", ""))
    except ValueError:
        return None


def _address(request: HttpRequest, person: Person) -> str:
    address = reverse("orientation-person:orientation", args=[person.pk])
    back = return_address(request)
    return f"{address}?retour={back}" if back else address
