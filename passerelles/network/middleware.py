"""Puts the actor on the request, and asks for the second factor before anything else."""

from __future__ import annotations

import pghistory
from django.shortcuts import redirect
from django.urls import resolve, reverse

from passerelles.core import clock
from passerelles.network.actors import actor_of, memberships
from passerelles.network.policy import Actor

SESSION_MEMBERSHIP = "membership"
NOBODY = Actor(agent=None, organisation=None, role=None)
WITHOUT_SECOND_FACTOR = {"network:token", "network:enrol", "network:logout", "network:login"}


class ActorMiddleware:
    """`request.actor`: the agent in the organisation they chose. The journal's trace knows them too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = NOBODY
        request.memberships = []
        if not request.user.is_authenticated:
            return self.get_response(request)
        if not request.user.is_verified():
            if (
                not request.path.startswith("/static/")
                and resolve(request.path_info).view_name not in WITHOUT_SECOND_FACTOR
            ):
                return redirect(reverse("network:token"))
            return self.get_response(request)
        today = clock.today()
        request.memberships = memberships(request.user, today)
        chosen = request.session.get(SESSION_MEMBERSHIP)
        membership = next((m for m in request.memberships if str(m.pk) == chosen), None)
        membership = membership or next(iter(request.memberships), None)
        request.membership = membership
        if membership is not None:
            membership.agent = request.user
            request.actor = actor_of(membership, today)
        with pghistory.context(agent=str(request.user.pk), path=request.path):
            return self.get_response(request)
