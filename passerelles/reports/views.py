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
from passerelles.reference.tables import UnknownCode
from passerelles.reference.territory import Kind, Territory
from passerelles.reports import access, catalogue, charts, exports, making, queries, services, sheets, tables
from passerelles.reports.catalogue import Template
from passerelles.reports.exports import document
from passerelles.reports.forms import DepositForm, DraftForm, LiveForm
from passerelles.reports.models import GONE, ReturnStatus
from passerelles.reports.schedule import ReturnPeriod, UnknownPeriod

BAND_COLUMNS = [BAND_LABELS[band] for band in BANDS]


@require_safe
@asks(Resource.RETURN)
def returns(request: HttpRequest) -> HttpResponse:
    """The versions by period, and what is over and not sent (F.8)."""
    page = page_of(request, queries.returns(request.actor))
    context = {
        "page": page,
        "lines": queries.list_lines(request.actor, list(page.object_list)),
        "due": queries.to_make(request.actor) if page.number == 1 else [],
        "today": clock.today(),
        "compares": access.sees_internal(request.actor),
        "may_count": bool(access.countable_directions(request.actor)),
        "may_draft": request.actor.may(Resource.RETURN, Action.EDIT),
    }
    return render(request, "reports/returns.html", context)


@require_safe
@asks(Resource.RETURN)
def calendar(request: HttpRequest) -> HttpResponse:
    """What this role has to make and when, and the whole catalogue with senders, recipients and channels (F.8)."""
    today = clock.today()
    found = queries.calendar(request.actor)
    context = {
        "today": today,
        "late": [each for each in found if each.late(today)],
        "coming": [each for each in found if not each.gone and each.due_on is not None and not each.late(today)],
        "to_confirm": [each for each in found if not each.gone and each.due_on is None],
        "gone": [each for each in reversed(found) if each.gone],
        "catalogue": catalogue.CATALOGUE,
    }
    return render(request, "reports/calendar.html", context)


@require_safe
@asks(Resource.RETURN, Action.EDIT)
def prepare(request: HttpRequest) -> HttpResponse:
    """Before freezing: the figures as they stand, or the text to write. Nothing is kept."""
    kind = catalogue.return_type(request.GET.get("remontee", ""))
    place = Territory.parse(request.GET.get("territoire", ""))
    period = ReturnPeriod.parse(request.GET.get("periode", ""))
    if not services.may_draft(request.actor, kind, place):
        raise Unknown("Cette remontée n’existe pas, ou elle n’est pas de votre périmètre.")
    if kind.template is Template.METZ:
        return redirect(f"{reverse('reports:live')}?{urlencode({'mois': str(period), 'dt': place.code})}")
    context: dict[str, Any] = {
        "kind": kind,
        "place": place,
        "period": period,
        "form": DraftForm.of(kind, str(place), str(period)),
        "warnings": services.draft_warnings(period),
    }
    if kind.template is Template.FIGURES:
        try:
            made = making.make(kind, place, period, NOW)
        except Impossible as error:
            context["refused"] = error
        else:
            shown = sheets.tables(sheets.parse(made.content))
            context |= {"sheets": shown, "charts": charts.of_sheets(shown), "certificate": made.certificate}
    return render(request, "reports/prepare.html", context)


