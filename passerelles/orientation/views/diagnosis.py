"""The diagnosis of a person: entered once, on one page, each item dated and sourced."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Refused, Unknown, UserError
from passerelles.core.text import clean
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.orientation import services
from passerelles.orientation.engine.facts import FactType
from passerelles.orientation.forms import QuestionsForm, SourceForm, field_name
from passerelles.orientation.queries.diagnosis import Diagnosis, Item, diagnosis_of, shown
from passerelles.orientation.queries.occupations import nomenclature
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.people import services as people
from passerelles.people.enums import ConsentPurpose
from passerelles.people.models import Person
from passerelles.reference.occupations import Occupations

OCCUPATION_ITEMS = tuple(code for code, spec in ITEMS.items() if spec.type is FactType.OCCUPATIONS)
LONGEST_SEARCH = 80


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.DIAGNOSIS, Action.VIEW)
def diagnosis(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Read it; save what was changed, all of it or nothing."""
    person = policy.get_or_404(request.actor, Person.objects, Resource.PERSON, pk)
    page = diagnosis_of(request.actor, person, clock.today())
    if request.method == "POST":
        return _write(request, page)
    note_access(request.actor, [pk], action="read", purpose="diagnostic de la personne")
    form = QuestionsForm([item.code for item in page.asked], current=page.values, read=page.read, may_be_emptied=True)
    return render(request, "orientation/diagnosis.html", _context(request, page, form, SourceForm()))


@never_cache
@require_safe
@asks(Resource.DIAGNOSIS, Action.VIEW)
def occupations(request: HttpRequest) -> HttpResponse:
    """The occupations nearest to what is typed, to be ticked."""
    code = request.GET.get("element", "")
    if code not in OCCUPATION_ITEMS:
        raise Unknown("Cet élément du diagnostic n’existe pas.")
    return render(request, "orientation/parts/occupations.html", {"search": _search(request.GET, code, nomenclature())})


@require_POST
@asks(Resource.DIAGNOSIS, Action.EDIT)
def health_consent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The person agrees, or no longer agrees, that the adviser knows of a barrier of health (A.6)."""
    person = policy.get_or_404(request.actor, Person.objects, Resource.PERSON, pk)
    if request.POST.get("accord") == "oui":
        people.give_consent(request.actor, person, purpose=ConsentPurpose.HEALTH_BARRIER, given_on=clock.today())
        messages.success(request, "Accord enregistré.")
    else:
        people.withdraw_consent(request.actor, person, purpose=ConsentPurpose.HEALTH_BARRIER, on=clock.today())
        messages.success(request, "Accord retiré.")
    return redirect("orientation-person:diagnosis", pk)


def _write(request: HttpRequest, page: Diagnosis) -> HttpResponse:
    policy.require(request.actor, Resource.DIAGNOSIS, Action.EDIT)
    codes = [item.code for item in page.asked]
    form = QuestionsForm(codes, request.POST, current=page.values, read=page.read, may_be_emptied=True)
    told = SourceForm(request.POST)
    right = form.is_valid() & told.is_valid()
    context = _context(request, page, form, told)
    if request.POST.get("action") == "chercher":
        return render(request, "orientation/diagnosis.html", context)
    if not right:
        return render(request, "orientation/diagnosis.html", context, status=400)
    try:
        made = services.state(
            request.actor,
            page.person.pk,
            form.changes,
            source=told.cleaned_data["source"],
            as_of=told.cleaned_data["as_of"],
            read=form.read,
        )
    except (Refused, Unknown):
        raise
    except EditedElsewhere as conflict:
        context |= {"conflict": conflict, "differences": _differences(page, form), "fresh": True}
        return render(request, "orientation/diagnosis.html", context, status=409)
    except UserError as error:
        return render(request, "orientation/diagnosis.html", context | {"refusal": error}, status=400)
    messages.success(request, f"Éléments enregistrés : {len(made)}." if made else "Rien n’a changé.")
    return redirect("orientation-person:diagnosis", page.person.pk)


def _context(request: HttpRequest, page: Diagnosis, form: QuestionsForm, told: SourceForm) -> dict[str, Any]:
    data = request.POST if request.method == "POST" else request.GET
    return {
        "person": page.person,
        "page": page,
        "form": form,
        "told": told,
        "may_orient": request.actor.may(Resource.ORIENTATION, Action.VIEW),
        "may_record_consent": request.actor.may(Resource.PERSON, Action.EDIT)
        or request.actor.may(Resource.SESSION, Action.EDIT),
        "parts": [(part, [_asked(item, form, data, page.names) for item in part.items]) for part in page.parts],
    }


def _asked(item: Item, form: QuestionsForm, data: Any, names: Occupations) -> dict[str, Any]:
    """One item as the template shows it: what is known, and its fields when it may be stated."""
    found: dict[str, Any] = {"item": item}
    if not item.editable:
        return found
    if item.is_occupations:
        chosen = form[field_name(item.code)].value() or []
        found["search"] = _search(data, item.code, names) | {"chosen": [(code, names.label(code)) for code in chosen]}
        found["read"] = form.parts(item.code)[2]
        return found
    field, never, read = form.parts(item.code)
    return found | {"question": {"field": field, "never": never}, "read": read}


def _search(data: Any, code: str, names: Occupations) -> dict[str, Any]:
    text = clean(data.get(f"metier-{field_name(code)}", ""))[:LONGEST_SEARCH]
    found = names.search(text) if text else ()
    return {"code": code, "name": field_name(code), "text": text, "found": [(each.code, each.label) for each in found]}


def _differences(page: Diagnosis, form: QuestionsForm) -> list[tuple[str, str, str]]:
    """(item, what is stored now, what was typed) for what differs from the screen that was read."""
    answers, read = form.answers, form.read
    found = []
    for item in page.asked:
        stored = item.statement.pk if item.statement else None
        if read.get(item.code) == stored:
            continue
        typed = ITEMS[item.code].read(answers[item.code]) if item.code in answers else None
        if typed != item.value:
            told = shown(item.code, typed, page.names)
            found.append((item.label, item.shown or "non renseigné", told or "non renseigné"))
    return found
