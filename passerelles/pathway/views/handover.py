"""The administrator hands over the cases of an agent who leaves: numbers only, no person is shown."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.network.models import Membership
from passerelles.pathway.forms import HandOverForm
from passerelles.pathway.queries import handover as queries
from passerelles.pathway.services.handover import hand_over as hand_over_all


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.MEMBERSHIP, Action.EDIT)
def hand_over(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To a colleague, or back to the queue."""
    leaving = policy.get_or_404(
        request.actor, Membership.objects.select_related("agent", "organisation"), Resource.MEMBERSHIP, pk, Action.EDIT
    )
    form = HandOverForm(queries.colleagues_of(leaving, clock.today()), request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            handed = hand_over_all(request.actor, pk, to_id=to.pk if to else None)
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            whose = f"confiés à {to.agent}" if to else "rendus à la file de l’organisme"
            messages.success(request, f"{handed.referrals} orientation(s) et {handed.alerts} alerte(s) {whose}.")
            return redirect("network:membership", pk)
    context = {
        "leaving": leaving,
        "form": form,
        "referrals": queries.referrals_of(leaving).count(),
        "alerts": queries.alerts_of(leaving).count(),
    }
    return render(request, "pathway/hand_over.html", context, status=400 if form.errors else 200)
