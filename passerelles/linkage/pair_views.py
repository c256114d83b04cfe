"""Records that may be of one person: the queue, two records side by side, a link taken back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.linkage import queries, services
from passerelles.linkage.forms import PairForm, UnlinkForm
from passerelles.linkage.models import PairState, PersonPair
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of, tell

MOST_CROSSED = 50
"""Pairs between two DTs shown under one's own; the likeliest, and there are few."""


@never_cache
@require_safe
@asks(Resource.CHECK)
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs of records that wait for an answer, the likeliest first."""
    page = page_of(request, queries.open_pairs(request.actor))
    crossed = queries.crossed_pairs(request.actor)
    lines = queries.crossed_lines(request.actor, list(crossed[:MOST_CROSSED]))
    seen = [pk for pair in page.object_list for pk in (pair.first_id, pair.second_id)]
    seen += [pk for line in lines for pk in (line.pair.first_id, line.pair.second_id)]
    note_access(request.actor, seen, action="read", purpose="fiches en double à trancher")
    context = {
        "page": page,
        "crossed": lines,
        "crossed_count": len(lines) if len(lines) < MOST_CROSSED else crossed.count(),
    }
    return render(request, "linkage/pairs.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.CHECK)
def pair(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Both records side by side, what depends on the answer, and what was answered before."""
    crossed = services.is_crossed(request.actor, pk)
    if request.method == "POST":
        return _answer(request, pk, crossed=crossed)
    if crossed:
        return _crossed(request, pk)
    page = queries.pair_page(request.actor, pk)
    seen = [page.pair.first_id, page.pair.second_id]
    note_access(request.actor, seen, action="read", purpose="fiches comparées")
    context = {
        "page": page,
        "pair": page.pair,
        "form": PairForm(),
        "unlink": UnlinkForm(),
        "can_edit": request.actor.may(Resource.CHECK, Action.EDIT),
    }
    return render(request, "linkage/pair.html", context)


def _crossed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own record, and what the comparison with that of another DT says."""
    page = queries.crossed_page(request.actor, pk)
    seen = [page.pair.first_id, page.pair.second_id]
    note_access(request.actor, seen, action="read", purpose="fiches comparées entre deux DT")
    context = {"page": page, "pair": page.pair, "form": PairForm(), "unlink": UnlinkForm()}
    return render(request, "linkage/crossed.html", context)


@require_POST
@asks(Resource.CHECK, Action.EDIT)
def compare(request: HttpRequest) -> HttpResponse:
    """Compare two records that the agent thinks are one person."""
    try:
        one, other = (uuid.UUID(text) for text in request.POST.getlist("person"))
    except ValueError:
        messages.error(request, "Choisissez deux fiches à comparer.")
        return redirect("web:persons")
    try:
        found = services.ask_about(request.actor, one, other)
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
        return redirect("web:persons")
    return redirect("linkage:pair", found.pk)


@require_POST
@asks(Resource.CHECK, Action.EDIT)
def unlink(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a link back: every record is as it was."""
    form = UnlinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Dites pourquoi vous déliez ces fiches.")
        return redirect("linkage:pair", pk)
    different = form.cleaned_data["then"] == "different"
    try:
        found = services.unlink(request.actor, pk, why=form.cleaned_data["why"], different=different)
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, "Les fiches sont déliées : chacune est comme avant le lien.")
        if found.second_id in queries.records_sharing([found.first_id]).get(found.first_id, ()):
            messages.warning(request, "Elles restent de la même personne par une troisième fiche : déliez-la aussi.")
    return redirect("linkage:pair", pk)


@require_POST
@asks(Resource.CHECK, Action.EDIT)
def reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask the question of a pair again."""
    try:
        services.reopen(request.actor, pk, why=request.POST.get("why", ""))
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, "La question est posée de nouveau.")
    return redirect("linkage:pair", pk)


def _answer(request: HttpRequest, pk: uuid.UUID, *, crossed: bool) -> HttpResponse:
    """Write the answer, and go to the next pair; nothing of the page is read for it."""
    resource = Resource.CROSS_CHECK if crossed else Resource.CHECK
    policy.get_or_404(request.actor, PersonPair.objects.all(), resource, pk)
    policy.require(request.actor, resource, Action.EDIT)
    form = PairForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez : la même personne, ou une autre.")
        return redirect("linkage:pair", pk)
    try:
        found = services.answer_pair(request.actor, pk, same=form.same, why=form.cleaned_data["why"])
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
        return redirect("linkage:pair", pk)
    if crossed:
        (line,) = queries.crossed_lines(request.actor, [found])
        who = f"{line.mine}, et la fiche suivie par {line.elsewhere}"
    else:
        who = f"{found.first} et {found.second}"
    messages.success(request, f"{who} : {_told(found)}.")
    queue = queries.crossed_pairs(request.actor) if crossed else queries.open_pairs(request.actor)
    after = queries.next_of(queue, found)
    return redirect(reverse("linkage:pair", args=[after]) if after else reverse("linkage:pairs"))


def _told(pair: PersonPair) -> str:
    return {
        PairState.SAME: "les deux fiches sont reliées",
        PairState.SECOND: "un second avis est demandé",
        PairState.DIFFERENT: "personnes différentes",
    }[PairState(pair.state)]
