"""Screens of the answers by file: take the table out, send it back, see what each line does, apply, rejects."""

from __future__ import annotations

import io
import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.exchange import answer_queries as queries
from passerelles.exchange.answer_queries import SheetOut
from passerelles.exchange.forms import AnswerForm
from passerelles.exchange.models import AnswerFile, ImportStatus, LineOutcome
from passerelles.exchange.readers.answer_sheet import FORMATS, write
from passerelles.exchange.readers.rejects import write_rejects
from passerelles.exchange.services import answers as services
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of, tell

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
OFFERED = (("xlsx", "Excel (xlsx)"), ("ods", "LibreOffice (ods)"), ("csv", "Texte (csv)"))
WAITING = {ImportStatus.CHECKING, ImportStatus.QUEUED, ImportStatus.RUNNING}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.ANSWERS)
def answers(request: HttpRequest) -> HttpResponse:
    """Take the table out, send it back; the files already sent."""
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            received = services.receive(
                request.actor, filename=file.name, content=file.read(), membership=request.membership
            )
            services.check_or_queue(request.actor, received.pk)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error("file", str(error))
        else:
            return redirect("exchange:answer-file", received.pk)
    context = {
        "form": form,
        "page": page_of(request, queries.answer_files(request.actor)),
        "waiting": queries.waiting(request.actor.organisation, request.actor).count(),
        "formats": OFFERED,
    }
    return render(request, "exchange/answers.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@asks(Resource.ANSWERS)
def sheet(request: HttpRequest, form: str) -> HttpResponse:
    """The table to fill in. Who took it out is in the access log."""
    out = queries.answer_sheet(request.actor.organisation, request.actor) if form in FORMATS else None
    if out is None:
        raise Http404
    note_access(request.actor, out.people, action="export", purpose="tableau des orientations à remplir")
    return file_of(out, form)


@never_cache
@require_safe
@asks(Resource.ANSWERS)
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One file: what each line does or would do, or what is wrong with it."""
    received = _received(request, pk)
    waiting = received.status in WAITING
    if request.htmx and "suivi" in request.GET and not waiting:
        return HttpResponseClientRefresh()
    context = {
        "received": received,
        "page": page_of(request, queries.lines(received), 50),
        "counts": queries.counts(received),
        "to_apply": received.summary.get("ready", 0),
        "rejected": received.summary.get("reject", 0),
        "waiting": waiting,
    }
    partial = request.htmx and "suivi" in request.GET
    return render(request, "exchange/_answer_progress.html" if partial else "exchange/answer_file.html", context)


@require_POST
@asks(Resource.ANSWERS, Action.EDIT)
def start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Apply the lines that are ready."""
    ready = _received(request, pk).summary.get(LineOutcome.READY, 0)
    try:
        received = services.apply_or_queue(request.actor, pk)
        if received.status == ImportStatus.DONE:
            _tell_applied(request, received, ready)
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    return redirect("exchange:answer-file", pk)


@require_safe
@asks(Resource.ANSWERS)
def rejects(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The refused lines, in the layout of the file, with the reason and the remedy."""
    return rejects_of(_received(request, pk))


def _tell_applied(request: HttpRequest, received: AnswerFile, ready: int) -> None:
    """A line that was ready may be refused when it is written: somebody answered otherwise since the check."""
    lost = ready - received.summary.get(LineOutcome.DONE, 0)
    if lost <= 0:
        messages.success(request, "Vos réponses sont enregistrées.")
        return
    lines = "1 ligne a changé depuis le contrôle" if lost == 1 else f"{lost} lignes ont changé depuis le contrôle"
    messages.warning(request, f"{lines} : rien n’en est enregistré, voyez pourquoi ci-dessous.")


def file_of(out: SheetOut, form: str) -> FileResponse:
    """The table as a file: its name says nothing of anybody."""
    content = io.BytesIO()
    write(out.sheet, form, content)
    content.seek(0)
    name = f"orientations-a-repondre-{clock.today():%Y-%m-%d}.{form}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=TYPES[form])


def rejects_of(received: AnswerFile) -> FileResponse:
    """The refused lines as a file."""
    content = io.BytesIO()
    write_rejects(services.headers_of(received), services.rejected_lines(received), content)
    content.seek(0)
    stem = received.filename.rsplit(".", 1)[0]
    return FileResponse(content, as_attachment=True, filename=f"rejets-{stem}.xlsx", content_type=TYPES["xlsx"])


def _received(request: HttpRequest, pk: uuid.UUID) -> AnswerFile:
    rows = AnswerFile.objects.select_related("organisation", "agent", "link")
    return policy.get_or_404(request.actor, rows, Resource.ANSWERS, pk)