@require_safe
@asks(Resource.RETURN)
def return_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One version: its figures, what they are made of, what changed since, what to do next."""
    actor = request.actor
    detail = queries.detail(actor, pk, compared="comparer" in request.GET)
    link = _link(actor, reverse("reports:people", args=[pk]))
    found, kind = detail.found, detail.found.type
    waiting = found.status not in GONE and detail.newest
    may_send = waiting and actor.may(Resource.RETURN, Action.SEND) and actor.role in kind.sends
    by_email = kind.channel is catalogue.Channel.EMAIL
    context = {
        "detail": detail,
        "found": found,
        "kind": kind,
        "by_email": by_email,
        "tables": tables.official(detail.definitions, detail.values, link) if detail.definitions else (),
        "charts": charts.of_sheets(detail.sheets),
        "bands": BAND_COLUMNS,
        "note": tables.UNCLASSIFIED_NOTE,
        "authors": {
            "drafted": detail.authors.get(found.drafted_by, ""),
            "validated": detail.authors.get(found.validated_by, ""),
            "sent": detail.authors.get(found.sent_by, ""),
            "acknowledged": detail.authors.get(found.acknowledged_by, ""),
        },
        "may_validate": found.status == ReturnStatus.DRAFTED
        and detail.newest
        and actor.may(Resource.RETURN, Action.VALIDATE)
        and actor.role in kind.validates
        and found.drafted_by != actor.agent_id,
        "may_send": may_send,
        "may_acknowledge": found.status == ReturnStatus.SENT
        and actor.may(Resource.RETURN, Action.ACKNOWLEDGE)
        and actor.role in kind.receives
        and found.sent_by != actor.agent_id,
        "missing": services.recipients_of(kind, found.place)[1] if may_send and by_email else [],
        "may_draft": services.may_draft(actor, kind, found.place),
        "may_export": actor.may(Resource.RETURN, Action.EXPORT),
        "formats": exports.formats_of(found),
        "draft_form": DraftForm.of(kind, found.territory, found.period),
        "deposit_form": DepositForm(),
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
        "draft_form": DraftForm.of(catalogue.METZ_MONTHLY, f"dt:{asked.direction}", str(asked.month)),
        "warnings": services.draft_warnings(ReturnPeriod(asked.month, 1)),
    }
    return render(request, "reports/live.html", context | _inside(figures if inside else None, link))


@require_safe
@asks(Resource.RETURN)
@asks(Resource.PERSON)
def people(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The persons behind a figure of a stored version."""
    found = queries.find_return(request.actor, pk)
    back = reverse("reports:return", args=[pk])
    figures = queries.figures_of(found)
    if figures is None:
        raise Unknown("Cette remontée ne mène à aucune liste de personnes.")
    return _people(request, lambda: figures, back, f"remontée {found.period} version {found.version}")


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
    """Freeze a period as the next version."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Cette remontée n’est pas valable. Recommencez depuis le calendrier.")
        return redirect("reports:returns")
    asked = form.cleaned_data
    try:
        found = services.draft_return(
            request.actor,
            asked["remontee"],
            asked["territoire"],
            asked["periode"],
            asked["commentaire"],
            request.POST.get("texte", ""),
        )
    except (Impossible, NotConfigured, BeforeFirstDate, UnknownCode, UnknownPeriod) as error:
        tell(request, error)
        return redirect("reports:returns")
    for sentence in services.draft_warnings(found.span):
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
    """Send a validated version to its recipients."""
    return _act(request, pk, services.send_return, "Remontée envoyée aux destinataires, fichier joint.")


@require_POST
@asks(Resource.RETURN, Action.SEND)
def deposit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say where a validated version was handed over."""
    where = request.POST.get("ou", "")[:200]
    return _act(request, pk, lambda actor, pk: services.deposit_return(actor, pk, where), "Remise notée.")


@require_POST
@asks(Resource.RETURN, Action.ACKNOWLEDGE)
def acknowledge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say that a version has arrived."""
    return _act(request, pk, services.acknowledge_return, "Réception notée.")


@require_safe
@asks(Resource.RETURN, Action.EXPORT)
def export(request: HttpRequest, pk: uuid.UUID, format: str) -> HttpResponse:
    """The stored bytes, a workbook, a tagged PDF, the schema of the table."""
    found = queries.find_return(request.actor, pk, Action.EXPORT)
    if format not in exports.formats_of(found):
        raise Unknown("Ce format n’existe pas pour cette remontée.")
    inside = format in ("xlsx", "pdf") and access.sees_internal(request.actor)
    written = exports.of_return(found, format, queries.figures_of(found) if inside else None)
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
    return services.may_draft(actor, catalogue.METZ_MONTHLY, Territory(Kind.DIRECTION, direction))


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
