"""What opens a page without account: the link in the address. Wrong links are counted, never told apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from passerelles.messages.models import LinkPurpose
from passerelles.messages.services import links
from passerelles.messages.services.links import DeadLink
from passerelles.portal import limits, wording

View = Callable[..., HttpResponse]


def opened_by(purpose: LinkPurpose) -> Callable[[View], View]:
    """The view gets the live link of its address; otherwise the same page for every dead link, or « wait »."""

    def decorate(view: View) -> View:
        @login_not_required
        @never_cache
        @wraps(view)
        def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
            try:
                limits.refuse_guesser(request)
                link = links.find(token, purpose)
                if request.method == "POST":
                    limits.note_answer(link.pk)
                return view(request, link, token, **kwargs)
            except DeadLink:
                limits.note_wrong(request)
                return _told(request, "dead", "dead_help", 404)
            except limits.TooMany:
                return _told(request, "too_many", "", 429)

        return opened

    return decorate


def _told(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    texts = wording.texts_in(wording.asked(request) or wording.of_browser(request))
    context = {"texts": texts, "title_name": title, "text_name": text}
    return render(request, "portal/told.html", context, status=status)
