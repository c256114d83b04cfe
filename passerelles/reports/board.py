"""The screens of the dashboards: one territory, one month, and the same as a committee pack."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.network.policy import Actor
from passerelles.reference.territory import Territory
from passerelles.reports import dashboards, queries
from passerelles.reports.dashboards import Dashboard
from passerelles.reports.exports import pdf
from passerelles.reports.forms import BoardForm
from passerelles.reports.services.dashboards import CODES

LATEST = 6


@never_cache
@require_safe
@asks(Resource.INDICATOR, Action.COUNT)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Few figures, each with its drawing, its table, its definition one click away."""
    if not dashboards.places(request.actor):
        return render(request, "reports/dashboard.html", {"no_place": True})
    form, board = _asked(request)
    context: dict[str, Any] = {"form": form, "board": board, "mapped": form.data["carte"]}
    if board is not None and request.actor.may(Resource.RETURN, Action.VIEW):
        context["may_read_returns"] = True
        context["lines"] = _latest(request.actor, board.place)
    return render(request, "reports/dashboard.html", context)


@never_cache
@require_safe
@asks(Resource.INDICATOR, Action.COUNT)
def pack(request: HttpRequest) -> HttpResponse:
    """The committee pack, in one action: the same figures at the same cut-off."""
    _, board = _asked(request)
    if board is None:
        raise Unknown("Ces chiffres n’ont pas encore été calculés.")
    response = HttpResponse(pdf.write_book(dashboards.book(board), board.cutoff.computed_at), "application/pdf")
    name = f"tableau-de-bord-{board.place.code or 'france'}-{board.month}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request: HttpRequest) -> tuple[BoardForm, Dashboard | None]:
    places = dashboards.places(request.actor)
    if not places:
        raise Refused("Votre rôle n’a pas de tableau de bord de territoire.")
    values = {"territoire": str(places[0]), "mois": str(dashboards.last_month(clock.today())), "carte": CODES[0]}
    values |= {name: request.GET[name] for name in values if request.GET.get(name)}
    if values["territoire"] not in map(str, places):
        raise Refused("Les chiffres de ce territoire ne sont pas dans votre périmètre.")
    form = BoardForm(places, {code: dashboards.definition(code).name for code in CODES}, values)
    if not form.is_valid():
        return form, None
    place = Territory.parse(form.cleaned_data["territoire"])
    return form, dashboards.dashboard(request.actor, place, form.cleaned_data["mois"], form.cleaned_data["carte"])


def _latest(actor: Actor, place: Territory) -> list[queries.Line]:
    return queries.list_lines(actor, list(queries.returns(actor).filter(territory=str(place))[:LATEST]))
