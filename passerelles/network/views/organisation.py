"""The administrator's screens: agents, their roles, référents, functional mailbox of one's organisation."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.core.periods import date_fr
from passerelles.network import policy, services
from passerelles.network.enums import Action, Resource
from passerelles.network.forms import EndForm, InvitationForm, OrganisationForm, ReferentForm, RoleForm
from passerelles.network.http import asks, tell
from passerelles.network.models import Membership, Referent
from passerelles.network.queries import organisation_file

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@asks(Resource.MEMBERSHIP, Action.VIEW)
def organisation(request: HttpRequest) -> HttpResponse:
    """Agents, référents and contact of one's organisation (A-055, D-053)."""
    today = clock.today()
    context = {"file": organisation_file(request.actor, today), "today": today}
    return render(request, "network/organisation.html", context)


@never_cache
@form_page
@asks(Resource.MEMBERSHIP, Action.EDIT)
def invite(request: HttpRequest) -> HttpResponse:
    """A new agent. The link to choose a password is shown once, on the answer itself."""
    form = InvitationForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership, created = services.invite_agent(request.actor, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            if created:
                return _show_link(request, membership.pk)
            messages.success(request, f"{membership.agent} avait déjà un compte : son rôle est ouvert.")
            return redirect("network:organisation")
    return render(request, "network/invite.html", {"form": form})


@never_cache
@require_POST
@asks(Resource.MEMBERSHIP, Action.EDIT)
def new_link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The agent lost their password: a new link, shown once."""
    return _show_link(request, pk)


def _show_link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    try:
        uid, key = services.access_link(request.actor, pk)
    except UserError as error:
        tell(request, error)
        return redirect("network:organisation")
    membership = Membership.objects.select_related("agent").get(pk=pk)
    link = request.build_absolute_uri(reverse("network:welcome", args=[uid, key]))
    return render(request, "network/link.html", {"membership": membership, "link": link})


@require_POST
@asks(Resource.MEMBERSHIP, Action.EDIT)
def forget_factor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The agent lost their telephone."""
    try:
        agent = services.forget_second_factor(request.actor, pk)
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, f"{agent} enregistrera un nouveau second facteur à sa prochaine connexion.")
    return redirect("network:organisation")


@form_page
@asks(Resource.MEMBERSHIP, Action.EDIT)
def membership(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One agent of the organisation: add a role, renew the link, forget the second factor, end the access."""
    found = policy.get_or_404(
        request.actor, Membership.objects.select_related("agent", "organisation"), Resource.MEMBERSHIP, pk, Action.EDIT
    )
    form = RoleForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_membership(request.actor, pk, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{found.agent} : rôle ajouté, {added.get_role_display()}.")
            return redirect("network:organisation")
    context = {"found": found, "form": form, "end": EndForm(initial={"ends_on": clock.today()})}
    return render(request, "network/membership.html", context)


@require_POST
@asks(Resource.MEMBERSHIP, Action.EDIT)
def end_membership(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close an access: `now` at once, otherwise at the end of the day given."""
    form = EndForm(request.POST)
    now = "now" in request.POST
    if not now and not form.is_valid():
        messages.error(request, "Indiquez le dernier jour de l’accès.")
        return redirect("network:membership", pk)
    ends_on = clock.today() - dt.timedelta(days=1) if now else form.cleaned_data["ends_on"]
    try:
        ended = services.end_membership(request.actor, pk, ends_on=ends_on)
    except UserError as error:
        tell(request, error)
        return redirect("network:membership", pk)
    when = "immédiatement" if now else f"le {date_fr(ends_on)} au soir"
    messages.success(request, f"L’accès de {ended.agent} ({ended.get_role_display()}) se ferme {when}.")
    return redirect("network:organisation")


@form_page
@asks(Resource.MEMBERSHIP, Action.EDIT)
def contact(request: HttpRequest) -> HttpResponse:
    """Functional mailbox, telephone, address."""
    form = OrganisationForm(request.POST or None, instance=request.actor.organisation)
    if request.method == "POST" and form.is_valid():
        services.update_organisation(request.actor, **form.cleaned_data)
        messages.success(request, "Les coordonnées de l’organisme sont enregistrées.")
        return redirect("network:organisation")
    return render(request, "network/contact.html", {"form": form})


@form_page
@asks(Resource.MEMBERSHIP, Action.EDIT)
def referent(request: HttpRequest) -> HttpResponse:
    """Name a référent for newcomers (A-055)."""
    form = ReferentForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_referent(request.actor, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "La référente ou le référent est enregistré.")
            return redirect("network:organisation")
    return render(request, "network/referent.html", {"form": form})


@form_page
@asks(Resource.MEMBERSHIP, Action.EDIT)
def end_referent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The référent stops; without a successor the vacancy is shown (D-053)."""
    found = policy.get_or_404(
        request.actor, Referent.objects.select_related("agent"), Resource.MEMBERSHIP, pk, Action.EDIT
    )
    form = EndForm(request.POST or None, initial={"ends_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_referent(request.actor, pk, ends_on=form.cleaned_data["ends_on"])
        except UserError as error:
            form.add_error("ends_on", str(error))
        else:
            messages.success(request, "La fin de fonction est enregistrée. Pensez à nommer la suite.")
            return redirect("network:organisation")
    return render(request, "network/end_referent.html", {"form": form, "found": found})
