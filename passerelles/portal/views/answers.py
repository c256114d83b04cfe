"""An organisation without account answers many at once: the table out and in, by a link sent to its mailbox only.

The link of one referral does not open the others: it only lets the organisation ask for this one.
"""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core.errors import UserError
from passerelles.exchange import answer_queries as queries
from passerelles.exchange.answer_views import OFFERED, file_of, rejects_of
from passerelles.exchange.forms import AnswerForm
from passerelles.exchange.models import ImportStatus
from passerelles.exchange.readers.answer_sheet import FORMATS
from passerelles.exchange.services import answers as services
from passerelles.journal.services import note_access
from passerelles.messages.models import Link, LinkPurpose
from passerelles.network.http import page_of
from passerelles.portal.doors import opened_by
from passerelles.portal.services import ask_file, guest
from passerelles.portal.wording import texts_in

WAITING = {ImportStatus.CHECKING, ImportStatus.QUEUED, ImportStatus.RUNNING}


@opened_by(LinkPurpose.PARTNER_ANSWER)
@require_POST
def ask(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """Send the link of the table to the mailbox of the organisation."""
    ask_file(link)
    return redirect(reverse("portal:partner", args=[token]) + "?tableau=1")


@opened_by(LinkPurpose.PARTNER_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """Take the table out, send it back."""
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        file, sender = form.cleaned_data["file"], guest(link)
        try:
            received = services.receive(sender, filename=file.name, content=file.read())
            services.check_or_queue(sender, received.pk)
        except UserError as error:
            form.add_error("file", str(error))
        else:
            return redirect("portal:answers-file", token, received.pk)
    context = {
        "link": link,
        "token": token,
        "texts": texts_in("fra"),
        "form": form,
        "waiting": queries.waiting(guest(link).organisation, None).count(),
        "formats": OFFERED,
    }
    return render(request, "portal/answers.html", context, status=422 if form.errors else 200)


@opened_by(LinkPurpose.PARTNER_FILE)
@require_safe
def sheet(request: HttpRequest, link: Link, token: str, form: str) -> FileResponse:
    """The table to fill in."""
    if form not in FORMATS:
        raise Http404
    sender = guest(link)
    out = queries.answer_sheet(sender.organisation, None)
    note_access(sender.actor, out.people, action="export", purpose=f"tableau des orientations (lien {link.pk})")
    return file_of(out, form)


@opened_by(LinkPurpose.PARTNER_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, link: Link, token: str, pk: uuid.UUID) -> HttpResponse:
    """What each line does or would do; a POST applies those that are ready."""
    sender, problem = guest(link), ""
    received = services.opened(sender, pk)
    if request.method == "POST":
        try:
            services.apply_or_queue(sender, pk)
        except UserError as error:
            problem = str(error)
        else:
            return redirect("portal:answers-file", token, pk)
    context = {
        "link": link,
        "token": token,
        "texts": texts_in("fra"),
        "received": received,
        "page": page_of(request, queries.lines(received), 100),
        "counts": queries.counts(received),
        "to_apply": received.summary.get("ready", 0),
        "rejected": received.summary.get("reject", 0),
        "busy": received.status in WAITING,
        "problem": problem,
    }
    return render(request, "portal/answers_file.html", context, status=409 if problem else 200)


@opened_by(LinkPurpose.PARTNER_FILE)
@require_safe
def rejects(request: HttpRequest, link: Link, token: str, pk: uuid.UUID) -> FileResponse:
    """The refused lines, in the layout of the file."""
    return rejects_of(services.opened(guest(link), pk))
