"""The catalogue of figures, open to everybody; a figure and its table for those whose role counts (A.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.indicators import access
from passerelles.indicators.forms import FigureForm, opening
from passerelles.indicators.queries import NOW, Known
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.reference.territory import Territory

PEOPLE_PAGE = "web:figure-people"


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every figure by family, in words."""
    from passerelles.indicators import tables

    families = tables.catalogue()
    actor = getattr(request, "actor", None)
    context = {
        "families": families.items(),
        "count": sum(map(len, families.values())),
        "counts": bool(actor and actor.may(Resource.INDICATOR, Action.COUNT)),
        "reads_benchmarks": bool(actor and actor.may(Resource.IMPACT, Action.VIEW)),
    }
    return render(request, "indicators/catalogue.html", context)


@login_not_required
@never_cache
@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """The definition of a figure; its table when the visitor's role counts."""
    from passerelles.indicators import tables

    described = tables.described(code)
    context: dict[str, Any] = {"definition": described, "dimensions": tables.dimensions_of(code).values()}
    actor = getattr(request, "actor", None)
    reach = access.reach_of(actor) if actor and not described.awaits else None
    if reach is None or not reach.territories:
        return render(request, "indicators/figure.html", context)
    form = _form(request, code, reach)
    context["form"] = form
    if form.is_valid():
        try:
            context |= _computed(form, code, reach)
        except UserError as error:
            context["not_here"] = str(error)
    return render(request, "indicators/figure.html", context)


@never_cache
@require_safe
@asks(Resource.INDICATOR, Action.COUNT)
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The table as CSV, exactly as the page shows it."""
    from passerelles.indicators import exports, tables

    tables.described(code)
    reach = access.reach_of(request.actor)
    form = _form(request, code, reach) if reach else None
    if form is None or not form.is_valid():
        raise UserError("Ce chiffre ne peut pas être exporté : revenez à sa page et corrigez la demande.")
    table = _table(form, code, reach)
    answer = HttpResponse("\ufeff" + exports.as_csv(table), content_type="text/csv; charset=utf-8")
    name = f"{code}_{table.start:%Y-%m-%d}_{table.end:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _form(request: HttpRequest, code: str, reach: access.Reach) -> FigureForm:
    from passerelles.indicators import tables

    dimensions = tables.dimensions_of(code)
    start = opening(reach.territories, "sexe" if reach.lists and "sexe" in dimensions else "")
    asked = {**start, **request.GET.dict()} if request.GET else start
    return FigureForm(reach.territories, dimensions, not _exact(code, reach), asked)


def _exact(code: str, reach: access.Reach) -> bool:
    """Those who may list the persons read exact counts, but not of a figure that never lists anybody: its small cells,
    opened in another figure, would name them (A.6).
    """
    from passerelles.indicators import tables

    return reach.lists and tables.described(code).listed


def _table(form: FigureForm, code: str, reach: access.Reach) -> Any:
    from passerelles.indicators import tables

    place = Territory.parse(form.cleaned_data["territoire"])
    reach.require(place)
    known_on = form.cleaned_data["connu_au"]
    asked: dict[str, Any] = {
        "by": form.by,
        "territory": place,
        "known": Known.on(known_on) if known_on else NOW,
        "step": form.cleaned_data["pas"] or None,
        "organisations": reach.organisations,
    }
    if _exact(code, reach):
        return tables.figure(code, form.period, **asked)
    return tables.guarded(code, form.period, access.cell_secret(), **asked)


def _computed(form: FigureForm, code: str, reach: access.Reach) -> dict[str, Any]:
    from passerelles.indicators import tables
    from passerelles.indicators.grid import grid

    table = _table(form, code, reach)
    asked = {name: value for name, value in form.data.items() if name in form.fields and value}
    people = _people_address(code) if reach.lists and table.definition.persons and table.definition.listed else ""

    def address(cell: Mapping[str, str]) -> str:
        if not people:
            return ""
        return f"{people}?{urlencode(asked | {f'cellule.{name}': value for name, value in cell.items()})}"

    return {
        "table": table,
        "grid": grid(table, address),
        "place": Territory.parse(form.cleaned_data["territoire"]).label_fr,
        "export": f"{reverse('indicators:export', args=[code])}?{urlencode(asked)}",
        "read_at": tables.progress().read_at if table.known_on is None else None,
        "today": clock.today(),
    }


def _people_address(code: str) -> str:
    try:
        return reverse(PEOPLE_PAGE, args=[code])
    except NoReverseMatch:
        return ""
