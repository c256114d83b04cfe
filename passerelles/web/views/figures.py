"""The persons behind a cell of a figure, and the figures in which a person counts: for those who may open lists."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.core.periods import Period
from passerelles.indicators import access
from passerelles.indicators.forms import FigureForm
from passerelles.indicators.queries import NOW, Known
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of
from passerelles.people.models import Person
from passerelles.reference.territory import Territory

CELL = "cellule."
YEARS_BACK = 5


@never_cache
@require_safe
@asks(Resource.INDICATOR)
@asks(Resource.PERSON)
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The persons of a cell that this agent may see; how many others there are, without saying who."""
    from passerelles.indicators import tables
    from passerelles.indicators.definitions.base import Nature

    described, dimensions = tables.described(code), tables.dimensions_of(code)
    reach = access.reach_of(request.actor)
    form = FigureForm(reach.territories if reach else (), dimensions, False, request.GET.dict())
    if reach is None or not reach.lists or not form.is_valid():
        raise Unknown("Cette liste n’existe pas : revenez à la page du chiffre.")
    place = Territory.parse(form.cleaned_data["territoire"])
    reach.require(place)
    cell = {name.removeprefix(CELL): value for name, value in request.GET.items() if name.startswith(CELL)}
    period = form.period
    first = cell.pop("periode", "")
    if first:
        steps = tables.steps(period, form.cleaned_data["pas"])
        period = next((each for each in steps if each.start.isoformat() >= first), period)
        if described.nature is Nature.CUMULATIVE:
            period = Period(form.period.start, period.end)
    known_on = form.cleaned_data["connu_au"]
    known = Known.on(known_on) if known_on else NOW
    behind = tables.people(code, period, where=cell, territory=place, known=known, organisations=reach.organisations)
    wanted = {each.person for each in behind if each.person}
    visible = _one_record_each(request.actor, wanted, tables.records_of(wanted, known))
    page = page_of(request, visible.order_by("family_name", "given_names", "pk"))
    note_access(request.actor, [person.pk for person in page], action="read", purpose=f"chiffre « {code} »")
    names = [dimensions.get(name, name) for name in cell]
    context = {
        "definition": described,
        "period": period,
        "place": place.label_fr,
        "cell": list(zip(names, [tables.label_of(code, name, value) for name, value in cell.items()], strict=True)),
        "units": len(behind),
        "persons": len(wanted),
        "hidden": len(wanted) - page.paginator.count,
        "page": page,
        "back": f"{reverse('indicators:figure', args=[code])}?{urlencode(_of_form(request, form))}",
    }
    return render(request, "web/figures/people.html", context)


@never_cache
@require_safe
@asks(Resource.INDICATOR)
@asks(Resource.PERSON)
def of_person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every figure in which a person counts, and the days, over the last years."""
    from passerelles.indicators import tables

    person = policy.get_or_404(request.actor, Person.objects, Resource.PERSON, pk)
    today = clock.today()
    period = Period(today.replace(year=today.year - YEARS_BACK, month=1, day=1), today)
    found = tables.counts_in(person.pk, period)
    note_access(request.actor, [person.pk], action="read", purpose="chiffres où la personne compte")
    return render(request, "web/figures/of_person.html", {"person": person, "found": found, "period": period})


def _one_record_each(actor: policy.Actor, wanted: set[uuid.UUID], same: dict[uuid.UUID, uuid.UUID]) -> QuerySet[Person]:
    """The records of these persons that `actor` may see; of somebody known under several, one."""
    records = Person.objects.filter(pk__in=wanted | same.keys())
    visible = policy.visible(actor, records, Resource.PERSON, Action.VIEW)
    if not same:
        return visible
    shown: dict[uuid.UUID, uuid.UUID] = {}
    linked = list(visible.filter(pk__in=same.keys()).order_by("pk").values_list("pk", flat=True))
    for pk in linked:
        shown.setdefault(same[pk], pk)
    return visible.exclude(pk__in=set(linked) - set(shown.values()))


def _of_form(request: HttpRequest, form: FigureForm) -> dict[str, str]:
    return {name: value for name, value in request.GET.items() if name in form.fields}
