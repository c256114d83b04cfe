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
from passerelles.core.errors import EditedElsewhere, Impossible, Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.orientation.forms import QuestionsForm, field_name, sources_of
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.services import statements
from passerelles.reception.forms.interview import InterviewForm, known_contacts
from passerelles.reception.models import Interview
from passerelles.reception.queries import day as day_queries
from passerelles.reception.queries import interview as queries
from passerelles.reception.queries import orientation
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
    return render(request, "reception/interview.html", _context(request, page, form, correcting=correcting))


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def interview_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One question of the orientation answered; the panel comes back with the next one, the form stays as it is."""
    page = queries.interview_page(request.actor, pk)
    form = InterviewForm(page.interview, request.POST, may_register=page.may_register)
    form.is_valid()
    failure = _answer(request, page)
    context = _context(request, page, form)
    return render(request, "reception/parts/orientation.html", context | {"failure": failure, "focus": True})


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def interview_autosave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Save what is valid so far; the answer is a line of status, the new version and the decision."""
    page = queries.interview_page(request.actor, pk)
    form = InterviewForm(page.interview, request.POST, may_register=page.may_register)
    form.is_valid()
    context = _context(request, page, form)
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
    panel = context["panel"]
    context["redraw"] = panel is not None and request.POST.get("panneau") not in (None, panel.fingerprint)
    return render(request, "reception/parts/autosave.html", context)


def _write(request: HttpRequest, page: queries.InterviewPage, correcting: bool) -> HttpResponse:
    form = InterviewForm(page.interview, request.POST, may_register=page.may_register)
    action = request.POST.get("action", "")
    finishing = action == "terminer"
    verb = interviews.finish_interview if finishing or page.is_done else interviews.save_interview
    form.is_valid()
    context = _context(request, page, form, correcting=correcting or page.is_done)
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
    if action in {"repondre", "orienter"}:
        failure = _answer(request, page) if action == "repondre" else _orient(request, page, form)
        if failure is not None:
            context = _context(request, queries.interview_page(request.actor, page.interview.pk), form)
            return render(
                request,
                "reception/interview.html",
                context | {"failure": failure, "saved_at": clock.now()},
                status=409 if isinstance(failure, EditedElsewhere) else 400,
            )
        return redirect(request.get_full_path())
    if request.POST.get(field_name(request.POST.get("question", ""))):
        failure = _answer(request, page)
        if failure is not None:
            tell(request, failure)
    if verb is interviews.save_interview:
        left = f" Champs laissés de côté : {', '.join(form.mistakes)}." if form.mistakes else ""
        messages.success(request, f"Saisie enregistrée.{left}")
        return redirect(request.get_full_path())
    messages.success(request, f"Entretien de {page.identity.name} enregistré.")
    return redirect(_next_in_session(request, page))


def _answer(request: HttpRequest, page: queries.InterviewPage) -> UserError | None:
    """The answer given to the question of the panel, recorded; what prevented it otherwise."""
    code = request.POST.get("question", "")
    if code not in ITEMS:
        return Impossible("Aucune question n’a reçu de réponse.")
    form = QuestionsForm([code], request.POST)
    if not form.is_valid() or not form.answers:
        wrong = [error for errors in form.errors.values() for error in errors]
        return Impossible(wrong[0] if wrong else "Choisissez une réponse.")
    sources, asked = sources_of(code), request.POST.get("source", "")
    try:
        statements.state(
            request.actor,
            page.identity.person_id,
            form.answers,
            source=asked if asked in sources else sources[0],
            as_of=page.session.held_on,
            read=form.read,
        )
    except (Refused, Unknown):
        raise
    except UserError as error:
        return error
    return None


def _orient(request: HttpRequest, page: queries.InterviewPage, form: InterviewForm) -> UserError | None:
    """The orientation decided at the desk, from what the form says and what is known."""
    try:
        interviews.orient(
            request.actor,
            page.interview.pk,
            chosen=request.POST.getlist("choix"),
            reason=request.POST.get("motif", ""),
            read=_identifier(request.POST.get("decision_lue", "")),
            typed=orientation.typed_facts(form.facts, page.interview),
        )
    except (Refused, Unknown):
        raise
    except UserError as error:
        return error
    messages.success(request, "Orientation enregistrée.")
    return None


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _context(
    request: HttpRequest, page: queries.InterviewPage, form: InterviewForm, *, correcting: bool = False
) -> dict[str, Any]:
    interview = page.interview
    typed = form.cleaned_data if form.is_bound else form.initial
    facts = form.facts if form.is_bound else interviews.facts_of(interview)
    decision = queries.decide(
        facts,
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
        "panel": orientation.panel_of(
            request.actor,
            interview,
            facts,
            form.data if form.is_bound else None,
            decisions=page.decisions,
            consents=page.consents,
        ),
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
    return int(preferred) if preferred.isdecimal() and len(preferred) < 10 else form.cleaned_data.get("version") or 0


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
