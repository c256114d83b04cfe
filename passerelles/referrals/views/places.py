"""The places of our services: published, free, and since when."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.referrals.forms import SlotsForm, WeekForm
from passerelles.referrals.models import Service
from passerelles.referrals.queries.receivers import capacity_of
from passerelles.referrals.services import places as services


@never_cache
@require_safe
@asks(Resource.REFERRAL, Action.EDIT)
def places(request: HttpRequest) -> HttpResponse:
    """Our services and their free places."""
    return _shown(request)


@require_POST
@asks(Resource.REFERRAL, Action.EDIT)
def begin(request: HttpRequest) -> HttpResponse:
    """Open the first queue of our organisation."""
    services.default_service(request.actor.organisation)
    return redirect("referrals:places")


@require_POST
@asks(Resource.REFERRAL, Action.EDIT)
def publish_week(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Places of a week, without hours."""
    form = WeekForm(request.POST, prefix=f"w{pk}")
    if form.is_valid():
        try:
            free = services.publish_week(request.actor, pk, **form.cleaned_data)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"C’est publié : {free} place(s) libre(s) cette semaine-là.")
            return redirect("referrals:places")
    return _shown(request, {(pk, "week"): form}, status=400)


@require_POST
@asks(Resource.REFERRAL, Action.EDIT)
def publish_slots(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Dated slots of a day."""
    form = SlotsForm(request.POST, prefix=f"s{pk}")
    if form.is_valid():
        try:
            values = form.cleaned_data
            added = services.publish_slots(
                request.actor, pk, starts=form.starts, places=values["places"], minutes=values["minutes"]
            )
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{added} place(s) publiée(s).")
            return redirect("referrals:places")
    return _shown(request, {(pk, "slots"): form}, status=400)


def _shown(
    request: HttpRequest, mistaken: dict[tuple[uuid.UUID, str], forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    own = Service.objects.filter(organisation_id=request.actor.organisation_id, closed_on=None)
    now = clock.now()
    cards = [
        {
            "service": service,
            "capacity": capacity_of(service, now),
            "week": (mistaken or {}).get((service.pk, "week")) or WeekForm(prefix=f"w{service.pk}"),
            "slots": (mistaken or {}).get((service.pk, "slots")) or SlotsForm(prefix=f"s{service.pk}"),
        }
        for service in own.select_related("organisation").order_by("name", "id")
    ]
    return render(request, "referrals/places.html", {"cards": cards}, status=status)
