"""The partner's answer without an account: the least to read, one form per answer, from a telephone in half a minute.

The link proves the mailbox, the mailbox proves the organisation. A GET shows; only a POST answers.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from passerelles.core.errors import UserError
from passerelles.journal.services import note_access
from passerelles.messages.models import Link, LinkPurpose
from passerelles.network.policy import Actor
from passerelles.portal.doors import opened_by
from passerelles.portal.forms import ANSWER_FORMS
from passerelles.portal.services import outsider, partner_answers
from passerelles.portal.wording import texts_in
from passerelles.referrals.queries.outside import partner_page
from passerelles.referrals.rules.words import DeclineReason, MissReason, Mode


@opened_by(LinkPurpose.PARTNER_ANSWER)
@require_safe
def page(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    return _shown(request, link, token)


@opened_by(LinkPurpose.PARTNER_ANSWER)
@require_POST
def answer(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """One answer of the organisation; the same twice changes nothing."""
    given = request.POST.get("answer", "")
    form = ANSWER_FORMS[given](request.POST) if given in ANSWER_FORMS else None
    if form is not None and not form.is_valid():
        return _shown(request, link, token, given=given, form=form, status=422)
    try:
        partner_answers(link, given, form.given() if form is not None else None)  # type: ignore[attr-defined]
    except UserError as error:
        return _shown(request, link, token, given=given, form=form, problem=str(error), status=409)
    return redirect(reverse("portal:partner", args=[token]) + "?ok=1")


def _shown(
    request: HttpRequest,
    link: Link,
    token: str,
    *,
    given: str = "",
    form: forms.Form | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    found = partner_page(outsider(link))
    reader = Actor(agent=None, organisation=link.organisation, role=None)
    note_access(reader, [link.person_id], action="read", purpose=f"page de réponse sans compte (lien {link.pk})")
    context = {
        "page": found,
        "may": {event.value for event in found.may},
        "link": link,
        "token": token,
        "texts": texts_in("fra"),
        "given": given,
        "form": form,
        "problem": problem,
        "saved": "ok" in request.GET,
        "table_sent": "tableau" in request.GET,
        "declines": DeclineReason.choices(),
        "misses": MissReason.choices(),
        "modes": Mode.choices(),
    }
    return render(request, "portal/partner.html", context, status=status)
