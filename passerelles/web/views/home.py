"""“Ma journée”: what this role has to do today, and the one thing to do now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from passerelles.journal.services import note_access
from passerelles.network.enums import Role
from passerelles.network.policy import Actor
from passerelles.web.queries import day

DAYS: dict[Role, tuple[Callable[[Actor], day.Day], str]] = {
    Role.CIP: (day.cip_day, "web/home/cip.html"),
    Role.OFII_AUDITOR: (day.auditor_day, "web/home/auditor.html"),
    Role.DT_MANAGER: (day.manager_day, "web/home/manager.html"),
    Role.SPE_ADVISER: (day.adviser_day, "web/home/adviser.html"),
    Role.REGION_STATE: (day.state_day, "web/home/state.html"),
    Role.NATIONAL_STATE: (day.state_day, "web/home/state.html"),
    Role.ORGANISATION_ADMIN: (day.administrator_day, "web/home/administrator.html"),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page of the role; an agent without a role in force is told whom to ask."""
    if request.actor.role is None:
        return render(request, "web/home/without_role.html")
    builder, template = DAYS.get(request.actor.role, (day.plain_day, "web/home/plain.html"))
    built = builder(request.actor)
    note_access(request.actor, built.people, action="read", purpose="ma journée")
    return render(request, template, {"day": built})
