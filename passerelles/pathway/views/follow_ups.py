"""The list “À suivre”: take, treat, postpone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, page_of, tell
from passerelles.pathway.enums import FollowUpKind
from passerelles.pathway.forms import PostponeForm, TreatForm
from passerelles.pathway.models import FollowUp
from passerelles.pathway.queries import follow_ups as queries
from passerelles.pathway.services import follow_ups as services
from passerelles.pathway.views.form_page import form_page, posted


@never_cache
@require_safe
@asks(Resource.FOLLOW_UP)
def follow_ups(request: HttpRequest) -> HttpResponse:
    """What one's organisation has to do, the most urgent first."""
    today = clock.today()
    whose = request.GET.get("pour", "")
    whose = whose if whose in queries.WHOSE else "toutes"
    kind = request.GET.get("alerte", "")
    kind = kind if kind in FollowUpKind.values else ""
    page = page_of(request, queries.follow_ups(request.actor, whose, kind, today), related=queries.SHOWN)
    alerts = list(page.object_list)
    note_access(request.actor, [alert.person_id for alert in alerts], action="read", purpose="alertes de suivi")
    totals = queries.totals(request.actor, today)
    context = {
        "page": page,
        "lines": queries.lines(alerts, today),
        "whose": whose,
        "kind": kind,
        "kinds": FollowUpKind.choices,
        "tabs": [(name, label, totals[name]) for name, label in queries.WHOSE.items()],
    }
    return render(request, "pathway/follow_ups.html", context)


@require_POST
@asks(Resource.FOLLOW_UP, Action.EDIT)
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """I look after it."""
    try:
        services.take(request.actor, pk)
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, "L’alerte est à vous.")
    return redirect("pathway:follow-ups")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.FOLLOW_UP, Action.EDIT)
def treat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was done about it."""
    alert = _alert(request, pk)
    return form_page(
        request,
        person=alert.person,
        form=TreatForm(posted(request)),
        title="Traiter l’alerte",
        button="Enregistrer",
        do=lambda data: services.treat(request.actor, pk, **data),
        done="L’alerte est traitée.",
        note=f"{alert.get_kind_display()}, échéance le {alert.due_on:%d/%m/%Y}.",
        back="pathway:follow-ups",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.FOLLOW_UP, Action.EDIT)
def postpone(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Come back to it later."""
    alert = _alert(request, pk)
    return form_page(
        request,
        person=alert.person,
        form=PostponeForm(posted(request)),
        title="Reporter l’alerte",
        button="Reporter",
        do=lambda data: services.postpone(request.actor, pk, **data),
        done="L’alerte est reportée.",
        note=f"{alert.get_kind_display()}. L’échéance du {alert.due_on:%d/%m/%Y} ne bouge pas.",
        back="pathway:follow-ups",
    )


def _alert(request: HttpRequest, pk: uuid.UUID) -> FollowUp:
    rows = FollowUp.objects.select_related("person")
    return policy.get_or_404(request.actor, rows, Resource.FOLLOW_UP, pk, Action.EDIT)
