"""“Our queue” and what we have sent."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from passerelles.core import clock
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of
from passerelles.referrals.queries import calendars, lists
from passerelles.referrals.queries.lists import RECEIVED_TABS, SENT_TABS, Filters


@require_safe
@asks(Resource.REFERRAL)
def home(request: HttpRequest) -> HttpResponse:
    """The list that concerns the role most."""
    return redirect("referrals:received" if lists.receives(request.actor) else "referrals:sent")


@never_cache
@require_safe
@asks(Resource.REFERRAL)
def received(request: HttpRequest) -> HttpResponse:
    """Our queue: what is addressed to us."""
    return _list(request, "received", RECEIVED_TABS, "a_repondre")


@never_cache
@require_safe
@asks(Resource.REFERRAL)
def sent(request: HttpRequest) -> HttpResponse:
    """What we have sent, and what comes back to us."""
    return _list(request, "sent", SENT_TABS, "attente")


@never_cache
@require_safe
@asks(Resource.REFERRAL)
def disputes(request: HttpRequest) -> HttpResponse:
    """The contradictions to settle."""
    rows = lists.disputes(request.actor)
    page = page_of(request, rows)
    people = [row.appointment.referral.person_id for row in page.object_list]
    note_access(request.actor, people, action="read", purpose="contradictions à trancher")
    return render(request, "referrals/disputes.html", {"page": page})


@require_safe
@asks(Resource.REFERRAL)
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The appointments of our queue as a calendar file."""
    answer = HttpResponse(calendars.feed(request.actor), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return answer


def _list(request: HttpRequest, which: str, tabs: dict, default: str) -> HttpResponse:
    actor, today = request.actor, clock.today()
    asked = _filters(request, tabs, default)
    rows = lists.received(actor) if which == "received" else lists.sent(actor)
    page = page_of(request, lists.lines(rows, tabs, asked, actor, today), related=lists.SHOWN)
    note_access(actor, [row.person_id for row in page.object_list], action="read", purpose="liste des orientations")
    context = {
        "page": page,
        "which": which,
        "asked": asked,
        "tabs": lists.totals(rows, tabs, asked, actor, today),
        "colleagues": lists.colleagues(actor, today),
        "today": today,
        "receives": lists.receives(actor),
        "to_settle": lists.disputes(actor).count() if actor.may(Resource.REFERRAL, Action.EDIT) else 0,
        "may_answer_by_file": which == "received" and actor.may(Resource.ANSWERS, Action.EDIT),
        "may_publish": lists.receives(actor) and policy.scope_of(actor, Resource.REFERRAL, Action.EDIT) is not None,
    }
    return render(request, "referrals/list.html", context)


def _filters(request: HttpRequest, tabs: dict, default: str) -> Filters:
    """What is not understood is left out."""
    tab, holder = request.GET.get("etat", ""), request.GET.get("agent", "")
    if holder not in {"", "moi", "personne"}:
        try:
            holder = str(uuid.UUID(holder))
        except ValueError:
            holder = ""
    return Filters(tab if tab in tabs else default, late=request.GET.get("retard") == "oui", holder=holder)
