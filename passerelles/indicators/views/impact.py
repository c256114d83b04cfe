"""Impact benchmarks: the list, the declaration, what was found. Only the two posts write."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import Impossible, UserError
from passerelles.indicators import services
from passerelles.indicators.forms import DeclarationForm
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.network.policy import Actor
from passerelles.reference import territories
from passerelles.reference.territory import NATIONAL, Kind, Territory


@never_cache
@require_safe
@asks(Resource.IMPACT)
def declared(request: HttpRequest) -> HttpResponse:
    """Those of the reader's territory, newest first."""
    from passerelles.indicators import benchmarks

    context = {
        "declared": benchmarks.declared(request.actor),
        "today": clock.today(),
        "may_declare": request.actor.may(Resource.IMPACT, Action.EDIT),
    }
    return render(request, "indicators/benchmarks.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.IMPACT, Action.EDIT)
def declare(request: HttpRequest) -> HttpResponse:
    """The form, and what it declares."""
    own, others = _own(request.actor), _others()
    form = DeclarationForm(own, others, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.declare_benchmark(request.actor, **form.values())
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Repère d’impact déclaré : il ne changera plus.")
            return redirect("indicators:benchmark", pk=made.pk)
    return render(request, "indicators/declare.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@require_safe
@asks(Resource.IMPACT)
def benchmark(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was declared, who has entered each group, what was found."""
    from passerelles.indicators import benchmarks

    return render(request, "indicators/benchmark.html", {"detail": benchmarks.detail(request.actor, pk)})


@require_POST
@asks(Resource.IMPACT, Action.EDIT)
def measure(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Compare and store, from the day declared."""
    try:
        services.measure_benchmark(request.actor, pk)
    except Impossible as error:
        tell(request, error)
    return redirect(reverse("indicators:benchmark", args=[pk]))


def _own(actor: Actor) -> list[Territory]:
    """Where this actor may declare, the widest first."""
    return [place for place in (NATIONAL, *_others()) if services.may_declare(actor, place)]


def _others() -> list[Territory]:
    found = []
    for region in territories.regions():
        found.append(Territory(Kind.REGION, region.code))
        found += [Territory(Kind.DEPARTMENT, each.code) for each in territories.departments_of_region(region.code)]
    return found + [Territory(Kind.DIRECTION, each.code) for each in territories.directions()]
