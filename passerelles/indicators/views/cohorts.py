"""Curves of durations: exact for those who may list persons, perturbed and masked for the others. Writes nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from passerelles.core.errors import UserError
from passerelles.indicators import access
from passerelles.indicators.forms import CohortForm, cohort_opening
from passerelles.indicators.queries import NOW, Known
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.reference.territory import Territory


@never_cache
@require_safe
@asks(Resource.INDICATOR, Action.COUNT)
def cohort(request: HttpRequest) -> HttpResponse:
    """The curves of a cohort, their table, and what they say (F-031, F-072)."""
    reach = access.reach_of(request.actor)
    if reach is None or not reach.territories or reach.organisations is not None:
        return render(request, "indicators/cohorts.html", {"no_place": True})
    form = _form(request, reach)
    context: dict[str, Any] = {"form": form, "exact": reach.lists}
    if form.is_valid():
        reading, asked = _read(form, reach)
        shown = {name: form.data.get(name, "") for name in form.fields}
        context |= {
            "reading": reading,
            "asked": asked,
            "known_on": form.cleaned_data["connu_au"],
            "official": asked.wait == "emploi",
            "export": f"{reverse('indicators:cohort-export')}?{urlencode(shown)}",
        }
    return render(request, "indicators/cohorts.html", context)


@never_cache
@require_safe
@asks(Resource.INDICATOR, Action.COUNT)
def export(request: HttpRequest) -> HttpResponse:
    """The points of the curves as CSV, as the page shows them: no line is about one person (F-032)."""
    from passerelles.indicators import exports

    reach = access.reach_of(request.actor)
    form = _form(request, reach) if reach and reach.organisations is None else None
    if form is None or reach is None or not form.is_valid():
        raise UserError("Cette cohorte ne peut pas être exportée : revenez à sa page et corrigez la demande.")
    reading, asked = _read(form, reach)
    answer = HttpResponse("\ufeff" + exports.curves_as_csv(reading), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cohorte_{asked.wait}_{asked.first}_{asked.last}.csv"'
    return answer


def _form(request: HttpRequest, reach: access.Reach) -> CohortForm:
    from passerelles.indicators.definitions.dimensions import DIMENSIONS
    from passerelles.indicators.engine.waits import GROUPS, WAITS

    start = cohort_opening(reach.territories)
    asked = {**start, **request.GET.dict()} if request.GET else start
    waits = {code: wait.name for code, wait in WAITS.items()}
    return CohortForm(reach.territories, waits, {code: DIMENSIONS[code].name for code in GROUPS}, asked)


def _read(form: CohortForm, reach: access.Reach) -> tuple[Any, Any]:
    from passerelles.indicators import cohorts

    found = form.cleaned_data
    place = Territory.parse(found["territoire"])
    reach.require(place)
    asked = cohorts.Asked(
        wait=found["attente"],
        first=found["de"],
        last=found["a"],
        horizon=found["duree"],
        by=found["par"],
        registered=found["population"] == "inscrits",
        territory=place,
    )
    known = Known.on(found["connu_au"]) if found["connu_au"] else NOW
    return cohorts.study(asked, known, b"" if reach.lists else access.cell_secret()), asked
