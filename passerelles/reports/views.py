"""The screens of the returns. A GET never writes, except the access log of the lists of persons."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.core.periods import Month
from passerelles.indicators.engine.figures import BAND_LABELS, BANDS, SEX_LABELS
from passerelles.indicators.monthly import Monthly
from passerelles.indicators.queries import NOW, Known
from passerelles.journal.services import note_access
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of, tell
from passerelles.network.policy import Actor
from passerelles.reference import territories
from passerelles.reference.parameters import BeforeFirstDate, NotConfigured
from passerelles.reports import access, exports, queries, services, tables
from passerelles.reports.exports import document
from passerelles.reports.forms import DraftForm, LiveForm
from passerelles.reports.models import ReturnStatus

BAND_COLUMNS = [BAND_LABELS[band] for band in BANDS]


@require_safe
@asks(Resource.RETURN)
def returns(request: HttpRequest) -> HttpResponse:
    """The versions by month, and the months for which nothing was sent (F.8)."""
    page = page_of(request, queries.returns(request.actor))
    context = {
        "page": page,
        "lines": queries.list_lines(request.actor, list(page.object_list)),
        "due": queries.months_due(request.actor) if page.number == 1 else [],
        "compares": access.sees_internal(request.actor),
        "may_count": bool(access.countable_directions(request.actor)),
        "may_draft": request.actor.may(Resource.RETURN, Action.EDIT),
    }
    return render(request, "reports/returns.html", context)


@require_safe
@asks(Resource.RETURN)
def return_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One version: its figures, what they are made of, what changed since, what to do next."""
    detail = queries.detail(request.actor, pk)
    link = _link(request.actor, reverse("reports:people", args=[pk]))
    found, actor = detail.found, request.actor
    drafted = found.status == ReturnStatus.DRAFTED
    may_send = actor.may(Resource.RETURN, Action.SEND) and detail.newest and found.status != ReturnStatus.SENT
    context = {
        "detail": detail,
        "found": found,
        "tables": tables.official(detail.definitions, detail.values, link),
        "bands": BAND_COLUMNS,
        "note": tables.UNCLASSIFIED_NOTE,
        "authors": {
            "drafted": detail.authors.get(found.drafted_by, ""),
            "validated": detail.authors.get(found.validated_by, ""),
            "sent": detail.authors.get(found.sent_by, ""),
        },
        "may_validate": drafted
        and detail.newest
        and actor.may(Resource.RETURN, Action.VALIDATE)
        and found.drafted_by != actor.agent_id,
        "may_send": may_send,
        "missing": services.recipients_of(found.direction)[1] if may_send else [],
        "may_draft": actor.may(Resource.RETURN, Action.EDIT),
        "may_export": actor.may(Resource.RETURN, Action.EXPORT),
        "draft_form": DraftForm((found.direction,), initial={"mois": found.month, "dt": found.direction}),
    } | _inside(detail.past, link)
    return render(request, "reports/return.html", context)


@require_safe
@asks(Resource.INDICATOR, Action.COUNT)
def live(request: HttpRequest) -> HttpResponse:
    """The figures of a month, not frozen, as known now or on a date."""
    asked = _asked(request)
    context: dict[str, Any] = {"form": asked.form, "bands": BAND_COLUMNS, "note": tables.UNCLASSIFIED_NOTE}
    if asked.month is None:
        return render(request, "reports/live.html", context)
    try:
        figures = queries.live(request.actor, asked.direction, asked.month, asked.known)
    except (NotConfigured, BeforeFirstDate) as error:
        return render(request, "reports/live.html", context | {"month": asked.month, "not_here": str(error)})
    inside = access.sees_internal(request.actor)
    link = _link(request.actor, reverse("reports:live-people"), **asked.parameters)
    values = {figure.definition.code: figure.values for figure in figures.official}
    context |= {
        "figures": figures,
        "month": asked.month,
        "known_on": asked.known_on,
        "direction_name": territories.direction(asked.direction).name,
        "tables": tables.official(figures.definitions, values, link) if inside else (),
        "shared": [] if inside else [(total, tables.shared(total)) for total in tables.totals(figures.official)],
        "may_draft": _may_draft(request.actor, asked.direction) and asked.known == NOW,
        "draft_form": DraftForm((asked.direction,), initial={"mois": str(asked.month), "dt": asked.direction}),
        "warnings": services.draft_warnings(asked.month),
    }
    return render(request, "reports/live.html", context | _inside(figures if inside else None, link))


