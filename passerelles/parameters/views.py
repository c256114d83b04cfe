"""The history of a parameter, and the decisions of the agents of the State on it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from passerelles.core import clock
from passerelles.core.errors import Impossible, Unknown, UserError
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.parameters import queries, rules, services
from passerelles.parameters.forms import DecisionForm, WithdrawalForm
from passerelles.parameters.models import Override
from passerelles.parameters.policy import require_decision
from passerelles.reference import parameters
from passerelles.reference.parameters import UnknownParameter
from passerelles.reference.register import Parameter
from passerelles.reference.territory import Territory

form_page = require_http_methods(["GET", "HEAD", "POST"])
FIELD_OF: dict[type[UserError], str] = {
    rules.InvalidValue: "value",
    rules.InvalidUnit: "value",
    rules.MissingReference: "reference",
}


@require_safe
@asks(Resource.PARAMETER, Action.VIEW)
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    """What the documents say, what the State decided: who, when, on which ground (L.4, K-013)."""
    file = queries.parameter_file(request.actor, _known(key).key, clock.today())
    return render(request, "parameters/parameter.html", {"file": file, "parameter": file.parameter})


@form_page
@asks(Resource.PARAMETER, Action.EDIT)
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Decide a value for a territory (K-012)."""
    found = _known(key)
    territory = request.GET.get("territoire") or str(found.entries[0].territory)
    form = DecisionForm(request.actor, found, request.POST or None, initial={"territory": territory})
    if request.method == "POST" and form.is_valid():
        try:
            decided = services.decide(request.actor, **form.decision())
        except UserError as error:
            form.add_error(FIELD_OF.get(type(error)), str(error))
        else:
            line = queries.decision_line(request.actor, decided, clock.today())
            messages.success(request, f"Décision enregistrée : {line.value}, {line.territory}, {line.period}.")
            return redirect("parameters:parameter", found.key)
    return render(request, "parameters/decide.html", {"form": form, "parameter": found})


@form_page
@asks(Resource.PARAMETER, Action.EDIT)
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw a decision, with a reason; it stays in the history."""
    rows = Override.objects.select_related("decided_by", "withdrawn_by", "organisation")
    found: Override = policy.get_or_404(request.actor, rows, Resource.PARAMETER, pk, Action.EDIT)
    require_decision(request.actor, Territory.parse(found.territory))
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(request.actor, pk, **form.cleaned_data)
        except rules.MissingReference as error:
            form.add_error("reason", str(error))
        except Impossible as error:
            form.add_error("withdrawn_from", str(error))
        else:
            messages.success(request, "La décision est retirée ; elle reste dans l’historique.")
            return redirect("parameters:parameter", found.parameter)
    line = queries.decision_line(request.actor, found, clock.today())
    context = {"form": form, "line": line, "parameter": _known(found.parameter)}
    return render(request, "parameters/withdraw.html", context)


def _known(key: str) -> Parameter:
    """An address that names no parameter does not exist."""
    try:
        return parameters.parameter(key)
    except UnknownParameter as error:
        raise Unknown(error.sentence, remedy=error.remedy) from error
