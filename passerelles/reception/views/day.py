"""The day of one session: the table that two desks share, arrivals, absences, the end of the half-day."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.people.enums import Register
from passerelles.reception.enums import AbsenceReason
from passerelles.reception.forms.day import AbsenceForm, CollectiveForm, SlotForm
from passerelles.reception.models import Convocation, Desk
from passerelles.reception.queries import day as queries
from passerelles.reception.services import attendance, interviews, planning

NOTHING_NEW = 204


@require_safe
@asks(Resource.SESSION)
def session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The day screen of one session."""
    day = queries.day_of(request.actor, pk)
    note_access(request.actor, day.people, action="read", purpose="écran de la séance")
    held = day.session
    collective = CollectiveForm(
        initial={
            "minutes": held.collective_minutes,
            "messages": held.collective_messages,
            "tools": held.tools_shown,
        }
    )
    context = _table(request, day) | {
        "collective": collective,
        "alerts": queries.day_alerts(day),
        "can_check": request.actor.may(Resource.CHECK, Action.EDIT),
    }
    return render(request, "reception/session.html", context)


@require_safe
@asks(Resource.SESSION)
def session_table(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The table alone, asked every twenty seconds; nothing is answered, nor noted, when nothing has changed."""
    day = queries.day_of(request.actor, pk)
    if request.GET.get("etat") == day.fingerprint:
        return HttpResponse(status=NOTHING_NEW)
    note_access(request.actor, day.people, action="read", purpose="écran de la séance, mise à jour")
    return render(request, "reception/parts/table.html", _table(request, day) | {"refreshed": True})


@require_safe
@asks(Resource.SESSION)
def sheet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The attendance sheet, to print and sign."""
    day = queries.day_of(request.actor, pk)
    note_access(request.actor, day.people, action="read", purpose="feuille d’émargement")
    return render(request, "reception/sheet.html", {"day": day, "session": day.session})


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def arrival(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The person is there."""
    return _attend(request, pk, lambda: attendance.record_arrival(request.actor, pk))


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def absence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The person did not come, and why."""
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return _attend(request, pk, None, sentence="Choisissez le motif de l’absence.")
    return _attend(request, pk, lambda: attendance.record_absence(request.actor, pk, **form.cleaned_data))


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Back to "expected"."""
    return _attend(request, pk, lambda: attendance.undo_attendance(request.actor, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.SESSION, Action.EDIT)
def slot(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give another time or another desk to a person."""
    convocation = _convocation(request, pk)
    slots = queries.slots_left(convocation.session, convocation)
    form = SlotForm(slots, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        desk, instant = form.slots[form.cleaned_data["slot"]]
        try:
            planning.move_to_slot(request.actor, pk, desk_id=desk.pk, at=instant)
        except Refused:
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Nouveau créneau de {convocation.person} enregistré.")
            return redirect(_back_to(request, convocation))
    note_access(request.actor, [convocation.person_id], action="read", purpose="changement de créneau")
    context = {"form": form, "convocation": convocation, "session": convocation.session}
    return render(request, "reception/slot.html", context, status=400 if form.errors else 200)


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def interview_open(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open the interview at this desk, or the one another desk has opened."""
    convocation = _convocation(request, pk)
    desk = _desk_asked(request, list(convocation.session.desks.all()))
    try:
        interview = interviews.start_interview(request.actor, pk, desk_id=desk.pk if desk else None)
    except Refused:
        raise
    except UserError as error:
        tell(request, error)
        return redirect(_back_to(request, convocation))
    address = reverse("reception:interview", args=[interview.pk])
    return redirect(f"{address}?bureau={desk.pk}" if desk else address)


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def collective(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The collective presentation was held (C-015, C-016)."""
    queries.session_seen(request.actor, pk)
    form = CollectiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Indiquez la durée de la présentation, en minutes entre 0 et 240.")
        return redirect(reverse("reception:session", args=[pk]) + "#presentation")
    try:
        alert = attendance.hold_collective(request.actor, pk, **form.cleaned_data)
    except Refused:
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, "Présentation collective enregistrée.")
        if alert:
            messages.warning(request, alert)
    return redirect("reception:session", pk)


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End of the half-day."""
    return _turn(request, pk, attendance.close_session, "Séance clôturée.")


@require_POST
@asks(Resource.SESSION, Action.EDIT)
def reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open again a session closed too early."""
    return _turn(request, pk, attendance.reopen_session, "Séance rouverte.")


def _turn(request: HttpRequest, pk: uuid.UUID, verb: Callable, done: str) -> HttpResponse:
    queries.session_seen(request.actor, pk)
    try:
        verb(request.actor, pk)
    except Refused:
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, done)
    return redirect("reception:session", pk)


def _attend(request: HttpRequest, pk: uuid.UUID, verb: Callable | None, sentence: str = "") -> HttpResponse:
    """Run the verb, then show the line: alone for htmx, in its page otherwise. A mistake is told in both."""
    if verb is not None:
        try:
            verb()
        except (Refused, Unknown):
            raise
        except UserError as error:
            sentence = str(error)
    if sentence:
        messages.error(request, sentence)
    convocation = _convocation(request, pk)
    if not request.htmx:
        return redirect(_back_to(request, convocation))
    day = queries.day_of(request.actor, convocation.session_id)
    context = _table(request, day) | {
        "line": next((line for line in day.lines if line.pk == pk), None),
        "refreshed": True,
    }
    return render(request, "reception/parts/row_answer.html", context)


def _table(request: HttpRequest, day: queries.Day) -> dict[str, Any]:
    desk = _desk_asked(request, list(day.desks))
    following = request.GET.get("suivante")
    if not following and desk is not None:
        following = getattr(queries.next_line(day.lines, desk.pk), "pk", None)
    return {
        "day": day,
        "session": day.session,
        "lines": day.at_desk(desk),
        "desk": desk,
        "following": str(following or ""),
        "registers": list(Register),
        "absence_reasons": AbsenceReason.choices,
        "can_act": day.can_edit and day.is_open,
    }


def _convocation(request: HttpRequest, pk: uuid.UUID) -> Convocation:
    return policy.get_or_404(
        request.actor,
        Convocation.objects.select_related("session", "person", "desk"),
        Resource.SESSION,
        pk,
        Action.EDIT,
    )


def _desk_asked(request: HttpRequest, desks: list[Desk]) -> Desk | None:
    """The desk of `?bureau=` (or of the form), None for all of them or for a desk of another session."""
    asked = request.POST.get("bureau") or request.GET.get("bureau")
    return next((desk for desk in desks if str(desk.pk) == asked), None)


def _back_to(request: HttpRequest, convocation: Convocation) -> str:
    address = reverse("reception:session", args=[convocation.session_id])
    desk = request.POST.get("bureau") or request.GET.get("bureau")
    known = desk and any(str(each.pk) == desk for each in convocation.session.desks.all())
    return f"{address}{f'?bureau={desk}' if known else ''}#c-{convocation.pk}"