@require_safe
@asks(Resource.RETURN)
@asks(Resource.PERSON)
def people(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The persons behind a figure of a stored version."""
    found = queries.find_return(request.actor, pk)
    back = reverse("reports:return", args=[pk])
    return _people(request, lambda: queries.figures_of(found), back, f"remontée {found.month} version {found.version}")


@require_safe
@asks(Resource.PERSON)
def live_people(request: HttpRequest) -> HttpResponse:
    """The persons behind a live figure."""
    asked = _asked(request)
    if asked.month is None:
        raise Unknown("Ce mois n’existe pas : revenez à la page des chiffres.")
    back = f"{reverse('reports:live')}?{urlencode(asked.parameters)}"
    return _people(
        request,
        lambda: queries.live(request.actor, asked.direction, asked.month, asked.known),
        back,
        f"chiffres de {asked.month}",
    )


@require_POST
@asks(Resource.RETURN, Action.EDIT)
def draft(request: HttpRequest) -> HttpResponse:
    """Freeze a month as the next version."""
    form = DraftForm(tuple(sorted(request.actor.directions)), request.POST)
    if not form.is_valid():
        messages.error(
            request, "Ce mois ou cette direction territoriale n’est pas valable. Recommencez depuis la liste."
        )
        return redirect("reports:returns")
    month, direction = form.cleaned_data["mois"], form.cleaned_data["dt"]
    try:
        found = services.draft_return(request.actor, direction, month, form.cleaned_data["commentaire"])
    except (Impossible, NotConfigured, BeforeFirstDate) as error:
        tell(request, error)
        return redirect("reports:returns")
    for sentence in services.draft_warnings(month):
        messages.warning(request, sentence)
    messages.success(request, f"Version {found.version} établie. Une autre personne doit maintenant la valider.")
    return redirect("reports:return", pk=found.pk)


@require_POST
@asks(Resource.RETURN, Action.VALIDATE)
def validate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Validate a draft."""
    return _act(request, pk, services.validate_return, "Version validée. Elle peut être envoyée.")


@require_POST
@asks(Resource.RETURN, Action.SEND)
def send(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a validated version to the DT and the DREETS."""
    return _act(request, pk, services.send_return, "Remontée envoyée aux destinataires, fichier joint.")


@require_safe
@asks(Resource.RETURN, Action.EXPORT)
def export(request: HttpRequest, pk: uuid.UUID, format: str) -> HttpResponse:
    """The stored bytes (csv), a workbook or a tagged PDF."""
    if format not in exports.CONTENT_TYPES:
        raise Unknown("Ce format n’existe pas : choisissez csv, xlsx ou pdf.")
    found = queries.find_return(request.actor, pk, Action.EXPORT)
    past = queries.figures_of(found) if format != "csv" and access.sees_internal(request.actor) else None
    written = exports.write(document.of_return(found, past), format)
    response = HttpResponse(written, content_type=exports.CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{services.file_name(found, format)}"'
    return response


class _Asked:
    """The month, DT and date of knowledge of `?mois=&dt=&connu_au=`, the current month by default."""

    def __init__(self, actor: Actor, given: Any) -> None:
        directions = access.countable_directions(actor)
        if not directions:
            access.require_direction(actor, "")
        default = "metz" if "metz" in directions else directions[0]
        values = {"mois": str(Month.of(clock.today())), "dt": default}
        values |= {name: given[name] for name in ("mois", "dt", "connu_au") if given.get(name)}
        if values["dt"] not in directions:
            access.require_direction(actor, values["dt"])
        self.form = LiveForm(directions, values)
        valid = self.form.is_valid()
        self.direction = values["dt"]
        self.month: Month | None = self.form.cleaned_data["mois"] if valid else None
        self.known_on = self.form.cleaned_data["connu_au"] if valid else None
        self.known = Known.on(self.known_on) if self.known_on else NOW

    @property
    def parameters(self) -> dict[str, str]:
        known = {"connu_au": self.known_on.isoformat()} if self.known_on else {}
        return {"mois": str(self.month), "dt": self.direction} | known


def _asked(request: HttpRequest) -> _Asked:
    return _Asked(request.actor, request.GET)


def _link(actor: Actor, address: str, **parameters: str) -> tables.Link:
    """The address of the persons behind a cell, for those who may open it."""
    if not access.sees_people(actor):
        return tables.no_link

    def link(code: str, sex: str, band: str) -> str:
        cell = {"indicateur": code, "sexe": sex, "tranche": band}
        return f"{address}?{urlencode(parameters | {name: value for name, value in cell.items() if value})}"

    return link


def _inside(figures: Monthly | None, link: tables.Link) -> dict[str, Any]:
    if figures is None:
        return {}
    return {
        "internal": tables.totals((*figures.parts, *figures.internal), link),
        "breakdown": tables.totals(figures.breakdown, link),
        "measures": document.measures(figures.activity, figures.delays, figures.cost),
    }


def _may_draft(actor: Actor, direction: str) -> bool:
    return actor.may(Resource.RETURN, Action.EDIT) and direction in actor.directions


def _people(request: HttpRequest, figures: Callable[[], Monthly], back: str, what: str) -> HttpResponse:
    if not access.sees_people(request.actor):
        raise Refused("Votre rôle lit des nombres, jamais la liste des personnes.")
    code, sex, band = (request.GET.get(name, "") for name in ("indicateur", "sexe", "tranche"))
    figure = figures().figures.get(code)
    if figure is None or sex not in ("", *SEX_LABELS) or band not in ("", *BANDS):
        raise Unknown("Ce chiffre n’existe pas : revenez à la page des chiffres.")
    units = figure.units(sex, band)
    behind = queries.people_behind(request.actor, units)
    page = page_of(request, list(behind.people))
    shown = [person.pk for person in page.object_list]
    note_access(request.actor, shown, action="read", purpose=f"{code}, {what}")
    context = {
        "definition": figure.definition,
        "count": len(units),
        "behind": behind,
        "page": page,
        "sex": SEX_LABELS.get(sex, ""),
        "band": BAND_LABELS.get(band, ""),
        "back": back,
    }
    return render(request, "reports/people.html", context)


def _act(request: HttpRequest, pk: uuid.UUID, verb: Callable[..., Any], done: str) -> HttpResponse:
    try:
        verb(request.actor, pk)
    except Impossible as error:
        tell(request, error)
    else:
        messages.success(request, done)
    return redirect("reports:return", pk=pk)
