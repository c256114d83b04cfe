"""The individual interview: one page, saved as it is filled, finished with one outcome."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.reception.forms.interview import InterviewForm, known_contacts
from passerelles.reception.models import Interview
from passerelles.reception.queries import day as day_queries
from passerelles.reception.queries import interview as queries
from passerelles.reception.services import interviews


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.SESSION, Action.EDIT)
def interview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the interview; save or finish it. A finished one is read, unless `?corriger=1`."""
    page = queries.interview_page(request.actor, pk)
    correcting = page.is_done and request.GET.get("corriger") == "1"
    if request.method == "POST":
        return _write(request, page, correcting)
    form = InterviewForm(page.interview, may_register=page.may_register)
    if page.is_done and not correcting:
        form.read_only()
    note_access(request.actor, [page.identity.person_id], action="read", purpose="entretien individuel")
    return render(request, "reception/interview.html", _context(page, form, correcting=correcting))


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def interview_autosave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Save what is valid so far; the answer is a line of status, the new version and the decision."""
    page = queries.interview_page(request.actor, pk)
    form = InterviewForm(page.interview, request.POST, may_register=page.may_register)
    form.is_valid()
    context = _context(page, form)
    try:
        saved = interviews.save_interview(request.actor, pk, version=_version(form), values=form.values)
    except (Refused, Unknown):
        raise
    except EditedElsewhere as conflict:
        context |= _conflict(page.interview, form, conflict)
    except UserError as error:
        context["refusal"] = error
    else:
        context |= {"saved_at": clock.now(), "version": saved.version}
    return render(request, "reception/parts/autosave.html", context)


def _write(request: HttpRequest, page: queries.InterviewPage, correcting: bool) -> HttpResponse:
    form = InterviewForm(page.interview, request.POST, may_register=page.may_register)
    finishing = request.POST.get("action") == "terminer"
    verb = interviews.finish_interview if finishing or page.is_done else interviews.save_interview
    form.is_valid()
    context = _context(page, form, correcting=correcting or page.is_done)
    if finishing and form.errors:
        return render(request, "reception/interview.html", context | {"incomplete": True}, status=400)
    try:
        version = _version(form, request.POST.get("prefer", ""))
        verb(request.actor, page.interview.pk, version=version, values=form.values)
    except (Refused, Unknown):
        raise
    except EditedElsewhere as conflict:
        context |= _conflict(page.interview, form, conflict)
        return render(request, "reception/interview.html", context, status=409)
    except UserError as error:
        return render(request, "reception/interview.html", context | {"refusal": error}, status=409)
    if verb is interviews.save_interview:
        left = f" Champs laissés de côté : {', '.join(form.mistakes)}." if form.mistakes else ""
        messages.success(request, f"Saisie enregistrée.{left}")
        return redirect(request.get_full_path())
    messages.success(request, f"Entretien de {page.identity.name} enregistré.")
    return redirect(_next_in_session(request, page))


def _context(page: queries.InterviewPage, form: InterviewForm, *, correcting: bool = False) -> dict[str, Any]:
    interview = page.interview
    typed = form.cleaned_data if form.is_bound else form.initial
    decision = queries.decide(
        form.facts if form.is_bound else interviews.facts_of(interview),
        page.session,
        registered=bool(typed.get("registered")),
        not_registered_reason=typed.get("not_registered_reason") or "",
    )
    return {
        "page": page,
        "interview": interview,
        "session": page.session,
        "form": form,
        "decision": decision,
        "version": interview.version,
        "correcting": correcting,
        "locked": page.is_done and not correcting,
        "elapsed": max(0, int((clock.now() - interview.started_at).total_seconds())),
        "limit_minutes": page.session.slot_minutes,
    }


def _conflict(interview: Interview, form: InterviewForm, error: EditedElsewhere) -> dict[str, Any]:
    return {
        "conflict": error,
        "stored_version": interview.version,
        "differences": queries.differences(interview, form.values, form.labels, known_contacts(interview)),
    }


def _version(form: InterviewForm, preferred: str = "") -> int:
    """The version that was read; the newer one when the agent chose to write over it."""
    return int(preferred) if preferred.isdigit() else form.cleaned_data.get("version") or 0


def _next_in_session(request: HttpRequest, page: queries.InterviewPage) -> str:
    """Back to the session, the next person highlighted."""
    day = day_queries.day_of(request.actor, page.session.pk)
    asked = request.GET.get("bureau")
    desk = next((desk for desk in day.desks if str(desk.pk) == asked), None)
    following = day_queries.next_line(day.lines, desk.pk if desk else page.interview.desk_id)
    address = reverse("reception:session", args=[page.session.pk])
    query = [f"bureau={desk.pk}"] if desk else []
    if following is None:
        return f"{address}?{query[0]}" if query else address
    return f"{address}?{'&'.join([*query, f'suivante={following.pk}'])}#c-{following.pk}"
