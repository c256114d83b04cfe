"""The checks to review, one pair at a time, and the lists they come from."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.linkage import queries, services
from passerelles.linkage.forms import DecisionForm
from passerelles.linkage.models import WAITING
from passerelles.linkage.queries.worth import accounts
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of, safe_address, tell
from passerelles.people.enums import Register
from passerelles.people.models import Person

MOST_RECHECKED = 200
LAST_DECISION = "linkage_last"


@require_safe
@asks(Resource.CHECK)
def review(request: HttpRequest) -> HttpResponse:
    """The doubtful answers, oldest list first."""
    narrowed = queries.Narrowed.of(request.GET)
    page = page_of(request, queries.to_review(request.actor, narrowed))
    note_access(
        request.actor,
        [check.person_id for check in page.object_list],
        action="read",
        purpose="vérifications à trancher",
    )
    context = {"page": page, "narrowed": narrowed, "registers": Register.choices, "results": WAITING}
    return render(request, "linkage/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.CHECK)
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Both records side by side; the answer leads to the next pair."""
    narrowed = queries.Narrowed.of(request.GET)
    pair = queries.pair(request.actor, pk, narrowed)
    back = safe_address(request, request.POST.get("retour") or request.GET.get("retour", ""))
    if request.method == "POST":
        return _decide(request, pair, narrowed, back)
    note_access(request.actor, [pair.check.person_id], action="read", purpose="vérification à trancher")
    context = {
        "pair": pair,
        "check": pair.check,
        "narrowed": narrowed,
        "back": back,
        "last": request.session.get(LAST_DECISION),
        "can_edit": request.actor.may(Resource.CHECK, Action.EDIT),
    }
    return render(request, "linkage/check.html", context)


@require_POST
@asks(Resource.CHECK, Action.EDIT)
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a decision back: the pair is asked again."""
    try:
        found = services.undo(request.actor, pk)
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, f"{found.person} : la décision est annulée, la question est posée de nouveau.")
    request.session.pop(LAST_DECISION, None)
    return redirect(reverse("linkage:check", args=[pk]) + queries.Narrowed.of(request.GET).query)


@require_safe
@asks(Resource.IMPORT)
def lists(request: HttpRequest) -> HttpResponse:
    """The lists received, with their dates and number of lines."""
    context = {
        "page": page_of(request, queries.lists_loaded(request.actor)),
        "missing": queries.registers_without_list(request.actor),
        "can_load": request.actor.may(Resource.IMPORT, Action.EDIT),
    }
    return render(request, "linkage/lists.html", context)


@require_safe
@asks(Resource.CHECK)
def worth(request: HttpRequest) -> HttpResponse:
    """What the answers of each month were worth: counts, no person."""
    return render(request, "linkage/worth.html", {"accounts": accounts(request.actor)})


@require_POST
@asks(Resource.CHECK, Action.EDIT)
def recheck(request: HttpRequest) -> HttpResponse:
    """Compare the given persons again with the newest lists (C-018)."""
    asked = [value for text in request.POST.getlist("person")[:MOST_RECHECKED] if (value := _uuid(text))]
    seen = policy.visible(request.actor, Person.objects.filter(pk__in=asked), Resource.PERSON)
    people = list(seen.order_by("pk").values_list("pk", flat=True))
    changed = services.check_people(request.actor, people)
    note_access(request.actor, people, action="read", purpose="vérification auprès des listes")
    messages.success(request, f"{len(people)} personne(s) vérifiée(s), {changed} réponse(s) nouvelle(s).")
    return redirect(safe_address(request, request.POST.get("retour", "")) or reverse("linkage:review"))


def _decide(request: HttpRequest, pair: queries.Pair, narrowed: queries.Narrowed, back: str) -> HttpResponse:
    here = reverse("linkage:check", args=[pair.check.pk]) + narrowed.query
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez : la même personne, ou une autre.")
        return redirect(here)
    try:
        check = services.settle(request.actor, pair.check.pk, same=form.same, line=form.cleaned_data["line"])
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
        return redirect(here)
    else:
        request.session[LAST_DECISION] = {"pk": str(pair.check.pk), "name": str(pair.check.person)}
        answer = "même personne" if form.same else "personnes différentes"
        if check.second:
            answer = "un second avis est demandé"
        messages.success(request, f"{pair.check.person} : {answer}.")
    if back:
        return redirect(back)
    following = reverse("linkage:check", args=[pair.next_id]) if pair.next_id else reverse("linkage:review")
    return redirect(following + narrowed.query)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
