"""Send a person: choose, look at what will leave and at the warnings, then send. The same form redirects."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.people.models import Person
from passerelles.referrals.forms import ReferForm
from passerelles.referrals.queries import receivers
from passerelles.referrals.queries.declared import declared_by, standing_decision
from passerelles.referrals.queries.transmission import preview
from passerelles.referrals.rules import transmission
from passerelles.referrals.services import places, sending
from passerelles.referrals.speakers import read_visible


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.REFERRAL, Action.EDIT)
def new(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Send this person to a service."""
    return _form(request, policy.get_or_404(request.actor, Person.objects, Resource.PERSON, person), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.REFERRAL, Action.EDIT)
def redirect_to(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the person elsewhere than where they were sent."""
    former = read_visible(request.actor, pk)
    return _form(request, former.person, former)


def _form(request: HttpRequest, person: Person, former: Any) -> HttpResponse:
    initial = {"basis": "public_mission", "purpose": request.GET.get("besoin", "")}
    if former is not None:
        initial = {"purpose": former.purpose, "basis": former.basis, "consent_on": former.consent_on}
    posted = request.POST if request.method == "POST" else None
    form = ReferForm(request.actor, person.direction, posted, initial=initial)
    context: dict[str, Any] = {"form": form, "person": person, "former": former}
    if posted is not None and form.is_valid():
        try:
            done = _decide(request, person, former, form, context)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            if done is not None:
                return redirect("referrals:referral", done)
    note_access(request.actor, [person.pk], action="read", purpose="préparation d’une orientation")
    return render(request, "referrals/new.html", context, status=400 if form.errors else 200)


def _decide(
    request: HttpRequest, person: Person, former: Any, form: ReferForm, context: dict[str, Any]
) -> uuid.UUID | None:
    """Show what would leave, or do it: the referral made, None when it is only shown."""
    values = dict(form.cleaned_data)
    found = receivers.chosen(values.pop("receiver"))
    if found is None:
        raise Impossible("Cet organisme n’est plus proposé.", remedy="Choisissez-en un autre.")
    organisation, service = found
    transmission.require_basis(organisation.kind, values["purpose"], values["basis"])
    action = request.POST.get("action")
    if former is None:
        values["declared"] = declared_by(request.actor, person, clock.today())
    if action not in {"send", "draft"}:
        context["lines"] = preview(
            request.actor,
            person.pk,
            organisation,
            values["purpose"],
            message=values["message"],
            health_agreed=values["health_agreed"],
            declared=values.get("declared"),
        )
        context["organisation"] = organisation
        context["warnings"] = receivers.warnings_before(organisation, service, clock.now())
        return None
    service = service or places.default_service(organisation)
    if former is not None:
        done = sending.redirect(request.actor, former.pk, service_id=service.pk, **values)
    else:
        verb = sending.draft if action == "draft" else sending.refer
        decision = standing_decision(request.actor, person)
        done = verb(request.actor, person_id=person.pk, service_id=service.pk, decision_id=decision, **values)
    words = {"draft": "Le brouillon est enregistré.", "proposed": "La proposition est transmise à l’OFII."}
    messages.success(request, words.get(done.state, f"L’orientation est envoyée à {organisation}."))
    return done.pk
