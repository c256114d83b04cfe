"""First appointments: what is coming, what had no answer, and what became of the others (C-020)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown, UserError
from passerelles.core.text import in_sentence
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role
from passerelles.network.http import asks, page_of, tell
from passerelles.reception.enums import AppointmentStatus
from passerelles.reception.forms.appointments import AgainForm, CancelForm, RescheduleForm, ResultForm
from passerelles.reception.models import FirstAppointment
from passerelles.reception.queries import appointments as queries
from passerelles.reception.services import appointment_words
from passerelles.reception.services import appointments as services
from passerelles.reception.views.spreadsheets import spreadsheet


@require_safe
@asks(Resource.APPOINTMENT)
def appointments(request: HttpRequest) -> HttpResponse:
    """The first appointments one may see, by state and agency."""
    now = clock.now()
    state, agency = _filters(request)
    page = page_of(request, queries.appointments(request.actor, state, agency, now))
    note_access(
        request.actor, [line.person_id for line in page.object_list], action="read", purpose="premiers rendez-vous"
    )
    totals = queries.totals(request.actor, agency, now)
    context = {
        "page": page,
        "state": state,
        "tabs": [(code, label, totals[code]) for code, label in queries.STATES.items()],
        "agencies": queries.agencies_seen(request.actor),
        "agency": str(agency or ""),
        "now": now,
        "is_agency": request.actor.role == Role.SPE_ADVISER,
        "can_edit": request.actor.may(Resource.APPOINTMENT, Action.EDIT),
        "can_export": request.actor.may(Resource.SESSION, Action.EXPORT),
    }
    return render(request, "reception/appointments.html", context)


@require_safe
@asks(Resource.APPOINTMENT)
@asks(Resource.SESSION, Action.EXPORT)
def appointments_export(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet (`?format=csv` or `xlsx`)."""
    state, agency = _filters(request)
    found = queries.appointments(request.actor, state, agency, clock.now())
    note_access(
        request.actor,
        found.order_by().values_list("person_id", flat=True).distinct(),
        action="export",
        purpose="export des premiers rendez-vous",
    )
    rows = queries.export_rows(found)
    name = f"premiers-rendez-vous-{clock.today():%Y-%m-%d}"
    return spreadsheet(name, queries.EXPORT_HEADER, rows, kind=request.GET.get("format", "csv"))


@require_POST
@asks(Resource.APPOINTMENT, Action.EDIT)
def appointment_result(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Attended, missed or excused; accompanied or not."""
    form = ResultForm(request.POST)
    try:
        if not form.is_valid():
            raise Impossible("Choisissez : honoré, manqué ou excusé.")
        accompanied = form.cleaned_data["accompanied"]
        done = services.record_result(request.actor, pk, result=form.cleaned_data["result"], accompanied=accompanied)
    except (Refused, Unknown):
        raise
    except UserError as error:
        _seen(request, pk)
        tell(request, error)
    else:
        messages.success(request, f"Rendez-vous de {done.person} : {in_sentence(done.get_status_display())}.")
    return redirect(_back(request))


@require_POST
@asks(Resource.APPOINTMENT, Action.EDIT)
def appointment_settle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The agency and the person do not say the same: what is held true."""
    try:
        done = appointment_words.settle(request.actor, pk, took_place=request.POST.get("took_place") == "oui")
    except (Refused, Unknown):
        raise
    except UserError as error:
        _seen(request, pk)
        tell(request, error)
    else:
        messages.success(request, f"Contradiction tranchée : rendez-vous {in_sentence(done.get_status_display())}.")
    return redirect(f"{reverse('reception:appointments')}?etat=contradictions")


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.APPOINTMENT, Action.EDIT)
def appointment_reschedule(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give another date."""
    appointment = _seen(request, pk)
    form = RescheduleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reschedule(request.actor, pk, fixed_for=form.fixed_for)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Rendez-vous de {appointment.person} reporté.")
            return redirect("reception:appointments")
    note_access(request.actor, [appointment.person_id], action="read", purpose="report d’un rendez-vous")
    context = {"appointment": appointment, "form": form}
    return render(request, "reception/reschedule.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.APPOINTMENT, Action.EDIT)
def appointment_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The appointment will not take place: the reason is compulsory."""
    appointment = _seen(request, pk)
    passed = appointment.fixed_for <= clock.now()
    form = CancelForm(passed=passed, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_appointment(request.actor, pk, **form.cleaned_data)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Rendez-vous de {appointment.person} annulé.")
            return redirect("reception:appointments")
    note_access(request.actor, [appointment.person_id], action="read", purpose="annulation d’un rendez-vous")
    context = {
        "appointment": appointment,
        "form": form,
        "passed": passed,
        "fixed": appointment.status == AppointmentStatus.FIXED,
    }
    return render(request, "reception/appointment_cancel.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.APPOINTMENT, Action.EDIT)
def appointment_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Fix a new appointment in the place of one that was cancelled."""
    appointment = _seen(request, pk)
    form = AgainForm(request.actor, appointment, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.fix_again(request.actor, pk, organisation=form.cleaned_data["agency"], fixed_for=form.fixed_for)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Nouveau rendez-vous de {appointment.person} fixé.")
            return redirect("reception:appointments")
    note_access(request.actor, [appointment.person_id], action="read", purpose="nouveau rendez-vous")
    context = {"appointment": appointment, "form": form}
    return render(request, "reception/appointment_again.html", context, status=400 if form.errors else 200)


def _seen(request: HttpRequest, pk: uuid.UUID) -> FirstAppointment:
    return policy.get_or_404(
        request.actor,
        FirstAppointment.objects.select_related("person", "organisation"),
        Resource.APPOINTMENT,
        pk,
        Action.EDIT,
    )


def _filters(request: HttpRequest) -> tuple[str, uuid.UUID | None]:
    """The tab and the agency asked; what is not understood is left out."""
    state = request.GET.get("etat", "")
    try:
        agency = uuid.UUID(request.GET["agence"]) if request.GET.get("agence") else None
    except ValueError:
        agency = None
    return (state if state in queries.STATES else "a_venir"), agency


def _back(request: HttpRequest) -> str:
    """The list with the filters it had."""
    asked = request.POST.get("retour", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return asked
    return "reception:appointments"
