"""The week, and what is decided before the day: plan, change, cancel a session."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import Refused, UserError
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.reception.enums import SessionStatus
from passerelles.reception.forms.sessions import CancelForm, PlanForm, SessionForm
from passerelles.reception.queries.day import session_seen
from passerelles.reception.queries.week import by_day, week_sessions
from passerelles.reception.services import planning
from passerelles.reference.calendar import iso_week, parse_iso_week, week_label_fr, week_of
from passerelles.reference.tables import UnknownCode

ONE_WEEK = dt.timedelta(days=7)


@require_safe
@asks(Resource.SESSION)
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of one ISO week, this one by default (C-014)."""
    week = week_of(clock.today())
    if request.GET.get("semaine"):
        try:
            week = parse_iso_week(request.GET["semaine"])
        except UnknownCode as error:
            tell(request, error)
    lines = week_sessions(request.actor, week)
    context = {
        "days": by_day(lines, week),
        "sessions_count": sum(not line.is_cancelled for line in lines),
        "week_label": week_label_fr(week.start),
        "week": iso_week(week.start),
        "previous_week": iso_week(week.start - ONE_WEEK),
        "next_week": iso_week(week.start + ONE_WEEK),
        "this_week": iso_week(clock.today()),
        "today": clock.today(),
        "can_plan": request.actor.may(Resource.SESSION, Action.EDIT),
    }
    return render(request, "reception/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.SESSION, Action.EDIT)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a session (C-001)."""
    today = clock.today()
    if request.method != "POST":
        form = PlanForm(request.actor, today, initial={"held_on": _day_asked(request) or today, "half_day": "am"})
        return render(request, "reception/plan.html", {"form": form})
    form = PlanForm(request.actor, today, request.POST)
    if form.is_valid():
        try:
            session = planning.plan_session(request.actor, **form.cleaned_data)
        except Refused:
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Séance du {session} planifiée.")
            return redirect("reception:session", session.pk)
    return render(request, "reception/plan.html", {"form": form}, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.SESSION, Action.EDIT)
def session_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change the place, the capacity, the desks, the languages and the partners of a session."""
    session = session_seen(request.actor, pk)
    form = SessionForm.of(session, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                planning.change_session(request.actor, pk, **form.cleaned_data)
            except Refused:
                raise
            except UserError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Séance modifiée.")
                return redirect("reception:session", pk)
    context = {
        "session": session,
        "form": form,
        "cancel_form": CancelForm(),
        "can_cancel": session.status == SessionStatus.PLANNED,
    }
    return render(request, "reception/session_edit.html", context, status=status)


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def session_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Cancel a session where nobody was received yet."""
    form = CancelForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Indiquez le motif de l’annulation.")
        return redirect("reception:session-edit", pk)
    try:
        session = planning.cancel_session(request.actor, pk, reason=form.cleaned_data["reason"])
    except Refused:
        raise
    except UserError as error:
        session_seen(request.actor, pk)
        tell(request, error)
        return redirect("reception:session-edit", pk)
    messages.success(request, f"Séance du {session} annulée.")
    return redirect("reception:session", pk)


def _day_asked(request: HttpRequest) -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        return None
