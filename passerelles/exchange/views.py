"""Screens of the files received: drop, columns, dry run, import, rejects."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from passerelles.core.errors import UserError
from passerelles.exchange import queries, services
from passerelles.exchange.forms import ColumnsForm, UploadForm
from passerelles.exchange.models import FileKind, Import, ImportStatus
from passerelles.exchange.readers.layouts import LAYOUTS
from passerelles.exchange.readers.problems import FileProblem
from passerelles.exchange.readers.rejects import write_rejects, write_template
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of, tell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAITING = {ImportStatus.CHECKING, ImportStatus.QUEUED, ImportStatus.RUNNING}


@require_GET
@asks(Resource.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """The files received, newest first."""
    page = page_of(request, queries.imports(request.actor))
    return render(request, "exchange/imports.html", {"page": page, "kinds": FileKind.choices})


@asks(Resource.IMPORT, Action.EDIT)
def upload(request: HttpRequest) -> HttpResponse:
    """Drop a file; the next screen shows what was understood of it."""
    initial = {"kind": request.GET.get("nature", FileKind.CONVOCATIONS)}
    form = UploadForm(request.POST or None, request.FILES or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            received = services.receive(
                request.actor,
                kind=form.cleaned_data["kind"],
                dt=form.cleaned_data["dt"],
                filename=form.cleaned_data["file"].name,
                content=form.cleaned_data["file"].read(),
                as_of=form.cleaned_data["as_of"],
                membership=request.membership,
            )
        except UserError as error:
            form.add_error("file", str(error))
        else:
            if received.status == ImportStatus.DONE:
                messages.info(request, "Ce fichier a déjà été importé : rien n’a changé.")
                return redirect("exchange:import", received.pk)
            return redirect("exchange:columns", received.pk)
    return render(request, "exchange/upload.html", {"form": form}, status=400 if form.errors else 200)


@asks(Resource.IMPORT, Action.EDIT)
def columns(request: HttpRequest, pk) -> HttpResponse:
    """The guess of the columns, to confirm or to change; then the dry run."""
    received = _received(request, pk, Action.EDIT)
    if received.status not in {ImportStatus.RECEIVED, ImportStatus.CHECKED, ImportStatus.REFUSED}:
        return redirect("exchange:import", pk)
    try:
        guess = queries.column_guess(received)
    except FileProblem as problem:
        return render(request, "exchange/unreadable.html", {"received": received, "problem": problem}, status=422)
    form = ColumnsForm(request.POST or None, kind=received.kind, headers=guess.headers, guessed=guess.guessed)
    if request.method == "POST" and form.is_valid():
        services.choose_columns(request.actor, pk, form.chosen, remember=form.cleaned_data["remember"])
        services.check_or_queue(request.actor, _received(request, pk, Action.EDIT))
        return redirect("exchange:import", pk)
    context = {"received": received, "guess": guess, "form": form}
    return render(request, "exchange/columns.html", context, status=400 if form.errors else 200)


@require_GET
@asks(Resource.IMPORT)
def detail(request: HttpRequest, pk) -> HttpResponse:
    """One file: what was found in it, line by line, and how far its import has gone."""
    received = _received(request, pk)
    context = {
        "received": received,
        "page": page_of(request, queries.problems(received), 50),
        "summary": queries.summary_lines(received),
        "waiting": received.status in WAITING,
        "may_import": policy.scope_of(request.actor, Resource.IMPORT, Action.EDIT) is not None,
    }
    if not (request.htmx and "suivi" in request.GET):
        return render(request, "exchange/import.html", context)
    if not context["waiting"]:
        return HttpResponseClientRefresh()
    return render(request, "exchange/_progress.html", context)


@require_POST
@asks(Resource.IMPORT, Action.EDIT)
def start(request: HttpRequest, pk) -> HttpResponse:
    """Import the accepted lines."""
    received = _received(request, pk, Action.EDIT)
    try:
        services.apply_or_queue(request.actor, received)
    except UserError as error:
        tell(request, error)
    return redirect("exchange:import", pk)


@require_GET
@asks(Resource.IMPORT)
def rejects(request: HttpRequest, pk) -> HttpResponse:
    """The lines that were not imported, in the layout of the file, with the reason and the remedy."""
    received = _received(request, pk)
    out = io.BytesIO()
    write_rejects(services.headers_of(received), services.rejected_lines(received), out)
    out.seek(0)
    stem = received.filename.rsplit(".", 1)[0]
    return FileResponse(out, as_attachment=True, filename=f"rejets-{stem}.xlsx", content_type=XLSX)


@require_GET
@asks(Resource.IMPORT)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The model of a file, to fill in."""
    if kind not in LAYOUTS:
        raise Http404
    out = io.BytesIO()
    write_template(kind, out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"modele-{kind}.xlsx", content_type=XLSX)


def _received(request: HttpRequest, pk, action: Action = Action.VIEW) -> Import:
    rows = Import.objects.select_related("dt", "organisation", "agent")
    return policy.get_or_404(request.actor, rows, Resource.IMPORT, pk, action)
