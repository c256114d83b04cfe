"""The page of a referral and everything that may be done from it: one address per event of the table."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.referrals.forms import FORMS, AppointmentForm, form_of
from passerelles.referrals.queries import calendars, lists
from passerelles.referrals.queries.page import ReferralPage, referral_page, state_kind
from passerelles.referrals.queries.receivers import capacity_of
from passerelles.referrals.rules.words import Event, Party
from passerelles.referrals.services import answers, appointments, places, sending

Verb = Callable[..., Any]
VERBS: dict[Event, Verb] = {
    Event.PROPOSE: sending.send,
    Event.SEND: sending.send,
    Event.VALIDATE: sending.validate,
    Event.REJECT: sending.reject,
    Event.RECEIVE: answers.receive,
    Event.STUDY: answers.study,
    Event.ACCEPT: answers.accept,
    Event.DECLINE: answers.decline,
    Event.FIX: appointments.fix,
    Event.RESCHEDULE: appointments.fix,
    Event.POSTPONE: appointments.postpone,
    Event.ATTEND: appointments.declare_attended,
    Event.MISS: appointments.declare_missed,
    Event.START: answers.start,
    Event.REVIEW: answers.review,
    Event.END: answers.end,
    Event.WITHDRAW: sending.withdraw,
    Event.TAKE_OVER: sending.take_back,
    Event.HOLD: sending.hold,
}
BUTTONS = {
    Event.PROPOSE: "Proposer à l’OFII",
    Event.SEND: "Envoyer",
    Event.VALIDATE: "Valider et envoyer",
    Event.REJECT: "Refuser la proposition",
    Event.RECEIVE: "Accuser réception",
    Event.STUDY: "Mettre à l’étude",
    Event.ACCEPT: "Accepter",
    Event.DECLINE: "Décliner",
    Event.FIX: "Donner un rendez-vous",
    Event.RESCHEDULE: "Changer la date",
    Event.POSTPONE: "Abandonner cette date",
    Event.ATTEND: "Le rendez-vous a eu lieu",
    Event.MISS: "La personne n’est pas venue",
    Event.START: "L’accompagnement commence",
    Event.REVIEW: "Toujours accompagnée",
    Event.END: "Terminer",
    Event.WITHDRAW: "Retirer",
    Event.TAKE_OVER: "Reprendre sans attendre",
    Event.HOLD: "Repousser l’échéance",
}
ALREADY_MET = "La personne a déjà été reçue"
FIRST = (Event.SEND, Event.VALIDATE, Event.ACCEPT, Event.FIX, Event.ATTEND, Event.START, Event.REVIEW)


@never_cache
@require_safe
@asks(Resource.REFERRAL)
def referral(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was sent, where it stands, its history, what may be done."""
    page = referral_page(request.actor, pk)
    note_access(request.actor, [page.referral.person_id], action="read", purpose="orientation")
    return _shown(request, page)


@require_POST
@asks(Resource.REFERRAL)
def act(request: HttpRequest, pk: uuid.UUID, event: str) -> HttpResponse:
    """Play one event; a mistake shows the page again with what was typed."""
    chosen = _event(event)
    page = referral_page(request.actor, pk)
    form = form_of(chosen, page.party or Party.SENDER, request.POST)
    try:
        if form.is_valid():
            values = form.values if isinstance(form, AppointmentForm) else form.cleaned_data
            VERBS[chosen](request.actor, pk, **{k: v for k, v in values.items() if v not in (None, "")})
            messages.success(request, f"{BUTTONS[chosen]} : c’est enregistré.")
            return redirect("referrals:referral", pk)
    except (Refused, Unknown):
        raise
    except UserError as error:
        form.add_error(None, str(error))
    return _shown(request, referral_page(request.actor, pk), mistaken={chosen: form}, status=400)


@require_POST
@asks(Resource.REFERRAL, Action.EDIT)
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the case to a colleague, or back to the queue."""
    agent = request.POST.get("agent", "")
    try:
        answers.assign(request.actor, pk, agent_id=uuid.UUID(agent) if agent else None)
    except ValueError:
        raise Http404 from None
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, "L’orientation est confiée." if agent else "L’orientation est remise dans la file.")
    return redirect("referrals:referral", pk)


@require_POST
@asks(Resource.REFERRAL, Action.EDIT)
def book(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a published slot, or hold a place of a week."""
    try:
        if request.POST.get("slot"):
            starts_at = dt.datetime.fromisoformat(request.POST["slot"])
            places.book_slot(request.actor, pk, starts_at=starts_at)
            messages.success(request, "La place est prise et le rendez-vous fixé.")
        else:
            places.ask_place(request.actor, pk, week_of=dt.date.fromisoformat(request.POST.get("week", "")))
            messages.success(request, "Une place est retenue : l’organisme donnera l’heure.")
    except ValueError:
        raise Http404 from None
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    return redirect("referrals:referral", pk)


@require_POST
@asks(Resource.REFERRAL, Action.EDIT)
def settle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say what is held true of a disputed appointment."""
    try:
        took_place = request.POST.get("a_eu_lieu") == "oui"
        appointments.settle(request.actor, pk, took_place=took_place, note=request.POST.get("note", "")[:300])
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, "La contradiction est tranchée.")
    return redirect("referrals:disputes")


@require_safe
@asks(Resource.REFERRAL)
def invitation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The appointment as a calendar file."""
    answer = HttpResponse(calendars.invitation(request.actor, pk), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return answer


def _event(name: str) -> Event:
    try:
        event = Event(name)
    except ValueError:
        raise Http404 from None
    if event not in VERBS:
        raise Http404
    return event


def _shown(
    request: HttpRequest, page: ReferralPage, *, mistaken: dict[Event, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    party = page.party or Party.SENDER
    offered = [event for event in page.may if event in VERBS and not (event is Event.FIX and party is Party.SENDER)]
    if Event.SEND in offered and Event.PROPOSE in offered:
        offered.remove(Event.PROPOSE)
    deeds = [
        {
            "event": event.value,
            "label": ALREADY_MET if event is Event.ATTEND and page.current is None else BUTTONS[event],
            "form": (mistaken or {}).get(event) or form_of(event, party),
            "asks": event in FORMS and not (event is Event.ATTEND and page.current is not None),
            "open": event in (mistaken or {}),
            "first": event in FIRST and not (event is Event.ATTEND and page.current is None),
        }
        for event in offered
    ]
    owned = page.referral.owner_id == request.actor.organisation_id
    books = party is Party.SENDER and Event.FIX in page.may
    context = {
        "page": page,
        "referral": page.referral,
        "kind": state_kind(page.referral.state),
        "deeds": sorted(deeds, key=lambda deed: not deed["first"]),
        "may_redirect": Event.REDIRECT in page.may,
        "capacity": capacity_of(page.referral.service, clock.now()) if books else None,
        "colleagues": lists.colleagues(request.actor, clock.today()) if owned else None,
        "today": clock.today(),
    }
    return render(request, "referrals/referral.html", context, status=status)
